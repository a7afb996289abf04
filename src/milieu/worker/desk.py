"""What a worker has before it: a build or a working copy, opened once, and the folder it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from milieu.build.manifest import Build
from milieu.errors import StoreError
from milieu.folder import Folder
from milieu.namespaces import Prefixes
from milieu.query.catalogue import Catalogue
from milieu.store.oxigraph import OxigraphStore
from milieu.worker.limits import Limits

if TYPE_CHECKING:
    from milieu.store.remote import RemoteStore

__all__ = ["Desk"]


@dataclass
class Desk:
    """A store with its prefixes, limits and, when there is a folder behind it, the build and the stored queries.

    `union` tells whether a query's default graph is all graphs together. Only a working copy is `writable`.
    """

    store: OxigraphStore
    prefixes: Prefixes
    limits: Limits
    union: bool = True
    writable: bool = False
    build: Build | None = None
    root: Path | None = None
    index: Path | None = None

    @classmethod
    def open(cls, source: Mapping[str, Any], limits: Limits) -> Desk:
        """The desk that a pool describes. Raises `StoreError` when the store cannot be opened."""
        if source.get("store"):
            return cls._distant(source, limits)
        build = Build.read(Path(source["build"])) if source.get("build") else None
        prefixes = Prefixes(build.prefixes if build else source.get("prefixes", {}))
        copy = source.get("copy")
        if copy:
            try:
                store = OxigraphStore(ox.Store(copy), prefixes)
            except (OSError, RuntimeError, ValueError) as fault:
                raise StoreError(f"the working copy cannot be opened ({fault})", place=str(copy)) from None
        elif build:
            store = build.store
        else:
            raise StoreError("there is neither a build nor a working copy to open")
        next(iter(store.inner.quads_for_pattern(None, None, None, None)), None)
        if source.get("held") and not copy:
            store = _held(store, prefixes)
        return cls(
            store=store,
            prefixes=prefixes,
            limits=limits,
            union=source.get("union", True),
            writable=bool(copy),
            build=build,
            root=Path(source["root"]) if source.get("root") else None,
            index=Path(source["index"]) if source.get("index") else None,
        )

    @classmethod
    def _distant(cls, source: Mapping[str, Any], limits: Limits) -> Desk:
        """A desk whose store is an engine; it is asked nothing yet."""
        from milieu.build.remote import RemoteBuild

        folder = Folder(Path(source["root"]))
        build = RemoteBuild(folder, source["store"], Path(source["build"]))
        build.store.wire.most = limits.answer << 20
        return cls(
            store=cast("OxigraphStore", build.store),  # which its `inner` makes it look like
            prefixes=Prefixes(build.prefixes),
            limits=limits,
            build=build,
            root=folder.root,
            index=Path(source["index"]) if source.get("index") else None,
        )

    @cached_property
    def distant(self) -> RemoteStore | None:
        """The engine that the store is, when it is one."""
        from milieu.store.remote import RemoteStore

        return self.store if isinstance(self.store, RemoteStore) else None

    def begin(self, seconds: float | None) -> None:
        """A new task, that may take so long: no single request to an engine may take longer."""
        if self.distant and seconds:
            self.distant.wire.seconds = seconds

    @cached_property
    def folder(self) -> Folder:
        """The folder behind the build. Raises `StoreError` when there is none."""
        if self.root is None:
            raise StoreError("there is no folder behind this store")
        return Folder(self.root)

    @cached_property
    def queries(self) -> Catalogue:
        """The stored queries of the folder."""
        return Catalogue(self.folder.root / "queries" / "answers", self.prefixes, self.index)

    @cached_property
    def terms(self) -> set[str]:
        """The names of the classes and properties of the graph."""
        from milieu.query.empty import vocabulary

        return vocabulary(self.store, self.prefixes)

    def prefixes_in(self, text: str) -> dict[str, str]:
        """The prefixes that a text may use: engines read every one that they are given, which takes its time.

        >>> desk = Desk(OxigraphStore(ox.Store()), Prefixes({"a": "urn:a:", "b": "urn:b:"}), Limits())
        >>> desk.prefixes_in("ASK { a:x a:y a:z }")
        {'a': 'urn:a:'}
        """
        *pieces, _ = text.split(":")
        found = dict(self._endings.get("", ())) if pieces else {}
        for piece in pieces:  # each ends with the prefix that the colon belongs to, if it has one
            found |= {name: space for name, space in self._endings.get(piece[-1:], ()) if piece.endswith(name)}
        return found

    @cached_property
    def _endings(self) -> dict[str, list[tuple[str, str]]]:
        """The prefixes by their last letters; the empty one has none, and may stand before any colon."""
        endings: dict[str, list[tuple[str, str]]] = {}
        for prefix, space in self.prefixes.items():
            endings.setdefault(prefix[-1:], []).append((prefix, space))
        return endings


def _held(store: OxigraphStore, prefixes: Prefixes) -> OxigraphStore:
    """The same statements in memory, in the order of the disk, so that all workers give rows in the same order."""
    memory = ox.Store()
    memory.extend(store.inner.quads_for_pattern(None, None, None, None))
    return OxigraphStore(memory, prefixes, languages=store.languages)
