"""A row of an answer is explained by the statements that made it."""

import pytest

from explain.world import said, view
from milieu.explain import why_row
from milieu.explain.json import row_json
from milieu.explain.row import RowExplanation
from milieu.explain.text import row_text
from milieu.explain.turtle import row_turtle

VIEW = view()


def explain(text: str, number: int = 0) -> RowExplanation:
    return why_row(VIEW, text, VIEW.query(text)[number])


def statements(explained: RowExplanation) -> list[str]:
    return [said(VIEW, explanation.statement) for explanation in explained.statements]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?craft { ex:kanazawa ex:practises ?craft }", ["ex:kanazawa ex:practises ex:yuzen"]),
        (
            "SELECT ?c { ?c a ex:City ; ex:practises [ a ex:Craft ] }",
            ["ex:kanazawa rdf:type ex:City", "ex:yuzen rdf:type ex:Craft", "ex:kanazawa ex:practises ex:yuzen"],
        ),
        (
            "SELECT ?c ?n { ?c a ex:City OPTIONAL { ?c ex:population ?n } } ORDER BY DESC(?n)",
            ["ex:kanazawa rdf:type ex:City", "ex:kanazawa ex:population 450000"],
        ),
        (
            "SELECT ?c ?n { ?c a ex:City OPTIONAL { ?c ex:population ?n } FILTER(!BOUND(?n)) }",
            ["ex:gent rdf:type ex:City"],
        ),
        (
            "SELECT ?c { { ?c ex:practises ex:yuzen } UNION { ?c ex:practises ex:knitting } }",
            ["ex:kanazawa ex:practises ex:yuzen"],
        ),
        ("SELECT ?craft { ?craft ^ex:practises ?c . FILTER(?c = ex:kanazawa) }", ["ex:kanazawa ex:practises ex:yuzen"]),
        (
            "SELECT ?c { ex:ishikawa ^ex:in/ex:practises ?c }",
            ["ex:kanazawa ex:in ex:ishikawa", "ex:kanazawa ex:practises ex:yuzen"],
        ),
        ("SELECT ?x { ex:kanazawa (ex:twin|ex:practises) ?x } ORDER BY ?x", ["ex:kanazawa ex:twin ex:gent"]),
        (
            "SELECT ?x { ex:kanazawa (ex:twin|ex:practises) ?x } ORDER BY DESC(?x)",
            ["ex:kanazawa ex:practises ex:yuzen"],
        ),
        ("SELECT ?x { ex:kanazawa ex:practises? ?x } ORDER BY ?x", []),
        (
            "SELECT ?x { ex:kanazawa !(rdf:type|rdfs:label|ex:in|ex:population|ex:twin) ?x }",
            ["ex:kanazawa ex:practises ex:yuzen"],
        ),
        ("SELECT ?p { ex:kanazawa ?p ex:gent }", ["ex:kanazawa ex:twin ex:gent"]),
        ("SELECT ?x { VALUES ?c { ex:gent ex:kanazawa } ?c ex:practises ?x }", ["ex:kanazawa ex:practises ex:yuzen"]),
        (
            "SELECT ?big { ex:kanazawa ex:population ?n BIND(?n > 1000 AS ?big) }",
            ["ex:kanazawa ex:population 450000"],
        ),
    ],
)
def test_the_statements_are_found_through(query: str, expected: list[str]) -> None:
    explained = explain(query)

    assert statements(explained) == expected
    assert explained.notes == ()


def test_a_path_of_any_length_shows_a_shortest_way() -> None:
    shown = view("ex:higashi ex:next ex:nishi . ex:nishi ex:next ex:minami . ex:higashi ex:next ex:minami .")
    text = "SELECT ?x { ex:higashi ex:next+ ?x FILTER(?x = ex:minami) }"
    explained = why_row(shown, text, shown.query(text)[0])

    assert [said(shown, each.statement) for each in explained.statements] == ["ex:higashi ex:next ex:minami"]


def test_inferred_statements_of_a_row_are_proved() -> None:
    explained = explain("SELECT ?c { ?c a ex:CraftCity }")

    assert [each.status for each in explained.statements] == ["inferred"]
    assert explained.statements[0].proof is not None


def test_conditions_are_told() -> None:
    assert explain("SELECT ?n { ex:kanazawa ex:population ?n FILTER(?n > 5) }").conditions == ("FILTER(?n > 5)",)


