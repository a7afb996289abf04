"""Every node has a known class, every statement its evidence, every name its owner."""

import pytest

from milieu.validate.contribution import Contribution
from milieu.validate.gate import examine


def test_a_node_without_a_class_is_refused_with_the_class_its_name_speaks_for(judge) -> None:
    finding = judge('firm:new rdfs:label "New"@en .').only

    assert finding.code == "untyped"
    assert finding.remedy == "Say what kind of thing it is: firm:new a mil:Firm ."


def test_a_node_of_an_invented_class_is_refused(judge) -> None:
    assert judge('city:new a mil:Xyzzy ; rdfs:label "New"@en .').said == [("unknown-class", "mil:Xyzzy")]


def test_a_statement_about_a_known_thing_needs_evidence_of_its_own(judge) -> None:
    judged = judge("city:sapporo mil:practises craft:kutani-ware .")

    assert judged.said == [("no-evidence", "city:sapporo mil:practises craft:kutani-ware .")]
    assert judged.only.remedy == (
        "Give it evidence of its own: [] a owl:Axiom ; owl:annotatedSource city:sapporo ; "
        "owl:annotatedProperty mil:practises ; owl:annotatedTarget craft:kutani-ware ; dcterms:source source:gazette ."
    )


def test_evidence_for_the_statement_satisfies(judge) -> None:
    judged = judge(
        "city:sapporo mil:practises craft:kutani-ware . [] a owl:Axiom ; owl:annotatedSource city:sapporo ; "
        "owl:annotatedProperty mil:practises ; owl:annotatedTarget craft:kutani-ware ; dcterms:source source:gazette ."
    )

    assert judged.findings == []


def test_one_statement_of_several_is_pointed_at_from_its_predicate_on(judge) -> None:
    judged = judge('city:sapporo rdfs:label "Sapporo"@de ; mil:practises craft:kutani-ware .')

    assert judged.said == [("no-evidence", "mil:practises craft:kutani-ware")]


@pytest.mark.parametrize(
    "said",
    [
        'rdfs:comment "A dump, says nobody."@en',
        "rdfs:seeAlso <http://spam.example/buy>",
        'skos:altLabel "Dump"@en',
        'skos:definition "A dump."@en',
        'foaf:name "Dump"',
    ],
)
@pytest.mark.parametrize("thing", ["city:kanazawa", "field:design"])
def test_whatever_is_said_of_a_known_thing_needs_evidence(judge, thing, said) -> None:
    assert ("no-evidence", f"{thing} {said} .") in judge(f"{thing} {said} .").said


def test_a_name_in_another_language_needs_no_evidence(judge) -> None:
    assert judge('city:kanazawa rdfs:label "Канадзава"@ru .', with_source=False).codes == []


@pytest.mark.parametrize("language", ["en-GB", "ja-Latn"])
def test_a_name_in_a_language_that_has_one_needs_evidence(judge, language) -> None:
    statement = f'city:kanazawa rdfs:label "Dump"@{language} .'

    assert judge(statement, with_source=False).said == [("no-evidence", statement)]


@pytest.mark.parametrize("statement", ["a mil:Topic", "a mil:River", 'rdfs:label "Dump"@en'])
def test_a_second_class_or_name_is_a_mistake_and_not_told_to_be_proved(judge, statement) -> None:
    judged = judge(f"city:kanazawa {statement} .", with_source=False)

    assert not [code for code in judged.codes if code == "no-evidence"]
    assert "violation" in {finding.severity.word for finding in judged.findings}


def test_a_new_thing_brings_its_names_and_definition_without_evidence(judge) -> None:
    about = 'concept:new a mil:Concept ; rdfs:label "New"@en ; skos:altLabel "Newer"@en ; skos:definition "A thing."@en'
    judged = judge(f'{about} ; rdfs:comment "Nobody said so."@en .')

    assert "no-evidence" not in judge(f"{about} .").codes
    assert "no-evidence" in judged.codes


def test_a_second_witness_joins_the_evidence_there_is(kg, judge) -> None:
    row = next(
        iter(
            kg.sparql(
                """SELECT ?e ?s ?p ?v WHERE { ?e a owl:Axiom ; owl:annotatedSource ?s ; owl:annotatedProperty ?p ;
                owl:annotatedTarget ?v FILTER(ISIRI(?v)) } ORDER BY ?e LIMIT 1"""
            ).rows
        )
    )
    parts = f"owl:annotatedSource <{row['s']}> ; owl:annotatedProperty <{row['p']}> ; owl:annotatedTarget <{row['v']}>"
    examined = examine(
        kg.folder,
        kg.build,
        [Contribution.of(judge(f"[] a owl:Axiom ; {parts} ; dcterms:source source:gazette .").text)],
    )

    assert [finding.code for finding in examined.report] == []
    assert [name.value for name in examined.named.values()] == [row["e"]]


def test_a_witness_is_not_added_without_saying_of_what(judge) -> None:
    finding = judge("evidence:6d9d4bee4e98770c dcterms:source source:geonames .", with_source=False).only
    advice = finding.remedy.removeprefix("To add another witness to it: ")

    assert finding.code == "changes-evidence"
    assert advice.startswith("[] a owl:Axiom ; owl:annotatedSource ")
    assert judge(advice, with_source=False).findings == []


def test_evidence_of_its_own_does_not_hide_the_source_that_the_thing_has(judge) -> None:
    text = (
        "[] a owl:Axiom ; owl:annotatedSource city:sapporo ; owl:annotatedProperty mil:partOf ; "
        "owl:annotatedTarget country:japan ; dcterms:source {} ."
    )
    judged = judge(text.format("source:gazette"))

    assert judged.said == [("changes-evidence", "source:gazette")]
    assert judged.only.remedy == "Name both: dcterms:source source:geonames, source:gazette ."
    assert judge(text.format(judged.only.fix.text)).findings == []


