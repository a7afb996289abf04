"""`milieu sparql`: a query written on the spot."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from milieu.cli.interrupt import interruptible
from milieu.cli.options import Parser, opened
from milieu.cli.output import ANSWER_FORMATS, print_answer
from milieu.errors import FolderError, QueryError
from milieu.query.run import within


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("text", nargs="?", metavar="QUERY", help="the query; without it and -f, standard input is read")
    parser.add_argument("-f", "--file", metavar="FILE", help="read the query from a file")
    parser.add_argument(
        "--format",
        choices=ANSWER_FORMATS,
        metavar="FORMAT",
        help=f"one of {', '.join(ANSWER_FORMATS)} (default: table on a terminal, tsv in a pipe; triples: turtle)",
    )


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Run the query and print its answer."""
    text, place = _text(options)
    graph = opened(options)
    assert graph.build  # made before Ctrl-C means the end
    try:
        with interruptible():
            print_answer(graph, graph.sparql(text), options.format)
    except QueryError as fault:
        if not place:
            raise
        where = within(place, fault.place)
        raise QueryError(fault.message, place=where, remedy=fault.remedy) from None
    return 0


def _text(options: argparse.Namespace) -> tuple[str, str]:
    if options.file == "-" or options.text == "-":
        return _decoded(sys.stdin.buffer.read(), ""), ""
    if options.text is not None and options.file:
        raise QueryError("there is a query and a file with another", remedy="Give one of the two.")
    if options.text is not None:
        return options.text, ""
    if not options.file:
        return _decoded(sys.stdin.buffer.read(), ""), ""
    try:
        return _decoded(Path(options.file).read_bytes(), options.file), options.file
    except OSError as fault:
        raise FolderError(
            f"the file cannot be read ({fault.strerror})", place=options.file, remedy="Check its name."
        ) from None


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FolderError(
            "the query is not UTF-8 text", place=file or "standard input", remedy="Save it as UTF-8."
        ) from None
