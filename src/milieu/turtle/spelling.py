"""Terms as the one layout writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from milieu.namespaces import RDF, XSD

if TYPE_CHECKING:
    from milieu.namespaces import Prefixes

__all__ = ["Spelling", "natural"]

_SHORT = {
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]"),
    XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_SPECIAL = re.compile(r'[\\"\x00-\x1f\x7f]')
# In a long string a quote is escaped only before another or at the end, where three could come together.
_SPECIAL_LONG = re.compile(r'[\\\x00-\x09\x0b-\x1f\x7f]|"(?="|\Z)')
_NUMBER = re.compile(r"([0-9]+)")
_LANGUAGES = {"en": 0, "ja": 1}

_Key: TypeAlias = tuple[object, ...]


def natural(name: str) -> _Key:
    """A key that sorts numbers in names by value.

    >>> sorted(["lesson:10", "lesson:9", "aim:2"], key=natural)
    ['aim:2', 'lesson:9', 'lesson:10']
    """
    parts = _NUMBER.split(name)
    return (tuple(int(part) if number % 2 else part for number, part in enumerate(parts)), name)


class Spelling:
    """How IRIs and literals are written with a prefix table, noting which prefixes were used.

    >>> from milieu.namespaces import Prefixes
    >>> spelling = Spelling(Prefixes({"c": "http://c/"}))
    >>> spelling.literal(ox.Literal("7", datatype=ox.NamedNode(XSD + "integer"))), spelling.iri("http://c/kyoto")
    ('7', 'c:kyoto')
    >>> sorted(spelling.used)
    ['c']
    """

    def __init__(self, prefixes: Prefixes) -> None:
        self.used: set[str] = set()
        self._prefixes = prefixes
        self._names: dict[str, str] = {}

    def name(self, iri: str) -> str:
        """An IRI by its prefix, else in angle brackets, for sorting: its prefix does not count as used."""
        name = self._names.get(iri)
        if name is None:
            name = self._names[iri] = self._prefixes.compact(iri)
        return name

    def iri(self, iri: str) -> str:
        """An IRI by its prefix, else in angle brackets."""
        name = self.name(iri)
        if name[0] != "<":
            self.used.add(name[: name.index(":")])
        return name

    def verb(self, iri: str) -> str:
        """A predicate: `a` for the type."""
        return "a" if iri == RDF + "type" else self.iri(iri)

    def literal(self, literal: ox.Literal) -> str:
        """A literal with its lexical form as it is: bare where that is canonical, long where it has several lines."""
        datatype = literal.datatype.value
        short = _SHORT.get(datatype)
        if short and short.fullmatch(literal.value):
            return literal.value
        text = _quoted(literal.value)
        if literal.language is not None:
            return f"{text}@{literal.language}"
        return text if datatype == XSD + "string" else f"{text}^^{self.iri(datatype)}"

    def order(self, term: ox.NamedNode | ox.Literal) -> _Key:
        """Where a term stands among objects: names, then texts by language, English and Japanese first."""
        if isinstance(term, ox.NamedNode):
            return (0, natural(self.name(term.value)))
        language = term.language or ""
        rank = _LANGUAGES.get(language, 2) if language else -1
        return (1, rank, language, natural(term.value), term.datatype.value)


def _quoted(value: str) -> str:
    if "\n" in value:
        return f'"""{_SPECIAL_LONG.sub(_escaped, value)}"""'
    return f'"{_SPECIAL.sub(_escaped, value)}"'


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"
