from pathlib import Path

import pytest

import milieu


def reason(folder: Path, text: str) -> str | None:
    graph = milieu.open(folder)
    return graph.explain_empty(graph.sparql(text))


def test_the_first_pattern_that_leaves_nothing_is_named(lighthouses: Path) -> None:
    text = "SELECT * {\n  ?l lh:standsOn coast:south .\n  ?l lh:keptBy ?keeper .\n}"

    assert (
        reason(lighthouses, text)
        == "Line 3: `?l lh:keptBy ?keeper` matches nothing together with what is asked before it."
    )


def test_a_name_that_the_graph_does_not_know_is_met_with_what_was_meant(lighthouses: Path) -> None:
    assert reason(lighthouses, "SELECT * { ?l lh:heigt ?metres }") == (
        "Line 1: no statement matches `?l lh:heigt ?metres`. lh:heigt is not in the graph; did you mean lh:height?"
    )


def test_a_filter_that_takes_every_row_is_named(lighthouses: Path) -> None:
    assert reason(lighthouses, "SELECT * { ?l lh:height ?h\n FILTER(?h > 100) }") == "Line 2: FILTER leaves nothing."


@pytest.mark.parametrize("form", ["table", "tsv", "csv"])
def test_the_command_line_tells_why_on_standard_error(milieu, lighthouses: Path, form: str) -> None:
    said = milieu("--graph", lighthouses, "query", "lights-on", "--least", "100", "--format", form)

    assert said.status == 0
    assert said.err == "No rows. Line 10: FILTER leaves nothing.\n"


def test_formats_for_programs_stay_silent(milieu, lighthouses: Path) -> None:
    assert milieu("--graph", lighthouses, "query", "lights-on", "--least", "100", "--format", "json").err == ""
