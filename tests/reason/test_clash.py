"""A contradiction is told with its proof, and names the statements of which one must be wrong."""

from pyoxigraph import Literal, NamedNode

from milieu.finding import Severity
from milieu.reason import close, distinct
from milieu.reason.atoms import Term
from reason.ontologies import RULES, asserted, triples

STATEMENTS = [
    ":City owl:disjointWith :Artist .",
    ":livesIn rdfs:range :City .",
    ":kenroku a :Artist .",
    ":maeda :livesIn :kenroku .",
]


def called(term: Term) -> str:
    labels = {"Artist": "artist", "City": "city", "kenroku": "Kenroku", "maeda": "Maeda", "livesIn": "lives in"}
    return labels[term.value.rsplit("/", 1)[-1]] if isinstance(term, NamedNode) else str(term)


def test_the_finding_tells_the_proof_and_the_remedy() -> None:
    (clash,) = close(asserted(triples(*STATEMENTS)), RULES).clashes
    finding = clash.finding(called)

    assert finding.severity is Severity.VIOLATION
    assert finding.code == "clash:disjoint-classes"
    assert finding.message == (
        "Kenroku is a city and an artist, and nothing is both. "
        "Kenroku is a city, because Maeda lives in Kenroku, and whatever is so reached is a city."
    )
    assert finding.remedy == "One of these statements must be wrong: Maeda lives in Kenroku; Kenroku is an artist."
    assert finding.focus == "<http://example.org/kenroku>"


def test_without_labels_the_last_part_of_an_iri_is_told() -> None:
    (clash,) = close(asserted(triples(*STATEMENTS)), RULES).clashes

    assert clash.finding().message.startswith("Kenroku is a City and an Artist, and nothing is both.")


def test_two_lists_that_say_the_same_make_one_clash_each_way_of_premises_only_once() -> None:
    both = [*STATEMENTS, ":Artist owl:disjointWith :City ."]

    assert len(close(asserted(triples(*both)), RULES).clashes) == 1


def test_a_contradiction_in_a_property_without_a_name_is_told() -> None:
    text = ":helps owl:propertyDisjointWith [ owl:inverseOf :harms ] . :tourism :helps :kobe . :kobe :harms :tourism ."
    (clash,) = close(asserted(triples(text)), RULES).clashes

    assert "tourism inverse of harms kobe" in clash.finding().message
    assert sorted(str(triple.predicate) for triple in clash.asserted) == [
        "<http://example.org/harms>",
        "<http://example.org/helps>",
    ]


def test_a_literal_takes_no_part_as_a_subject() -> None:
    text = ':name rdfs:range :Name . :label owl:inverseOf :labelOf . :a :name "A" ; :label "A" .'
    closure = close(asserted(triples(text)), RULES)

    assert [triple for triple in closure.inferred if isinstance(triple.subject, Literal)] == []
    assert len(closure.inferred) == 0


def test_one_mistake_about_difference_is_told_once() -> None:
    found = distinct(close(asserted(triples(":a owl:differentFrom :b .", ":a owl:sameAs :b .")), RULES).clashes)

    assert len({clash.rule for clash in found}) == 1


def test_a_finding_calls_things_by_their_labels() -> None:
    statements = [
        ':City owl:disjointWith :Person ; rdfs:label "city"@en .',
        ':Person rdfs:label "person"@en .',
        ':k a :City, :Person ; rdfs:label "Kanazawa"@en .',
    ]
    (clash,) = close(asserted(triples(*statements)), RULES).clashes

    assert clash.finding().message.startswith("Kanazawa is a city and a person")
