"""Templates validate as they stand, for every kind there is."""

import re

import pytest

import milieu
from milieu.contribute.template import kinds, template
from milieu.errors import QueryError

# Those that the checks would doubt: no full stop, other lines than the name says, no address.
KINDS = ("aim", "element", "outcome", "passage", "source", "craft")


@pytest.fixture(scope="module")
def kg() -> milieu.Graph:
    return milieu.open()


def test_the_usual_kinds_are_there(kg) -> None:
    found = kinds(kg.folder, kg.build)

    assert {"city", "milieu", "craft", "policy", "theorist", "network-membership", "event"} <= found.keys()
    assert found["city"] == "mil:City"
    assert found.keys().isdisjoint({"place", "topic", "axiom", "creative-city", "concept-scheme"})


def test_every_template_validates_with_its_example_values(kg) -> None:
    wrong = {}
    for kind in kinds(kg.folder, kg.build):
        report = kg.validate(template(kg.folder, kg.build, kind))
        if not report.conforms:
            wrong[kind] = [f"{finding.place}: {finding.message}" for finding in report]

    assert wrong == {}


def test_a_template_is_told_nothing_but_what_is_to_be_filled_in(kg) -> None:
    found = {kind: {finding.code for finding in kg.validate(template(kg.folder, kg.build, kind))} for kind in KINDS}

    assert found == {kind: {"placeholder"} for kind in KINDS}


@pytest.mark.parametrize("kind", ["city", "craft", "event", "observation", "policy-step"])
def test_what_is_only_asked_for_validates_too_when_its_mark_is_taken_away(kg, kind) -> None:
    text = template(kg.folder, kg.build, kind)
    filled = re.sub(r"^    # (?=\w+:\w+ .* ;$)", "    ", text, flags=re.MULTILINE)

    assert kg.validate(filled).conforms


def test_what_is_said_of_another_thing_validates_when_its_mark_is_taken_away(kg) -> None:
    text = template(kg.folder, kg.build, "craft")
    filled = text.replace(
        "# city:kanazawa mil:practises craft:some-name .", "city:kanazawa mil:practises craft:some-name ."
    )

    assert filled != text
    assert kg.validate(filled).conforms


def test_a_template_says_of_every_line_what_it_is_for(kg) -> None:
    lines = template(kg.folder, kg.build, "city").splitlines()
    said = [line for line in lines if line.startswith("    mil:")]

    assert "    # Say in which country the city lies." in lines
    assert all(lines[lines.index(line) - 1].startswith("    # ") for line in said)


def test_an_unknown_kind_is_an_error_with_the_nearest(kg) -> None:
    with pytest.raises(QueryError, match=r"there is no kind 'ctiy'\. Did you mean 'city'"):
        template(kg.folder, kg.build, "ctiy")


def test_another_folder_has_templates_of_its_own(lighthouses) -> None:
    graph = milieu.open(lighthouses)

    assert kinds(graph.folder, graph.build) == {
        "coast": "lh:Coast",
        "keeper": "lh:Keeper",
        "light": "lh:Light",
        "lighthouse": "lh:Lighthouse",
    }
    assert graph.validate(template(graph.folder, graph.build, "lighthouse")).conforms


def test_the_command_lists_and_prints(milieu, lighthouses) -> None:
    assert milieu("--graph", lighthouses, "new").out == (
        "coast\tlh:Coast\nkeeper\tlh:Keeper\nlight\tlh:Light\nlighthouse\tlh:Lighthouse\n"
    )
    assert "light:some-name\n" in milieu("--graph", lighthouses, "new", "lighthouse").out
    assert milieu("--graph", lighthouses, "new", "ship").status == 2
