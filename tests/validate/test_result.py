"""Messages and places of what the shapes say."""

import pytest

MEMBERSHIP = """membership:atlantis a mil:NetworkMembership ; mil:memberCity city:kyoto ;
    mil:network network:unesco-creative-cities-network ; dcterms:source source:gazette ;
"""


@pytest.mark.parametrize(
    ("rows", "code", "stands", "words"),
    [
        ("mil:field field:design .", "sh:minCount", "membership:atlantis", "the year in which it began"),
        (
            'mil:field field:design ; mil:startDate "2025" .',
            "sh:datatype",
            '"2025"',
            '"2025" is a plain text. Such values look like "2009"^^xsd:gYear.',
        ),
        (
            'mil:startDate "2025"^^xsd:gYear ; mil:field field:design, field:film .',
            "sh:maxCount",
            "field:film",
            "Here stand field:design, field:film.",
        ),
        (
            'mil:startDate "2025"^^xsd:gYear ; mil:field city:kanazawa .',
            "sh:class",
            "city:kanazawa",
            "city:kanazawa (Kanazawa) is a mil:City.",
        ),
    ],
)
def test_a_finding_points_at_the_token_and_says_what_stands_there(judge, rows, code, stands, words) -> None:
    judged = judge(MEMBERSHIP + rows)

    assert judged.said == [(code, stands)]
    assert words in judged.only.message


def test_a_year_without_its_datatype_gets_it_as_a_safe_fix(judge) -> None:
    finding = judge(MEMBERSHIP + 'mil:field field:design ; mil:startDate "2025" .').only

    assert finding.fix is not None
    assert (finding.fix.text, finding.fix.safe) == ('"2025"^^xsd:gYear', True)
    assert "For example: membership:kanazawa-crafts-and-folk-art mil:startDate" in finding.remedy


def test_an_entry_of_another_list_is_met_with_the_entries_of_the_right_one(judge) -> None:
    finding = judge(
        "source:other a mil:Source ; rdfs:label 'O'@en ; mil:documentKind use:bank ; dcterms:source source:other ."
    ).only

    assert finding.code == "sh:node"
    assert "Allowed: " in finding.message
    assert "dockind:book" in finding.message


def test_a_property_at_a_thing_of_another_class_is_pointed_at_itself(judge) -> None:
    judged = judge(
        "firm:new a mil:Firm ; rdfs:label 'New'@en ; dcterms:source source:gazette ; "
        "mil:milieuKind milieukind:craft-milieu ."
    )

    assert judged.said == [("sh:class", "mil:milieuKind")]


def test_a_value_that_contradicts_the_graph_is_told_with_what_the_graph_has(judge) -> None:
    judged = judge(
        "city:kanazawa mil:population 500 . [] a owl:Axiom ; owl:annotatedSource city:kanazawa ; "
        "owl:annotatedProperty mil:population ; owl:annotatedTarget 500 ; dcterms:source source:gazette ."
    )

    assert judged.said == [("sh:maxCount", "500")]
    assert "The graph has 450000 already; here stands 500." in judged.only.message


def test_of_two_labels_in_one_language_the_second_is_one_too_many(judge) -> None:
    judged = judge(
        "craft:new a mil:Craft ; dcterms:source source:gazette ; rdfs:label 'A'@en, 'Ä'@de, 'B'@en .\n"
        "city:osaka mil:practises craft:new . [] a owl:Axiom ; owl:annotatedSource city:osaka ; "
        "owl:annotatedProperty mil:practises ; owl:annotatedTarget craft:new ; dcterms:source source:gazette ."
    )

    assert judged.said == [("sh:uniqueLang", "'B'@en")]


def test_what_was_wrong_before_is_no_fault_of_the_contribution(lighthouses) -> None:
    import milieu

    data = lighthouses / "data" / "lights.ttl"
    shapes = lighthouses / "ontology" / "shapes" / "required.ttl"
    shapes.write_text(
        shapes.read_text().replace("sh:minInclusive 1 ;", "sh:minInclusive 10 ; sh:severity sh:Warning ;")
    )
    head = "".join(line + "\n" for line in data.read_text().splitlines() if line.startswith("@prefix"))

    report = milieu.open(lighthouses).validate(head + "light:sand-point lh:keptBy keeper:ada .")

    assert report.findings == ()


def test_both_engines_find_the_same(kg, judge) -> None:
    judged = judge(MEMBERSHIP + 'mil:field city:kanazawa ; mil:startDate "2025" .')
    both = [kg.validate(judged.text, engine=engine).findings for engine in ("shifty", "pyshacl", "both")]

    assert both[0] == both[1] == both[2]
