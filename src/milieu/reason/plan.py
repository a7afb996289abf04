"""A rule applied to one axiom: what is left to join is about things alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Triple

from milieu.reason.atoms import TYPE, Atom, Slot, variables
from milieu.reason.filters import Filter

__all__ = ["Plan", "is_nameless", "needed"]


@dataclass(frozen=True)
class Plan:
    """What follows (`head`; None for a clash) when all of `body` holds and all `filters` are true.

    `axioms` are the statements about the ontology that it rests on; `bindings` tells what the variables of the rule
    stand for: terms, or variables of the plan.
    """

    rule: str
    head: Atom | None
    body: tuple[Atom, ...]
    filters: tuple[Filter, ...]
    axioms: tuple[Triple, ...]
    bindings: Mapping[str, Slot]


def is_nameless(atom: Atom) -> bool:
    """Whether a pattern speaks of a class or property that has no name, such as "has some milieu".

    Rules treat it as if it had one; in RDF it is a blank node. What is found of it never reaches the graph.

    >>> is_nameless(("x", TYPE, BlankNode("b")))
    True
    """
    return isinstance(atom[1], BlankNode) or (atom[1] == TYPE and isinstance(atom[2], BlankNode))


def needed(plans: Iterable[Plan], depths: Mapping[Triple, int]) -> tuple[Plan, ...]:
    """The plans without which something would be missed.

    Of equal plans that stays whose axioms take the fewest steps to prove, then that with the fewest axioms. A plan with
    one condition that rests on inferred axioms goes when two others give the same one after the other: from a city to a
    topic by way of place. What is left does the same work once instead of many times, and its proofs rest on what the
    ontology says itself.

    `depths` tells of each inferred axiom how many steps its proof takes.
    """
    kept: dict[object, Plan] = {}

    def order(plan: Plan) -> tuple[int, int, str]:
        deepest = max((depths.get(axiom, 0) for axiom in plan.axioms), default=0)
        return deepest, len(plan.axioms), plan.rule

    for plan in sorted(plans, key=order):
        body, head = _canonical(plan)
        meaning = ("" if plan.head else plan.rule, body, head, frozenset(plan.filters))
        kept.setdefault(meaning, plan)
    steps: dict[Atom, dict[Atom, Plan]] = {}
    for plan in kept.values():
        body, head = _canonical(plan)
        if head and len(body) == 1 and not plan.filters:
            steps.setdefault(body[0], {})[head] = plan
    gone = set()
    for start, ends in steps.items():
        for end, plan in list(ends.items()):
            if any(axiom in depths for axiom in plan.axioms) and _leads(steps, start, end):
                del ends[end]
                gone.add(id(plan))
    return tuple(plan for plan in kept.values() if id(plan) not in gone)


def _leads(steps: Mapping[Atom, Mapping[Atom, Plan]], start: Atom, end: Atom) -> bool:
    """Whether two plans, neither of which goes straight from start to end, lead there."""
    for middle in steps[start]:
        names = _names([middle])
        body = _renamed(middle, names)
        if end not in (middle, start) and body != start:
            back = {new: old for old, new in names.items()}
            if any(_renamed(further, back) == end for further in steps.get(body, ())):
                return True
    return False


def _canonical(plan: Plan) -> tuple[tuple[Atom, ...], Atom | None]:
    """Body and head with variables named by their order."""
    names = _names([*plan.body, *([plan.head] if plan.head else [])])
    return tuple(_renamed(atom, names) for atom in plan.body), _renamed(plan.head, names) if plan.head else None


def _names(atoms: Iterable[Atom]) -> dict[str, str]:
    found = dict.fromkeys(name for atom in atoms for name in variables(atom))
    return {name: f"v{number}" for number, name in enumerate(found)}


def _renamed(atom: Atom, names: Mapping[str, str]) -> Atom:
    subject, predicate, obj = (names.get(slot, slot) if isinstance(slot, str) else slot for slot in atom)
    return subject, predicate, obj
