"""Rules and class expressions in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from milieu.namespaces import OWL, RDF
from milieu.reason.atoms import TYPE, Fact, Term, terms
from milieu.reason.rules import Rule

__all__ = ["Namer", "described", "local_name", "reason", "sentence", "with_article"]

Namer = Callable[[Term], str]
"""What people call a term."""
_FIRST, _REST = NamedNode(RDF + "first"), NamedNode(RDF + "rest")


def local_name(term: Term) -> str:
    """A term by the last part of its IRI, or by its text.

    >>> local_name(NamedNode("https://w3id.org/milieu/id/city/kanazawa"))
    'kanazawa'
    """
    if isinstance(term, NamedNode):
        return re.split(r"[/#]", term.value.rstrip("/#"))[-1]
    return f'"{term.value}"' if isinstance(term, Literal) else "something"


def sentence(fact: Fact, name: Namer) -> str:
    """A statement in words.

    >>> one = NamedNode("https://w3id.org/milieu/id/city/kanazawa")
    >>> sentence((one, TYPE, NamedNode("https://w3id.org/milieu/ontology#City")), local_name)
    'kanazawa is a City'
    """
    subject, predicate, obj = fact
    if predicate == TYPE:
        return f"{name(subject)} is {with_article(name(obj))}"
    verb = _SCHEMA_VERBS.get(predicate.value) or name(predicate)
    return f"{name(subject)} {verb} {name(obj)}"


def reason(rule: Rule, values: Mapping[str, Term], premises: Iterable[Fact], name: Namer) -> str:
    """Why a rule gives what it gives, as a clause: its `reason` with each `{x}` replaced by what `?x` is called."""

    def put(match: re.Match[str]) -> str:
        if match[2] == "premises":
            return (match[1] or "") + ", ".join(sentence(premise, name) for premise in premises)
        term = values.get(match[2])
        called = name(term) if term is not None else "something"
        # The template's own article fits itself to the word; those inside a label are not ours.
        return match[1][0] + with_article(called)[1:] if match[1] else called

    return re.sub(r"(\b[Aa] )?\{(\w+)\}", put, rule.reason)


def with_article(text: str) -> str:
    """A noun with its article.

    >>> with_article("artist"), with_article("university"), with_article("UNESCO city")
    ('an artist', 'a university', 'a UNESCO city')
    """
    vowel = re.match(r"[aeiouAEIOU]", text) and not re.match(r"uni(?!n)|use|eu|one\b|U[A-Z]", text)
    return f"{'an' if vowel else 'a'} {text}"


def described(schema: Store, name: Namer) -> Namer:
    """A namer that also knows the class expressions of an ontology: "city that has milieu some creative milieu"."""

    def call(term: Term) -> str:
        return (isinstance(term, BlankNode) and _noun(_parts(term, schema), schema, call)) or name(term)

    return call


_SCHEMA_VERBS = {
    "http://www.w3.org/2000/01/rdf-schema#subClassOf": "is a kind of",
    "http://www.w3.org/2000/01/rdf-schema#subPropertyOf": "implies",
    "http://www.w3.org/2000/01/rdf-schema#domain": "is said only of",
    "http://www.w3.org/2000/01/rdf-schema#range": "always leads to",
    OWL + "equivalentClass": "means the same as",
    OWL + "equivalentProperty": "means the same as",
    OWL + "inverseOf": "is the inverse of",
    OWL + "disjointWith": "has no member in common with",
    OWL + "propertyDisjointWith": "never holds together with",
    OWL + "sameAs": "is the same as",
    OWL + "differentFrom": "is another than",
    OWL + "propertyChainAxiom": "is the direct link for",
    OWL + "intersectionOf": "is what is in all of",
    OWL + "unionOf": "is what is in any of",
    OWL + "oneOf": "lists",
    OWL + "complementOf": "is all but",
    OWL + "onProperty": "speaks of",
    OWL + "someValuesFrom": "asks for some",
    OWL + "allValuesFrom": "asks for nothing but",
    OWL + "hasValue": "asks for",
}
_QUANTIFIERS = {
    OWL + "someValuesFrom": "some ",
    OWL + "allValuesFrom": "nothing but ",
    OWL + "hasValue": "",
    OWL + "maxCardinality": "at most ",
    OWL + "minCardinality": "at least ",
    OWL + "cardinality": "exactly ",
    OWL + "maxQualifiedCardinality": "at most ",
    OWL + "minQualifiedCardinality": "at least ",
    OWL + "qualifiedCardinality": "exactly ",
}
Parts = Mapping[str, Term]


def _parts(node: Term, schema: Store) -> Parts:
    if not isinstance(node, BlankNode):
        return {}
    return {terms(quad)[1].value: terms(quad)[2] for quad in schema.quads_for_pattern(node, None, None)}


def _noun(parts: Parts, schema: Store, name: Namer) -> str | None:
    """A class expression, inverse property or list as a noun; None when it is none of them."""
    if OWL + "intersectionOf" in parts:
        members = list(_list(parts[OWL + "intersectionOf"], schema))
        clauses = [_clause(_parts(member, schema), name) for member in members]
        nouns = [_bracketed(member, name) for member, clause in zip(members, clauses, strict=True) if not clause]
        said = " and ".join(clause for clause in clauses if clause)
        return f"{' and '.join(nouns) or 'thing'}{' that ' if said else ''}{said}"
    if OWL + "unionOf" in parts:
        return " or ".join(_bracketed(member, name) for member in _list(parts[OWL + "unionOf"], schema))
    if OWL + "oneOf" in parts:
        return f"one of {', '.join(name(member) for member in _list(parts[OWL + 'oneOf'], schema))}"
    if OWL + "complementOf" in parts:
        return f"thing that is no {_bracketed(parts[OWL + 'complementOf'], name)}"
    if OWL + "inverseOf" in parts:
        return f"inverse of {name(parts[OWL + 'inverseOf'])}"
    if RDF + "first" in parts:
        return ", ".join(name(member) for member in (parts[RDF + "first"], *_list(parts[RDF + "rest"], schema)))
    clause = _clause(parts, name)
    return f"thing that {clause}" if clause else None


def _clause(parts: Parts, name: Namer) -> str:
    """What a restriction asks for, as a relative clause without its pronoun."""
    quantifier = next((each for each in _QUANTIFIERS if each in parts), None)
    if OWL + "onProperty" not in parts or quantifier is None:
        return ""
    asked = parts[quantifier]
    counted = quantifier.lower().endswith("cardinality")
    what = asked.value if counted and isinstance(asked, Literal) else _bracketed(asked, name)
    of_class = f" {_bracketed(parts[OWL + 'onClass'], name)}" if OWL + "onClass" in parts else ""
    return f"{name(parts[OWL + 'onProperty'])} {_QUANTIFIERS[quantifier]}{what}{of_class}"


def _bracketed(term: Term, name: Namer) -> str:
    text = name(term)
    return f"({text})" if isinstance(term, BlankNode) and " " in text else text


def _list(node: Term, schema: Store) -> Iterator[Term]:
    seen: set[Term] = set()
    while isinstance(node, BlankNode) and node not in seen:
        seen.add(node)
        yield from (terms(quad)[2] for quad in schema.quads_for_pattern(node, _FIRST, None))
        node = next((terms(quad)[2] for quad in schema.quads_for_pattern(node, _REST, None)), node)
