"""Where walks look things up: a graph of any kind, and what a change makes of the part of it that they come by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import pyoxigraph as ox

from milieu.namespaces import ASSERTED
from milieu.store.seam import Pattern, Store, Triple

__all__ = ["Cost", "Neighbourhood", "SetView", "StoreView", "Term", "View"]

# So many properties of one subject are looked up as all of its properties: things have few, and hubs are objects.
_SEVERAL = 4

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal


class View(Protocol):
    """A graph to look things up in; anything may stand behind it."""

    def match(self, patterns: Sequence[Pattern]) -> Iterable[Triple]:
        """The triples that fit any of the patterns; many patterns in one round trip, a triple may come twice."""
        ...


class StoreView:
    """What the files of a folder say, in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def match(self, patterns: Sequence[Pattern]) -> Iterable[Triple]:
        """The asserted triples that fit any of the patterns."""
        return self._store.match(patterns, ASSERTED)


class SetView:
    """Triples in memory, literals spelled as they came.

    >>> a, b = ox.NamedNode("https://example.org/a"), ox.NamedNode("https://example.org/b")
    >>> len(list(SetView([(a, b, a)]).match([(a, None, None), (b, None, None)])))
    1
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        # Not a Store: that would rewrite literals.
        self._data = ox.Dataset(ox.Quad(*triple) for triple in triples)

    @classmethod
    def parse(cls, data: bytes) -> SetView:
        """The triples of N-Triples or Turtle."""
        view = cls(())
        view._data = ox.Dataset(ox.parse(data, format=ox.RdfFormat.TURTLE))
        return view

    def match(self, patterns: Sequence[Pattern]) -> Iterator[Triple]:
        """The triples that fit any of the patterns."""
        for pattern in patterns:
            for quad in self._near(*pattern):
                triple = (quad.subject, quad.predicate, quad.object)
                if all(wanted in (None, found) for wanted, found in zip(pattern, triple, strict=True)):
                    yield triple  # type: ignore[misc]

    def _near(
        self, subject: ox.NamedNode | ox.BlankNode | None, predicate: ox.NamedNode | None, value: Term | None
    ) -> Iterable[ox.Quad]:
        if subject is not None:
            return self._data.quads_for_subject(subject)
        if value is not None:
            return self._data.quads_for_object(value)
        return self._data if predicate is None else self._data.quads_for_predicate(predicate)


@dataclass
class Cost:
    """What a validation asked of the graph."""

    requests: int = 0
    """Round trips."""
    lookups: int = 0
    """Patterns looked up, all round trips together."""
    read: int = 0
    """Triples that came back."""
    fragment: int = 0
    """Triples given to the engine."""


class Neighbourhood:
    """What has been looked up so far of a graph before a change, together with the change."""

    def __init__(self, view: View, added: Iterable[Triple] = (), removed: Iterable[Triple] = ()) -> None:
        self.cost = Cost()
        self._view = view
        self._out: dict[Term, dict[ox.NamedNode, dict[Term, None]]] = {}
        self._into: dict[Term, dict[ox.NamedNode, dict[Term, None]]] = {}
        self._asked: set[Pattern] = set()
        self._whole: set[Term] = set()
        self.added = list(added)
        self.removed = list(removed)
        self._gone = set(self.removed).difference(self.added)
        for triple in self.added:
            self._learn(triple)

    def ask(self, patterns: Iterable[Pattern]) -> None:
        """Look up what is not known yet, in one round trip."""
        new: list[Pattern] = []
        of_subject: dict[ox.NamedNode | ox.BlankNode, list[Pattern]] = {}
        for pattern in set(patterns):
            if pattern[0] is None:
                if pattern not in self._asked:
                    new.append(pattern)
            elif pattern[0] not in self._whole and pattern not in self._asked:
                of_subject.setdefault(pattern[0], []).append(pattern)
        for subject, several in of_subject.items():
            if len(several) < _SEVERAL and all(predicate for _, predicate, _ in several):
                new.extend(several)
            else:
                self._whole.add(subject)
                new.append((subject, None, None))
        if not new:
            return
        self._asked.update(new)
        self.cost.requests += 1
        self.cost.lookups += len(new)
        for triple in self._view.match(new):
            self.cost.read += 1
            self._learn(triple)

    def _learn(self, triple: Triple) -> None:
        subject, predicate, value = triple
        self._out.setdefault(subject, {}).setdefault(predicate, {})[value] = None
        self._into.setdefault(value, {}).setdefault(predicate, {})[subject] = None

    def walk(
        self, node: Term, predicate: ox.NamedNode | None, *, inverse: bool = False, after: bool
    ) -> Iterator[tuple[Triple, Term]]:
        """The known triples along a property (any when None) from a node, each with the node at its other end.

        With `after` these are the triples of the graph after the change, else those of before or after.
        """
        found = (self._into if inverse else self._out).get(node, {})
        for property_ in found if predicate is None else (predicate,):
            for other in found.get(property_, ()):
                triple = (other, property_, node) if inverse else (node, property_, other)
                if not (after and triple in self._gone):
                    yield triple, other  # type: ignore[misc]

    def everything(self) -> Iterator[Triple]:
        """The whole graph after the change: as long as the graph is."""
        self.cost.requests += 1
        self.cost.lookups += 1
        seen = set(self.added)
        yield from seen
        for triple in self._view.match([(None, None, None)]):
            self.cost.read += 1
            if triple not in self._gone and triple not in seen:
                yield triple
