"""What a shape demands that has no message of its own: in plain words, in place of those of a SHACL engine."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from milieu.namespaces import RDF, SH, XSD, Prefixes
from milieu.sparql.term import read_term
from milieu.validate.engine import Result
from milieu.validate.form import form_of
from milieu.validate.shapegraph import ShapeGraph, text_of
from milieu.validate.shapes import Compiled

__all__ = ["Phrases", "cut", "in_turtle"]

_STEP = re.compile(r"<[^<>]*>")
_BARE = frozenset(XSD + name for name in ("integer", "decimal", "boolean", "double"))
_KINDS = {
    "IRI": "the name of a thing",
    "Literal": "a text, number or date",
    "BlankNode": "a node without a name",
    "BlankNodeOrIRI": "a thing, with or without a name",
    "BlankNodeOrLiteral": "a text, number or date, or a node without a name",
    "IRIOrLiteral": "the name of a thing, or a text, number or date",
}
_LIMITS = {
    "minInclusive": "at least",
    "minExclusive": "more than",
    "maxInclusive": "at most",
    "maxExclusive": "less than",
}
_PAIRS = {
    "equals": "must have the same values as",
    "disjoint": "may share no value with",
    "lessThan": "must be less than",
    "lessThanOrEquals": "may not be more than",
}
_OWN = frozenset({"sh:sparql", "sh:js"})


@dataclass
class Phrases:
    """The sentences about the shapes of a folder; the shapes are read when the first is wanted."""

    compiled: Compiled
    prefixes: Prefixes

    @cached_property
    def graph(self) -> ShapeGraph:
        """The shapes as the engines get them."""
        return ShapeGraph([("shapes", self.compiled.body.encode())])

    @cached_property
    def alias(self) -> Mapping[str, str]:
        """What the engines call a shape without a name."""
        return {name: alias for alias, name in self.compiled.names.items()}

    def of(self, result: Result) -> str | None:
        """What was demanded, as a sentence; None when the shape says it itself, or it is no demand of SHACL's own."""
        shape = self.alias.get(result.source_shape, result.source_shape)
        if result.code in _OWN or not result.code.startswith("sh:") or self.graph.one(shape, "message"):
            return None
        said = self._sentence(result, shape, result.code.removeprefix("sh:"))
        return f"{said}." if said else None

    def _sentence(self, result: Result, shape: str, name: str) -> str | None:
        what = self.path(result.path) if result.path else self.term(result.focus)
        value = self.graph.one(shape, name)
        number = text_of(value) if value and value.startswith('"') else ""
        if name == "minCount":
            return f"{what} is missing" if number == "1" else f"{what} must be stated {number} times or more"
        if name == "maxCount":
            return f"{what} may be stated {'only once' if number == '1' else f'at most {number} times'}"
        if name in ("qualifiedMinCount", "qualifiedMaxCount"):
            inner = self._kind(self.graph.one(shape, "qualifiedValueShape") or "") or "what the shape describes"
            return f"{what} must be {inner} {number} times or {'more' if name == 'qualifiedMinCount' else 'less'}"
        if name in ("minLength", "maxLength"):
            return f"{what} must have {number} letters or {'more' if name == 'minLength' else 'less'}"
        if name == "uniqueLang":
            return f"{what} may have only one text in each language"
        if name == "hasValue":
            return f"{what} must have the value {self.term(value)}" if value else None
        if name in _PAIRS:
            return f"{what} {_PAIRS[name]} {self.term(value)}" if value else None
        if name == "closed":
            return f"{what} may not be stated here. Allowed: {', '.join(self._allowed(shape))}"
        if name == "not":
            refused = self._kind(value) if value else None
            return f"{what} may not be {refused}" if refused else f"{what} is of a kind that is not allowed here"
        kind = self._kind(shape, name)
        return f"{what} must be {kind}" if kind else f"{what} is not as the shape demands"

    def _kind(self, shape: str, only: str | None = None) -> str | None:
        """What a shape demands of a value, or what one of its parameters does; None when that is not plain."""
        parts: list[str] = []
        for name in dict.fromkeys(one.removeprefix(SH) for one in self.graph.predicates(shape)):
            values = self.graph.objects(shape, SH + name)
            if only is not None and name != only and not (only in _LIMITS and name in _LIMITS):
                continue
            parts += filter(None, (self._demand(shape, name, value) for value in values))
        return " and ".join(dict.fromkeys(parts)) or None

    def _demand(self, shape: str, name: str, value: str) -> str | None:
        if name == "datatype":
            return self._datatype(value)
        if name == "class":
            return f"a {self.term(value)}"
        if name == "nodeKind":
            return _KINDS.get(value.removeprefix(f"<{SH}").rstrip(">"))
        if name == "in":
            return f"one of {_listed(map(self.term, self.graph.items(value)), 'and')}"
        if name in _LIMITS:
            return f"{_LIMITS[name]} {self.term(value)}"
        if name == "languageIn":
            return f"a text in {_listed(map(text_of, self.graph.items(value)), 'or')}"
        if name == "pattern":
            form = form_of(text_of(value))
            flags = self.graph.one(shape, "flags")
            capitals = ", capital or small" if flags and "i" in text_of(flags) else ""
            return f"of this form: {form}{capitals}" if form else "of the form that the shape prescribes"
        if name in ("or", "xone", "and"):
            kinds = [self._kind(part) for part in self.graph.items(value)]
            joint = "and" if name == "and" else "or"
            either = "either " if name == "xone" else ""
            return None if None in kinds else f"{either}{_listed((kind for kind in kinds if kind), joint)}"
        return self._kind(value) if name == "node" else None

    def _datatype(self, value: str) -> str:
        if value == f"<{XSD}string>":
            return "a plain text"
        return "a text with its language" if value == f"<{RDF}langString>" else f"of the type {self.term(value)}"

    def _allowed(self, shape: str) -> list[str]:
        """The properties that a closed shape knows."""
        paths = (self.graph.one(prop, "path") or "" for prop in self.graph.objects(shape, SH + "property"))
        ignored = (
            one for head in self.graph.objects(shape, SH + "ignoredProperties") for one in self.graph.items(head)
        )
        return sorted({self.term(path) for path in (*paths, *ignored) if path.startswith("<")}) or ["nothing else"]

    def path(self, path: str) -> str:
        """A property path with its properties by their prefixes."""
        return _STEP.sub(lambda step: self.prefixes.compact(step[0][1:-1]), path)

    def term(self, term: str) -> str:
        """A term as Turtle has it."""
        return in_turtle(term, self.prefixes)


def in_turtle(term: str, prefixes: Prefixes) -> str:
    """A term in N-Triples as Turtle has it, in short; a long text is cut.

    >>> in_turtle('"7"^^<http://www.w3.org/2001/XMLSchema#integer>', Prefixes({}))
    '7'
    """
    if term.startswith("<"):
        return prefixes.compact(term[1:-1])
    if term.startswith("_:"):
        return "a node without a name"
    read = read_term(term)
    if read is None:
        return term
    quoted = f'"{cut(read.value)}"'
    if read.language:
        return f"{quoted}@{read.language}"
    datatype = read.datatype or XSD + "string"
    if datatype == XSD + "string":
        return quoted
    return cut(read.value) if datatype in _BARE else f"{quoted}^^{prefixes.compact(datatype)}"


def cut(text: str) -> str:
    """A text on one line, of no more letters than a message shows."""
    line = re.sub(r"\s+", " ", text)
    return line if len(line) <= 60 else f"{line[:59]}…"


def _listed(names: Iterable[str], joint: str) -> str:
    *most, last = list(dict.fromkeys(names)) or ["nothing"]
    return f"{', '.join(most)} {joint} {last}" if most else last
