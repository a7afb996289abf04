"""Step 6, hygiene: what the checks of `queries/checks/` find once a contribution has joined, and did not find before.

The checks are asked of a small graph: the contribution and what lies about its nodes. A row that this graph gives
without the contribution as well is none of its fault; so what is cut off at the edge is never told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Place, Severity
from milieu.namespaces import ASSERTED, OWL, RDF, RDFS
from milieu.store.oxigraph import OxigraphStore
from milieu.validate.case import Case
from milieu.validate.checks import Row, findings_of, read_profile, rows_of
from milieu.validate.echoes import evidenced, torn
from milieu.validate.schema import space_of

if TYPE_CHECKING:
    from pathlib import Path

    from milieu.folder import Folder
    from milieu.query.header import StoredQuery
    from milieu.store.seam import Pattern, Triple

__all__ = ["check_hygiene"]

_TYPE = ox.NamedNode(f"{RDF}type")
_BESIDE = 60
"""How many statements that share a value, or lead to a thing, are looked at: a value that more have tells nothing."""
_STEPS = 6
"""How far parts of parts are followed."""
_ROWS = 1000
"""How many rows of a check are looked at: what joins values in pairs finds millions in a few thousand of them."""
_TAGS = re.compile(r"^#\+ tags:.*\bdata\b", re.MULTILINE)
_NAME = re.compile(r"<([^<>\s]+)>|([A-Za-z][\w.-]*:[\w.-]+)")
_OPEN = re.compile(r"[?$]\w+\s+[?$](\w+)\s+[?$]\w")
_BOUND = re.compile(r"(?:VALUES|AS)\s+[?$](\w+)")
_ANY_CLASS = re.compile(r"\sa\s+[?$]\w")
_NEGATED = re.compile(r"(?:NOT\s+EXISTS|MINUS)\s*\{[^{}]*\}")
_ONTOLOGY = (
    *(ox.NamedNode(OWL + name) for name in ("inverseOf", "propertyChainAxiom", "equivalentClass", "deprecated")),
    ox.NamedNode(f"{RDFS}subClassOf"),
)
# The other steps of the gate say these, with what to write instead.
_SAID = frozenset(
    {"blank-node-in-data", "dangling-reference", "deprecated-term-in-use", "inferred-property-asserted"}
    | {"misspelt-namespace", "statement-without-evidence", "thing-without-class", "undeclared-term"}
)


def check_hygiene(case: Case, folder: Folder, kept: Path, findings: Iterable[Finding]) -> Iterator[Finding]:
    """What `milieu check` would find afterwards and does not find now, unless one of `findings` says it already.

    Only checks that speak of what the contribution says are asked; `kept` is where their headers are remembered. A
    distant engine is not asked at all. Raises `QueryError` for a check that is no such SELECT, and `FolderError` for a
    profile that cannot be read.
    """
    store = case.schema.store
    new = [triple for triple in case.triples if not case.schema.states(triple)]
    if not new or not isinstance(store, OxigraphStore):
        return
    checks = list(_touched(case, new, folder, kept))
    if not checks:
        return
    prefixes = case.schema.prefixes
    around = _around(case, store, new, " ".join(check.text for check in checks))
    graph = OxigraphStore(ox.Store(), prefixes)
    graph.add([*around, *((t.subject, t.predicate, t.object) for t in new)], ASSERTED)  # type: ignore[list-item]
    found = [(check, rows) for check in checks if (rows := rows_of(check, graph, prefixes, _ROWS))]
    if not found:
        return
    for triple in new:
        graph.inner.remove(ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(ASSERTED)))
    said = _Said(case, findings)
    profile = read_profile(folder)
    for check, rows in found:
        old = {tuple(row.items()) for row in rows_of(check, graph, prefixes)}
        severity = profile.get(check.name) or Severity[(check.severity or "warning").upper()]
        for row in rows:
            place = None if tuple(row.items()) in old else said.place(row)
            if place and not said.has(row, place):
                yield from (replace(one, place=place) for one in findings_of(check, [row], severity, prefixes))


def _touched(case: Case, new: Sequence[ox.Triple], folder: Folder, kept: Path) -> Iterator[StoredQuery]:
    """The checks of data of which some pattern may meet a statement of the contribution."""
    from milieu.query.catalogue import Catalogue

    terms = {triple.predicate.value for triple in new}
    for triple in new:
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            terms |= case.schema.above(triple.object.value)
    prefixes = case.schema.prefixes
    # The headers are read only of those that are asked.
    catalogue = Catalogue(folder.root / "queries" / "checks", prefixes, kept)
    for name in catalogue.names():
        path = catalogue.top / f"{name}.rq"
        names = None if name in _SAID else _asked(path, path.stat().st_mtime_ns)
        if names is not None and ("" in names or any((prefixes.expand(one) or one) in terms for one in names)):
            yield catalogue.get(name)


@lru_cache(maxsize=1000)
def _asked(path: Path, _changed: int) -> frozenset[str] | None:
    """The names in what a check asks for, "" among them when it asks for statements of any kind; None if not of data.

    New statements only take rows away where a pattern must not match; so those do not count.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    if not _TAGS.search(text):
        return None
    body = _NEGATED.sub("", text[text.find("{", text.find("WHERE")) :])
    bound = set(_BOUND.findall(body))
    names = {iri or short for iri, short in _NAME.findall(body)} - {"rdf:type"}
    if any(variable not in bound for variable in _OPEN.findall(body)):
        names.add("")
    return frozenset(names | ({_TYPE.value} if _ANY_CLASS.search(body) else set()))


