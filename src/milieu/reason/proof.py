"""Why a statement holds: the rules run backwards from it.

Nothing about the ways to a statement is stored. A rule that could have given it is looked for by its head; its
conditions are then joined from there, so that only the surroundings of the statement are read, however large the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from pyoxigraph import NamedNode, Triple

from milieu.namespaces import OWL
from milieu.reason.agenda import Agenda
from milieu.reason.atoms import TYPE, Fact, Term, is_schema, statement, terms
from milieu.reason.join import Columns, Facts, Job, Tuple, searched, value
from milieu.reason.plan import Plan
from milieu.reason.program import Program

__all__ = ["Proof", "Prover"]

_MOST_ROWS = 64
_DEEPEST = 32
_SAME = NamedNode(OWL + "sameAs")


@dataclass(frozen=True)
class Proof:
    """Why something holds. Without a `rule` it was asserted; else it follows from `premises` and `axioms`.

    `values` tells what the variables of the rule stand for. No statement occurs in its own proof.
    """

    conclusion: Fact
    rule: str | None = None
    premises: tuple[Proof, ...] = ()
    axioms: tuple[Proof, ...] = ()
    values: Mapping[str, Term] | None = None

    @cached_property
    def size(self) -> int:
        """How many statements it takes, each counted once."""
        return len(self.statements)

    @cached_property
    def statements(self) -> frozenset[Fact]:
        """All statements of the tree."""
        return frozenset({self.conclusion}).union(*(proof.statements for proof in (*self.premises, *self.axioms)))

    @cached_property
    def depth(self) -> int:
        """How many rules stand between the conclusion and the farthest asserted statement."""
        if self.rule is None:
            return 0
        return 1 + max((proof.depth for proof in (*self.premises, *self.axioms)), default=0)

    def asserted(self) -> Iterator[Triple]:
        """The asserted statements about things on which the conclusion rests, each once."""
        yield from dict.fromkeys(statement(*fact) for fact in self._leaves())

    def _leaves(self) -> Iterator[Fact]:
        if self.rule is None:
            yield self.conclusion
        for premise in self.premises:
            yield from premise._leaves()  # noqa: SLF001 (its own kind)


class Prover:
    """Finds proofs over some facts: the shallowest, and of these, step by step, the one with the fewest statements.

    What follows about the ontology counts as a step like any other.

    At most 64 ways of meeting the conditions of one rule are looked at; asserted statements come first among them.
    """

    def __init__(self, program: Program, agenda: Agenda, facts: Facts, is_asserted: Callable[[Triple], bool]) -> None:
        self.program = program
        self._agenda = agenda
        self._facts = facts
        self._is_asserted = is_asserted
        self._known: dict[tuple[Fact, int], Proof | None] = {}
        self._best: dict[Fact, Proof] = {}

    def prove(self, fact: Triple | Fact) -> Proof | None:
        """Why a statement holds; None when no rule gives it."""
        fact = terms(fact) if isinstance(fact, Triple) else fact
        for depth in range(_DEEPEST):
            if fact not in self._best and (found := self._within(fact, depth)):
                self._best[fact] = found
        return self._best.get(fact)

    def step(self, plan: Plan, premises: Iterable[Fact], values: Mapping[str, Term]) -> Proof | None:
        """The proof whose last step is this plan, for a conclusion that is no statement (a clash)."""
        proofs = [self.prove(premise) for premise in premises]
        if any(proof is None for proof in proofs):
            return None
        known = tuple(proof for proof in proofs if proof)
        return Proof(known[0].conclusion, plan.rule, known, self._axioms(plan), _values(plan, values))

    def _within(self, fact: Fact, depth: int) -> Proof | None:
        """The smallest proof that is at most so deep. A smallest one never needs what it proves."""
        if self._holds(fact):
            return Proof(fact)
        if self._reasons(fact):
            return self._axiom_within(fact, depth)
        if depth and (fact, depth) not in self._known:
            self._known[fact, depth] = min(self._ways(fact, depth), key=_order, default=None)
        return self._known.get((fact, depth))

    def _holds(self, fact: Fact) -> bool:
        return isinstance(fact[1], NamedNode) and self._is_asserted(statement(*fact))

    def _reasons(self, fact: Fact) -> Sequence[Plan]:
        return self.program.reasons.get(statement(*fact), ()) if is_schema(*fact[1:]) else ()

    def _ways(self, fact: Fact, depth: int) -> Iterator[Proof]:
        for job, known, row in self._matches(fact):
            axioms = tuple(self._axiom_within(terms(axiom), depth - 1) for axiom in job.plan.axioms)
            proved = tuple(axiom for axiom in axioms if axiom)
            if len(proved) < len(axioms):
                continue
            columns, rows = searched(job.body, job.plan.filters, self._facts, known, row)
            for found in islice(rows, _MOST_ROWS):
                premises = self._premises(job, columns, found, depth - 1)
                if premises is not None:
                    values = {name: self._agenda.numbers.term(found[place]) for name, place in columns.items()}
                    yield Proof(fact, job.plan.rule, premises, proved, _values(job.plan, values))

    def _premises(self, job: Job, columns: Columns, row: Tuple, depth: int) -> tuple[Proof, ...] | None:
        term = self._agenda.numbers.term
        proofs = []
        for pattern in job.body:
            subject, predicate, obj = (term(value(place, columns, row)) for place in pattern)
            proof = self._within((subject, predicate, obj), depth)
            if proof is None:
                return None
            proofs.append(proof)
        return tuple(proofs)

    def _matches(self, fact: Fact) -> Iterator[tuple[Job, Columns, Tuple]]:
        """The jobs whose head can be this statement, with what that says of their variables."""
        numbers = self._agenda.numbers
        subject, predicate, obj = (numbers.of(term) for term in fact)
        if any(True for _ in self._facts[numbers.of(_SAME), None]):
            self._agenda.spell_out(predicate)
            for other in list(self._facts[numbers.of(_SAME), None].subjects(predicate)):
                self._agenda.spell_out(other)
        makers = self._agenda.makers
        for job in [*makers.get((predicate, obj), ()), *makers.get((predicate, None), ()), *makers.get(None, ())]:
            assert job.head is not None
            columns: Columns = {}
            row: Tuple = ()
            fits = True
            for place, number in zip(job.head, (subject, predicate, obj), strict=True):
                if not isinstance(place, str):
                    fits = fits and place == number
                elif place in columns:
                    fits = fits and row[columns[place]] == number
                else:
                    columns[place] = len(columns)
                    row += (number,)
            if fits:
                yield job, columns, row

    def _axioms(self, plan: Plan) -> tuple[Proof, ...]:
        return tuple(self._of_axiom(terms(axiom)) for axiom in plan.axioms)

    def _of_axiom(self, axiom: Fact) -> Proof:
        """The smallest proof of a statement about the ontology."""
        for depth in range(_DEEPEST):
            if axiom not in self._best and (found := self._axiom_within(axiom, depth)):
                self._best[axiom] = found
        return self._best.get(axiom) or Proof(axiom)

    def _axiom_within(self, axiom: Fact, depth: int) -> Proof | None:
        reasons = self._reasons(axiom)
        if self._holds(axiom) or not reasons:
            return Proof(axiom)
        if depth and (axiom, depth) not in self._known:
            ways = []
            for plan in reasons:
                proofs = [self._axiom_within(terms(other), depth - 1) for other in plan.axioms]
                if all(proofs):
                    known = tuple(proof for proof in proofs if proof)
                    ways.append(Proof(axiom, plan.rule, (), known, _values(plan, {})))
            self._known[axiom, depth] = min(ways, key=_order, default=None)
        return self._known.get((axiom, depth))


def _order(proof: Proof) -> tuple[int, int, str, list[str]]:
    # Of proofs of one size: that something is a city says more plainly what it is than that it has a mayor. Then any
    # order will do that is always the same.
    leaves = list(proof.asserted())
    links = sum(triple.predicate != TYPE for triple in leaves)
    return proof.size, links, proof.rule or "", [str(triple) for triple in leaves]


def _values(plan: Plan, values: Mapping[str, Term]) -> Mapping[str, Term]:
    """What the variables of a plan's rule stand for, given those of the plan."""
    found: dict[str, Term] = {}
    for name, slot in plan.bindings.items():
        term = values.get(slot) if isinstance(slot, str) else slot
        if term is not None:
            found[name] = term
    return found
