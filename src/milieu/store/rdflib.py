"""The store as an rdflib Dataset, for reading."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import rdflib
from rdflib.query import Result
from rdflib.store import Store as RdflibStore

from milieu.errors import StoreError
from milieu.namespaces import XSD

if TYPE_CHECKING:
    from milieu.store.oxigraph import OxigraphStore

__all__ = ["dataset"]


def dataset(store: OxigraphStore, prefixes: Mapping[str, str]) -> rdflib.Dataset:
    """An rdflib Dataset over a store; its default graph is the union of the asserted and the inferred one.

    SPARQL runs in Oxigraph. Plain text comes back as `Literal("x")`, as rdflib's own parsers give it.
    """
    found = rdflib.Dataset(store=_ReadOnly(store), default_union=True)
    for prefix, space in prefixes.items():
        found.bind(prefix, space, override=True, replace=True)
    return found


class _ReadOnly(RdflibStore):
    context_aware = True
    graph_aware = True
    formula_aware = False
    transaction_aware = False

    def __init__(self, store: OxigraphStore) -> None:
        super().__init__()
        self._store = store
        self._prefix_to_space: dict[str, rdflib.URIRef] = {}

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        graph = _graph_name(context)
        subject, predicate, value = (None if term is None else _to_ox(term) for term in triple_pattern)
        for quad in self._store.inner.quads_for_pattern(subject, predicate, value, graph):
            where = rdflib.Graph(store=self, identifier=_from_ox(quad.graph_name))
            yield (_from_ox(quad.subject), _from_ox(quad.predicate), _from_ox(quad.object)), iter([where])

    def contexts(self, triple: Any = None) -> Generator[rdflib.Graph, None, None]:
        for graph in self._store.inner.named_graphs():
            where = rdflib.Graph(store=self, identifier=_from_ox(graph))
            if triple is None or next(self.triples(triple, where), None):
                yield where

    def __len__(self, context: Any = None) -> int:
        graph = _graph_name(context)
        if graph is None:
            return len(self._store.inner)
        return sum(1 for _ in self._store.inner.quads_for_pattern(None, None, None, graph))

    def query(self, query: Any, initNs: Any, initBindings: Any, queryGraph: Any, **_: Any) -> Result:  # noqa: N803
        if not isinstance(query, str) or initBindings:
            raise NotImplementedError  # rdflib then runs the query itself
        where = None if queryGraph in ("__UNION__", None) else ox.NamedNode(str(queryGraph))
        if isinstance(queryGraph, rdflib.URIRef) and str(queryGraph) == "urn:x-rdflib:default":
            where = None
        results = self._store.inner.query(
            query,
            prefixes={prefix: str(space) for prefix, space in dict(initNs).items()},
            use_default_graph_as_union=where is None,
            default_graph=[where] if where else None,
        )
        if isinstance(results, ox.QueryBoolean):
            answer = Result("ASK")
            answer.askAnswer = bool(results)
            return answer
        if isinstance(results, ox.QueryTriples):
            answer = Result("CONSTRUCT")
            answer.graph = rdflib.Graph()
            for triple in results:
                answer.graph.add(tuple(_from_ox(term) for term in (triple.subject, triple.predicate, triple.object)))
            return answer
        answer = Result("SELECT")
        answer.vars = [rdflib.Variable(variable.value) for variable in results.variables]
        answer.bindings = [
            {name: _from_ox(row[name]) for name in answer.vars if row[str(name)] is not None} for row in results
        ]
        return answer

    def bind(self, prefix: str, namespace: rdflib.URIRef, override: bool = True) -> None:  # noqa: ARG002
        self._prefix_to_space[prefix] = namespace

    def namespace(self, prefix: str) -> rdflib.URIRef | None:
        return self._prefix_to_space.get(prefix)

    def prefix(self, namespace: rdflib.URIRef) -> str | None:
        return next((prefix for prefix, space in self._prefix_to_space.items() if space == namespace), None)

    def namespaces(self) -> Iterator[tuple[str, rdflib.URIRef]]:
        return iter(self._prefix_to_space.items())

    def add_graph(self, graph: Any) -> None:
        """Nothing to note: this is how rdflib announces every graph it looks at."""

    def add(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        raise _read_only()

    def remove(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        raise _read_only()

    def update(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        raise _read_only()


def _read_only() -> StoreError:
    return StoreError("a build never changes", remedy="Edit the folder's files, or copy the dataset into one of yours.")


def _graph_name(context: Any) -> ox.NamedNode | None:
    identifier = getattr(context, "identifier", context)
    if identifier is None or str(identifier) == "urn:x-rdflib:default" or isinstance(identifier, rdflib.BNode):
        return None
    return ox.NamedNode(str(identifier))


def _to_ox(term: Any) -> Any:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)


def _from_ox(term: Any) -> Any:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.DefaultGraph):
        return rdflib.URIRef("urn:x-rdflib:default")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    plain = term.datatype.value == XSD + "string"
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value))
