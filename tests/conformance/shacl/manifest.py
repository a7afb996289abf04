"""The W3C's SHACL suite as cases: data, shapes and the results expected of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from milieu.namespaces import RDF, SH
from milieu.validate.engine import Result
from milieu.validate.path import read_path, sparql
from milieu.validate.shapegraph import ShapeGraph

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"


def suite() -> Path | None:
    """Where the suite is: in `MILIEU_W3C`, or in `shared/w3c` beside the checkout; None when it is not there."""
    named = os.environ.get("MILIEU_W3C")
    top = Path(named) if named else Path(__file__).resolve().parents[4] / "shared" / "w3c"
    return top / "shacl" if (top / "shacl").is_dir() else None


@dataclass(frozen=True)
class Case:
    """One test; no `expected` results mean that validation is to fail, since the shapes may not be used."""

    name: str
    data: Path
    shapes: Path
    expected: tuple[Result, ...] | None

    def __str__(self) -> str:
        return self.name


def cases(top: Path) -> list[Case]:
    """The tests of the suite, in the order of its manifests."""
    return list(_cases(top, top / "manifest.ttl", set()))


def text(path: Path) -> bytes:
    """A file as N-Triples, its relative IRIs resolved and its blank nodes named."""
    return "".join(f"{' '.join(triple)} .\n" for triple in _graph(path)).encode()


def _graph(path: Path) -> ShapeGraph:
    quads = ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
    lines = "".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in quads)
    return ShapeGraph([(path.name, lines.encode())])


def _cases(top: Path, manifest: Path, seen: set[Path]) -> Iterator[Case]:
    if manifest in seen:
        return
    seen.add(manifest)
    graph = _graph(manifest)
    for node in list(graph.subjects(MF + "include")):
        for included in graph.objects(node, MF + "include"):
            yield from _cases(top, _path(included), seen)
    for test in sorted(graph.instances(SHT + "Validate")):
        [action], [result] = graph.objects(test, MF + "action"), graph.objects(test, MF + "result")
        [data], [shapes] = graph.objects(action, SHT + "dataGraph"), graph.objects(action, SHT + "shapesGraph")
        expected = None
        if result != f"<{SHT}Failure>":
            assert graph.objects(result, RDF + "type") == [f"<{SH}ValidationReport>"]
            expected = tuple(_result(graph, node) for node in graph.objects(result, SH + "result"))
        name = manifest.relative_to(top).with_suffix("").as_posix()
        yield Case(name, _path(data), _path(shapes), expected)


def _path(iri: str) -> Path:
    return Path(iri[1:-1].removeprefix("file://"))


def _result(graph: ShapeGraph, node: str) -> Result:
    path = graph.one(node, "resultPath")
    return Result(
        focus=str(graph.one(node, "focusNode")),
        path=sparql(read_path(graph, path)) if path else None,
        value=graph.one(node, "value"),
        source_shape=str(graph.one(node, "sourceShape")),
        component=str(graph.one(node, "sourceConstraintComponent")),
        severity=str(graph.one(node, "resultSeverity")),
        constraint=graph.one(node, "sourceConstraint"),
        messages=tuple(graph.objects(node, SH + "resultMessage")),
    )
