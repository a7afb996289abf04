"""`milieu publish`: the graph, sent to a SPARQL engine."""

from __future__ import annotations

import argparse

from milieu.cli.options import Parser, opened
from milieu.errors import StoreError


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("endpoint", metavar="ENDPOINT", help="its address, such as http://127.0.0.1:7878/query")
    parser.add_argument(
        "--update", metavar="URL", help="where it takes updates (default: …/update beside …/query, else ENDPOINT)"
    )
    parser.add_argument(
        "--graph-store", metavar="URL", help="where it speaks the Graph Store Protocol, which sends in larger batches"
    )
    parser.add_argument(
        "--credentials",
        metavar="FILE",
        help="a file of one line, user:password or a token (default: MILIEU_STORE_USER and MILIEU_STORE_PASSWORD, or "
        "MILIEU_STORE_TOKEN of the environment)",
    )
    parser.add_argument("--again", action="store_true", help="send everything, even what is there already")


def run(options: argparse.Namespace, rest: list[str]) -> int:  # noqa: ARG001
    """Publish, and print what the engine has now."""
    from milieu.cli.progress import progress
    from milieu.publish import publish
    from milieu.store.endpoint import Credentials, Endpoint

    endpoint = Endpoint.parse(
        options.endpoint,
        update=options.update,
        graph_store=options.graph_store,
        credentials=Credentials.find(options.credentials),
    )
    build = opened(options).build
    try:
        done = publish(build, endpoint, again=options.again, watch=progress())
    except KeyboardInterrupt:
        raise StoreError(
            "interrupted",
            place=str(endpoint),
            remedy="What was published before is still in place; the next run goes on from what was sent.",
        ) from None
    holds = f"{endpoint} holds {done.asserted:,} asserted and {done.inferred:,} inferred statements"
    if not done.fresh:
        took = "nothing to send"
    elif done.kept:
        took = f"{done.sent:,} sent, {done.kept:,} were there from an earlier run"
    else:
        took = f"{done.sent:,} sent"
    print(f"{holds} ({took}, build {done.digest})")
    return 0
