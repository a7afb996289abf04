"""`milieu why`: the evidence or the proof of a statement, or of a row of an answer."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from milieu.cli.options import Parser, opened
from milieu.errors import QueryError

if TYPE_CHECKING:
    from milieu.graph import Graph

FORMATS = ("text", "json", "turtle")


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.usage = (
        "milieu why SUBJECT PREDICATE OBJECT [options]\n       milieu why --query NAME [--row N] [--PARAMETER VALUE …]"
    )
    parser.epilog = (
        "A term is a prefixed name, an IRI in <…>, a label or the last part of an IRI;\n"
        f"the predicate may be 'a', the object a literal as Turtle writes it.\n\n{parser.epilog or ''}"
    )
    parser.add_argument("--query", metavar="NAME", help="explain a row of the answer to a stored query")
    parser.add_argument("--row", type=int, metavar="N", help="which row, counted from 1 (default: 1)")
    parser.add_argument(
        "--format", choices=FORMATS, default="text", metavar="FORMAT", help="text, json or turtle (PROV-O)"
    )
    parser.set_defaults(takes_more=True)


def run(options: argparse.Namespace, rest: list[str]) -> int:
    """Explain, and print it; 1 when the statement is not in the graph."""
    if options.help:
        from milieu.cli.options import parser_of

        parser_of("why").print_help()
        return 0
    if options.row is not None and options.query is None:
        raise QueryError("a statement has no rows", place="--row", remedy="Leave it out, or name a query by --query.")
    graph = opened(options)
    if options.query is not None:
        return _row(graph, options, rest)
    if len(rest) != 3:
        odd = next((word for word in rest if word.startswith("--")), None)
        raise QueryError(
            f"unknown argument {odd!r}" if odd else f"a statement has three terms, not {len(rest)}",
            remedy="Write milieu why SUBJECT PREDICATE OBJECT; quote a label of several words.",
        )
    from milieu.explain import json, text, turtle, why
    from milieu.explain.naming import statement_of

    view = graph.view
    explanation = why(view, *statement_of(view, *rest))
    writer = {"text": text.explanation_text, "json": json.explanation_json, "turtle": turtle.explanation_turtle}
    print(writer[options.format](explanation, view), end="")
    return 1 if explanation.status == "absent" else 0


def _row(graph: Graph, options: argparse.Namespace, rest: list[str]) -> int:
    from milieu.cli.query import parameters
    from milieu.explain import json, text, turtle, why_row

    stored = graph.queries.get(options.query)
    answer = graph.answer(stored, parameters(rest))
    if answer.form != "rows":
        raise QueryError(f"the query {stored.name!r} gives no rows", remedy="Explain a statement instead.")
    rows = answer.terms
    number = 1 if options.row is None else options.row
    if not 1 <= number <= len(rows):
        there = f"rows 1 to {len(rows)}" if rows else "no rows"
        raise QueryError(f"there is no row {number}", place="--row", remedy=f"The answer has {there}.")
    explained = why_row(graph.view, answer.query, rows[number - 1])  # type: ignore[arg-type]
    writer = {"text": text.row_text, "json": json.row_json, "turtle": turtle.row_turtle}
    print(writer[options.format](explained, graph.view), end="")
    return 0
