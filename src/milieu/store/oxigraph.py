"""Oxigraph inside the process: the default store, in memory or on disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from milieu.errors import QueryError, StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milieu.store.seam import Pattern, Results, Triple

__all__ = ["OxigraphStore"]


class OxigraphStore:
    """The two graphs in an Oxigraph store; `prefixes` need not be declared in queries, `path` is where it lies on disk.

    `languages` are those of its texts, when they are known: a name can be looked up then, and need not be searched for.

    >>> store = OxigraphStore(ox.Store(), {"ex": "https://example.org/"})
    >>> store.add([(ox.NamedNode("https://example.org/a"), ox.NamedNode("https://example.org/b"), ox.Literal("c"))],
    ...           "https://w3id.org/milieu/graph/asserted")
    >>> [row["o"].value for row in store.query("SELECT ?o { ex:a ex:b ?o }")]
    ['c']
    """

    def __init__(
        self,
        store: ox.Store,
        prefixes: Mapping[str, str] | None = None,
        path: Path | None = None,
        languages: Sequence[str] = (),
    ) -> None:
        self.inner = store
        self.path = path
        self.languages = languages
        self._prefixes = dict(prefixes or {})

    @classmethod
    def open(
        cls, path: Path, prefixes: Mapping[str, str] | None = None, languages: Sequence[str] = ()
    ) -> OxigraphStore:
        """The store of a finished build, for reading. Raises `StoreError` when it is damaged or gone."""
        try:
            return cls(ox.Store.read_only(str(path)), prefixes, path, languages)
        except (OSError, RuntimeError, ValueError) as fault:
            raise StoreError(
                f"the store cannot be opened ({fault})", place=str(path), remedy="Run 'milieu build --again'."
            ) from None

    def query(self, text: str, base: str | None = None) -> Results:
        """The result of a query over both graphs. Raises `QueryError` with line and column for what is not SPARQL."""
        # Handing over a whole table takes longer than most look-ups.
        used = {prefix: space for prefix, space in self._prefixes.items() if f"{prefix}:" in text}
        try:
            return self.inner.query(text, base_iri=base, use_default_graph_as_union=True, prefixes=used)
        except SyntaxError as fault:
            from milieu.sparql.fault import syntax_fault

            raise syntax_fault(fault, text, self._prefixes) from None
        except (OSError, RuntimeError, ValueError) as fault:
            raise QueryError(f"the query could not be run ({fault})") from None

    def match(self, patterns: Sequence[Pattern], graph: str | None = None) -> Iterator[Triple]:
        """The triples that fit any of the patterns, in one graph or in both; a triple may come twice."""
        where = ox.NamedNode(graph) if graph else None
        for subject, predicate, value in patterns:
            for quad in self.inner.quads_for_pattern(subject, predicate, value, where):
                yield quad.subject, quad.predicate, quad.object  # type: ignore[misc]

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Add triples to a graph, all or none."""
        where = ox.NamedNode(graph)
        self.inner.extend(ox.Quad(*triple, where) for triple in triples)

    def remove(self, triples: Iterable[Triple], graph: str) -> None:
        """Remove triples from a graph, all or none."""
        gone = " ".join(f"{s} {p} {o} ." for s, p, o in triples)
        if gone:
            self.inner.update(f"DELETE DATA {{ GRAPH <{graph}> {{ {gone} }} }}")
