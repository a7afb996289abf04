"""The comments of a Turtle text, and what each belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from milieu.turtle.tokens import tokens

if TYPE_CHECKING:
    from milieu.turtle.reading import Reading, Term

__all__ = ["Comments", "comments_of"]

_COMMENT = re.compile(r"#[^\r\n]*")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Comments:
    """The block at the head of a text, the comments of each subject, and those behind the last statement.

    Subjects are as in a `Reading`: blank nodes are numbers.
    """

    head: list[str] = field(default_factory=list)
    of: dict[Term, list[str]] = field(default_factory=dict)
    tail: list[str] = field(default_factory=list)


def comments_of(text: str, reading: Reading) -> Comments:
    r"""Every comment of the text: what stands above a statement or within it belongs to the statement's subject.

    >>> from milieu.turtle.reading import Reading
    >>> text = "# Cities\n@prefix c: <http://c/> .\n# the old capital\nc:kyoto c:near c:nara . # and Osaka\n"
    >>> found = comments_of(text, Reading(text))
    >>> found.head, list(found.of.values()), found.tail
    (['# Cities'], [['# the old capital', '# and Osaka']], [])
    """
    found = Comments()
    subjects = {record[9]: record[0] for record in reading.records if record[3] == record[9]}
    statements = sorted((start, end) for start, end in reading.statements.items() if start in subjects)
    current = 0
    before = 0
    first = True
    for _, start, end in [*tokens(text), (None, len(text), len(text))]:
        gap = text[before:start]
        if "#" in gap:
            if first:
                found.head.extend(_lines_of(gap))
            else:
                _attach(gap, before, statements, current, subjects, found)
        while current < len(statements) and statements[current][1] <= end:
            current += 1
        before, first = end, False
    return found


def _attach(
    gap: str,
    before: int,
    statements: list[tuple[int, int]],
    current: int,
    subjects: dict[int, Term],
    found: Comments,
) -> None:
    """Give the comments between two tokens to the statement around them, behind them on the line, or below them."""
    inside = current < len(statements) and statements[current][0] < before
    end_of_line = _LINE_END.search(gap)
    trailing = gap[: end_of_line.start()] if end_of_line else gap
    rest = gap[len(trailing) :]
    if inside:
        trailing, rest = gap, ""
    if trailing and (inside or current):
        owner = statements[current if inside else current - 1][0]
        found.of.setdefault(subjects[owner], []).extend(match[0].rstrip() for match in _COMMENT.finditer(trailing))
    else:
        rest = gap
    below = [match[0].rstrip() for match in _COMMENT.finditer(rest)]
    if not below:
        return
    if current < len(statements):
        found.of.setdefault(subjects[statements[current][0]], []).extend(below)
    else:
        found.tail.extend(below)


def _lines_of(gap: str) -> list[str]:
    """The lines of a block of comments, with single empty lines between its paragraphs kept."""
    lines = [line.strip() for line in _LINE_END.split(gap.removeprefix("\ufeff"))]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return [line for number, line in enumerate(lines) if line or lines[number - 1]]
