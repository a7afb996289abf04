"""Answers and reports on standard output, for people on a terminal and for programs in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from milieu.errors import FormatError
from milieu.render import REPORT_FORMATS, renderer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

    import pyoxigraph as ox

    from milieu.finding import Report
    from milieu.graph import Graph
    from milieu.namespaces import Prefixes
    from milieu.query.answer import Answer

__all__ = ["ANSWER_FORMATS", "REPORT_FORMATS", "print_answer", "print_report", "print_table"]

ANSWER_FORMATS = ("table", "json", "csv", "tsv", "xml", "markdown", "turtle", "ntriples", "jsonld", "rdfxml")


def print_answer(graph: Graph, answer: Answer, format: str | None) -> None:  # noqa: A002
    """Print an answer; without a format, a table on a terminal and the W3C's TSV in a pipe, and Turtle for triples.

    When it has no rows, the reason goes to standard error, unless the format is one that only programs read.
    """
    prefixes = graph.prefixes
    if answer.form == "triples":
        if format in {"table", "markdown"}:
            raise FormatError(
                f"triples cannot be written as {format}",
                place="--format",
                remedy="Choose turtle, ntriples, jsonld or rdfxml.",
            )
        _binary(answer, format or "turtle")
        return
    format = format or ("table" if sys.stdout.isatty() else "tsv")  # noqa: A001
    if format not in {"table", "markdown"}:
        if _binary(answer, format) == 1 and answer.form == "rows" and format in {"csv", "tsv"}:
            _explain(graph, answer)
        return
    if answer.form == "boolean":
        print("yes" if answer.boolean else "no")
        return
    rows = [[shown(term, prefixes) for term in row.values()] for row in answer.terms]
    print_table(answer.variables, rows, format)
    if format == "table" and sys.stdout.isatty():
        print(f"\n{len(rows):,} row{'' if len(rows) == 1 else 's'}")
    if not rows:
        _explain(graph, answer)


def _explain(graph: Graph, answer: Answer) -> None:
    reason = graph.explain_empty(answer)
    if reason:
        sys.stdout.flush()
        print(f"No rows. {reason}", file=sys.stderr)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]], format: str | None) -> None:  # noqa: A002
    """Print rows of text as a table, Markdown or tab-separated lines."""
    from milieu.render.table import cut, markdown, table

    format = format or ("table" if sys.stdout.isatty() else "tsv")  # noqa: A001
    if format == "table":
        print(table(columns, rows, most=_room()))
    elif format == "markdown":
        print(markdown(columns, rows))
    else:
        for line in (columns, *rows):
            print("\t".join(cut(cell).replace("\t", " ") for cell in line))


def print_report(
    report: Report,
    format: str,  # noqa: A002
    root: Path,
    stream: IO[str] | None = None,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Print a report; `root` is where the files it names are, unless `texts` gives what is in them."""
    stream = stream or sys.stdout
    names = {finding.place.file for finding in report if finding.place}
    texts = texts or {name: _text(root / name) for name in names}
    if format != "text":
        print(renderer(format)(report, texts), file=stream)
        return
    from milieu.render.text import report_text

    colour = stream.isatty() and "NO_COLOR" not in os.environ
    print(report_text(report, texts, colour=colour), file=stream)


def shown(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, prefixes: Prefixes) -> str:
    """A term as people read it: prefixed names for IRIs, the bare text of literals."""
    import pyoxigraph as ox

    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        compact = prefixes.compact(term.value)
        return compact[1:-1] if compact.startswith("<") else compact
    return term.value if isinstance(term, ox.Literal) else str(term)


def _binary(answer: Answer, format: str) -> int:  # noqa: A002
    """Write the answer in a format of bytes and give the number of lines."""
    sys.stdout.flush()
    lines = _Lines(sys.stdout.buffer)
    answer.write(lines, format)  # type: ignore[arg-type]
    if format in {"json", "xml", "jsonld", "rdfxml"} and sys.stdout.isatty():
        print()
    return lines.count


class _Lines:
    """A stream that counts the lines written to it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.count = 0

    def write(self, data: bytes) -> int:
        self.count += data.count(b"\n")
        return self._stream.write(data)

    def flush(self) -> None:
        self._stream.flush()


def _room() -> int | None:
    """How many columns a table may take: those of the terminal; without one, as many as it likes."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
