"""What the stored queries say of their own answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from milieu.errors import QueryError
from milieu.finding import Finding, Severity
from milieu.query.header import check_expectations
from milieu.query.run import run

if TYPE_CHECKING:
    from milieu.graph import Graph
    from milieu.query.header import StoredQuery
    from milieu.store.seam import Store

__all__ = ["check_answers", "faults_of"]


def check_answers(graph: Graph) -> Iterator[Finding]:
    """A finding for each stored query whose answer is not as its header expects, or that expects nothing."""
    for stored in graph.queries:
        for fault in faults_of(stored, graph.build.store, graph):
            yield Finding(
                Severity.VIOLATION,
                "expectation",
                f"{stored.path}: {fault}",
                "Mend the query, the data, or the expectation in its header.",
            )


def faults_of(stored: StoredQuery, store: Store, graph: Graph) -> Iterator[str]:
    """What in the answers of a stored query, over this store, is not as its header expects."""
    if not stored.expect:
        yield "the header says nothing of what is expected"
    for expectation in stored.expect:
        try:
            answer = run(store, stored, dict(expectation.given), graph.prefixes)
            if answer.form == "boolean":
                yield from check_expectations(stored, answer.boolean, expectation)
                continue
            rows = [{name: None if term is None else str(term) for name, term in row.items()} for row in answer.terms]
            yield from check_expectations(stored, rows, expectation)
        except QueryError as fault:
            yield str(fault)
