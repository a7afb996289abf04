"""How much one request may ask for, and how a process holds itself to it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["Limits", "confine"]

_CLONE_NEWNET = 0x40000000
_CLONE_NEWUSER = 0x10000000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may use. The sizes of queries are what engines were seen to survive.

    `seconds` count from the arrival of a request; `chore_seconds` are for work that the owner planned, such as
    exports. `memory` and `answer` are in MiB.

    >>> Limits(seconds=2).seconds
    2
    """

    seconds: float = 10.0
    chore_seconds: float = 600.0
    rows: int = 1_000_000
    answer: int = 512
    memory: int = 2048
    query_bytes: int = 8192
    depth: int = 64
    patterns: int = 80

    def to_json(self) -> dict[str, Any]:
        """The limits as JSON values, for the way to a worker."""
        return asdict(self)


def confine(limits: Limits, *, network: bool = False) -> None:
    """Hold this process to its memory, keep it off the network where the system allows, and end it with its parent.

    With `network` it stays connected: its store is an engine somewhere else.

    Linux knows all three; macOS enforces no bound on memory, Windows has neither bound nor name spaces. There the pool
    still ends a worker that takes too long.
    """
    with suppress(ImportError, ValueError, OSError):
        import resource

        size = limits.memory << 20
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform != "darwin":
            resource.setrlimit(resource.RLIMIT_AS, (size, size))
    if not network:
        _leave_network()
    _end_with_parent()


def _leave_network() -> None:
    """An empty network name space: there is no way out of it. Must come before there are other threads."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        # A user without rights may have a name space of its own only together with one of users.
        if libc.unshare(_CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _end_with_parent() -> None:
    """A killed server must not leave queries running: a thread looks for the parent, as evaluation leaves it room."""
    import threading
    import time

    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end-with-parent").start()
