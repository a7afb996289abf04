"""The command line: `milieu COMMAND …`; one module per command, imported only when it is called."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "build": "build the graph from its folder",
    "query": "list the stored queries, or run one",
    "sparql": "run a query written in SPARQL",
    "export": "write the graph as RDF, JSON, tables or map features",
    "serve": "serve the graph over HTTP",
    "publish": "send the graph to a SPARQL engine",
    "why": "tell the evidence or the proof of a statement, or of a row of an answer",
    "show": "show all that is said of a thing",
    "validate": "say what is wrong with new triples, and where",
    "accept": "make a contribution part of the graph",
    "retract": "take an accepted contribution back",
    "new": "print a template to begin a contribution with",
    "check": "check everything that the folder promises of itself",
    "format": "write Turtle files in the one layout",
}
"""Every command with its summary, in the order of use."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit status: 0 fine, 1 findings, 2 could not run."""
    from milieu.errors import MilieuError

    if sys.stdout is None or sys.stderr is None or sys.stdin is None:
        return _closed()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        from milieu.cli.options import dispatch

        status = dispatch(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
        if arguments is None:
            gc.freeze()  # The process ends: to look through what is freed anyway takes a tenth of a short command.
    except MilieuError as fault:
        return _fail(str(fault))
    except KeyboardInterrupt:
        return _fail("interrupted; nothing was left half-written")
    except BrokenPipeError:
        _let_go()  # the reader has seen enough, as `| head` does
        return 0
    except OSError as fault:
        _let_go()
        return _fail(f"standard output cannot be written ({fault.strerror or fault}). Free some space, or name a file.")
    except Exception as fault:
        if os.environ.get("MILIEU_DEBUG"):
            raise
        kind = type(fault).__name__
        return _fail(f"an unexpected fault ({kind}: {fault}). Please report it; MILIEU_DEBUG=1 shows where it arose.")
    return status


def _let_go() -> None:
    """Point standard output elsewhere: Python would complain once more when it closes one that cannot be written."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _closed() -> int:
    """What is left to say when the shell has closed one of the standard streams."""
    if sys.stderr is not None:
        print(
            "milieu: standard input or output is closed. Leave them open, or point them to /dev/null.", file=sys.stderr
        )
    return 2


def _fail(message: str) -> int:
    print(f"milieu: {message}", file=sys.stderr)
    return 2
