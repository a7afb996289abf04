"""Why a statement is in the graph, or what is there in its stead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from pyoxigraph import NamedNode

from milieu.explain.evidence import Claim, ClaimTerms, Evidence, claims, evidence
from milieu.explain.view import View, holds
from milieu.reason.atoms import Fact, Term
from milieu.reason.proof import Proof
from milieu.reason.wording import reason

__all__ = ["Explanation", "Status", "Step", "why"]

Status = Literal["asserted", "inferred", "absent"]
_NEAREST, _LOOKED_AT = 5, 100


@dataclass(frozen=True)
class Step:
    """A statement in a proof: asserted, with its evidence, or inferred from others by a rule.

    `reason` tells in plain words why the rule gives it, `summary` what the rule says of anything.
    """

    statement: Fact
    rule: str | None = None
    spec: str = ""
    summary: str = ""
    reason: str = ""
    premises: tuple[Step, ...] = ()
    axioms: tuple[Step, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why a statement is in the graph: the evidence of an asserted one, the proof of an inferred one.

    Of an absent statement `nearest` holds those that differ from it in one place. `claims` are the readings of the
    same fact that the graph records, whether or not it takes them for true; `notes` what else a reader should know.
    """

    statement: Fact
    status: Status
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[Claim, ...] = ()
    proof: Step | None = None
    nearest: tuple[Fact, ...] = ()
    notes: tuple[str, ...] = ()


def why(view: View, subject: Term, predicate: Term, obj: Term, names: ClaimTerms | None = None) -> Explanation:
    """Why a statement is in the graph.

    `names` are the properties of claims, when they are known already. Reads the surroundings of the statement and of
    those it follows from, never more.
    """
    fact = (subject, predicate, obj)
    asserted = holds(view, fact)
    said = claims(view, fact, names or ClaimTerms.of(view))
    if asserted:
        return Explanation(fact, "asserted", evidence(view, fact), said)
    if asserted is None:
        return Explanation(fact, "absent", (), said, None, tuple(_nearest(view, fact)), tuple(_notes(view, fact)))
    proof = view.prove(fact)
    return Explanation(fact, "inferred", (), said, step(view, proof) if proof else None)


def step(view: View, proof: Proof) -> Step:
    """A proof with the evidence of its asserted statements and its reasons in words."""
    if proof.rule is None:
        return Step(proof.conclusion, evidence=evidence(view, proof.conclusion))
    rule = view.rules[proof.rule]
    facts = [premise.conclusion for premise in proof.premises]
    return Step(
        proof.conclusion,
        rule.name,
        rule.spec,
        rule.summary,
        reason(rule, proof.values or {}, facts, view.label),
        tuple(step(view, premise) for premise in proof.premises),
        tuple(step(view, axiom) for axiom in proof.axioms),
    )


def _notes(view: View, fact: Fact) -> Iterator[str]:
    subject, predicate, obj = fact
    if subject != obj and holds(view, (obj, predicate, subject)) is not None:
        yield "The other direction is in the graph"
    for term in dict.fromkeys((subject, obj)):
        if isinstance(term, NamedNode) and not any(
            any(True for _ in view.match(*pattern)) for pattern in ((term, None, None), (None, None, term))
        ):
            yield f"The graph says nothing of {view.name(term)}"


def _nearest(view: View, fact: Fact) -> Iterator[Fact]:
    """Statements with another value, then with another property between the two, then of another thing."""
    subject, predicate, obj = fact
    if subject != obj and holds(view, (obj, predicate, subject)) is not None:
        yield obj, predicate, subject
        return
    for pattern in ((subject, predicate, None), (subject, None, obj), (obj, None, subject), (None, predicate, obj)):
        found = [near for near, _ in islice(view.match(*pattern), _LOOKED_AT)]
        if found:
            yield from sorted(found, key=lambda near: [view.name(term) for term in near])[:_NEAREST]
            return
