"""The layout of the folder's Turtle files, and the prefixes that they spell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from milieu.errors import FormatError
from milieu.finding import Finding, Place, Severity

if TYPE_CHECKING:
    from milieu.folder import Folder

__all__ = ["check_layout", "tidied", "turtle_files"]


def turtle_files(folder: Folder) -> list[Path]:
    """Every Turtle file of a folder that has one layout: ontology, alignments, shapes and data."""
    return [*folder.ontology, *folder.alignments, *folder.shapes, *folder.data]


def check_layout(folder: Folder) -> Iterator[Finding]:
    """A finding for each file that `milieu format` would change."""
    for path in turtle_files(folder):
        name, text = folder.relative(path), folder.read(path)
        tidy = tidied(folder, path, text)
        if tidy == text:
            continue
        line = _first_difference(text, tidy)
        yield Finding(
            Severity.VIOLATION,
            "layout",
            "The file is not in the one layout.",
            f"Run 'milieu format {name}'.",
            place=Place(name, line, 1, line, 1),
        )


def tidied(folder: Folder, path: Path, text: str) -> str:
    """The text of one of the folder's files in the one layout. Raises `FormatError` when it is not Turtle."""
    from milieu.turtle.format import format_turtle

    # The header's prefixes serve every file, so it declares those too that it does not use itself.
    header = path.resolve() == folder.header.resolve()
    try:
        return format_turtle(text, folder.prefixes, all_prefixes=header)
    except FormatError as fault:
        place = f"{folder.relative(path)}, {fault.place}" if fault.place else folder.relative(path)
        raise FormatError(fault.message, place=place, remedy=fault.remedy) from None


def _first_difference(one: str, other: str) -> int:
    lines = zip(one.split("\n"), other.split("\n"), strict=False)
    return next((number for number, (left, right) in enumerate(lines, 1) if left != right), 1)
