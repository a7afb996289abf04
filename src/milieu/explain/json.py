"""Explanations and cards as JSON: terms in N-Triples syntax, with what people call them beside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from milieu.explain.card import Card, Group
from milieu.explain.evidence import Claim, Evidence
from milieu.explain.row import RowExplanation
from milieu.explain.view import View
from milieu.explain.why import Explanation, Step
from milieu.reason.atoms import Fact, Term

__all__ = ["card_json", "explanation_json", "row_json"]


def explanation_json(explanation: Explanation, view: View) -> str:
    """An explanation; keys that have nothing to say are left out."""
    return _text(_explanation(explanation, view))


def row_json(explained: RowExplanation, view: View) -> str:
    """Why a row is in an answer."""
    row = {name: _term(term, view) for name, term in explained.row.items() if term is not None}
    statements = [_explanation(explanation, view) for explanation in explained.statements]
    return _text(
        {
            "row": row,
            "statements": statements,
            "conditions": list(explained.conditions),
            "notes": list(explained.notes),
            "ways": explained.ways,
        }
    )


def card_json(card: Card, view: View) -> str:
    """A card; `notes` are numbered from 1."""
    return _text(
        {
            "thing": _term(card.thing, view),
            "names": [{"value": name.value, "language": name.language} for name in card.names],
            "types": [{**_term(item.term, view), "inferred": item.inferred} for item in card.types],
            "statements": _groups(card.groups, view),
            "incoming": _groups(card.incoming, view),
            "notes": [_evidence(note, view) for note in card.notes],
        }
    )


def _text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _groups(groups: Sequence[Group], view: View) -> list[dict[str, Any]]:
    return [
        {
            "property": _term(group.predicate, view),
            "items": [
                {**_term(item.term, view), "inferred": item.inferred, "notes": list(item.notes)} for item in group.items
            ],
            "more": group.more,
        }
        for group in groups
    ]


def _explanation(explanation: Explanation, view: View) -> dict[str, Any]:
    return _filled(
        {
            "statement": _statement(explanation.statement, view),
            "status": explanation.status,
            "evidence": [_evidence(each, view) for each in explanation.evidence],
            "claims": [_claim(each, view) for each in explanation.claims],
            "proof": _step(explanation.proof, view) if explanation.proof else None,
            "nearest": [_statement(each, view) for each in explanation.nearest],
            "notes": list(explanation.notes),
        }
    )


def _step(step: Step, view: View) -> dict[str, Any]:
    return _filled(
        {
            "statement": _statement(step.statement, view),
            "rule": step.rule,
            "spec": step.spec,
            "summary": step.summary,
            "reason": step.reason,
            "premises": [_step(premise, view) for premise in step.premises],
            "axioms": [_step(axiom, view) for axiom in step.axioms],
            "evidence": [_evidence(each, view) for each in step.evidence],
        }
    )


def _evidence(evidence: Evidence, view: View) -> dict[str, Any]:
    return {**_term(evidence.node, view), "own": evidence.own, "details": _details(evidence.details, view)}


def _claim(claim: Claim, view: View) -> dict[str, Any]:
    return {
        **_term(claim.node, view),
        "value": _term(claim.value, view),
        "agrees": claim.agrees,
        "details": _details(claim.details, view),
        "evidence": [_evidence(each, view) for each in claim.evidence],
    }


def _details(details: Sequence[tuple[Term, Term]], view: View) -> list[dict[str, Any]]:
    return [{"property": _term(predicate, view), "value": _term(value, view)} for predicate, value in details]


def _statement(fact: Fact, view: View) -> dict[str, Any]:
    return dict(zip(("subject", "predicate", "object"), (_term(term, view) for term in fact), strict=True))


def _term(term: Term, view: View) -> dict[str, Any]:
    return {"term": str(term), "label": view.label(term)}


def _filled(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value not in (None, "", [])}
