from pathlib import Path

import pytest

import milieu
from milieu.errors import FolderError
from milieu.finding import Severity

HEAD = """@prefix coast: <https://example.org/id/coast/> .
@prefix lh: <https://example.org/lighthouses#> .
@prefix light: <https://example.org/id/light/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def said(folder: Path, text: str) -> list[tuple[str, str, str]]:
    """Code, place and what stands there, of each finding."""
    whole = HEAD + text
    lines = whole.split("\n")
    found = []
    for finding in milieu.open(folder).validate(whole):
        place = finding.place
        there = lines[place.line - 1][place.column - 1 : place.end_column - 1] if place else ""
        found.append((finding.code, f"{place.line}:{place.column}" if place else "", there))
    return found


def test_a_good_contribution_has_no_findings(lighthouses: Path) -> None:
    text = 'light:new a lh:Lighthouse ;\n    rdfs:label "New"@en ;\n    lh:height 20 ;\n    lh:standsOn coast:north .\n'

    assert said(lighthouses, text) == []


def test_a_wrong_value_is_pointed_at(lighthouses: Path) -> None:
    text = 'light:new a lh:Lighthouse ; rdfs:label "New"@en ;\n    lh:height 0 .\n'

    assert said(lighthouses, text) == [("sh:minInclusive", "6:15", "0")]


def test_what_is_missing_is_said_at_the_subject(lighthouses: Path) -> None:
    assert said(lighthouses, "light:new a lh:Lighthouse ; lh:height 20 .\n") == [("sh:minCount", "5:1", "light:new")]


def test_the_message_is_the_shapes_own_and_the_remedy_its_example(lighthouses: Path) -> None:
    finding = milieu.open(lighthouses).validate(HEAD + "light:new a lh:Lighthouse ; lh:height 20 .").findings[0]

    assert finding.message == "A light needs a name."
    assert finding.remedy == 'For example: rdfs:label "Bell Rock"@en'


def test_a_mistyped_property_class_and_thing_are_each_met_with_what_was_meant(lighthouses: Path) -> None:
    text = 'light:new a lh:Lighthous ;\n  rdfs:label "New"@en ;\n  lh:heigth 20 ;\n  lh:standsOn coast:nroth .\n'
    found = milieu.open(lighthouses).validate(HEAD + text)
    meant = {finding.code: finding.fix.text for finding in found if finding.fix}

    assert meant == {"unknown-class": "lh:Lighthouse", "unknown-property": "lh:height", "unknown-thing": "coast:north"}


def test_a_class_in_the_place_of_a_property_is_explained(lighthouses: Path) -> None:
    assert ("class-as-property", "5:11", "lh:Lighthouse") in said(lighthouses, "light:new lh:Lighthouse lh:Light .\n")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lh:Light rdfs:subClassOf lh:Coast .", "changes-ontology"),
        ('lh:Light rdfs:label "lamp"@en .', "changes-ontology"),
        ("lh:Lamp a <http://www.w3.org/2002/07/owl#Class> .", "changes-ontology"),
        ("light:high-rock <http://www.w3.org/2002/07/owl#sameAs> light:low-rock .", "changes-ontology"),
        ("<https://e.org/o> <http://www.w3.org/2002/07/owl#imports> <https://e.org/p> .", "changes-ontology"),
        ("lh:LightShape-label <http://www.w3.org/ns/shacl#deactivated> true .", "changes-shapes"),
    ],
)
def test_what_would_change_more_than_data_is_refused(lighthouses: Path, text: str, code: str) -> None:
    report = milieu.open(lighthouses).validate(HEAD + text)

    assert code in {finding.code for finding in report if finding.severity is Severity.VIOLATION}


def test_what_the_graph_knows_already_is_remarked(lighthouses: Path) -> None:
    report = milieu.open(lighthouses).validate(HEAD + "light:high-rock lh:height 36 .")

    assert [(finding.code, finding.severity) for finding in report] == [("already-known", Severity.INFO)]


def test_a_new_thing_with_the_label_of_an_old_one_is_doubted(lighthouses: Path) -> None:
    report = milieu.open(lighthouses).validate(HEAD + 'light:rock a lh:Light ; rdfs:label "high rock"@en .')

    assert [(finding.code, finding.message) for finding in report] == [
        ("looks-like", "light:high-rock has the same label.")
    ]


def test_a_syntax_error_does_not_hide_what_else_is_wrong(lighthouses: Path) -> None:
    codes = [code for code, _, _ in said(lighthouses, "light:a lh:height .\nlight:b a lh:Light ; lh:height 5 .\n")]

    assert codes == ["syntax", "sh:minCount"]


def test_nothing_is_said_to_be_missing_where_a_sentence_is_broken(lighthouses: Path) -> None:
    text = "light:a a lh:Light ; lh:standsOn [ a lh:Coast ] ; rdfs:label kyoto ; lh:hight 5 .\n"

    assert [(code, there) for code, _, there in said(lighthouses, text)] == [
        ("syntax", "kyoto"),
        ("unknown-property", "lh:hight"),
    ]


def test_no_fix_writes_what_stands_for_a_mistake(judge) -> None:
    text = "city:kanazawa mil:hasMilieu milieu:creative-cafe-osaka ; mil:population {} ."
    fine, broken = (
        [one.fix for one in judge(text.format(value)).findings if one.code == "inverse-direction"]
        for value in ("450000", "12abc")
    )

    assert [fix and fix.text for fix in fine] == [
        "city:kanazawa mil:population 450000 .\nmilieu:creative-cafe-osaka mil:milieuOf city:kanazawa ."
    ]
    assert broken == [None]


def test_two_files_are_judged_together(lighthouses: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text(HEAD + "light:new a lh:Light ; lh:standsOn coast:west .\n")
    two.write_text(HEAD + 'light:new rdfs:label "New"@en .\ncoast:west a lh:Coast ; rdfs:label "West coast"@en .\n')
    graph = milieu.open(lighthouses)

    assert [finding.code for finding in graph.validate(one, two)] == []
    assert {finding.code for finding in graph.validate(one)} == {"sh:minCount", "unknown-thing"}


def test_nothing_is_said_to_be_missing_where_json_ld_would_leave_it_out(lighthouses: Path) -> None:
    text = (
        '{"@id": "https://example.org/id/light/new", "@type": "https://example.org/lighthouses#Light",\n'
        '"http://www.w3.org/2000/01/rdf-schema#label": {"@value": "New", "@language": "en us"}}'
    )
    findings = milieu.open(lighthouses).validate(text, format="jsonld").findings

    assert [(finding.code, str(finding.place)) for finding in findings] == [("says-nothing", "contribution:2:78")]


def test_a_file_that_is_not_there_is_an_error_not_a_finding(lighthouses: Path) -> None:
    with pytest.raises(FolderError, match=r"missing\.ttl: the file cannot be read \(No such file or directory\)"):
        milieu.open(lighthouses).validate(Path("missing.ttl"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "new.jsonld",
            '{"@id": "https://example.org/id/light/new", "@type": "https://example.org/lighthouses#Light"}',
        ),
        (
            "new.rdf",
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:lh="https://example.org/lighthouses#">'
            '<lh:Light rdf:about="https://example.org/id/light/new"/></rdf:RDF>',
        ),
        (
            "new.nt",
            "<https://example.org/id/light/new> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
            "<https://example.org/lighthouses#Light> .\n",
        ),
    ],
)
def test_other_formats_are_judged_alike(lighthouses: Path, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)

    assert [finding.code for finding in milieu.open(lighthouses).validate(tmp_path / name)] == ["sh:minCount"]


def test_a_value_is_not_mended_unasked_where_the_text_may_be_cut_off_or_is_broken(judge) -> None:
    city = 'city:new a mil:City ; rdfs:label "New"@en ; mil:partOf country:japan ; dcterms:source source:gazette ; '
    cut = judge(city + "mil:latitude 36.1 ; mil:longitude 137.", with_source=False)
    broken = judge(city + 'mil:latitude 36.1 ; mil:longitude "137"^xsd:decimal .')

    assert {"cut-off", "sh:datatype"} <= {finding.code for finding in cut.findings}
    assert [finding for finding in (*cut.findings, *broken.findings) if finding.fix and finding.fix.safe] == []
