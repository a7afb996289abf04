"""A contribution: a set of new triples, as the text that someone handed in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from milieu.errors import FolderError, FormatError

__all__ = ["FORMATS", "MOST_BYTES", "Contribution"]

FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml")
MOST_BYTES = 10_000_000
"""How long a contribution may be."""
_ENDINGS = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    # Read as what they are, so that what is told of their graphs is right: those are not taken.
    ".nq": "nquads",
    ".trig": "trig",
    ".jsonld": "jsonld",
    ".json": "jsonld",
    ".rdf": "rdfxml",
    ".xml": "rdfxml",
    ".owl": "rdfxml",
}
_FILE = re.compile(rf"[^\n<>\"'{{}};]{{1,300}}(?:{'|'.join(map(re.escape, _ENDINGS))})", re.IGNORECASE)


@dataclass(frozen=True)
class Contribution:
    """The bytes that were handed in, the name they go by and the format they are in.

    >>> Contribution.of("city:kanazawa a mil:City .").name
    'contribution'
    """

    name: str
    content: bytes
    format: str = "turtle"

    @classmethod
    def of(cls, given: Path | str | bytes, format: str | None = None) -> Contribution:  # noqa: A002
        """A `Path` is a file, whose ending tells the format; `str` or `bytes` are the text itself, Turtle unless said.

        Of a file no more is read than shows that it is too long. Raises `FolderError` when the file cannot be read,
        and `FormatError` for a format there is no reader for, for what is neither a path nor a text, and for a text
        that is nothing but the name of a file.
        """
        if format is not None and format not in FORMATS:
            raise FormatError(f"unknown format {format!r}", remedy=f"Choose one of {', '.join(FORMATS)}.")
        if isinstance(given, str) and _FILE.fullmatch(given):
            raise FormatError(f"{given!r} is a text, not a file", remedy=f"Write Path({given!r}) for the file.")
        if isinstance(given, str):
            # Half a character is for the gate to tell of, like everything else that is wrong with a text.
            given = given.encode("utf-8", "surrogatepass")
        if isinstance(given, bytes):
            return cls("contribution", given, format or "turtle")
        if not isinstance(given, Path):
            raise FormatError(
                f"a contribution cannot be {type(given).__name__}",
                remedy="Give the path of a file as a Path, or the text itself as str or bytes.",
            )
        try:
            with given.open("rb") as stream:
                content = stream.read(MOST_BYTES + 1)
        except (OSError, ValueError) as fault:
            raise FolderError(
                f"the file cannot be read ({getattr(fault, 'strerror', None) or fault})",
                place=str(given),
                remedy="Check its name and that you may read it.",
            ) from None
        return cls(str(given), content, format or _ENDINGS.get(given.suffix.lower(), "turtle"))
