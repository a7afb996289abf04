"""The keys of a JSON-LD text, their places, and what a reader would silently leave out (JSON-LD 1.1, section 4)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from milieu.finding import Finding, Severity
from milieu.namespaces import RDF
from milieu.turtle.keyed import Entry
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milieu.finding import Place

__all__ = ["outline"]

_TOKEN = re.compile(r'"[^"\\]*(?:\\.?[^"\\]*)*(?:"|\Z)|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|^`\\]*\Z")


@dataclass
class _Value:
    """A JSON value and where it stands; of an object its members, of an array its items."""

    start: int
    end: int
    scalar: object = None
    members: list[tuple[str, int, int, _Value]] | None = None
    items: list[_Value] | None = None

    def get(self, key: str) -> _Value | None:
        """The last member of that name."""
        return next((value for name, _, _, value in reversed(self.members or ()) if name == key), None)


@dataclass
class _Context:
    """What keys stand for. Only the forms that do not depend on the type of a node are read."""

    terms: dict[str, str] = field(default_factory=dict)
    vocabulary: str | None = None
    base: str = ""
    # Terms whose values are maps: their keys are languages or indexes, not properties.
    maps: set[str] = field(default_factory=set)
    # Whether some term brings a context of its own, so that a key may mean something after all.
    scoped: bool = False

    def expand(self, key: str) -> str | None:
        """The IRI or keyword that a key stands for; None when it stands for nothing."""
        if key.startswith("@"):
            return key
        if key in self.terms:
            return self.terms[key]
        prefix, colon, local = key.partition(":")
        if colon and prefix in self.terms and not local.startswith("//"):
            return self.terms[prefix] + local
        if colon:
            return key
        return self.vocabulary + key if self.vocabulary is not None else None


def outline(text: str, file: str) -> tuple[list[Entry], list[Finding]]:
    """An entry for every key of every node; findings for contexts from elsewhere and for what says nothing.

    >>> entries, findings = outline('{"@context": {"c": "http://c/"}, "@id": "c:a", "c:b": 1, "d": 2}', "new.json")
    >>> entries[0].subject, str(entries[0].key), findings[0].code, str(findings[0].place)
    ('http://c/a', 'new.json:1:48', 'says-nothing', 'new.json:1:58')
    """
    lines = Lines(text, file)
    walk = _Walk(lines)
    root = _Tokens(text).value()
    if root is not None:
        walk.value(root, _Context())
    return walk.entries, walk.findings


class _Tokens:
    """A reader of JSON that knows places and stops quietly where the text is broken; the parser reports that."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self._next = next(self._tokens, None)

    def _take(self) -> re.Match[str] | None:
        token, self._next = self._next, next(self._tokens, None)
        return token

    def value(self) -> _Value | None:
        """The next value; None at the end."""
        token = self._take()
        if token is None:
            return None
        if token[0] == "{":
            return self._object(token.start())
        if token[0] == "[":
            return self._array(token.start())
        try:
            scalar = json.loads(token[0])
        except ValueError:
            scalar = None
        return _Value(token.start(), token.end(), scalar)

    def _object(self, start: int) -> _Value:
        members: list[tuple[str, int, int, _Value]] = []
        end = start + 1
        while (token := self._take()) is not None:
            end = token.end()
            if token[0] == "}":
                break
            if token[0][0] == '"' and self._next is not None and self._next[0] == ":":
                self._take()
                value = self.value()
                if value is not None:
                    try:
                        members.append((json.loads(token[0]), token.start(), token.end(), value))
                    except ValueError:
                        continue
        return _Value(start, end, members=members)

    def _array(self, start: int) -> _Value:
        items: list[_Value] = []
        end = start + 1
        while self._next is not None:
            if self._next[0] in ("]", ","):
                token = self._take()
                if token is not None and token[0] == "]":
                    end = token.end()
                    break
            elif (value := self.value()) is not None:
                items.append(value)
        return _Value(start, end, items=items)


