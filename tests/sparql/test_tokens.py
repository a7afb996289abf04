"""The tokeniser: every terminal of the grammar, places, and escapes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.errors import QueryError
from milieu.sparql.tokens import settled_tokens, tokens


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<https://example.org/a?b=c#d>", "iri"),
        ("<>", "iri"),
        ("<a金沢>", "iri"),
        ("city:kanazawa", "pname"),
        (":", "pname"),
        ("city:", "pname"),
        (":local", "pname"),
        ("a.b-c:d.e", "pname"),
        ("ex:a%20b", "pname"),
        (r"ex:a\,b\#c", "pname"),
        ("ex:金沢", "pname"),
        ("é:x", "pname"),
        ("ex:a:b", "pname"),
        ("ex:2009", "pname"),
        ("?city", "variable"),
        ("$city", "variable"),
        ("?_city", "variable"),
        ("?都市", "variable"),
        ("?a·b", "variable"),
        ("_:b0", "bnode"),
        ("_:a.b", "bnode"),
        ("'a'", "string"),
        ('"a"', "string"),
        ('""', "string"),
        ("''", "string"),
        (r'"a\"b"', "string"),
        ("'''a\n'b''c'''", "string"),
        ('"""a\n"b""c"""', "string"),
        ('""""a"""', "string"),
        (r'"""a\""""', "string"),
        ("@en", "language"),
        ("@zh-Hant-TW", "language"),
        ("1", "number"),
        ("1.5", "number"),
        (".5", "number"),
        ("1e10", "number"),
        ("1.e10", "number"),
        (".5E-3", "number"),
        ("SELECT", "word"),
        ("group_concat", "word"),
        ("a", "word"),
        ("&&", "punct"),
        ("^^", "punct"),
        ("<=", "punct"),
        ("{", "punct"),
        ("^", "punct"),
        ("~", "punct"),
    ],
)
def test_each_terminal_is_one_token(text: str, kind: str) -> None:
    assert kinds(text) == [(kind, text)]


def test_a_name_does_not_take_the_dot_that_ends_a_triple() -> None:
    assert kinds("?s ex:p ex:o. _:b.") == [
        ("variable", "?s"),
        ("pname", "ex:p"),
        ("pname", "ex:o"),
        ("punct", "."),
        ("bnode", "_:b"),
        ("punct", "."),
    ]


def test_a_path_with_question_mark_is_not_a_variable() -> None:
    assert kinds("ex:p? ?o") == [("pname", "ex:p"), ("punct", "?"), ("variable", "?o")]


def test_a_comment_ends_with_its_line_whichever_way_lines_end() -> None:
    assert kinds("ASK # {\r{ # }\n}") == [("word", "ASK"), ("punct", "{"), ("punct", "}")]


def test_a_hash_within_an_iri_or_string_begins_no_comment() -> None:
    assert kinds("<a#b> '#'") == [("iri", "<a#b>"), ("string", "'#'")]


def test_what_looks_like_a_parameter_in_strings_iris_and_comments_is_no_variable() -> None:
    text = "'?_a' \"?_a\" '''?_a''' \"\"\"?_a\"\"\" <x?_a> # ?_a"

    assert [token.kind for token in tokens(text)] == ["string"] * 4 + ["iri"]


def test_a_less_than_with_spaces_is_punctuation() -> None:
    assert kinds("?a < ?b && ?c > ?d") == [
        ("variable", "?a"),
        ("punct", "<"),
        ("variable", "?b"),
        ("punct", "&&"),
        ("variable", "?c"),
        ("punct", ">"),
        ("variable", "?d"),
    ]


@pytest.mark.parametrize("text", ["'open", '"two\nlines"', "\u00a0", "\ufeff", "\\", "`", "%"])
def test_what_fits_nothing_is_a_token_of_its_own(text: str) -> None:
    assert tokens(text)[0].kind == "other"


def test_places_count_lines_and_code_points_from_one() -> None:
    found = tokens("ASK {\n  '金沢' ?x\n\n ?y }")

    assert [(token.text, token.line, token.column) for token in found] == [
        ("ASK", 1, 1),
        ("{", 1, 5),
        ("'金沢'", 2, 3),
        ("?x", 2, 8),
        ("?y", 4, 2),
        ("}", 4, 5),
    ]


def test_escapes_are_read_before_the_grammar_and_places_stay_those_of_the_text() -> None:
    found = tokens(r"\u0041SK \U0000007B ?n\u0061me")

    assert [(token.kind, token.text, token.start, token.end) for token in found] == [
        ("word", "ASK", 0, 8),
        ("punct", "{", 9, 19),
        ("variable", "?name", 20, 30),
    ]


def test_without_escapes_they_are_read_only_within_tokens() -> None:
    found = tokens(r"'\u0027' <\u0041>", escapes=False)

    assert [(token.kind, token.text) for token in found] == [("string", r"'\u0027'"), ("iri", r"<\u0041>")]


def test_half_a_character_is_no_escape() -> None:
    assert tokens(r"?a\uD800")[1].kind == "other"


@pytest.mark.parametrize(
    "text",
    [r"ASK { ?s ?p '\u0027' }", r"ASK { # \u000A ?s ?p ?o }", r"\u0041SK {}", r"ASK { ?s ?p '\u005C' }"],
)
def test_a_text_that_engines_read_differently_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(QueryError, match=r"line 1, column \d+: an escape"):
        settled_tokens(text)


@pytest.mark.parametrize("text", [r"ASK { ?s ?p '\u0041\n' }", r"ASK { ?s ?p '\\u0041' }", r"ASK { <\u0041> ?p 1 }"])
def test_harmless_escapes_are_settled(text: str) -> None:
    assert len(settled_tokens(text)) == 6


@given(st.text(alphabet=st.sampled_from(list("?$_:<>\"'\\#.@^{}()ab1é金·%/&|\n ")), max_size=40))
def test_tokens_cover_all_but_blanks_and_comments(text: str) -> None:
    at = 0
    for token in tokens(text, escapes=False):
        assert text[token.start : token.end] == token.text
        gap = text[at : token.start]
        assert gap.strip(" \t\r\n") == "" or "#" in gap
        at = token.end


@given(st.text(alphabet=st.sampled_from(list("?_:<>\"'# \nab1.-")), max_size=40))
def test_letters_of_other_scripts_change_nothing_for_the_rest(text: str) -> None:
    assert tokens(text + " ?金") == [*tokens(text + " ?x")[:-1], *tokens(text + " ?金")[-1:]]
