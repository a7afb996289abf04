"""Explanations in PROV-O: each statement an entity, each use of a rule the activity that generated it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from milieu.explain.evidence import Evidence
from milieu.explain.row import RowExplanation
from milieu.explain.view import View
from milieu.explain.why import Explanation, Step
from milieu.namespaces import RDF, RDFS
from milieu.reason.atoms import TYPE, Fact, Term

__all__ = ["PROV", "explanation_turtle", "row_turtle"]

PROV = "http://www.w3.org/ns/prov#"
_SPEC = "https://www.w3.org/TR/owl2-profiles/#"
_REIFIED = tuple(ox.NamedNode(RDF + name) for name in ("subject", "predicate", "object"))


def explanation_turtle(explanation: Explanation, view: View) -> str:
    """An explanation as Turtle.

    A statement is an rdf:Statement and prov:Entity; its passage or source is prov:hadPrimarySource, and it was derived
    from (prov:wasDerivedFrom) its premises.
    """
    return _written(_Provenance(view).explained([explanation]), view)


def row_turtle(explained: RowExplanation, view: View) -> str:
    """The statements that made a row, as Turtle."""
    return _written(_Provenance(view).explained(explained.statements), view)


def _written(triples: Iterable[ox.Triple], view: View) -> str:
    known = {**dict(view.prefixes), "prov": PROV, "rdf": RDF, "rdfs": RDFS}
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
        self._nodes: dict[Fact, ox.BlankNode] = {}

    def explained(self, explanations: Iterable[Explanation]) -> Iterator[ox.Triple]:
        for explanation in explanations:
            if explanation.proof:
                yield from self._step(explanation.proof)
            elif explanation.status == "asserted":
                yield from self._step(Step(explanation.statement, evidence=explanation.evidence))

    def _step(self, step: Step) -> Iterator[ox.Triple]:
        if step.statement in self._nodes:
            return
        node = self._node(step.statement)
        yield ox.Triple(node, TYPE, ox.NamedNode(PROV + "Entity"))
        yield ox.Triple(node, TYPE, ox.NamedNode(RDF + "Statement"))
        for predicate, term in zip(_REIFIED, step.statement, strict=True):
            yield ox.Triple(node, predicate, self._named(term))
        for each in step.evidence:
            yield from self._source(node, each)
        if not step.rule:
            return
        activity = ox.BlankNode(f"{node.value}r")
        yield ox.Triple(node, ox.NamedNode(PROV + "wasGeneratedBy"), activity)
        yield ox.Triple(activity, TYPE, ox.NamedNode(PROV + "Activity"))
        yield ox.Triple(activity, ox.NamedNode(RDFS + "label"), ox.Literal(step.reason or step.summary, language="en"))
        yield ox.Triple(activity, ox.NamedNode(RDFS + "comment"), ox.Literal(step.summary, language="en"))
        if step.spec:
            yield ox.Triple(activity, ox.NamedNode(RDFS + "seeAlso"), ox.NamedNode(_SPEC + step.spec))
        for part in (*step.premises, *step.axioms):
            yield from self._step(part)
            yield ox.Triple(node, ox.NamedNode(PROV + "wasDerivedFrom"), self._node(part.statement))
            yield ox.Triple(activity, ox.NamedNode(PROV + "used"), self._node(part.statement))

    def _source(self, node: ox.BlankNode, evidence: Evidence) -> Iterator[ox.Triple]:
        yield ox.Triple(node, ox.NamedNode(PROV + "hadPrimarySource"), self._named(evidence.node))
        if isinstance(evidence.node, ox.NamedNode):
            for predicate, value in evidence.details:
                yield ox.Triple(evidence.node, predicate, value)  # type: ignore[arg-type]

    def _node(self, fact: Fact) -> ox.BlankNode:
        return self._nodes.setdefault(fact, ox.BlankNode(f"s{len(self._nodes) + 1}"))

    def _named(self, term: Term) -> Term:
        # The nameless classes of the ontology are told in words: their nodes mean nothing outside.
        return ox.Literal(self._view.label(term), language="en") if isinstance(term, ox.BlankNode) else term
