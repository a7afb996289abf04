"""Repair: the fixes that leave no doubt, made in the contributor's own text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from milieu.finding import Fix
from milieu.turtle.fix import apply
from milieu.validate.contribution import Contribution
from milieu.validate.whole import Base

if TYPE_CHECKING:
    from milieu.folder import Folder

__all__ = ["Repaired", "repair"]

_ROUNDS = 10  # a fix can uncover another; nobody's file needs more


@dataclass(frozen=True)
class Repaired:
    """A contribution with its safe fixes made, and how many these were."""

    contribution: Contribution
    made: int


def repair(folder: Folder, build: Base, contribution: Contribution, others: Iterable[Contribution] = ()) -> Repaired:
    """The contribution with every safe fix made; whatever no fix touches stays byte for byte.

    Of two fixes in one place one is made, and the other when the text is judged again. Texts that are not UTF-8, and
    formats other than Turtle and N-Triples, stay as they are.
    """
    from milieu.validate.gate import validate

    others = list(others)
    made = 0
    for _ in range(_ROUNDS):
        try:
            text = contribution.content.decode()
        except UnicodeDecodeError:
            break
        report = validate(folder, build, [contribution, *others])
        fixes = _apart(
            finding.fix
            for finding in report
            if finding.fix and finding.fix.safe and finding.fix.place.file == contribution.name
        )
        if not fixes or contribution.format not in ("turtle", "ntriples"):
            break
        changed = apply(text, fixes).encode()
        if changed == contribution.content:
            break
        contribution = replace(contribution, content=changed)
        made += len(fixes)
    return Repaired(contribution, made)


def _apart(fixes: Iterable[Fix]) -> list[Fix]:
    """Those fixes, in the order of the text, that do not touch one before them."""
    chosen: list[Fix] = []
    end = (0, 0)
    for fix in sorted(dict.fromkeys(fixes), key=lambda one: (one.place, one.text)):
        start = (fix.place.line, fix.place.column)
        if start >= end:
            chosen.append(fix)
            end = max(start, (fix.place.end_line, fix.place.end_column))
    return chosen
