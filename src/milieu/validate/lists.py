"""Lists: `( … )` gives its values an order that no property of the graph has a use for; each is told once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import pyoxigraph as ox

from milieu.finding import Finding, Fix
from milieu.namespaces import RDF
from milieu.validate.case import Case

__all__ = ["check_lists"]

_FIRST, _REST, _NIL = f"{RDF}first", f"{RDF}rest", f"<{RDF}nil>"
_SHOWN = 20


def check_lists(case: Case, beyond: Collection[str]) -> tuple[Case, list[Finding]]:
    """The case with the values of each list in its place, and a finding for each list.

    Those behind a predicate of `beyond` are not told: such a statement is refused whatever stands there.
    """
    if not any(t.predicate.value == _FIRST or str(t.object) == _NIL for t in case.triples):
        return case, []
    about = case.placed.about
    findings: list[Finding] = []
    gone: set[ox.Triple] = set()
    meant: dict[ox.Triple, ox.Triple] = {}
    for triple in case.triples:
        head = str(triple.object)
        if triple.predicate.value in {_FIRST, _REST}:
            continue
        if head != _NIL and not any(t.predicate.value == _FIRST for t in about.get(head, ())):
            continue
        links = list(_links(case, head))
        if triple.predicate.value in beyond:
            gone.update(links)
            continue
        values = [link for link in links if link.predicate.value == _FIRST]
        meant |= {link: ox.Triple(triple.subject, triple.predicate, link.object) for link in values}
        gone |= {triple, *links}.difference(values)
        findings.append(_told(case, triple, values))
    return Case(case.placed.instead(meant, gone), case.schema, case.demands), findings


def _links(case: Case, head: str) -> Iterator[ox.Triple]:
    """The triples that a list is made of; those that run in a ring once."""
    seen: set[str] = set()
    while head not in seen:
        seen.add(head)
        links = [t for t in case.placed.about.get(head, ()) if t.predicate.value in {_FIRST, _REST}]
        yield from links
        head = next((str(t.object) for t in links if t.predicate.value == _REST), head)


def _told(case: Case, triple: ox.Triple, links: Sequence[ox.Triple]) -> Finding:
    located = case.locate(triple)
    place = located.object if located else None
    name = case.schema.prefixes.compact(triple.predicate.value)
    named = not any(isinstance(case.placed.written(link).object, ox.BlankNode) for link in links)
    values = ", ".join(case.demands.written(str(link.object)) for link in links)
    fix = None
    if place and named and 0 < len(links) <= _SHOWN:
        fix = Fix(place, values, f"Write {values}.", safe=False)
    remedy = "Write the values with commas between them, without brackets" if links else "Leave it out"
    remedy += f": {name} {values} ." if fix else "."
    message = "Lists, ( … ), are not used here: the values of a property have no order."
    return case.say("list", message, remedy, triple, place, fix=fix)
