"""Edits to a text: what a fix replaces is replaced, and every other character stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from milieu.errors import MilieuError
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from milieu.finding import Fix

__all__ = ["apply", "diff"]

# Not str.splitlines, which also ends a line at characters that may stand within a text.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def apply(text: str, fixes: Iterable[Fix]) -> str:
    r"""The text with the fixes made; line ends and a byte order mark stay, and equal fixes count as one.

    Lines that a fix adds end as those of the text do.
    Insertions at one place are made in the order given. Raises `MilieuError`, naming both places, when two fixes would
    change the same characters.

    >>> from milieu.finding import Fix, Place
    >>> apply("c:kyoto c:since 0794 .\r\n", [Fix(Place("new.ttl", 1, 17, 1, 21), "794", "Write what is kept.")])
    'c:kyoto c:since 794 .\r\n'
    """
    lines = Lines(text, "")
    line_end = "\r\n" if "\r\n" in text else "\n"
    edits = sorted(
        (
            (lines.offset(place.line, place.column), lines.offset(place.end_line, place.end_column), fix)
            for fix in dict.fromkeys(fixes)
            for place in (fix.place,)
        ),
        key=lambda edit: edit[:2],
    )
    parts: list[str] = []
    copied = 0
    before: Fix | None = None
    for start, end, fix in edits:
        if start < copied and before is not None:
            raise MilieuError(
                f"two fixes change the same characters: {before.description!r} and {fix.description!r}",
                place=f"{before.place} and {fix.place}",
                remedy="Apply one, validate again, then apply the other.",
            )
        parts += (text[copied:start], fix.text.replace("\n", line_end))
        copied = end
        before = fix
    return "".join((*parts, text[copied:]))


def diff(before: str, after: str, file: str) -> str:
    r"""What changed between two versions of a file, as a unified diff; empty when nothing did.

    >>> print(diff("c:a c:b 07 .\n", "c:a c:b 7 .\n", "new.ttl"), end="")
    --- a/new.ttl
    +++ b/new.ttl
    @@ -1 +1 @@
    -c:a c:b 07 .
    +c:a c:b 7 .
    """
    import difflib

    file = file.removeprefix("/")
    changes = difflib.unified_diff(_LINE.findall(before), _LINE.findall(after), f"a/{file}", f"b/{file}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in changes)