def _around(case: Case, store: OxigraphStore, new: Sequence[ox.Triple], text: str) -> list[Triple]:
    """What the graph says about the nodes of new statements: of them, to them, and of what those lead to."""
    found: dict[Triple, None] = {}
    seen: set[object] = set()

    def look(patterns: Iterable[Pattern]) -> list[Triple]:
        got = [t for pattern in patterns for t in islice(store.match([pattern], ASSERTED), _BESIDE)]
        found.update(dict.fromkeys(got))
        return got

    def about(nodes: Iterable[object]) -> list[Triple]:
        fresh = [node for node in dict.fromkeys(nodes) if node not in seen and isinstance(node, ox.NamedNode)]
        seen.update(fresh)
        return look((node, None, None) for node in fresh)

    transitive = case.schema.transitive
    things = case.schema.thing_spaces
    nodes = [term for triple in new for term in (triple.subject, triple.predicate, triple.object)]
    near = about(nodes)
    # What shares a value, or leads to a thing that is spoken of.
    shared = {(None, triple.predicate, triple.object) for triple in new if triple.predicate != _TYPE}
    for pattern in [*shared, *((None, None, node) for node in {t.subject for t in new})]:
        beside = look([pattern])  # type: ignore[list-item]
        near += beside if len(beside) < _BESIDE else []
    next_to = about(_things((term for s, _, o in near for term in (s, o)), things))
    frontier = [o for _, p, o in [*near, *next_to] if p.value in transitive]
    for _ in range(_STEPS):
        further = about(_things(frontier, things))
        frontier = [o for _, p, o in further if p.value in transitive]
        if not frontier:
            break
    for prop in _ONTOLOGY:
        if any(name in text for name in (case.schema.prefixes.compact(prop.value), prop.value)):
            found.update(dict.fromkeys(store.match([(None, prop, None)], ASSERTED)))
    return list(found)


def _things(nodes: Iterable[object], spaces: Collection[str]) -> Iterator[ox.NamedNode]:
    for node in nodes:
        if isinstance(node, ox.NamedNode) and space_of(node.value) in spaces:
            yield node


class _Said:
    """Where a row points in the contribution, and whether another finding stands there."""

    def __init__(self, case: Case, findings: Iterable[Finding]) -> None:
        found = [one for one in findings if one.severity is not Severity.INFO]
        self._case = case
        self._torn = torn(found, case)
        self._places = {one.place for one in found}
        self._repeated = {(one.focus, one.path) for one in found if one.code == "sh:uniqueLang"}
        self._nodes: dict[str, frozenset[str]] = {}
        self._hindered = any(one.severity is Severity.VIOLATION for one in found)

    def place(self, row: Row) -> Place | None:
        """At the entity, at the thing it clashes with, or at the statement that the row is about."""
        placed = self._case.placed
        path, value = row.get("property"), row.get("value")
        for name in ("entity", "other"):
            node = row.get(name)
            if node in placed.about:
                return placed.at(node, path, value)
        for triple in self._case.triples:
            if str(triple.predicate) == path and str(triple.object) == value:
                located = self._case.locate(triple)
                return located.object if located else None
        return placed.at(row["entity"])

    def has(self, row: Row, place: Place) -> bool:
        """Whether it has been told, or may only seem so, as what is missing may while other things are wrong."""
        missing = "property" not in row
        entity = row["entity"]
        if entity not in self._nodes:
            self._nodes[entity] = frozenset({entity, *evidenced(entity, self._case)})
        torn = not self._nodes[entity].isdisjoint(self._torn)
        told = place in self._places or (entity, row.get("property")) in self._repeated
        return told or torn or (missing and self._hindered)
