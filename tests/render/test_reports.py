"""One report in every format."""

import json
import xml.etree.ElementTree as ElementTree

import jsonschema
import pyoxigraph as ox
import pytest

from milieu.finding import Effect, Finding, Fix, Place, Report, Severity
from milieu.render import REPORT_FORMATS, renderer
from milieu.render.document import SCHEMA

PLACE = Place("new data.ttl", 2, 14, 2, 20)
TEXT = '@prefix c: <http://c/> .\nc:kyoto c:ye "2009" .\n'
WRONG = Finding(
    Severity.VIOLATION,
    "sh:datatype",
    "A year,\nplease: 100 %.",
    "Write it so.",
    focus="<http://c/kyoto>",
    path="<http://c/ye>",
    value='"2009"',
    shape="<http://c/shape>",
    place=PLACE,
    fix=Fix(PLACE, '"2009"^^xsd:gYear', "Write the year."),
    related=(Place("new data.ttl", 1, 1, 1, 8),),
)
DOUBT = Finding(Severity.WARNING, "looks-like", "It has <the> same label.", place=Place("new data.ttl", 2, 1, 2, 8))
NOTE = Finding(Severity.INFO, "already-known", "The graph states this already.", focus="_:b0")
REPORT = Report(
    [NOTE, DOUBT, WRONG],
    ["new data.ttl", "other.ttl"],
    readback=["the year of Kyoto is 2009."],
    effects=[Effect("cities", "Cities", ("city",), 1, 0, (("c:kyoto",),), ())],
)


def written(kind: str, report: Report = REPORT) -> str:
    return renderer(kind)(report, {"new data.ttl": TEXT})


def test_text_shows_the_line_with_a_caret_under_the_mistake() -> None:
    assert (
        written("text")
        == """\
new data.ttl:2:1: warning [looks-like] It has <the> same label.
  2 | c:kyoto c:ye "2009" .
    | ^^^^^^^

new data.ttl:2:14: violation [sh:datatype] A year,
please: 100 %.
  2 | c:kyoto c:ye "2009" .
    |              ^^^^^^
  → Write it so.
  fix Write the year.
  also 1:1

info [already-known] The graph states this already.

You are claiming that:
  · The year of Kyoto is 2009.

These stored queries would answer otherwise:
  cities: 1 row gained, 0 lost
    + c:kyoto

new data.ttl, other.ttl: 1 violation, 1 warning, 1 info"""
    )


def test_json_is_as_its_schema_says() -> None:
    content = json.loads(written("json"))

    jsonschema.validate(content, SCHEMA)
    assert content["conforms"] is False
    assert content["findings"][1]["place"] == {
        "file": "new data.ttl",
        "line": 2,
        "column": 14,
        "endLine": 2,
        "endColumn": 20,
    }
    assert content["findings"][1]["fix"]["text"] == '"2009"^^xsd:gYear'
    assert content["effects"][0]["gained"] == [["c:kyoto"]]


def test_json_leaves_out_what_nobody_asked_for() -> None:
    assert json.loads(written("json", Report([], ["a.ttl"]))) == {"conforms": True, "files": ["a.ttl"], "findings": []}


def test_sarif_has_level_region_and_fix() -> None:
    run = json.loads(written("sarif"))["runs"][0]
    result = run["results"][1]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["already-known", "looks-like", "sh:datatype"]
    assert [each["level"] for each in run["results"]] == ["warning", "error", "note"]
    assert result["ruleIndex"] == 2
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "new%20data.ttl"},
                "region": {"startLine": 2, "startColumn": 14, "endLine": 2, "endColumn": 20},
            }
        }
    ]
    assert result["fixes"][0]["artifactChanges"][0]["replacements"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 14, "endLine": 2, "endColumn": 20},
            "insertedContent": {"text": '"2009"^^xsd:gYear'},
        }
    ]


