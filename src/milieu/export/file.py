"""Exports to a file: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from milieu.atomic import replacing
from milieu.build.manifest import Build
from milieu.errors import FormatError
from milieu.export.formats import ENDINGS, FOLDERS, FORMATS, export

__all__ = ["export_file"]


def export_file(build: Build, path: Path, format: str | None = None, only: str = "all") -> int:  # noqa: A002
    """Write the graph to a file, and give the number of statements, things, features or rows.

    The ending tells the format when none is named; csv makes a folder of that name.

    It is written beside its place and renamed, so that a reader never meets half a file.
    Raises `FormatError` for an unknown format or ending and `StoreError` when it cannot be written.
    """
    chosen = format or ENDINGS.get(path.suffix.lower())
    if chosen is None:
        raise FormatError(
            f"the ending {path.suffix!r} does not tell a format",
            place=str(path),
            remedy=f"Give --format {'|'.join(FORMATS)}, or end the name in {', '.join(ENDINGS)}.",
        )
    if chosen in FOLDERS:
        return export(build, path, chosen, only)
    with replacing(path, remedy="Free some space or name another place with -o.") as stream:
        return export(build, stream, chosen, only)
