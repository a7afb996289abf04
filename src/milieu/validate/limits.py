"""What is set aside before anything judges it: terms and chains that would cost more than they can say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from milieu.finding import Finding
from milieu.namespaces import RDF, XSD
from milieu.validate.case import Case

__all__ = ["check_limits", "check_links"]

LONGEST_IRI = 1000
LONGEST_TAG = 35
"""As long as BCP 47 (section 4.4) asks software to allow."""
DEEPEST = 100
"""How many things one contribution may string together by a transitive property: all pairs follow from them."""

LINKS = frozenset({"http", "https", "mailto", "urn"})
"""Where an address may lead; others run in the browser of who follows them, or look into their files."""
_ADDRESS = f"{XSD}anyURI"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")

_MARKUP = frozenset({f"{RDF}HTML", f"{RDF}XMLLiteral", f"{RDF}JSON"})


def check_limits(case: Case) -> Iterator[Finding]:
    """Findings for triples that nothing should look at further."""
    for triple in case.triples:
        reason = _reason(triple)
        if reason:
            yield case.say(*reason, triple, case.spot(triple))
    yield from _chains(case)


def check_links(case: Case) -> Iterator[Finding]:
    """Findings for addresses that lead elsewhere than `LINKS`."""
    for triple in case.triples:
        value = triple.object
        if isinstance(value, ox.NamedNode) or (isinstance(value, ox.Literal) and value.datatype.value == _ADDRESS):
            scheme = _SCHEME.match(value.value.strip())
            if scheme and scheme[1].lower() not in LINKS:
                message = f"An address that begins with {scheme[1]}: is not kept."
                remedy = "Give one that begins with https:, http:, urn: or mailto:, or leave it out."
                located = case.locate(triple)
                yield case.say("unsafe-link", message, remedy, triple, located.object if located else None)


def _reason(triple: ox.Triple) -> tuple[str, str, str] | None:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode) and len(term.value) > LONGEST_IRI:
            return "too-long", f"An IRI here has {len(term.value):,} characters.", "Give the thing a shorter name."
    value = triple.object
    if isinstance(value, ox.Literal):
        if value.datatype.value in _MARKUP:
            name = value.datatype.value.removeprefix(RDF)
            return "markup", f"This is a text in markup (rdf:{name}).", "Write a plain text with its language."
        if value.language and len(value.language) > LONGEST_TAG:
            return (
                "too-long",
                f"The language tag here has {len(value.language):,} characters.",
                "Write one such as @en.",
            )
    return None


def _chains(case: Case) -> Iterator[Finding]:
    """A finding for every statement of a chain, or ring, of a transitive property that is too long."""
    for prop in case.schema.transitive:
        onward: dict[str, list[ox.Triple]] = {}
        for triple in case.triples:
            if triple.predicate.value == prop and not isinstance(triple.object, ox.Literal):
                onward.setdefault(str(triple.subject), []).append(triple)
        if len(onward) <= DEEPEST:
            continue
        if _depth(onward) > DEEPEST:
            name = case.schema.prefixes.compact(prop)
            for triple in (each for triples in onward.values() for each in triples):
                yield case.say(
                    "too-deep",
                    f"{name} strings together more than {DEEPEST} things, or runs in a ring.",
                    f"Say of each thing only what it is next to, and hand in at most {DEEPEST} in a row.",
                    triple,
                    case.spot(triple),
                )


def _depth(onward: dict[str, list[ox.Triple]]) -> int:
    """How long the longest way is; more than `DEEPEST` for a ring."""
    waiting = dict.fromkeys(onward, 0)
    for triples in onward.values():
        for triple in triples:
            if str(triple.object) in waiting:
                waiting[str(triple.object)] += 1
    layer = [node for node, count in waiting.items() if count == 0]
    depth, seen = 0, 0
    while layer:
        depth += 1
        seen += len(layer)
        following = []
        for node in layer:
            for triple in onward[node]:
                after = str(triple.object)
                if after in waiting:
                    waiting[after] -= 1
                    if waiting[after] == 0:
                        following.append(after)
        layer = following
    return depth if seen == len(onward) else DEEPEST + 1
