"""The hygiene checks of `queries/checks/`: a row of one is something to mend.

A check is a SELECT with the column `entity`, the thing to mend; where they help, `property` and `value`, the statement
about it that is wrong, and `other`, the thing it clashes with. It is asked of the graph; one with the tag `shapes` is
asked of the ontology together with its shapes, which the graph does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Place, Severity
from milieu.load import parse_file
from milieu.namespaces import ASSERTED, Prefixes
from milieu.query.catalogue import Catalogue
from milieu.store.oxigraph import OxigraphStore
from milieu.validate.checks import findings_of, read_profile, rows_of

if TYPE_CHECKING:
    from milieu.folder import Folder
    from milieu.graph import Graph
    from milieu.store.seam import Store
    from milieu.validate.place import Placed

__all__ = ["check_hygiene", "findings_of", "read_profile", "rows_of"]


def check_hygiene(graph: Graph) -> Iterator[Finding]:
    """A finding for each row that a check gives; its severity is what the profile says of the check.

    Raises `QueryError` for a check that is no such SELECT, and `FolderError` for a profile that cannot be read.
    """
    checks = Catalogue(graph.folder.root / "queries" / "checks", graph.prefixes, graph.cache.path / "checks")
    profile = read_profile(graph.folder)
    places = _Places(graph)
    of_shapes: Store | None = None
    for check in checks:
        store: Store = graph.build.store
        if "shapes" in check.tags:
            of_shapes = of_shapes or _with_shapes(graph.folder, graph.prefixes)
            store = of_shapes
        rows = rows_of(check, store, graph.prefixes)
        severity = profile.get(check.name) or Severity[(check.severity or "warning").upper()]
        yield from findings_of(check, rows, severity, graph.prefixes, places.at)


def _with_shapes(folder: Folder, prefixes: Prefixes) -> Store:
    """The ontology and its shapes as a graph of their own."""
    store = ox.Store()
    for path in (*folder.ontology, *folder.shapes):
        lines = (f"{line} <{ASSERTED}> .\n" for line in parse_file(path, folder.relative(path)))
        store.extend(ox.parse("".join(lines).encode(), format=ox.RdfFormat.N_QUADS))
    return OxigraphStore(store, prefixes)


class _Places:
    """Where the files of a folder speak of a thing; a file is read again only when a finding points into it."""

    def __init__(self, graph: Graph) -> None:
        self._folder = graph.folder
        self._build = graph.build
        self._placed: dict[str, Placed] = {}

    def at(self, focus: str, path: str | None, value: str | None) -> Place | None:
        files = self._files(focus, path, value) or [self._folder.relative(file) for file in self._folder.shapes]
        places = (self._read(file).at(focus, path, value) for file in files)
        return next((place for place in places if place), None)

    def _files(self, focus: str, path: str | None, value: str | None) -> list[str]:
        """Those that state the very triple, else those with the first statement about the thing, if any."""
        files = self._build.origins(f"{focus} {path} {value}")
        if not files and focus.startswith("<"):
            for triple in self._build.store.match([(ox.NamedNode(focus[1:-1]), None, None)], ASSERTED):
                return self._build.origins(" ".join(str(term) for term in triple))
        return files

    def _read(self, file: str) -> Placed:
        from milieu.turtle.parse import parse
        from milieu.validate.place import Placed

        if file not in self._placed:
            self._placed[file] = Placed()
            text = self._folder.read(self._folder.root / file)
            self._placed[file].take(parse(text, file, "turtle", prefixes=self._folder.prefixes))
        return self._placed[file]
