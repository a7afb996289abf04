"""Triple patterns over RDF terms: what rules are made of."""

from __future__ import annotations

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from milieu.namespaces import OWL, RDF, RDFS

__all__ = ["TYPE", "Atom", "Fact", "Slot", "Term", "in_graph", "is_schema", "statement", "terms", "variables"]

TYPE = NamedNode(RDF + "type")
Term = NamedNode | BlankNode | Literal
Slot = Term | str
"""A place in a pattern: a term, or the name of a variable."""
Atom = tuple[Slot, Slot, Slot]
Fact = tuple[Term, Term, Term]
"""Something that holds. It need not be a triple: rules also speak of properties that have no name."""

_ABOUT_SCHEMA = {RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range"}
_ABOUT_SCHEMA |= {RDF + "first", RDF + "rest"}
_ABOUT_THINGS = {OWL + name for name in ("sameAs", "differentFrom", "deprecated", "versionInfo", "topObjectProperty")}
_ABOUT_THINGS |= {OWL + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget")}
_KINDS_OF_THINGS = {OWL + name for name in ("Thing", "Nothing", "NamedIndividual", "Axiom", "Annotation")}


def is_schema(predicate: Slot, obj: Slot) -> bool:
    """Whether a triple with this predicate and object is about the ontology rather than about things in the world.

    >>> is_schema(NamedNode(RDFS + "subClassOf"), "c"), is_schema(NamedNode(OWL + "sameAs"), "x")
    (True, False)
    """
    if not isinstance(predicate, NamedNode):
        return False
    iri = predicate.value
    if iri == TYPE.value:
        kind = obj.value if isinstance(obj, NamedNode) else ""
        return kind.startswith((OWL, RDFS)) and kind not in _KINDS_OF_THINGS
    return iri in _ABOUT_SCHEMA or (iri.startswith(OWL) and iri not in _ABOUT_THINGS)


def variables(atom: Atom) -> list[str]:
    """The variables of a pattern, in the order of its places.

    >>> variables(("x", TYPE, "c"))
    ['x', 'c']
    """
    return [slot for slot in atom if isinstance(slot, str)]


def statement(subject: Term, predicate: Term, obj: Term) -> Triple:
    """The triple of three terms, of which the first is no literal and the second an IRI."""
    return Triple(subject, predicate, obj)  # type: ignore[arg-type]


def terms(triple: Triple | Quad) -> tuple[NamedNode | BlankNode, NamedNode, Term]:
    """The three terms of a triple; none of them is a triple, since those are refused at the door."""
    return triple.subject, triple.predicate, triple.object  # type: ignore[return-value]


def in_graph(triple: Triple, graph: NamedNode | DefaultGraph) -> Quad:
    """The triple as a member of a graph.

    >>> str(in_graph(Triple(TYPE, TYPE, TYPE), NamedNode("http://example.org/g")).graph_name)
    '<http://example.org/g>'
    """
    return Quad(triple.subject, triple.predicate, triple.object, graph)
