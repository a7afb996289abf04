"""Terms as text."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.errors import QueryError
from milieu.sparql.term import Term, is_term, read_term
from milieu.sparql.text import iri_text, string_text
from milieu.sparql.tokens import tokens

XSD = "http://www.w3.org/2001/XMLSchema#"
texts = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("\"'\\uU0041nrt{}<>?_#\n\r\t ")),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    max_size=30,
)


@given(texts)
def test_any_string_comes_back_from_the_engine_as_it_was(value: str) -> None:
    row = next(iter(ox.Store().query(f"SELECT ({string_text(value)} AS ?x) {{}}")))

    assert row["x"] == ox.Literal(value)


@given(texts)
def test_any_string_is_one_token_whenever_escapes_are_read(value: str) -> None:
    text = string_text(value)

    assert [token.kind for token in tokens(text, escapes=False)] == ["string"]
    assert [token.kind for token in tokens(text, escapes=True)] == ["string"]
    assert "\n" not in text
    assert is_term(text)
    assert read_term(text) == Term("literal", value, datatype=XSD + "string")


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
def test_what_no_literal_may_hold_is_refused(value: str) -> None:
    with pytest.raises(QueryError, match="NUL or half a character"):
        string_text(value)


@pytest.mark.parametrize(
    "iri", ["", "kanazawa", "a:", "a:b c", "a:b>c", "a:b<c", 'a:"', "a:{", "a:\\u003e", "a:\n", "1:a"]
)
def test_what_is_no_absolute_iri_is_refused(iri: str) -> None:
    with pytest.raises(QueryError, match="is not an IRI"):
        iri_text(iri)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("<a:b>", Term("iri", "a:b")),
        (r"<a:\u0062>", Term("iri", "a:b")),
        ("ex:b", Term("iri", "https://example.org/b")),
        ("_:b", Term("bnode", "b")),
        ("true", Term("literal", "true", datatype=XSD + "boolean")),
        ("-5", Term("literal", "-5", datatype=XSD + "integer")),
        ("1.50", Term("literal", "1.50", datatype=XSD + "decimal")),
        ("1e3", Term("literal", "1e3", datatype=XSD + "double")),
        (r"'a\n\'b'", Term("literal", "a\n'b", datatype=XSD + "string")),
        ('"""a"b"""', Term("literal", 'a"b', datatype=XSD + "string")),
        ('"5"^^ex:b', Term("literal", "5", datatype="https://example.org/b")),
    ],
)
def test_each_way_to_write_a_term_is_read(text: str, term: Term) -> None:
    assert read_term(text, {"ex:b": "https://example.org/b"}.get) == term


def test_language_tags_compare_in_lower_case() -> None:
    assert read_term('"a"@EN-gb') == read_term('"a"@en-GB')


@pytest.mark.parametrize("text", ["", "?x", "<a:b> <a:c>", '"a" "b"', '"a"^^5', "ex:unknown", "SELECT", "{", '"a'])
def test_what_is_not_one_term_is_none(text: str) -> None:
    assert read_term(text, {}.get) is None


@pytest.mark.parametrize("text", [" 5", "5 ", "5#", "- 5", '"a" @en', "_:b", r'"\u0022', "?x", "5 . <a:b> <a:b> 5"])
def test_what_is_not_plainly_one_term_cannot_be_put_into_a_query(text: str) -> None:
    assert not is_term(text)
