"""One writer at a time: a lock on a folder that ends with the process that holds it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from milieu.errors import FolderError

__all__ = ["locked", "remove", "sweep", "write_durably"]

# The folder is the fault: of a read-only disk, of somebody else, or no folder at all.
_CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EEXIST})
_HALF = re.compile(r"\..+\.[0-9]+\.new")


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Hold the `data/` of a folder; another process that wants it waits until it is let go.

    The directory itself is locked, so that nothing lies about in it. Raises `FolderError` when there is none.
    """
    try:
        handle = os.open(data, os.O_RDONLY)
    except OSError as fault:
        raise FolderError(
            f"the folder's data cannot be opened ({fault.strerror})", place=str(data), remedy="Check that it is there."
        ) from None
    try:
        _wait(handle)
        yield
    finally:
        os.close(handle)


def write_durably(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all, and on the disk when this returns.

    Raises `FolderError` when it cannot be written; nothing is left then.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
        _sync(path.parent)
    except OSError as fault:
        with suppress(OSError):  # where nothing can be written nothing was begun either
            beside.unlink(missing_ok=True)
        if fault.errno in _CLOSED:
            raise FolderError(
                f"nothing can be written to the folder ({fault.strerror})",
                place=str(path.parent),
                remedy="Have it made a folder that you may write to, or work on a copy; nothing was changed.",
            ) from None
        raise FolderError(
            f"the file cannot be written ({fault.strerror})",
            place=str(path),
            remedy="Check that there is space and that you may write there; nothing was changed.",
        ) from None


def sweep(folder: Path) -> None:
    """Remove what a writer left half written when it was killed; only for who holds the lock."""
    with suppress(OSError):  # it harms nothing, as no build reads it
        for path in list(folder.glob(".*.new")):
            if _HALF.fullmatch(path.name):
                path.unlink()


def remove(path: Path) -> None:
    """Remove a file for good. Raises `FolderError` when it cannot be removed."""
    try:
        path.unlink()
        _sync(path.parent)
    except OSError as fault:
        raise FolderError(f"the file cannot be removed ({fault.strerror})", place=str(path)) from None


def _wait(handle: int) -> None:
    try:
        import fcntl
    except (
        ImportError
    ):  # Windows has no lock on directories; there one contribution at a time is for the user to see to
        return
    fcntl.flock(handle, fcntl.LOCK_EX)


def _sync(folder: Path) -> None:
    """Have the name of a file on the disk too."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no directories
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
