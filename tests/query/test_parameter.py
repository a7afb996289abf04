"""Values for parameters."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.errors import QueryError
from milieu.namespaces import Prefixes
from milieu.query.parameter import Parameter, serialise

XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = Prefixes({"field": "https://e.org/field/", "city": "https://e.org/city/", "mil": "https://e.org/#"})
FIELDS = [
    ("https://e.org/field/design", "Design"),
    ("https://e.org/field/design", "デザイン"),
    ("https://e.org/field/crafts", "Crafts and Folk Art"),
    ("https://e.org/field/crafts", "Artisanat et arts populaires"),
    ("https://e.org/field/media", "Média Arts"),
    ("https://e.org/field/glass", "ガラス"),
    ("https://e.org/field/crow", "カラス"),
]
FIELD = Parameter("field", "iri", class_iri="https://e.org/#Field", default="field:crafts")


def things(class_iri: str) -> Iterable[tuple[str, str]]:
    return FIELDS if class_iri == "https://e.org/#Field" else []


def term(parameter: Parameter, value: str | int | bool) -> str:
    return serialise(parameter, value, prefixes=PREFIXES, things=things)


@pytest.mark.parametrize(
    "value",
    [
        "field:design",
        "https://e.org/field/design",
        "<https://e.org/field/design>",
        "design",
        "DESIGN",
        "Design",
        " design ",
        "デザイン",
    ],
)
def test_a_thing_is_given_by_iri_prefixed_name_slug_or_label(value: str) -> None:
    assert term(FIELD, value) == "<https://e.org/field/design>"


@pytest.mark.parametrize(
    ("value", "slug"),
    [
        ("crafts  AND folk art", "crafts"),
        ("media arts", "media"),
        ("MÉDIA ARTS", "media"),
        ("ガラス", "glass"),
        ("カラス", "crow"),
        ("ｶﾗｽ", "crow"),
    ],
)
def test_labels_match_whatever_their_case_accents_and_spaces(value: str, slug: str) -> None:
    assert term(FIELD, value) == f"<https://e.org/field/{slug}>"


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("Desing", "Did you mean 'Design'?"),
        ("field:desing", "Did you mean 'field:design'?"),
        ("Artisanat et art populaire", "Did you mean 'Artisanat et arts populaires'?"),
    ],
)
def test_a_wrong_thing_gets_a_did_you_mean(value: str, remedy: str) -> None:
    with pytest.raises(QueryError) as caught:
        term(FIELD, value)

    assert caught.value.remedy == remedy
    assert caught.value.place == "parameter field"


def test_a_wrong_thing_is_told_what_is_allowed() -> None:
    with pytest.raises(QueryError) as caught:
        term(FIELD, "https://e.org/city/osaka")

    assert caught.value.message == (
        "'https://e.org/city/osaka' is not one of field:crafts, field:crow, field:design, field:glass, field:media"
    )


def test_a_class_without_things_says_so() -> None:
    with pytest.raises(QueryError, match="'x' is not of the class mil:Empty, which is empty"):
        term(Parameter("p", "iri", class_iri="https://e.org/#Empty"), "x")


def test_a_label_that_two_things_have_is_refused_by_naming_them() -> None:
    twins = [("https://e.org/city/a", "Córdoba"), ("https://e.org/city/b", "Cordobà")]

    with pytest.raises(QueryError, match="'cordoba' may be any of city:a, city:b"):
        serialise(FIELD, "cordoba", prefixes=PREFIXES, things=lambda class_iri: twins)
    assert serialise(FIELD, "Córdoba", prefixes=PREFIXES, things=lambda class_iri: twins) == "<https://e.org/city/a>"


def test_the_default_is_not_looked_up() -> None:
    def nothing(class_iri: str) -> Iterable[tuple[str, str]]:
        raise AssertionError(class_iri)

    assert serialise(FIELD, "field:crafts", prefixes=PREFIXES, things=nothing) == "<https://e.org/field/crafts>"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("city:osaka", "<https://e.org/city/osaka>"),
        ("https://other.org/x#y", "<https://other.org/x#y>"),
        ("urn:x:y", "<urn:x:y>"),
        ("<mailto:a@e.example>", "<mailto:a@e.example>"),
    ],
)
def test_without_class_any_iri_will_do(value: str, expected: str) -> None:
    assert term(Parameter("p", "iri"), value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "osaka",
        "<osaka>",
        "<>",
        "ctiy:osaka",
        "city:o saka",
        "city:o>saka",
        "https://e.org/> . ?s ?p ?o . <a:b",
        'https://e.org/"',
        "https://e.org/{}",
        "https://e.org/\\u003e",
        "https://e.org/\nx",
        "https://e.org/a b",
        "https://e.org/\x00",
        "<a:b> <a:c>",
        "?x",
        "_:b",
        "urn:",
        "urn:a`b",
        "urn:a|b^c",
    ],
)
def test_what_is_no_iri_is_refused(value: str) -> None:
    with pytest.raises(QueryError, match=r"is not an IRI|is not one of"):
        term(Parameter("p", "iri"), value)
    with pytest.raises(QueryError, match=r"is not one of"):
        term(FIELD, value)


def test_a_prefix_that_is_nearly_right_gets_a_did_you_mean() -> None:
    with pytest.raises(QueryError, match="Did you mean city:osaka"):
        term(Parameter("p", "iri"), "ctiy:osaka")


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("integer", 5, "5"),
        ("integer", "5", "5"),
        ("integer", "+007", "7"),
        ("integer", "-0", "0"),
        ("integer", " -12 ", "-12"),
        ("integer", "9223372036854775807", "9223372036854775807"),
        ("year", 2009, f'"2009"^^<{XSD}gYear>'),
        ("year", "2009", f'"2009"^^<{XSD}gYear>'),
        ("year", "794", f'"0794"^^<{XSD}gYear>'),
        ("year", "-0044", f'"-0044"^^<{XSD}gYear>'),
        ("year", "-0", f'"0000"^^<{XSD}gYear>'),
        ("year", "002009", f'"2009"^^<{XSD}gYear>'),
        ("language", "ja", '"ja"'),
        ("language", "zh-Hant-TW", '"zh-hant-tw"'),
        ("boolean", True, "true"),
        ("boolean", False, "false"),
        ("boolean", "Yes", "true"),
        ("boolean", "0", "false"),
        ("string", 'a "b"\n', '"a \\"b\\"\\n"'),
        ("string", " a ", '" a "'),
        ("string", "", '""'),
        ("string", 5, '"5"'),
        ("string", True, '"true"'),
    ],
)
def test_each_type_has_one_way_to_be_written(kind: str, value: str | int | bool, expected: str) -> None:
    assert term(Parameter("p", kind), value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", ""),
        ("integer", "five"),
        ("integer", "5.0"),
        ("integer", "1e3"),
        ("integer", "1_000"),
        ("integer", "５"),
        ("integer", "5 } #"),
        ("integer", "5\n6"),
        ("integer", "9223372036854775808"),
        ("integer", "9" * 5000),
        ("integer", True),
        ("year", "MMIX"),
        ("year", "20044"),
        ("year", "-10000"),
        ("year", "2009-01"),
        ("year", "2009Z"),
        ("year", "+2009"),
        ("year", '2009"'),
        ("year", False),
        ("language", "english please"),
        ("language", "e"),
        ("language", 'en"'),
        ("language", "en-"),
        ("language", "*"),
        ("boolean", "maybe"),
        ("boolean", 2),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_an_example(kind: str, value: str | int | bool) -> None:
    with pytest.raises(
        QueryError, match=r"^parameter p: .* is not (a whole number|a year|a language tag|true or false)"
    ):
        term(Parameter("p", kind), value)


def test_choices_allow_nothing_else() -> None:
    parameter = Parameter("order", "string", choices=("year", "name"))

    assert term(parameter, "name") == '"name"'
    with pytest.raises(QueryError, match=r"'nam' is not one of year, name\. Did you mean 'name'\?"):
        term(parameter, "nam")


@given(st.text())
def test_any_text_is_one_term_or_refused(value: str) -> None:
    for kind in ("string", "integer", "year", "language", "boolean", "iri"):
        try:
            text = term(Parameter("p", kind), value)
        except QueryError:
            continue
        row = next(iter(ox.Store().query(f"SELECT ({text} AS ?x) ('end' AS ?y) {{}}")))
        assert row["y"] == ox.Literal("end")
        if kind == "string":
            assert row["x"] == ox.Literal(value)


@pytest.mark.parametrize(
    "parameter",
    [
        Parameter("p"),
        FIELD,
        Parameter("p", "string", "What it is", required=True, choices=("a", "b")),
        Parameter("p", "string", default=""),
    ],
)
def test_a_parameter_survives_json(parameter: Parameter) -> None:
    assert Parameter.from_json(parameter.to_json()) == parameter


def test_optional_is_what_has_neither_default_nor_need() -> None:
    assert Parameter("p").optional
    assert not Parameter("p", required=True).optional
    assert not FIELD.optional
