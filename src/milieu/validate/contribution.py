"""A contribution: a set of new triples, as the text that someone handed in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from milieu.errors import FolderError, FormatError

__all__ = ["FORMATS", "Contribution"]

FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml")
_ENDINGS = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".jsonld": "jsonld",
    ".json": "jsonld",
    ".rdf": "rdfxml",
    ".xml": "rdfxml",
    ".owl": "rdfxml",
}


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
    def of(cls, given: Path | str, format: str | None = None) -> Contribution:  # noqa: A002
        """A `Path` is a file, whose ending tells the format; a `str` is the text itself, Turtle unless said.

        Raises `FolderError` when the file cannot be read and `FormatError` for a format there is no reader for.
        """
        if format is not None and format not in FORMATS:
            raise FormatError(f"unknown format {format!r}", remedy=f"Choose one of {', '.join(FORMATS)}.")
        if isinstance(given, str):
            return cls("contribution", given.encode(), format or "turtle")
        try:
            content = given.read_bytes()
        except OSError as fault:
            raise FolderError(
                f"the file cannot be read ({fault.strerror})",
                place=str(given),
                remedy="Check its name and that you may read it.",
            ) from None
        return cls(str(given), content, format or _ENDINGS.get(given.suffix.lower(), "turtle"))
