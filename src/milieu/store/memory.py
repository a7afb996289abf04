"""A store that remembers what it was asked: for work that asks a distant engine many small things, again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.store.remote import BOTH, RemoteStore

if TYPE_CHECKING:
    from milieu.store.looks import Looks
    from milieu.store.seam import Pattern, Results, Triple

__all__ = ["Remembered"]


class Remembered:
    """A remote store as it was when first asked; what is known of a wider look-up answers a narrower one.

    The patterns `ahead` are looked up together with the first that are asked for, in the same round trip. It is for
    one piece of work, such as judging one contribution, and forgets nothing.
    """

    def __init__(self, store: RemoteStore, ahead: Iterable[Pattern] = ()) -> None:
        self.wire = store.wire
        self._store = store
        self._ahead = list(ahead)
        self._asked: set[Pattern] = set()
        self._known = ox.Dataset()

    @property
    def inner(self) -> Looks:
        """The same, looked at as if it were Oxigraph's own store; it shares what is remembered."""
        from milieu.store.looks import Looks

        return Looks(self)

    @property
    def known(self) -> Iterable[ox.Quad]:
        """All that is remembered."""
        return self._known

    def query(
        self, text: str, graphs: Sequence[str] = BOTH, named_graphs: Sequence[str] = BOTH, *, base: str | None = None
    ) -> Results:
        """The result of a query, from the engine."""
        return self._store.query(text, graphs, named_graphs, base=base)

    def match(self, patterns: Sequence[Pattern], graph: str | None = None) -> Iterator[Triple]:
        """The triples that fit any of the patterns, in one graph or in both; at most one round trip as a rule."""
        for quad in self.quads(patterns, ox.NamedNode(graph) if graph else None):
            yield quad.subject, quad.predicate, quad.object  # type: ignore[misc]

    def quads(self, patterns: Sequence[Pattern], graph: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
        """The same, each triple with the graph it is in."""
        self.learn(patterns)
        for pattern in patterns:
            for quad in self._near(pattern):
                triple = (quad.subject, quad.predicate, quad.object)
                fits = all(wanted in (None, found) for wanted, found in zip(pattern, triple, strict=True))
                if fits and graph in (None, quad.graph_name):
                    yield quad

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Add triples to a graph of the engine, and remember them."""
        new = list(triples)
        self._store.add(new, graph)
        for triple in new:
            self._known.add(ox.Quad(*triple, ox.NamedNode(graph)))

    def remove(self, triples: Iterable[Triple], graph: str) -> None:
        """Remove triples from a graph of the engine."""
        gone = list(triples)
        self._store.remove(gone, graph)
        for triple in gone:
            self._known.discard(ox.Quad(*triple, ox.NamedNode(graph)))

    def learn(self, patterns: Iterable[Pattern]) -> list[ox.Quad]:
        """Ask at once for what is not known yet; gives what the engine answered."""
        new = [pattern for pattern in patterns if not self.covers(pattern)]
        if not new:
            return []
        new += self._ahead
        self._ahead = []
        found = list(self._store.quads(new))
        for quad in found:
            self._known.add(quad)
        self._asked.update(new)
        return found

    def covers(self, pattern: Pattern) -> bool:
        """Whether all that fits a pattern is known."""
        wider = product(*((term,) if term is None else (term, None) for term in pattern))
        return any(known in self._asked for known in wider)

    def _near(self, pattern: Pattern) -> Iterable[ox.Quad]:
        subject, predicate, value = pattern
        if subject is not None:
            return self._known.quads_for_subject(subject)
        if value is not None:
            return self._known.quads_for_object(value)
        return self._known if predicate is None else self._known.quads_for_predicate(predicate)
