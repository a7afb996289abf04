"""Documents on their way: in memory while they are small, in a file without a name when they are not."""

from __future__ import annotations

import tempfile
from typing import IO, cast

__all__ = ["spool"]

_IN_MEMORY = 1 << 20


def spool() -> IO[bytes]:
    """A new one, empty, which is gone when nobody holds it any more.

    >>> stream = spool()
    >>> stream.write(b"ASK {}"), stream.seek(0), stream.read()
    (6, 0, b'ASK {}')
    """
    return cast("IO[bytes]", _Spool(_IN_MEMORY))


class _Spool(tempfile.SpooledTemporaryFile[bytes]):
    def __del__(self) -> None:
        # Whoever reads it last, often the engine's parser, does not know that it is to be closed.
        self.close()
