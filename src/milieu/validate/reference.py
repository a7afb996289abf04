"""pySHACL behind the seam of `milieu.validate.engine`: slower, kept close to the specification, and it explains."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from milieu.errors import FolderError
from milieu.namespaces import SH
from milieu.validate.engine import Result, in_order

if TYPE_CHECKING:
    from pyshacl.shapes_graph import ShapesGraph
    from rdflib import Graph

__all__ = ["PyShacl", "graph_of"]

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

# Longer than any sensible nesting of shapes; pySHACL's own limit of 15 is met by its meta-shapes.
_DEPTH = 64


class PyShacl:
    """The reference engine, with everything beyond SHACL Core and SHACL-SPARQL off: imports, inference, rules, scripts.

    >>> shapes = b"@prefix sh: <http://www.w3.org/ns/shacl#> . <s:> sh:targetNode <a:> ; sh:nodeKind sh:Literal ."
    >>> [result.code for result in PyShacl(shapes).results(b"")]
    ['sh:nodeKind']
    """

    def __init__(self, shapes: bytes) -> None:
        from pyshacl.shapes_graph import ShapesGraph

        self._shapes = ShapesGraph(graph_of(shapes), logger=_silent())

    def conforms(self, data: bytes) -> bool:
        """Whether validation gives no result at all, of whatever severity."""
        return not self.failing(data)

    def failing(self, data: bytes) -> set[str]:
        """The focus nodes that give a result, in N-Triples syntax."""
        return self.examine(data)[1]

    def results(self, data: bytes) -> list[Result]:
        """The results of validation, sorted. Raises `FolderError` when pySHACL gives up on the shapes."""
        return self.examine(data)[0]

    def examine(self, data: bytes) -> tuple[list[Result], set[str]]:
        """The results of validation, sorted, and the focus nodes that give them."""
        results: list[Result] = []
        failing: set[str] = set()
        graph = graph_of(data)
        try:
            with _quiet():
                for focus, found in _evaluated(graph, self._shapes):
                    failing.add(n_triples(focus))
                    results.extend(_result(node, _described(triples)) for _, node, triples in found)
        except Exception as fault:
            # pySHACL, and rdflib under it, raise many kinds of error, bare ones and the parser's own among them.
            reason = getattr(fault, "message", None) or str(fault) or type(fault).__name__
            raise FolderError(
                f"the SHACL shapes cannot be used ({reason})",
                place="ontology/shapes",
                remedy="Correct the shape named there.",
            ) from None
        return list(in_order(results)), failing


def _evaluated(data: Graph, shapes: ShapesGraph) -> Iterator[tuple[Any, list[Any]]]:
    """Each focus node that fails a shape, with pySHACL's own results.

    They are read before pySHACL makes a report graph of them, which would copy what surrounds their blank nodes.
    """
    from pyshacl import Validator
    from pyshacl.graph_abstraction import RdfLibDataGraph

    class Data(RdfLibDataGraph):
        def __bool__(self) -> bool:
            # pySHACL asks for the truth of the graph at every result, which would count its triples.
            return True

        def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
            # pySHACL gives the same text for every focus node, and parsing takes far longer than answering.
            return super().query(_parsed(query_object), *args, **kwargs)

    # A plain Graph, never a Dataset: there FROM <file:…> in a query would read the file.
    wrapped = Data(data.store, data)
    executor = Validator(wrapped, shacl_graph=shapes.graph, options=_options()).make_executor()
    for shape in shapes.shapes:
        for focus in shape.focus_nodes(wrapped):
            conforms, found = shape.validate(executor, wrapped, focus=focus)
            if found or not conforms:
                yield focus, found


def graph_of(data: bytes) -> Graph:
    """An rdflib graph of N-Triples or Turtle: lexical forms and blank-node labels as written."""
    import pyoxigraph as ox
    from rdflib import BNode, Graph, Literal, URIRef

    def term(node: Any) -> Any:
        if isinstance(node, ox.NamedNode):
            return URIRef(node.value)
        if isinstance(node, ox.BlankNode):
            return BNode(node.value)
        if node.language:
            return Literal(node.value, lang=node.language)
        datatype = node.datatype.value
        # In RDF 1.1 a plain literal is an xsd:string; rdflib holds the two apart, so that one spelling must do.
        kind = None if datatype == _XSD_STRING else URIRef(datatype)
        return Literal(node.value, datatype=kind, normalize=False)

    graph = Graph(bind_namespaces="none")
    with _quiet():
        for quad in ox.parse(data, format=ox.RdfFormat.TURTLE):
            graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


@lru_cache(maxsize=1024)
def _parsed(query: str) -> Any:
    from rdflib.plugins.sparql import prepareQuery

    return prepareQuery(query)


@contextmanager
def _quiet() -> Iterator[None]:
    """No remarks of rdflib about ill-typed literals: validation reports them."""
    log = logging.getLogger("rdflib.term")
    before = log.disabled
    log.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.disabled = before


def n_triples(term: Any) -> str:
    """An rdflib term in N-Triples syntax, spelled as pyoxigraph spells it."""
    import pyoxigraph as ox
    from rdflib import BNode, URIRef

    if isinstance(term, BNode):
        return f"_:{term}"
    if isinstance(term, URIRef):
        return f"<{term}>"
    if term.language:
        return str(ox.Literal(str(term), language=term.language))
    return str(ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None))


def _described(triples: Iterable[tuple[Any, Any, Any]]) -> dict[Any, dict[str, list[Any]]]:
    """The properties of each result; pySHACL pairs a term with the graph that it is from."""
    nodes: dict[Any, dict[str, list[Any]]] = {}
    for node, predicate, value in triples:
        name = str(predicate).removeprefix(SH)
        nodes.setdefault(node, {}).setdefault(name, []).append(value[1] if isinstance(value, tuple) else value)
    return nodes


def _result(node: Any, nodes: dict[Any, dict[str, list[Any]]]) -> Result:
    found = nodes[node]

    def one(name: str) -> str | None:
        return n_triples(found[name][0]) if name in found else None

    return Result(
        focus=n_triples(found["focusNode"][0]),
        path=one("resultPath"),
        value=one("value"),
        source_shape=n_triples(found["sourceShape"][0]),
        component=n_triples(found["sourceConstraintComponent"][0]),
        severity=n_triples(found["resultSeverity"][0]),
        constraint=one("sourceConstraint"),
        messages=tuple(sorted({n_triples(message) for message in found.get("resultMessage", ())})),
        detail=in_order(_result(part, nodes) for part in found.get("detail", ())),
    )


def _silent() -> logging.Logger:
    log = logging.Logger("milieu.validate")  # Not registered: pySHACL's own remarks reach nobody.
    log.addHandler(logging.NullHandler())
    return log


def _options() -> dict[str, Any]:
    return {
        "advanced": False,
        "use_js": False,
        "inference": "none",
        "inplace": True,
        "max_validation_depth": _DEPTH,
        "logger": _silent(),
    }
