"""The values of a JSON-LD text as terms, and what is to be said of those that are none."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from milieu.finding import Finding, Severity
from milieu.namespaces import RDF, XSD
from milieu.spelling import nearest
from milieu.turtle.jsoncontext import KEYWORDS, Context, Meaning
from milieu.turtle.keyed import Outline

if TYPE_CHECKING:
    from collections.abc import Callable

    from milieu.finding import Place
    from milieu.turtle.jsontext import Value
    from milieu.turtle.reading import Term
    from milieu.turtle.tokens import Lines

    State: TypeAlias = Callable[[Term | None, Place], None]

__all__ = ["JSON", "LEFT_OUT", "Terms", "get", "has", "items"]

LEFT_OUT = "is not an absolute IRI: it is left out."
"""What is said of a name that names nothing."""
# Whatever its spelling, which is the parser's: see `keyed`.
JSON = ox.Literal("", datatype=ox.NamedNode(RDF + "JSON"))
"""A value of JSON."""
_DOUBLE = XSD + "double"
# Beyond this a number of JSON is a double, however whole.
_WHOLE = Decimal("1e21")
_WHOLE_IRI = "Write the whole IRI, or a name with a prefix that @context defines."


class Terms:
    """Turns names and values into terms, and notes in its `outline` what is wrong with them."""

    def __init__(self, lines: Lines) -> None:
        self.outline = Outline()
        self.lines = lines
        # Prefixes that @context does not declare, and where each is used first; or the schemes of IRIs.
        self.undeclared: dict[str, Place] = {}
        self._labels: dict[str, int] = {}
        self._count = 0

    def scalar(self, item: Value, context: Context, meaning: Meaning, place: Place) -> Term | None:
        """A text, number, true or false as the context reads it; None for a name that names nothing."""
        name = item.scalar
        if isinstance(name, str) and meaning.type in ("@id", "@vocab"):
            iri = context.thing(name) if meaning.type == "@vocab" else context.address(name)
            return self.iri(name, iri, LEFT_OUT, place)
        coerced = None if meaning.type in ("@id", "@vocab", "@none") else meaning.type
        if not isinstance(name, str):
            return _typed(*_lexical(item, coerced))
        if coerced is not None:
            return _typed(name, coerced)
        language = context.language if meaning.language is None else meaning.language or None
        return self.text(name, language, place)

    def value_object(self, item: Value, context: Context, state: State) -> None:
        """State what an object with @value says."""
        value, place = get(item, "@value", context), self.at(item)
        coerced, language = get(item, "@type", context), get(item, "@language", context)
        self.index(item, context)
        datatype = context.word(coerced.scalar) if coerced is not None and isinstance(coerced.scalar, str) else None
        for word, given in (("@language", language), ("@type", coerced)):
            if given is not None and not isinstance(given.scalar, str):
                self.fault(word, f"The value of {word} is not a text.", self.at(given))
        foreign = [member for member in item.members or () if ":" in (context.word(member.key) or "")]
        for member in foreign:
            self.fault("@value", "A value has no properties.", self.place(member.start, member.end))
        direction = get(item, "@direction", context)
        if direction is not None and language is None:
            message = "A writing direction is not kept: it is left out."
            self.violation("rdf-12", message, "Leave @direction out.", self.at(direction))
        if datatype == "@json":
            state(JSON, place)
        elif value is None or value.null:
            self.null(place)
        elif value.items is not None or value.members is not None:
            self.fault("@value", "The value of @value is not a single value.", self.at(value))
        elif language is not None and coerced is not None:
            self.fault("@type", "@type and @language do not go together.", self.at(coerced))
        elif language is not None and isinstance(language.scalar, str):
            if isinstance(value.scalar, str):
                state(self.text(value.scalar, language.scalar, self.at(language)), place)
            else:
                self.fault("@language", "Only a text has a language.", place)
        elif isinstance(value.scalar, str):
            state(_typed(value.scalar, datatype or XSD + "string"), place)
        else:
            state(_typed(*_lexical(value, datatype)), place)

    def text(self, text: str, language: str | None, place: Place) -> Term | None:
        """A text in a language; None when that is no language, so that it is left out."""
        if language is None:
            return ox.Literal(text)
        try:
            return ox.Literal(text, language=language)
        except ValueError:
            better = re.sub("[^A-Za-z0-9]+", "-", language).strip("-")
            remedy = f'Write "{better}", or another tag' if _is_language(better) else "Write a tag"
            message = f'"{language}" is not a language tag: the text is left out.'
            self.violation("says-nothing", message, f'{remedy}, such as "ja".', place)
            return None

    def iri(self, written: str, iri: str | None, message: str, place: Place) -> Term | None:
        """The node that a name stands for; None, with a finding, when for none."""
        if iri is not None and iri.startswith("_:"):
            return self._labels.setdefault(iri, self.new())
        if iri is not None and ":" in iri:
            prefix, _, local = written.partition(":")
            if iri == written and not local.startswith("//"):
                self.undeclared.setdefault(prefix, place)
            try:
                return ox.NamedNode(iri)
            except ValueError:
                pass
        self.violation("broken-iri", f"{written!r} {message}", _WHOLE_IRI, place)
        return None

    # What is noted

    def predicate(self, key: str, word: str, place: Place) -> ox.NamedNode | None:
        """The property that a key stands for; None, with a finding, when for none."""
        if word.startswith("_:"):
            message = "A node without a name cannot be a property: what it says is left out."
            self.violation("says-nothing", message, "Write the IRI of a property.", place)
            return None
        term = self.iri(key, word, "is not an IRI: what it says is left out.", place)
        return term if isinstance(term, ox.NamedNode) else None

    def nothing(self, key: str, meaning: Meaning, place: Place) -> None:
        """Say of a key that it stands for nothing, and why."""
        message = f'The key "{key}" stands for nothing in the context: what it says is left out.'
        remedy = "Define it in @context, or write a whole IRI."
        if meaning.iri is None and not key.startswith("@"):
            message = f'The key "{key}" is defined as null: what it says is left out.'
            remedy = "Give it an IRI in @context if it is to say something."
        elif key.startswith("@"):
            message = f"JSON-LD has no keyword {key}: what it says is left out."
            meant = nearest(key.lower(), sorted(KEYWORDS))
            remedy = f"Did you mean {meant}?" if meant else "Leave it out, or say it with a property."
        self.remark(message, remedy, place)

    def null(self, place: Place) -> None:
        """Say that a null is no value."""
        self.remark("null says nothing.", "Leave it out, or write a value.", place)

    def index(self, item: Value, context: Context) -> None:
        """Say that the index of a value is left out."""
        given = get(item, "@index", context)
        if given is not None:
            message = "An @index is not part of the graph: it is left out."
            self.remark(message, "Say it with a property.", self.at(given))

    def elsewhere(self, value: Value) -> None:
        """Say that a context is not fetched."""
        message = f"The context {value.scalar} is a document from elsewhere, and is not fetched."
        remedy = 'Write the context itself: "@context": {"name": "https://…"}.'
        self.violation("remote-context", message, remedy, self.at(value))

    def fault(self, word: str, message: str, place: Place) -> None:
        """Note that a word is misused here, for the parser's error about it."""
        self.outline.faults.setdefault(word, []).append((message, place))

    def remark(self, message: str, remedy: str, place: Place) -> None:
        """A warning: what JSON-LD means to be left out."""
        self.outline.findings.append(Finding(Severity.WARNING, "says-nothing", message, remedy, place=place))

    def violation(self, code: str, message: str, remedy: str, place: Place) -> None:
        """What nobody means to be left out."""
        self.outline.findings.append(Finding(Severity.VIOLATION, code, message, remedy, place=place))

    def new(self) -> int:
        """A node without a name."""
        self._count += 1
        return self._count

    def at(self, value: Value) -> Place:
        """The place of a value."""
        return self.place(value.start, value.end)

    def place(self, start: int, end: int) -> Place:
        """The place between two offsets."""
        return self.lines.place(start, end)


