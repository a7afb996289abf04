"""What an engine notes of publications in it: what is in place, and how far one under way has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.namespaces import ASSERTED, DCTERMS, INFERRED

if TYPE_CHECKING:
    from milieu.store.remote import RemoteStore

__all__ = ["PUBLICATION", "Notes", "forgotten", "noted_end", "noted_progress", "published", "read_notes"]

PUBLICATION = "https://w3id.org/milieu/graph/publication"
"""The graph that holds the notes; it never answers queries."""

_TRIPLES = "http://rdfs.org/ns/void#triples"
_DIGEST = f"{DCTERMS}identifier"
_BUILT = f"{DCTERMS}created"
_ALL = (
    f"SELECT ?graph ?digest ?built ?triples WHERE {{ ?graph <{_TRIPLES}> ?triples "
    f"OPTIONAL {{ ?graph <{_DIGEST}> ?digest }} OPTIONAL {{ ?graph <{_BUILT}> ?built }} }}"
)


@dataclass(frozen=True)
class Notes:
    """The digest of the build in place and when it was made, and how many statements each graph on its way has got."""

    digest: str
    sent: Mapping[str, int]
    built: str = ""


def read_notes(store: RemoteStore) -> Notes:
    """The notes in an engine; empty ones when nothing was ever published there."""
    rows = store.query(_ALL, [PUBLICATION], ())
    assert isinstance(rows, ox.QuerySolutions)
    digest, built, sent = "", "", dict[str, int]()
    for row in rows:
        graph = row["graph"].value
        if graph in (ASSERTED, INFERRED):
            digest = row["digest"].value if row["digest"] is not None else ""
            built = row["built"].value if row["built"] is not None else ""
        else:
            sent[graph] = max(sent.get(graph, 0), int(row["triples"].value))
    return Notes(digest, sent, built)


def published(store: RemoteStore) -> str:
    """The digest of the build that was published to an engine last; empty when none was."""
    return read_notes(store).digest


def noted_progress(graph: str, sent: int) -> str:
    """The part of an INSERT DATA that notes how many statements a graph on its way has got."""
    return f"GRAPH <{PUBLICATION}> {{ <{graph}> <{_TRIPLES}> {sent} }}"


def forgotten(graph: str) -> str:
    """The update that removes a graph on its way, and what is noted of it."""
    notes = f"GRAPH <{PUBLICATION}> {{ <{graph}> <{_TRIPLES}> ?triples }}"
    return f"DROP SILENT GRAPH <{graph}> ;\nDELETE WHERE {{ {notes} }}"


def noted_end(digest: str, built: str, counts: Mapping[str, int], left: Mapping[str, int]) -> list[str]:
    """The updates that note what is in place, which graphs are left to be removed, and nothing else any more."""
    notes = " ".join(
        f'<{graph}> <{_DIGEST}> "{digest}" ; <{_BUILT}> "{built}" ; <{_TRIPLES}> {count} .'
        for graph, count in counts.items()
    )
    notes += "".join(f" <{graph}> <{_TRIPLES}> {count} ." for graph, count in left.items())
    return [f"DROP SILENT GRAPH <{PUBLICATION}>", f"INSERT DATA {{ GRAPH <{PUBLICATION}> {{ {notes} }} }}"]
