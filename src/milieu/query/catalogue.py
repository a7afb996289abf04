"""The stored queries of a folder, by name; their headers are read once and kept as JSON beside the builds."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import milieu
from milieu.errors import QueryError
from milieu.namespaces import Prefixes
from milieu.query.header import StoredQuery

__all__ = ["Catalogue"]

_LAYOUT = f"4 {milieu.__version__}"


class Catalogue:
    """The stored queries of one kind (`answers`, `checks` or `exports`).

    `index` is a folder where their headers are remembered, one file each: only a query that changed is read anew, so
    that one starts without a YAML parser.
    """

    def __init__(self, top: Path, prefixes: Prefixes, index: Path | None = None) -> None:
        self.top = top
        self._prefixes = prefixes
        self._index = index

    def names(self) -> list[str]:
        """The names of the queries, sorted."""
        try:
            with os.scandir(self.top) as entries:
                found = [entry.name[:-3] for entry in entries if entry.name.endswith(".rq") and entry.name[0] != "."]
        except FileNotFoundError:
            return []
        return sorted(found)

    def __iter__(self) -> Iterator[StoredQuery]:
        return (self._get(name) for name in self.names())

    def __len__(self) -> int:
        return len(self.names())

    def get(self, name: str) -> StoredQuery:
        """The stored query of that name. Raises `QueryError` with the nearest name when there is none."""
        try:
            return self._get(name)
        except FileNotFoundError:
            raise self._unknown(name) from None

    def _get(self, name: str) -> StoredQuery:
        if "/" in name or "\\" in name or name.startswith("."):
            raise FileNotFoundError(name)
        path = self.top / f"{name}.rq"
        state = path.stat()
        stamp = [_LAYOUT, state.st_size, state.st_mtime_ns, self._table]
        known = self._recall(name, stamp)
        if known:
            return known
        from milieu.query.header import read

        place = f"queries/{self.top.name}/{path.name}"
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as fault:
            raise QueryError(f"the query cannot be read ({fault.strerror})", place=place) from None
        except UnicodeDecodeError:
            raise QueryError("the query is not UTF-8 text", place=place, remedy="Save it as UTF-8.") from None
        query = read(Path(place), text, self._prefixes)
        self._remember(name, stamp, query)
        return query

    @property
    def _table(self) -> int:
        """A mark of the prefix table: expectations and parameters depend on it."""
        return zlib.crc32(repr(sorted(self._prefixes.items())).encode())

    def _recall(self, name: str, stamp: list[object]) -> StoredQuery | None:
        if self._index:
            try:
                found = json.loads((self._index / f"{name}.json").read_bytes())
                if found["stamp"] == stamp:
                    return StoredQuery.from_json(found["query"])
            except (OSError, ValueError, KeyError, TypeError):
                pass  # It only saves reading; without it the header is parsed.
        return None

    def _remember(self, name: str, stamp: list[object], query: StoredQuery) -> None:
        if not self._index:
            return
        beside = self._index / f"{name}.{os.getpid()}"
        try:
            self._index.mkdir(parents=True, exist_ok=True)
            content = {"stamp": stamp, "query": query.to_json()}
            beside.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
            beside.replace(self._index / f"{name}.json")
        except OSError:
            with suppress(OSError):
                beside.unlink()

    def _unknown(self, name: str) -> QueryError:
        from milieu.spelling import nearest

        names = self.names()
        like = nearest(name, names)
        if not names:
            return QueryError(f"there is no stored query {name!r}; the folder has none", place=str(self.top))
        remedy = f"Did you mean {like}?" if like else "'milieu query' lists them all."
        return QueryError(f"there is no stored query {name!r}", remedy=remedy)
