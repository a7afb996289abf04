"""An edition: what the server answers from between two changes of the folder."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from milieu.build.manifest import Build
from milieu.folder import Folder
from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS, Prefixes
from milieu.query.catalogue import Catalogue
from milieu.server.addresses import Addresses
from milieu.server.answers import Answers
from milieu.worker.pool import Pool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milieu.server.search import Index
    from milieu.store.remote import RemoteStore

__all__ = ["LABELS", "Edition", "text_of"]

LABELS = (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCTERMS}title", "http://xmlns.com/foaf/0.1/name")
"""The properties that name a thing, the first one first."""
_MOST_NAMES = 200_000
_ANSWERS = 64 << 20
_MOST_NEAR = 200  # parts of a distant graph that are kept


class Edition:
    """One build with its workers, stored queries, addresses and names."""

    def __init__(self, build: Build, folder: Folder, queries: Catalogue, pool: Pool) -> None:
        self.build = build
        self.folder = folder
        self.queries = queries
        self.pool = pool
        self.prefixes = Prefixes(build.prefixes)
        self.files = tempfile.TemporaryDirectory(prefix="milieu-")
        self.answers = Answers(_ANSWERS)
        self.kept: dict[str, Any] = {}
        """What is worked out once per edition, by name."""
        self._names: dict[str, str | None] = {}
        self._near: dict[tuple[tuple[str, ...], int], ox.Store] = {}
        self._making: dict[str, asyncio.Lock] = {}

    @property
    def store(self) -> ox.Store:
        """The store of the build, for look-ups that are small whatever is asked.

        When it is a distant engine each look-up is a request to it, which belongs into a thread; see `near`.
        """
        return self.build.store.inner

    def near(self, iris: Collection[str], *, incoming: int = 0) -> ox.Store:
        """A store for look-ups about these things, what they mention and their evidence; their names are known then.

        It is the store itself; of a distant engine it is a part, fetched in a few requests. What refers to the things
        is in it when `incoming` says how much of it there may be. Call it in a thread.
        """
        distant = self._distant
        if distant is None:
            return self.store
        key = (tuple(iris), incoming)
        found = self._near.get(key)
        if found is None:
            from milieu.store.surroundings import surroundings

            found, mentioned = surroundings(distant, iris, LABELS, incoming)
            self._names.update({iri: _name(found, iri) for iri in mentioned})
            if len(self._near) >= _MOST_NEAR:
                self._near.clear()
            self._near[key] = found
        return found

    async def learn(self, iris: Iterable[str]) -> None:
        """Have the names of these things known, so that a page asks no engine for one after the other."""
        if self._distant is not None:
            await asyncio.to_thread(self.know, iris)

    @cached_property
    def _distant(self) -> RemoteStore | None:
        from milieu.store.remote import RemoteStore

        store: object = self.build.store
        return store if isinstance(store, RemoteStore) else None

    def know(self, iris: Iterable[str]) -> None:
        """The same, within a thread."""
        if self._distant is None:
            return
        wanted = [ox.NamedNode(iri) for iri in dict.fromkeys(iris) if iri not in self._names]
        found: dict[str, dict[str, list[ox.Literal]]] = {}
        patterns = [(node, ox.NamedNode(label), None) for node in wanted for label in LABELS]
        for thing, label, name in self._distant.match(patterns):
            if isinstance(name, ox.Literal):
                found.setdefault(thing.value, {}).setdefault(label.value, []).append(name)
        for node in wanted:
            said = found.get(node.value, {})
            self._names[node.value] = next((text_of(said[label]) for label in LABELS if label in said), None)

    @cached_property
    def addresses(self) -> Addresses:
        """The addresses of the folder."""
        return Addresses.of(self.prefixes, self.ontology)

    @cached_property
    def ontology(self) -> str:
        """The IRI of the ontology: the one that the header declares."""
        header = self.folder.read(self.folder.header)
        for quad in ox.parse(header.encode(), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value == f"{RDF}type" and quad.object == ox.NamedNode(f"{OWL}Ontology"):
                return str(quad.subject.value)
        return f"https://w3id.org/milieu/folder/{self.build.manifest['name']}"

    @cached_property
    def title(self) -> str:
        """What the graph calls itself."""
        return str(self.build.manifest["name"]).replace("-", " ").capitalize()

    @cached_property
    def index(self) -> Index:
        """The index of names, made when it is first asked for."""
        from milieu.server.search import Index

        if self._distant is not None:
            return Index.of_engine(self._distant, self.addresses)
        return Index.of(self.store, self.addresses)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the canonical quads: the same graph has the same."""
        found = hashlib.sha256()
        with self.build.canonical.open("rb") as stream:
            while piece := stream.read(1 << 20):
                found.update(piece)
        return found.hexdigest()

    def name(self, iri: str) -> str | None:
        """The name of a thing, in English when it has one."""
        if iri not in self._names:
            if len(self._names) > _MOST_NAMES:
                self._names.clear()
            self._names[iri] = _name(self.store, iri)
        return self._names[iri]

    def making(self, name: str) -> asyncio.Lock:
        """The lock under which a piece of `kept` is made, so that it is made once."""
        return self._making.setdefault(name, asyncio.Lock())

    def export_path(self, name: str) -> Path:
        """Where an export of this edition is kept."""
        return Path(self.files.name) / name

    async def close(self) -> None:
        """End the workers and remove the files."""
        await self.pool.close()
        self.files.cleanup()


def _name(store: ox.Store, iri: str) -> str | None:
    node = ox.NamedNode(iri)
    for label in LABELS:
        found = [
            quad.object
            for quad in store.quads_for_pattern(node, ox.NamedNode(label), None, None)
            if isinstance(quad.object, ox.Literal)
        ]
        if found:
            return text_of(found)
    return None


def text_of(literals: list[ox.Literal]) -> str:
    """The text that most readers can read: English, then any language, in a settled order.

    >>> text_of([ox.Literal("金沢", language="ja"), ox.Literal("Kanazawa", language="en")])
    'Kanazawa'
    """

    def rank(literal: ox.Literal) -> tuple[int, str]:
        language = literal.language or ""
        order = 0 if language == "en" else 1 if language.startswith("en-") else 2 if not language else 3
        return order, str(literal)

    return min(literals, key=rank).value
