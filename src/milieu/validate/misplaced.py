"""A property at a thing of a class that has no such property: what to write instead."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from milieu.validate.case import Case

__all__ = ["placed_right"]


def placed_right(case: Case, focus: str, predicates: Iterable[str], kinds: Iterable[str]) -> str:
    """Advice where a node has one of these predicates, and would have to be of one of these classes (N-Triples IRIs).

    A node that cannot be of such a class as well is not told to become one: if a record of that class can link to it,
    that record is shown. Empty when the class is all that is missing.
    """
    wanted = [kind[1:-1] for kind in kinds]
    types = case.types(focus)
    compact = case.schema.prefixes.compact
    excluded = [kind for kind in wanted if any(case.schema.excludes(own, kind) for own in types)]
    if not wanted or len(excluded) < len(wanted):
        return ""
    others = f"{case.demands.compact(focus)} is a {compact(types[0])} and cannot be a {compact(wanted[0])} too: "
    names = set(predicates)
    said = next((t for t in case.placed.about.get(focus, ()) if str(t.predicate) in names), None)
    link = _link(case, types, wanted[0]) if said else None
    if said is None or link is None or link == said.predicate.value:
        return f"{others}leave it out."
    value = "[]" if isinstance(said.object, ox.BlankNode) else case.demands.written(str(said.object))
    record = (
        f"[] a {compact(wanted[0])} ; {compact(link)} {case.demands.compact(focus)} ; "
        f"{compact(said.predicate.value)} {value} ."
    )
    return f"{others}leave it out, or say it of a record: {record}"


def _link(case: Case, types: Iterable[str], kind: str) -> str | None:
    """The property of a class that leads to things of these classes, when there is just one."""
    above = {each for own in types for each in case.schema.above(own)}
    domains, ranges = case.schema.domains, case.schema.ranges
    links = [
        prop
        for prop in case.schema.object_properties
        if domains.get(prop) == kind and ranges.get(prop) in above and prop not in case.schema.turned
    ]
    return links[0] if len(links) == 1 else None