class _Walk:
    """Collects entries and findings of a document, node by node."""

    def __init__(self, lines: Lines) -> None:
        self.entries: list[Entry] = []
        self.findings: list[Finding] = []
        self._lines = lines

    def value(self, value: _Value, context: _Context) -> None:
        """Every node in a value, however deep."""
        for item in value.items or ():
            self.value(item, context)
        if value.members is None:
            return
        local = value.get("@context")
        if local is not None:
            context = self._merged(local, context)
        subject = self._subject(value, context)
        node = self._place(value.start, value.start + 1)
        for key, start, end, member in value.members:
            predicate = context.expand(key)
            if predicate == "@context":
                continue
            if predicate is None and not context.scoped:
                self._remark(start, end, key)
            elif predicate == "@type":
                self._types(member, context, subject, node, self._place(start, end))
            elif predicate is not None and not predicate.startswith("@"):
                self._entries(member, context, subject, predicate, node, self._place(start, end))
            if predicate is not None and key not in context.maps:
                self.value(member, context)

    def _subject(self, value: _Value, context: _Context) -> str | None:
        for key, _, _, member in value.members or ():
            if context.expand(key) == "@id" and isinstance(member.scalar, str):
                return self._iri(member, context)
        return None

    def _iri(self, member: _Value, context: _Context) -> str | None:
        name = str(member.scalar)
        if name.startswith("_:"):
            return None
        iri = context.expand(name) if ":" in name else context.base + name if context.base else None
        if iri is None or not _ABSOLUTE.match(iri):
            message = f"{name!r} is not an absolute IRI: what is said of it is left out."
            self._violation("broken-iri", message, "Write the whole IRI.", self._place(member.start, member.end))
        return iri

    def _types(self, member: _Value, context: _Context, subject: str | None, node: Place, key: Place) -> None:
        for item in member.items if member.items is not None else [member]:
            if isinstance(item.scalar, str):
                value = context.expand(item.scalar)
                place = self._place(item.start, item.end)
                self.entries.append(Entry(subject, RDF + "type", value, node, key, place))

    def _entries(
        self, member: _Value, context: _Context, subject: str | None, predicate: str, node: Place, key: Place
    ) -> None:
        for item in member.items if member.items is not None else [member]:
            self.entries.append(
                Entry(subject, predicate, self._content(item, context), node, key, self._place(item.start, item.end))
            )

    def _content(self, item: _Value, context: _Context) -> str | None:
        scalar = item.scalar
        for key, _, _, member in item.members or ():
            meaning = context.expand(key)
            if meaning == "@value":
                scalar = member.scalar
            elif meaning == "@id" and isinstance(member.scalar, str):
                return context.expand(member.scalar)
        if isinstance(scalar, bool):
            return str(scalar).lower()
        return None if scalar is None else str(scalar)

    def _merged(self, value: _Value, context: _Context) -> _Context:
        if value.items is not None:
            for item in value.items:
                context = self._merged(item, context)
            return context
        if isinstance(value.scalar, str):
            self._remote(value)
        merged = replace(context, terms=dict(context.terms), maps=set(context.maps))
        for key, _, _, member in value.members or ():
            meaning = member.get("@id") if member.members is not None else member
            if _is_map(member):
                merged.maps.add(key)
            merged.scoped |= member.get("@context") is not None
            if key == "@import":
                self._remote(member)
            elif meaning is None or not isinstance(meaning.scalar, str):
                continue
            elif key == "@vocab":
                merged.vocabulary = meaning.scalar
            elif key == "@base":
                merged.base = meaning.scalar
            else:
                merged.terms[key] = meaning.scalar
        # A term may be defined by another: "name": "schema:name".
        for term, iri in merged.terms.items():
            prefix, colon, local = iri.partition(":")
            if colon and prefix != term and prefix in merged.terms and not local.startswith("//"):
                merged.terms[term] = merged.terms[prefix] + local
        return merged

    def _remote(self, value: _Value) -> None:
        message = f"The context {value.scalar} is a document from elsewhere, and is not fetched."
        remedy = 'Write the context itself: "@context": {"name": "https://…"}.'
        self._violation("remote-context", message, remedy, self._place(value.start, value.end))

    def _remark(self, start: int, end: int, key: str) -> None:
        message = f'The key "{key}" stands for nothing in the context: what it says is left out.'
        remedy = "Define it in @context, or write a whole IRI."
        place = self._place(start, end)
        self.findings.append(Finding(Severity.WARNING, "says-nothing", message, remedy, place=place))

    def _violation(self, code: str, message: str, remedy: str, place: Place) -> None:
        self.findings.append(Finding(Severity.VIOLATION, code, message, remedy, place=place))

    def _place(self, start: int, end: int) -> Place:
        return self._lines.place(start, end)


def _is_map(definition: _Value) -> bool:
    container = definition.get("@container")
    kinds = [] if container is None else [item.scalar for item in container.items or [container]]
    coerced = definition.get("@type")
    return (coerced is not None and coerced.scalar == "@json") or any(kind not in ("@list", "@set") for kind in kinds)
