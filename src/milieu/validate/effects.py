"""Step 7, effects: which stored queries would answer otherwise, with the rows gained and lost."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.errors import MilieuError
from milieu.finding import Effect
from milieu.namespaces import ASSERTED, INFERRED, RDF, Prefixes
from milieu.store.oxigraph import OxigraphStore
from milieu.validate.whole import Base

if TYPE_CHECKING:
    from milieu.folder import Folder

__all__ = ["effects_of"]

_SECONDS = 5.0
_ROWS = 100_000
_SHOWN = 20
_NAME = re.compile(r"<([^<>\s]+)>|([A-Za-z][\w.-]*:[\w.-]*)")
_OPEN = re.compile(r"[?$]\w+\s+[?$]\w+\s+[?$<\w\"]")
_TYPE = f"{RDF}type"


def effects_of(
    folder: Folder, build: Base, added: Collection[ox.Triple], inferred: Iterable[ox.Triple]
) -> list[Effect]:
    """The stored queries whose rows would change if these triples joined the graph, each run with its defaults.

    Only queries that mention what is new are run, before and after, for five seconds altogether; those that need a
    parameter without a default are left out.
    """
    new = [*added, *inferred]
    touched = {triple.predicate.value for triple in new if triple.predicate.value != _TYPE}
    touched |= {triple.object.value for triple in new if triple.predicate.value == _TYPE}  # type: ignore[union-attr]
    queries = [(name, summary, text) for name, summary, text in _texts(folder, build) if _reads(text, touched, build)]
    if not queries:
        return []
    with tempfile.TemporaryDirectory(dir=build.path.parent, prefix="tmp-after-", ignore_cleanup_errors=True) as place:
        held = _held(place)
        build.store.inner.backup(f"{place}/store")
        after = ox.Store(f"{place}/store")
        after.extend(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(ASSERTED)) for t in added)
        after.extend(ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(INFERRED)) for t in inferred)
        found = list(_compared(queries, build.store, OxigraphStore(after, build.prefixes), build.prefixes))
        del after
        os.close(held)
    return found


def _held(place: str) -> int:
    """A lock by which the cache tells a copy in use from one that a killed process left behind."""
    handle = os.open(f"{place}/lock", os.O_CREAT | os.O_RDWR)
    with suppress(ImportError):
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _texts(folder: Folder, build: Base) -> Iterator[tuple[str, str, str]]:
    from milieu.query.catalogue import Catalogue
    from milieu.query.run import bound

    prefixes = Prefixes(build.prefixes)
    index = build.path.parent / "queries.json"
    try:
        for stored in Catalogue(folder.root / "queries" / "answers", prefixes, index):
            try:
                yield stored.name, stored.summary, bound(build.store, stored, {}, prefixes)
            except MilieuError:
                continue
    except MilieuError:
        return


def _reads(text: str, touched: Collection[str], build: Base) -> bool:
    """Whether a query mentions one of these terms, or asks for statements of any kind."""
    if _OPEN.search(text):
        return True
    prefixes = Prefixes(build.prefixes)
    return any((iri or prefixes.expand(name)) in touched for iri, name in _NAME.findall(text))


def _compared(
    queries: Iterable[tuple[str, str, str]], before: OxigraphStore, after: OxigraphStore, prefixes: dict[str, str]
) -> Iterator[Effect]:
    table = Prefixes(prefixes)
    until = time.monotonic() + _SECONDS
    for name, summary, text in queries:
        if time.monotonic() > until:
            return
        try:
            columns, old = _rows(before, text, table)
            _, new = _rows(after, text, table)
        except MilieuError:
            continue
        gained, lost = list((new - old).elements()), list((old - new).elements())
        if gained or lost:
            yield Effect(name, summary, columns, len(gained), len(lost), tuple(gained[:_SHOWN]), tuple(lost[:_SHOWN]))


def _rows(store: OxigraphStore, text: str, prefixes: Prefixes) -> tuple[tuple[str, ...], Counter[tuple[str, ...]]]:
    results = store.query(text)
    if isinstance(results, ox.QueryBoolean):
        return ("answer",), Counter([("yes" if results else "no",)])
    if isinstance(results, ox.QueryTriples):
        return ("statement",), Counter((str(triple),) for triple in results)
    columns = tuple(variable.value for variable in results.variables)
    rows: Counter[tuple[str, ...]] = Counter()
    for number, row in enumerate(results):
        if number >= _ROWS:
            break
        rows[tuple(_shown(row[column], prefixes) for column in columns)] += 1
    return columns, rows


def _shown(term: object, prefixes: Prefixes) -> str:
    if isinstance(term, ox.NamedNode):
        return prefixes.compact(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term or "")
