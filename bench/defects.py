"""Seeded defects in valid contributions: how many the gate finds, and how many at the exact place."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import measure
import milieu
from milieu.finding import Finding, Severity
from mutators import MUTATORS, Defect, Text

HERE = Path(__file__).parent
HOW_MANY = 200
SEED = 20261120


def defects(originals: dict[str, str]) -> list[tuple[str, str, Defect]]:
    """So many defects, each mutator in turn, each in a contribution of its choice."""
    chance = random.Random(SEED)
    found: list[tuple[str, str, Defect]] = []
    names = list(MUTATORS)
    turn = 0
    while len(found) < HOW_MANY:
        name = names[turn % len(names)]
        turn += 1
        for file in chance.sample(sorted(originals), len(originals)):
            defect = MUTATORS[name](Text(originals[file]), chance)
            if defect and defect.text != originals[file]:
                found.append((name, file, defect))
                break
    return found


def points_at(finding: Finding, defect: Defect) -> bool:
    """Whether a finding stands exactly where the mistake is."""
    place = finding.place
    return place is not None and any(
        (place.line, place.column) == (line, start) and (place.end_line, place.end_column) == (line, end)
        for line, start, end in defect.places
    )


def main() -> None:
    """Measure and record; with --misses, print what was not found or not pointed at."""
    kg = milieu.open()
    originals = {path.stem: path.read_text(encoding="utf-8") for path in sorted((HERE / "contributions").glob("*.ttl"))}
    untouched = sum(len(kg.validate(text)) for text in originals.values())
    found, exact, more = 0, 0, Counter[int]()
    missed: Counter[str] = Counter()
    cases = defects(originals)
    for name, file, defect in cases:
        findings = [one for one in kg.validate(defect.text) if one.severity >= Severity.WARNING]
        hit = bool(findings)
        at = any(points_at(one, defect) for one in findings)
        found, exact = found + hit, exact + at
        more[len(findings)] += 1
        if not at:
            missed[name] += 1
            if "--misses" in sys.argv:
                print(f"{'EXACT' if hit else 'FOUND'}? {name} in {file}: {defect.what} at {defect.places}")
                for one in findings:
                    print(f"      {one.place} {one.code} {one.message[:110]}")
    one_finding = more[1] * 100 / len(cases)
    row = (
        f"| {len(cases)}, of {len(MUTATORS)} kinds "
        f"| {found * 100 / len(cases):.1f} % | {exact * 100 / len(cases):.1f} % "
        f"| {one_finding:.0f} % | {untouched} |"
    )
    rows = [
        "| defects | found | at the exact place | told in a single finding | findings on the untouched originals |",
        "| --- | --- | --- | --- | --- |",
        row,
    ]
    if missed:
        rows += [
            "",
            f"Not at the exact place: {', '.join(f'{name} ({count})' for name, count in missed.most_common())}.",
        ]
    measure.record("defects", "\n".join(rows))


if __name__ == "__main__":
    main()
