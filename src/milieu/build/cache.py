"""Where builds are kept: one folder per graph, in it one folder per digest, renamed into place once, never changed."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from milieu.build.inputs import digest_of
from milieu.build.manifest import Build
from milieu.errors import BuildError, StoreError

__all__ = ["Cache"]

_KEPT = 3  # builds per graph: the current one and two to go back to


class Cache:
    """The builds of one folder.

    Without `path` they are kept in `$MILIEU_CACHE`, else where the system keeps caches (`$XDG_CACHE_HOME`, else
    `~/.cache/milieu`).
    """

    def __init__(self, root: Path, path: str | os.PathLike[str] | None = None) -> None:
        self.root = root
        mark = f"{zlib.crc32(str(root).encode()):08x}"
        self.path = Path(path or os.environ.get("MILIEU_CACHE") or _system_cache()) / f"{root.name or 'graph'}-{mark}"

    def digest(self) -> str:
        """The digest of the folder as it is now."""
        with suppress(OSError):  # without the index every file is read; only building needs to write here
            self.path.mkdir(parents=True, exist_ok=True)
        return digest_of(self.root, self.path / "inputs.json")

    def find(self, digest: str) -> Build | None:
        """The build of that digest, or None when there is none yet."""
        path = self.path / digest
        if not (path / "manifest.json").is_file():
            return None
        found = Build.read(path)
        return found if found.sound else None

    def last(self) -> Build | None:
        """The newest good build, whatever the folder holds by now."""
        return next(iter(self.builds()), None)

    def builds(self) -> list[Build]:
        """Every build there is, newest first."""
        try:
            there = [entry for entry in self.path.iterdir() if (entry / "manifest.json").is_file()]
        except OSError:
            return []
        finished = [entry for entry in there if not entry.name.startswith("tmp-")]
        found = (Build.read(entry) for entry in sorted(finished, key=_finished, reverse=True))
        return [build for build in found if build.sound]

    @contextmanager
    def making(self, digest: str, *, again: bool = False) -> Iterator[Path]:
        """A new folder to build in; when the block ends well it becomes the build of that digest, else it is removed.

        Raises `BuildError` when the cache cannot be written or the disk is full; what was there before stays.
        """
        import shutil
        import tempfile

        place = str(self.path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._sweep()
            work = Path(tempfile.mkdtemp(prefix="tmp-", dir=self.path))
            lock = _hold(work / "lock")
        except OSError as fault:
            raise BuildError(
                f"the cache cannot be written ({fault.strerror})",
                place=place,
                remedy="Name another place with --cache DIR or the environment's MILIEU_CACHE.",
            ) from None
        try:
            yield work
            _sync(work)
            self._publish(work, self.path / digest, again=again)
        except OSError as fault:
            raise BuildError(
                f"the build cannot be written ({fault.strerror or fault})",
                place=place,
                remedy="Free some space, or name another place with --cache DIR; the last good build is untouched.",
            ) from None
        finally:
            os.close(lock)
            shutil.rmtree(work, ignore_errors=True)
        self._prune(keep=digest)

    def _publish(self, work: Path, target: Path, *, again: bool) -> None:
        import shutil
        import tempfile

        (work / "lock").unlink()
        if target.exists() and (again or not Build.read(target).sound):
            aside = Path(tempfile.mkdtemp(prefix="tmp-", dir=self.path))
            target.rename(aside / "old")
            work.rename(target)
            shutil.rmtree(aside, ignore_errors=True)
            return
        try:
            work.rename(target)
        except OSError:
            # Another process finished the same build first: the same inputs, so the same build.
            if not (target / "manifest.json").is_file():
                raise

    def _prune(self, keep: str) -> None:
        import shutil

        for build in self.builds()[_KEPT:]:
            if build.digest != keep:
                shutil.rmtree(build.path, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what builds that were killed have left behind."""
        import shutil

        for work in self.path.glob("tmp-*"):
            if _abandoned(work / "lock"):
                shutil.rmtree(work, ignore_errors=True)


def _finished(path: Path) -> float:
    try:
        return (path / "manifest.json").stat().st_mtime
    except OSError:
        return 0.0


def _system_cache() -> Path:
    named = os.environ.get("XDG_CACHE_HOME")
    if named:
        return Path(named) / "milieu"
    try:
        return Path.home() / ".cache" / "milieu"
    except RuntimeError:
        raise StoreError(
            "there is no home folder to keep builds in", remedy="Name a place with --cache DIR or MILIEU_CACHE."
        ) from None


def _hold(path: Path) -> int:
    """A lock that ends with the process, so that nobody mistakes a living build for an abandoned one."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR)
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:  # Windows: an open file cannot be removed there, which serves as well
        pass
    return handle


def _abandoned(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False  # just made, or just being renamed
    except OSError:
        return False
    try:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _sync(work: Path) -> None:
    """Have the files on the disk before their name says that they are complete."""
    for path in work.iterdir():
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
