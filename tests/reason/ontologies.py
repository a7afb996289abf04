"""Random small ontologies with data, and what owlrl makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import rdflib
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from milieu.folder import Folder
from milieu.namespaces import ASSERTED, INFERRED
from milieu.reason import read_rules

ROOT = Path(__file__).resolve().parents[2]
RULES = read_rules(Folder(ROOT))
PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_classes = st.sampled_from([f":C{n}" for n in range(5)])
_properties = st.sampled_from([f":p{n}" for n in range(4)])
_things = st.sampled_from([f":i{n}" for n in range(5)])


def _expression(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def listed(parts: list[str]) -> str:
        return f"( {' '.join(parts)} )"

    several = st.lists(inner, min_size=2, max_size=3).map(listed)
    return st.one_of(
        several.map(lambda parts: f"[ a owl:Class ; owl:intersectionOf {parts} ]"),
        several.map(lambda parts: f"[ a owl:Class ; owl:unionOf {parts} ]"),
        st.lists(_things, min_size=1, max_size=2).map(lambda parts: f"[ a owl:Class ; owl:oneOf {listed(parts)} ]"),
        st.tuples(_properties, inner).map(
            lambda t: f"[ a owl:Class ; owl:onProperty {t[0]} ; owl:someValuesFrom {t[1]} ]"
        ),
        st.tuples(_properties, inner).map(
            lambda t: f"[ a owl:Class ; owl:onProperty {t[0]} ; owl:allValuesFrom {t[1]} ]"
        ),
        st.tuples(_properties, _things).map(lambda t: f"[ a owl:Class ; owl:onProperty {t[0]} ; owl:hasValue {t[1]} ]"),
        _properties.map(lambda p: f"[ a owl:Class ; owl:onProperty {p} ; owl:someValuesFrom owl:Thing ]"),
    )


class_expressions = st.recursive(_classes, _expression, max_leaves=4)
_steps = st.one_of(_properties, _properties.map(lambda p: f"[ owl:inverseOf {p} ]"))

# owlrl knows of a class or a property what is true of any only when it is declared.
_DECLARATIONS = [f":C{n} a owl:Class ." for n in range(5)] + [f":p{n} a owl:ObjectProperty ." for n in range(4)]
# Each kind of axiom with its frequency: those an ontology is mostly made of come more often.
_axioms = st.one_of(
    st.tuples(_classes, class_expressions).map(lambda t: f"{t[0]} rdfs:subClassOf {t[1]} ."),
    st.tuples(_classes, class_expressions).map(lambda t: f"{t[0]} owl:equivalentClass {t[1]} ."),
    st.tuples(class_expressions.filter(lambda c: c[0] == "["), _classes).map(
        lambda t: f"{t[0]} rdfs:subClassOf {t[1]} ."
    ),
    st.tuples(_properties, _properties).map(lambda t: f"{t[0]} rdfs:subPropertyOf {t[1]} ."),
    st.tuples(_properties, _properties).map(lambda t: f"{t[0]} owl:inverseOf {t[1]} ."),
    st.tuples(_properties, _properties).map(lambda t: f"{t[0]} owl:equivalentProperty {t[1]} ."),
    st.tuples(_properties, class_expressions).map(lambda t: f"{t[0]} rdfs:domain {t[1]} ."),
    st.tuples(_properties, class_expressions).map(lambda t: f"{t[0]} rdfs:range {t[1]} ."),
    st.tuples(_properties, st.lists(_steps, min_size=2, max_size=3)).map(
        lambda t: f"{t[0]} owl:propertyChainAxiom ( {' '.join(t[1])} ) ."
    ),
    st.tuples(_properties, st.sampled_from(["Transitive", "Symmetric", "Functional", "InverseFunctional"])).map(
        lambda t: f"{t[0]} a owl:{t[1]}Property ."
    ),
    st.tuples(_classes, _properties, _classes).map(
        lambda t: (
            f"{t[0]} rdfs:subClassOf [ owl:onProperty {t[1]} ; owl:onClass {t[2]} ; owl:maxQualifiedCardinality 1 ] ."
        )
    ),
)
_keys = st.tuples(_classes, st.lists(_properties, min_size=1, max_size=2, unique=True)).map(
    lambda t: f"{t[0]} owl:hasKey ( {' '.join(t[1])} ) ."
)
_exclusions = st.one_of(
    st.tuples(_classes, _classes).map(lambda t: f"{t[0]} owl:disjointWith {t[1]} ."),
    st.lists(_classes, min_size=2, max_size=3, unique=True).map(
        lambda t: f"[] a owl:AllDisjointClasses ; owl:members ( {' '.join(t)} ) ."
    ),
    st.tuples(_properties, _properties).map(lambda t: f"{t[0]} owl:propertyDisjointWith {t[1]} ."),
    st.tuples(_properties, st.sampled_from(["Irreflexive", "Asymmetric"])).map(
        lambda t: f"{t[0]} a owl:{t[1]}Property ."
    ),
    st.tuples(_classes, _classes).map(lambda t: f"{t[0]} rdfs:subClassOf [ owl:complementOf {t[1]} ] ."),
    st.tuples(_classes, _properties).map(
        lambda t: f"{t[0]} rdfs:subClassOf [ owl:onProperty {t[1]} ; owl:maxCardinality 0 ] ."
    ),
    st.tuples(_things, _things).map(lambda t: f"{t[0]} owl:differentFrom {t[1]} ."),
)
_data = st.one_of(
    st.tuples(_things, _classes).map(lambda t: f"{t[0]} a {t[1]} ."),
    st.tuples(_things, _properties, _things).map(lambda t: f"{t[0]} {t[1]} {t[2]} ."),
    st.tuples(_things, _properties, _things).map(lambda t: f"{t[0]} {t[1]} {t[2]} ."),
)
_same = st.tuples(_things, _things).map(lambda t: f"{t[0]} owl:sameAs {t[1]} .")


def documents(*, keys: bool = False) -> st.SearchStrategy[tuple[list[str], list[str]]]:
    """An ontology and data, each a list of Turtle statements.

    Keys are left out unless asked for: owlrl takes a thing without a value for one that has every value.
    """
    axioms = st.one_of(_axioms, _axioms, _axioms, _exclusions, *([_keys] if keys else []))
    data = st.one_of(_data, _data, _data, _data, _same)
    return st.tuples(
        st.lists(axioms, min_size=1, max_size=7).map(lambda some: [*_DECLARATIONS, *some]),
        st.lists(data, min_size=2, max_size=10),
    )


def triples(*statements: str) -> list[Triple]:
    """The triples of some Turtle statements."""
    return [quad.triple for quad in parse((PREFIXES + "\n".join(statements)).encode(), format=RdfFormat.TURTLE)]


def asserted(some: Iterable[Triple]) -> Store:
    """A store that asserts some triples."""
    from milieu.reason.atoms import in_graph

    store = Store()
    store.extend(in_graph(triple, NamedNode(ASSERTED)) for triple in some)
    return store


def inferred(store: Store) -> set[str]:
    """What is in the inferred graph of a store."""
    return {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, NamedNode(INFERRED))}


def by_owlrl(some: Iterable[Triple]) -> tuple[set[str], bool]:
    """What owlrl infers from some triples, and whether it finds a contradiction."""
    import owlrl

    graph = rdflib.Graph()
    graph.parse(data="".join(f"{triple} .\n" for triple in some), format="nt")
    before = set(graph)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(graph)
    errors = {
        str(obj) for obj in graph.objects(None, rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error"))
    }
    return {" ".join(term.n3() for term in triple) for triple in set(graph) - before}, bool(errors)


def is_noise(line: str) -> bool:
    """Whether a triple is one that owlrl gives and we leave out on purpose; `docs/reasoning.md` tells why.

    - a literal as its subject
    - something said of a nameless class, or of a nameless property
    - that a thing is the same as itself, a class below or equivalent to itself, a property likewise
    - anything about owl:Thing and owl:Nothing
    - what holds in every graph: that xsd:date is a datatype, that xsd:boolean and xsd:decimal have nothing in common
    """
    subject, predicate, obj = re.fullmatch(r'("[^"]*"\S*|\S+) (\S+) (.*)', line).groups()  # type: ignore[union-attr]
    reflexive = {"sameAs>", "subClassOf>", "subPropertyOf>", "equivalentClass>", "equivalentProperty>"}
    return (
        subject.startswith('"')
        or "_:" in (subject[:2], predicate[:2], obj[:2])
        or (subject == obj and predicate.rsplit("#")[-1] in reflexive)
        or "owl#Thing>" in line
        or "owl#Nothing>" in line
        or "/www.w3.org/" in subject
        or "owl#error" in line
    )
