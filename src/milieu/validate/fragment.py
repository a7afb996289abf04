"""Walks over a graph: backwards from changed triples to the focus nodes they touch, forwards to what judging reads.

Every walk goes in rounds: a round's look-ups are made together, so that a remote store is asked once per round.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias, TypeVar

import pyoxigraph as ox

from milieu.namespaces import RDF, RDFS
from milieu.store.seam import Pattern, Triple
from milieu.validate.automaton import FOCUS, Edge
from milieu.validate.neighbourhood import Neighbourhood, SetView, StoreView, Term, View
from milieu.validate.shapes import TargetShape

__all__ = [
    "Foci",
    "Fragment",
    "Reader",
    "Readers",
    "SetView",
    "StoreView",
    "View",
    "as_term",
    "collect",
    "in_focus",
    "leading",
    "touched",
]

Foci = Mapping["Reader", Collection[Term]]
"""Nodes to be judged, by the shape that judges them."""

_TYPE = ox.NamedNode(RDF + "type")
_SUBCLASS = ox.NamedNode(RDFS + "subClassOf")


class _Hop(NamedTuple):
    """An edge seen from one of its ends, its terms ready for look-ups."""

    predicate: ox.NamedNode | None
    inverse: bool
    state: int
    constant: Term | None = None

    def pattern(self, node: Term) -> Pattern | None:
        """What to look up to take it from a node; None from a literal, which is no subject."""
        if self.inverse:
            return (self.constant, self.predicate, node)  # type: ignore[return-value]
        return None if isinstance(node, ox.Literal) else (node, self.predicate, self.constant)


_Place: TypeAlias = tuple["Reader", int, Term]


class Reader:
    """The footprint of a target shape, ready to walk."""

    def __init__(self, target: TargetShape) -> None:
        footprint = target.footprint
        self.target = target
        self.mark = ox.NamedNode(target.mark[1:-1])
        self.nodes = frozenset(map(as_term, target.nodes))
        self.classes = frozenset(map(as_term, target.classes))
        self.subjects_of = [ox.NamedNode(predicate[1:-1]) for predicate in target.subjects_of]
        self.objects_of = [ox.NamedNode(predicate[1:-1]) for predicate in target.objects_of]
        reading = [edge for edge in footprint.edges if edge.reads]
        finding = [edge for edge in footprint.edges if edge.finds]
        self.ahead = _grouped((edge.source, _hop(edge, edge.target, edge.inverse)) for edge in reading)
        self.behind = _grouped(
            (edge.target, _hop(edge, edge.source, not edge.inverse)) for edge in finding if edge.constant is None
        )
        self.asks = footprint.asks
        self.states = {FOCUS, *(state for pair in footprint.silent for state in pair)}
        self.states.update(edge.target for edge in finding)
        self.silent_ahead = _closed(footprint.silent)
        self.silent_behind = _closed((there, here) for here, there in footprint.silent)
        self.met = [(edge.predicate, _hop(edge, edge.source, edge.inverse)) for edge in finding]


class Readers:
    """The readers of all bounded target shapes, and which of them a changed triple concerns."""

    def __init__(self, targets: Iterable[TargetShape]) -> None:
        self.all = [Reader(target) for target in targets if not target.footprint.reason]
        self._met: dict[str | None, list[tuple[Reader, _Hop]]] = {}
        for reader in self.all:
            for predicate, hop in reader.met:
                self._met.setdefault(predicate, []).append((reader, hop))

    def starts(self, triple: Triple) -> Iterator[_Place]:
        """The places from which evaluation may have met a triple."""
        subject, predicate, value = triple
        for reader, hop in (*self._met.get(str(predicate), ()), *self._met.get(None, ())):
            near, far = (value, subject) if hop.inverse else (subject, value)
            if hop.constant in (None, far):
                yield reader, hop.state, near


class Fragment(NamedTuple):
    """The triples that judging some focus nodes reads, and whether a query is asked of a blank node among them."""

    triples: set[Triple]
    asks_blank: bool


def touched(hood: Neighbourhood, readers: Readers, changed: Iterable[Triple]) -> dict[Reader, set[Term]]:
    """The nodes from which evaluation may meet a changed triple, before the change or after it."""
    return _back(hood, (place for triple in changed for place in readers.starts(triple)))


def leading(
    hood: Neighbourhood, readers: Iterable[Reader], nodes: Collection[Term], *, only_asked: bool = False
) -> dict[Reader, set[Term]]:
    """The nodes whose evaluation may come to one of the nodes given, or `only_asked`, may ask a query of one."""
    return _back(
        hood,
        (
            (reader, state, node)
            for reader in readers
            for state in (reader.asks if only_asked else reader.states)
            for node in nodes
        ),
    )


def _back(hood: Neighbourhood, starts: Iterable[_Place]) -> dict[Reader, set[Term]]:
    found: dict[Reader, set[Term]] = {}
    seen: set[_Place] = set()
    frontier: list[_Place] = []

    def reach(reader: Reader, state: int, node: Term) -> None:
        for here in reader.silent_behind.get(state, (state,)):
            if (reader, here, node) not in seen:
                seen.add((reader, here, node))
                if here == FOCUS:
                    found.setdefault(reader, set()).add(node)
                else:
                    frontier.append((reader, here, node))

    for start in starts:
        reach(*start)
    while frontier:
        steps = [(reader, hop, node) for reader, state, node in frontier for hop in reader.behind.get(state, ())]
        frontier = []
        hood.ask(_patterns((hop, node) for _, hop, node in steps))
        for reader, hop, node in steps:
            for _, other in hood.walk(node, hop.predicate, inverse=hop.inverse, after=False):
                reach(reader, hop.state, other)
    return found


def collect(hood: Neighbourhood, foci: Foci) -> Fragment:
    """The fragment: the triples of the graph after the change that the evaluation of the focus nodes reads."""
    fragment: set[Triple] = set()
    asks_blank = False
    seen: set[_Place] = set()
    frontier: list[_Place] = []

    def reach(reader: Reader, state: int, node: Term) -> None:
        nonlocal asks_blank
        for here in reader.silent_ahead.get(state, (state,)):
            if (reader, here, node) not in seen:
                seen.add((reader, here, node))
                frontier.append((reader, here, node))
                asks_blank |= here in reader.asks and isinstance(node, ox.BlankNode)

    for reader, nodes in foci.items():
        for node in nodes:
            reach(reader, FOCUS, node)
    while frontier:
        steps = [(reader, hop, node) for reader, state, node in frontier for hop in reader.ahead.get(state, ())]
        frontier = []
        hood.ask(_patterns((hop, node) for _, hop, node in steps))
        for reader, hop, node in steps:
            for triple, other in hood.walk(node, hop.predicate, inverse=hop.inverse, after=True):
                if hop.constant in (None, other):
                    fragment.add(triple)
                    reach(reader, hop.state, other)
    return Fragment(fragment, asks_blank)


def in_focus(hood: Neighbourhood, candidates: Foci, *, after: bool) -> dict[Reader, set[Term]]:
    """Those candidates that the targets of their shape select (SHACL, section 2.1.3)."""
    _ask_targets(hood, candidates)
    found: dict[Reader, set[Term]] = {}
    for reader, nodes in candidates.items():
        chosen = {node for node in nodes if _selected(hood, reader, node, after=after)}
        if chosen:
            found[reader] = chosen
    return found


def _ask_targets(hood: Neighbourhood, candidates: Foci) -> None:
    patterns: list[Pattern] = []
    typed: set[Term] = set()
    for reader, nodes in candidates.items():
        for node in nodes - reader.nodes if isinstance(nodes, set) else nodes:
            if not isinstance(node, ox.Literal):
                patterns.extend((node, predicate, None) for predicate in reader.subjects_of)
                if reader.classes:
                    typed.add(node)
            patterns.extend((None, predicate, node) for predicate in reader.objects_of)
    patterns.extend((node, _TYPE, None) for node in typed)  # type: ignore[misc]
    hood.ask(patterns)
    seen: set[Term] = set()
    frontier = {kind for node in typed for _, kind in hood.walk(node, _TYPE, after=False)}
    while frontier:
        seen |= frontier
        hood.ask((kind, _SUBCLASS, None) for kind in frontier if not isinstance(kind, ox.Literal))
        frontier = {parent for kind in frontier for _, parent in hood.walk(kind, _SUBCLASS, after=False)} - seen


def _selected(hood: Neighbourhood, reader: Reader, node: Term, *, after: bool) -> bool:
    if node in reader.nodes:
        return True
    if any(True for predicate in reader.subjects_of for _ in hood.walk(node, predicate, after=after)):
        return True
    if any(True for predicate in reader.objects_of for _ in hood.walk(node, predicate, inverse=True, after=after)):
        return True
    if not reader.classes:
        return False
    seen: set[Term] = set()
    frontier = {kind for _, kind in hood.walk(node, _TYPE, after=after)}
    while frontier:
        if not reader.classes.isdisjoint(frontier):
            return True
        seen |= frontier
        frontier = {parent for kind in frontier for _, parent in hood.walk(kind, _SUBCLASS, after=after)} - seen
    return False


_Key = TypeVar("_Key")


def _hop(edge: Edge, state: int, inverse: bool) -> _Hop:
    predicate = ox.NamedNode(edge.predicate[1:-1]) if edge.predicate else None
    return _Hop(predicate, inverse, state, as_term(edge.constant) if edge.constant else None)


def as_term(text: str) -> Term:
    """A term from its N-Triples syntax."""
    if text.startswith("<"):
        return ox.NamedNode(text[1:-1])
    if text.startswith("_:"):
        return ox.BlankNode(text[2:])
    [quad] = ox.parse(f"<s:> <p:> {text} .", format=ox.RdfFormat.N_TRIPLES)
    term: Term = quad.object
    return term


def _grouped(pairs: Iterable[tuple[_Key, _Hop]]) -> dict[_Key, list[_Hop]]:
    groups: dict[_Key, list[_Hop]] = {}
    for key, hop in pairs:
        groups.setdefault(key, []).append(hop)
    return groups


def _closed(pairs: Iterable[tuple[int, int]]) -> dict[int, tuple[int, ...]]:
    """For each state that leads somewhere without a step, itself and all states it leads to so."""
    direct: dict[int, list[int]] = {}
    for here, there in pairs:
        direct.setdefault(here, []).append(there)
    closed = {}
    for start in direct:
        found = dict.fromkeys([start])
        stack = [start]
        while stack:
            for there in direct.get(stack.pop(), ()):
                if there not in found:
                    found[there] = None
                    stack.append(there)
        closed[start] = tuple(found)
    return closed


def _patterns(steps: Iterable[tuple[_Hop, Term]]) -> Iterator[Pattern]:
    for hop, node in steps:
        pattern = hop.pattern(node)
        if pattern:
            yield pattern
