"""A fix changes its own characters and no others."""

from __future__ import annotations

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from milieu.errors import MilieuError
from milieu.finding import Fix, Place
from milieu.turtle.fix import apply, diff


def fix(line: int, column: int, end_column: int, text: str, end_line: int | None = None) -> Fix:
    return Fix(Place("new.ttl", line, column, end_line or line, end_column), text, f"Write {text}.")


def test_fixes_are_made_in_the_order_of_the_text() -> None:
    text = "c:a c:b 007 , 08 .\nc:a c:c 09 .\n"

    assert (
        apply(text, [fix(2, 9, 11, "9"), fix(1, 15, 17, "8"), fix(1, 9, 12, "7")]) == "c:a c:b 7 , 8 .\nc:a c:c 9 .\n"
    )


def test_every_other_byte_stays() -> None:
    text = "\ufeff# é 😀\r\nc:a\tc:b  '😀' , 007.\r\n\r\n  "

    assert apply(text, [fix(2, 16, 19, "7")]) == "\ufeff# é 😀\r\nc:a\tc:b  '😀' , 7.\r\n\r\n  "


def test_a_line_is_put_in_behind_the_byte_order_mark_and_ends_as_the_others_do() -> None:
    assert apply("\ufeffc:a c:b 1 .\r\n", [fix(1, 1, 1, "@prefix c: <http://c/> .\n")]) == (
        "\ufeff@prefix c: <http://c/> .\r\nc:a c:b 1 .\r\n"
    )


def test_a_fix_may_span_lines() -> None:
    assert apply("c:a c:b '''x\ny''' .", [fix(1, 9, 5, '"z"', end_line=2)]) == 'c:a c:b "z" .'


def test_equal_fixes_count_as_one() -> None:
    assert apply("x", [fix(1, 1, 1, "a"), fix(1, 1, 1, "a")]) == "ax"


def test_different_insertions_at_one_place_keep_their_order() -> None:
    assert apply("x", [fix(1, 1, 1, "b"), fix(1, 1, 1, "a")]) == "bax"


def test_fixes_that_touch_do_not_overlap() -> None:
    assert apply("abcd", [fix(1, 1, 3, "x"), fix(1, 3, 5, "y")]) == "xy"


def test_overlapping_fixes_are_refused_with_both_places() -> None:
    with pytest.raises(MilieuError, match=r"new\.ttl:1:1 and new\.ttl:1:2: two fixes change the same characters"):
        apply("abcd", [fix(1, 1, 3, "x"), fix(1, 2, 4, "y")])


def test_no_fix_changes_nothing() -> None:
    assert apply("abc\r", []) == "abc\r"


def test_a_difference_names_the_file_and_shows_the_lines() -> None:
    assert diff("a\nb\nc", "a\nB\nc", "new.ttl") == (
        "--- a/new.ttl\n+++ b/new.ttl\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n\\ No newline at end of file\n"
    )
    assert diff("same\n", "same\n", "new.ttl") == ""


def test_a_difference_in_a_file_named_from_the_root_has_no_doubled_slash() -> None:
    assert diff("a\n", "b\n", "/in/new.ttl").startswith("--- a/in/new.ttl\n+++ b/in/new.ttl\n")


def test_a_line_separator_within_a_text_ends_no_line_of_a_difference() -> None:
    assert diff("x\u2028y\n", "x\u2028z\n", "n") == "--- a/n\n+++ b/n\n@@ -1 +1 @@\n-x\u2028y\n+x\u2028z\n"


@seed(20270)
@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab é😀\n"), max_size=30), st.data())
def test_applying_is_the_same_as_replacing_from_the_end(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    expected = text
    fixes = []
    for start, end in reversed(list(zip(cuts[::2], cuts[1::2], strict=False))):
        expected = expected[:start] + "NEW" + expected[end:]
        before, inside = text[:start], text[:end]
        fixes.append(
            fix(
                before.count("\n") + 1,
                start - (before.rfind("\n") + 1) + 1,
                end - (inside.rfind("\n") + 1) + 1,
                "NEW",
                end_line=inside.count("\n") + 1,
            )
        )

    assert apply(text, fixes) == expected
