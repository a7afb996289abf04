"""A thing on one card: what it is called, what it is, what is said of it and what links to it, with the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from milieu.explain.evidence import Evidence, evidence
from milieu.explain.view import View, holds
from milieu.namespaces import DCTERMS, OWL, RDFS, SKOS
from milieu.reason.atoms import TYPE, Fact, Term

__all__ = ["Card", "Group", "Item", "show"]

_NAMES = (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel")
_ELSEWHERE = {*_NAMES, TYPE.value, DCTERMS + "source"}
_EVIDENCE = {OWL + "annotatedSource", OWL + "annotatedTarget", OWL + "annotatedProperty", DCTERMS + "source"}
_INVERSE, _SYMMETRIC = ox.NamedNode(OWL + "inverseOf"), ox.NamedNode(OWL + "SymmetricProperty")
_SHOWN = 20


@dataclass(frozen=True)
class Item:
    """One value, or one thing that links here; `notes` are numbers of the card's footnotes."""

    term: Term
    inferred: bool = False
    notes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Group:
    """The values of one property, or what links here by it; `more` are left out."""

    predicate: Term
    items: tuple[Item, ...]
    more: int = 0


@dataclass(frozen=True)
class Card:
    """All that a reader wants to know of a thing. `notes` is the evidence, the first being number 1."""

    thing: Term
    names: tuple[ox.Literal, ...]
    types: tuple[Item, ...]
    groups: tuple[Group, ...]
    incoming: tuple[Group, ...]
    notes: tuple[Evidence, ...]

    @property
    def known(self) -> bool:
        """Whether the graph says anything of it."""
        return bool(self.names or self.types or self.groups or self.incoming)


def show(view: View, thing: Term, *, most: int = _SHOWN) -> Card:
    """The card of a thing; of each property at most so many values, and of each link so many things."""
    notes: dict[Evidence, int] = {}
    found = list(_sorted(view, view.match(thing, None, None)))
    names = [fact[2] for fact, _ in found if _iri(fact[1]) in _NAMES]
    types = [_item(view, fact, asserted, notes, fact[2]) for fact, asserted in found if fact[1] == TYPE]
    said = [(fact, asserted) for fact, asserted in found if _iri(fact[1]) not in _ELSEWHERE]
    groups = tuple(_groups(view, said, 2, most, notes))
    told = {fact for fact, _ in found}
    linking = view.match(None, None, thing) if not isinstance(thing, ox.Literal) else iter(())
    # A thing that many others link to would otherwise take as long as they are many.
    incoming = [
        pair
        for pair in islice(linking, 50 * most)
        if _iri(pair[0][1]) not in _EVIDENCE and not any(other in told for other in _turned(view, pair[0]))
    ]
    return Card(
        thing,
        tuple(name for name in names if isinstance(name, ox.Literal)),
        tuple(types),
        groups,
        tuple(_groups(view, list(_sorted(view, incoming)), 0, most, notes)),
        tuple(notes),
    )


def _groups(
    view: View, found: Iterable[tuple[Fact, bool]], place: int, most: int, notes: dict[Evidence, int]
) -> Iterator[Group]:
    grouped: dict[Term, list[tuple[Fact, bool]]] = {}
    for fact, asserted in found:
        grouped.setdefault(fact[1], []).append((fact, asserted))
    for predicate, pairs in grouped.items():
        items = tuple(_item(view, fact, asserted, notes, fact[place]) for fact, asserted in pairs[:most])
        yield Group(predicate, items, len(pairs) - len(items))


def _item(view: View, fact: Fact, asserted: bool, notes: dict[Evidence, int], term: Term) -> Item:
    # What was asserted the other way round has its evidence there.
    facts = [fact] if asserted else [other for other in _turned(view, fact) if holds(view, other)]
    rests = [each for one in facts for each in evidence(view, one)]
    return Item(term, not asserted, tuple(sorted({notes.setdefault(each, len(notes) + 1) for each in rests})))


def _turned(view: View, fact: Fact) -> Iterator[Fact]:
    """The statements that say the same from the other end."""
    subject, predicate, obj = fact
    for (_, _, other), _ in view.match(predicate, _INVERSE, None):
        yield obj, other, subject
    for (other, _, _), _ in view.match(None, _INVERSE, predicate):
        yield obj, other, subject
    if any(True for _ in view.match(predicate, TYPE, _SYMMETRIC)):
        yield obj, predicate, subject


def _sorted(view: View, found: Iterable[tuple[Fact, bool]]) -> Iterator[tuple[Fact, bool]]:
    def order(pair: tuple[Fact, bool]) -> tuple[str, bool, str, str]:
        (subject, predicate, obj), asserted = pair
        return view.label(predicate), not asserted, view.label(obj), view.label(subject)

    yield from sorted(found, key=order)


def _iri(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