def test_github_annotations_escape_what_would_end_them() -> None:
    lines = written("github").split("\n")

    assert lines[1] == (
        "::error title=sh%3Adatatype,file=new data.ttl,line=2,endLine=2,col=14,endColumn=19"
        "::A year,%0Aplease: 100 %25. Write it so."
    )
    assert lines[2] == "::notice title=already-known::The graph states this already."


def test_junit_fails_a_case_for_each_violation_and_passes_clean_files() -> None:
    suite = ElementTree.fromstring(written("junit")).find("testsuite")

    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("4", "1")
    assert [(case.get("classname"), case.get("name"), len(case)) for case in suite] == [
        ("new data.ttl", "looks-like at 2:1", 1),
        ("new data.ttl", "sh:datatype at 2:14", 1),
        ("contribution", "already-known", 1),
        ("other.ttl", "conforms", 0),
    ]


def test_junit_is_well_formed_whatever_the_message_holds() -> None:
    report = Report([Finding(Severity.VIOLATION, "syntax", "a\x00b\x1b<c>&\ufffe")])

    assert "a\ufffdb\ufffd<c>&\ufffd" in ElementTree.fromstring(written("junit", report)).itertext()


def test_the_validation_report_is_turtle_with_a_result_for_each_finding() -> None:
    sh = "http://www.w3.org/ns/shacl#"
    triples = [quad.triple for quad in ox.parse(written("shacl").encode(), format=ox.RdfFormat.TURTLE)]
    values = {
        (t.predicate.value.removeprefix(sh), t.object.value) for t in triples if not isinstance(t.object, ox.BlankNode)
    }

    assert ("conforms", "false") in values
    assert ("sourceConstraintComponent", sh + "DatatypeConstraintComponent") in values
    assert ("sourceConstraintComponent", "https://w3id.org/milieu/finding/looks-like") in values
    assert ("resultPath", "http://c/ye") in values
    assert ("value", "2009") in values
    assert len([t for t in triples if t.predicate.value == sh + "result"]) == 3


@pytest.mark.parametrize("kind", REPORT_FORMATS)
def test_every_format_writes_a_report_without_findings(kind: str) -> None:
    assert renderer(kind)(Report([], []), {}) is not None


def test_colour_is_for_terminals() -> None:
    from milieu.render.text import report_text

    assert "\x1b[31m" in report_text(REPORT, {}, colour=True)
    assert "\x1b" not in written("text")


def test_sarif_is_what_oasis_says() -> None:
    """The schema is not ours to carry: its address in the environment, as the continuous checks set it."""
    import os
    from pathlib import Path

    named = os.environ.get("MILIEU_SARIF_SCHEMA")
    if not named:
        assert not os.environ.get("MILIEU_REQUIRE_ALL"), "MILIEU_SARIF_SCHEMA must name the schema of SARIF 2.1.0"
        pytest.skip("MILIEU_SARIF_SCHEMA names no schema of SARIF 2.1.0")
    schema = json.loads(Path(named).read_text(encoding="utf-8"))

    for report in (REPORT, Report([], [])):
        jsonschema.validate(json.loads(written("sarif", report)), schema)


@pytest.mark.parametrize("kind", ["text", "github"])
def test_what_a_terminal_would_obey_is_shown_instead(kind: str) -> None:
    place = Place("a\x1b.ttl", 1, 3, 1, 4)
    finding = Finding(Severity.WARNING, "doubt", "Look: \x1b[31m\x9b\u202e.", "Not \x07\r.", place=place)
    shown = renderer(kind)(Report([finding], ["a\x1b.ttl"]), {"a\x1b.ttl": "x \x1b]0;\x00 ."})

    assert not set(shown) & set("\x1b\x9b\u202e\x07\r\x00")
    assert "\\u001B[31m\\u009B\\u202E" in shown


def test_the_caret_stands_under_what_is_shown() -> None:
    finding = Finding(Severity.WARNING, "doubt", "Look.", place=Place("a.ttl", 1, 3, 1, 4))
    lines = renderer("text")(Report([finding]), {"a.ttl": "\x1b\x0bx ."}).splitlines()

    assert lines[1:3] == ["  1 | \\u001B\\u000Bx .", "    |             ^"]
