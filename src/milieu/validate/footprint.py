"""From a target shape to its footprint: every step that an engine takes when it holds a node against the shape."""

from __future__ import annotations

from milieu.namespaces import SH
from milieu.validate.automaton import FOCUS, Footprint, Use, Walker
from milieu.validate.constraint import constraints_of
from milieu.validate.path import Path, read_path, sparql
from milieu.validate.pattern import Roots, read_pattern
from milieu.validate.shapegraph import LISTS, REFERENCES, ShapeGraph

__all__ = ["footprint_of"]

# Property pairs (SHACL, section 4.5): they read another property of the focus node.
_PAIRS = ("equals", "disjoint", "lessThan", "lessThanOrEquals")


def footprint_of(graph: ShapeGraph, shape: str) -> Footprint:
    """The footprint of a target shape. Raises `FolderError` when the shape is recursive or ill-formed."""
    reading = _Reading(graph)
    reading.shape(shape, FOCUS)
    walker = reading.walker
    walker.use = Use.FIND
    _select(graph, shape, walker)
    if not reading.reasons:
        return Footprint(walker.edges, tuple(walker.silent), frozenset(walker.asks), reading.doubtful)
    met = walker.predicates
    return Footprint(
        doubtful=reading.doubtful,
        reason="; ".join(reading.reasons),
        predicates=None if None in met else frozenset(predicate for predicate in met if predicate),
    )


def _select(graph: ShapeGraph, shape: str, walker: Walker) -> None:
    """Add the steps that targets look at (section 2.1.3); target nodes need none."""
    if graph.objects(shape, SH + "targetClass") or shape in graph.classes:
        walker.classes(FOCUS)
    for predicate in graph.objects(shape, SH + "targetSubjectsOf"):
        walker.step(FOCUS, predicate)
    for predicate in graph.objects(shape, SH + "targetObjectsOf"):
        walker.step(FOCUS, predicate, inverse=True)


class _Reading:
    """Goes through a shape, and all it refers to, as an engine would."""

    def __init__(self, graph: ShapeGraph) -> None:
        self.graph = graph
        self.walker = Walker()
        self.reasons: list[str] = []
        self.doubtful = False
        self._above: list[str] = []
        self._done: set[tuple[str, int]] = set()

    def shape(self, shape: str, state: int) -> None:
        """Read what a shape does to the nodes of a state."""
        if shape in self._above:
            ring = " → ".join(self.graph.spell(each) for each in [*self._above[self._above.index(shape) :], shape])
            raise self.graph.fault(f"the shape is recursive ({ring}), which SHACL leaves undefined", shape)
        if (shape, state) in self._done or self.graph.true(shape, "deactivated"):
            return
        self._done.add((shape, state))
        self._above.append(shape)
        path = self._path(shape)
        values = self.walker.path(state, path) if path else state
        self._constraints(shape, state, values)
        self._sparql(shape, state, values, path)
        self._above.pop()

    def _path(self, shape: str) -> Path | None:
        node = self.graph.one(shape, "path")
        return read_path(self.graph, node) if node else None

    def _constraints(self, shape: str, state: int, values: int) -> None:
        graph, walker = self.graph, self.walker
        if graph.objects(shape, SH + "class"):
            walker.classes(values)
        for name in _PAIRS:
            for predicate in graph.objects(shape, SH + name):
                walker.step(state, predicate)
        if graph.true(shape, "closed"):
            walker.step(values, None)
            # The Rust engine's verdict has a closed property shape close its focus node, not its values.
            self.doubtful |= graph.one(shape, "path") is not None
        for name in REFERENCES:
            for other in graph.objects(shape, SH + name):
                self.shape(other, values)
        for name in LISTS:
            for head in graph.objects(shape, SH + name):
                for other in graph.items(head):
                    self.shape(other, values)
        if graph.true(shape, "qualifiedValueShapesDisjoint"):
            for other in self._siblings(shape):
                self.shape(other, values)

    def _siblings(self, shape: str) -> list[str]:
        """The shapes that a value must not conform to as well (section 4.7.3)."""
        graph = self.graph
        parents = [each for each in graph.subjects(SH + "property") if shape in graph.objects(each, SH + "property")]
        return [
            qualified
            for parent in parents
            for other in graph.objects(parent, SH + "property")
            for qualified in graph.objects(other, SH + "qualifiedValueShape")
        ]

    def _sparql(self, shape: str, state: int, values: int, path: Path | None) -> None:
        for constraint in constraints_of(self.graph, shape, sparql(path) if path else None):
            states = {"this": state, "value": values} if constraint.per_value else {"this": state}
            self.walker.asks.update(states.values())
            # The Rust engine leaves $value unbound in the ASK validators of property shapes.
            self.doubtful |= constraint.per_value and path is not None
            roots = Roots(states, constraint.constants)
            try:
                fault = read_pattern(constraint.text, roots, self.walker)
            except ValueError as error:
                self.walker.predicates.add(None)
                fault = f"the query cannot be followed ({error})"
            if fault:
                self.reasons.append(f"{self.graph.spell(constraint.node)}: {fault}")