def test_a_sum_shows_what_it_sums_up_and_says_so() -> None:
    explained = explain("SELECT (COUNT(?c) AS ?n) { ?c a ex:City }")

    assert explained.ways == 2
    assert sorted(statements(explained)) == ["ex:gent rdf:type ex:City", "ex:kanazawa rdf:type ex:City"]
    assert explained.notes == ("the row sums up several matches of the pattern; all are shown",)


def test_a_group_shows_its_own_matches_only() -> None:
    explained = explain("SELECT ?c (COUNT(?l) AS ?n) { ?c a ex:City ; rdfs:label ?l } GROUP BY ?c ORDER BY ?c", 0)

    assert statements(explained) == ["ex:gent rdf:type ex:City", 'ex:gent rdfs:label "Gent"@en']


@pytest.mark.parametrize(
    ("query", "note"),
    [
        (
            "SELECT ?c { ?c a ex:City MINUS { ?c ex:practises ?x } }",
            "MINUS: that nothing was found there cannot be shown (line 1)",
        ),
        (
            "SELECT ?c { ?c a ex:City FILTER NOT EXISTS { ?c ex:practises ?x } }",
            "EXISTS in a FILTER: what it looks at is not shown",
        ),
        (
            "SELECT ?c { ?c a ex:City { SELECT ?c { ?c rdfs:label ?l } LIMIT 9 } }",
            "an inner SELECT: what its pattern met is shown, not what it made of that (line 1)",
        ),
    ],
)
def test_what_cannot_be_taken_apart_is_said_and_the_rest_shown(query: str, note: str) -> None:
    explained = explain(query)

    assert note in explained.notes
    assert statements(explained)[0] == "ex:gent rdf:type ex:City"


def test_a_row_that_the_query_does_not_give_is_said_to_be_none() -> None:
    import pyoxigraph as ox

    explained = why_row(VIEW, "SELECT ?c { ?c a ex:City }", {"c": ox.NamedNode("http://example.org/nowhere")})

    assert explained.statements == ()
    assert explained.notes == ("the pattern of the query has no match with these values",)


def test_a_row_is_told_as_text() -> None:
    assert (
        row_text(explain("SELECT ?x { ex:ishikawa ex:in ?x }"), VIEW)
        == """\
This row: ?x = ex:japan

Ishikawa lies in Japan [1]
  ex:ishikawa ex:in ex:japan .
Asserted.

[1] An atlas (ex:atlas)
"""
    )


def test_a_row_is_told_as_json_and_turtle() -> None:
    explained = explain("SELECT ?x { ex:ishikawa ex:in ?x }")

    assert '"label": "An atlas"' in row_json(explained, VIEW)
    assert "prov:hadPrimarySource ex:atlas" in row_turtle(explained, VIEW)


def test_a_set_that_cannot_be_walked_is_said_to_be_so() -> None:
    explained = explain("SELECT ?x { ex:yuzen !^rdf:type ?x } LIMIT 1")

    assert any("it is not taken apart (line 1)" in note for note in explained.notes)


def test_distinct_shows_all_that_one_row_stands_for() -> None:
    explained = explain("SELECT DISTINCT ?t { ?c a ex:City, ?t FILTER(?t = ex:City) }")

    assert explained.notes == ("the row stands for several matches of the pattern; all are shown",)
    assert sorted(statements(explained)) == ["ex:gent rdf:type ex:City", "ex:kanazawa rdf:type ex:City"]


def test_a_sum_of_one_match_is_no_sum_of_several() -> None:
    assert explain("SELECT (COUNT(?c) AS ?n) { ?c ex:practises ex:yuzen }").notes == ()


def test_a_sum_of_nothing_says_that_there_is_none_to_show() -> None:
    explained = explain("SELECT (COUNT(?c) AS ?n) { ?c ex:practises ex:knitting }")

    assert explained.notes == ("the row sums up no match of the pattern: there is none to show",)


def test_the_sum_of_an_inner_select_is_shown_by_its_matches() -> None:
    explained = explain("SELECT ?n { { SELECT (COUNT(?c) AS ?n) { ?c a ex:City } } }")

    assert sorted(statements(explained)) == ["ex:gent rdf:type ex:City", "ex:kanazawa rdf:type ex:City"]


def test_a_row_in_turtle_has_its_values_and_notes() -> None:
    text = row_turtle(explain("SELECT ?c { ?c a ex:City MINUS { ?c ex:practises ?x } }"), VIEW)

    assert 'rs:variable "c"' in text
    assert "rs:value ex:gent" in text
    assert "MINUS: that nothing was found there cannot be shown" in text
