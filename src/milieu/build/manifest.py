"""A finished build: what it holds, and which file each statement came from."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from milieu.errors import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from milieu.store.oxigraph import OxigraphStore

__all__ = ["Build", "extend_origins", "write_origins"]

_PAUSES = (0.02, 0.1, 0.4)
_KEY = 8  # bytes of the digest of a statement
_RECORD = _KEY + 4


class Build:
    """A build on disk: `canonical.nq` (every quad, sorted, as written), `store/` and `manifest.json`."""

    def __init__(self, path: Path, manifest: Mapping[str, Any]) -> None:
        self.path = path
        self.manifest = manifest

    @classmethod
    def read(cls, path: Path) -> Build:
        """The build at that path. Raises `StoreError` when its manifest cannot be read."""
        try:
            return cls(path, json.loads((path / "manifest.json").read_bytes()))
        except (OSError, ValueError) as fault:
            raise StoreError(
                f"the build's manifest cannot be read ({fault})", place=str(path), remedy="Run 'milieu build --again'."
            ) from None

    @property
    def sound(self) -> bool:
        """Whether its files are there, as long as they were written."""
        try:
            return self.canonical.stat().st_size == self.manifest["bytes"] and (self.path / "store").is_dir()
        except (OSError, KeyError):
            return False

    @property
    def digest(self) -> str:
        """The digest of the inputs it was made from."""
        return self.path.name

    @property
    def canonical(self) -> Path:
        """Every quad as a line of N-Quads, sorted, lexical forms as the files write them."""
        return self.path / "canonical.nq"

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefix table of the folder."""
        return dict(self.manifest["prefixes"])

    @property
    def languages(self) -> list[str]:
        """The language tags of its texts, sorted; none when the build was made before they were noted."""
        return list(self.manifest.get("languages", ()))

    @cached_property
    def store(self) -> OxigraphStore:
        """The store, opened for reading; any number of processes may have it open.

        Raises `StoreError` when it is damaged or gone.
        """
        from milieu.store.oxigraph import OxigraphStore

        for pause in _PAUSES:
            try:
                return OxigraphStore.open(self.path / "store", self.prefixes, self.languages)
            except StoreError:
                # 'build --again' may be putting a new store in its place at this moment.
                time.sleep(pause)
        return OxigraphStore.open(self.path / "store", self.prefixes, self.languages)

    def origins(self, statement: str) -> list[str]:
        """The files that state a triple (a line of N-Triples without its dot); empty when none does."""
        records = (self.path / "origins.bin").read_bytes()
        key = _digest(statement)
        low, high = 0, len(records) // _RECORD
        while low < high:
            middle = (low + high) // 2
            if records[middle * _RECORD : middle * _RECORD + _KEY] < key:
                low = middle + 1
            else:
                high = middle
        record = records[low * _RECORD : (low + 1) * _RECORD]
        if record[:_KEY] != key:
            return []
        files = self.manifest["files"]
        table = json.loads((self.path / "origins.json").read_bytes())
        return [files[number] for number in table[int.from_bytes(record[_KEY:], "big")]]


def write_origins(folder: Path, statements: Mapping[str, tuple[int, ...]]) -> None:
    """Write which files state what.

    A record is the digest of a statement and a number, sorted, so that one is found by halving the file; the number
    points into a table of file numbers. The place within a file is found when it is asked for, by reading that file.
    """
    table: dict[tuple[int, ...], int] = {}
    records = sorted(
        _digest(statement) + table.setdefault(files, len(table)).to_bytes(4, "big")
        for statement, files in statements.items()
    )
    (folder / "origins.bin").write_bytes(b"".join(records))
    (folder / "origins.json").write_text(json.dumps(list(table)), encoding="utf-8")


def extend_origins(old: Path, new: Path, statements: Iterable[str], file: int) -> None:
    """Write into the folder `new` what the build `old` knows of origins, and that one more file states these."""
    records = (old / "origins.bin").read_bytes()
    table = {tuple(files): number for number, files in enumerate(json.loads((old / "origins.json").read_bytes()))}
    known = {records[at : at + _KEY]: records[at + _KEY : at + _RECORD] for at in range(0, len(records), _RECORD)}
    lists = list(table)
    for statement in statements:
        key = _digest(statement)
        before = lists[int.from_bytes(known[key], "big")] if key in known else ()
        number = table.setdefault((*before, file), len(table))
        if number == len(lists):
            lists.append((*before, file))
        known[key] = number.to_bytes(4, "big")
    (new / "origins.bin").write_bytes(b"".join(key + number for key, number in sorted(known.items())))
    (new / "origins.json").write_text(json.dumps(lists), encoding="utf-8")


def _digest(statement: str) -> bytes:
    import hashlib

    return hashlib.blake2b(statement.encode(), digest_size=_KEY).digest()
