"""`milieu show`: a thing on one card."""

from __future__ import annotations

import argparse

from milieu.cli.options import Parser, opened
from milieu.errors import QueryError


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("thing", metavar="THING", help="a prefixed name, an IRI in <…>, a label or a slug")
    parser.add_argument("--format", choices=("text", "json"), default="text", metavar="FORMAT", help="text or json")
    parser.add_argument(
        "--most", type=int, default=20, metavar="N", help="show at most N values of a property (default: 20)"
    )


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Print the card."""
    import shutil

    from milieu.explain import json, show, text
    from milieu.explain.naming import term_of

    if options.most < 1:
        raise QueryError(f"{options.most} values are none", place="--most", remedy="Give a number from 1 on.")
    view = opened(options).view
    thing = term_of(view, options.thing)
    card = show(view, thing, most=options.most)
    if not card.known:
        raise QueryError(f"the graph says nothing of {view.name(thing)}", remedy="Check its name with milieu query.")
    if options.format == "json":
        print(json.card_json(card, view), end="")
    else:
        print(text.card_text(card, view, width=max(shutil.get_terminal_size((100, 24)).columns, 60)), end="")
    return 0
