"""A file that was cut off is told as one, and never closed as if there were no doubt."""

from __future__ import annotations

import pytest

from milieu.finding import Finding
from milieu.turtle.parse import parse

PREFIX = "@prefix c: <http://c/> .\n"


def only(text: str) -> Finding:
    findings = parse(PREFIX + text, "new.ttl").findings
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    "end", ["14", "c:x", "_:x", "true", "'x'", "'x'^^c:gYe", "<http://x", "'x", "kyo", "12a", "http://x/y", "'x'@ja_"]
)
def test_a_file_that_ends_within_a_term_is_not_closed_unasked(end: str) -> None:
    finding = only(f"c:a c:b 1 .\nc:a c:b {end}")

    assert "The file seems to be cut off here" in finding.message
    assert finding.fix is None or not finding.fix.safe


@pytest.mark.parametrize(
    "end",
    [
        "c:a",
        "c:a c:b",
        "c:a c:b 1 ;",
        "c:a c:b 1 ;\n",
        "c:a c:b 1,",
        "c:a c:b 1 ; c:d",
        "c:a c:b [ c:d 1",
        "@prefix d:",
        "c:a c:b ( 1 2\n",
        "c:a c:b '2'^^",
        "[ c:b 1 ] c:c",
    ],
)
def test_a_file_that_ends_within_a_statement_is_told_as_cut_off(end: str) -> None:
    finding = only(end)

    assert finding.message == "The file seems to be cut off here, within a statement."
    assert finding.fix is None or not finding.fix.safe


@pytest.mark.parametrize(
    "end",
    [
        "c:a c:b 14\n",
        "c:a c:b c:x \n",
        "c:a c:b 14 # all",
        "c:a c:b 'x'@en",
        "c:a c:b <http://x/>",
        "c:a c:b [ c:d 1 ]",
        "c:a c:b ( 1 )",
        "[ c:b 1 ]",
        "@prefix d: <http://x/>",
        "c:a c:b 'x' ;\n c:d 'y'\n\n",
    ],
)
def test_a_statement_that_lacks_nothing_but_its_dot_is_ended_by_a_safe_fix(end: str) -> None:
    finding = only(end)

    assert finding.message == "The statement that ends here has no dot."
    assert finding.fix is not None
    assert finding.fix.safe


def test_no_place_lies_beyond_the_end_of_a_text() -> None:
    place = only("@prefix d: <htt").place

    assert place is not None
    assert (place.end_line, place.end_column) == (2, 16)
