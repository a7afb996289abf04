"""The seam: what every store can do, whatever engine stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias

import pyoxigraph as ox

__all__ = ["Pattern", "Results", "Store", "Triple"]

Results: TypeAlias = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
"""What a query gives: rows, yes or no, or triples."""

Triple: TypeAlias = tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]
Pattern: TypeAlias = tuple[
    ox.NamedNode | ox.BlankNode | None, ox.NamedNode | None, ox.NamedNode | ox.BlankNode | ox.Literal | None
]
"""A triple with None for whatever may stand there."""


class Store(Protocol):
    """Two disjoint graphs, *asserted* and *inferred*, that answer queries as one."""

    def query(self, text: str) -> Results:
        """The result of a SPARQL query over both graphs. Raises `QueryError` when the text is not SPARQL."""

    def match(self, patterns: Sequence[Pattern], graph: str | None = None) -> Iterator[Triple]:
        """The triples that fit any of the patterns, in one graph or in both; many patterns in one round trip."""

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Add triples to a graph, all or none."""

    def remove(self, triples: Iterable[Triple], graph: str) -> None:
        """Remove triples from a graph, all or none."""
