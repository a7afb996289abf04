"""What is claimed, in sentences, and what would change."""

import milieu


def test_a_contribution_is_read_back_in_sentences_with_its_source(kg, judge) -> None:
    text = judge(
        'city:atlantis a mil:City ; rdfs:label "Atlantis"@en ; mil:partOf country:portugal ; mil:population 12000 ; '
        "mil:latitude 31.5 ; mil:longitude -24.25 ; dcterms:source source:gazette ."
    ).text

    said = kg.validate(text, brief=False).readback

    assert said is not None
    assert said[0].startswith("Atlantis (city:atlantis) is a city, a place that is an urban settlement with a name")
    assert said[1:3] == (
        "Atlantis (city:atlantis) is part of Portugal (country:portugal).",
        "the population of Atlantis (city:atlantis) is 12000.",
    )
    assert "This is said of Atlantis (city:atlantis) according to Gazette (source:gazette)." in said


def test_evidence_stands_behind_the_statement_it_is_for(kg, judge) -> None:
    text = judge(
        "city:sapporo mil:practises craft:kutani-ware . [] a owl:Axiom ; owl:annotatedSource city:sapporo ; "
        "owl:annotatedProperty mil:practises ; owl:annotatedTarget craft:kutani-ware ; dcterms:source source:gazette ."
    ).text
    said = kg.validate(text, brief=False).readback

    assert said is not None
    assert said[0] == (
        "Sapporo (city:sapporo) practises Kutani ware (craft:kutani-ware), according to Gazette (source:gazette)."
    )


def test_what_is_wrong_is_not_read_back(kg) -> None:
    assert kg.validate("city:kanazawa", brief=False).readback is None


HEAD = """@prefix coast: <https://example.org/id/coast/> .
@prefix lh: <https://example.org/lighthouses#> .
@prefix light: <https://example.org/id/light/> .
@prefix keeper: <https://example.org/id/keeper/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def test_queries_whose_answers_would_change_are_told_with_the_rows(lighthouses) -> None:
    report = milieu.open(lighthouses).validate(
        HEAD + 'light:new a lh:Lighthouse ; rdfs:label "New"@en ; lh:height 20 ; lh:standsOn coast:north .', brief=False
    )

    assert report.effects is not None
    [effect] = report.effects
    assert (effect.query, effect.gains, effect.losses) == ("lights-on", 1, 0)
    assert effect.gained == (("light:new", "New", "20"),)


def test_an_answer_changes_by_what_follows_too(lighthouses) -> None:
    report = milieu.open(lighthouses).validate(HEAD + "light:low-rock lh:keptBy keeper:ada .", brief=False)

    assert report.effects is not None
    assert [(effect.query, effect.gained) for effect in report.effects] == [
        ("keepers", (("keeper:ada", "light:low-rock"),))
    ]


def test_queries_that_read_nothing_new_are_not_told(lighthouses) -> None:
    report = milieu.open(lighthouses).validate(HEAD + 'keeper:bob a lh:Keeper ; rdfs:label "Bob"@en .', brief=False)

    assert report.effects == ()
