"""The W3C's test manifests as cases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

BASE = "http://www.w3.org/2009/sparql/docs/tests/"


def suites() -> Path | None:
    """Where the suites are: `MILIEU_W3C`, or `shared/w3c` beside the checkout; None when they are not there."""
    named = os.environ.get("MILIEU_W3C")
    top = Path(named) if named else Path(__file__).resolve().parents[4] / "shared" / "w3c"
    return top / "sparql" if (top / "sparql").is_dir() else None


@dataclass(frozen=True)
class Request:
    """One request of a protocol test."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    status: str
    boolean: bool | None
    format: str | None


@dataclass(frozen=True)
class Case:
    """One test: what is loaded, what is asked and what is expected. Files are paths on this machine."""

    suite: str
    group: str
    name: str
    kind: str
    query: Path | None = None
    data: tuple[Path, ...] = ()
    graphs: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None
    after: tuple[Path, ...] = ()
    graphs_after: tuple[tuple[str, Path], ...] = ()
    requests: tuple[Request, ...] = field(default=())
    lax: bool = False

    @property
    def id(self) -> str:
        return f"{self.suite}/{self.group}/{self.name}"


class Manifest:
    """A manifest file as a small graph."""

    def __init__(self, path: Path, suite: str) -> None:
        self.folder = path.parent
        self.base = f"{BASE}{suite}/{path.parent.name}/"
        self.store = ox.Store()
        text = path.read_bytes()
        self.store.load(text, ox.RdfFormat.TURTLE, base_iri=f"{self.base}manifest")

    def one(self, node: object, predicate: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        return next(iter(self.all(node, predicate)), None)

    def all(self, node: object, predicate: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        found = self.store.quads_for_pattern(node, ox.NamedNode(predicate), None, None)  # type: ignore[arg-type]
        return [quad.object for quad in found]  # type: ignore[misc]

    def list(self, node: object) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal]:
        while node is not None and node != ox.NamedNode(f"{RDF}nil"):
            first = self.one(node, f"{RDF}first")
            assert first is not None
            yield first
            node = self.one(node, f"{RDF}rest")

    def file(self, node: object) -> Path | None:
        if not isinstance(node, ox.NamedNode) or not node.value.startswith(self.base):
            return None
        return self.folder / node.value[len(self.base) :]

    def graphs(self, node: object, space: str) -> tuple[tuple[str, Path], ...]:
        found = []
        for graph in self.all(node, f"{space}graphData"):
            if isinstance(graph, ox.NamedNode):
                found.append((graph.value, self.file(graph)))
            else:
                name, where = self.one(graph, f"{RDFS}label"), self.one(graph, f"{space}graph")
                if name is not None:
                    found.append((name.value, self.file(where)))
        return tuple((name, path) for name, path in found if path is not None)


def cases(top: Path, suite: str, groups: list[str]) -> Iterator[Case]:
    """The cases of some groups of a suite, in their order."""
    for group in groups:
        manifest = Manifest(top / suite / group / "manifest.ttl", suite)
        entries = [
            quad.object for quad in manifest.store.quads_for_pattern(None, ox.NamedNode(f"{MF}entries"), None, None)
        ]
        for entry in (each for node in entries for each in manifest.list(node)):
            kind = manifest.one(entry, f"{RDF}type")
            assert kind is not None
            yield _case(manifest, suite, group, entry, kind.value.rpartition("#")[2])


def _case(manifest: Manifest, suite: str, group: str, entry: object, kind: str) -> Case:
    name = str(entry.value).rpartition("#")[2]  # type: ignore[attr-defined]
    action, result = manifest.one(entry, f"{MF}action"), manifest.one(entry, f"{MF}result")
    if kind == "ProtocolTest":
        listed = manifest.one(action, f"{HT}requests")
        requests = tuple(_request(manifest, node) for node in manifest.list(listed))
        return Case(suite, group, name, kind, graphs=manifest.graphs(entry, UT), requests=requests)
    if isinstance(action, ox.NamedNode):
        return Case(suite, group, name, kind, query=manifest.file(action), result=manifest.file(result))
    if kind == "UpdateEvaluationTest":
        return Case(
            suite,
            group,
            name,
            kind,
            query=manifest.file(manifest.one(action, f"{UT}request")),
            data=tuple(path for node in manifest.all(action, f"{UT}data") if (path := manifest.file(node))),
            graphs=manifest.graphs(action, UT),
            after=tuple(path for node in manifest.all(result, f"{UT}data") if (path := manifest.file(node))),
            graphs_after=manifest.graphs(result, UT),
        )
    return Case(
        suite,
        group,
        name,
        kind,
        query=manifest.file(manifest.one(action, f"{QT}query")),
        data=tuple(path for node in manifest.all(action, f"{QT}data") if (path := manifest.file(node))),
        graphs=manifest.graphs(action, QT),
        result=manifest.file(result),
        lax=manifest.one(entry, f"{MF}resultCardinality") is not None,
    )


def _request(manifest: Manifest, node: object) -> Request:
    headers = {}
    for listed in manifest.all(node, f"{HT}headers"):
        for header in manifest.list(listed):
            key, value = manifest.one(header, f"{HT}fieldName"), manifest.one(header, f"{HT}fieldValue")
            assert key is not None
            assert value is not None
            headers[key.value] = value.value
    body = manifest.one(node, f"{HT}body")
    content = None
    if body is not None:
        chars, encoding = manifest.one(body, f"{CNT}chars"), manifest.one(body, f"{CNT}characterEncoding")
        assert chars is not None
        content = chars.value.encode(encoding.value if encoding is not None else "utf-8")
    response = manifest.one(node, f"{HT}resp")
    status = [term.value.rpartition("Code")[2] for term in manifest.all(response, f"{MF}expectedStatus")]
    boolean, form = manifest.one(response, f"{MF}expectedBoolean"), manifest.one(response, f"{MF}expectedFormat")
    path, method = manifest.one(node, f"{HT}absolutePath"), manifest.one(node, f"{HT}methodName")
    assert path is not None
    assert method is not None
    return Request(
        method=method.value,
        path=path.value,
        headers=headers,
        body=content,
        status="".join(sorted(each[0] for each in status)),
        boolean=None if boolean is None else boolean.value == "true",
        format=None if form is None else form.value,
    )
