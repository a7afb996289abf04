"""What a shape demands, in words: the parameters of its constraints, what is allowed, what stands there instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from milieu.namespaces import RDF, SH, XSD
from milieu.sparql.term import read_term
from milieu.validate.phrase import Phrases, cut, in_turtle
from milieu.validate.schema import Schema
from milieu.validate.shapegraph import ShapeGraph, text_of
from milieu.validate.shapes import Compiled

__all__ = ["Demands", "Of"]

_SHOWN = 20
_LONGEST = 500
_EXAMPLES = {
    "gYear": '"2009"^^xsd:gYear',
    "gYearMonth": '"2009-03"^^xsd:gYearMonth',
    "date": '"2009-03-24"^^xsd:date',
    "integer": "450000",
    "decimal": "36.56",
    "anyURI": '"https://…"^^xsd:anyURI',
    "boolean": "true",
    "string": '"…"',
}


@dataclass(frozen=True)
class Of:
    """What one shape demands of each value: any of these datatypes, classes, terms; or entries of a list."""

    datatypes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    having: tuple[tuple[str, str], ...] = ()
    """Pairs of a property and the value it must have."""


@dataclass
class Demands:
    """The parameters of the compiled shapes; read when something is wrong, for then words are needed."""

    compiled: Compiled
    schema: Schema
    _of: dict[str, Of] = field(default_factory=dict, repr=False)

    @cached_property
    def phrases(self) -> Phrases:
        """The words for what shapes without a message demand."""
        return Phrases(self.compiled, self.schema.prefixes)

    @property
    def graph(self) -> ShapeGraph:
        """The shapes as the engines get them."""
        return self.phrases.graph

    @property
    def _alias(self) -> Mapping[str, str]:
        return self.phrases.alias

    def one(self, shape: str, name: str) -> str | None:
        """The value of a parameter, in N-Triples."""
        return self.graph.one(self._alias.get(shape, shape), name)

    def of(self, shape: str) -> Of:
        """What a shape demands of each value, its alternatives (`sh:or`) and nested shapes included."""
        if shape not in self._of:
            self._of[shape] = self._collect(self._alias.get(shape, shape))
        return self._of[shape]

    def targets(self, predicate: str) -> tuple[Of, ...]:
        """What every property shape with this path (an N-Triples IRI) demands."""
        return tuple(self.of(shape) for shape in self.by_path.get(predicate, ()))

    @cached_property
    def by_path(self) -> Mapping[str, tuple[str, ...]]:
        """The property shapes of each plain path."""
        found: dict[str, tuple[str, ...]] = {}
        for shape in self.graph.subjects(SH + "path"):
            for path in self.graph.objects(shape, SH + "path"):
                found[path] = (*found.get(path, ()), shape)
        return found

    def single(self, predicate: str) -> bool:
        """Whether some shape allows only one value on this path."""
        return any(self.graph.one(shape, "maxCount") == _ONE for shape in self.by_path.get(predicate, ()))

    def by_target(self, predicate: str) -> set[str]:
        """The shapes that look at whatever has this property (an N-Triples IRI)."""
        return {target.name for target in self.compiled.targets if predicate in target.subjects_of}

    def class_of(self, iri: str) -> str | None:
        """The class whose members have names like this one, as the patterns of the shapes have it."""
        for target in self.compiled.targets:
            pattern = self.graph.one(target.alias, "pattern")
            if pattern and target.classes and self.graph.one(target.alias, "path") is None:
                text = text_of(pattern).removesuffix("$").rpartition("/")[0]
                if len(iri) < _LONGEST and re.match(f"(?:{text})/", iri):
                    return target.classes[0][1:-1]
        return None

    def allows(self, iri: str) -> bool:
        """Whether some shape prescribes names of this form to the members of a class."""
        patterns = (self.graph.one(t.alias, "pattern") for t in self.compiled.targets if t.classes)
        return len(iri) < _LONGEST and any(pattern and re.search(text_of(pattern), iri) for pattern in patterns)

    def _collect(self, shape: str) -> Of:
        graph = self.graph
        datatypes, classes = list(graph.objects(shape, SH + "datatype")), list(graph.objects(shape, SH + "class"))
        terms: list[str] = []
        having: list[tuple[str, str]] = []
        for head in graph.objects(shape, SH + "in"):
            terms.extend(graph.items(head))
        parts = [part for head in graph.objects(shape, SH + "or") for part in graph.items(head)]
        for part in [*parts, *graph.objects(shape, SH + "node")]:
            inner = self.of(part)
            datatypes += inner.datatypes
            classes += inner.classes
            terms += inner.terms
            having += inner.having
        for prop in graph.objects(shape, SH + "property"):
            path, value = graph.one(prop, "path"), graph.one(prop, "hasValue")
            if path and value:
                having.append((path, value))
        return Of(tuple(datatypes), tuple(classes), tuple(terms), tuple(having))

    # Words

    def name(self, term: str | None) -> str:
        """A term as people know it: `city:kanazawa (Kanazawa)`, `xsd:gYear`, or a literal as Turtle has it."""
        if term is None:
            return "nothing"
        if not term.startswith("<"):
            return self.compact(term)
        iri = term[1:-1]
        compact = self.schema.prefixes.compact(iri)
        label = None if iri.startswith((XSD, RDF, SH)) or compact.startswith("mil:") else self.schema.label(iri)
        return f"{compact} ({cut(label)})" if label else compact

    def compact(self, term: str) -> str:
        """A term as Turtle has it."""
        return in_turtle(term, self.schema.prefixes)

    def written(self, term: str) -> str:
        """A term as Turtle has it, in full, so that an example can be copied."""
        short = self.compact(term)
        return term if "…" in short and not term.startswith("<") else short

    def kind(self, term: str, types: Iterable[str] = ()) -> str:
        """What sort of term this is: `a text`, `a mil:Firm`, `a node without a class`."""
        if term.startswith('"'):
            read = read_term(term)
            if read and read.language:
                return f"a text in the language {read.language}"
            datatype = (read.datatype if read else "") or XSD + "string"
            return (
                "a plain text"
                if datatype == XSD + "string"
                else f"of the type {self.schema.prefixes.compact(datatype)}"
            )
        found = [*types, *(self.schema.types(term[1:-1]) if term.startswith("<") else ())]
        names = " and ".join(dict.fromkeys(self.schema.prefixes.compact(kind) for kind in found))
        return f"a {names}" if names else "without a class"

    def allowed(self, of: Of) -> str:
        """What may stand there, as a sentence; empty when it is not a matter of a few words."""
        if of.terms:
            return f"Allowed: {self._some(map(self.compact, of.terms))}."
        if of.having:
            entries = sorted(self.schema.prefixes.compact(entry) for entry in self.entries(of))
            return f"Allowed: {self._some(entries)}." if entries else ""
        if of.datatypes:
            examples = (
                '"…"@en' if one == _LANG_STRING else _EXAMPLES.get(one[1:-1].removeprefix(XSD), self.compact(one))
                for one in of.datatypes
            )
            return f"Such values look like {' or '.join(dict.fromkeys(examples))}."
        return ""

    def entries(self, of: Of) -> list[str]:
        """The things that have the values demanded: the entries of a list."""
        found: set[str] | None = None
        for path, value in of.having:
            rows = self.schema.store.match([(None, ox.NamedNode(path[1:-1]), _term(value))])
            these = {thing.value for thing, _, _ in rows if isinstance(thing, ox.NamedNode)}
            found = these if found is None else found & these
        return sorted(found or ())

    def candidates(self, of: Of) -> Iterator[str]:
        """Things that would be allowed."""
        if of.terms:
            yield from (term[1:-1] for term in of.terms if term.startswith("<"))
        yield from self.entries(of)
        for kind in of.classes:
            yield from self.schema.members(kind[1:-1])

    def _some(self, names: Iterable[str]) -> str:
        listed = list(names)
        more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
        return ", ".join(listed[:_SHOWN]) + more


def pattern_text(literal: str) -> str:
    """A regular expression without the escapes of its literal."""
    return text_of(literal)


def _term(text: str) -> ox.NamedNode | ox.Literal:
    if text.startswith("<"):
        return ox.NamedNode(text[1:-1])
    [quad] = ox.parse(f"<s:> <p:> {text} .", format=ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal)
    return quad.object


_LANG_STRING = f"<{RDF}langString>"
_ONE = f'"1"^^<{XSD}integer>'
