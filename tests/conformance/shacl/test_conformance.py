"""The W3C's SHACL suite, core and SPARQL, through Milieu's own validation."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from conformance.page import told
from conformance.shacl.manifest import Case, cases, suite, text
from milieu.errors import FolderError
from milieu.validate.engine import Result
from milieu.validate.incremental import Judges, validate_full
from milieu.validate.shapes import compile_shapes
from validate.strategies import Case as Change
from validate.test_incremental import Tally, hold_equality

TOP = suite()
CASES = cases(TOP) if TOP else []
pytestmark = pytest.mark.skipif(
    TOP is None and not os.environ.get("MILIEU_REQUIRE_ALL"), reason="the W3C suites are not beside the checkout"
)

FAILING: dict[tuple[Judges, str], str] = {
    ("pyshacl", "sparql/pre-binding/shapesGraph-001"): "pySHACL has no $shapesGraph, which SHACL leaves optional",
}
"""What fails, by who judges, and why: nothing by default, nor when both engines do."""

NO_ORACLE = {
    "core/property/uniqueLang-002": 'pySHACL by itself takes a "1" for true',
    "sparql/node/prefixes-001": "pySHACL by itself does not follow the imports of prefixes",
    "sparql/pre-binding/shapesGraph-001": "pySHACL has no $shapesGraph",
}
"""Where pySHACL cannot say what full validation should."""


def judged(case: Case, engine: Judges) -> str | None:
    """What is wrong with our answer to a case; None when nothing is."""
    try:
        shapes = compile_shapes([(case.shapes.name, text(case.shapes))])
        told = validate_full(text(case.data), shapes, engine=engine)
    except FolderError as fault:
        return None if case.expected is None else str(fault)
    if case.expected is None:
        return "the shapes should have been refused"
    if any(finding.code == "engines-disagree" for finding in told.findings):
        return "the engines disagree"
    missing = Counter(map(comparable, case.expected))
    missing.subtract(map(comparable, told.results))
    differing = {key: count for key, count in missing.items() if count}
    if differing:
        return f"missing (+) or not expected (-): {differing}"
    said = {message for result in told.results for message in result.messages}
    unsaid = {message for result in case.expected for message in result.messages} - said
    return f"not said: {unsaid}" if unsaid else None


def comparable(result: Result) -> tuple[str, ...]:
    """A result without the names of its blank nodes."""
    return tuple("_:" if part.startswith("_:") else part for part in result.key)


@pytest.mark.parametrize("engine", ["shifty", "pyshacl", "both"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_of_the_suite_gives_the_results_expected(case: Case, engine: Judges) -> None:
    fault = judged(case, engine)

    if (engine, case.name) in FAILING:
        assert fault is not None, "this passes now"
    else:
        assert fault is None


def test_the_suite_is_whole() -> None:
    assert Counter(case.name.split("/")[0] for case in CASES) == {"core": 98, "sparql": 22}


def test_the_page_tells_what_came_of_it() -> None:
    assert told("shacl", _lines())


def _lines() -> list[str]:
    judges: tuple[Judges, ...] = ("shifty", "both", "pyshacl")
    failing = Counter((engine, name.rpartition("/")[0]) for engine, name in FAILING)
    groups = Counter(case.name.rpartition("/")[0] for case in CASES)
    lines = ["| group | cases | by default | both engines | pySHACL alone |", "| --- | ---: | ---: | ---: | ---: |"]
    for group, count in groups.items():
        passes = " | ".join(str(count - failing[engine, group]) for engine in judges)
        lines.append(f"| {group} | {count} | {passes} |")
    passes = " | ".join(f"**{len(CASES) - sum(name == engine for name, _ in FAILING)}**" for engine in judges)
    lines += [f"| **all** | **{len(CASES)}** | {passes} |", "", "| case | by | cause |", "| --- | --- | --- |"]
    return [*lines, *(f"| {case} | {engine} | {cause} |" for (engine, case), cause in FAILING.items())]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.expected is not None and case.name not in NO_ORACLE], ids=str
)
def test_triples_taken_from_a_case_change_what_full_validation_changes(case: Case) -> None:
    shapes = text(case.shapes).decode()
    lines = text(case.data).decode().splitlines()
    for start in range(3):
        taken = frozenset(lines[start::3])
        whole = frozenset(lines)
        hold_equality(Change(shapes, whole, frozenset(), taken), Tally())
        hold_equality(Change(shapes, whole - taken, taken, frozenset()), Tally())
