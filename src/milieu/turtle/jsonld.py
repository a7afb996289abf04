"""What a JSON-LD text states, statement by statement with its place, and what a reader would silently leave out.

pyoxigraph parses; this walk foretells what it must come to (JSON-LD 1.1, section 4), so that the two can be compared.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.namespaces import RDF
from milieu.turtle.jsoncontext import KEYWORDS, Context, Meaning, defined
from milieu.turtle.jsonterms import JSON, LEFT_OUT, Terms, get, has, items
from milieu.turtle.jsontext import Value, read_json
from milieu.turtle.keyed import Entry, Outline
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from milieu.finding import Place
    from milieu.turtle.jsonterms import State
    from milieu.turtle.jsontext import Member
    from milieu.turtle.reading import Term

__all__ = ["outline"]

_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))
_PLAIN = Meaning("")
_FORGOTTEN: Callable[[Value], None] = lambda _: None  # noqa: E731
_BACKWARDS = "Only a node can stand here, as this property is read backwards."


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
    walk.outline.undeclared = walk.undeclared
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


class _Walk(Terms):
    """Collects entries and findings of a document, node by node, in the order of pyoxigraph's triples."""

    def __init__(self, lines: Lines, base: str | None) -> None:
        super().__init__(lines)
        self.first = Context(base=base)

    # Nodes

    def free(self, value: Value, context: Context) -> None:
        """What stands at the top or in a graph: nodes; anything else says nothing."""
        for item in value.items or ():
            self.free(item, context)
        if value.members is None and value.items is None and not value.null:
            self.remark("A value that no node has is left out.", "Put it under a key of a node.", self.at(value))
        elif value.members is not None:
            inner = self._entered(value, context, None)
            if has(value, "@value", inner) or has(value, "@list", inner):
                self.remark("A value that no node has is left out.", "Put it under a key of a node.", self.at(value))
            else:
                self._node(value, inner)

    def _node(
        self, value: Value, context: Context, state: State | None = None, key: Member | None = None
    ) -> Term | None:
        """The node of an object, whose context was entered, and all that is said of it; a map's key may name it."""
        node = _Node(None, self.place(value.start, value.start + 1), self._of_classes(value, context), context)
        node.members = value.members or []
        node.subject = self._subject(node, key)
        if state is not None:
            state(node.subject, self.at(value))
        # pyoxigraph states the classes first, wherever they are written.
        for types in (True, False):
            for member in node.members:
                word = None if member.key == "@context" else node.context.word(member.key)
                if member.key != "@context" and (word == "@type") is types:
                    self._member(node, member, word)
        return node.subject

    def _entered(self, value: Value, context: Context, meaning: Meaning | None) -> Context:
        """The context inside an object, but for those that its classes bring."""
        if context.outer is not None:
            words = [context.word(member.key) for member in value.members or ()]
            if "@value" not in words and words != ["@id"]:
                context = context.outer
        if meaning is not None and meaning.context is not None:
            context = replace(defined(meaning.context, context, _FORGOTTEN, self.first), outer=None)
        local = value.get("@context")
        if local is not None:
            for each in items(local):
                self._look_at_context(each)
            outer = context
            context = defined(local, context, self.elsewhere, self.first)
            context = _lasting(local, context, outer, lasts=True)
        return context

    def _look_at_context(self, context: Value) -> None:
        direction = context.get("@direction")
        if direction is not None and not direction.null:
            message = "A writing direction is not kept: it is left out."
            self.violation("rdf-12", message, "Leave @direction out.", self.at(direction))
        for member in context.members or ():
            name = member.value.get("@id") or member.value
            if isinstance(name.scalar, str) and name.scalar.startswith(f"{member.key}:"):
                self.fault("Cyclic", "This key is defined by itself.", self.at(name))

    def _of_classes(self, value: Value, context: Context) -> Context:
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
            self.fault("@id", "@id is given twice.", self.at(member.value))
        for member in given[-1:]:
            name = member.value.scalar
            if isinstance(name, str):
                message = "is not an absolute IRI: what is said of it is left out."
                return self.iri(name, node.context.address(name), message, self.at(member.value))
            self.fault("@id", "The value of @id is not a text.", self.at(member.value))
        if key is not None:
            return self.iri(key.key, node.context.address(key.key), LEFT_OUT, self.place(key.start, key.end))
        return self.new()

    def _member(self, node: _Node, member: Member, word: str | None) -> None:
        value, place = member.value, self.place(member.start, member.end)
        if word == "@type":
            self._types(node, value, place)
        elif word in ("@graph", "@included"):
            if word == "@included" and any(item.members is None for item in items(value)):
                self.fault("@included", "Only nodes can be included.", self.at(value))
            else:
                self.free(value, node.context)
        elif word == "@nest":
            meaning = node.context.terms.get(member.key)
            if meaning is not None and meaning.context is not None:
                node = replace(node, context=defined(meaning.context, node.context, _FORGOTTEN, self.first))
            for item in items(value):
                if item.members is None:
                    self.fault("@nest", "The value of @nest is not an object.", self.at(item))
                for inner in item.members or ():
                    nested = node.context.word(inner.key)
                    if nested == "@id":
                        self.fault("@nest", "What is nested has no @id of its own.", self.place(inner.start, inner.end))
                    else:
                        self._member(node, inner, nested)
        elif word == "@reverse":
            for inner in value.members or ():
                self._property(node, inner, node.context.word(inner.key), reverse=True)
        elif word == "@index":
            self.remark("An @index is not part of the graph: it is left out.", "Say it with a property.", place)
        elif word in KEYWORDS:
            if word != "@id":
                self.fault(word, f"{word} has no meaning here.", place)
        else:
            self._property(node, member, word)

    def _types(self, node: _Node, value: Value, key: Place) -> None:
        for item in items(value):
            place = self.at(item)
            if not isinstance(item.scalar, str):
                self.fault("@type", "A class is not a text.", place)
                continue
            name = item.scalar
            term = self.iri(name, node.classes.thing(name), "is not an absolute IRI: the class is left out.", place)
            self._stated(node.subject, _TYPE, node.place, key, term, place)

    # Properties

    def _property(self, node: _Node, member: Member, word: str | None, *, reverse: bool = False) -> None:
        place = self.place(member.start, member.end)
        meaning = node.context.terms.get(member.key) or _PLAIN
        if word is None or ":" not in word:
            self.nothing(member.key, meaning, place)
            return
        predicate = self.predicate(member.key, word, place)
        if predicate is None:
            return
        state: State
        if reverse != meaning.reverse:
            state = partial(self._reversed, node, predicate, place)
        else:
            state = partial(self._stated, node.subject, predicate, node.place, place)
        backwards = reverse != meaning.reverse
        if member.value.null and meaning.type != "@json":
            self.null(self.at(member.value))
        elif "@list" in meaning.container and not any(
            has(member.value, word, node.context) for word in ("@list", "@set")
        ):
            self._list(items(member.value), node.context, meaning, state, self.at(member.value))
        elif meaning.container in ({"@graph"}, {"@graph", "@set"}):
            self._graphs(member.value, node.context, state)
        elif member.value.members is not None and meaning.type != "@json" and meaning.container - {"@set", "@list"}:
            self._map(member, node.context, meaning, state)
        else:
            self._value(member.value, node.context, meaning, state, backwards=backwards)

    def _reversed(self, node: _Node, predicate: ox.NamedNode, key: Place, term: Term | None, place: Place) -> None:
        self._stated(term, predicate, place, key, node.subject, node.place)

    def _map(self, member: Member, context: Context, meaning: Meaning, state: State) -> None:
        """The values of an object whose keys are languages, indexes, names or classes."""
        kinds = meaning.container
        if "@language" in kinds:
            for each in member.value.members or ():
                self._texts(each, context, state)
            return
        if "@index" in kinds and meaning.index is None:
            message = f'The keys of the index "{member.key}" are not part of the graph: they are left out.'
            self.remark(message, "Say it with a property.", self.place(member.start, member.end))
        for each in member.value.members or ():
            place = self.place(each.start, each.end)
            key = None if context.word(each.key) == "@none" else each
            if "@graph" in kinds:
                self._graphs(each.value, context, state)
                continue
            for item in items(each.value):
                into: State = partial(self._mapped, key.key, place, context, meaning, state) if key else state
                if item.members is not None:
                    inner = self._entered(item, context, meaning)
                    if any(has(item, word, inner) for word in ("@value", "@list", "@set")):
                        self._value(item, context, meaning, state)
                    else:
                        self._node(item, inner, into, key if "@id" in kinds else None)
                elif "@type" in kinds and isinstance(item.scalar, str):
                    into(self.iri(item.scalar, context.address(item.scalar), LEFT_OUT, self.at(item)), self.at(item))
                else:
                    self._value(item, context, meaning, state)

    def _graphs(self, value: Value, context: Context, state: State) -> None:
        for item in items(value):
            state(self.new(), self.at(item))
            self.free(item, context)

    def _mapped(
        self, key: str, at: Place, context: Context, meaning: Meaning, state: State, term: Term | None, place: Place
    ) -> None:
        """A node under a key of a map, which may be its class or the value of a property."""
        state(term, place)
        if "@type" in meaning.container:
            self._stated(term, _TYPE, place, at, self.iri(key, context.thing(key), LEFT_OUT, at), at)
        elif meaning.index is not None:
            predicate = self.predicate(key, meaning.index, at)
            if term is not None and predicate is not None:
                self.outline.entries.append(Entry(term, predicate, ox.Literal(key), place, at, at))

    def _texts(self, each: Member, context: Context, state: State) -> None:
        none = context.word(each.key) == "@none"
        for item in items(each.value):
            place = self.at(item)
            if item.null:
                self.null(place)
            elif not isinstance(item.scalar, str):
                self.fault("@language", "Under a language only texts can stand.", place)
            else:
                key = self.place(each.start, each.end)
                state(self.text(item.scalar, None if none else each.key, key), place)

    # Values

    def _value(self, item: Value, context: Context, meaning: Meaning, state: State, *, backwards: bool = False) -> None:
        place = self.at(item)
        if meaning.type == "@json":
            state(JSON, place)
        elif item.items is not None:
            for each in item.items:
                self._value(each, context, meaning, state, backwards=backwards)
        elif item.members is not None:
            inner = self._entered(item, context, meaning)
            if backwards and (has(item, "@value", inner) or has(item, "@list", inner)):
                self.fault("reverse", _BACKWARDS, place)
            elif has(item, "@value", inner):
                self.value_object(item, inner, state)
            elif has(item, "@list", inner):
                listed = get(item, "@list", inner) or item
                self.index(item, inner)
                self._list(items(listed), inner, meaning, state, place)
            elif has(item, "@set", inner):
                self.index(item, inner)
                self._value(get(item, "@set", inner) or item, inner, meaning, state, backwards=backwards)
            else:
                self._node(item, inner, state)
        elif item.null:
            self.null(place)
        elif backwards and not (isinstance(item.scalar, str) and meaning.type in ("@id", "@vocab")):
            self.fault("reverse", _BACKWARDS, place)
        else:
            state(self.scalar(item, context, meaning, place), place)

    def _list(self, items: Iterable[Value], context: Context, meaning: Meaning, state: State, whole: Place) -> None:
        for item in items:
            place = self.at(item)
            value = get(item, "@value", context)
            if item.null or (value is not None and value.null and meaning.type != "@json"):
                self.null(place)
                continue
            if item.items is not None:
                self.violation(
                    "says-nothing",
                    "A list in a list is not kept: its form is left out.",
                    "State the items one by one.",
                    place,
                )
                continue
            cell = self.new()
            state(cell, place)
            self._value(item, context, meaning, partial(self._stated, cell, _FIRST, place, place))
            state = partial(self._stated, cell, _REST, place, place)
        state(_NIL, whole)

    def _stated(
        self, subject: Term | None, predicate: ox.NamedNode, node: Place, key: Place, term: Term | None, place: Place
    ) -> None:
        if subject is not None and term is not None:
            self.outline.entries.append(Entry(subject, predicate, term, node, key, place))


def _lasting(value: Value, context: Context, outer: Context, *, lasts: bool) -> Context:
    """The context with the way back to the outer one, when it is for one object only."""
    given = value.get("@propagate")
    if given is not None:
        lasts = given.scalar is True
    return context if lasts else replace(context, outer=context.outer or outer)
