"""What an RDF/XML text states, statement by statement with its place (RDF 1.1 XML Syntax, sections 6 and 7).

pyoxigraph parses; this walk foretells what it must come to, so that the two can be compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from xml.parsers import expat

import pyoxigraph as ox

from milieu.finding import Finding, Severity
from milieu.namespaces import RDF
from milieu.turtle.jsoncontext import resolved
from milieu.turtle.keyed import Entry, Outline
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from milieu.finding import Place
    from milieu.turtle.reading import Term

__all__ = ["outline"]

# Whatever its spelling, which is the parser's: see `keyed`.
_LITERAL = ox.Literal("", datatype=ox.NamedNode(RDF + "XMLLiteral"))
_XML = "http://www.w3.org/XML/1998/namespace"
_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))
# Attributes that say how to read an element, and not what is true.
_SYNTAX = {RDF + name for name in ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "li")}
_NAME = re.compile(r"<([^\s/>]+)")
_ATTRIBUTE = re.compile(r"\s+(?:[^\s=:]+:)?([^\s=:]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_REMEDY = "Write the whole IRI, or give the element rdf:RDF an xml:base."
_REIFIED = (
    "Leave rdf:ID out, and name the source by an element of its own: <owl:Axiom> with owl:annotatedSource, "
    "owl:annotatedProperty, owl:annotatedTarget and dcterms:source."
)


def outline(text: str, file: str, base: str | None = None) -> tuple[Outline, Place | None]:
    """Every statement that the text makes; and where the text stops being well-formed, if it does.

    >>> found, broken = outline('<r:RDF xmlns:r="%s"><r:Bag r:about="http://c/a"/></r:RDF>' % RDF, "new.rdf")
    >>> str(found.entries[0].subject), str(found.entries[0].key), broken
    ('<http://c/a>', 'new.rdf:1:62', None)
    """
    walk = _Walk(text, file, base)
    try:
        walk.parser.Parse(text.encode(), True)
    except expat.ExpatError as fault:
        start = walk.lines.offset(fault.lineno, fault.offset + 1)
        return walk.outline, walk.lines.place(start, start + 1)
    return walk.outline, None


@dataclass
class _Open:
    """An element that is still open. A node has a subject, a property one and a predicate; `literal` is not read."""

    kind: Literal["root", "node", "property", "collection", "literal"]
    base: str | None
    language: str | None
    place: Place
    subject: Term | None = None
    node: Place | None = None
    predicate: ox.NamedNode | None = None
    datatype: str | None = None
    # Of a property: whether its value is known, else the text so far and where it is.
    stated: bool = False
    text: list[str] = field(default_factory=list)
    begun: int | None = None
    # The nodes inside it.
    items: list[tuple[Term | None, Place]] = field(default_factory=list)
    # How many rdf:li a node has had.
    members: int = 0


class _Walk:
    """Nodes and properties alternate from the outside in; `rdf:RDF` is neither."""

    def __init__(self, text: str, file: str, base: str | None) -> None:
        self.lines = Lines(text, file)
        self.outline = Outline()
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.CommentHandler = self._interrupted
        self.parser.StartCdataSectionHandler = self._interrupted
        self._source = text
        self._ascii = text.isascii()
        self._bytes = b"" if self._ascii else text.encode()
        # The last offset that was asked for, in bytes and in characters: they only grow.
        self._reached = (0, 0)
        self._base = base
        self._labels: dict[str, int] = {}
        self._identified: set[ox.NamedNode] = set()
        self._count = 0
        self._open: list[_Open] = []

    # Elements

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = element.replace(" ", "")
        named = {key.replace(" ", ""): value for key, value in attributes.items()}
        start = self._offset()
        tag = _NAME.match(self._source, start)
        place = self.lines.place(start, tag.end() if tag else start + 1)
        spans = self._spans(tag.end() if tag else start)
        outer = self._open[-1] if self._open else None
        base = outer.base if outer else self._base
        if _XML + "base" in named:
            base = resolved(named[_XML + "base"], base) if base else named[_XML + "base"]
        language = outer.language if outer else None
        if _XML + "lang" in named:
            language = self._language(named[_XML + "lang"], spans.get("lang", place))
        inner = _Open("literal", base, language, place)
        self._open.append(inner)
        if outer is None or outer.kind != "literal":
            self._unprefixed(element, place, attributes, spans)
        if outer is None and name == RDF + "RDF":
            inner.kind = "root"
        elif outer is None or outer.kind in ("root", "property", "collection"):
            self._node(outer, inner, name, named, spans)
        elif outer.kind == "node":
            self._property(outer, inner, name, named, spans)

    def _node(
        self, outer: _Open | None, inner: _Open, name: str, named: dict[str, str], spans: dict[str, Place]
    ) -> None:
        inner.kind, inner.node = "node", inner.place
        inner.subject = self._named(inner, named, spans, "about", "ID", "nodeID")
        if outer is not None and outer.kind == "collection":
            outer.items.append((inner.subject, inner.place))
        elif outer is not None and outer.kind == "property":
            # Stated when the property ends, as by pyoxigraph: nodes without a name are told apart by that order.
            outer.stated = True
            outer.items.append((inner.subject, spans.get("about", inner.place)))
        if name != RDF + "Description":
            self._entry(inner, _TYPE, _named_node(name), inner.place, inner.place)
        self._attributes(inner, inner.subject, named, spans)

    def _property(self, outer: _Open, inner: _Open, name: str, named: dict[str, str], spans: dict[str, Place]) -> None:
        if name == RDF + "li":
            outer.members += 1
            name = f"{RDF}_{outer.members}"
        inner.kind, inner.subject, inner.node = "property", outer.subject, outer.node
        inner.predicate = _named_node(name)
        datatype = named.get(RDF + "datatype")
        if datatype is not None:
            iri = self._iri(inner, datatype, spans.get("datatype", inner.place))
            inner.datatype = iri.value if iri else ""
        if RDF + "ID" in named:
            self._reification(inner, named[RDF + "ID"], spans.get("ID", inner.place))
        parse = named.get(RDF + "parseType")
        if parse == "Resource":
            node = self._new()
            self._state(inner, node, inner.place)
            # The element holds properties itself, as if a node stood between.
            inner.kind, inner.subject, inner.node = "node", node, inner.place
        elif parse == "Collection":
            inner.kind = "collection"
        elif parse is not None:
            self._state(inner, _LITERAL, inner.place)
            inner.kind = "literal"
        elif any(key not in _SYNTAX and not key.startswith(_XML) for key in named) or spans.keys() & {
            "resource",
            "nodeID",
        }:
            node_or_name = self._named(inner, named, spans, "resource", "", "nodeID")
            self._attributes(inner, node_or_name, named, spans)
            self._state(inner, node_or_name, spans.get("resource", inner.place))

    def _end(self, _element: str) -> None:
        inner = self._open.pop()
        if inner.kind == "property" and not inner.stated:
            end = self._offset()
            place = inner.place if inner.begun is None else self.lines.place(inner.begun, end)
            self._state(inner, self._literal(inner, "".join(inner.text), inner.datatype), place)
        elif inner.kind == "property":
            for term, place in inner.items:
                self._state(inner, term, place)
        elif inner.kind == "collection":
            self._collection(inner)

    def _text(self, data: str) -> None:
        inner = self._open[-1] if self._open else None
        if inner is not None and inner.kind == "property" and not inner.stated:
            inner.text.append(data)
            if inner.begun is None:
                inner.begun = self._offset()

    def _interrupted(self, _comment: str = "") -> None:
        """Note what pyoxigraph stumbles over: it reads a text in one piece."""
        inner = self._open[-1] if self._open else None
        if inner is not None and inner.kind == "property" and not inner.stated:
            start = self._offset()
            message = "Comments and CDATA sections within a text are not read."
            self.outline.faults.setdefault("text event", []).append((message, self.lines.place(start, start + 4)))

    # What is stated

    def _attributes(self, inner: _Open, subject: Term | None, named: dict[str, str], spans: dict[str, Place]) -> None:
        """The properties that are written as attributes."""
        for key, value in named.items():
            if key in _SYNTAX or key.startswith(_XML):
                continue
            place = spans.get(re.split("[/#]", key)[-1], inner.place)
            if key == RDF + "type":
                term: Term | None = self._iri(inner, value, place)
            else:
                term = self._literal(inner, value, None)
            predicate = _named_node(key)
            if subject is not None and term is not None and predicate is not None:
                self.outline.entries.append(Entry(subject, predicate, term, inner.node or inner.place, place, place))

    def _collection(self, inner: _Open) -> None:
        subject, predicate = inner.subject, inner.predicate
        for term, place in inner.items:
            cell = self._new()
            self._add(subject, predicate, cell, inner, place)
            self._add(cell, _FIRST, term, inner, place)
            subject, predicate = cell, _REST
        self._add(subject, predicate, _NIL, inner, inner.place)

    def _add(
        self, subject: Term | None, predicate: ox.NamedNode | None, term: Term | None, inner: _Open, place: Place
    ) -> None:
        if subject is not None and predicate is not None and term is not None:
            node = inner.node or inner.place
            self.outline.entries.append(Entry(subject, predicate, term, node, inner.place, place))

    def _state(self, inner: _Open, term: Term | None, place: Place) -> None:
        inner.stated = True
        self._entry(inner, inner.predicate, term, inner.place, place)

    def _entry(self, inner: _Open, predicate: ox.NamedNode | None, term: Term | None, key: Place, place: Place) -> None:
        if inner.subject is not None and predicate is not None and term is not None:
            self.outline.entries.append(Entry(inner.subject, predicate, term, inner.node or inner.place, key, place))

    def _reification(self, inner: _Open, name: str, place: Place) -> None:
        message = (
            "rdf:ID makes four statements about this one (reification), which the graph does not use for evidence."
        )
        self.outline.findings.append(Finding(Severity.VIOLATION, "reification", message, _REIFIED, place=place))
        reifier = self._fragment(inner, name, place)
        if reifier is not None:
            self.outline.reifiers.add(reifier)

    # Terms

    def _named(
        self, inner: _Open, named: dict[str, str], spans: dict[str, Place], address: str, fragment: str, label: str
    ) -> Term | None:
        """The node that attributes name, one without a name when none does; None for a broken name."""
        if RDF + address in named:
            return self._iri(inner, named[RDF + address], spans.get(address, inner.place))
        if fragment and RDF + fragment in named:
            return self._fragment(inner, named[RDF + fragment], spans.get(fragment, inner.place))
        if RDF + label in named:
            return self._labels.setdefault(named[RDF + label], self._new())
        return self._new()

    def _fragment(self, inner: _Open, name: str, place: Place) -> ox.NamedNode | None:
        """What rdf:ID names, which may be done once."""
        term = self._iri(inner, f"#{name}", place)
        if term is not None and term in self._identified:
            message = f'"{name}" is given as rdf:ID twice.'
            self._violation(message, "Write rdf:about where it is not meant to be a new thing.", place, code="syntax")
        elif term is not None:
            self._identified.add(term)
        return term

    def _iri(self, inner: _Open, name: str, place: Place) -> ox.NamedNode | None:
        iri = resolved(name, inner.base) if inner.base else name
        term = _named_node(iri)
        if term is None:
            self._violation(f'"{name}" is not an absolute IRI.', _REMEDY, place)
        return term

    def _literal(self, inner: _Open, text: str, datatype: str | None) -> Term | None:
        if datatype is not None:
            iri = _named_node(datatype)
            return None if iri is None else ox.Literal(text, datatype=iri)
        return ox.Literal(text) if inner.language is None else ox.Literal(text, language=inner.language)

    def _language(self, tag: str, place: Place) -> str | None:
        try:
            ox.Literal("", language=tag)
        except ValueError:
            self._violation(
                f'"{tag}" is not a language tag.', 'Write a tag, such as "ja", or none.', place, code="syntax"
            )
            return None
        return tag

    def _unprefixed(self, element: str, place: Place, attributes: dict[str, str], spans: dict[str, Place]) -> None:
        """Names without a namespace, which RDF/XML has no use for."""
        if " " not in element:
            message = f"The element {element} has no namespace."
            self._violation(message, 'Write a prefix before it, or declare xmlns="…".', place, code="syntax")
        for name in attributes:
            if " " not in name:
                remedy = f"Write rdf:{name}." if RDF + name in _SYNTAX else "Write a prefix before it."
                message = f"The attribute {name} has no prefix."
                self._violation(message, remedy, spans.get(name, place), code="syntax")

    def _violation(self, message: str, remedy: str, place: Place, code: str = "broken-iri") -> None:
        self.outline.findings.append(Finding(Severity.VIOLATION, code, message, remedy, place=place))

    def _new(self) -> int:
        self._count += 1
        return self._count

    # Places

    def _offset(self) -> int:
        at = self.parser.CurrentByteIndex
        if self._ascii:
            return at
        reached, characters = self._reached
        if at >= reached:
            self._reached = (at, characters + len(self._bytes[reached:at].decode()))
        return self._reached[1]

    def _spans(self, start: int) -> dict[str, Place]:
        """Where the values of a tag's attributes stand, with their quotes, by the names of the attributes."""
        spans: dict[str, Place] = {}
        while match := _ATTRIBUTE.match(self._source, start):
            spans[match[1]] = self.lines.place(match.start(2), match.end(2))
            start = match.end()
        return spans


def _named_node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return None
