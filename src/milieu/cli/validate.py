"""`milieu validate`: what is to be said of new triples."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from milieu.atomic import write_whole
from milieu.cli.options import Parser, opened
from milieu.cli.output import REPORT_FORMATS, print_report
from milieu.finding import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milieu.graph import Graph
    from milieu.validate.contribution import Contribution

_INPUT_FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml")


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="the contribution; '-' is standard input")
    parser.add_argument(
        "--format", choices=REPORT_FORMATS, default="text", metavar="FORMAT", help=f"one of {', '.join(REPORT_FORMATS)}"
    )
    parser.add_argument(
        "--input",
        choices=_INPUT_FORMATS,
        metavar="FORMAT",
        help=f"one of {', '.join(_INPUT_FORMATS)} (default: what the ending tells, else turtle)",
    )
    parser.add_argument(
        "--fail-on",
        choices=[severity.word for severity in Severity],
        default="violation",
        metavar="SEVERITY",
        help="exit with 1 from this severity on: violation, warning or info (default: violation)",
    )
    parser.add_argument(
        "--brief", action="store_true", help="findings only, without what is claimed and which queries would change"
    )
    parser.add_argument("--fix", action="store_true", help="write the fixes that leave no doubt into the files")
    parser.add_argument("--diff", action="store_true", help="show those fixes as a diff, and write nothing")
    parser.add_argument(
        "--engine",
        choices=("shifty", "pyshacl", "both"),
        default="shifty",
        metavar="ENGINE",
        help="who judges by the shapes: shifty (default), pyshacl, or both, which must agree",
    )


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Validate and print the findings."""
    from milieu.validate.gate import validate

    graph = opened(options)
    contributions = [_taken(name, options.input) for name in options.files]
    if options.fix or options.diff:
        contributions = _repaired(graph, contributions, write=options.fix and not options.diff)
    near = graph.near(contributions)
    report = validate(graph.folder, near, contributions, engine=options.engine, brief=options.brief)
    texts = {each.name: each.content.decode("utf-8-sig", errors="replace") for each in contributions}
    print_report(report, options.format, Path(), texts=texts)
    return 1 if report.at_least(Severity[options.fail_on.upper()]) else 0


def _taken(name: str, format: str | None) -> Contribution:  # noqa: A002
    from milieu.validate.contribution import MOST_BYTES, Contribution

    if name == "-":
        return Contribution("-", sys.stdin.buffer.read(MOST_BYTES + 1), format or "turtle")
    return Contribution.of(Path(name), format)


def _repaired(graph: Graph, contributions: list[Contribution], *, write: bool) -> list[Contribution]:
    """The contributions with their safe fixes made; what changes is shown on standard error."""
    from milieu.render.visible import visible
    from milieu.turtle.fix import diff
    from milieu.validate.repair import repair

    repaired: list[Contribution] = []
    for number, contribution in enumerate(contributions):
        others = [*repaired, *contributions[number + 1 :]]
        fixed = repair(graph.folder, graph.build, contribution, others).contribution
        repaired.append(fixed)
        if fixed.content == contribution.content:
            continue
        change = diff(contribution.content.decode(), fixed.content.decode(), contribution.name)
        print(visible(change.replace("\r\n", "\n")), end="", file=sys.stderr)
        if write and contribution.name != "-":
            write_whole(Path(contribution.name), fixed.content)
    return repaired
