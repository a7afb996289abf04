"""`milieu export`: the graph in an RDF format, or as tables, features or plain JSON-LD."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from milieu.cli.options import Parser, opened
from milieu.export.formats import FORMATS
from milieu.export.rdf import GRAPHS

_COUNTED = {"csv": "rows", "geojson": "features", "jsonld-context": "things"}


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--format",
        choices=FORMATS,
        metavar="FORMAT",
        help=f"one of {', '.join(FORMATS)} (default: what the ending of FILE tells, else turtle)",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="the file to write, for csv the folder (default: standard output)"
    )
    parser.add_argument(
        "--only", choices=GRAPHS, default="all", metavar="PART", help="asserted, inferred or all (default: all)"
    )


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Write the graph."""
    from milieu.export.file import export_file
    from milieu.export.formats import export

    build = opened(options).build
    if options.output is not None and options.output != "-":
        path = Path(options.output)
        count = export_file(build, path, options.format, options.only)
        print(f"{path}: {count:,} {_counted(path, options.format)}", file=sys.stderr)
    else:
        sys.stdout.flush()
        export(build, sys.stdout.buffer, options.format or "turtle", options.only)
    return 0


def _counted(path: Path, format: str | None) -> str:  # noqa: A002
    """What the number that an export gives is a number of."""
    from milieu.export.formats import ENDINGS

    return _COUNTED.get(format or ENDINGS.get(path.suffix.lower(), ""), "statements")
