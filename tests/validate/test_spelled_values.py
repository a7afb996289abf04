"""Values as people write them: what is judged is what is stored, and no fix changes what was meant."""

from pathlib import Path

import pytest

import milieu
from milieu.errors import FormatError
from milieu.validate.contribution import MOST_BYTES, Contribution
from milieu.validate.gate import examine
from milieu.validate.repair import repair

HEAD = """@prefix coast: <https://example.org/id/coast/> .
@prefix lh: <https://example.org/lighthouses#> .
@prefix light: <https://example.org/id/light/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
LIGHT = 'light:new a lh:Lighthouse ; rdfs:label "New"@en ; lh:height '


def codes(folder: Path, text: str) -> list[str]:
    return sorted(finding.code for finding in milieu.open(folder).validate(HEAD + text))


def mended(folder: Path, text: str, name: str = "new.ttl", format: str = "turtle") -> str:
    graph = milieu.open(folder)
    return repair(graph.folder, graph.build, Contribution(name, text.encode(), format)).contribution.content.decode()


def test_a_spelling_that_the_store_changes_hides_no_value_from_the_shapes(lighthouses: Path) -> None:
    assert codes(lighthouses, LIGHT + "-0500 .") == ["not-canonical", "sh:minInclusive"]
    assert codes(lighthouses, LIGHT + "23.000 .") == ["not-canonical", "sh:datatype"]


def test_what_is_judged_is_what_the_store_keeps(lighthouses: Path) -> None:
    graph = milieu.open(lighthouses)
    given = Contribution("new.ttl", (HEAD + LIGHT + "0020 .").encode())
    values = {str(t.object) for t in examine(graph.folder, graph.build, [given]).triples}

    assert '"20"^^<http://www.w3.org/2001/XMLSchema#integer>' in values
    assert '"0020"^^<http://www.w3.org/2001/XMLSchema#integer>' not in values


@pytest.mark.parametrize("number", ["23.000", "136,899", "23,000", '"23,000"', "36,24"])
def test_a_comma_or_a_mark_of_thousands_is_never_mended_unasked(lighthouses: Path, number: str) -> None:
    text = f"{HEAD}{LIGHT}{number} .\n"

    assert mended(lighthouses, text) == text


def test_a_comma_within_a_number_is_asked_about_once(lighthouses: Path) -> None:
    found = milieu.open(lighthouses).validate(HEAD + LIGHT + "136,899 .").findings

    assert [(one.code, str(one.place), one.remedy) for one in found] == [
        ("decimal-comma", "contribution:6:61", "Write 136899 or 136.899 for one number, 136, 899 for 2.")
    ]


def test_values_with_a_space_between_them_are_several(lighthouses: Path) -> None:
    assert "decimal-comma" not in codes(lighthouses, LIGHT + "136, 899 .")


def test_a_fix_in_ntriples_is_spelled_in_ntriples(lighthouses: Path) -> None:
    text = "<https://example.org/id/light/high-rock> <https://example.org/lighthouses#height> "
    fixed = mended(lighthouses, f'{text}"20" .\n', "new.nt", "ntriples")

    assert fixed == f'{text}"20"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'


def test_advice_for_json_can_be_written_in_json(lighthouses: Path) -> None:
    text = '{"@id": "https://example.org/id/light/high-rock", "https://example.org/lighthouses#height": "20"}'
    found = milieu.open(lighthouses).validate(text, format="jsonld").findings
    finding = next(one for one in found if one.code == "sh:datatype")

    assert finding.remedy.startswith("Write 20.")
    assert finding.fix is None


def test_a_node_without_a_name_gets_none_that_the_text_gives_to_another(lighthouses: Path) -> None:
    graph = milieu.open(lighthouses)
    text = HEAD + '[] a lh:Lighthouse ; rdfs:label "New"@en . light:new a lh:Lighthouse ; rdfs:label "Other"@en .'
    named = examine(graph.folder, graph.build, [Contribution("new.ttl", text.encode())]).named

    assert [name.value for name in named.values()] == ["https://example.org/id/light/new-2"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "DATA:text/html,x"])
def test_an_address_that_a_browser_would_run_is_refused(lighthouses: Path, address: str) -> None:
    assert "unsafe-link" in codes(lighthouses, f"light:high-rock rdfs:seeAlso <{address}> .")
    assert "unsafe-link" in codes(lighthouses, f'light:high-rock rdfs:seeAlso "{address}"^^xsd:anyURI .')


def test_an_address_on_the_web_is_not_refused(lighthouses: Path) -> None:
    assert "unsafe-link" not in codes(lighthouses, "light:high-rock rdfs:seeAlso <https://example.org/page> .")


def test_no_more_is_read_of_a_file_than_shows_that_it_is_too_long(tmp_path: Path) -> None:
    path = tmp_path / "long.ttl"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES * 2)

    assert len(Contribution.of(path).content) == MOST_BYTES + 1


def test_bytes_are_a_text_and_half_a_character_is_a_finding(lighthouses: Path) -> None:
    graph = milieu.open(lighthouses)

    assert graph.validate((HEAD + LIGHT + "20 .").encode()).conforms
    assert "encoding" in [finding.code for finding in graph.validate(HEAD + "# \ud800")]


def test_what_is_neither_path_nor_text_is_told_so(lighthouses: Path) -> None:
    with pytest.raises(FormatError, match="a contribution cannot be NoneType"):
        milieu.open(lighthouses).validate(None)
