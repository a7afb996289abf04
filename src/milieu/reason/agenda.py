"""Which jobs read which relations: what to do when a relation has new members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pyoxigraph import BlankNode, NamedNode

from milieu.namespaces import OWL
from milieu.reason.atoms import TYPE, Atom, Slot, Term
from milieu.reason.join import Job, Key, key_of
from milieu.reason.numbers import Numbers
from milieu.reason.plan import Plan

__all__ = ["Agenda"]


@dataclass
class Agenda:
    """The plans of a program as jobs, found by the relations they read (`readers`) and add to (`makers`).

    `open` are plans that hold for every predicate (those about sameness); they are spelt out for one when it is needed.
    """

    numbers: Numbers = field(default_factory=Numbers)
    jobs: list[Job] = field(default_factory=list)
    open: list[Plan] = field(default_factory=list)
    readers: dict[Key, list[tuple[Job, int]]] = field(default_factory=dict)
    makers: dict[Key | None, list[Job]] = field(default_factory=dict)
    constants: dict[int, frozenset[Key]] = field(default_factory=dict)
    spelt_out: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, plans: Iterable[Plan]) -> Agenda:
        """The agenda of these plans."""
        agenda = cls()
        for plan in plans:
            if any(isinstance(atom[1], str) for atom in plan.body):
                agenda.open.append(plan)
            else:
                agenda.enter(plan)
        return agenda

    @property
    def same(self) -> Key:
        """The relation of things that are the same."""
        return self.numbers.of(NamedNode(OWL + "sameAs")), None

    def copy(self) -> Agenda:
        """The same agenda, to which a run may add."""
        return Agenda(
            self.numbers.copy(),
            self.jobs.copy(),
            self.open,
            self.readers.copy(),
            self.makers.copy(),
            self.constants.copy(),
            self.spelt_out.copy(),
        )

    def enter(self, plan: Plan) -> None:
        """Adds a plan. The lists of a copied agenda are replaced, not added to: the original keeps its own."""
        job = Job.of(plan, self.numbers)
        self.jobs.append(job)
        for place, pattern in enumerate(job.body):
            key = _named(key_of(pattern))
            self.readers[key] = [*self.readers.get(key, ()), (job, place)]
            self._watch(key)
        if job.head:
            made = key_of(job.head)
            self.makers[made] = [*self.makers.get(made, ()), job]
            if made is not None:
                self._watch(made)

    def spell_out(self, predicate: int) -> None:
        """Adds the open plans for one predicate, once."""
        if predicate not in self.spelt_out:
            self.spelt_out.add(predicate)
            for plan in self.open:
                self.enter(_spelt(plan, self.numbers.term(predicate)))

    def is_nameless(self, key: Key) -> bool:
        """Whether a relation is that of a nameless class or property."""
        predicate, obj = key
        if isinstance(self.numbers.term(predicate), BlankNode):
            return True
        return (
            obj is not None and self.numbers.term(predicate) == TYPE and isinstance(self.numbers.term(obj), BlankNode)
        )

    def _watch(self, key: Key) -> None:
        predicate, obj = key
        if obj is not None:
            self.constants[predicate] = self.constants.get(predicate, frozenset()) | {key}


def _spelt(plan: Plan, predicate: Term) -> Plan:
    name = next(atom[1] for atom in plan.body if isinstance(atom[1], str))

    def fill(slot: Slot) -> Slot:
        return predicate if slot == name else slot

    def filled(atom: Atom) -> Atom:
        return fill(atom[0]), fill(atom[1]), fill(atom[2])

    return replace(
        plan,
        head=filled(plan.head) if plan.head else None,
        body=tuple(filled(atom) for atom in plan.body),
        filters=tuple(test.renamed({name: predicate}) for test in plan.filters),
        bindings={key: fill(slot) for key, slot in plan.bindings.items()},
    )


def _named(key: Key | None) -> Key:
    assert key is not None
    return key
