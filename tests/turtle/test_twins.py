"""Marks of another keyboard and characters that nobody sees are named, and told all at once with their plain twins."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from milieu.turtle.attempt import attempt
from milieu.turtle.fix import apply
from milieu.turtle.parse import Parsed, parse

PREFIX = "@prefix c: <http://c/> .\n"


def read(text: str) -> Parsed:
    return parse(PREFIX + text, "new.ttl")


def fixed(text: str) -> str:
    """The text with its safe fixes, without the prefix."""
    fixes = [finding.fix for finding in read(text).findings if finding.fix and finding.fix.safe]
    return apply(PREFIX + text, fixes).removeprefix(PREFIX)


def told(text: str) -> list[tuple[str, str]]:
    """Where each finding stands, counted from below the prefix, and what it says."""
    return [
        (f"{place.line - 1}:{place.column}-{place.end_column}", finding.message)
        for finding in read(text).findings
        if (place := finding.place)
    ]


def test_a_text_typed_on_a_japanese_keyboard_is_put_right_in_one_round() -> None:
    text = (
        "c:yosegi　a c:Craft ；\n  c:label “Yosegi”@en、”寄木、細工。”＠ja ；\n  c:of c:kyoto，c:nara 。\nc:d c：e 1．"
    )

    assert (
        fixed(text)
        == 'c:yosegi a c:Craft ;\n  c:label "Yosegi"@en,"寄木、細工。"@ja ;\n  c:of c:kyoto,c:nara .\nc:d c:e 1.'
    )
    assert len(read(text).quads) == 4
    assert told(text)[0] == ("1:9-10", "What looks like a space is none to Turtle (ideographic space, U+3000).")
    assert told(text)[1] == ("1:20-21", "The mark ； (fullwidth semicolon, U+FF1B) is none of Turtle's.")


@pytest.mark.parametrize(
    ("written", "meant"),
    [("1，5", "1,5"), ("1．5", "1.5"), ("c:saint、louis", "c:saint,louis"), ("c:x。c:y", "c:x. c:y")],
)
def test_a_mark_within_what_may_be_one_name_or_number_has_no_safe_fix(written: str, meant: str) -> None:
    text = f"c:d c:e nara .\nc:a c:b {written} ."
    fix = read(text).findings[1].fix

    assert fixed(text) == text
    assert fix is not None
    assert apply(PREFIX + text, [fix]) == f"{PREFIX}c:d c:e nara .\nc:a c:b {meant} ."


def test_marks_within_texts_addresses_and_comments_stay_as_they_are() -> None:
    text = "c:a c:b '、　；' , <http://c/、> . # 。\nc:d c:e '''；\n　''' ; c:f nara ."

    assert [place for place, _ in told(text)] == ["3:12-16"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("c:kyo\u200bto c:b 1 .", "c:kyoto c:b 1 ."),
        ("c:a c:b c:kyo\u200bto\u2060 ; c:d '\u200b'\u200b@en .", "c:a c:b c:kyoto ; c:d '\u200b'@en ."),
        ("c:a c:b c:kyo\u00adto.\n", "c:a c:b c:kyoto.\n"),
        ("\ufeff\u200b c:a c:b 1 .", " c:a c:b 1 ."),
    ],
)
def test_what_nobody_sees_is_named_and_taken_out_by_its_fix(written: str, meant: str) -> None:
    assert {finding.code for finding in read(written).findings} == {"invisible-letter"}
    assert fixed(written) == meant


def test_a_name_with_a_zero_width_space_is_read_without_it() -> None:
    parsed = read("c:kyo\u200bto c:b c:x .")

    assert [(str(one.place), one.message, one.remedy) for one in parsed.findings] == [
        ("new.ttl:2:1", "Nobody sees U+200B (zero width space) here.", "Write c:kyoto.")
    ]
    assert str(parsed.quads[0].subject) == "<http://c/kyoto>"


def test_an_apostrophe_in_a_name_is_told_at_its_place() -> None:
    for rest in ('c:label "D craft"@en ; c:d 1 .', "c:label 'D'@en ; c:d 1 ."):
        parsed = read(f"c:potter's a c:Craft ; {rest}")

        assert [(str(one.place), one.message, one.remedy) for one in parsed.findings] == [
            ("new.ttl:2:9", "An apostrophe cannot stand in a name.", "Leave it out: c:potters.")
        ]
        assert len(parsed.quads) == 3


def test_of_a_text_that_a_quote_within_ends_nothing_is_stated() -> None:
    parsed = read("c:a c:b 'It's'@en ; c:d 1 .")

    assert [(str(one.place), one.remedy, one.fix) for one in parsed.findings] == [
        ("new.ttl:2:12", "Write \\' for a quote inside a text, or use ''' around it.", None)
    ]
    assert parsed.quads == []


def test_texts_that_stand_right_behind_a_name_are_read() -> None:
    assert len(read("c:a c:b'x y'@en , 'z' ; c:d 'it'; c:c nara .").quads) == 3


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("c:100%-silk c:b 1 .", "1:1-12"),
        ("c:x c:b c:cotton-50% .", "1:9-21"),
        ("c:x c:b c:5%, c:y .", "1:9-13"),
        ("c:x c:b <http://c/4%> .", "1:9-22"),
    ],
)
def test_a_percent_sign_in_a_name_is_told_at_the_whole_name(text: str, place: str) -> None:
    assert [found for found, _ in told(text)] == [place]


def test_a_colon_for_a_semicolon_is_no_undeclared_prefix() -> None:
    assert told("c:h a c:Craft : c:label 'x'@en .") == [("1:15-16", ": is not expected here.")]
    assert told(": c:b c:c .") == [("1:1-2", "The prefix : is not declared.")]
    # Where a mistake before it hides that it is none, the advice says it.
    remedies = [finding.remedy for finding in read("c:5% a c:Craft : c:label 'x'@en .").findings]
    assert remedies[1] == "Write ';' if that is meant. Declare it at the top: @prefix : <…> ."


@pytest.mark.parametrize("text", ["c:a'x c:a'x ", "c:a\\'s'b c:a\\'s'b ", "c:a 'x'y c:b .", "c:a c:b 'x'y 'z'w ."])
def test_a_quote_that_ends_a_text_too_early_is_never_passed_over(text: str) -> None:
    assert told(text)[0][1] == "The text ends at this quote, and more follows."


@seed(7)
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*"；。、：'\" .;,[]<>@s", "'s", "\u3000", "\u200b", "c:a", "'x'", "1", "a"]), max_size=14)
)
def test_no_text_that_the_parser_refuses_is_without_a_finding(parts: list[str]) -> None:
    text = PREFIX + "c:a c:b 1 .\nc:a c:b " + "".join(parts) + " ."

    assert bool(attempt(text, ox.RdfFormat.TURTLE).errors) <= bool(parse(text, "new.ttl").findings)


def test_what_follows_a_mistake_of_syntax_is_not_mended_unasked() -> None:
    assert fixed('c:a c:b "2025"＾＾c:year .') == 'c:a c:b "2025"^^c:year .'
