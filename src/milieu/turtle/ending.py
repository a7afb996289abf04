"""How a text ends: whether only the last dot is missing, or whether the file seems to be cut off.

A file that was cut off within a number has another number, and within a statement less than was meant. So it is never
closed unasked: only where the last term is whole, whatever might have followed, does a dot leave no doubt.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from milieu.finding import Finding, Fix, Severity
from milieu.turtle.splint import is_whole
from milieu.turtle.tokens import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milieu.turtle.tokens import Lines, Word

__all__ = ["CUT_OFF", "cut_within", "in_number", "without_end"]

CUT_OFF = "The file seems to be cut off here"

_NUMBER_AT_END = re.compile(r"(?<![^\s,;])[+-]?[0-9]+\.\Z")
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


def in_number(text: str, lines: Lines) -> list[Finding]:
    """A doubt about a last dot that may be a decimal point, as the text ends right behind it.

    >>> from milieu.turtle.tokens import Lines
    >>> [finding.message for finding in in_number("c:a c:b 137.", Lines("c:a c:b 137.", "new.ttl"))]
    ['The file seems to be cut off here: 137. may be the beginning of a longer number.']
    """
    found = _NUMBER_AT_END.search(text)
    if not found:
        return []
    message = f"{CUT_OFF}: {found[0]} may be the beginning of a longer number."
    remedy = "See whether that is all of it; if it is, write a space before the dot."
    return [Finding(Severity.WARNING, "cut-off", message, remedy, place=lines.place(*found.span()))]


def cut_within(finding: Finding) -> Finding:
    """The finding about the last thing of a text, with the doubt that it is cut off; its fix is no safe one."""
    fix = replace(finding.fix, safe=False) if finding.fix else None
    return replace(finding, message=f"{finding.message} {CUT_OFF}.", fix=fix)
