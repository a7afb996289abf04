"""The elements of an RDF/XML text and their places (RDF 1.1 XML Syntax, sections 6 and 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin
from xml.parsers import expat

from milieu.namespaces import RDF
from milieu.turtle.keyed import Entry
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from milieu.finding import Place

__all__ = ["outline"]

_NAMES = {RDF + "RDF"}
_TYPE = RDF + "type"
_XML = "http://www.w3.org/XML/1998/namespace"


def outline(text: str, file: str) -> tuple[list[Entry], Place | None]:
    """An entry for every property element and attribute; and where the text stops being well-formed, if it does.

    >>> entries, broken = outline('<r:RDF xmlns:r="%s"><r:Bag r:about="http://c/a"/></r:RDF>' % RDF, "new.rdf")
    >>> entries[0].subject, str(entries[0].key), broken
    ('http://c/a', 'new.rdf:1:62', None)
    """
    walk = _Walk(text, file)
    try:
        walk.parser.Parse(text.encode(), True)
    except expat.ExpatError as fault:
        start = walk.lines.offset(fault.lineno, fault.offset + 1)
        return walk.entries, walk.lines.place(start, start + 1)
    return walk.entries, None


class _Walk:
    """Nodes and properties alternate from the outside in; `rdf:RDF` is neither."""

    def __init__(self, text: str, file: str) -> None:
        self.lines = Lines(text, file)
        self.entries: list[Entry] = []
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._ascii = text.isascii()
        self._bytes = b"" if self._ascii else text.encode()
        # What is open: a node (its name, its place), a property (its entry), or None for rdf:RDF.
        self._open: list[tuple[str | None, Place] | Entry | None] = []

    def _place(self, length: int) -> Place:
        at = self.parser.CurrentByteIndex
        start = at if self._ascii else len(self._bytes[:at].decode())
        return self.lines.place(start, start + length)

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = element.replace(" ", "")
        place = self._place(len(element.rpartition(" ")[2]) + 1)
        outer = self._open[-1] if self._open else None
        if name in _NAMES and not self._open:
            self._open.append(None)
        elif isinstance(outer, tuple):
            self._property(outer, name, place, attributes)
        else:
            self._node(outer, name, place, attributes)

    def _node(self, outer: Entry | None, name: str, place: Place, attributes: dict[str, str]) -> None:
        named = {key.replace(" ", ""): value for key, value in attributes.items()}
        about = named.get(RDF + "about")
        subject = urljoin(named.get(_XML + "base", ""), about) if about is not None else None
        if outer is not None:
            outer.value = subject
        if name != RDF + "Description":
            self.entries.append(Entry(subject, _TYPE, name, place, place, place))
        for key, value in named.items():
            if not key.startswith((RDF, _XML)):
                self.entries.append(Entry(subject, key, value, place, place, place))
        self._open.append((subject, place))

    def _property(self, outer: tuple[str | None, Place], name: str, place: Place, attributes: dict[str, str]) -> None:
        subject, node = outer
        named = {key.replace(" ", ""): value for key, value in attributes.items()}
        value = named.get(RDF + "resource", "")
        entry = Entry(subject, name, value, node, place, place)
        self.entries.append(entry)
        # With parseType="Resource" the property element holds properties itself.
        self._open.append((None, place) if named.get(RDF + "parseType") == "Resource" else entry)

    def _text(self, data: str) -> None:
        inner = self._open[-1] if self._open else None
        if isinstance(inner, Entry) and inner.value is not None:
            inner.value += data

    def _end(self, _element: str) -> None:
        self._open.pop()
