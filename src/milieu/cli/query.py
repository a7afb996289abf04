"""`milieu query`: the stored queries, and one of them run."""

from __future__ import annotations

import argparse
import json

from milieu.cli.interrupt import interruptible
from milieu.cli.options import Parser, opened, parser_of
from milieu.cli.output import ANSWER_FORMATS, print_answer, print_table
from milieu.errors import FormatError, QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milieu.graph import Graph
    from milieu.query.header import StoredQuery


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.usage = "milieu query [NAME [--PARAMETER VALUE …]] [options]"
    parser.add_argument("name", nargs="?", metavar="NAME", help="the query to run; without it they are all listed")
    parser.add_argument(
        "--format",
        choices=ANSWER_FORMATS,
        metavar="FORMAT",
        help=f"one of {', '.join(ANSWER_FORMATS)} (default: table on a terminal, tsv in a pipe; triples: turtle)",
    )
    parser.add_argument("--explain", action="store_true", help="print the SPARQL that would run, with its parameters")
    parser.set_defaults(takes_more=True)


def run(options: argparse.Namespace, rest: list[str]) -> int:
    """List, describe or run."""
    if options.help and options.name is None:
        parser_of("query").print_help()
        return 0
    graph = opened(options)
    if options.name is None:
        if rest:
            raise QueryError(f"unknown argument {rest[0]!r}", remedy="A parameter follows the name of its query.")
        return _list(graph, options.format)
    stored = graph.queries.get(options.name)
    if options.help:
        _describe(stored)
        return 0
    given = parameters(rest)
    if options.explain:
        from milieu.query.run import bound

        print(bound(graph.build.store, stored, given, graph.prefixes))
        return 0
    with interruptible():
        print_answer(graph, graph.answer(stored, given), options.format)
    return 0


def _list(graph: Graph, format: str | None) -> int:  # noqa: A002
    queries = list(graph.queries)
    if format == "json":
        listing = [
            {
                "name": stored.name,
                "summary": stored.summary,
                "tags": list(stored.tags),
                "parameters": [_parameter_json(parameter.to_json()) for parameter in stored.parameters],
            }
            for stored in queries
        ]
        print(json.dumps(listing, ensure_ascii=False, indent=2))
        return 0
    if format not in {None, "table", "tsv", "markdown"}:
        raise FormatError(f"the list cannot be written as {format}", remedy="Choose table, tsv, markdown or json.")
    rows = [[stored.name, stored.summary, _signature(stored)] for stored in queries]
    print_table(["query", "summary", "parameters"], rows, format)
    return 0


def _parameter_json(content: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in content.items() if value is not None}


def _signature(stored: StoredQuery) -> str:
    return " ".join(
        f"--{parameter.name} {parameter.type.upper()}"
        if parameter.required
        else f"[--{parameter.name} {parameter.type.upper()}]"
        for parameter in stored.parameters
    )


def _describe(stored: StoredQuery) -> None:
    print(f"milieu query {stored.name} {_signature(stored)}\n\n{stored.summary}")
    if stored.description:
        print(f"\n{stored.description}")
    for parameter in stored.parameters:
        default = f" (default: {parameter.default})" if parameter.default is not None else ""
        print(f"\n  --{parameter.name} {parameter.type.upper()}\n      {parameter.description}{default}")


def parameters(words: list[str]) -> dict[str, str | int | bool]:
    """`--name value` and `--name=value` pairs."""
    given: dict[str, str | int | bool] = {}
    left = list(words)
    while left:
        word = left.pop(0)
        if not word.startswith("--") or word == "--":
            raise QueryError(f"unknown argument {word!r}", remedy="Parameters are given as --name value.")
        name, equals, value = word[2:].partition("=")
        if not equals:
            if not left:
                raise QueryError(f"the parameter --{name} has no value", remedy=f"Write --{name} VALUE.")
            value = left.pop(0)
        if name in given:
            raise QueryError(f"the parameter --{name} is given twice", remedy="Give it once.")
        given[name] = value
    return given
