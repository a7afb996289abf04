"""Incremental validation gives what full validation would."""

from __future__ import annotations

from collections import Counter

import pytest

from milieu.validate.fragment import SetView
from milieu.validate.incremental import validate_change
from milieu.validate.shapes import compile_shapes
from validate.oracle import Oracle, Pairs
from validate.strategies import Case, case, triples

COMPONENTS = {
    *(f"<http://www.w3.org/ns/shacl#{name}ConstraintComponent>" for name in (
        "And", "Class", "Closed", "Datatype", "Disjoint", "Equals", "HasValue", "In", "LanguageIn", "LessThan",
        "LessThanOrEquals", "MaxCount", "MaxExclusive", "MaxInclusive", "MaxLength", "MinCount", "MinExclusive",
        "MinInclusive", "MinLength", "Node", "NodeKind", "Not", "Or", "Pattern", "QualifiedMaxCount",
        "QualifiedMinCount", "SPARQL", "UniqueLang", "Xone",
    )),
    "<https://example.org/Forbids>",
    "<https://example.org/Needs>",
}  # fmt: skip
PATHS = {"inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne", "( "}


class Tally:
    """What the cases that were tried came to."""

    def __init__(self) -> None:
        self.cases = 0
        self.changed = 0
        self.spared = 0
        self.in_full = 0
        self.components: set[str] = set()
        self.paths: set[str] = set()


def faults(pairs: Pairs) -> Pairs:
    """The pairs of shape and focus node that have results."""
    return {pair: results for pair, results in pairs.items() if results}


def hold_equality(case: Case, tally: Tally) -> None:
    """Full validation before, less what is affected, plus the incremental results, is full validation after."""
    oracle = Oracle(case.shapes)
    before, after = oracle.judge(triples(case.before)), oracle.judge(triples(case.after))
    compiled = compile_shapes([("shapes.ttl", case.shapes.encode())])
    found = validate_change(
        SetView(triples(case.before)), compiled, triples(case.added), triples(case.removed), engine="both"
    )
    tally.cases += 1
    tally.changed += faults(before) != faults(after)
    tally.in_full += None in found.affected.values()
    tally.components |= {key[4] for results in after.values() for key in results}
    tally.paths |= {
        kind for kind in PATHS if f"sh:path [ sh:{kind}Path" in case.shapes or f"sh:path {kind}" in case.shapes
    }

    def is_affected(pair: tuple[str, str]) -> bool:
        nodes = found.affected.get(pair[0], frozenset())
        return nodes is None or pair[1] in nodes

    tally.spared += not all(is_affected(pair) for pair in after)
    kept = {pair: results for pair, results in before.items() if not is_affected(pair)}
    assert kept == {pair: results for pair, results in after.items() if not is_affected(pair)}

    expected = sum((results for pair, results in after.items() if is_affected(pair)), Counter())
    assert expected == Counter(result.key for result in found.results)

    assert [f.message for f in found.findings if f.code == "engines-disagree"] == []
    assert set(compiled.unbounded) >= {finding.shape for finding in found.findings if finding.code == "shape-in-full"}


def smallest(failing: Case) -> Case:
    """A case as small as it gets that still fails."""
    for smaller in failing.smaller():
        try:
            hold_equality(smaller, Tally())
        except AssertionError:
            return smallest(smaller)
    return failing


def try_cases(count: int) -> Tally:
    tally = Tally()
    for seed in range(count):
        try:
            hold_equality(case(seed), tally)
        except AssertionError:
            hold_equality(smallest(case(seed)), Tally())
            raise
    return tally


def test_incremental_results_are_those_of_full_validation() -> None:
    tally = try_cases(500)

    assert tally.cases >= 500
    assert tally.changed >= 0.3 * tally.cases
    # Neither "everything is affected" nor "everything in full" would do.
    assert tally.spared >= 0.3 * tally.cases
    assert 0 < tally.in_full <= 0.5 * tally.cases
    assert tally.components == COMPONENTS
    assert tally.paths == PATHS


@pytest.mark.long
def test_incremental_results_are_those_of_full_validation_in_twenty_thousand_cases() -> None:
    tally = try_cases(20_000)

    assert tally.cases >= 20_000
    assert tally.changed >= 0.3 * tally.cases
