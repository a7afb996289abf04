"""Stored queries: their header, and what it expects of an answer."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from milieu.errors import QueryError
from milieu.namespaces import Prefixes
from milieu.query.expectation import Expectation
from milieu.query.header import StoredQuery, check_expectations, read
from milieu.query.parameter import Parameter

PREFIXES = Prefixes(
    {
        "mil": "https://e.org/#",
        "city": "https://e.org/city/",
        "field": "https://e.org/field/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
WHOLE = """\
# Cities by field.
#+ summary: Cities of a creative field, with the year they joined
#+ description: |
#+   Those that are members
#+   now: not the others.
#+ tags: [cities, network]
#+ parameters:
#+   field: {type: iri, class: mil:CreativeField, default: field:crafts, description: "The field: by label too"}
#+   since:
#+     type: year
#+     optional: true
#+   language: {type: language, default: no}
#+   most: {type: integer, default: 10}
#+ expect: {min_rows: 2, includes: [{city: city:kanazawa, year: 2009}], ordered_first: [{label: '"金沢"@ja'}]}
#+ display: timeline

SELECT ?city ?label ?year WHERE {
  ?city mil:field ?_field ; mil:joined ?year ; mil:label ?label .
  FILTER(!BOUND(?_since) || ?year >= ?_since)
  FILTER(LANG(?label) = ?_language)
}
LIMIT ?_most
"""


def stored(header: str, body: str = "SELECT ?s { ?s ?p ?o }", path: str = "queries/answers/a.rq") -> StoredQuery:
    lines = "".join(f"#+ {line}\n" for line in header.splitlines())
    return read(path, lines + body, PREFIXES)


def fault(header: str, body: str = "SELECT ?s { ?s ?p ?o }", path: str = "queries/answers/a.rq") -> QueryError:
    with pytest.raises(QueryError) as caught:
        stored(header, body, path)
    return caught.value


def test_a_whole_header_is_read() -> None:
    query = read("queries/answers/cities-by-field.rq", WHOLE, PREFIXES)

    assert (query.name, query.path) == ("cities-by-field", "queries/answers/cities-by-field.rq")
    assert query.summary == "Cities of a creative field, with the year they joined"
    assert query.description == "Those that are members\nnow: not the others."
    assert query.tags == ("cities", "network")
    assert query.parameters == (
        Parameter(
            "field",
            "iri",
            "The field: by label too",
            default="field:crafts",
            class_iri="https://e.org/#CreativeField",
        ),
        Parameter("since", "year"),
        Parameter("language", "language", default="no"),
        Parameter("most", "integer", default="10"),
    )
    assert query.expect == (
        Expectation(
            min_rows=2,
            includes=((("city", "<https://e.org/city/kanazawa>"), ("year", "2009")),),
            ordered_first=((("label", '"金沢"@ja'),),),
        ),
    )
    assert (query.display, query.form, query.columns) == ("timeline", "SELECT", ("city", "label", "year"))
    assert query.text == WHOLE


def test_a_stored_query_survives_json() -> None:
    query = read("queries/answers/cities-by-field.rq", WHOLE, PREFIXES)

    assert StoredQuery.from_json(json.loads(json.dumps(query.to_json()))) == query


def test_reading_from_json_needs_neither_yaml_nor_a_parser() -> None:
    program = (
        "import sys, milieu.query.header; print(sorted({'yaml', 'rdflib', 'milieu.sparql.pattern'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_the_digest_changes_with_the_text() -> None:
    assert stored("summary: A").digest == stored("summary: A").digest
    assert stored("summary: A").digest != stored("summary: B").digest


def test_scalars_are_strings() -> None:
    query = stored("summary: 2009\ntags: [no, 1.0, null, 2020-01-01]")

    assert (query.summary, query.tags) == ("2009", ("no", "1.0", "null", "2020-01-01"))


def test_a_check_may_say_problem_remedy_and_severity() -> None:
    query = stored("summary: A\nproblem: B\nremedy: C\nseverity: warning", path="queries/checks/a.rq")

    assert (query.problem, query.remedy, query.severity) == ("B", "C", "warning")
    assert fault("summary: A\nproblem: B").message == "the key 'problem' is unknown here"


@pytest.mark.parametrize(
    ("body", "form", "columns"),
    [
        ("ASK { ?s ?p ?o }", "ASK", ()),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT", ("subject", "predicate", "object")),
        ("DESCRIBE city:osaka", "DESCRIBE", ("subject", "predicate", "object")),
        ("PREFIX x: <a:> SELECT (COUNT(*) AS ?n) { ?s x:p ?o }", "SELECT", ("n",)),
    ],
)
def test_every_form_of_query_can_be_stored(body: str, form: str, columns: tuple[str, ...]) -> None:
    query = stored("summary: A", body)

    assert (query.form, query.columns) == (form, columns)


@pytest.mark.parametrize(
    ("header", "place", "message"),
    [
        ("tags: [a]", "1:4", "the query has no summary"),
        ("summary: A\nsumary: B", "2:4", "the key 'sumary' is unknown here"),
        ("summary: A\nsummary: B", "2:4", "the key 'summary' is here twice"),
        ("summary: [A]", "1:4", "a text is expected here"),
        ("summary: A: B", "1:14", "the header is not YAML: mapping values are not allowed here"),
        ("summary: A\ntags: {a: b}", "2:4", "a list is expected here"),
        ("summary: &a A\ndescription: *a", "1:13", "an alias (*name) of this value is not allowed"),
        ("summary: A\ndisplay: tabel", "2:4", "'tabel' is none of table, map, timeline, network, bar"),
        ("summary: A\nparameters: [v]", "2:4", "a mapping is expected here"),
        (
            "summary: A\nparameters: {v: {type: text}}",
            "2:21",
            "'text' is none of iri, string, integer, year, language, boolean",
        ),
        ("summary: A\nparameters: {v: {default: a, optional: true}}", "2:33", "'v' has a default and is optional"),
        ("summary: A\nparameters: {v: {optional: maybe}}", "2:21", "'maybe' is none of true, false"),
        ("summary: A\nparameters: {v: {typo: iri}}", "2:21", "the key 'typo' is unknown here"),
        ("summary: A\nparameters: {V: {type: iri}}", "2:17", "'V' is no name for a parameter"),
        ("summary: A\nparameters: {format: {type: iri}}", "2:17", "'format' is no name for a parameter"),
        ("summary: A\nparameters: {v: {type: iri, class: City}}", "2:32", "'City' is not an IRI"),
        ("summary: A\nparameters: {v: {class: mil:City}}", "2:21", "'class' is for parameters of type iri"),
        (
            "summary: A\nparameters: {v: {type: iri, choices: [a]}}",
            "2:32",
            "'choices' is for parameters of type string",
        ),
        (
            "summary: A\nparameters: {v: {type: integer, default: five}}",
            "2:36",
            "the default of 'v': 'five' is not a whole number such as 5",
        ),
        (
            "summary: A\nparameters: {v: {type: iri, class: mil:F, default: Crafts}}",
            "2:46",
            "the default of 'v': 'Crafts' is not of the class mil:F, which is empty",
        ),
        ("summary: A\nexpect: {}", "2:4", "nothing is expected"),
        ("summary: A\nexpect: {min_row: 1}", "2:13", "the key 'min_row' is unknown here"),
        ("summary: A\nexpect: {min_rows: many}", "2:13", "'many' is not a whole number"),
        ("summary: A\nexpect: {includes: [{x: 1}]}", "2:25", "the key 'x' is unknown here"),
        ("summary: A\nexpect: {includes: {s: 1}}", "2:13", "a list is expected here"),
        ("summary: A\nexpect: {boolean: true}", "2:4", "this does not fit the answer of SELECT"),
        ("summary: A\nexpect: {given: {x: 1}, rows: 1}", "2:4", "the query has no parameter 'x'"),
    ],
)
def test_what_is_wrong_in_a_header_is_told_with_file_line_and_column(header: str, place: str, message: str) -> None:
    found = fault(
        header, "SELECT ?s { ?s ?p ?o FILTER(?o = ?_v) }" if "parameters" in header else "SELECT ?s { ?s ?p ?o }"
    )

    assert (found.place, found.message) == (f"queries/answers/a.rq:{place}", message)


@pytest.mark.parametrize(
    ("parameters", "body", "place", "message"),
    [
        ("{v: {type: iri}}", "SELECT ?s { ?s ?p ?o }", "2:17", "the parameter 'v' is declared but not used"),
        ("{v: {type: iri}}", "SELECT ?s {\n ?s ?p ?_v, ?_w }", "4:13", "the parameter ?_w is not declared"),
        (
            "{v: {type: iri}}",
            "SELECT ?s ?_v {\n ?s ?p ?_v }",
            "3:11",
            "the parameter ?_v cannot be a column of the answer",
        ),
        (
            "{v: {optional: true}}",
            "SELECT * {\n ?s ?p ?_v }",
            "3:8",
            "name the columns: '*' would make one of an optional parameter",
        ),
        ("{v: {default: a}}", "SELECT ?s {\n ?s mli:p ?_v }", "4:5", "the prefix mli: is not declared"),
        ("{v: {default: a}}", "INSERT DATA { ?s ?p ?_v }", "3:1", "'INSERT' begins no query"),
        ("{v: {default: a}}", "SELECT ?s { ?s ?p ?_v", "3:19", "the query cannot be taken apart at '?_v'"),
        ("{v: {default: a}}", "SELECT ?s { ?s ?p ?_v }\n#+ tags: [a]", "4:1", "a '#+' line after the query began"),
    ],
)
def test_what_is_wrong_in_the_query_is_told_with_file_line_and_column(
    parameters: str, body: str, place: str, message: str
) -> None:
    found = fault(f"summary: A\nparameters: {parameters}", body)

    assert (found.place, found.message) == (f"queries/answers/a.rq:{place}", message)


@pytest.mark.parametrize("name", ["Cities", "cities_by", "cities by", "-a", "a--b", "städte"])
def test_a_name_is_of_lower_case_letters_digits_and_hyphens(name: str) -> None:
    found = fault("summary: A", path=f"queries/answers/{name}.rq")

    assert found.message == f"{name!r} is no name for a query"


def test_near_words_are_suggested() -> None:
    assert fault("sumary: A").remedy == "Did you mean 'summary'?"
    assert fault("summary: A", "ASK { ?s mli:p ?o }").remedy == "Did you mean mil:?"
    assert fault("summary: A\ndisplay: tabel").remedy == "Did you mean 'table'?"


def test_expectations_of_a_query_with_a_required_parameter_give_it() -> None:
    header = "summary: A\nparameters: {v: {type: integer}}\nexpect: "
    body = "SELECT ?s { ?s ?p ?_v }"

    assert stored(header + "{given: {v: 5}, rows: 1}", body).expect[0].given == (("v", "5"),)
    assert fault(header + "{rows: 1}", body).message == "what is expected needs a value for 'v'"
    assert fault(header + "{given: {v: five}, rows: 1}", body).message == "v: 'five' is not a whole number such as 5"


def test_several_expectations_are_a_list() -> None:
    header = "summary: A\nparameters: {v: {default: a}}\nexpect: [{rows: 1}, {given: {v: b}, rows: 2}]"

    expect = stored(header, "SELECT ?s { ?s ?p ?_v }").expect

    assert expect == (Expectation(rows=1), Expectation(given=(("v", "b"),), rows=2))


ANSWER = [
    {"city": "<https://e.org/city/kanazawa>", "label": '"金沢"@ja', "n": f'"2009"^^<{PREFIXES["xsd"]}gYear>'},
    {"city": "<https://e.org/city/osaka>", "label": '"Osaka \\"City\\""', "n": None},
    {"city": "_:b1", "label": '"5"', "n": f'"5.0"^^<{PREFIXES["xsd"]}decimal>'},
]
BODY = "SELECT ?city ?label ?n { ?city mil:label ?label ; mil:n ?n }"


@pytest.mark.parametrize(
    "expect",
    [
        "{rows: 3, min_rows: 3, max_rows: 3}",
        "{includes: [{city: city:kanazawa}]}",
        "{includes: [{city: <https://e.org/city/kanazawa>}]}",
        "{includes: [{city: 'https://e.org/city/kanazawa'}]}",
        "{includes: [{label: 金沢}]}",
        "{includes: [{label: '\"金沢\"@JA'}]}",
        "{includes: [{label: 'Osaka \"City\"', n: UNDEF}]}",
        "{includes: [{n: 2009}]}",
        "{includes: [{n: '\"2009\"^^xsd:gYear'}]}",
        "{includes: [{n: '5.0', label: 5}]}",
        "{includes: [{label: '\"5\"'}]}",
        "{excludes: [{label: Osaka}, {city: city:osaka, n: 2009}, {city: b1}]}",
        "{ordered_first: [{city: city:kanazawa}, {city: city:osaka}]}",
    ],
)
def test_an_answer_that_is_as_expected_has_no_faults(expect: str) -> None:
    assert check_expectations(stored(f"summary: A\nexpect: {expect}", BODY), ANSWER) == []


@pytest.mark.parametrize(
    ("expect", "faults"),
    [
        ("{rows: 2}", ["2 rows are expected; there are 3"]),
        ("{min_rows: 4}", ["at least 4 rows are expected; there are 3"]),
        ("{max_rows: 2}", ["at most 2 rows are expected; there are 3"]),
        ("{includes: [{city: city:osaka, n: 2009}]}", ["no row has ?city <https://e.org/city/osaka>, ?n 2009"]),
        ("{includes: [{label: '\"金沢\"@en'}]}", ['no row has ?label "金沢"@en']),
        ("{includes: [{label: '\"金沢\"'}]}", ['no row has ?label "金沢"']),
        ("{includes: [{n: '\"2009\"^^xsd:integer'}]}", [f'no row has ?n "2009"^^<{PREFIXES["xsd"]}integer>']),
        ("{includes: [{label: UNDEF}]}", ["no row has ?label UNDEF"]),
        ("{excludes: [{n: 2009}]}", ["a row has ?n 2009"]),
        (
            "{ordered_first: [{city: city:osaka}]}",
            ["row 1 should have ?city <https://e.org/city/osaka> but has ?city <https://e.org/city/kanazawa>"],
        ),
        ("{ordered_first: [{}, {}, {}, {label: a}]}", ["row 4 should have ?label a but is missing"]),
    ],
)
def test_what_is_not_as_expected_is_told(expect: str, faults: list[str]) -> None:
    assert check_expectations(stored(f"summary: A\nexpect: {expect}", BODY), ANSWER) == faults


def test_yes_or_no_is_expected_of_ask() -> None:
    query = stored("summary: A\nexpect: {boolean: true}", "ASK { ?s ?p ?o }")

    assert check_expectations(query, True) == []
    assert check_expectations(query, False) == ["the answer is false"]


def test_triples_are_rows_of_subject_predicate_and_object() -> None:
    query = stored("summary: A\nexpect: {includes: [{predicate: mil:p, object: x}]}", "CONSTRUCT WHERE { ?s mil:p ?o }")

    assert check_expectations(query, [{"subject": "<a:b>", "predicate": "<https://e.org/#p>", "object": '"x"'}]) == []


def test_a_query_without_expectations_is_a_fault_of_its_own() -> None:
    assert check_expectations(stored("summary: A"), []) == ["the query says nothing of what is expected"]