def items(value: Value) -> list[Value]:
    """The values of an array, or the one value."""
    return value.items if value.items is not None else [value]


def get(value: Value, word: str, context: Context) -> Value | None:
    """The value of the first key that stands for a keyword."""
    return next((one.value for one in value.members or () if context.word(one.key) == word), None)


def has(value: Value, word: str, context: Context) -> bool:
    """Whether an object has a key that stands for a keyword."""
    return get(value, word, context) is not None


def _typed(text: str, datatype: str) -> Term | None:
    try:
        return ox.Literal(text, datatype=ox.NamedNode(datatype))
    except ValueError:
        return None


def _lexical(value: Value, datatype: str | None) -> tuple[str, str]:
    """A number, true or false as pyoxigraph spells it, and its datatype."""
    if value.number is None:
        return str(value.scalar).lower(), datatype or XSD + "boolean"
    number = Decimal(value.number)
    if datatype != _DOUBLE and abs(number) < _WHOLE and number == number.to_integral_value():
        return str(int(number)), datatype or XSD + "integer"
    sign, digits, exponent = number.as_tuple()
    shown = "".join(map(str, digits)).lstrip("0")
    power = len(shown) + int(exponent) - 1 if shown else 0
    mantissa = f"{shown[:1] or 0}.{shown[1:].rstrip('0') or 0}"
    return f"{'-' if sign and shown else ''}{mantissa}E{power}", datatype or _DOUBLE


def _is_language(tag: str) -> bool:
    try:
        ox.Literal("", language=tag)
    except ValueError:
        return False
    return True
