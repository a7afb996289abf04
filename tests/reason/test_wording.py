"""Class expressions and statements of the ontology in plain words."""

import pytest
from pyoxigraph import NamedNode

from milieu.reason import Program
from milieu.reason.wording import described, local_name
from reason.ontologies import RULES, triples


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("[ owl:onProperty :has ; owl:someValuesFrom :Cafe ]", "thing that has some Cafe"),
        ("[ owl:onProperty :has ; owl:allValuesFrom :Cafe ]", "thing that has nothing but Cafe"),
        ("[ owl:onProperty :in ; owl:hasValue :japan ]", "thing that in japan"),
        ("[ owl:onProperty :has ; owl:maxCardinality 2 ]", "thing that has at most 2"),
        (
            "[ owl:onProperty :has ; owl:onClass :Cafe ; owl:maxQualifiedCardinality 1 ]",
            "thing that has at most 1 Cafe",
        ),
        ("[ owl:intersectionOf ( :City :Port ) ]", "City and Port"),
        (
            "[ owl:intersectionOf ( :City [ owl:onProperty :in ; owl:hasValue :japan ] "
            "[ owl:onProperty :has ; owl:someValuesFrom :Cafe ] ) ]",
            "City that in japan and has some Cafe",
        ),
        ("[ owl:unionOf ( :City [ owl:complementOf :Port ] ) ]", "City or (thing that is no Port)"),
        ("[ owl:oneOf ( :tokyo :paris ) ]", "one of tokyo, paris"),
        ("[ owl:onProperty [ owl:inverseOf :in ] ; owl:someValuesFrom :Cafe ]", "thing that inverse of in some Cafe"),
        ("[ owl:disjointWith :Port ]", "something"),
    ],
)
def test_a_class_expression_is_told_in_words(expression: str, words: str) -> None:
    axioms = triples(f"{expression} rdfs:subClassOf :Known .")
    program = Program.of(RULES, axioms)
    node = next(triple.subject for triple in axioms if triple.object == NamedNode("http://example.org/Known"))

    assert described(program.schema, local_name)(node) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("noun", "expected"),
    [("artist", "an artist"), ("university", "a university"), ("uninhabited place", "an uninhabited place")],
)
def test_a_noun_has_the_article_of_its_sound(noun: str, expected: str) -> None:
    from milieu.reason.wording import with_article

    assert with_article(noun) == expected


def test_an_article_inside_a_label_is_left_alone() -> None:
    from pyoxigraph import Literal, NamedNode

    from milieu.reason.atoms import TYPE
    from milieu.reason.wording import sentence

    names = {NamedNode("urn:x"): "Vitamin A is", NamedNode("urn:c"): "list a or b"}

    assert (
        sentence((NamedNode("urn:x"), TYPE, NamedNode("urn:c")), lambda t: names[t]) == "Vitamin A is is a list a or b"
    )
    assert sentence((NamedNode("urn:x"), NamedNode("urn:p"), Literal("x")), lambda t: "plan a is") == (
        "plan a is plan a is plan a is"
    )
