"""A case: what the steps of the gate look at together, and the findings they make of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Place, Severity
from milieu.namespaces import OWL, RDF, RDFS
from milieu.validate.demands import Demands
from milieu.validate.place import Placed
from milieu.validate.schema import Schema

if TYPE_CHECKING:
    from milieu.turtle.locate import Located

__all__ = ["Case"]

_TYPE, _LABEL = f"{RDF}type", f"{RDFS}label"


@dataclass(frozen=True)
class Case:
    """The triples of a contribution with their places, the graph they would join, and what its shapes demand."""

    placed: Placed
    schema: Schema
    demands: Demands

    @property
    def triples(self) -> Sequence[ox.Triple]:
        """The triples, in the order of the text."""
        return self.placed.triples

    def locate(self, triple: ox.Triple) -> Located | None:
        """Where the tokens of a triple stand."""
        return self.placed.locate(triple)

    def spot(self, triple: ox.Triple) -> Place | None:
        """Where a triple as a whole stands: its sentence, or where that says more, from its predicate to its object."""
        located = self.locate(triple)
        if located is None:
            return None
        if len(self._sentences.get(located.statement, ())) < 2:
            return located.statement
        start, end = located.predicate, located.object
        if (end.line, end.column) < (start.line, start.column):
            return located.statement  # turned round
        return Place(start.file, start.line, start.column, end.end_line, end.end_column)

    @cached_property
    def _sentences(self) -> dict[Place, list[ox.Triple]]:
        found: dict[Place, list[ox.Triple]] = {}
        for triple in self.triples:
            located = self.locate(triple)
            if located:
                found.setdefault(located.statement, []).append(triple)
        return found

    def label(self, node: str) -> str | None:
        """What a node in N-Triples is called, by the contribution or by the graph."""
        for triple in self.placed.about.get(node, ()):
            if triple.predicate.value == _LABEL and isinstance(triple.object, ox.Literal):
                return triple.object.value
        return self.schema.label(node[1:-1]) if node.startswith("<") else None

    @cached_property
    def own_types(self) -> dict[str, tuple[str, ...]]:
        """The classes that the contribution itself gives to nodes, by the node in N-Triples."""
        found: dict[str, tuple[str, ...]] = {}
        for triple in self.triples:
            if triple.predicate.value == _TYPE and isinstance(triple.object, ox.NamedNode):
                node = str(triple.subject)
                found[node] = (*found.get(node, ()), triple.object.value)
        return found

    @cached_property
    def axioms(self) -> frozenset[str]:
        """The nodes that are evidence of a single statement."""
        annotated = {str(t.subject) for t in self.triples if t.predicate.value == f"{OWL}annotatedSource"}
        return frozenset(annotated | {node for node, types in self.own_types.items() if f"{OWL}Axiom" in types})

    def types(self, node: str) -> tuple[str, ...]:
        """The classes of a node in N-Triples, those of the graph included."""
        own = self.own_types.get(node, ())
        return (*own, *(self.schema.types(node[1:-1]) if node.startswith("<") else ()))

    def is_a(self, node: str, kind: str) -> bool:
        """Whether a node is of a class, or of one below it."""
        return any(kind in self.schema.above(own) for own in self.types(node))

    def describes(self, iri: str) -> bool:
        """Whether the contribution says anything of this thing."""
        return f"<{iri}>" in self.placed.about

    def fits(self, node: str, prop: str, *, end: str) -> bool | None:
        """Whether a node is what a property wants at its `domain` or `range`; None when nobody can tell."""
        wanted = (self.schema.domains if end == "domain" else self.schema.ranges).get(prop)
        types = self.types(node)
        if wanted is None or not types:
            return None
        return any(wanted in self.schema.above(own) for own in types)

    def say(
        self,
        code: str,
        message: str,
        remedy: str,
        triple: ox.Triple,
        place: Place | None,
        *,
        fix: Fix | None = None,
        severity: Severity = Severity.VIOLATION,
    ) -> Finding:
        """A finding about a triple."""
        return Finding(
            severity,
            code,
            message,
            remedy,
            focus=str(triple.subject),
            path=str(triple.predicate),
            value=str(triple.object),
            place=place,
            fix=fix,
        )
