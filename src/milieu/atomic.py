"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from milieu.errors import StoreError

__all__ = ["replacing", "write_whole"]


@contextmanager
def replacing(path: Path, *, remedy: str = "Name another place, or free some space.") -> Iterator[IO[bytes]]:
    """A stream whose bytes become the file when the block ends well; otherwise the file stays as it was.

    A link is followed, the rights of an existing file are kept, and what is no ordinary file (a device, a pipe) is
    written straight into. Raises `StoreError` when it cannot be written.
    """
    import tempfile

    target = path.resolve() if path.is_symlink() else path
    try:
        mode = target.stat().st_mode if target.exists() else None
        if mode is not None and not stat.S_ISREG(mode):
            with target.open("wb") as stream:
                yield stream
            return
        if mode is not None and not mode & stat.S_IWUSR:
            raise StoreError("the file may not be written", place=str(path), remedy="Change its rights first.")
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        beside = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
            beside.chmod(stat.S_IMODE(mode) if mode is not None else 0o666 & ~_mask())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise StoreError(
            f"the file cannot be written ({fault.strerror or fault})", place=str(path), remedy=remedy
        ) from None


def write_whole(path: Path, content: bytes) -> None:
    """Put these bytes into a file, as `replacing` does.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "new.ttl"
    >>> write_whole(path, b"# nothing yet")
    >>> path.read_bytes()
    b'# nothing yet'
    """
    with replacing(path) as stream:
        stream.write(content)


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
