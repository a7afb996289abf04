"""What explanations need to see of a graph: look-ups that tell asserted from inferred, names, and proofs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol, cast

import pyoxigraph as ox

from milieu.namespaces import ASSERTED, INFERRED, OWL, RDF, RDFS, SKOS, Prefixes
from milieu.reason.atoms import TYPE, Fact, Term, terms
from milieu.reason.close import compile_rules, prover
from milieu.reason.program import Program, schema_patterns
from milieu.reason.proof import Proof, Prover
from milieu.reason.rules import Rule
from milieu.reason.wording import Namer, described
from milieu.store.looks import Looks
from milieu.store.seam import Pattern

__all__ = ["StoreView", "View", "asked_first", "holds"]

_LABELS = tuple(ox.NamedNode(iri) for iri in (RDFS + "label", SKOS + "prefLabel"))
_NUMBERS = ("integer", "decimal", "double", "boolean", "gYear", "gYearMonth", "date", "dateTime")


class View(Protocol):
    """A graph as explanations see it. Each look-up is bounded by the surroundings of what it names."""

    prefixes: Prefixes

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by name."""

    def match(self, subject: Term | None, predicate: Term | None, obj: Term | None) -> Iterator[tuple[Fact, bool]]:
        """The statements that fit, each with whether it is asserted; those come first."""

    def ahead(self, patterns: Iterable[Pattern]) -> None:
        """Tell which look-ups come next: a distant engine then answers them in one round trip."""

    def query(self, text: str) -> list[Mapping[str, Term | None]]:
        """The rows of a SELECT query over all statements; prefixes need not be declared."""

    def label(self, term: Term) -> str:
        """What people call a term."""

    def name(self, term: Term) -> str:
        """A term as Turtle writes it, with prefixes."""

    def prove(self, fact: Fact) -> Proof | None:
        """Why a statement holds."""


class StoreView:
    """A view of an Oxigraph store with the two graphs, or of an engine looked at as one (`milieu.store.looks`).

    >>> store = ox.Store()
    >>> store.update('''PREFIX ex: <http://example.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    ... INSERT DATA { GRAPH <https://w3id.org/milieu/graph/asserted> { ex:kanazawa rdfs:label "Kanazawa"@en } }''')
    >>> StoreView(store, ()).label(ox.NamedNode("http://example.org/kanazawa"))
    'Kanazawa'
    """

    def __init__(
        self,
        store: ox.Store | Looks,
        rules: Sequence[Rule],
        prefixes: Prefixes | None = None,
        *,
        language: str = "en",
        program: Program | None = None,
    ) -> None:
        self.prefixes = prefixes if prefixes is not None else Prefixes({})
        self._store = cast("ox.Store", store)
        self._rules = rules
        self._language = language
        self._given = program
        self._called: dict[Term, str] = {}

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules by name."""
        return self._program.rules

    def match(self, subject: Term | None, predicate: Term | None, obj: Term | None) -> Iterator[tuple[Fact, bool]]:
        """The statements that fit, each with whether it is asserted; those come first."""
        if isinstance(subject, ox.Literal) or isinstance(predicate, ox.BlankNode | ox.Literal):
            return
        for graph, asserted in ((ASSERTED, True), (INFERRED, False)):
            for quad in self._store.quads_for_pattern(subject, predicate, obj, ox.NamedNode(graph)):
                yield terms(quad), asserted

    def ahead(self, patterns: Iterable[Pattern]) -> None:
        """Tell which look-ups come next: a distant engine then answers them in one round trip."""
        if isinstance(self._store, Looks):
            self._store.ahead(patterns)

    def query(self, text: str) -> list[Mapping[str, Term | None]]:
        """The rows of a SELECT query over all statements; prefixes need not be declared."""
        found = self._store.query(text, use_default_graph_as_union=True, prefixes=dict(self.prefixes))
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [{name: row[name] for name in names} for row in found]

    def label(self, term: Term) -> str:
        """What people call a term: its label in the language asked for, else in any, else its name."""
        return self._described(term)

    def name(self, term: Term) -> str:
        """A term as Turtle writes it, with prefixes."""
        if isinstance(term, ox.NamedNode):
            return self.prefixes.compact(term.value)
        if isinstance(term, ox.Literal) and term.datatype.value.rsplit("#")[-1] in ("integer", "decimal", "boolean"):
            return term.value
        if isinstance(term, ox.Literal) and not term.language and term.datatype.value.rsplit("#")[-1] != "string":
            return f"{ox.Literal(term.value)}^^{self.prefixes.compact(term.datatype.value)}"
        return str(term)

    def prove(self, fact: Fact) -> Proof | None:
        """Why a statement holds."""
        return self._prover.prove(fact)

    @cached_property
    def _program(self) -> Program:
        return self._given or compile_rules(self._store, self._rules)

    @cached_property
    def _prover(self) -> Prover:
        return prover(self._store, self._program)

    @cached_property
    def _described(self) -> Namer:
        return described(self._program.schema, self._call)

    def _call(self, term: Term) -> str:
        if term not in self._called:
            self._called[term] = self._found(term)
        return self._called[term]

    def _found(self, term: Term) -> str:
        if isinstance(term, ox.Literal):
            return term.value if term.datatype.value.rsplit("#")[-1] in _NUMBERS else f"“{term.value}”"
        labels = [
            label
            for predicate in _LABELS
            for (_, _, label), _ in self.match(term, predicate, None)
            if isinstance(label, ox.Literal)
        ]
        order = {self._language: 0, "": 1, "en": 2}
        labels.sort(key=lambda label: (order.get(label.language or "", 3), label.language or "", label.value))
        if labels:
            return labels[0].value
        return self.name(term) if isinstance(term, ox.NamedNode) else "something"


def asked_first() -> list[Pattern]:
    """The look-ups that every explanation makes: the ontology's axioms, its properties, and what is the same."""
    kinds = (OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty", RDF + "Property")
    more = [(None, TYPE, ox.NamedNode(kind)) for kind in kinds]
    return [*schema_patterns(), *more, (None, ox.NamedNode(OWL + "sameAs"), None)]


def holds(view: View, fact: Fact) -> bool | None:
    """Whether a statement is asserted (True), inferred (False) or neither (None)."""
    return next((asserted for _, asserted in view.match(*fact)), None)
