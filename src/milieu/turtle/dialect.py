"""Terms as the formats write them: what a finding advises must be something that the file it is about can hold."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from milieu.namespaces import RDF, XSD, Prefixes
from milieu.turtle.literals import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from milieu.finding import Finding

__all__ = ["Dialect", "written"]

_Term: TypeAlias = ox.NamedNode | ox.Literal
_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_PLAIN = (XSD + "string", RDF + "langString")
_NATIVE = (XSD + "integer", XSD + "boolean")
_NATIVE_FORM = re.compile(r"-?(?:0|[1-9][0-9]{0,14})|true|false")
_BY_LINE = ("ntriples", "nquads")
_TYPE = ox.NamedNode(RDF + "type")
_NAME = r"[A-Za-z][\w-]*:[\w-]+(?:[./%][\w-]+)*"
# Statements within advice: a subject, a property and so on, up to a dot that stands by itself.
_STATEMENT = re.compile(rf"(?<!\w)(?:\[\]|{_NAME}|<[^<>\s]*>) (?:a|{_NAME}|<[^<>\s]*>) [^\n]*? \.(?=\s|\Z)")
# A property and its values: what is to be said of something.
_PART = re.compile(rf'(?<=: ){_NAME} (?:"[^"\n]*"[^\s,]*|[^\s",.]+)(?:, (?:"[^"\n]*"[^\s,]*|[^\s",.]+))* \.(?=\s|\Z)')
_THINGS = re.compile(rf"((?:Write|such as) )({_NAME}(?:(?:, | or ){_NAME})*), without quotes")
_WORDINGS = {
    "jsonld": (
        ("Write the values with commas between them, without brackets", "Write the values as an array, without @list"),
        (", without quotes", ', as {"@id": "…"}'),
    ),
    "rdfxml": (
        ("Write the values with commas between them, without brackets", "Write an element for each value"),
        (", without quotes", ', as rdf:resource="…"'),
    ),
}
_LANGUAGE = re.compile(r"(?<=Did you mean )@([A-Za-z][A-Za-z0-9-]*)")


def written(term: _Term, prefixes: Mapping[str, str], format: str) -> str:  # noqa: A002
    """A term as a text of that format holds it: as `parse` calls the formats.

    >>> height = ox.Literal("36.24", datatype=ox.NamedNode(XSD + "decimal"))
    >>> print(written(height, {}, "turtle"), written(height, {}, "ntriples"))
    36.24 "36.24"^^<http://www.w3.org/2001/XMLSchema#decimal>
    >>> print(written(height, {}, "jsonld"))
    {"@value": "36.24", "@type": "http://www.w3.org/2001/XMLSchema#decimal"}
    """
    if format == "jsonld":
        return json.dumps(_value_object(term), ensure_ascii=False)
    if format == "rdfxml":
        return _element(term)
    if format in _BY_LINE or isinstance(term, ox.NamedNode) or term.datatype.value in _PLAIN:
        return str(term)
    return spelled(term, prefixes)


@dataclass(frozen=True)
class Dialect:
    """How advice is worded for one text: its format, the graph's prefixes, and those that the text declares so too."""

    format: str
    prefixes: Mapping[str, str]
    declared: Mapping[str, str]

    @classmethod
    def of(cls, text: str, format: str, prefixes: Mapping[str, str]) -> Dialect:  # noqa: A002
        """The dialect of a text.

        >>> print(Dialect.of('{"@context": {"c": "http://c/"}}', "jsonld", {"c": "http://c/", "d": "http://d/"}).declared)
        {'c': 'http://c/'}
        """
        form = {"jsonld": r'"{}"\s*:\s*"{}"', "rdfxml": r"xmlns:{}\s*=\s*[\"']{}[\"']"}.get(format)
        declared = {
            prefix: space
            for prefix, space in prefixes.items()
            if form and space in text and re.search(form.format(re.escape(prefix), re.escape(space)), text)
        }
        return cls(format, prefixes, declared)

    def worded(self, finding: Finding) -> Finding:
        """The finding with advice that a text of that format can follow; without a fix where places are not exact.

        Steps speak Turtle. What they advise to write is turned into the format's own words: whole statements, the names
        of things and values. What cannot be turned is marked.
        """
        if self.format in ("turtle", "trig"):
            return finding
        fix, remedy = finding.fix, self._advice(finding.remedy)
        term = self._term(fix.text) if fix else None
        # A name in place of a name stays a name, as JSON-LD and RDF/XML have it where the old one stands.
        is_name = isinstance(term, ox.NamedNode) and self.format not in _BY_LINE
        if fix and term is not None and not (is_name and not (finding.value or "").startswith('"')):
            text = self._value(term)
            description = fix.description.replace(fix.text, text)
            remedy = remedy.replace(f"Write {fix.text}.", f"Write {text}.")
            fix = replace(fix, text=text, description=description)
        return replace(finding, remedy=remedy, fix=fix if self.format in _BY_LINE else None)

    def _advice(self, remedy: str) -> str:
        turned = _STATEMENT.sub(lambda match: self._statements(match[0]), remedy)
        if self.format not in _BY_LINE:
            turned = _PART.sub(lambda match: self._part(match[0]), turned)
        if turned == remedy:
            turned = remedy.replace("For example: ", "For example, in Turtle: ")
        turned = _THINGS.sub(lambda match: match[1] + self._things(match[2]), turned)
        for words, others in _WORDINGS.get(self.format, ()):
            turned = turned.replace(words, others)
        if self.format == "jsonld":
            turned = _LANGUAGE.sub(r'"@language": "\1"', turned)
        elif self.format == "rdfxml":
            turned = _LANGUAGE.sub(r'xml:lang="\1"', turned)
        return turned

    def _things(self, names: str) -> str:
        turned = names
        for name in re.findall(_NAME, names):
            term = self._term(name)
            if term is not None:
                turned = turned.replace(name, self._value(term))
        return turned

    def _statements(self, text: str) -> str:
        """Statements of Turtle in the format's own words, or marked as Turtle when they cannot be read."""
        quads = _read(text, tuple(self.prefixes.items()))
        if not quads:
            return f"(in Turtle) {text}"
        if self.format in _BY_LINE:
            return " ".join(f"{_unlabelled(quad.triple)} ." for quad in quads)
        about: dict[_Node, list[ox.Quad]] = {}
        for quad in quads:
            about.setdefault(quad.subject, []).append(quad)
        one = self._object if self.format == "jsonld" else self._node
        return (", " if self.format == "jsonld" else " ").join(one(node, said) for node, said in about.items())

    def _part(self, text: str) -> str:
        """A property and its values without what they are said of."""
        quads = _read(f"[] {text}", tuple(self.prefixes.items()))
        if not quads:
            return f"(in Turtle) {text}"
        if self.format == "jsonld":
            return self._object(quads[0].subject, quads)[1:-1]
        return self._node(quads[0].subject, quads).removeprefix("<rdf:Description>").removesuffix("</rdf:Description>")

    def _object(self, node: _Node, quads: Iterable[ox.Quad]) -> str:
        """A node as an object of JSON-LD."""
        members: dict[str, object] = {} if isinstance(node, ox.BlankNode) else {"@id": self._name(node)}
        for quad in quads:
            key = "@type" if quad.predicate == _TYPE else self._name(quad.predicate)
            value: object = self._name(quad.object)
            if isinstance(quad.object, ox.Literal):
                value = _value_object(quad.object)
            elif quad.predicate != _TYPE:
                value = {"@id": value}
            before = members.get(key)
            members[key] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
        return json.dumps(members, ensure_ascii=False)

    def _node(self, node: _Node, quads: Iterable[ox.Quad]) -> str:
        """A node as an element of RDF/XML."""
        # It brings the network's modules along, which takes longer than judging a contribution.
        from xml.sax.saxutils import escape, quoteattr

        said = list(quads)
        kind = next((quad for quad in said if quad.predicate == _TYPE), None)
        tag = Prefixes(self.prefixes).compact(kind.object.value) if kind else "rdf:Description"  # type: ignore[union-attr]
        about = "" if isinstance(node, ox.BlankNode) else f" rdf:about={quoteattr(node.value)}"  # type: ignore[union-attr]
        inner = []
        for quad in said:
            name = Prefixes(self.prefixes).compact(quad.predicate.value)
            if quad == kind:
                continue
            if not isinstance(quad.object, ox.Literal):
                inner.append(f"<{name} rdf:resource={quoteattr(self._iri(quad.object))}/>")
                continue
            attribute = f" xml:lang={quoteattr(quad.object.language)}" if quad.object.language else ""
            if quad.object.datatype.value not in _PLAIN:
                attribute = f" rdf:datatype={quoteattr(quad.object.datatype.value)}"
            inner.append(f"<{name}{attribute}>{escape(quad.object.value)}</{name}>")
        return f"<{tag}{about}>{''.join(inner)}</{tag}>" if inner else f"<{tag}{about}/>"

    def _value(self, term: _Term) -> str:
        if self.format == "jsonld" and isinstance(term, ox.NamedNode):
            return json.dumps({"@id": self._name(term)}, ensure_ascii=False)
        return written(term, self.prefixes, self.format)

    def _name(self, term: _Node) -> str:
        """A name as JSON-LD may write it: by a prefix that the text declares, else in full."""
        iri = self._iri(term)
        compact = Prefixes(self.declared).compact(iri)
        return iri if compact.startswith("<") else compact

    def _iri(self, term: _Node) -> str:
        return term.value if isinstance(term, ox.NamedNode) else str(term)

    def _term(self, text: str) -> _Term | None:
        """The one term that a text is in Turtle, if it is one."""
        if not text or text[0] in "[(@.;,":
            return None
        quads = _read(f"<x:s> <x:p> {text} .", tuple(self.prefixes.items()))
        value = quads[0].object if len(quads) == 1 else None
        return value if isinstance(value, ox.NamedNode | ox.Literal) else None


