"""What the evaluation of a target shape reads: a small automaton that walks from the focus node along properties.

State 0 is the focus node. An edge goes from a state to another along one property, forwards or backwards; evaluation
reads exactly the triples met on edges. Walked forwards from a focus node, it collects what an engine needs to judge
that node; walked backwards from a triple, it finds the focus nodes whose verdict the triple can change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from milieu.namespaces import RDF, RDFS
from milieu.validate.path import Choice, Inverse, Path, Repeat, Sequence, Step, plain

__all__ = ["FOCUS", "Edge", "Footprint", "Use", "Walker"]

FOCUS = 0
"""The state of the focus node."""

_TYPE = f"<{RDF}type>"
_SUBCLASS = f"<{RDFS}subClassOf>"


class Edge(NamedTuple):
    """A step from one state to another: along a property, or any when None; `constant` narrows its far end."""

    source: int
    predicate: str | None
    inverse: bool
    target: int
    constant: str | None = None
    reads: bool = True
    """Whether evaluation's reading takes it."""
    finds: bool = True
    """Whether the search for focus nodes takes it, backwards."""


@dataclass(frozen=True)
class Footprint:
    """What the evaluation of one target shape reads, and what makes a node its focus.

    `silent` pairs of states lead from one to the other without a step. Queries are asked of the nodes of the states
    `asks`. With a `reason` the evaluation could not be bound: the shape needs full validation whenever one of
    `predicates` changes, or after any change when that is None. Of a `doubtful` shape the Rust engine is known to
    misjudge a constraint.
    """

    edges: tuple[Edge, ...] = ()
    silent: tuple[tuple[int, int], ...] = ()
    asks: frozenset[int] = frozenset()
    doubtful: bool = False
    reason: str | None = None
    predicates: frozenset[str] | None = field(default=frozenset())

    def to_json(self) -> dict[str, Any]:
        """The footprint as plain lists and strings."""
        return {
            "edges": [list(edge) for edge in self.edges],
            "silent": [list(pair) for pair in self.silent],
            "asks": sorted(self.asks),
            "doubtful": self.doubtful,
            "reason": self.reason,
            "predicates": None if self.predicates is None else sorted(self.predicates),
        }

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> Footprint:
        """The footprint that `to_json` gave."""
        return cls(
            edges=tuple(Edge(*edge) for edge in plain["edges"]),
            silent=tuple((here, there) for here, there in plain["silent"]),
            asks=frozenset(plain["asks"]),
            doubtful=plain["doubtful"],
            reason=plain["reason"],
            predicates=None if plain["predicates"] is None else frozenset(plain["predicates"]),
        )


class Use(Enum):
    """What steps are made for."""

    BOTH = (True, True)
    READ = (True, False)
    FIND = (False, True)


class Walker:
    """An automaton in the making; equal steps from the same state are made once."""

    def __init__(self) -> None:
        self.use = Use.BOTH
        self.silent: dict[tuple[int, int], None] = {}
        self.asks: set[int] = set()
        self.predicates: set[str | None] = set()
        self._states = 1
        self._edges: dict[tuple[int, str | None, bool, str | None], Edge] = {}
        self._paths: dict[tuple[Use, int, Path], int] = {}

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The edges made so far."""
        return tuple(self._edges.values())

    def state(self) -> int:
        """A new state."""
        self._states += 1
        return self._states - 1

    def join(self, states: Iterable[int]) -> int:
        """A new state that each of the given ones leads to without a step."""
        joined = self.state()
        self.silent.update(((state, joined), None) for state in states)
        return joined

    def step(self, state: int, predicate: str | None, inverse: bool = False, constant: str | None = None) -> int:
        """The state after one step."""
        self.predicates.add(predicate)
        key = (state, predicate, inverse, constant)
        edge = self._edges.get(key) or Edge(state, predicate, inverse, self.state(), constant, False, False)
        reads, finds = self.use.value
        self._edges[key] = edge._replace(reads=edge.reads or reads, finds=edge.finds or finds)
        return edge.target

    def path(self, state: int, path: Path) -> int:
        """The state after a path."""
        path = plain(path)
        if (Use.BOTH, state, path) in self._paths:
            return self._paths[Use.BOTH, state, path]
        if (self.use, state, path) not in self._paths:
            self._paths[self.use, state, path] = self._walk(state, path)
        return self._paths[self.use, state, path]

    def _walk(self, state: int, path: Path) -> int:
        match path:
            case Step(predicate, inverse):
                return self.step(state, predicate, inverse)
            case Sequence(parts):
                for part in parts:
                    state = self.path(state, part)
                return state
            case Choice(parts):
                return self.join([self.path(state, part) for part in parts])
            case Repeat(part, least, many):
                first = self.path(state, part)
                if not many:
                    return self.join([state, first])
                ring = self.join([first] if least else [state])
                # The ring is this path's own state, so that nothing but the path goes round in it.
                self.silent[self.path(ring, part), ring] = None
                return ring
            case Inverse():  # pragma: no cover - plain paths have none
                raise AssertionError(path)

    def classes(self, state: int) -> None:
        """Read the classes of the nodes of a state, up to the top (SHACL instances, section 1.1)."""
        self.path(state, Sequence((Step(_TYPE), Repeat(Step(_SUBCLASS), 0, True))))
