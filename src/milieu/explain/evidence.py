"""What a statement rests on: its passages and sources, and the claims that speak of the same thing.

Evidence is plain OWL (DESIGN of a folder's data): an `owl:Axiom` annotates one statement with its `dcterms:source`; a
`dcterms:source` on a node covers the statements whose subject it is, unless one has its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from milieu.explain.view import View
from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS
from milieu.reason.atoms import TYPE, Fact, Term

__all__ = ["Claim", "ClaimTerms", "Evidence", "claims", "evidence"]

_SOURCE = ox.NamedNode(DCTERMS + "source")
_ANNOTATED = tuple(ox.NamedNode(OWL + name) for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
_SUBPROPERTY = ox.NamedNode(RDFS + "subPropertyOf")
_NAMING = {RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", RDF + "type", DCTERMS + "source"}


@dataclass(frozen=True)
class Evidence:
    """A passage or source: what is said of it, and of the source that it is a part of.

    `own` tells whether the statement has it for itself, or by way of its subject.
    """

    node: Term
    own: bool = field(compare=False)
    details: tuple[tuple[Term, Term], ...] = ()


@dataclass(frozen=True)
class Claim:
    """One reading of a fact on which sources disagree: its node, its value, what else is said of it, its evidence."""

    node: Term
    value: Term
    agrees: bool
    details: tuple[tuple[Term, Term], ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class ClaimTerms:
    """The properties by which a claim names the subject, the property and the value of a statement."""

    subject: ox.NamedNode
    predicate: ox.NamedNode
    value: ox.NamedNode

    @classmethod
    def of(cls, view: View) -> ClaimTerms | None:
        """Those of a graph; None when it has none.

        They are declared below rdf:subject, rdf:predicate and rdf:object, or called claimSubject, claimProperty and
        claimValue.
        """
        below = [_declared(view, RDF + name) for name in ("subject", "predicate", "object")]
        called = [_called(view, name) for name in ("claimSubject", "claimProperty", "claimValue")]
        found = [one or other for one, other in zip(below, called, strict=True)]
        return cls(*found) if all(found) else None  # type: ignore[arg-type]


def evidence(view: View, fact: Fact) -> tuple[Evidence, ...]:
    """The evidence of an asserted statement: its own, else that of its subject."""
    own = [
        source
        for (axiom, _, _), _ in view.match(None, _ANNOTATED[0], fact[0])
        if _has(view, axiom, _ANNOTATED[1], fact[1]) and _has(view, axiom, _ANNOTATED[2], fact[2])
        for (_, _, source), _ in view.match(axiom, _SOURCE, None)
    ]
    shared = [source for (_, _, source), _ in view.match(fact[0], _SOURCE, None)] if not own else []
    return tuple(Evidence(node, bool(own), tuple(details(view, node))) for node in sorted(set(own or shared), key=str))


def claims(view: View, fact: Fact, names: ClaimTerms | None) -> tuple[Claim, ...]:
    """The claims about the subject and property of a statement, those that say otherwise first."""
    if names is None:
        return ()
    hidden = {names.subject, names.predicate, names.value}
    found = []
    for (node, _, _), _ in view.match(None, names.subject, fact[0]):
        if not _has(view, node, names.predicate, fact[1]):
            continue
        for (_, _, value), _ in view.match(node, names.value, None):
            sources = evidence(view, (node, names.value, value))
            told = tuple(pair for pair in details(view, node) if pair[0] not in hidden)
            found.append(Claim(node, value, value == fact[2], told, sources))
    return tuple(sorted(found, key=lambda claim: (claim.agrees, str(claim.node))))


def details(view: View, node: Term) -> Iterator[tuple[Term, Term]]:
    """What is asserted of a node, names and evidence apart: pairs of property and value, sorted."""
    pairs = [
        (predicate, obj)
        for (_, predicate, obj), asserted in view.match(node, None, None)
        if asserted and isinstance(predicate, ox.NamedNode) and predicate.value not in _NAMING
    ]
    yield from sorted(pairs, key=lambda pair: (view.label(pair[0]), str(pair[1])))


def _has(view: View, subject: Term, predicate: Term, obj: Term) -> bool:
    return any(True for _ in view.match(subject, predicate, obj))


def _declared(view: View, iri: str) -> Term | None:
    return next((term for (term, _, _), _ in view.match(None, _SUBPROPERTY, ox.NamedNode(iri))), None)


def _called(view: View, name: str) -> Term | None:
    kinds = (OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty", RDF + "Property")
    for kind in kinds:
        for (term, _, _), _ in view.match(None, TYPE, ox.NamedNode(kind)):
            if isinstance(term, ox.NamedNode) and term.value.endswith((f"#{name}", f"/{name}")):
                return term
    return None
