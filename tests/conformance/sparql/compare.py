"""Whether an answer is the one that was expected: rows as multisets, blank nodes by their places."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import rdflib
import rdflib.compare

RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_ROWS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
}

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
Row = dict[str, Term]


def settled(term: Term) -> Term:
    """A literal as the engine keeps it: it normalises the lexical forms of numbers, dates and truth values."""
    if isinstance(term, ox.Triple):
        return ox.Triple(settled(term.subject), term.predicate, settled(term.object))  # type: ignore[arg-type]
    if not isinstance(term, ox.Literal):
        return term
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:b"), term))
    return next(iter(store)).object  # type: ignore[return-value]


def rows_of(content: bytes, form: ox.QueryResultsFormat) -> bool | list[Row]:
    """An answer in one of the formats of rows."""
    parsed = ox.parse_query_results(content, format=form)
    if isinstance(parsed, ox.QueryBoolean):
        return bool(parsed)
    names = [variable.value for variable in parsed.variables]
    return [{name: settled(row[name]) for name in names if row[name] is not None} for row in parsed]


def expected_rows(path: Path, base: str) -> bool | list[Row] | None:
    """The rows that a file expects; None when it expects triples."""
    if path.suffix in _ROWS:
        return rows_of(path.read_bytes(), _ROWS[path.suffix])
    graph = [
        quad.triple for quad in ox.parse(path.read_bytes(), format=_GRAPHS[path.suffix], base_iri=f"{base}{path.name}")
    ]
    if not any(triple.object == ox.NamedNode(f"{RS}ResultSet") for triple in graph):
        return None
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in graph)

    def all_of(node: object, name: str) -> list[Term]:
        return [quad.object for quad in store.quads_for_pattern(node, ox.NamedNode(f"{RS}{name}"), None, None)]  # type: ignore[arg-type]

    truth = all_of(None, "boolean")
    if truth:
        return truth[0].value == "true"  # type: ignore[union-attr]
    rows = []
    for solution in all_of(None, "solution"):
        row: Row = {}
        for binding in all_of(solution, "binding"):
            row[all_of(binding, "variable")[0].value] = settled(all_of(binding, "value")[0])  # type: ignore[union-attr]
        rows.append(row)
    return rows


def same_rows(found: bool | list[Row], expected: bool | list[Row], *, lax: bool = False) -> bool:
    """Whether two answers have the same rows, as often unless `lax`, up to the names of blank nodes."""
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if lax:
        return set(map(_key, found)) == set(map(_key, expected))
    if len(found) != len(expected):
        return False
    if Counter(map(_key, found)) == Counter(map(_key, expected)):
        return True
    if not any(isinstance(term, ox.BlankNode) for row in expected for term in row.values()):
        return False
    return rdflib.compare.isomorphic(_as_graph(found), _as_graph(expected))


def triples_of(content: bytes, form: ox.RdfFormat, base: str | None = None) -> rdflib.Graph:
    """Triples in some syntax as a graph to compare."""
    graph = rdflib.Graph()
    for quad in ox.parse(content, format=form, base_iri=base):
        graph.add(
            (_node(settled(quad.subject), graph), _node(quad.predicate, graph), _node(settled(quad.object), graph))
        )  # type: ignore[arg-type]
    return graph


def expected_triples(path: Path, base: str) -> rdflib.Graph:
    """The triples that a file expects."""
    return triples_of(path.read_bytes(), _GRAPHS[path.suffix], base)


def same_triples(found: rdflib.Graph, expected: rdflib.Graph) -> bool:
    """Whether two graphs are the same up to the names of blank nodes."""
    return rdflib.compare.isomorphic(found, expected)


def csv_rows(content: bytes) -> list[list[tuple[str, str]]]:
    """CSV as rows in any order, columns by name, blank nodes without theirs."""
    names, *lines = csv.reader(io.StringIO(content.decode()))
    plain = [["_:" if cell.startswith("_:") else cell for cell in line] for line in lines]
    return sorted(sorted(zip(names, line, strict=True)) for line in plain)


def _key(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(term)) for name, term in row.items()))


def _as_graph(rows: list[Row]) -> rdflib.Graph:
    graph = rdflib.Graph()
    # Equal rows are one node with their number: nodes that nothing tells apart take a comparison for ever.
    for key, count in Counter(map(_key, rows)).items():
        node = rdflib.BNode()
        graph.add((node, rdflib.URIRef("row:count"), rdflib.Literal(count)))
        row = next(row for row in rows if _key(row) == key)
        for name, term in row.items():
            graph.add((node, rdflib.URIRef(f"row:{name}"), _node(term, graph)))
    return graph


def _node(term: Term, graph: rdflib.Graph) -> rdflib.term.Node:
    """A term as a node to compare; a triple term becomes a node with three parts, so that blank nodes in it count."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Triple):
        node = rdflib.BNode(str(term).encode().hex())
        for name, part in (("subject", term.subject), ("predicate", term.predicate), ("object", term.object)):
            graph.add((node, rdflib.URIRef(f"part:{name}"), _node(part, graph)))
        return node
    return rdflib.URIRef("literal:" + str(term).encode().hex())