def test_a_new_thing_without_a_source_is_told_once(judge) -> None:
    judged = judge('craft:new a mil:Craft ; rdfs:label "New"@en ; mil:originatesIn city:osaka ; mil:order 2 .')

    assert [code for code in judged.codes if code != "sh:minCount"] in (
        ["no-evidence"],
        ["sh:or"],
        ["no-evidence", "sh:or"],
    )


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("mil:City rdfs:subClassOf mil:Firm .", "changes-ontology"),
        ("city:kyoto owl:sameAs city:osaka .", "changes-ontology"),
        ("city:kyoto owl:differentFrom city:osaka .", "changes-ontology"),
        ('<https://w3id.org/milieu/ontology> dcterms:title "Mine"@en .', "changes-ontology"),
        ('rdfs:label rdfs:comment "mine"@en .', "changes-ontology"),
        ("shape:City sh:deactivated true .", "changes-shapes"),
        ("shape:Mine a sh:NodeShape .", "changes-ontology"),
        ("city:kanazawa dcterms:source source:gazette .", "changes-evidence"),
        ("source:sasaki-slides mil:documentKind dockind:news-article .", "changes-evidence"),
        ("passage:s003-346-347 mil:lastLine 900 .", "changes-evidence"),
        ('evidence:6d9d4bee4e98770c rdfs:comment "Forged."@en .', "changes-evidence"),
    ],
)
def test_what_is_not_the_contributors_to_say_is_refused_as_a_statement(judge, statement, code) -> None:
    assert (code, statement) in judge(statement).said


def test_evidence_of_others_cannot_be_rewritten(kg, judge) -> None:
    row = next(iter(kg.sparql("SELECT ?e WHERE { ?e a owl:Axiom } ORDER BY ?e LIMIT 1").rows))
    statement = f"<{row['e']}> owl:annotatedTarget 7 ; a owl:Axiom ; owl:annotatedProperty mil:population ."

    assert "changes-evidence" in judge(statement).codes


def test_what_is_refused_is_not_reasoned_from(judge) -> None:
    judged = judge("mil:City rdfs:subClassOf mil:Firm .")

    assert judged.codes == ["changes-ontology"]


def test_classes_that_exclude_each_other_clash_with_the_proof(judge) -> None:
    judged = judge("city:kyoto a mil:River .")
    finding = next(finding for finding in judged.findings if finding.code.startswith("clash:"))

    assert judged.at(finding) == "city:kyoto a mil:River ."
    assert finding.message == "Kyoto is a city and a river, and nothing is both."


def test_a_thing_at_the_place_of_another_is_doubted(judge) -> None:
    judged = judge(
        'city:twin a mil:City ; rdfs:label "Twin"@en ; mil:partOf country:japan ; mil:latitude 36.6 ; '
        "mil:longitude 136.61667 ; dcterms:source source:gazette ."
    )

    assert judged.said == [("looks-like", "36.6")]
    assert judged.only.message == "city:kanazawa (Kanazawa) lies at the same place."


def test_a_reading_that_the_graph_has_rejected_is_doubted(kg, judge) -> None:
    rows = kg.sparql(
        """SELECT ?s ?p ?v WHERE { ?c mil:rank rank:deprecated ; mil:claimSubject ?s ; mil:claimProperty ?p ;
        mil:claimValue ?v FILTER(ISIRI(?v) && STRSTARTS(STR(?p), STR(mil:))) } ORDER BY ?c LIMIT 1"""
    ).rows
    row = next(iter(rows))
    judged = judge(f"<{row['s']}> <{row['p']}> <{row['v']}> .")

    assert "rejected-reading" in judged.codes


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ("owl:annotatedTarget craft:bamboo-craft", "owl:annotatedTarget bamboo"),
        ("owl:annotatedSource city:osaka", "owl:annotatedSource osaka"),
        ("city:osaka mil:practises craft:bamboo-craft", "city:osaka a mil:City ; mil:practises bamboo"),
    ],
)
def test_broken_evidence_and_evidence_of_a_broken_statement_are_told_as_broken_only(judge, whole, broken) -> None:
    text = (
        "city:osaka mil:practises craft:bamboo-craft .\n[] a owl:Axiom ; owl:annotatedSource city:osaka ; "
        "owl:annotatedProperty mil:practises ; owl:annotatedTarget craft:bamboo-craft ; dcterms:source source:gazette ."
    )

    assert judge(text).codes == []
    assert judge(text.replace(whole, broken)).codes == ["syntax"]


def test_evidence_for_a_node_without_a_name_is_told_without_the_digits_of_a_hash(judge) -> None:
    judged = judge(
        "[] a owl:Axiom ; owl:annotatedSource [] ; owl:annotatedProperty mil:population ; owl:annotatedTarget 5 ; "
        "dcterms:source source:gazette ."
    )
    messages = " ".join(finding.message for finding in judged.findings)

    assert "Here stands a node without a name." in messages
    assert "Name a statement's evidence" not in messages
    assert "_:" not in messages


def test_evidence_without_a_name_is_not_called_by_the_digits_it_gets(judge) -> None:
    judged = judge(
        "[] a owl:Axiom ; owl:annotatedSource city:kyoto ; owl:annotatedProperty mil:population ; "
        "owl:annotatedTarget 5 ; dcterms:source source:gazette ."
    )

    assert judged.codes == ["evidence-for-what-is-not-asserted"]
    assert judged.only.message.startswith("Your evidence (mil:population ")
