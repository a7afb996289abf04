"""`milieu format`: Turtle files in the one layout."""

from __future__ import annotations

import argparse
from pathlib import Path

from milieu.atomic import write_whole
from milieu.cli.options import Parser


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="the files to write anew (default: all of the folder)")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when a file would change")


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Format each file, whole or not at all."""
    from milieu.check.layout import tidied, turtle_files
    from milieu.folder import Folder

    folder = Folder.find(options.graph)
    paths = [Path(name) for name in options.files] or turtle_files(folder)
    changed = 0
    for path in paths:
        text = folder.read(path)
        tidy = tidied(folder, path, text)
        if tidy == text:
            continue
        changed += 1
        print(folder.relative(path.resolve()))
        if not options.check:
            write_whole(path, tidy.encode())
    return 1 if options.check and changed else 0
