"""Ctrl-C while an engine works."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["interruptible"]


@contextmanager
def interruptible() -> Iterator[None]:
    """Within, Ctrl-C ends the process at once, as the shell expects.

    Python sees a signal only when the engine returns, which for a runaway query is never. Nothing is written here that
    could be left half-done.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
