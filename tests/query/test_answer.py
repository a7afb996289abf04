import io
from pathlib import Path

import pytest

import milieu
from milieu.errors import FormatError, QueryError


def test_rows_are_python_values(lighthouses: Path) -> None:
    answer = milieu.open(lighthouses).query("lights-on", coast="South coast")

    assert answer.rows == [{"light": "https://example.org/id/light/sand-point", "name": "Sand Point", "height": 7}]


def test_a_label_in_any_language_names_the_thing(lighthouses: Path) -> None:
    assert len(milieu.open(lighthouses).query("lights-on", coast="nordküste", least=20)) == 1


def test_a_wrong_value_is_answered_with_what_was_meant(lighthouses: Path) -> None:
    with pytest.raises(QueryError, match=r"South coast|coast:south"):
        milieu.open(lighthouses).query("lights-on", coast="Suoth coast")


def test_the_first_rows_cost_no_more_than_they_must(lighthouses: Path) -> None:
    endless = "SELECT ?l { ?l ?a ?b . ?c ?d ?e . ?f ?g ?h . ?i ?j ?k . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u }"

    assert len(milieu.open(lighthouses).sparql(endless).first(3)) == 3
    assert milieu.open(lighthouses).sparql("CONSTRUCT { ?l a ?c } { ?l a ?c }").first(0) == []


def test_rows_are_written_in_the_formats_of_the_w3c(lighthouses: Path) -> None:
    answer = milieu.open(lighthouses).query("keepers")

    assert answer.text("csv") == (
        "keeper,light\r\nhttps://example.org/id/keeper/ada,https://example.org/id/light/high-rock\r\n"
    )
    assert answer.text("tsv") == (
        "?keeper\t?light\n<https://example.org/id/keeper/ada>\t<https://example.org/id/light/high-rock>\n"
    )
    assert answer.text("json").startswith('{"head":{"vars":["keeper","light"]}')
    assert '<binding name="keeper"><uri>https://example.org/id/keeper/ada</uri></binding>' in answer.text("xml")


def test_triples_are_written_sorted_and_with_the_prefixes_of_the_folder(lighthouses: Path) -> None:
    answer = milieu.open(lighthouses).sparql("CONSTRUCT { ?l lh:height ?h } WHERE { ?l lh:height ?h }")

    assert answer.text("ntriples").splitlines()[0].startswith("<https://example.org/id/light/high-rock>")
    assert "light:low-rock lh:height 12" in answer.text("turtle")
    with pytest.raises(FormatError, match="cannot be written as csv"):
        answer.write(io.BytesIO(), "csv")


def test_yes_and_no_are_booleans(lighthouses: Path) -> None:
    assert milieu.open(lighthouses).sparql("ASK { ?l lh:height 36 }").boolean is True
    assert bool(milieu.open(lighthouses).sparql("ASK { ?l lh:height 360 }")) is False


def test_an_answer_becomes_a_pandas_frame(lighthouses: Path) -> None:
    frame = milieu.open(lighthouses).query("lights-on").to_pandas()

    assert list(frame.columns) == ["light", "name", "height"]
    assert list(frame["height"]) == [36, 12]


def test_the_two_graphs_answer_as_one_and_no_row_comes_twice(lighthouses: Path) -> None:
    graph = milieu.open(lighthouses)

    assert len(graph.sparql("SELECT ?l { ?l a lh:Light }")) == 3
    assert len(graph.sparql("SELECT ?l { GRAPH <https://w3id.org/milieu/graph/asserted> { ?l a lh:Light } }")) == 1
