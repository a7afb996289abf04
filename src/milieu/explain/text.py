"""Explanations and cards as text for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import pyoxigraph as ox

from milieu.explain.card import Card, Group, Item
from milieu.explain.evidence import Claim, Evidence
from milieu.explain.row import RowExplanation
from milieu.explain.view import View
from milieu.explain.why import Explanation, Step
from milieu.reason.atoms import Fact, Term
from milieu.reason.wording import sentence, with_article

__all__ = ["card_text", "explanation_text", "row_text"]

_STATUS = {"asserted": "Asserted.", "inferred": "Inferred:", "absent": "Not in the graph."}


def explanation_text(explanation: Explanation, view: View) -> str:
    """An explanation as a few paragraphs: the statement, its proof as a tree, claims, evidence as footnotes."""
    notes: list[Evidence] = []
    lines = [*_explained(explanation, view, notes), *_footnotes(notes, view)]
    return "\n".join(lines) + "\n"


def row_text(explained: RowExplanation, view: View) -> str:
    """Why a row is in an answer, as text."""
    notes: list[Evidence] = []
    cells = [f"?{name} = {_name(view, term)}" for name, term in explained.row.items() if term is not None]
    lines = ["This row: " + ", ".join(cells)]
    lines += [f"Note: {note}." for note in explained.notes]
    for explanation in explained.statements:
        lines += ["", *_explained(explanation, view, notes)]
    if explained.conditions:
        lines += ["", "and these conditions hold:", *(f"  {condition}" for condition in explained.conditions)]
    return "\n".join([*lines, *_footnotes(notes, view)]) + "\n"


def card_text(card: Card, view: View, *, width: int = 100) -> str:
    """A card as text; what was inferred is marked with `*`, numbers point to the evidence at its foot."""
    spelt = [(_visible(name.value), name.language) for name in card.names]
    names = ", ".join(f"{name} ({language})" if language else name for name, language in spelt)
    lines = [_label(view, card.thing), _name(view, card.thing)]
    lines += [names] if len(card.names) > 1 else []
    if card.types:
        lines.append("is " + with_article(", ".join(_item(item, view) for item in card.types)))
    lines += _grouped(card.groups, view, width, "")
    if card.incoming:
        lines += ["", "What links here", *_grouped(card.incoming, view, width, "← ")]
    if any(item.inferred for group in (*card.groups, *card.incoming) for item in group.items):
        lines += ["", "* inferred; milieu why tells the proof"]
    return "\n".join([*lines, *_footnotes(card.notes, view)]) + "\n"


def _explained(explanation: Explanation, view: View, notes: list[Evidence]) -> Iterator[str]:
    marks = _marks(explanation.evidence, notes)
    yield f"{sentence(explanation.statement, partial(_label, view))}{marks}"
    yield "  " + _turtle(explanation.statement, view)
    yield _STATUS[explanation.status]
    if explanation.status == "asserted" and not explanation.evidence:
        yield "No source is given for it."
    if explanation.proof:
        yield from _tree(explanation.proof, view, notes)
    yield from (f"{note}." for note in explanation.notes)
    if explanation.nearest:
        yield "The nearest that is:"
        yield from (f"  {_turtle(near, view)}" for near in explanation.nearest)
    against = [claim for claim in explanation.claims if not claim.agrees]
    if against:
        yield "Others say otherwise:"
        yield from _claims(against, view, notes)
    agreeing = [claim for claim in explanation.claims if claim.agrees]
    if agreeing:
        yield "Claims that say so:"
        yield from _claims(agreeing, view, notes)


def _tree(step: Step, view: View, notes: list[Evidence], indent: str = "  ") -> Iterator[str]:
    if step.rule:
        spec = f", {step.spec}" if step.spec else ""
        yield f"{indent}because {_visible(step.reason)} ({step.rule}{spec})"
    parts = [*step.premises, *step.axioms]
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        kind = "ontology: " if part in step.axioms and part not in step.premises else ""
        marks = _marks(part.evidence, notes)
        yield f"{indent}{'└─' if last else '├─'} {kind}{sentence(part.statement, partial(_label, view))}{marks}"
        yield from _tree(part, view, notes, f"{indent}{'  ' if last else '│ '} ")


def _claims(claims: Iterable[Claim], view: View, notes: list[Evidence]) -> Iterator[str]:
    for claim in claims:
        said = "; ".join(f"{_label(view, predicate)} {_plain(value, view)}" for predicate, value in claim.details)
        yield f"  {_plain(claim.value, view)}, says {_name(view, claim.node)}{_marks(claim.evidence, notes)}"
        if said:
            yield f"    {said}"


def _footnotes(notes: Sequence[Evidence], view: View) -> Iterator[str]:
    if notes:
        yield ""
    for number, note in enumerate(notes, 1):
        said = "; ".join(f"{_label(view, predicate)} {_plain(value, view)}" for predicate, value in note.details)
        name = _name(view, note.node) if isinstance(note.node, ox.NamedNode) else _plain(note.node, view)
        label = _label(view, note.node)
        shown = f"{label} ({name})" if label not in (name, "something") else name
        yield f"[{number}] {shown}{': ' if said else ''}{said}"


def _marks(evidence: Iterable[Evidence], notes: list[Evidence]) -> str:
    numbers = []
    for each in evidence:
        if each not in notes:
            notes.append(each)
        numbers.append(notes.index(each) + 1)
    return "".join(f" [{number}]" for number in sorted(numbers))


def _turtle(fact: Fact, view: View) -> str:
    subject, predicate, obj = (_name(view, term) for term in fact)
    return f"{subject} {'a' if predicate == 'rdf:type' else predicate} {obj} ."


def _label(view: View, term: Term) -> str:
    return _visible(view.label(term))


def _name(view: View, term: Term) -> str:
    return _visible(view.name(term))


def _visible(text: str) -> str:
    # A terminal would obey them; and what turns the direction of writing makes a text look like another.
    return re.sub(
        r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", lambda match: f"\\u{ord(match[0]):04X}", text
    )


def _plain(term: Term, view: View) -> str:
    return _label(view, term)


def _item(item: Item, view: View) -> str:
    marks = "".join(f"[{number}]" for number in item.notes)
    return f"{_plain(item.term, view)}{'*' if item.inferred else ''}{' ' if marks else ''}{marks}"


def _grouped(groups: Sequence[Group], view: View, width: int, arrow: str) -> Iterator[str]:
    import textwrap

    heads = [f"{arrow}{_label(view, group.predicate)}" for group in groups]
    column = min(max(map(len, heads), default=0), 28) + 2
    for head, group in zip(heads, groups, strict=True):
        items = "; ".join(_item(item, view) for item in group.items) + (
            f"; and {group.more} more" if group.more else ""
        )
        yield from textwrap.wrap(
            items,
            max(width, column + 30),
            initial_indent=f"  {head}".ljust(column + 2),
            subsequent_indent=" " * (column + 2),
            break_long_words=False,
            break_on_hyphens=False,
        )
