"""Many deadlines and one timer: nearly all are met, so that looking now and then takes less than a timer for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Rounds"]

_T = TypeVar("_T")


class Rounds(Generic[_T]):
    """Things that are looked at every so many seconds, from when they are added until they are taken out.

    `look` is called with a thing and the time of the loop; it may take out any of them. There is no timer while there
    is nothing to look at.
    """

    def __init__(self, every: float, look: Callable[[_T, float], None]) -> None:
        self._every = every
        self._look = look
        self._things: set[_T] = set()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, thing: _T) -> None:
        """Look at a thing from now on."""
        self._things.add(thing)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every, self._round)

    def discard(self, thing: _T) -> None:
        """Look at it no more."""
        self._things.discard(thing)

    def _round(self) -> None:
        self._timer = None
        if not self._things:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        for thing in list(self._things):
            if thing in self._things:
                self._look(thing, now)
        self._timer = loop.call_later(self._every, self._round)
