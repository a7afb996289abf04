"""Rows as a table that lines up on a terminal, also where letters are two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

__all__ = ["markdown", "table", "width"]

_NARROWEST = 6

# rich draws tables too, but importing it takes longer than most queries run.


def table(columns: Sequence[str], rows: Sequence[Sequence[str]], most: int | None = None) -> str:
    """The rows under their column names, each column as wide as its widest cell.

    With `most`, the widest columns are narrowed, and their cells cut, until a line is no longer than that.

    >>> print(table(["city", "year"], [["Kanazawa", "2009"], ["金沢", "2009"]]))
    city      year
    ────────  ────
    Kanazawa  2009
    金沢      2009
    """
    shown = [[cut(cell) for cell in row] for row in rows]
    widths = [
        max([width(name), *(width(row[place]) for row in shown)], default=0) for place, name in enumerate(columns)
    ]
    if most is not None:
        widths = _narrowed(widths, most - 2 * (len(columns) - 1))
        shown = [[cut(cell, size) for cell, size in zip(row, widths, strict=True)] for row in shown]
        columns = [cut(name, size) for name, size in zip(columns, widths, strict=True)]
    lines = [_line(columns, widths), _line(["─" * size for size in widths], widths)]
    lines.extend(_line(row, widths) for row in shown)
    return "\n".join(lines)


def markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""The rows as a Markdown table.

    >>> print(markdown(["a"], [["x|y"]]))
    | a |
    | --- |
    | x\|y |
    """
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(_markdown_cell(cell) for cell in line) + " |" for line in lines)


def width(text: str) -> int:
    """The columns that a text takes up on a terminal."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def cut(text: str, most: int | None = None) -> str:
    """The text on one line, with control characters made visible, and an ellipsis where it is too long."""
    line = "".join(letter if letter.isprintable() else " " if letter.isspace() else "\ufffd" for letter in text)
    if most is None or width(line) <= most:
        return line
    kept, taken = [], 0
    for letter in line:
        taken += width(letter)
        if taken > most - 1:
            break
        kept.append(letter)
    return "".join(kept) + "…"


def _narrowed(widths: Sequence[int], room: int) -> list[int]:
    """The widths, the widest ones cut down alike until all of them fit; none becomes narrower than a few letters."""
    if sum(widths) <= room:
        return list(widths)
    for widest in range(max(widths), _NARROWEST, -1):
        found = [min(size, widest) for size in widths]
        if sum(found) <= room:
            return found
    return [min(size, _NARROWEST) for size in widths]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell + " " * (size - width(cell)) for cell, size in zip(cells, widths, strict=True)]
    return "  ".join(padded).rstrip()


def _markdown_cell(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>")
