"""A task on its way through a pool."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from milieu.worker.answer import Reply, WorkError

if TYPE_CHECKING:
    from milieu.worker.spawned import Spawned

__all__ = ["Gone", "Job"]

Gone = Callable[[], Awaitable[object]]
"""Comes back when the one who asked is there no more."""


@dataclass(eq=False, slots=True)
class Job:
    """A task with who waits for its answer, since when and for how long, and the worker that has it, once one does.

    A stranger's takes part in what strangers may use. One that only reads, and so may be begun twice, may `follow`
    another in the line of a worker.
    """

    task: Mapping[str, Any]
    stranger: bool
    follows: bool
    allowed: float
    came: float
    answer: asyncio.Future[Reply]
    gone: Gone | None = None
    worker: Spawned | None = None
    watching: asyncio.Task[None] | None = None

    def left(self, now: float) -> float:
        """The seconds that are left."""
        return max(self.came + self.allowed - now, 0.01)

    def fail(self, fault: WorkError) -> None:
        """Tell whoever waits that there will be no answer."""
        if not self.answer.done():
            self.answer.set_exception(fault)
