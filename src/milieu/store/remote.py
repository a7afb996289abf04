"""Any SPARQL 1.1 engine as a store, over the network."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.errors import StoreError
from milieu.namespaces import ASSERTED, INFERRED
from milieu.store.endpoint import Endpoint
from milieu.store.lookup import lookups
from milieu.store.oxigraph import OxigraphStore
from milieu.store.reply import GRAPHS, ROWS, results_of, terms_of
from milieu.store.skolem import named
from milieu.store.wire import Wire

if TYPE_CHECKING:
    from milieu.store.looks import Looks
    from milieu.store.seam import Pattern, Results, Triple

__all__ = ["BOTH", "RemoteStore"]

BOTH = (ASSERTED, INFERRED)
"""The graphs that answer."""

_RELATIVE = re.compile(r"<(?![A-Za-z][A-Za-z0-9+.-]*:)[^<>\"{}|^`\s]*>")
_DECLARED = re.compile(r"\bPREFIX\s+([^\s:]*):", re.IGNORECASE)


class RemoteStore:
    """The two graphs in a SPARQL engine; `prefixes` need not be declared in queries.

    The two are named in every request as its default graph (SPARQL 1.1 Protocol, section 2.1.4), so that whatever else
    the engine holds never answers. `wire.requests` counts the round trips.
    """

    def __init__(
        self, endpoint: Endpoint, prefixes: Mapping[str, str] | None = None, *, wire: Wire | None = None
    ) -> None:
        self.endpoint = endpoint
        self.wire = wire or Wire(endpoint, seconds=_seconds())
        self._prefixes = dict(prefixes or {})
        # Nothing is in it: it reads a query as the embedded store does, and finds the same faults at the same places.
        self._reader = OxigraphStore(ox.Store(), self._prefixes)

    @classmethod
    def open(cls, address: str, prefixes: Mapping[str, str] | None = None) -> RemoteStore:
        """The store at `sparql+http://…`, with the credentials of the environment. Raises `StoreError` for no address.

        >>> RemoteStore.open("sparql+http://127.0.0.1:7878/query").endpoint.query
        'http://127.0.0.1:7878/query'
        """
        return cls(Endpoint.parse(address), prefixes)

    @property
    def inner(self) -> Looks:
        """The same, looked at as if it were Oxigraph's own store; a new memory each time."""
        from milieu.store.looks import Looks
        from milieu.store.memory import Remembered

        return Looks(Remembered(self))

    def query(
        self, text: str, graphs: Sequence[str] = BOTH, named_graphs: Sequence[str] = BOTH, *, base: str | None = None
    ) -> Results:
        """The result of a query over both graphs, or over those given; relative IRIs are read against `base`.

        Raises `QueryError` with line and column for what is not SPARQL, and `StoreError` when the engine cannot be
        reached, refuses, or breaks off: there is never half an answer.
        """
        # The results themselves are not kept: a fault would take them to another thread, which must not let go of them.
        form = type(self._reader.query(text, base))
        accept = GRAPHS if form is ox.QueryTriples else ROWS
        lead = f"BASE <{base}> " if base and _RELATIVE.search(text) else ""
        reply = self.wire.query(lead + self._declared(text), _dataset(graphs, named_graphs), accept)
        return results_of(reply, self.endpoint.query, truth=form is ox.QueryBoolean)

    def match(self, patterns: Sequence[Pattern], graph: str | None = None) -> Iterator[Triple]:
        """The triples that fit any of the patterns, in one graph or in both; as a rule in one round trip."""
        graphs = [graph] if graph else BOTH
        for text in lookups(patterns):
            yield from terms_of(self.wire.query(text, _dataset(graphs, ()), ROWS), self.endpoint.query)

    def quads(self, patterns: Sequence[Pattern]) -> Iterator[ox.Quad]:
        """The triples that fit any of the patterns, each with the graph it is in."""
        for text in lookups(patterns, graphs=True):
            for terms in terms_of(self.wire.query(text, _dataset((), BOTH), ROWS), self.endpoint.query):
                yield ox.Quad(*terms)

    def count(self, graph: str) -> int:
        """How many triples a graph has."""
        rows = self.query("SELECT (COUNT(*) AS ?count) WHERE { ?s ?p ?o }", [graph], ())
        assert isinstance(rows, ox.QuerySolutions)
        return int(next(iter(rows))["count"].value)

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Add triples to a graph; whether all or none depends on the engine's transactions."""
        self._change("INSERT", triples, graph)

    def remove(self, triples: Iterable[Triple], graph: str) -> None:
        """Remove triples from a graph."""
        self._change("DELETE", triples, graph)

    def _change(self, verb: str, triples: Iterable[Triple], graph: str) -> None:
        lines = " ".join(f"{named(s)} {p} {named(o)} ." for s, p, o in triples)
        if lines:
            self.wire.update(f"{verb} DATA {{ GRAPH <{graph}> {{ {lines} }} }}")

    def _declared(self, text: str) -> str:
        """The query with the prefixes it uses and does not declare; engines differ in what they know."""
        own = set(_DECLARED.findall(text))
        lines = [
            f"PREFIX {prefix}: <{space}> "
            for prefix, space in self._prefixes.items()
            if prefix not in own and f"{prefix}:" in text
        ]
        return "".join(lines) + text


def _dataset(graphs: Sequence[str], named_graphs: Sequence[str]) -> dict[str, Sequence[str]]:
    return {"default-graph-uri": graphs, "named-graph-uri": named_graphs}


def _seconds() -> float:
    given = os.environ.get("MILIEU_STORE_TIMEOUT", "60")
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0
    if not 0 < seconds < threading.TIMEOUT_MAX:
        raise StoreError(
            f"{given!r} is no number of seconds", place="MILIEU_STORE_TIMEOUT", remedy="Give one such as 60."
        )
    return seconds
