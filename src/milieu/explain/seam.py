"""A view of any store: one look-up after the other through the seam that every engine offers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

import pyoxigraph as ox

from milieu.explain.view import StoreView
from milieu.namespaces import Prefixes
from milieu.reason.program import Program
from milieu.reason.rules import Rule
from milieu.store.seam import Pattern, Results, Store

__all__ = ["view_of"]


def view_of(
    store: Store, rules: Sequence[Rule], ontology: Iterable[ox.Triple], prefixes: Prefixes, *, language: str = "en"
) -> StoreView:
    """The graph of a store as explanations see it.

    `ontology` is read from the folder: the nameless classes in it have no names by which an engine could be asked.
    """
    looks = cast("ox.Store", _Looks(store))
    return StoreView(looks, rules, prefixes, language=language, program=Program.of(rules, ontology))


class _Looks:
    """A store of the seam, looked at as if it were Oxigraph's own."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def quads_for_pattern(
        self,
        subject: ox.NamedNode | ox.BlankNode | None,
        predicate: ox.NamedNode | None,
        obj: ox.NamedNode | ox.BlankNode | ox.Literal | None,
        graph: ox.NamedNode,
    ) -> Iterator[ox.Quad]:
        """The quads that fit; none for a blank node, which means something else in every engine."""
        if isinstance(subject, ox.BlankNode) or isinstance(obj, ox.BlankNode):
            return
        pattern: Pattern = (subject, predicate, obj)
        for one, two, three in self._store.match([pattern], graph.value):
            yield ox.Quad(one, two, three, graph)

    def __contains__(self, quad: ox.Quad) -> bool:
        graph = cast("ox.NamedNode", quad.graph_name)
        obj = cast("ox.NamedNode | ox.BlankNode | ox.Literal", quad.object)
        subject = cast("ox.NamedNode | ox.BlankNode", quad.subject)
        return any(True for _ in self.quads_for_pattern(subject, quad.predicate, obj, graph))

    def query(self, text: str, **_: object) -> Results:
        """The result of a query over both graphs."""
        return self._store.query(text)
