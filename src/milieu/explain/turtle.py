"""Explanations in PROV-O: each statement an entity, each use of a rule the activity that generated it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from milieu.explain.evidence import Claim, Evidence
from milieu.explain.row import RowExplanation
from milieu.explain.view import View
from milieu.explain.why import Explanation, Step
from milieu.namespaces import RDF, RDFS
from milieu.reason.atoms import TYPE, Fact, Term

__all__ = ["PROV", "explanation_turtle", "row_turtle"]

PROV = "http://www.w3.org/ns/prov#"
_RESULT = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_SPEC = "https://www.w3.org/TR/owl2-profiles/#"
_ENTITY = ox.NamedNode(PROV + "Entity")
_LABEL, _COMMENT, _SEE = (ox.NamedNode(RDFS + name) for name in ("label", "comment", "seeAlso"))
_REIFIED = tuple(ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object"))


def explanation_turtle(explanation: Explanation, view: View) -> str:
    """An explanation as Turtle.

    A statement is an rdf:Statement and prov:Entity; its passage or source is prov:hadPrimarySource, and it was derived
    from (prov:wasDerivedFrom) its premises.
    """
    return _written(_Provenance(view).explained([explanation]), view)


def row_turtle(explained: RowExplanation, view: View) -> str:
    """A row with its values and notes (prov:Entity), derived from the statements that made it, as Turtle."""
    return _written(_Provenance(view).row(explained), view)


def _written(triples: Iterable[ox.Triple], view: View) -> str:
    known = {**dict(view.prefixes), "prov": PROV, "rdf": RDF, "rdfs": RDFS, "rs": _RESULT}
    once = sorted(dict.fromkeys(triples), key=lambda triple: _order(triple.subject))
    used = {iri for triple in once for term in triple for iri in _iris(term)}
    prefixes = {name: known[name] for name in sorted(known) if any(iri.startswith(known[name]) for iri in used)}
    text = ox.serialize(once, format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    assert text is not None
    return text.decode()


def _order(term: Term | ox.Triple) -> tuple[bool, int, str]:
    """Statements in the order in which they were told, then the sources."""
    number = term.value.strip("sr") if isinstance(term, ox.BlankNode) else "0"
    return isinstance(term, ox.NamedNode), int(number), str(term)


def _iris(term: object) -> Iterator[str]:
    if isinstance(term, ox.NamedNode):
        yield term.value
    elif isinstance(term, ox.Literal):
        yield term.datatype.value


class _Provenance:
    """Gives each statement one node, however often it occurs."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._nodes: dict[object, ox.BlankNode] = {}
        self._told: set[Fact] = set()

    def explained(self, explanations: Iterable[Explanation]) -> Iterator[ox.Triple]:
        for explanation in explanations:
            if explanation.proof:
                yield from self._step(explanation.proof)
            elif explanation.status == "asserted":
                yield from self._step(Step(explanation.statement, evidence=explanation.evidence))
            else:
                yield from self._absent(explanation)
            for claim in explanation.claims:
                yield from self._claim(claim, explanation.statement)

    def row(self, explained: RowExplanation) -> Iterator[ox.Triple]:
        node = self._node("row")
        yield ox.Triple(node, TYPE, _ENTITY)
        yield ox.Triple(node, TYPE, ox.NamedNode(_RESULT + "ResultSolution"))
        for name, term in explained.row.items():
            if term is not None:
                binding = self._node(("row", name))
                yield ox.Triple(node, ox.NamedNode(_RESULT + "binding"), binding)
                yield ox.Triple(binding, ox.NamedNode(_RESULT + "variable"), ox.Literal(name))
                yield from self._said(binding, ox.NamedNode(_RESULT + "value"), term)
        for note in (*explained.notes, *(f"Holds: {condition}" for condition in explained.conditions)):
            yield ox.Triple(node, _COMMENT, ox.Literal(note, language="en"))
        for explanation in explained.statements:
            yield ox.Triple(node, ox.NamedNode(PROV + "wasDerivedFrom"), self._node(explanation.statement))
        yield from self.explained(explained.statements)

    def _absent(self, explanation: Explanation) -> Iterator[ox.Triple]:
        """A statement that nobody makes is no entity; what is nearest to it is shown beside."""
        node = self._node(explanation.statement)
        yield from self._reified(node, explanation.statement)
        for note in ("Not in the graph", *explanation.notes):
            yield ox.Triple(node, _COMMENT, ox.Literal(f"{note}.", language="en"))
        for near in explanation.nearest:
            yield ox.Triple(node, _SEE, self._node(near))
            yield from self._reified(self._node(near), near)

    def _claim(self, claim: Claim, fact: Fact) -> Iterator[ox.Triple]:
        """A reading of the same fact, with its rank and reason, whether it agrees or not."""
        node = claim.node if isinstance(claim.node, ox.NamedNode) else self._node(claim.node)
        yield ox.Triple(node, TYPE, _ENTITY)
        yield from self._reified(node, (*fact[:2], claim.value))
        yield ox.Triple(node, ox.NamedNode(PROV + "alternateOf"), self._node(fact))
        says = "Says so." if claim.agrees else "Says otherwise."
        yield ox.Triple(node, _COMMENT, ox.Literal(says, language="en"))
        for predicate, value in claim.details:
            yield from self._said(node, predicate, value)
        for each in claim.evidence:
            yield from self._source(node, each)

    def _reified(self, node: ox.NamedNode | ox.BlankNode, fact: Fact) -> Iterator[ox.Triple]:
        yield ox.Triple(node, TYPE, ox.NamedNode(RDF + "Statement"))
        for predicate, term in zip(_REIFIED, fact, strict=True):
            yield from self._said(node, predicate, term)

    def _step(self, step: Step) -> Iterator[ox.Triple]:
        if step.statement in self._told:
            return
        self._told.add(step.statement)
        node = self._node(step.statement)
        yield ox.Triple(node, TYPE, _ENTITY)
        yield from self._reified(node, step.statement)
        for each in step.evidence:
            yield from self._source(node, each)
        if not step.rule:
            return
        activity = ox.BlankNode(f"{node.value}r")
        yield ox.Triple(node, ox.NamedNode(PROV + "wasGeneratedBy"), activity)
        yield ox.Triple(activity, TYPE, ox.NamedNode(PROV + "Activity"))
        yield ox.Triple(activity, _LABEL, ox.Literal(step.reason or step.summary, language="en"))
        yield ox.Triple(activity, _COMMENT, ox.Literal(step.summary, language="en"))
        if step.spec:
            yield ox.Triple(activity, _SEE, ox.NamedNode(_SPEC + step.spec))
        for part in (*step.premises, *step.axioms):
            yield from self._step(part)
            yield ox.Triple(node, ox.NamedNode(PROV + "wasDerivedFrom"), self._node(part.statement))
            yield ox.Triple(activity, ox.NamedNode(PROV + "used"), self._node(part.statement))

    def _source(self, node: ox.NamedNode | ox.BlankNode, evidence: Evidence) -> Iterator[ox.Triple]:
        """A passage with what is said of it, and what it is a part of by name and kind."""
        yield from self._said(node, ox.NamedNode(PROV + "hadPrimarySource"), evidence.node)
        if isinstance(evidence.node, ox.NamedNode):
            for term in (evidence.node, *(value for _, value in evidence.details)):
                yield from self._known_as(term)
            for predicate, value in evidence.details:
                yield from self._said(evidence.node, predicate, value)

    def _known_as(self, term: Term) -> Iterator[ox.Triple]:
        if isinstance(term, ox.NamedNode):
            for predicate in (_LABEL, TYPE):
                for (_, _, value), asserted in self._view.match(term, predicate, None):
                    if asserted:
                        yield ox.Triple(term, predicate, value)

    def _said(self, subject: ox.NamedNode | ox.BlankNode, predicate: Term, value: Term) -> Iterator[ox.Triple]:
        """A triple; what has no name gets a node of its own, with a label, as its own means nothing outside."""
        if isinstance(value, ox.BlankNode):
            node = self._node(value)
            yield ox.Triple(node, _LABEL, ox.Literal(self._view.label(value), language="en"))
            value = node
        yield ox.Triple(subject, predicate, value)  # type: ignore[arg-type]

    def _node(self, what: object) -> ox.BlankNode:
        return self._nodes.setdefault(what, ox.BlankNode(f"s{len(self._nodes) + 1}"))
