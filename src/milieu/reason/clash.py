"""Contradictions, as findings with their proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Triple

from milieu.finding import Finding, Severity
from milieu.reason.atoms import Fact, Term, terms
from milieu.reason.plan import Plan
from milieu.reason.proof import Proof, Prover
from milieu.reason.wording import Namer, described, local_name, reason, sentence

__all__ = ["Clash"]


@dataclass(frozen=True)
class Clash:
    """Statements that cannot all be true, and the plan that says so; `values` are those of the plan's variables."""

    plan: Plan
    premises: tuple[Fact, ...]
    values: Mapping[str, Term]
    prover: Prover = field(repr=False, compare=False)
    name: Namer = field(default=local_name, repr=False, compare=False)

    @property
    def rule(self) -> str:
        """The name of the rule, such as `disjoint-classes`."""
        return self.plan.rule

    @property
    def spec(self) -> str:
        """What OWL 2 calls the rule, such as `cax-dw`."""
        return self.prover.program.rules[self.rule].spec

    @cached_property
    def proof(self) -> Proof | None:
        """The premises with their own proofs, down to asserted statements."""
        return self.prover.step(self.plan, self.premises, self.values)

    @property
    def asserted(self) -> tuple[Triple, ...]:
        """The asserted statements about things of which one must be wrong."""
        return tuple(self.proof.asserted()) if self.proof else ()

    def finding(self, name: Namer | None = None) -> Finding:
        """The clash as a violation, its code `clash:` and the rule, its message the proof in words.

        `name` tells what to call a term; without it, the label that the graph gives it, or the last part of its IRI.
        """
        program = self.prover.program
        name = described(program.schema, name or self.name)
        rule = program.rules[self.rule]
        values = self.proof.values if self.proof and self.proof.values else self.values
        steps = list(_steps(self.proof, self.prover, name)) if self.proof else []
        first = self.premises[0]
        statements = "; ".join(sentence(terms(triple), name) for triple in self.asserted)
        return Finding(
            Severity.VIOLATION,
            f"clash:{self.rule}",
            ". ".join(_capital(text) for text in (reason(rule, values, self.premises, name), *steps)) + ".",
            f"One of these statements must be wrong: {statements}." if statements else "Mend the ontology.",
            focus=str(first[0]),
            path=str(first[1]),
            value=str(first[2]),
        )


def _steps(proof: Proof, prover: Prover, name: Namer) -> Iterator[str]:
    """Each inferred premise with the reason for it, the nearest first."""
    level = list(proof.premises)
    told = set()
    while level:
        for step in level:
            if step.rule and step.conclusion not in told:
                told.add(step.conclusion)
                why = reason(
                    prover.program.rules[step.rule], step.values or {}, [p.conclusion for p in step.premises], name
                )
                yield f"{sentence(step.conclusion, name)}, because {why}"
        level = [premise for step in level for premise in step.premises]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
