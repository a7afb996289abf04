"""What the keys of a JSON-LD text stand for: its contexts, as pyoxigraph reads them (JSON-LD 1.1 API, section 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable

    from milieu.turtle.jsontext import Value

__all__ = ["KEYWORDS", "Context", "Meaning", "defined", "resolved"]

_WORDS = (
    "base container context direction graph id import included index json language list nest none prefix propagate "
    "protected reverse set type value version vocab"
)
KEYWORDS = frozenset(f"@{word}" for word in _WORDS.split())
"""The words of JSON-LD that begin with an at sign."""
# How many terms may stand in a row, each defined by the next: people need two.
_CHAIN = 50
_LIKE_A_KEYWORD = re.compile("@[A-Za-z]+")


@dataclass(frozen=True)
class Meaning:
    """What the context says of a key: an IRI or keyword (None: nothing, on purpose), and how its values are read."""

    iri: str | None
    reverse: bool = False
    type: str | None = None
    # An empty string says that the language of the context does not hold.
    language: str | None = None
    container: frozenset[str] = frozenset()
    context: Value | None = None
    index: str | None = None
    prefix: bool = False


@dataclass(frozen=True)
class Context:
    """The meanings that hold in one object of the text."""

    terms: dict[str, Meaning] = field(default_factory=dict)
    vocabulary: str | None = None
    base: str | None = None
    language: str | None = None
    # What holds again inside, when this context is for one node only.
    outer: Context | None = None

    def word(self, key: str) -> str | None:
        """The IRI or keyword that a key or a class stands for, perhaps a relative one; None when for nothing."""
        meaning = self.terms.get(key)
        if meaning is not None:
            return meaning.iri
        if key in KEYWORDS:
            return key
        if _LIKE_A_KEYWORD.fullmatch(key):
            return None
        compact = self._compact(key)
        if compact is not None:
            return compact
        return self.vocabulary + key if self.vocabulary is not None else key

    def thing(self, name: str) -> str | None:
        """The IRI that a class or a word stands for, perhaps a relative one; None when it stands for nothing."""
        word = self.word(name)
        if word is None or word in KEYWORDS:
            return None
        return word if ":" in word else self.resolved(word)

    def address(self, name: str) -> str | None:
        """The IRI that the value of `@id` stands for, perhaps a relative one; None when it stands for nothing."""
        meaning = self.terms.get(name)
        # By JSON-LD a term is no address, but pyoxigraph takes one that stands for nothing at its word.
        nothing = meaning is not None and meaning.iri is None
        if nothing or name in KEYWORDS or _LIKE_A_KEYWORD.fullmatch(name):
            return None
        return self._compact(name) or self.resolved(name)

    def resolved(self, name: str) -> str:
        """A relative IRI by the base, if there is one."""
        return resolved(name, self.base) if self.base else name

    def _compact(self, name: str) -> str | None:
        prefix, colon, local = name.partition(":")
        if not colon or not prefix:
            return None
        meaning = self.terms.get(prefix)
        if meaning is not None and meaning.prefix and meaning.iri and not local.startswith("//"):
            return meaning.iri + local
        return name


def defined(value: Value, context: Context, elsewhere: Callable[[Value], None], first: Context) -> Context:
    """The context that a value of `@context` makes of another; `elsewhere` is told of every document it names.

    `first` is what a null goes back to.
    """
    if value.items is not None:
        for item in value.items:
            context = defined(item, context, elsewhere, first)
        return context
    if isinstance(value.scalar, str):
        elsewhere(value)
    if value.null:
        return first
    if value.members is None:
        return context
    return _Definitions(value, context, elsewhere).context


class _Definitions:
    """The terms of one context object, defined in whatever order they need one another."""

    def __init__(self, value: Value, context: Context, elsewhere: Callable[[Value], None]) -> None:
        self._values = {member.key: member.value for member in value.members or ()}
        self._depth = 0
        self._elsewhere = elsewhere
        self._begun: set[str] = set()
        self.context = replace(context, terms=dict(context.terms))
        for key, take in (("@base", self._base), ("@vocab", self._vocabulary), ("@language", self._language)):
            found = value.get(key)
            if found is not None:
                take(found)
        for member in value.members or ():
            if member.key == "@import":
                elsewhere(member.value)
            elif member.key not in KEYWORDS and not _LIKE_A_KEYWORD.fullmatch(member.key):
                self._define(member.key)

    def _base(self, value: Value) -> None:
        name = value.scalar
        base = self.context.resolved(name) if isinstance(name, str) else None
        self.context = replace(self.context, base=base)

    def _vocabulary(self, value: Value) -> None:
        name = value.scalar
        word = None
        if isinstance(name, str):
            word = self.context.word(name)
            if word is not None and ":" not in word:
                word = self.context.resolved(word)
        self.context = replace(self.context, vocabulary=word)

    def _language(self, value: Value) -> None:
        self.context = replace(self.context, language=value.scalar if isinstance(value.scalar, str) else None)

    def _define(self, term: str) -> None:
        if term in self._begun or term in KEYWORDS or self._depth > _CHAIN:
            return
        value = self._values.get(term)
        if value is None:
            return
        self._begun.add(term)
        self._depth += 1
        self.context.terms.pop(term, None)
        meaning = self._meaning(term, value)
        if meaning is not None:
            self.context.terms[term] = meaning
        self._depth -= 1

    def _meaning(self, term: str, value: Value) -> Meaning | None:
        if value.null:
            return Meaning(None)
        local = value.get("@context")
        if local is not None:
            # Documents that it names are told of here, once, whether or not the term is ever used.
            defined(local, self.context, self._elsewhere, Context())
        name = value.get("@reverse") or value.get("@id") if value.members is not None else value
        if name is not None and name.null:
            return Meaning(None)
        said = name.scalar if name is not None else None
        if isinstance(said, str) and said not in KEYWORDS and _LIKE_A_KEYWORD.fullmatch(said):
            return None
        iri = self._named(said) if isinstance(said, str) and said != term else self._own(term)
        if iri is None:
            return None
        prefix = value.get("@prefix")
        ends = iri[-1:] in ":/?#[]@" and ":" not in term and "/" not in term
        language = value.get("@language")
        index = _text(value.get("@index"))
        coerced = _text(value.get("@type"))
        return Meaning(
            iri,
            reverse=value.get("@reverse") is not None,
            type=None if coerced is None else self._named(coerced),
            language=None if language is None else _text(language) or "",
            container=_container(value.get("@container")),
            context=local,
            index=None if index is None else self._named(index),
            prefix=ends if prefix is None else prefix.scalar is True,
        )

    def _named(self, name: str) -> str | None:
        """What a word of this context stands for, once those that it needs are defined."""
        self._define(name)
        prefix, colon, _ = name.partition(":")
        if colon:
            self._define(prefix)
        return self.context.word(name)

    def _own(self, term: str) -> str | None:
        """What a term stands for that only tells how its values are read."""
        prefix, colon, _ = term.partition(":")
        if colon:
            self._define(prefix)
        return self.context.word(term)


def _text(value: Value | None) -> str | None:
    return value.scalar if value is not None and isinstance(value.scalar, str) else None


def _container(value: Value | None) -> frozenset[str]:
    items = [] if value is None else value.items if value.items is not None else [value]
    return frozenset(item.scalar for item in items if isinstance(item.scalar, str))


@lru_cache(maxsize=1024)
def resolved(name: str, base: str) -> str:
    """A relative IRI by a base (RFC 3986, section 5); one that cannot be read as it is.

    >>> resolved("../kyoto", "http://c/x/y")
    'http://c/kyoto'
    """
    # pyoxigraph itself resolves resolves, as it does when it parses.
    try:
        quad = next(iter(ox.parse(f"<{name}> <x:> <x:> .", format=ox.RdfFormat.TURTLE, base_iri=base)))
    except (SyntaxError, ValueError, StopIteration):
        return name
    return quad.subject.value if isinstance(quad.subject, ox.NamedNode) else name
