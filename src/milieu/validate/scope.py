"""Step 3, scope: a contribution brings data; what would change ontology, shapes or others' evidence is refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import pyoxigraph as ox

from milieu.finding import Finding
from milieu.namespaces import ASSERTED, DCTERMS, OWL, RDF, RDFS, SH, SKOS, VANN, XSD
from milieu.validate.case import Case
from milieu.validate.schema import Schema, space_of

__all__ = ["BEYOND", "check_scope"]

BEYOND = frozenset(
    [
        *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range", "isDefinedBy", "member")),
        *(
            OWL + name
            for name in re.findall(
                r"\w+",
                """
                imports sameAs differentFrom equivalentClass equivalentProperty inverseOf disjointWith
                propertyDisjointWith disjointUnionOf unionOf intersectionOf complementOf oneOf onProperty
                hasValue someValuesFrom allValuesFrom hasKey propertyChainAxiom members distinctMembers
                cardinality minCardinality maxCardinality qualifiedCardinality minQualifiedCardinality
                maxQualifiedCardinality onClass onDataRange onDatatype withRestrictions versionIRI
                priorVersion deprecated sourceIndividual assertionProperty targetIndividual targetValue
                hasSelf
                """,
            )
        ),
    ]
)
"""Predicates that only an ontology has."""
_SCHEMA_CLASSES = frozenset(
    [
        RDF + "Property",
        RDFS + "Class",
        RDFS + "Datatype",
        *(
            OWL + name
            for name in re.findall(
                r"\w+",
                """
                Class ObjectProperty DatatypeProperty AnnotationProperty Ontology Restriction
                TransitiveProperty SymmetricProperty AsymmetricProperty ReflexiveProperty IrreflexiveProperty
                FunctionalProperty InverseFunctionalProperty AllDisjointClasses AllDisjointProperties
                AllDifferent OntologyProperty NegativePropertyAssertion DeprecatedClass DeprecatedProperty
                DataRange
                """,
            )
        ),
    ]
)


def check_scope(case: Case) -> Iterator[Finding]:
    """Findings for triples that reach beyond data, each naming what it would change."""
    witnesses = frozenset(kind[1:-1] for of in case.demands.targets(f"<{_SOURCE}>") for kind in of.classes)
    for triple in case.triples:
        reason = _reason(triple, case.schema) or _rewriting(triple, case) or _tampering(triple, case.schema, witnesses)
        if reason:
            yield case.say(*reason, triple, case.spot(triple))


def _reason(triple: ox.Triple, schema: Schema) -> tuple[str, str, str] | None:
    compact = schema.prefixes.compact
    predicate = triple.predicate.value
    subject = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else None
    if predicate.startswith(SH):
        return (
            "changes-shapes",
            f"{compact(predicate)} belongs to shapes, which a contribution cannot change.",
            _PROPOSE,
        )
    if predicate in BEYOND:
        return "changes-ontology", f"{compact(predicate)} would change the ontology or merge things.", _PROPOSE
    if predicate == f"{RDF}type" and isinstance(triple.object, ox.NamedNode):
        kind = triple.object.value
        if kind in _SCHEMA_CLASSES or kind.startswith(SH):
            return "changes-ontology", f"A contribution cannot declare a new {compact(kind)}.", _PROPOSE
    if subject is not None and _is_protected(subject, schema):
        message = f"{compact(subject)} belongs to the ontology; a contribution cannot describe it."
        return "changes-ontology", message, _PROPOSE
    return None


def _rewriting(triple: ox.Triple, case: Case) -> tuple[str, str, str] | None:
    """What would change the evidence of others; a witness more for a statement takes nothing from the first.

    Who adds one says what it bears witness to, so that it is never added by a slip of the name.
    """
    node = triple.subject
    if not isinstance(node, ox.NamedNode) or f"{OWL}Axiom" not in case.schema.types(node.value):
        return None
    if case.schema.states(triple):
        return None
    message = f"{case.schema.prefixes.compact(node.value)} is evidence that is in the graph already."
    if triple.predicate.value != _SOURCE:
        return "changes-evidence", message, "Nothing but another dcterms:source can be added to it."
    parts = {part.value: str(term) for _, part, term in case.schema.store.match([(node, None, None)], ASSERTED)}
    said = {t.predicate.value for t in case.placed.about[str(node)] if case.schema.states(t)}
    if said >= set(_PARTS):
        return None
    written = " ; ".join(
        f"{case.schema.prefixes.compact(part)} {case.demands.written(parts[part])}" for part in _PARTS if part in parts
    )
    source = case.demands.compact(str(triple.object))
    remedy = f"To add another witness to it: [] a owl:Axiom ; {written} ; dcterms:source {source} ."
    return "changes-evidence", message, remedy


def _tampering(triple: ox.Triple, schema: Schema, witnesses: Collection[str]) -> tuple[str, str, str] | None:
    """What would change where the statements of others come from."""
    if not isinstance(triple.subject, ox.NamedNode) or f"{OWL}Axiom" in schema.types(triple.subject.value):
        return None
    if schema.states(triple):
        return None
    subject, name = triple.subject.value, schema.prefixes.compact(triple.subject.value)
    if witnesses and triple.predicate.value == _SOURCE and schema.types(subject):
        message = f"A source for all that the graph says of {name} would also vouch for what others said."
        return "changes-evidence", message, "Give your own statements evidence of their own: [] a owl:Axiom ; …"
    if any(schema.is_a(subject, kind) for kind in witnesses):
        message = f"{name} is cited as evidence already; what it is cannot be changed."
        return "changes-evidence", message, "Describe a source or passage of your own."
    return None


def _is_protected(iri: str, schema: Schema) -> bool:
    """Whether a name is for the ontology, or for vocabularies of others, to speak of."""
    if iri in schema.classes or iri in schema.properties or space_of(iri) in schema.term_spaces:
        return True
    return iri.startswith(_FOREIGN) or f"{OWL}Ontology" in schema.types(iri)


_SOURCE = f"{DCTERMS}source"
_PARTS = tuple(OWL + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
_FOREIGN = (RDF, RDFS, OWL, XSD, SH, SKOS, DCTERMS, VANN)
_PROPOSE = "Leave it out; changes of the ontology are proposed as a change of its files."
