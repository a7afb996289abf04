"""What a JSON-LD text states, statement by statement with its place, and what a reader would silently leave out.

pyoxigraph parses; this walk foretells what it must come to (JSON-LD 1.1, section 4), so that the two can be compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from milieu.finding import Finding, Severity
from milieu.namespaces import RDF, XSD
from milieu.spelling import nearest
from milieu.turtle.jsoncontext import KEYWORDS, Context, Meaning, defined
from milieu.turtle.jsontext import Value, read_json
from milieu.turtle.keyed import Entry, Outline
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from milieu.finding import Place
    from milieu.turtle.jsontext import Member
    from milieu.turtle.reading import Term

    _State: TypeAlias = Callable[[Term | None, Place], None]

__all__ = ["outline"]

_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))
_DOUBLE = XSD + "double"
# Whatever its spelling, which is the parser's: see `keyed`.
_JSON = ox.Literal("", datatype=ox.NamedNode(RDF + "JSON"))
_PLAIN = Meaning("")
# Beyond this a number of JSON is a double, however whole.
_WHOLE = Decimal("1e21")
_FORGOTTEN: Callable[[Value], None] = lambda _: None  # noqa: E731
_WHOLE_IRI = "Write the whole IRI, or a name with a prefix that @context defines."


def outline(text: str, file: str, base: str | None = None) -> Outline:
    """Every statement that the text makes, and findings for contexts from elsewhere and for all that says nothing.

    >>> found = outline('{"@context": {"c": "http://c/"}, "@id": "c:a", "c:b": 1, "d": 2}', "new.json")
    >>> str(found.entries[0].subject), str(found.entries[0].key), found.findings[0].code, str(found.findings[0].place)
    ('<http://c/a>', 'new.json:1:48', 'says-nothing', 'new.json:1:58')
    """
    walk = _Walk(Lines(text, file), base)
    root = read_json(text)
    if root is not None:
        walk.free(root, walk.first)
    return walk.outline


@dataclass
class _Node:
    """A node object in the middle of being read: its name (None: a broken one), its place, what its keys stand for."""

    subject: Term | None
    place: Place
    context: Context
    # A class is looked up in the context that held before those of the other classes.
    classes: Context
    members: list[Member] = field(default_factory=list)


class _Walk:
    """Collects entries and findings of a document, node by node, in the order of pyoxigraph's triples."""

    def __init__(self, lines: Lines, base: str | None) -> None:
        self.outline = Outline()
        self.first = Context(base=base)
        self._lines = lines
        self._labels: dict[str, int] = {}
        self._count = 0

    # Nodes

    def free(self, value: Value, context: Context) -> None:
        """What stands at the top or in a graph: nodes; anything else says nothing."""
        for item in value.items or ():
            self.free(item, context)
        if value.members is None and value.items is None and not value.null:
            self._remark("A value that no node has is left out.", "Put it under a key of a node.", self._at(value))
        elif value.members is not None:
            inner = self._entered(value, context, None)
            if _has(value, "@value", inner) or _has(value, "@list", inner):
                self._remark("A value that no node has is left out.", "Put it under a key of a node.", self._at(value))
            else:
                self._node(value, inner)

    def _node(
        self, value: Value, context: Context, state: _State | None = None, key: Member | None = None
    ) -> Term | None:
        """The node of an object, whose context was entered, and all that is said of it; a map's key may name it."""
        node = _Node(None, self._place(value.start, value.start + 1), self._typed(value, context), context)
        node.members = value.members or []
        node.subject = self._subject(node, key)
        if state is not None:
            state(node.subject, self._at(value))
        # pyoxigraph states the classes first, wherever they are written.
        for types in (True, False):
            for member in node.members:
                word = None if member.key == "@context" else node.context.word(member.key)
                if member.key != "@context" and (word == "@type") is types:
                    self._member(node, member, word)
        return node.subject

    def _entered(self, value: Value, context: Context, meaning: Meaning | None, *, mapped: bool = False) -> Context:
        """The context inside an object, but for those that its classes bring."""
        if context.outer is not None and not mapped:
            words = [context.word(member.key) for member in value.members or ()]
            if "@value" not in words and words != ["@id"]:
                context = context.outer
        if meaning is not None and meaning.context is not None:
            context = replace(defined(meaning.context, context, _FORGOTTEN, self.first), outer=None)
        local = value.get("@context")
        if local is not None:
            for each in _items(local):
                self._look_at_context(each)
            outer = context
            context = defined(local, context, self._elsewhere, self.first)
            context = _lasting(local, context, outer, lasts=True)
        return context

    def _look_at_context(self, context: Value) -> None:
        direction = context.get("@direction")
        if direction is not None and not direction.null:
            message = "A writing direction is not kept: it is left out."
            self._violation("rdf-12", message, "Leave @direction out.", self._at(direction))
        for member in context.members or ():
            name = member.value.get("@id") or member.value
            if isinstance(name.scalar, str) and name.scalar.startswith(f"{member.key}:"):
                self._fault("Cyclic", "This key is defined by itself.", self._at(name))

    def _typed(self, value: Value, context: Context) -> Context:
        """The context with those that the classes of the object bring, which hold for this object only."""
        names = [
            item.scalar
            for member in value.members or ()
            if member.key != "@context" and context.word(member.key) == "@type"
            for item in (member.value.items if member.value.items is not None else [member.value])
            if isinstance(item.scalar, str)
        ]
        inner = context
        for name in sorted(names):
            meaning = context.terms.get(name)
            if meaning is not None and meaning.context is not None:
                inner = defined(meaning.context, inner, _FORGOTTEN, self.first)
                inner = _lasting(meaning.context, inner, context, lasts=False)
        return inner

    def _subject(self, node: _Node, key: Member | None) -> Term | None:
        given = [
            member for member in node.members if member.key != "@context" and node.context.word(member.key) == "@id"
        ]
        for member in given[1:]:
            self._fault("@id", "@id is given twice.", self._at(member.value))
        for member in given[-1:]:
            name = member.value.scalar
            if isinstance(name, str):
                message = "is not an absolute IRI: what is said of it is left out."
                return self._iri(name, node.context.address(name), message, self._at(member.value))
            self._fault("@id", "The value of @id is not a text.", self._at(member.value))
        if key is not None:
            return self._iri(key.key, node.context.address(key.key), _LEFT_OUT, self._place(key.start, key.end))
        return self._new()

    def _member(self, node: _Node, member: Member, word: str | None) -> None:
        value, place = member.value, self._place(member.start, member.end)
        if word == "@type":
            self._types(node, value, place)
        elif word in ("@graph", "@included"):
            if word == "@included" and any(item.members is None for item in _items(value)):
                self._fault("@included", "Only nodes can be included.", self._at(value))
            else:
                self.free(value, node.context)
        elif word == "@nest":
            meaning = node.context.terms.get(member.key)
            if meaning is not None and meaning.context is not None:
                node = replace(node, context=defined(meaning.context, node.context, _FORGOTTEN, self.first))
            for item in _items(value):
                if item.members is None:
                    self._fault("@nest", "The value of @nest is not an object.", self._at(item))
                for inner in item.members or ():
                    nested = node.context.word(inner.key)
                    if nested == "@id":
                        self._fault(
                            "@nest", "What is nested has no @id of its own.", self._place(inner.start, inner.end)
                        )
                    else:
                        self._member(node, inner, nested)
        elif word == "@reverse":
            for inner in value.members or ():
                self._property(node, inner, node.context.word(inner.key), reverse=True)
        elif word == "@index":
            self._remark("An @index is not part of the graph: it is left out.", "Say it with a property.", place)
        elif word in KEYWORDS:
            if word != "@id":
                self._fault(word, f"{word} has no meaning here.", place)
        else:
            self._property(node, member, word)

    def _types(self, node: _Node, value: Value, key: Place) -> None:
        for item in _items(value):
            place = self._at(item)
            if not isinstance(item.scalar, str):
                self._fault("@type", "A class is not a text.", place)
                continue
            name = item.scalar
            term = self._iri(name, node.classes.thing(name), "is not an absolute IRI: the class is left out.", place)
            self._stated(node.subject, _TYPE, node.place, key, term, place)

    # Properties

    def _property(self, node: _Node, member: Member, word: str | None, *, reverse: bool = False) -> None:
        place = self._place(member.start, member.end)
        meaning = node.context.terms.get(member.key) or _PLAIN
        if word is None or ":" not in word:
            self._nothing(member.key, meaning, place)
            return
        predicate = self._predicate(member.key, word, place)
        if predicate is None:
            return
        state: _State
        if reverse != meaning.reverse:
            state = partial(self._reversed, node, predicate, place)
        else:
            state = partial(self._stated, node.subject, predicate, node.place, place)
        backwards = reverse != meaning.reverse
        if "@list" in meaning.container and not _has(member.value, "@list", node.context):
            listed = _get(member.value, "@set", node.context) or member.value
            self._list(_items(listed), node.context, meaning, state, self._at(member.value))
        elif meaning.container in ({"@graph"}, {"@graph", "@set"}):
            self._graphs(member.value, node.context, state)
        elif member.value.members is not None and meaning.type != "@json" and meaning.container - {"@set", "@list"}:
            self._map(member, node.context, meaning, state)
        else:
            self._value(member.value, node.context, meaning, state, backwards=backwards)

    def _predicate(self, key: str, word: str, place: Place) -> ox.NamedNode | None:
        if word.startswith("_:"):
            message = "A node without a name cannot be a property: what it says is left out."
            self._violation("says-nothing", message, "Write the IRI of a property.", place)
            return None
        term = self._iri(key, word, "is not an IRI: what it says is left out.", place)
        return term if isinstance(term, ox.NamedNode) else None

    def _reversed(self, node: _Node, predicate: ox.NamedNode, key: Place, term: Term | None, place: Place) -> None:
        self._stated(term, predicate, place, key, node.subject, node.place)

    def _map(self, member: Member, context: Context, meaning: Meaning, state: _State) -> None:
        """The values of an object whose keys are languages, indexes, names or classes."""
        kinds = meaning.container
        if "@language" in kinds:
            for each in member.value.members or ():
                self._texts(each, context, state)
            return
        if "@index" in kinds and meaning.index is None:
            message = f'The keys of the index "{member.key}" are not part of the graph: they are left out.'
            self._remark(message, "Say it with a property.", self._place(member.start, member.end))
        for each in member.value.members or ():
            place = self._place(each.start, each.end)
            key = None if context.word(each.key) == "@none" else each
            if "@graph" in kinds:
                self._graphs(each.value, context, state)
                continue
            for item in _items(each.value):
                into: _State = partial(self._mapped, key.key, place, context, meaning, state) if key else state
                if item.members is not None:
                    inner = self._entered(item, context, meaning, mapped=True)
                    if _has(item, "@value", inner):
                        self._value_object(item, inner, state)
                    else:
                        self._node(item, inner, into, key if "@id" in kinds else None)
                elif "@type" in kinds and isinstance(item.scalar, str):
                    into(
                        self._iri(item.scalar, context.address(item.scalar), _LEFT_OUT, self._at(item)), self._at(item)
                    )
                else:
                    self._value(item, context, meaning, state)

    def _graphs(self, value: Value, context: Context, state: _State) -> None:
        for item in _items(value):
            state(self._new(), self._at(item))
            self.free(item, context)

    def _mapped(
        self, key: str, at: Place, context: Context, meaning: Meaning, state: _State, term: Term | None, place: Place
    ) -> None:
        """A node under a key of a map, which may be its class or the value of a property."""
        state(term, place)
        if "@type" in meaning.container:
            self._stated(term, _TYPE, place, at, self._iri(key, context.thing(key), _LEFT_OUT, at), at)
        elif meaning.index is not None:
            predicate = self._predicate(key, meaning.index, at)
            if term is not None and predicate is not None:
                self.outline.entries.append(Entry(term, predicate, ox.Literal(key), place, at, at))

    def _texts(self, each: Member, context: Context, state: _State) -> None:
        none = context.word(each.key) == "@none"
        for item in _items(each.value):
            place = self._at(item)
            if item.null:
                self._null(place)
            elif not isinstance(item.scalar, str):
                self._fault("@language", "Under a language only texts can stand.", place)
            else:
                key = self._place(each.start, each.end)
                state(self._text(item.scalar, None if none else each.key, key), place)

    # Values

    def _value(
        self, item: Value, context: Context, meaning: Meaning, state: _State, *, backwards: bool = False
    ) -> None:
        place = self._at(item)
        if meaning.type == "@json":
            state(_JSON, place)
        elif item.items is not None:
            for each in item.items:
                self._value(each, context, meaning, state, backwards=backwards)
        elif item.members is not None:
            inner = self._entered(item, context, meaning)
            if backwards and (_has(item, "@value", inner) or _has(item, "@list", inner)):
                self._fault("reverse", _BACKWARDS, place)
            elif _has(item, "@value", inner):
                self._value_object(item, inner, state)
            elif _has(item, "@list", inner):
                listed = _get(item, "@list", inner) or item
                self._index(item, inner)
                self._list(_items(listed), inner, meaning, state, place)
            elif _has(item, "@set", inner):
                self._index(item, inner)
                self._value(_get(item, "@set", inner) or item, inner, meaning, state, backwards=backwards)
            else:
                self._node(item, inner, state)
        elif item.null:
            self._null(place)
        elif backwards and not (isinstance(item.scalar, str) and meaning.type in ("@id", "@vocab")):
            self._fault("reverse", _BACKWARDS, place)
        else:
            state(self._scalar(item, context, meaning, place), place)

    def _scalar(self, item: Value, context: Context, meaning: Meaning, place: Place) -> Term | None:
        name = item.scalar
        if isinstance(name, str) and meaning.type in ("@id", "@vocab"):
            iri = context.thing(name) if meaning.type == "@vocab" else context.address(name)
            return self._iri(name, iri, _LEFT_OUT, place)
        coerced = None if meaning.type in ("@id", "@vocab", "@none") else meaning.type
        if not isinstance(name, str):
            return _typed(*_lexical(item, coerced))
        if coerced is not None:
            return _typed(name, coerced)
        language = context.language if meaning.language is None else meaning.language or None
        return self._text(name, language, place)

    def _value_object(self, item: Value, context: Context, state: _State) -> None:
        value, place = _get(item, "@value", context), self._at(item)
        coerced, language = _get(item, "@type", context), _get(item, "@language", context)
        self._index(item, context)
        datatype = context.word(coerced.scalar) if coerced is not None and isinstance(coerced.scalar, str) else None
        for word, given in (("@language", language), ("@type", coerced)):
            if given is not None and not isinstance(given.scalar, str):
                self._fault(word, f"The value of {word} is not a text.", self._at(given))
        foreign = [member for member in item.members or () if ":" in (context.word(member.key) or "")]
        for member in foreign:
            self._fault("@value", "A value has no properties.", self._place(member.start, member.end))
        direction = _get(item, "@direction", context)
        if direction is not None and language is None:
            message = "A writing direction is not kept: it is left out."
            self._violation("rdf-12", message, "Leave @direction out.", self._at(direction))
        if datatype == "@json":
            state(_JSON, place)
        elif value is None or value.null:
            self._null(place)
        elif value.items is not None or value.members is not None:
            self._fault("@value", "The value of @value is not a single value.", self._at(value))
        elif language is not None and coerced is not None:
            self._fault("@type", "@type and @language do not go together.", self._at(coerced))
        elif language is not None and isinstance(language.scalar, str):
            if isinstance(value.scalar, str):
                state(self._text(value.scalar, language.scalar, self._at(language)), place)
            else:
                self._fault("@language", "Only a text has a language.", place)
        elif isinstance(value.scalar, str):
            state(_typed(value.scalar, datatype or XSD + "string"), place)
        else:
            state(_typed(*_lexical(value, datatype)), place)

    def _list(self, items: Iterable[Value], context: Context, meaning: Meaning, state: _State, whole: Place) -> None:
        for item in items:
            place = self._at(item)
            value = _get(item, "@value", context)
            if item.null or (value is not None and value.null and meaning.type != "@json"):
                self._null(place)
                continue
            if item.items is not None:
                self._violation("says-nothing", "A list in a list is not kept.", "State the items one by one.", place)
                continue
            cell = self._new()
            state(cell, place)
            self._value(item, context, meaning, partial(self._stated, cell, _FIRST, place, place))
            state = partial(self._stated, cell, _REST, place, place)
        state(_NIL, whole)

    def _text(self, text: str, language: str | None, place: Place) -> Term | None:
        """A text in a language; None when that is no language, so that it is left out."""
        if language is None:
            return ox.Literal(text)
        try:
            return ox.Literal(text, language=language)
        except ValueError:
            better = re.sub("[^A-Za-z0-9]+", "-", language).strip("-")
            remedy = f'Write "{better}", or another tag' if _is_language(better) else "Write a tag"
            message = f'"{language}" is not a language tag: the text is left out.'
            self._violation("says-nothing", message, f'{remedy}, such as "ja".', place)
            return None

    def _iri(self, written: str, iri: str | None, message: str, place: Place) -> Term | None:
        """The node that a name stands for; None, with a finding, when for none."""
        if iri is not None and iri.startswith("_:"):
            return self._labels.setdefault(iri, self._new())
        if iri is not None and ":" in iri:
            try:
                return ox.NamedNode(iri)
            except ValueError:
                pass
        self._violation("broken-iri", f"{written!r} {message}", _WHOLE_IRI, place)
        return None

    # What is noted

    def _stated(
        self, subject: Term | None, predicate: ox.NamedNode, node: Place, key: Place, term: Term | None, place: Place
    ) -> None:
        if subject is not None and term is not None:
            self.outline.entries.append(Entry(subject, predicate, term, node, key, place))

    def _nothing(self, key: str, meaning: Meaning, place: Place) -> None:
        message = f'The key "{key}" stands for nothing in the context: what it says is left out.'
        remedy = "Define it in @context, or write a whole IRI."
        if meaning.iri is None and not key.startswith("@"):
            message = f'The key "{key}" is defined as null: what it says is left out.'
            remedy = "Give it an IRI in @context if it is to say something."
        elif key.startswith("@"):
            message = f"JSON-LD has no keyword {key}: what it says is left out."
            meant = nearest(key.lower(), sorted(KEYWORDS))
            remedy = f"Did you mean {meant}?" if meant else "Leave it out, or say it with a property."
        self._remark(message, remedy, place)

    def _null(self, place: Place) -> None:
        self._remark("null says nothing.", "Leave it out, or write a value.", place)

    def _index(self, item: Value, context: Context) -> None:
        given = _get(item, "@index", context)
        if given is not None:
            message = "An @index is not part of the graph: it is left out."
            self._remark(message, "Say it with a property.", self._at(given))

    def _elsewhere(self, value: Value) -> None:
        message = f"The context {value.scalar} is a document from elsewhere, and is not fetched."
        remedy = 'Write the context itself: "@context": {"name": "https://…"}.'
        self._violation("remote-context", message, remedy, self._at(value))

    def _fault(self, word: str, message: str, place: Place) -> None:
        self.outline.faults.setdefault(word, []).append((message, place))

    def _remark(self, message: str, remedy: str, place: Place) -> None:
        self.outline.findings.append(Finding(Severity.WARNING, "says-nothing", message, remedy, place=place))

    def _violation(self, code: str, message: str, remedy: str, place: Place) -> None:
        self.outline.findings.append(Finding(Severity.VIOLATION, code, message, remedy, place=place))

    def _new(self) -> int:
        self._count += 1
        return self._count

    def _at(self, value: Value) -> Place:
        return self._place(value.start, value.end)

    def _place(self, start: int, end: int) -> Place:
        return self._lines.place(start, end)


_BACKWARDS = "Only a node can stand here, as this property is read backwards."
_LEFT_OUT = "is not an absolute IRI: it is left out."


def _lasting(value: Value, context: Context, outer: Context, *, lasts: bool) -> Context:
    """The context with the way back to the outer one, when it is for one object only."""
    given = value.get("@propagate")
    if given is not None:
        lasts = given.scalar is True
    return context if lasts else replace(context, outer=context.outer or outer)


def _items(value: Value) -> list[Value]:
    return value.items if value.items is not None else [value]


def _get(value: Value, word: str, context: Context) -> Value | None:
    """The value of the first key that stands for a keyword."""
    return next((one.value for one in value.members or () if context.word(one.key) == word), None)


def _has(value: Value, word: str, context: Context) -> bool:
    return _get(value, word, context) is not None


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
