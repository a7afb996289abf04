"""What a text looks like that is not in the format it is said to be in: one finding in place of a hundred errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from milieu.finding import Finding, Severity
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["other_kind"]

_BINARY: Mapping[bytes, tuple[str, str]] = {
    b"\x1f\x8b": ("a file packed with gzip", "Unpack it first: gunzip FILE."),
    b"BZh": ("a file packed with bzip2", "Unpack it first: bunzip2 FILE."),
    b"\xfd7zXZ": ("a file packed with xz", "Unpack it first: unxz FILE."),
    b"PK\x03\x04": ("a zip archive (or a spreadsheet or text document)", "Unpack it first, or save it as a text."),
    b"%PDF": ("a PDF document", "Hand in the data as a text: Turtle, N-Triples, JSON-LD or RDF/XML."),
}
_NO_TEXT = ("no text, but a binary file", "Hand in a text: Turtle, N-Triples, JSON-LD or RDF/XML.")
_XML = re.compile(r"\s*(?:<\?xml\s|<!--.*?-->\s*<\w|<(?:[\w-]+:)?[\w-]+\s+(?:xmlns|[\w-]+:[\w-]+\s*=))", re.DOTALL)
_HTML = re.compile(r"\s*(?:<!doctype\s+html|<html\b)", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{])")
_TURTLE = re.compile(
    r"(?:\s|#[^\n]*\n)*(?:@prefix\b|@base\b|prefix\s+[^\s:]*:|base\s+<|<[A-Za-z][A-Za-z0-9+.-]*:)", re.IGNORECASE
)
_DIRECTIVE = re.compile(r"(?:\s|#[^\n]*\n)*(?:@prefix\b|@base\b|prefix\s+[^\s:]*:\s*<|base\s+<)", re.IGNORECASE)
_NAMES = {
    "turtle": ("Turtle", ".ttl"),
    "trig": ("TriG", ".trig"),
    "ntriples": ("N-Triples", ".nt"),
    "nquads": ("N-Quads", ".nq"),
    "jsonld": ("JSON-LD", ".jsonld"),
    "rdfxml": ("RDF/XML", ".rdf"),
}
_CONTROLS = bytes(range(9)) + bytes(range(14, 32))
_LOOKED_AT = 4096
_SHOWN = 40


def other_kind(data: str | bytes, text: str, file: str, format: str) -> Finding | None:  # noqa: A002
    """The finding that a contribution is something else than its format says; None when it may well be that.

    >>> found = other_kind("", '{"@id": "x:a"}', "new.ttl", "turtle")
    >>> print(found.message, found.remedy)
    This looks like JSON-LD, not Turtle. Say so (--input jsonld), or give the file the ending .jsonld.
    """
    head = text[:_LOOKED_AT]
    binary = _binary(data) if isinstance(data, bytes) else None
    seems = None if binary else _seems(head, format)
    if binary is None and seems is None:
        return None
    name = _NAMES[format][0]
    if binary is not None:
        what, remedy = binary
    elif seems == "html":
        what, remedy = "a web page", "Hand in the data itself, not the page that shows it."
    else:
        what, ending = _NAMES[seems or format]
        remedy = f"Say so (--input {seems}), or give the file the ending {ending}."
    start = len(head) - len(head.lstrip())
    end = min(start + _SHOWN, *(at for at in (text.find("\n", start), len(text)) if at > start), start + _SHOWN)
    place = Lines(text, file).place(start, end) if binary is None else Lines("", file).place(0, 0)
    message = f"This looks like {what}, not {name}." if binary is None else f"This is {what}."
    return Finding(Severity.VIOLATION, "other-format", message, remedy, place=place)


def _binary(data: bytes) -> tuple[str, str] | None:
    for beginning, said in _BINARY.items():
        if data.startswith(beginning):
            return said
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    head = data[:_LOOKED_AT]
    # A control or two are a slip within a text, and have places.
    unseen = len(head) - len(head.translate(None, _CONTROLS))
    return _NO_TEXT if b"\0" in head and unseen > 3 and unseen * 20 > len(head) else None


def _seems(head: str, format: str) -> str | None:  # noqa: A002
    """The format, or html, that the beginning of a text is surely in; None when that is the one it is said to be in."""
    if _HTML.match(head):
        return "html"
    if format != "rdfxml" and _XML.match(head):
        return "rdfxml"
    if format != "jsonld" and _JSON.match(head):
        return "jsonld"
    if format in ("jsonld", "rdfxml") and _TURTLE.match(head) and not (format == "rdfxml" and _XML.match(head)):
        return "turtle"
    if format in ("ntriples", "nquads") and _DIRECTIVE.match(head):
        return "turtle"
    return None
