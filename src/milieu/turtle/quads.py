"""Lines of N-Quads in a text that should be N-Triples: set aside and told as what they are, not mended into triples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from milieu.turtle.tokens import Lines

__all__ = ["set_aside", "without_graph"]

_WITHOUT = {
    "trig": ", outside of { … } and without the name before it",
    "jsonld": ": leave out what stands beside @graph",
}
_GRAPH = re.compile(r"(<[^<>\s]*>|_:\S+?)[ \t]*\.[ \t]*(?:#.*)?\Z")
_ROW = re.compile("[^\n\r]*")


def without_graph(format: str) -> str:  # noqa: A002
    """What to do with a statement in a named graph, in a text of that format."""
    return f"Named graphs are not taken. State it without one{_WITHOUT.get(format, ': leave out the fourth term')}."


def set_aside(text: str, lines: Lines, errors: Iterable[SyntaxError]) -> tuple[str, list[Finding]]:
    """The text with the lines that are quads blanked, and a finding for each graph that they name.

    Only lines with an error are looked at: the parser of N-Triples stumbles over every quad.
    """
    findings: dict[str, Finding] = {}
    parts: list[str] = []
    copied = 0
    for number in sorted({error.lineno for error in errors if error.lineno is not None}):
        start = lines.offset(number, 1)
        row = _ROW.match(text, start)
        graph = _GRAPH.search(row[0]) if row else None
        if row is None or graph is None or start < copied or not _is_quad(row[0]):
            continue
        parts += (text[copied:start], " " * len(row[0]))
        copied = row.end()
        if graph[1] not in findings:
            named = f"the graph {graph[1]}" if graph[1][0] == "<" else "a graph of its own"
            message = f"This statement is put into {named}."
            place = lines.place(start + graph.start(1), start + graph.end(1))
            findings[graph[1]] = Finding(
                Severity.VIOLATION, "named-graph", message, without_graph("nquads"), place=place
            )
    return "".join((*parts, text[copied:])), list(findings.values())


def _is_quad(row: str) -> bool:
    try:
        quads = list(ox.parse(row, format=ox.RdfFormat.N_QUADS))
    except (SyntaxError, ValueError):
        return False
    return len(quads) == 1 and quads[0].graph_name != ox.DefaultGraph()
