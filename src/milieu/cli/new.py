"""`milieu new`: a template to begin a contribution with."""

from __future__ import annotations

import argparse

from milieu.cli.options import Parser, opened


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "kind", nargs="?", metavar="KIND", help="what to describe, such as city; without it all are listed"
    )


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Print the template, or the kinds."""
    from milieu.contribute.template import kinds, template

    graph = opened(options)
    if options.kind is None:
        for kind, name in kinds(graph.folder, graph.build).items():
            print(f"{kind}\t{name}")
        return 0
    print(template(graph.folder, graph.build, options.kind), end="")
    return 0
