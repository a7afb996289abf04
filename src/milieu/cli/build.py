"""`milieu build`: load → reason → validate → store."""

from __future__ import annotations

import argparse
import sys
import time

from milieu.cli.options import Parser


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("--again", action="store_true", help="build even when nothing has changed")


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Build, and print what is in the graph; 1 with the findings when something in the folder is wrong."""
    from milieu.build.cache import Cache
    from milieu.build.steps import build
    from milieu.cli.output import print_report
    from milieu.cli.progress import progress
    from milieu.finding import Report, Severity
    from milieu.folder import Folder
    from milieu.render.text import summary

    folder = Folder.find(options.graph)
    cache = Cache(folder.root, options.cache)
    began = time.monotonic()
    built = build(folder, cache, again=options.again, watch=progress())
    if built.build is None:
        grave = [finding for finding in built.report if finding.severity is Severity.VIOLATION]
        print_report(Report(grave, built.report.files), "text", folder.root, sys.stderr)
        old = cache.last()
        kept = " The last good build is untouched; --no-build answers from it." if old else ""
        print(f"milieu: nothing was built.{kept}", file=sys.stderr)
        return 1 if built.readable else 2
    manifest = built.build.manifest
    counts = manifest["counts"]
    took = f"built in {time.monotonic() - began:.1f} s" if built.fresh else "up to date"
    print(
        f"{manifest['name']}: {counts['asserted']:,} asserted and {counts['inferred']:,} inferred statements "
        f"from {len(manifest['files'])} files ({took}, build {built.build.digest})"
    )
    if built.report.findings:
        print(f"{summary(built.report)}; 'milieu check --only build' shows them")
    return 0
