"""Step 6, duplicates and doubt: what the graph says already, look-alikes of its things, readings it has rejected."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pyoxigraph as ox

from milieu.finding import Finding, Severity
from milieu.namespaces import RDF, RDFS, SKOS
from milieu.validate.case import Case
from milieu.validate.schema import local_name, space_of
from milieu.validate.texts import seen

__all__ = ["check_duplicates"]

_LABEL, _TYPE = f"{RDFS}label", f"{RDF}type"
_NAMES = frozenset({_LABEL, f"{SKOS}prefLabel", f"{SKOS}altLabel"})
_NEAR = 2.0  # km: nobody founds a second city so close to the first
_KM = 111.2  # per degree
_REJECTED = "deprecated"


def check_duplicates(case: Case) -> Iterator[Finding]:
    """Remarks on statements that are known already; warnings of look-alikes and of rejected readings."""
    for triple in case.triples:
        if case.schema.states(triple):
            # Repeating the type or label of a thing is how one says which thing is meant.
            if triple.predicate.value not in {_LABEL, _TYPE} and str(triple.subject) not in case.axioms:
                yield case.say(
                    "already-known",
                    "The graph states this already.",
                    "",
                    triple,
                    case.spot(triple),
                    severity=Severity.INFO,
                )
            continue
        if triple.predicate.value in _NAMES and isinstance(triple.object, ox.Literal):
            yield from _same_label(case, triple)
    yield from _near_by(case)
    yield from _rejected(case)


def _same_label(case: Case, triple: ox.Triple) -> Iterator[Finding]:
    if not isinstance(triple.subject, ox.NamedNode) or not isinstance(triple.object, ox.Literal):
        return
    if case.schema.knows(triple.subject.value):
        return
    subject = triple.subject.value
    like = [thing for thing in case.schema.named(seen(triple.object.value)) if space_of(thing) == space_of(subject)]
    if like:
        name = case.schema.prefixes.compact(like[0])
        located = case.locate(triple)
        yield case.say(
            "looks-like",
            f"{name} has the same label.",
            f"If it is the same thing, use {name} and leave this one out.",
            triple,
            located.object if located else None,
            severity=Severity.WARNING,
        )


def _near_by(case: Case) -> Iterator[Finding]:
    """New things at the place of an existing one of the same class."""
    latitude = next((p for p in case.schema.properties if local_name(p) == "latitude"), None)
    longitude = next((p for p in case.schema.properties if local_name(p) == "longitude"), None)
    if latitude is None or longitude is None:
        return
    for triple in case.triples:
        node = str(triple.subject)
        if triple.predicate.value != latitude or not node.startswith("<") or case.schema.knows(node[1:-1]):
            continue
        other = next((t for t in case.placed.about[node] if t.predicate.value == longitude), None)
        spot = _numbers(triple.object, other.object if other else None)
        if spot is None:
            continue
        for thing in _around(case, latitude, longitude, *spot):
            if not set(case.types(f"<{thing}>")).isdisjoint(case.types(node)):
                located = case.locate(triple)
                name = case.demands.name(f"<{thing}>")
                yield case.say(
                    "looks-like",
                    f"{name} lies at the same place.",
                    f"If it is the same thing, use {case.schema.prefixes.compact(thing)} and leave this one out.",
                    triple,
                    located.object if located else None,
                    severity=Severity.WARNING,
                )
                break


def _numbers(*terms: object) -> tuple[float, float] | None:
    try:
        north, east = (float(term.value) for term in terms)  # type: ignore[attr-defined]
    except (AttributeError, ValueError):
        return None
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 else None


def _around(case: Case, latitude: str, longitude: str, north: float, east: float) -> list[str]:
    high = _NEAR / _KM
    wide = high / max(math.cos(math.radians(north)), 0.01)
    rows = case.schema.store.query(
        f"SELECT ?thing {{ ?thing <{latitude}> ?n ; <{longitude}> ?e "
        f"FILTER(?n > {north - high:.6f} && ?n < {north + high:.6f} "
        f"&& ?e > {east - wide:.6f} && ?e < {east + wide:.6f}) }}"
    )
    return [row["thing"].value for row in rows]  # type: ignore[union-attr]


def _rejected(case: Case) -> Iterator[Finding]:
    """New statements that the graph keeps as a rejected reading: a claim of rank deprecated."""
    terms = {local_name(p): ox.NamedNode(p) for p in case.schema.properties}
    if not {"claimSubject", "claimProperty", "claimValue", "rank"} <= terms.keys():
        return
    match = case.schema.store.match
    about: dict[str, list[ox.NamedNode]] = {}
    for triple in case.triples:
        node = triple.subject
        if not isinstance(node, ox.NamedNode) or case.schema.states(triple):
            continue
        if node.value not in about:
            about[node.value] = [
                c for c, _, _ in match([(None, terms["claimSubject"], node)]) if isinstance(c, ox.NamedNode)
            ]
        for claim in about[node.value]:
            said = {(predicate, value) for _, predicate, value in match([(claim, None, None)])}
            ranks = [local_name(value.value) for predicate, value in said if predicate == terms["rank"]]
            if {
                (terms["claimProperty"], triple.predicate),
                (terms["claimValue"], triple.object),
            } <= said and _REJECTED in ranks:
                reasons = [value.value for predicate, value in said if local_name(predicate.value) == "reason"]
                located = case.locate(triple)
                yield case.say(
                    "rejected-reading",
                    f"The graph keeps this as a rejected reading, {case.schema.prefixes.compact(claim.value)}"
                    + (f": {reasons[0]}" if reasons else "."),
                    "Leave it out, or say in a claim of your own why the graph should change its mind.",
                    triple,
                    located.object if located else None,
                    severity=Severity.WARNING,
                )
