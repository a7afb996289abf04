"""Step 2, vocabulary: terms and things that do not exist, with what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Place, Severity
from milieu.namespaces import OWL, RDF, RDFS, Prefixes
from milieu.spelling import nearest
from milieu.turtle.locate import Located
from milieu.validate.case import Case
from milieu.validate.schema import Schema, local_name, space_of, words_of

__all__ = ["Vocabulary", "check_vocabulary", "respelled"]

_TYPE, _LABEL = f"{RDF}type", f"{RDFS}label"
_FOR_LABEL = frozenset({"name", "label", "title"})  # what other vocabularies call it
_GUESSES = 100
_SHOWN = 12
_LONG = 100
_ALIKE = 0.75  # less is no slip of the hand, and what is said of a wrong guess leads astray
_NAMES_PROPERTY = frozenset({f"{OWL}annotatedProperty"})
# An IRI of this graph in another scheme, or with the other end of its namespace.
_SCHEME = re.compile(r"^https?://(?:www\.)?")


@dataclass
class Vocabulary:
    """What step 2 came to: its findings, and for each triple that it faults the triple that was probably meant."""

    findings: list[Finding] = field(default_factory=list)
    meant: dict[ox.Triple, ox.Triple] = field(default_factory=dict)


def check_vocabulary(case: Case) -> Vocabulary:
    """Findings for predicates, classes and things that neither the graph nor the contribution itself knows."""
    found = Vocabulary()
    words = _Words(case)
    for triple in case.triples:
        meant = words.read(triple, found.findings)
        if meant != triple:
            found.meant[triple] = meant
    return found


def respelled(iri: str, prefixes: Prefixes) -> str | None:
    """The IRI with a namespace of the table in place of one that is like it: http for https, / for #.

    A prefixed name between angle brackets is that name; what is too much at the end, a slash or a part of the page, is
    left out.

    >>> prefixes = Prefixes({"c": "https://e.org/id/"})
    >>> [respelled(iri, prefixes) for iri in ("http://e.org/id/kyoto", "c:kyoto", "https://e.org/id/kyoto#this")]
    ['https://e.org/id/kyoto', 'https://e.org/id/kyoto', 'https://e.org/id/kyoto']
    """
    named = prefixes.expand(iri)
    if named and ":/" not in iri:
        return named
    spaces = {_bare(space): space for space in prefixes.values()}
    for cut in (len(space_of(iri)), len(iri)):
        space, local = iri[:cut], iri[cut:]
        right = spaces.get(_bare(space))
        if right and right != space:
            return right + local
    whole = iri.partition("#")[0].rstrip("/")
    return whole if whole != iri and space_of(whole) in prefixes.values() else None


def _bare(space: str) -> str:
    return _SCHEME.sub("", space).rstrip("/#").lower()


class _Words:
    """Reads the triples of a case one by one, and says what it does not understand."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._schema: Schema = case.schema
        self._told: set[str] = set()
        self._guesses = 0
        self._named: dict[str, list[str]] | None = None
        self._spaces = frozenset(self._schema.prefixes.values())

    def read(self, triple: ox.Triple, findings: list[Finding]) -> ox.Triple:
        """The triple that was probably meant, its findings added."""
        told, guesses = set(self._told), self._guesses
        found: list[Finding] = []
        meant = self._read(triple, found, None)
        if not found:
            return meant
        # Only now is it worth finding out where the triple stands.
        self._told, self._guesses = told, guesses
        return self._read(triple, findings, self._case.locate(triple))

    def _read(self, triple: ox.Triple, findings: list[Finding], located: Located | None) -> ox.Triple:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if isinstance(subject, ox.NamedNode):
            for finding, meant in self._spaced(subject, triple, located.subject if located else None):
                findings.append(finding)
                subject = meant
        for finding, other in self._predicate(predicate, triple, located.predicate if located else None):
            findings.append(finding)
            predicate = other or predicate
        at = located.object if located else None
        for finding, thing in self._object(ox.Triple(subject, predicate, value), triple, at):
            findings.append(finding)
            value = thing or value
        return ox.Triple(subject, predicate, value)

    # Predicates

    def _predicate(
        self, predicate: ox.NamedNode, triple: ox.Triple, at: Place | None
    ) -> Iterator[tuple[Finding, ox.NamedNode | None]]:
        iri = predicate.value
        if iri in self._schema.replaced:
            yield self._deprecated(iri, at, triple), None
        elif not self._schema.knows_property(iri):
            yield self._unknown(iri, "property", self._schema.properties, at, triple)

    def _unknown(
        self, iri: str, kind: str, known: Iterable[str], at: Place | None, triple: ox.Triple
    ) -> tuple[Finding, ox.NamedNode | None]:
        name = self._schema.prefixes.compact(iri)
        say = self._case.say
        if kind == "property" and iri in self._schema.classes:
            remedy = f"To say what kind of thing the subject is, write 'a {name}'."
            message = f"{name} is a class, but stands where a property belongs."
            return say("class-as-property", message, remedy, triple, at), None
        if kind == "class" and iri in self._schema.properties:
            message = f"{name} is a property, but stands where a class belongs."
            remedy = "Behind 'a' comes the name of a class; those begin with a capital letter."
            return say("property-as-class", message, remedy, triple, at), None
        if kind == "class" and self._schema.types(iri):
            return self._thing_as_class(iri, triple, at)
        message = f"There is no {kind} {name}."
        like, sure = self._like(iri, known)
        if like is None:
            remedy = "" if iri in self._told else self._terms(kind, triple)
            self._told.add(iri)
            return say(f"unknown-{kind}", message, remedy, triple, at), None
        meant = self._schema.prefixes.compact(like)
        fix = Fix(at, meant, f"Write {meant}.", safe=sure) if at else None
        return say(f"unknown-{kind}", message, f"Did you mean {meant}?", triple, at, fix=fix), ox.NamedNode(like)

    def _terms(self, kind: str, triple: ox.Triple) -> str:
        """What there is instead: the properties that a thing of this class may have, and where all are listed."""
        types = self._case.types(str(triple.subject)) if kind == "property" else ()
        above = {each for own in types for each in self._schema.above(own)}
        unstated = self._schema.turned.keys() | self._schema.derived | self._schema.replaced.keys()
        own = sorted(
            self._schema.prefixes.compact(prop)
            for prop, domain in self._schema.domains.items()
            if domain in above and prop not in unstated
        )
        if not own:
            return "Use one of the ontology's terms; docs/ontology.md lists them."
        more = ", …" if len(own) > _SHOWN else ""
        named = self._schema.prefixes.compact(types[0])
        return f"A {named} has {', '.join(own[:_SHOWN])}{more}; docs/ontology.md lists all terms."

    def _like(self, iri: str, known: Iterable[str]) -> tuple[str | None, bool]:
        """What was probably meant, and whether that is beyond doubt."""
        name = local_name(iri)
        if name in _FOR_LABEL and _LABEL in known:
            return _LABEL, False
        same = [term for term in known if local_name(term).casefold() == name.casefold()]
        if same:
            # The right name in a wrong namespace, or in wrong case: http for https, / for #.
            best = min(same, key=lambda term: (space_of(term) != space_of(iri), local_name(term) != name, term))
            return best, space_of(best) == space_of(iri) or best == respelled(iri, self._schema.prefixes)
        home = space_of(respelled(iri, self._schema.prefixes) or iri)
        beside = {local_name(term): term for term in sorted(known) if space_of(term) == home}
        labels = {words_of(local): term for local, term in beside.items()}
        found = self._nearest(name, beside) or self._nearest(words_of(name), labels)
        return (beside.get(found) or labels[found] if found else None), False

    def _nearest(self, name: str, known: Mapping[str, str]) -> str | None:
        """What is most like a name; so many mistakes in, or with such a name, nobody mistyped anything."""
        self._guesses += 1
        if self._guesses > _GUESSES or len(name) > _LONG:
            return None
        found = nearest(name, known, _ALIKE)
        if found is None:
            # The one name that has all of these words, and more.
            words = set(words_of(name).split())
            longer = [each for each in known if words <= set(words_of(each).split())]
            found = longer[0] if len(longer) == 1 else None
        return found

    def _thing_as_class(self, iri: str, triple: ox.Triple, at: Place | None) -> tuple[Finding, ox.NamedNode | None]:
        name = self._schema.prefixes.compact(iri)
        kinds = self._schema.types(iri)
        kind = self._schema.prefixes.compact(kinds[0])
        message = f"{name} is a thing, {kind}, but stands where a class belongs."
        remedy = f"Behind 'a' comes the class, such as {kind}."
        fix = Fix(at, kind, f"Write {kind}.", safe=False) if at else None
        return self._case.say("thing-as-class", message, remedy, triple, at, fix=fix), None

    # Objects

    def _object(
        self, triple: ox.Triple, written: ox.Triple, at: Place | None
    ) -> Iterator[tuple[Finding, ox.NamedNode | None]]:
        value, predicate = triple.object, triple.predicate.value
        if isinstance(value, ox.Literal):
            yield from self._label(value, predicate, written, at)
            return
        if not isinstance(value, ox.NamedNode):
            return
        iri = value.value
        if predicate == _TYPE:
            if iri in self._schema.replaced:
                yield self._deprecated(iri, at, written), None
            elif not self._schema.knows_class(iri):
                yield self._unknown(iri, "class", self._schema.classes, at, written)
        elif predicate in _NAMES_PROPERTY:
            if not self._schema.knows_property(iri):
                yield self._unknown(iri, "property", self._schema.properties, at, written)
        elif iri in self._schema.classes and not self._leads_to_terms(predicate):
            yield self._class_as_thing(iri, written, at), None
        elif space_of(iri) in self._schema.term_spaces:
            if not self._schema.knows(iri):
                yield self._unknown(iri, "term", self._schema.properties | self._schema.classes, at, written)
        elif space_of(iri) in self._schema.thing_spaces:
            if not self._case.describes(iri) and not self._schema.knows(iri):
                yield self._unknown_thing(iri, predicate, written, at)
        else:
            yield from self._spaced(value, written, at)

    def _leads_to_terms(self, predicate: str) -> bool:
        """Whether a class may stand behind a property: when it is no object property of the ontology."""
        return predicate not in self._schema.object_properties

    def _class_as_thing(self, iri: str, triple: ox.Triple, at: Place | None) -> Finding:
        name = self._schema.prefixes.compact(iri)
        members = [self._schema.prefixes.compact(one) for one in self._schema.members(iri, 3)]
        remedy = f"Name the thing itself, such as {' or '.join(members)}." if members else "Name the thing itself."
        return self._case.say(
            "class-as-thing", f"{name} is a class; a thing of that class is meant here.", remedy, triple, at
        )

    def _spaced(
        self, node: ox.NamedNode, triple: ox.Triple, at: Place | None
    ) -> Iterator[tuple[Finding, ox.NamedNode]]:
        """A finding when the namespace of a name is spelled wrongly."""
        if space_of(node.value) in self._spaces:
            return
        right = self._bracketed(node.value) or respelled(node.value, self._schema.prefixes)
        if right is None or node.value in self._schema.prefixes.values() or self._schema.knows(node.value):
            return
        if space_of(right) not in self._schema.thing_spaces | self._schema.term_spaces:
            return
        meant = self._schema.prefixes.compact(right)
        finding = self._case.say(
            "wrong-namespace",
            f"<{node.value}> is not spelled as this graph's names are.",
            f"Write {meant}.",
            triple,
            at,
            fix=Fix(at, meant, f"Write {meant}.") if at else None,
        )
        yield finding, ox.NamedNode(right)

    def _bracketed(self, iri: str) -> str | None:
        """A thing that exists, of which the prefixed name stands in angle brackets, or the address with a tail."""
        expanded = self._schema.prefixes.expand(iri)
        for other in (expanded, iri.rstrip("/"), iri.partition("#")[0]):
            if other and other != iri and (self._schema.knows(other) or self._case.describes(other)):
                return other
        return None

    def _unknown_thing(
        self, iri: str, predicate: str, triple: ox.Triple, at: Place | None
    ) -> tuple[Finding, ox.NamedNode | None]:
        name = self._schema.prefixes.compact(iri)
        message = f"{name} is not in the graph, and this contribution does not describe it."
        like = self._thing_like(iri, predicate)
        if like is None:
            remedy = f"Describe it here too{self._well_named(iri)}, or use the name of a thing that exists."
            return self._case.say("unknown-thing", message, remedy, triple, at), None
        meant = self._case.demands.name(f"<{like}>")
        compact = self._schema.prefixes.compact(like)
        same = local_name(like).casefold() == local_name(iri).casefold() and space_of(like) == space_of(iri)
        fix = Fix(at, compact, f"Write {compact}.", safe=same) if at else None
        remedy = f"Did you mean {meant}? Otherwise describe it here too."
        return self._case.say("unknown-thing", message, remedy, triple, at, fix=fix), ox.NamedNode(like)

    def _well_named(self, iri: str) -> str:
        """The name as the shapes want it, when they would refuse the one that is written."""
        plain = re.sub(r"[^a-z0-9]+", "-", local_name(iri).lower()).strip("-")
        other = space_of(iri) + plain
        if not plain or len(iri) > _LONG or self._case.demands.allows(iri) or not self._case.demands.allows(other):
            return ""
        return f" as {self._schema.prefixes.compact(other)}"

    def _thing_like(self, iri: str, predicate: str) -> str | None:
        """The thing that was probably meant: of a like slug or the same label, and if it can be of the right class."""
        local, space = local_name(iri), space_of(iri)
        if self._guesses > _GUESSES:
            return None
        beside = {local_name(thing): thing for thing in self._schema.things_in(space)}
        beside |= {
            local_name(node[1:-1]): node[1:-1] for node in self._case.placed.about if node.startswith(f"<{space}")
        }
        found = self._nearest(local, beside)
        if found:
            return beside[found]
        named = self._schema.named(words_of(local))
        elsewhere = [thing for thing in named if self._case.fits(f"<{thing}>", predicate, end="range") is not False]
        return elsewhere[0] if elsewhere else None

    def _label(
        self, value: ox.Literal, predicate: str, triple: ox.Triple, at: Place | None
    ) -> Iterator[tuple[Finding, ox.NamedNode | None]]:
        """A finding when a thing is named by its label, or a name stands in quotes, where the thing belongs."""
        if predicate not in self._schema.object_properties:
            return
        text = value.value.strip()
        listed = next((of for of in self._case.demands.targets(f"<{predicate}>") if of.terms or of.having), None)
        allowed = set(self._case.demands.candidates(listed)) if listed else None
        expanded = self._schema.prefixes.expand(text) or text.strip("<>")
        things = [expanded] if _is_iri(expanded) and self._schema.knows(expanded) else self._called(text)
        things = [one for one in things if self._case.fits(f"<{one}>", predicate, end="range") is not False]
        things = [one for one in things if allowed is None or one in allowed]
        shown = self._case.demands.compact(str(value))
        what = "a text" if shown.startswith('"') else "a value"
        message = f"{shown} is {what}; here the thing itself belongs."
        if not things and listed:
            remedy = f"Write one of the names from the list, without quotes. {self._case.demands.allowed(listed)}"
            yield self._case.say("text-for-thing", message, remedy.strip(), triple, at), None
            return
        if not things:
            wanted = self._schema.ranges.get(predicate)
            kind = f" of the class {self._schema.prefixes.compact(wanted)}" if wanted else ""
            quotes = ", without quotes" if shown.startswith('"') else ""
            remedy = f"Write the name of a thing{kind}, such as {self._example(predicate)}{quotes}."
            yield self._case.say("text-for-thing", message, remedy, triple, at), None
            return
        names = [self._schema.prefixes.compact(thing) for thing in things]
        remedy = f"Write {' or '.join(names[:5])}, without quotes."
        fix = Fix(at, names[0], f"Write {names[0]}.", safe=len(names) == 1) if at else None
        finding = self._case.say("text-for-thing", message, remedy, triple, at, fix=fix)
        yield finding, ox.NamedNode(things[0]) if len(things) == 1 else None

    def _called(self, text: str) -> list[str]:
        """The things of this name, those that the contribution describes itself first."""
        if self._named is None:
            self._named = {}
            for triple in self._case.triples:
                subject, name = triple.subject, triple.object
                if triple.predicate.value != _LABEL or not isinstance(name, ox.Literal):
                    continue
                if isinstance(subject, ox.NamedNode):
                    self._named.setdefault(name.value.casefold(), []).append(subject.value)
        own = self._named.get(text.casefold(), [])
        return list(dict.fromkeys([*own, *(self._schema.named(text) or self._schema.named(text.replace("&", "and")))]))

    def _example(self, predicate: str) -> str:
        wanted = self._schema.ranges.get(predicate)
        members = self._schema.members(wanted, 1) if wanted else []
        return self._schema.prefixes.compact(members[0]) if members else "city:kanazawa"

    def _deprecated(self, iri: str, at: Place | None, triple: ox.Triple) -> Finding:
        name = self._schema.prefixes.compact(iri)
        other = self._schema.replaced[iri]
        meant = self._schema.prefixes.compact(other) if other else ""
        return self._case.say(
            "deprecated",
            f"{name} is deprecated.",
            f"Write {meant} instead." if meant else "Leave it out.",
            triple,
            at,
            fix=Fix(at, meant, f"Write {meant}.", safe=False) if at and meant else None,
            severity=Severity.WARNING,
        )


def _is_iri(text: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|^`\\]+", text) is not None