@lru_cache(maxsize=256)
def _read(text: str, prefixes: tuple[tuple[str, str], ...]) -> tuple[ox.Quad, ...]:
    head = "".join(f"@prefix {prefix}: <{space}> ." for prefix, space in prefixes)
    try:
        return tuple(ox.parse(f"{head} {text}".encode(), format=ox.RdfFormat.TURTLE))
    except (SyntaxError, ValueError):
        return ()


def _unlabelled(triple: ox.Triple) -> str:
    """A triple whose nodes without a name are called _:e, since their labels are random."""
    terms = (triple.subject, triple.predicate, triple.object)
    return " ".join("_:e" if isinstance(term, ox.BlankNode) else str(term) for term in terms)


def _value_object(term: _Term) -> object:
    if isinstance(term, ox.NamedNode):
        return {"@id": term.value}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value in _NATIVE and _NATIVE_FORM.fullmatch(term.value):
        return json.loads(term.value)
    if term.datatype.value == XSD + "string":
        return term.value
    return {"@value": term.value, "@type": term.datatype.value}


def _element(term: _Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f'rdf:resource="{term.value}"'
    if term.language:
        return f'{term.value} with xml:lang="{term.language}"'
    if term.datatype.value == XSD + "string":
        return f"{term.value} without rdf:datatype"
    return f'{term.value} with rdf:datatype="{term.datatype.value}"'
