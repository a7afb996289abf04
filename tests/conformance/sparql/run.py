"""Runs a case through the HTTP endpoint of a private site that may be written to."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pyoxigraph as ox
import rdflib

from conformance.sparql import compare
from conformance.sparql.manifest import BASE, Case, Request

_SYNTAX = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
    ".nq": ox.RdfFormat.N_QUADS,
}
_TABULAR = ("sparql-results+json", "sparql-results+xml", "text/csv", "text/tab-separated-values")
_BOOLEAN = ("sparql-results+json", "sparql-results+xml")
_TRIPLES = ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")


class Runner:
    """A client of one endpoint, and what is loaded there."""

    def __init__(self, root: str, token: str) -> None:
        self.root = root
        self._client = httpx.Client(base_url=root, timeout=60, headers={"Authorization": f"Bearer {token}"})
        self._loaded: object = None

    def close(self) -> None:
        self._client.close()

    def fails(self, case: Case) -> str | None:
        """What is wrong, or None when the case passes."""
        try:
            return _KINDS[case.kind](self, case)
        except (SyntaxError, ValueError, KeyError, httpx.HTTPError) as fault:
            return f"{type(fault).__name__}: {fault}"

    def load(self, case: Case) -> None:
        wanted = (case.data, case.graphs, case.query if case.group == "dataset" else None)
        if wanted == self._loaded and case.kind == "QueryEvaluationTest":
            return
        self._loaded = None
        parts = [_insert(path, None, case) for path in case.data]
        graphs = [*case.graphs, *_from(case)]
        parts += [_insert(path, name, case) for name, path in dict(graphs).items()]
        done = self.update(" ;\n".join(["DROP ALL", *(part for part in parts if part)]))
        if done.status_code != 204:
            raise ValueError(f"cannot load: {done.text}")
        if case.kind == "QueryEvaluationTest":
            self._loaded = wanted

    def update(self, text: str) -> httpx.Response:
        return self._client.post(
            "/sparql", content=text.encode(), headers={"Content-Type": "application/sparql-update"}
        )

    def ask(self, text: str, accept: str) -> httpx.Response:
        headers = {"Content-Type": "application/sparql-query", "Accept": accept}
        return self._client.post("/sparql", content=text.encode(), headers=headers)

    def evaluation(self, case: Case) -> str | None:
        assert case.query is not None
        assert case.result is not None
        self.load(case)
        text = f"BASE <{_base(case)}>\n{_read(case.query)}"
        if case.result.suffix == ".csv":
            answer = self.ask(text, "text/csv")
            same = answer.status_code == 200 and compare.csv_rows(answer.content) == compare.csv_rows(
                case.result.read_bytes()
            )
            return None if same else f"{answer.status_code}: other rows"
        expected = compare.expected_rows(case.result, _base(case))
        if expected is None:
            answer = self.ask(text, "application/n-triples")
            if answer.status_code != 200:
                return answer.text
            wanted = compare.expected_triples(case.result, _base(case))
            found = compare.triples_of(answer.content, ox.RdfFormat.N_TRIPLES)
            return None if compare.same_triples(found, wanted) else "other triples"
        wanted_format = {".srj": "json", ".tsv": "tsv"}.get(case.result.suffix, "xml")
        media = {
            "json": "application/sparql-results+json",
            "tsv": "text/tab-separated-values",
            "xml": "application/sparql-results+xml",
        }[wanted_format]
        answer = self.ask(text, media)
        if answer.status_code != 200:
            return answer.text
        form = {"json": ox.QueryResultsFormat.JSON, "tsv": ox.QueryResultsFormat.TSV, "xml": ox.QueryResultsFormat.XML}
        rows = compare.rows_of(answer.content, form[wanted_format])
        if compare.same_rows(rows, expected, lax=case.lax):
            return None
        return f"other rows: {str(rows)[:200]} instead of {str(expected)[:200]}"

    def syntax(self, case: Case) -> str | None:
        assert case.query is not None
        good = "Positive" in case.kind
        updates = "Update" in case.kind
        text = f"BASE <{_base(case)}>\n{_read(case.query)}" if good else _read(case.query)
        if updates:
            self._loaded = None
            self.update("DROP ALL")
        answer = self.update(text) if updates else self.ask(text, "*/*")
        if good:
            # The grammar is what is tested; that a graph or function is not there is told after the text was read.
            read = answer.status_code < 300 or "it cannot be worked out" in answer.text
            return None if read else answer.text
        return None if answer.status_code == 400 else f"{answer.status_code} instead of 400"

    def updating(self, case: Case) -> str | None:
        assert case.query is not None
        self.load(case)
        done = self.update(f"BASE <{_base(case)}>\n{_read(case.query)}")
        if done.status_code != 204:
            return done.text
        wanted = _expected(case)
        for name, graph in wanted.items():
            if not name:
                continue
            found = self.ask(
                f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}", "application/n-triples"
            )
            if not compare.same_triples(compare.triples_of(found.content, ox.RdfFormat.N_TRIPLES), graph):
                return f"other triples in <{name}>"
        left = self.ask("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }", "application/sparql-results+json")
        names = {row["g"]["value"] for row in left.json()["results"]["bindings"]}
        if not names <= set(wanted):
            return f"there are graphs {sorted(names - set(wanted))}"
        found = self.ask("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
        whole = compare.triples_of(found.content, ox.RdfFormat.N_TRIPLES)
        return None if compare.same_triples(whole, wanted[""]) else "other triples in the default graph"

    def protocol(self, case: Case) -> str | None:
        self.load(case)
        self._loaded = None
        for request in case.requests:
            path = request.path.replace("/sparql/", "/sparql", 1)
            content = request.body
            answer = self._client.request(request.method, path, content=content, headers=request.headers)
            wrong = _wrong(request, answer)
            if wrong:
                return wrong
        return None

    def description(self, case: Case) -> str | None:
        answer = self._client.get("/sparql", headers={"Accept": "text/turtle"})
        store = ox.Store()
        store.load(answer.content, ox.RdfFormat.TURTLE)
        sd = "http://www.w3.org/ns/sparql-service-description#"
        if case.name == "returns-rdf":
            return None if len(store) else "there is no RDF"
        if case.name == "has-endpoint-triple":
            found = [
                quad.object.value for quad in store.quads_for_pattern(None, ox.NamedNode(f"{sd}endpoint"), None, None)
            ]  # type: ignore[union-attr]
            return None if found == [f"{self.root}/sparql"] else f"the endpoints are {found}"
        service = list(store.quads_for_pattern(None, None, ox.NamedNode(f"{sd}Service"), None))
        parts = ("supportedLanguage", "resultFormat", "defaultDataset")
        missing = [
            part
            for part in parts
            if not any(True for _ in store.quads_for_pattern(None, ox.NamedNode(f"{sd}{part}"), None, None))
        ]
        return None if len(service) == 1 and not missing else f"missing: {missing}"


_KINDS = {
    "QueryEvaluationTest": Runner.evaluation,
    "CSVResultFormatTest": Runner.evaluation,
    "PositiveSyntaxTest": Runner.syntax,
    "NegativeSyntaxTest": Runner.syntax,
    "PositiveSyntaxTest11": Runner.syntax,
    "NegativeSyntaxTest11": Runner.syntax,
    "PositiveUpdateSyntaxTest": Runner.syntax,
    "NegativeUpdateSyntaxTest": Runner.syntax,
    "PositiveUpdateSyntaxTest11": Runner.syntax,
    "NegativeUpdateSyntaxTest11": Runner.syntax,
    "UpdateEvaluationTest": Runner.updating,
    "ProtocolTest": Runner.protocol,
    "ServiceDescriptionTest": Runner.description,
}


def _wrong(request: Request, answer: httpx.Response) -> str | None:
    if str(answer.status_code)[0] not in request.status:
        return f"{request.method} gives {answer.status_code}: {answer.text[:200]}"
    media = answer.headers.get("content-type", "")
    if request.boolean is not None:
        found = compare.rows_of(answer.content, ox.QueryResultsFormat.from_media_type(media.split(";")[0]))  # type: ignore[arg-type]
        if found is not request.boolean:
            return f"the answer is {found}"
    fitting = {"boolean": _BOOLEAN, "tabular": _TABULAR, "RDF": _TRIPLES}.get(request.format or "", ("",))
    return None if any(kind in media for kind in fitting) else f"the format is {media}"


def _base(case: Case) -> str:
    return f"{BASE}{case.suite}/{case.group}/"


def _from(case: Case) -> list[tuple[str, Path]]:
    """The graphs that the query itself names: in these suites they are files beside it."""
    if case.kind != "QueryEvaluationTest" or case.query is None or case.group != "dataset":
        return []
    names = re.findall(r"FROM\s+(?:NAMED\s+)?<([^>]+)>", _read(case.query))
    return [(f"{_base(case)}{name}", case.query.parent / name) for name in names]


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _expected(case: Case) -> dict[str, rdflib.Graph]:
    """What each graph holds in the end; the default graph is that without a name."""
    lines: dict[str, list[str]] = {"": []}
    for name, path in [*(("", path) for path in case.after), *case.graphs_after]:
        lines.setdefault(name, [])
        for quad in ox.parse(path.read_bytes(), format=_SYNTAX[path.suffix], base_iri=f"{_base(case)}{path.name}"):
            graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else name
            lines.setdefault(graph, []).append(f"{quad.triple} .\n")
    form = ox.RdfFormat.N_TRIPLES
    return {name: compare.triples_of("".join(triples).encode(), form) for name, triples in lines.items()}


def _insert(path: Path, name: str | None, case: Case) -> str:
    """The operation that loads a file; the graphs of TriG go where the file says."""
    parts: dict[str, list[str]] = {name or "": []}
    for quad in ox.parse(
        path.read_bytes(), format=_SYNTAX[path.suffix], base_iri=f"{_base(case)}{path.name}", rename_blank_nodes=True
    ):
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else name or ""
        parts.setdefault(graph, []).append(f"{quad.triple} .")
    blocks = []
    for graph, triples in parts.items():
        inner = "\n".join(triples)
        if graph:
            blocks.append(f"GRAPH <{graph}> {{ {inner} }}" if triples else "")
        else:
            blocks.append(inner)
    if not any(blocks):
        return f"CREATE SILENT GRAPH <{name}>" if name else ""
    return f"INSERT DATA {{ {' '.join(blocks)} }}"
