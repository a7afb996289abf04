"""What is looked for before a text is parsed: unseen characters, depth, size, the encoding."""

from __future__ import annotations

import pytest

from milieu.turtle.fix import apply
from milieu.turtle.parse import parse
from parsed import PREFIXES, read, told


def test_unseen_characters_are_reported_at_their_term_and_where_an_escape_makes_them() -> None:
    parsed = read("c:a c:b 'a\u202eb' , 'c\\u202E' , <http://c/\\u200e> , 'ok\\t' .")

    assert told(parsed) == [
        ("control-character", "3:9-3:14"),
        ("control-character", "3:17-3:26"),
        ("control-character", "3:29-3:46"),
    ]


def test_the_fix_of_unseen_characters_takes_just_them_away() -> None:
    text = PREFIXES + "c:a c:b 'a\u2066b\u2069c'@en . # \u200e"
    parsed = parse(text, "new.ttl")

    assert told(parsed) == [("control-character", "3:9-3:19"), ("control-character", "3:24-3:25")]
    assert parsed.findings[0].message == (
        "The invisible characters U+2066 (left-to-right isolate) and U+2069 (pop directional isolate) "
        "stand in it, at line 3, column 11."
    )
    fixes = [finding.fix for finding in parsed.findings if finding.fix]
    assert apply(text, fixes) == PREFIXES + "c:a c:b 'abc'@en . # "


@pytest.mark.parametrize("mark", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u200e", "\u2066"])
def test_no_control_character_passes(mark: str) -> None:
    assert [finding.code for finding in read(f"c:a c:b 'x{mark}y' .").findings] == ["control-character"]


def test_nesting_ends_at_a_hundred() -> None:
    fine = read("c:a c:b " + "[ c:b " * 100 + "1" + " ]" * 100 + " .")
    deep = read("c:a c:b " + "[ c:b " * 101 + "1" + " ]" * 101 + " .")

    assert fine.findings == []
    assert len(fine.quads) == 101
    assert told(deep) == [("too-deep", "3:609-3:610")]
    assert deep.quads == []


def test_many_brackets_beside_one_another_are_not_deep() -> None:
    assert read("c:a c:b " + " , ".join(["[]"] * 300) + " .").findings == []


@pytest.mark.parametrize(
    ("kind", "text"), [("jsonld", "[" * 4000), ("rdfxml", "<a>" * 4000), ("turtle", "<<(" * 19000)]
)
def test_a_bomb_of_brackets_is_refused_before_it_is_parsed(kind: str, text: str) -> None:
    assert [finding.code for finding in parse(text, "new", kind).findings] == ["too-deep"]


def test_a_literal_of_more_than_64_kb_is_refused() -> None:
    just = "あ" * (64 * 1024 // 3)
    parsed = read(f"c:a c:b '{just}' , '{just}あ' .")

    assert told(parsed) == [("too-long", f"3:{14 + len(just)}-3:{17 + 2 * len(just)}")]
    assert len(parsed.quads) == 1


def test_a_byte_order_mark_is_accepted_and_takes_no_column() -> None:
    for text in ("\ufeff<x:a> <x:b> 007 .", b"\xef\xbb\xbf<x:a> <x:b> 007 ."):
        assert told(parse(text, "new.ttl")) == [("not-canonical", "1:13-1:16")]


def test_bytes_that_are_not_utf_8_are_one_finding_with_all_their_places() -> None:
    parsed = parse(b"<x:a> <x:b> 'caf\xe9' .\n<x:a> <x:b> '\xff' .", "new.ttl")

    assert [finding.code for finding in parsed.findings] == ["encoding"]
    assert str(parsed.findings[0].place) == "new.ttl:1:17"
    assert [str(place) for place in parsed.findings[0].related] == ["new.ttl:2:14"]


def test_shift_jis_is_recognised() -> None:
    parsed = parse("<x:a> <x:b> '金沢ミリュー' .".encode("cp932"), "new.ttl")

    assert parsed.findings[0].remedy == "The text looks like Shift_JIS: save it as UTF-8."


def test_utf_16_and_half_characters_are_refused() -> None:
    assert parse("<x:a> <x:b> 1 .".encode("utf-16"), "new.ttl").findings[0].message == "The text is UTF-16, not UTF-8."
    assert [finding.code for finding in parse("<x:a> <x:b> '\ud800' .", "new.ttl").findings] == ["encoding"]
