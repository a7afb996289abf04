"""Advice leads somewhere: what a finding says to write is accepted, or it says to leave it out."""

from __future__ import annotations

import pytest

WORK = (
    'work:new a mil:Work ; rdfs:label "New"@en ; mil:author theorist:masayuki-sasaki ; '
    "dcterms:source source:gazette ; {} ."
)


@pytest.mark.parametrize(
    ("said", "value", "meant"),
    [
        ('mil:address "www.example.org"', '"www.example.org"', '"https://www.example.org"^^xsd:anyURI'),
        (
            'mil:address "HTTPS://example.org"^^xsd:anyURI',
            '"HTTPS://example.org"^^xsd:anyURI',
            '"https://example.org"^^xsd:anyURI',
        ),
        ('mil:isbn "ISBN 4 326 50140 x"', '"ISBN 4 326 50140 x"', '"432650140X"'),
        ('mil:doi "https://doi.org/10.1111/j.1468"', '"https://doi.org/10.1111/j.1468"', '"10.1111/j.1468"'),
    ],
)
def test_the_spelling_that_is_offered_is_accepted(judge, said, value, meant) -> None:
    judged = judge(WORK.format(said))
    fix = judged.only.fix

    assert judged.at(judged.only) == value
    assert (fix.text, fix.safe) == (meant, False)
    assert judge(WORK.format(said.replace(value, meant))).codes == []


def test_what_is_no_address_gets_no_address(judge) -> None:
    assert judge(WORK.format('mil:address "see the library"')).only.fix is None


def test_a_thing_that_cannot_be_of_the_class_is_not_told_to_become_one(judge) -> None:
    judged = judge(
        'policy:new a mil:Policy ; rdfs:label "New"@en ; mil:policyOf city:kyoto ; dcterms:source source:gazette ; '
        "mil:author theorist:masayuki-sasaki ."
    )

    assert judged.said == [("sh:class", "mil:author")]
    assert judged.only.remedy == "policy:new is a mil:Policy and cannot be a mil:Work too: leave it out."


def test_a_record_that_says_it_is_shown(judge) -> None:
    craft = 'craft:new a mil:Craft ; rdfs:label "New"@en ; dcterms:source source:gazette {}.'
    judged = judge(craft.format("; mil:practisedIn city:kyoto "))
    [finding] = [finding for finding in judged.findings if finding.code == "sh:class"]
    record = "[] a mil:CraftPractice ; mil:practisedCraft craft:new ; mil:practisedIn city:kyoto ."

    assert finding.remedy == (
        f"craft:new is a mil:Craft and cannot be a mil:CraftPractice too: leave it out, or say it of a record: {record}"
    )
    advised = record.replace(" .", ' ; rdfs:label "Practice"@en ; dcterms:source source:gazette .')
    assert "sh:class" not in judge(craft.format("") + advised).codes


def test_a_text_for_an_entry_of_a_list_is_answered_with_the_list(judge) -> None:
    finding = judge(
        'event:new a mil:Event ; rdfs:label "New"@en ; mil:startDate "2001"^^xsd:gYear ; '
        'dcterms:source source:gazette ; mil:eventKind "fair" .'
    ).only

    assert finding.code == "text-for-thing"
    assert finding.remedy.startswith(
        "Write one of the names from the list, without quotes. Allowed: eventkind:application, eventkind:art-event,"
    )


def test_a_number_for_a_thing_is_not_called_a_text(judge) -> None:
    finding = next(f for f in judge("city:sapporo mil:partOf -5 .").findings if f.code == "text-for-thing")

    assert finding.message == "-5 is a value; here the thing itself belongs."
    assert "quotes" not in finding.remedy


@pytest.mark.parametrize("name", ["<http://schema.org/name>", "mil:name", "<https://schema.org/title>"])
def test_a_name_by_another_vocabulary_is_a_label(judge, name) -> None:
    finding = next(f for f in judge(f'city:sapporo {name} "S"@en .').findings if f.code == "unknown-property")

    assert finding.remedy == "Did you mean rdfs:label?"


def test_a_value_in_the_place_of_another_is_told_how_one_is_corrected(judge) -> None:
    judged = judge(
        "city:kanazawa mil:latitude 36.7 . [] a owl:Axiom ; owl:annotatedSource city:kanazawa ; "
        "owl:annotatedProperty mil:latitude ; owl:annotatedTarget 36.7 ; dcterms:source source:gazette ."
    )

    assert judged.said == [("sh:maxCount", "36.7")]
    assert judged.only.remedy.startswith("A contribution adds and never replaces. If the graph is wrong, correct it in")


def test_a_value_of_another_class_is_not_taken_for_a_wrong_subject(judge) -> None:
    judged = judge(
        'craft:new a mil:Craft ; rdfs:label "New"@en ; dcterms:source source:gazette ; mil:originatesIn field:design .'
    )
    [finding] = [finding for finding in judged.findings if finding.code == "sh:class"]

    assert judged.at(finding) == "field:design"
    assert "cannot be" not in finding.remedy


def test_a_record_does_not_repeat_the_property_that_it_is_shown_for(judge) -> None:
    judged = judge("city:kyoto mil:memberCity city:osaka .", with_source=False)

    assert judged.said == [("sh:class", "mil:memberCity")]
    assert judged.only.remedy == "city:kyoto is a mil:City and cannot be a mil:NetworkMembership too: leave it out."
