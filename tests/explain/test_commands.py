"""`milieu why` and `milieu show` on a folder of another vocabulary."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest


def test_why_proves_an_inferred_statement(milieu: Callable, lighthouses: Path) -> None:
    said = milieu("--graph", lighthouses, "why", "Ada", "keeps", "High Rock")

    assert said.status == 0
    assert said.out.startswith("Ada keeps High Rock\n  keeper:ada lh:keeps light:high-rock .\nInferred:\n")
    assert "inverse of" in said.out


def test_why_of_an_absent_statement_is_one(milieu: Callable, lighthouses: Path) -> None:
    said = milieu("--graph", lighthouses, "why", "light:low-rock", "lh:height", "36")

    assert said.status == 1
    assert said.out.splitlines()[2:] == ["Not in the graph.", "The nearest that is:", "  light:low-rock lh:height 12 ."]


def test_why_explains_a_row(milieu: Callable, lighthouses: Path) -> None:
    said = milieu("--graph", lighthouses, "why", "--query", "lights-on", "--least", "20", "--row", "1")

    assert said.status == 0
    assert "light:high-rock lh:height 36 ." in said.out
    assert "FILTER(?height >= 20" in said.out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["Ada", "keeps"], "a statement has three terms, not 2"),
        (["Ada", "keeps", "x", "--loudly"], "unknown argument '--loudly'"),
        (["Ida", "keeps", "x"], "nothing in the graph is called 'Ida'. Did you mean 'Ada'?"),
        (["--query", "keepers", "--row", "7"], "--row: there is no row 7. The answer has rows 1 to 1."),
        (["--query", "keeper"], "did you mean"),
        (["Ada", "keeps", "light:high-rock", "--row", "1"], "--row: a statement has no rows"),
    ],
)
def test_why_says_what_it_cannot_do(milieu: Callable, lighthouses: Path, words: list[str], complaint: str) -> None:
    said = milieu("--graph", lighthouses, "why", *words)

    assert said.status == 2
    assert complaint.lower() in said.err.lower()


def test_why_writes_every_format(milieu: Callable, lighthouses: Path) -> None:
    words = ["--graph", lighthouses, "why", "keeper:ada", "lh:keeps", "light:high-rock", "--format"]

    assert json.loads(milieu(*words, "json").out)["status"] == "inferred"
    assert "prov:wasDerivedFrom" in milieu(*words, "turtle").out


def test_show_prints_a_card(milieu: Callable, lighthouses: Path) -> None:
    said = milieu("--graph", lighthouses, "show", "high rock")

    assert said.status == 0
    assert said.out.startswith("High Rock\nlight:high-rock\n")
    assert "36" in said.out


def test_show_of_an_unknown_thing_says_so(milieu: Callable, lighthouses: Path) -> None:
    said = milieu("--graph", lighthouses, "show", "light:moon")

    assert said.status == 2
    assert "the graph says nothing of light:moon" in said.err


def test_show_of_no_values_is_refused(milieu: Callable, lighthouses: Path) -> None:
    said = milieu("--graph", lighthouses, "show", "high rock", "--most", "0")

    assert said.status == 2
    assert "--most: 0 values are none" in said.err
