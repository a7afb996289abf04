"""`milieu retract`: an accepted contribution is taken back."""

from __future__ import annotations

import argparse
from pathlib import Path

from milieu.cli.options import Parser
from milieu.cli.output import REPORT_FORMATS, print_report


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="NAME", help="the contribution, as its file in data/contributions is called")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument(
        "--format", choices=REPORT_FORMATS, default="text", metavar="FORMAT", help=f"one of {', '.join(REPORT_FORMATS)}"
    )


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Take it back, or print what depends on it."""
    from milieu.build.cache import Cache
    from milieu.cli.progress import progress
    from milieu.contribute.retraction import retract
    from milieu.folder import Folder

    folder = Folder.find(options.graph)
    cache = Cache(folder.root, options.cache)
    retracted = retract(folder, cache, options.name, dry_run=options.dry_run, watch=progress())
    if not retracted.report.conforms:
        print_report(retracted.report, options.format, Path())
        return 1
    if options.dry_run:
        print(retracted.diff, end="")
    else:
        print(f"took back {retracted.file}")
    return 0
