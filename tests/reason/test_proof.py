"""A proof ends at asserted statements, is as shallow as can be and never uses what it proves."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from milieu.reason import Proof, close
from milieu.reason.atoms import terms
from milieu.reason.wording import described, local_name, reason, sentence
from reason.ontologies import RULES, asserted, documents, triples

PARTS = [
    ":in a owl:TransitiveProperty .",
    ":higashi :in :kanazawa .",
    ":kanazawa :in :ishikawa .",
    ":ishikawa :in :japan .",
]

PORT = ":Port owl:equivalentClass [ owl:intersectionOf ( :City [ owl:onProperty :at ; owl:someValuesFrom :Sea ] ) ] ."


def prove(statements: list[str], conclusion: str) -> Proof:
    closure = close(asserted(triples(*statements)), RULES)
    proof = closure.prover.prove(triples(conclusion)[0])
    assert proof is not None
    return proof


def told(proof: Proof) -> list[str]:
    return [f"{sentence(proof.conclusion, local_name)} [{proof.rule}]"] + [
        f"  {line}" for part in proof.premises for line in told(part)
    ]


def test_an_asserted_statement_is_its_own_proof() -> None:
    assert prove([":City rdfs:subClassOf :Place .", ":kobe a :City, :Place ."], ":kobe a :Place .").rule is None


def test_a_statement_without_ground_has_no_proof() -> None:
    closure = close(asserted(triples(*PARTS)), RULES)

    assert closure.prover.prove(triples(":japan :in :higashi .")[0]) is None


def test_a_long_way_is_proved_by_halves() -> None:
    proof = prove(PARTS, ":higashi :in :japan .")

    assert told(proof)[0] == "higashi in japan [transitive]"
    assert proof.depth == 2
    assert [sentence(terms(triple), local_name) for triple in proof.asserted()] == [
        "higashi in kanazawa",
        "kanazawa in ishikawa",
        "ishikawa in japan",
    ]


def test_the_way_with_fewer_statements_is_taken() -> None:
    proof = prove(
        [
            PORT,
            ":HarbourCity rdfs:subClassOf :Port .",
            ":kobe a :City, :HarbourCity ; :at :inland-sea . :inland-sea a :Sea .",
        ],
        ":kobe a :Port .",
    )

    assert told(proof) == ["kobe is a Port [subclass]", "  kobe is a HarbourCity [None]"]


def test_a_defined_class_is_proved_through_its_nameless_parts() -> None:
    closure = close(
        asserted(
            triples(
                PORT,
                ":kobe a :City ; :at :inland-sea . :inland-sea a :Sea .",
            )
        ),
        RULES,
    )
    proof = closure.prover.prove(triples(":kobe a :Port .")[0])
    assert proof is not None
    name = described(closure.program.schema, local_name)

    assert sentence(proof.premises[0].conclusion, name) == "kobe is a City that at some Sea"
    assert [sentence(terms(triple), name) for triple in proof.asserted()] == [
        "kobe is a City",
        "kobe at inland-sea",
        "inland-sea is a Sea",
    ]


def test_an_inferred_axiom_is_proved_too() -> None:
    statements = [":Town rdfs:subClassOf :City .", ":City rdfs:subClassOf :Place .", ":higashi a :Town ."]
    proof = prove(statements, ":Town rdfs:subClassOf :Place .")

    assert proof.rule == "subclass-transitive"
    assert [sentence(axiom.conclusion, local_name) for axiom in proof.axioms] == [
        "Town is a kind of City",
        "City is a kind of Place",
    ]


def test_the_reason_is_told_in_plain_words() -> None:
    proof = prove([":mayor rdfs:domain :City .", ":kanazawa :mayor :murayama ."], ":kanazawa a :City .")
    rule = next(rule for rule in RULES if rule.name == proof.rule)
    words = reason(rule, proof.values or {}, [part.conclusion for part in proof.premises], local_name)

    assert words == "kanazawa mayor murayama, and whatever does so is a City"


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(documents(keys=True))
def test_every_inferred_statement_has_a_sound_proof(document: tuple[list[str], list[str]]) -> None:
    given_triples = triples(*document[0], *document[1])
    closure = close(asserted(given_triples), RULES)
    for triple in closure.inferred:
        proof = closure.prover.prove(triple)

        assert proof is not None
        assert proof.rule is not None
        assert set(map(str, proof.asserted())) <= set(map(str, given_triples))
        assert_no_circle(proof, ())


def assert_no_circle(proof: Proof, above: tuple[object, ...]) -> None:
    assert proof.conclusion not in above
    for part in (*proof.premises, *proof.axioms):
        assert_no_circle(part, (*above, proof.conclusion))


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(documents(keys=True))
def test_the_asserted_statements_of_a_proof_suffice(document: tuple[list[str], list[str]]) -> None:
    axioms, data = triples(*document[0]), triples(*document[1])
    closure = close(asserted([*axioms, *data]), RULES)
    for triple in list(closure.inferred)[:5]:
        proof = closure.prover.prove(triple)
        assert proof is not None
        again = close(asserted({*axioms, *proof.asserted()}), RULES)

        assert str(triple) in set(map(str, again.inferred)) | set(map(str, axioms))


def test_what_follows_about_the_ontology_counts_as_a_step() -> None:
    proof = prove([":Town owl:equivalentClass :City .", ":kanazawa a :Town ."], ":kanazawa a :City .")

    assert (proof.rule, proof.depth, [axiom.rule for axiom in proof.axioms]) == ("equivalent-class-up", 1, [None])


def test_a_member_of_a_part_of_a_union_is_proved_by_the_union() -> None:
    proof = prove([":Settlement owl:unionOf ( :City :Village ) .", ":k a :City ."], ":k a :Settlement .")

    assert (proof.rule, proof.depth) == ("union", 1)


def test_a_property_that_is_its_own_inverse_is_named_in_the_proof() -> None:
    proof = prove([":twin owl:inverseOf :twin .", ":a :twin :b ."], ":b :twin :a .")

    assert [sentence(axiom.conclusion, local_name) for axiom in proof.axioms] == ["twin is the inverse of twin"]
