"""A graph in a remote engine in place of a build: the same questions, answered over the network."""

from __future__ import annotations

import hashlib
import heapq
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import milieu
from milieu.build.manifest import Build
from milieu.errors import StoreError
from milieu.namespaces import ASSERTED, INFERRED
from milieu.store.memory import Remembered
from milieu.store.remote import RemoteStore

if TYPE_CHECKING:
    from milieu.folder import Folder
    from milieu.store.publication import Notes
    from milieu.store.seam import Pattern

__all__ = ["RemoteBuild"]

_IN_MEMORY = 200_000  # lines that are sorted at a time


class RemoteBuild(Build):
    """What an engine holds of a graph; prefixes, shapes and stored queries are those of the folder at hand.

    `path` is where a build of the same folder would be, so that shapes compiled for that one serve here too.
    """

    def __init__(self, folder: Folder, address: str, path: Path) -> None:
        self.path = path
        self._folder = folder
        self._address = address

    @cached_property
    def store(self) -> RemoteStore:  # type: ignore[override]
        """The engine."""
        return RemoteStore.open(self._address, self.prefixes)

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefix table of the folder."""
        return dict(self._folder.prefixes)

    @cached_property
    def digest(self) -> str:
        """What was published there last when first asked, as the engine notes it; else the digest of its address."""
        return self._notes.digest or hashlib.sha256(self._address.encode()).hexdigest()[:20]

    @cached_property
    def _notes(self) -> Notes:
        from milieu.store.publication import read_notes

        return read_notes(self.store)

    @cached_property
    def manifest(self) -> Mapping[str, Any]:  # type: ignore[override]
        """Name, prefixes and counts, as a build has them; no files, which are not there."""
        counts = {"asserted": self.store.count(ASSERTED), "inferred": self.store.count(INFERRED)}
        return {
            "milieu": milieu.__version__,
            "name": self._folder.name,
            "built": self._notes.built or datetime.now(UTC).isoformat(timespec="seconds"),
            "prefixes": self.prefixes,
            "counts": counts,
            "files": [],
            "origins": [],
        }

    @property
    def canonical(self) -> Path:
        """Every quad as a line of N-Quads, sorted: fetched when it is first asked for, and removed with this object.

        Raises `StoreError` when the engine gives less than it counts.
        """
        return self._fetched / "canonical.nq"

    @cached_property
    def _fetched(self) -> Path:
        place = Path(tempfile.mkdtemp(prefix="milieu-"))
        weakref.finalize(self, shutil.rmtree, place, ignore_errors=True)
        _write_sorted(self._lines(), place)
        return place

    def _lines(self) -> Iterator[str]:
        for graph in (ASSERTED, INFERRED):
            count = 0
            for subject, predicate, value in self.store.match([(None, None, None)], graph):
                count += 1
                yield f"{subject} {predicate} {value} <{graph}> .\n"
            expected = self.store.count(graph)
            if count != expected:
                raise StoreError(
                    f"the engine gave {count:,} of the {expected:,} statements of <{graph}>",
                    place=self._address,
                    remedy="Raise its limit of rows, or ask again when nobody changes it.",
                )

    def remembering(self, ahead: Iterable[Pattern]) -> RemoteBuild:
        """The same for one piece of work, which asks nothing twice, and these patterns in its first round trip."""
        twin = RemoteBuild(self._folder, self._address, self.path)
        twin.__dict__["store"] = Remembered(self.store, ahead)
        return twin

    def origins(self, statement: str) -> list[str]:  # noqa: ARG002
        """None: an engine knows no files."""
        return []


def _write_sorted(lines: Iterable[str], place: Path) -> None:
    """Write lines, sorted and each once, into `canonical.nq`; only so many of them are ever in memory."""
    rest = iter(lines)
    parts: list[Path] = []
    while some := sorted(islice(rest, _IN_MEMORY)):
        parts.append(place / f"part-{len(parts)}")
        parts[-1].write_text("".join(some), encoding="utf-8", newline="\n")
    with ExitStack() as stack:
        streams = [stack.enter_context(part.open(encoding="utf-8", newline="\n")) for part in parts]
        target = stack.enter_context((place / "canonical.nq").open("w", encoding="utf-8", newline="\n"))
        last = ""
        for line in heapq.merge(*streams):
            if line != last:
                target.write(line)
                last = line
    for part in parts:
        part.unlink()
