"""The site: settings, and the edition that answers now; a new one takes its place when the folder has changed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from milieu.build.cache import Cache
from milieu.build.manifest import Build
from milieu.errors import BuildError, MilieuError
from milieu.folder import Folder
from milieu.namespaces import Prefixes
from milieu.query.catalogue import Catalogue
from milieu.server.edition import Edition
from milieu.worker.limits import Limits
from milieu.worker.pool import Pool

__all__ = ["Settings", "Site"]

_HELD = 100_000  # statements that each worker holds in memory: two thirds of a second and 45 MB at most
_ENGINE_WATCH = 30.0  # seconds: a look at an engine is a request to it
_log = logging.getLogger("milieu.server")


@dataclass(frozen=True)
class Settings:
    """How a site is served.

    `token` makes it writable: queries and updates then go to a working copy of the build, in `copy` or else in a
    folder of its own that is removed at the end. `union` tells whether the default graph is all graphs together.
    `watch` is how many seconds lie between two looks at the folder; 0 is never.
    """

    limits: Limits = field(default_factory=Limits)
    workers: int = 4
    hosts: frozenset[str] = frozenset({"127.0.0.1", "localhost", "[::1]"})
    most_bytes: int = 10 << 20
    token: str | None = None
    copy: Path | None = None
    union: bool = True
    watch: float = 2.0
    warm: bool = True


class Site:
    """What every request shares. Start it within the event loop that serves, and stop it there.

    `store` is the address of an engine that answers in place of a build.
    """

    def __init__(
        self, folder: Folder, cache: Cache, settings: Settings, *, as_built: bool = False, store: str | None = None
    ) -> None:
        self.folder = folder
        self.cache = cache
        self.settings = settings
        self.trouble: str | None = None
        """Why the newest files are not what answers."""
        self.failed: MilieuError | None = None
        """Why it did not start."""
        self._as_built = as_built
        self._store = store
        self._seen: str | None = None
        self._edition: Edition | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._copy: Path | None = None

    @property
    def edition(self) -> Edition:
        """The edition that answers now."""
        assert self._edition is not None, "the site is not started"
        return self._edition

    async def start(self) -> None:
        """Open the current build. Raises `BuildError` when there is none and the folder does not build."""
        self._edition = await self._open(await asyncio.to_thread(self._build))
        if self.settings.watch and not self.settings.token:
            self._later(self._follow_engine() if self._store else self._follow_folder())

    async def stop(self) -> None:
        """End everything that was started."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._edition:
            await self._edition.close()
        if self._copy and not self.settings.copy:
            shutil.rmtree(self._copy, ignore_errors=True)

    def _build(self) -> Build:
        if self._store:
            return self._distant()
        last = self.cache.last() if self._as_built else self.cache.find(self.cache.digest())
        if last:
            return last
        if self._as_built:
            raise BuildError("there is no build yet", place=str(self.cache.path), remedy="Run 'milieu build' first.")
        from milieu.build.steps import bring_up_to_date

        return bring_up_to_date(self.folder, self.cache)

    def _distant(self) -> Build:
        """What the engine holds now. Raises `StoreError` when it cannot be reached."""
        from milieu.build.remote import RemoteBuild

        found = RemoteBuild(self.folder, self._store or "", self.cache.path / self.cache.digest())
        found.store.wire.seconds = self.settings.limits.seconds
        _ = found.digest, found.manifest  # once, here, and never while a request waits
        return found

    async def _open(self, build: Build) -> Edition:
        index = self.cache.path / "queries.json"
        source: dict[str, Any] = {"build": str(build.path), "root": str(self.folder.root), "index": str(index)}
        source["union"] = self.settings.union
        if self._store:
            source["store"] = self._store
        elif self.settings.warm:
            source["held"] = sum(build.manifest["counts"][kind] for kind in ("asserted", "inferred")) <= _HELD
        if self.settings.token:
            source["copy"] = str(await asyncio.to_thread(self._working_copy, build))
        # One process may write at a time, so that a working copy has one worker.
        pool = Pool(source, self.settings.limits, 1 if self.settings.token else self.settings.workers)
        if self.settings.warm:
            await pool.start()
        queries = Catalogue(self.folder.root / "queries" / "answers", Prefixes(build.prefixes), index)
        edition = Edition(build, self.folder, queries, pool)
        await asyncio.to_thread(_warm, edition)
        return edition

    def _working_copy(self, build: Build) -> Path:
        if self.settings.copy:
            self._copy = self.settings.copy
            if self._copy.exists():
                return self._copy
        else:
            self._copy = Path(tempfile.mkdtemp(prefix="milieu-copy-")) / "store"
        self._copy.parent.mkdir(parents=True, exist_ok=True)
        build.store.inner.backup(str(self._copy))
        return self._copy

    async def _follow_folder(self) -> None:
        self._seen = self.edition.build.digest if self._as_built else await asyncio.to_thread(self._digest)
        trouble = "the folder has changed but does not build; the old answers stay"
        await self._watch(self.settings.watch, self._look_at_folder, trouble)

    async def _follow_engine(self) -> None:
        every = max(self.settings.watch, _ENGINE_WATCH)
        await self._watch(every, self._look_at_engine, "the engine does not tell what it holds")

    async def _watch(self, every: float, look: Callable[[], Awaitable[None]], trouble: str) -> None:
        """Look every so many seconds; what hinders is told, and looked at again."""
        while True:
            await asyncio.sleep(every)
            try:
                await look()
            except MilieuError as fault:
                self.trouble = str(fault)
                _log.warning("%s: %s", trouble, fault)
            except Exception:
                _log.exception("an unexpected fault while looking for what is new")

    async def _look_at_folder(self) -> None:
        """Build anew beside what answers, when the files have changed, and change over when that has come out well."""
        digest = await asyncio.to_thread(self._digest)
        if digest is None or digest == self._seen:
            return
        self._seen = digest
        if not self._as_built and not await asyncio.to_thread(self.cache.find, digest):
            await self._build_beside()
        build = await asyncio.to_thread(self.cache.find, digest)
        if build and build.digest != self.edition.build.digest:
            await self._change_over(build)
        self.trouble = None

    async def _look_at_engine(self) -> None:
        """Change over to what has been published to the engine, or to other shapes of the folder at hand."""
        build, now = await asyncio.to_thread(self._distant), self.edition.build
        if (build.digest, build.path) != (now.digest, now.path):
            await self._change_over(build)
        self.trouble = None

    def _digest(self) -> str | None:
        if self._as_built:
            last = self.cache.last()
            return last.digest if last else None
        return self.cache.digest()

    async def _build_beside(self) -> None:
        # A build holds up every thread of its process for a while, so it has one of its own.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "milieu", "--graph", str(self.folder.root), "--cache", str(self.cache.path.parent), "build"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await process.communicate()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        if process.returncode != 0:
            first = next(
                (line for line in said.decode(errors="replace").splitlines() if line.strip()), "no reason given"
            )
            raise BuildError(first, remedy="Run 'milieu build' to see every finding.")

    async def _change_over(self, build: Build) -> None:
        old, self._edition = self.edition, await self._open(build)
        _log.info("now answering from build %s", build.digest)
        self._later(_retire(old))

    def _later(self, coroutine: Any) -> None:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _warm(edition: Edition) -> None:
    """Have what the first reader would otherwise wait for."""
    edition.know([edition.ontology])
    edition.name(edition.ontology)
    _ = edition.addresses, edition.title


async def _retire(edition: Edition) -> None:
    """Close an edition once nobody reads from it any more; those who read for ever are cut off in the end."""
    now = asyncio.get_running_loop().time
    latest = now() + edition.pool.limits.chore_seconds
    try:
        while now() < latest:
            await asyncio.sleep(5)
            state = edition.pool.state
            if state["idle"] == state["workers"]:
                break
    finally:
        await edition.close()
