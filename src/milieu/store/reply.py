"""Replies of other engines as the results that the embedded store gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from milieu.errors import StoreError
from milieu.namespaces import XSD
from milieu.store.skolem import GENID, blank
from milieu.store.spool import spool

if TYPE_CHECKING:
    from milieu.store.seam import Results
    from milieu.store.wire import Reply

__all__ = ["GRAPHS", "ROWS", "as_here", "results_of", "terms_of"]

_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
}
ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
"""What is accepted as rows and as yes or no."""

_RDF = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
GRAPHS = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.6"
"""What is accepted as triples."""

_BOOLEAN = f"{XSD}boolean"
_TRUTH = {"1": "true", "0": "false"}
_PIECE = 1 << 20


def results_of(reply: Reply, place: str, *, truth: bool = False) -> Results:
    """The rows, the `truth` or the triples of a reply. Raises `StoreError` when they cannot be read as such."""
    try:
        if reply.media in _RDF:
            return _graph(reply)
        if truth:
            return _truth(_parsed(reply))
        if _differs(reply.content):
            return ox.parse_query_results(_rewritten(_parsed(reply)), format=ox.QueryResultsFormat.JSON)
        # Through the parser once, so that a broken reply is an error now and not in the midst of its rows.
        checked = _parsed(reply)
        checked.serialize(cast("IO[bytes]", _Nowhere()), ox.QueryResultsFormat.JSON)
        return _parsed(reply)
    except (SyntaxError, ValueError) as fault:
        raise StoreError(
            f"the engine's reply cannot be read ({fault})", place=place, remedy="Its own log may know the cause."
        ) from None


def terms_of(reply: Reply, place: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a reply as tuples of terms. Raises `StoreError` when they cannot be read."""
    try:
        rows = _parsed(reply)
        assert isinstance(rows, ox.QuerySolutions)
        for row in rows:
            yield tuple(as_here(term) for term in row)
    except (SyntaxError, ValueError) as fault:
        raise StoreError(
            f"the engine's reply cannot be read ({fault})", place=place, remedy="Its own log may know the cause."
        ) from None


def as_here(term: Any) -> Any:
    """A term as the embedded store has it: blank nodes are blank again, and truth is spelled `true`."""
    if isinstance(term, ox.Literal) and term.value in _TRUTH and term.datatype.value == _BOOLEAN:
        return ox.Literal(_TRUTH[term.value], datatype=term.datatype)
    return blank(term)


def _parsed(reply: Reply) -> ox.QuerySolutions | ox.QueryBoolean:
    reply.content.seek(0)
    return ox.parse_query_results(reply.content, format=_RESULTS[reply.media])


def _graph(reply: Reply) -> Results:
    # Triples come as results only from a store; this one also gives literals the form they have in the embedded one.
    store = ox.Store()
    quads = ox.parse(reply.content, format=_RDF[reply.media])
    store.bulk_extend(ox.Quad(as_here(quad.subject), quad.predicate, as_here(quad.object)) for quad in quads)
    return store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")


def _truth(results: ox.QuerySolutions | ox.QueryBoolean) -> ox.QueryBoolean:
    if isinstance(results, ox.QueryBoolean):
        return results
    # Virtuoso answers ASK in JSON with a row for yes and none for no.
    said = json.dumps({"head": {}, "boolean": any(True for _ in results)}).encode()
    return cast("ox.QueryBoolean", ox.parse_query_results(said, format=ox.QueryResultsFormat.JSON))


def _differs(content: IO[bytes]) -> bool:
    """Whether anything in a reply may be spelled otherwise than here."""
    marks = (GENID.encode(), b"\\/.well-known\\/genid\\/", _BOOLEAN.encode(), b"XMLSchema#boolean")
    rest = b""
    content.seek(0)
    while piece := content.read(_PIECE):
        if any(mark in rest + piece for mark in marks):
            return True
        rest = piece[-100:]
    return False


def _rewritten(results: ox.QuerySolutions | ox.QueryBoolean) -> IO[bytes]:
    """Results as SPARQL JSON, every term as it is here."""
    content = spool()
    if isinstance(results, ox.QueryBoolean):
        content.write(json.dumps({"head": {}, "boolean": bool(results)}).encode())
    else:
        names = [variable.value for variable in results.variables]
        content.write(f'{{"head":{{"vars":{json.dumps(names)}}},"results":{{"bindings":['.encode())
        comma = b""
        for row in results:
            bound = {name: _json(as_here(row[name])) for name in names if row[name] is not None}
            content.write(comma + json.dumps(bound).encode())
            comma = b","
        content.write(b"]}}")
    content.seek(0)
    return content


def _json(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


class _Nowhere:
    """A stream that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        """Nothing to do."""
