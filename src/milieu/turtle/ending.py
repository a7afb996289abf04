"""How a text ends: whether only the last dot is missing, or whether the file seems to be cut off.

A file that was cut off within a number has another number, and within a statement less than was meant. So it is never
closed unasked: only where the last term is whole, whatever might have followed, does a dot leave no doubt.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from milieu.finding import Finding, Fix, Severity
from milieu.turtle.splint import is_whole
from milieu.turtle.tokens import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milieu.turtle.tokens import Lines, Word

__all__ = ["CUT_OFF", "cut_within", "without_end"]

CUT_OFF = "The file seems to be cut off here"

# What no further character could be part of; a language is short, and seldom cut.
_CLOSED = frozenset({Kind.IRI, Kind.MARK, Kind.AT})


def without_end(text: str, words: Sequence[Word], last: tuple[int, int], lines: Lines) -> Finding:
    """What to say of a last statement without a dot: its tokens are `words`, its last term stands at `last`."""
    place = lines.place(*last)
    at_end = lines.place(last[1], last[1])
    if not is_whole(text, words):
        closes = text[last[0] : last[1]] == ";"
        return Finding(
            Severity.VIOLATION,
            "syntax",
            f"{CUT_OFF}, within a statement.",
            "Write what is missing, and end the statement with ' .'.",
            place=place,
            fix=Fix(at_end, " .", "End the statement.", safe=False) if closes else None,
        )
    if last[1] < len(text) or words[-1][0] in _CLOSED:
        return Finding(
            Severity.VIOLATION,
            "syntax",
            "The statement that ends here has no dot.",
            "End it with ' .'.",
            place=place,
            fix=Fix(at_end, " .", "End the statement."),
        )
    return Finding(
        Severity.VIOLATION,
        "syntax",
        f"{CUT_OFF}: the statement has no dot, and {text[last[0] : last[1]]} may go on.",
        "See whether that is all of it, and end the statement with ' .'.",
        place=place,
        fix=Fix(at_end, " .", "End the statement.", safe=False),
    )


def cut_within(finding: Finding) -> Finding:
    """The finding about the last thing of a text, with the doubt that it is cut off; its fix is no safe one."""
    fix = replace(finding.fix, safe=False) if finding.fix else None
    return replace(finding, message=f"{finding.message} {CUT_OFF}.", fix=fix)
