"""The hygiene checks of `queries/checks/`: a row of one is something to mend.

A check is a SELECT with the column `entity`, the thing to mend; where they help, `property` and `value`, the statement
about it that is wrong, and `other`, the thing it clashes with. It is asked of the graph; one with the tag `shapes` is
asked of the ontology together with its shapes, which the graph does not hold.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.errors import FolderError, QueryError
from milieu.finding import Finding, Place, Severity
from milieu.load import parse_file
from milieu.namespaces import ASSERTED, Prefixes
from milieu.query.catalogue import Catalogue
from milieu.query.run import run
from milieu.render.text import readable
from milieu.store.oxigraph import OxigraphStore

if TYPE_CHECKING:
    from milieu.folder import Folder
    from milieu.graph import Graph
    from milieu.query.header import StoredQuery
    from milieu.store.seam import Store
    from milieu.validate.place import At, Placed

__all__ = ["check_hygiene", "findings_of", "read_profile", "rows_of"]

_COLUMNS = ("entity", "property", "value", "other")
_MOST = 20  # rows of one check that are told one by one
_LONGEST = 80  # code points of a value that are shown in a message

Row = Mapping[str, str]
"""What a check names in those of its columns that have a value, as terms in N-Triples syntax."""


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


def rows_of(check: StoredQuery, store: Store, prefixes: Prefixes) -> list[Row]:
    """What a check finds in a store, in order. Raises `QueryError` when it has no column `entity`."""
    if "entity" not in check.columns:
        raise QueryError(
            "a check has no column 'entity'",
            place=check.path,
            remedy="Write SELECT ?entity ?property ?value WHERE { … }.",
        )
    found = run(store, check, {}, prefixes).terms
    rows = [{name: str(row[name]) for name in _COLUMNS if row.get(name)} for row in found]
    return sorted((row for row in rows if "entity" in row), key=lambda row: [row.get(name, "") for name in _COLUMNS])


def findings_of(
    check: StoredQuery, rows: Iterable[Row], severity: Severity, prefixes: Prefixes, at: At = lambda *_: None
) -> Iterator[Finding]:
    """The rows of a check as findings, each where `at` finds it; from the twenty-first on they are only counted."""
    listed = list(rows)
    problem = check.problem or check.summary
    for row in listed[:_MOST]:
        entity, path, value, other = (row.get(name) for name in _COLUMNS)
        said = " ".join(_shown(part, prefixes) for part in (path, value) if part)
        said += f"; see {_shown(other, prefixes)}" if other else ""
        named = _shown(row["entity"], prefixes) + (f" ({said})" if said else "")
        elsewhere = at(other, path, value) if other else None
        yield Finding(
            severity,
            check.name,
            f"{named}: {problem}",
            check.remedy,
            focus=entity,
            path=path,
            value=value,
            place=at(row["entity"], path, value),
            related=(elsewhere,) if elsewhere else (),
        )
    if len(listed) > _MOST:
        yield Finding(severity, check.name, f"{len(listed) - _MOST} more: {problem}", check.remedy)


def read_profile(folder: Folder) -> Mapping[str, Severity]:
    """How much what each check finds matters: `queries/checks/profile.toml`, a severity per name.

    Raises `FolderError` when it cannot be read, names a check that is not there, or another severity.

    >>> from milieu.folder import Folder
    >>> read_profile(Folder.find())["statement-without-evidence"].word
    'violation'
    """
    path = folder.root / "queries" / "checks" / "profile.toml"
    if not path.is_file():
        return {}
    place = folder.relative(path)
    try:
        written = tomllib.loads(folder.read(path))
    except tomllib.TOMLDecodeError as fault:
        raise FolderError(f"the profile is not TOML: {fault}", place=place) from None
    words = {severity.word: severity for severity in Severity}
    profile: dict[str, Severity] = {}
    for name, word in written.items():
        if word not in words:
            raise FolderError(
                f"{name} = {word!r} is no severity", place=place, remedy=f"Write one of {', '.join(words)}."
            )
        if not path.with_name(f"{name}.rq").is_file():
            raise FolderError(f"there is no check {name!r}", place=place, remedy="Remove the line, or add the file.")
        profile[name] = words[word]
    return profile


def _shown(term: str, prefixes: Prefixes) -> str:
    """A term as a message shows it: prefixed, cut short, and a number or date without its datatype."""
    text = readable(re.sub(r'(?<=")\^\^<[^>]*>$', "", term), prefixes)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


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
