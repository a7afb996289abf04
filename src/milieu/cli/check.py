"""`milieu check`: everything the folder promises of itself."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from milieu.cli.options import Parser
from milieu.cli.output import REPORT_FORMATS, print_report
from milieu.finding import Finding, Report, Severity

if TYPE_CHECKING:
    from milieu.graph import Graph

STEPS = ("build", "layout", "hygiene", "expectations", "coverage", "links", "logic")


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.description = (
        "Check everything that the folder promises of itself: that it builds without a violation (build), that its "
        "files are in the one layout (layout), that the checks of queries/checks find nothing (hygiene), that the "
        "stored queries answer as their headers say (expectations), that every fact of docs/coverage.csv is carried by "
        "a statement (coverage), that links between pages and files lead somewhere (links), and that the ontology is "
        "consistent in OWL 2 DL (logic, which needs the extra 'dl')."
    )
    parser.add_argument("--only", choices=STEPS, action="append", metavar="STEP", help=f"one of {', '.join(STEPS)}")
    parser.add_argument(
        "--format", choices=REPORT_FORMATS, default="text", metavar="FORMAT", help=f"one of {', '.join(REPORT_FORMATS)}"
    )
    parser.add_argument("--all", action="store_true", help="show remarks too, not only warnings and violations")
    parser.add_argument(
        "--fail-on",
        choices=[severity.word for severity in Severity],
        default="violation",
        metavar="SEVERITY",
        help="exit with 1 from this severity on: violation, warning or info (default: violation)",
    )


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Check, and print the findings."""
    from milieu.build.cache import Cache
    from milieu.build.steps import build
    from milieu.cli.progress import progress
    from milieu.folder import Folder
    from milieu.graph import Graph

    folder = Folder.find(options.graph)
    cache = Cache(folder.root, options.cache)
    told = sys.stderr if options.format == "text" else None
    steps = options.only or STEPS
    found: list[Finding] = []
    built = build(folder, cache, watch=progress(), again="build" in steps, replace_old=False)
    if "build" in steps or built.build is None:
        # What cannot be built cannot be checked any further, so that is said whatever was asked for.
        found += _told(told, "build", built.report)
    graph = Graph(folder, cache, as_built=True)
    for step in steps:
        if step in {"layout", "links"} or (step != "build" and built.build):
            found += _told(told, step, _STEPS[step](graph))
    remarks = [finding for finding in found if finding.severity is Severity.INFO]
    shown = found if options.all or options.format != "text" else [each for each in found if each not in remarks]
    report = Report(shown, [folder.name])
    print_report(report, options.format, folder.root)
    if len(shown) < len(found):
        print(f"({len(found) - len(shown)} remarks; --all shows them)")
    return 1 if Report(found).at_least(Severity[options.fail_on.upper()]) else 0


def _told(stream: object, step: str, findings: Iterable[Finding]) -> list[Finding]:
    found = list(findings)
    if stream:
        grave = sum(1 for finding in found if finding.severity is Severity.VIOLATION)
        print(f"{'✗' if grave else '✓'} {step}" + (f": {len(found)} findings" if found else ""), file=sys.stderr)
    return found


def _layout(graph: Graph) -> Iterable[Finding]:
    from milieu.check.layout import check_layout

    return check_layout(graph.folder)


def _hygiene(graph: Graph) -> Iterable[Finding]:
    from milieu.check.hygiene import check_hygiene

    return check_hygiene(graph)


def _expectations(graph: Graph) -> Iterable[Finding]:
    from milieu.check.expectations import check_answers

    return check_answers(graph)


def _coverage(graph: Graph) -> Iterable[Finding]:
    from milieu.check.coverage import check_coverage, read_facts

    facts = graph.folder.root / "docs" / "coverage.csv"
    return check_coverage(graph, read_facts(facts)) if facts.is_file() else ()


def _links(graph: Graph) -> Iterable[Finding]:
    from milieu.check.links import check_links

    return check_links(graph.folder)


def _logic(graph: Graph) -> Iterable[Finding]:
    from milieu.check.logic import check_logic

    return check_logic(graph)


_STEPS: dict[str, Callable[[Graph], Iterable[Finding]]] = {
    "layout": _layout,
    "hygiene": _hygiene,
    "expectations": _expectations,
    "coverage": _coverage,
    "links": _links,
    "logic": _logic,
}
