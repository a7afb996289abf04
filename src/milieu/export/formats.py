"""Every format of an export, by name."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from milieu.build.manifest import Build
from milieu.errors import FormatError
from milieu.export import rdf

__all__ = ["ENDINGS", "FOLDERS", "FORMATS", "export"]

FORMATS = (*rdf.FORMATS, "jsonld-context", "geojson", "csv")
FOLDERS = frozenset({"csv"})
"""Those that make a folder of files instead of one."""

ENDINGS = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".trig": "trig",
    ".rdf": "rdfxml",
    ".jsonld": "jsonld",
    ".geojson": "geojson",
}
"""The formats that the ending of a file tells."""


def export(build: Build, target: IO[bytes] | Path, format: str = "turtle", graphs: str = "all") -> int:  # noqa: A002
    """Write a build to a binary stream, or into a folder, and give the number of statements, features, things or rows.

    Raises `FormatError` for an unknown format, and for a stream where a folder is wanted.
    """
    if format == "csv":
        from milieu.export.tables import export_tables

        if not isinstance(target, Path):
            raise FormatError("tables are several files", place="--format", remedy="Name a folder for them with -o.")
        return export_tables(build, target, graphs)
    assert not isinstance(target, Path)
    if format == "geojson":
        from milieu.export.geojson import export_geojson

        return export_geojson(build, target, graphs)
    if format == "jsonld-context":
        from milieu.export.context import export_context

        return export_context(build, target, graphs)
    if format not in rdf.FORMATS:
        raise FormatError(f"unknown format {format!r}", place="--format", remedy=f"Choose one of {', '.join(FORMATS)}.")
    return rdf.export(build, target, format, graphs)
