"""`milieu accept`: a contribution becomes part of the folder."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from milieu.cli.options import Parser
from milieu.cli.output import REPORT_FORMATS, print_report

_INPUT_FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml")


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="the contribution; '-' is standard input")
    parser.add_argument(
        "--by", metavar="NAME", help="who hands it in (default: MILIEU_CONTRIBUTOR, else the login name)"
    )
    parser.add_argument("--name", metavar="NAME", help="what to call it in data/contributions (default: as the file)")
    parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    parser.add_argument(
        "--format", choices=REPORT_FORMATS, default="text", metavar="FORMAT", help=f"one of {', '.join(REPORT_FORMATS)}"
    )
    parser.add_argument(
        "--input",
        choices=_INPUT_FORMATS,
        metavar="FORMAT",
        help=f"one of {', '.join(_INPUT_FORMATS)} (default: what the ending tells, else turtle)",
    )


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Accept, or print what stands against it."""
    from milieu.build.cache import Cache
    from milieu.cli.progress import progress
    from milieu.contribute.acceptance import accept
    from milieu.folder import Folder
    from milieu.validate.contribution import MOST_BYTES, Contribution

    folder = Folder.find(options.graph)
    if options.file == "-":
        contribution = Contribution("-", sys.stdin.buffer.read(MOST_BYTES + 1), options.input or "turtle")
    else:
        contribution = Contribution.of(Path(options.file), options.input)
    by = options.by or os.environ.get("MILIEU_CONTRIBUTOR") or _login()
    accepted = accept(
        folder,
        Cache(folder.root, options.cache),
        contribution,
        by=by,
        name=options.name,
        dry_run=options.dry_run,
        watch=progress(),
    )
    texts = {contribution.name: contribution.content.decode("utf-8-sig", errors="replace")}
    if accepted.report.findings or options.format != "text":
        print_report(accepted.report, options.format, Path(), sys.stderr if accepted.report.conforms else None, texts)
    if accepted.file is None and accepted.report.conforms:
        if options.format == "text":
            print("nothing in it is new, so nothing was written")
        return 0
    if accepted.file is None:
        return 1
    if options.dry_run:
        print(accepted.diff, end="")
    elif options.format == "text":
        print(f"accepted as {accepted.file}")
    return 0


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"
