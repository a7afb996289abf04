"""What XML cannot hold: some characters (XML 1.0, section 2.2), and properties whose IRI does not end in a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from milieu.errors import FormatError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Protocol

    class Sink(Protocol):
        """What takes bytes."""

        def write(self, piece: bytes, /) -> int:
            """Take a piece."""


__all__ = ["XML", "well_formed"]

XML = frozenset({"xml", "rdfxml"})
"""The formats that are XML."""

_CONTROLS = bytes(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D))
_NO_CHARACTER = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
# How the engine begins an element whose IRI has no name at its end, or a name that RDF/XML has taken away (section 5.1)
# or XML itself has. In text and attributes it escapes `<`, so that these bytes are nothing else.
_NO_ELEMENT = (b"<oxprefix: ", b"<xmlns:", b"<rdf:aboutEach", b"<rdf:bagID")
_LONGEST = max(map(len, _NO_ELEMENT)) - 1
_OTHERS = {"xml": "JSON, CSV or TSV", "rdfxml": "Turtle, N-Triples or JSON-LD"}


@contextmanager
def well_formed(stream: Sink, format: str) -> Iterator[IO[bytes]]:  # noqa: A002 - one word, the same everywhere
    """The stream itself; for `xml` and `rdfxml` one that passes on what is well-formed and stays what it was.

    Raises `FormatError` at the first piece that would not be. A carriage return becomes a character reference, as
    every reader of XML would take a bare one for a line feed (section 2.11).
    """
    if format not in XML:
        yield stream  # type: ignore[misc]
        return
    try:
        yield _Pieces(stream, _OTHERS[format])  # type: ignore[misc]
    except OSError as fault:
        if fault.errno is not None:
            raise
        # The engine's own refusal of properties that mean something else in RDF/XML, such as rdf:li.
        raise _no_element(_OTHERS[format]) from None


class _Pieces:
    """Passes pieces on as long as XML can hold them."""

    def __init__(self, stream: Sink, others: str) -> None:
        self._stream = stream
        self._others = others
        self._tail = b""

    def write(self, piece: bytes) -> int:
        """Pass a piece on."""
        joined = self._tail + piece
        if len(piece.translate(None, _CONTROLS)) < len(piece) or b"\xef\xbf" in joined:
            found = _NO_CHARACTER.search(joined)
            if found:
                code = ord(found[0].decode())
                raise FormatError(
                    f"there is a character that XML cannot hold (U+{code:04X})", remedy=f"Choose {self._others}."
                )
        if any(beginning in joined for beginning in _NO_ELEMENT):
            raise _no_element(self._others)
        self._tail = joined[-_LONGEST:]
        self._stream.write(piece.replace(b"\r", b"&#13;") if b"\r" in piece else piece)
        return len(piece)

    def flush(self) -> None:
        """Engines flush at will; whoever owns the stream does so in time."""


def _no_element(others: str) -> FormatError:
    return FormatError(
        "there is a property or class that cannot be the name of an element in RDF/XML", remedy=f"Choose {others}."
    )
