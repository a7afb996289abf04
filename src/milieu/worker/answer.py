"""What comes back from a pool: an answer, whole or as it comes, or the reason why there is none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from milieu.errors import MilieuError
from milieu.worker.spawned import GoneError, Spawned
from milieu.worker.wire import DATA, END, FAULT

__all__ = ["Reply", "Stream", "WorkError", "busy", "overdrawn", "overdue", "stopping", "told"]

_PATIENCE = 10  # times the seconds of a task: how long a reader may take to fetch its answer
_PASSING = 0.05  # seconds within which a reader who is not slow takes a piece


class WorkError(MilieuError):
    """A task that came to nothing. `kind` tells why.

    refused       what was asked is wrong or not allowed
    unacceptable  no format fits
    unavailable   the store, or the engine that it is, does not answer as it should
    failed        it was understood but could not be worked out
    overdue       it took longer than is allowed, and was ended
    overdrawn     it needed more memory than is allowed, or brought its worker down
    busy          no worker came free in time
    gone          whoever asked has hung up
    """

    def __init__(self, kind: str, message: str, *, place: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.kind = kind


@dataclass
class Reply:
    """The answer to a task: `head` tells what it is. Either all of it is in `body`, or `chunks` gives it as it comes.

    A reply that is not `whole` must be read to its end or closed: its worker waits for the reader.
    """

    head: dict[str, Any]
    whole: bool = False
    body: bytes = b""
    end: dict[str, Any] = field(default_factory=dict)
    stream: Stream | None = None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The pieces of the answer. Raises `WorkError` when it breaks off."""
        if self.stream is None:
            yield self.body
            return
        async for chunk in self.stream.chunks():
            yield chunk
        self.end = self.stream.end

    async def read(self) -> bytes:
        """All of it."""
        if not self.whole:
            self.body = b"".join([chunk async for chunk in self.chunks()])
            self.whole, self.stream = True, None
        return self.body

    @property
    def latest(self) -> float | None:
        """The time of the loop at which it is given up, however slowly it is read; None when all of it is there."""
        return self.stream.latest if self.stream else None

    def close(self) -> None:
        """Give up what is not read yet."""
        if self.stream is not None:
            self.stream.close()


class Stream:
    """A long answer as it comes. Only the time that the worker takes counts, within bounds for slow readers.

    The worker has `left` seconds for it, of those that are `allowed`. `over` is called once, when the worker has done
    it (True) or is still at it while nobody wants the rest (False).
    """

    def __init__(self, worker: Spawned, left: float, allowed: float, over: Callable[[bool], None]) -> None:
        self.end: dict[str, Any] = {}
        self.latest = asyncio.get_running_loop().time() + allowed * _PATIENCE
        self._worker = worker
        self._left = left
        self._allowed = allowed
        self._over: Callable[[bool], None] | None = over

    async def chunks(self) -> AsyncIterator[bytes]:
        """The pieces. Raises `WorkError` when the answer breaks off."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                began = loop.time()
                if began > self.latest:
                    raise overdue(self._allowed * _PATIENCE)
                async with asyncio.timeout(self._left):
                    kind, payload = await self._worker.hear()
                heard = loop.time()
                if kind == DATA:
                    yield payload
                    # Passing a piece on counts as work; waiting for a slow reader does not.
                    self._left = max(self._left - (heard - began) - min(loop.time() - heard, _PASSING), 0.01)
                    continue
                self._leave(True)
                if kind == FAULT:
                    raise told(payload)
                assert kind == END
                self.end = json.loads(payload)
                return
        except TimeoutError:
            raise overdue(self._allowed) from None
        except GoneError:
            raise overdrawn() from None
        finally:
            self.close()

    def close(self) -> None:
        """Give up what has not come yet; nothing, when all of it has."""
        self._leave(False)

    def _leave(self, done: bool) -> None:
        over, self._over = self._over, None
        if over:
            over(done)


def told(payload: bytes) -> WorkError:
    """The fault that a worker tells of."""
    fault = json.loads(payload)
    return WorkError(fault["kind"], fault["message"], place=fault.get("place"), remedy=fault.get("remedy"))


def busy() -> WorkError:
    """Why a task was not begun."""
    return WorkError("busy", "every worker is taken", remedy="Try again in a while.")


def stopping() -> WorkError:
    """Why a task ends with its pool."""
    return WorkError("busy", "the server is stopping", remedy="Try again in a while.")


def overdue(allowed: float) -> WorkError:
    """Why a task was ended that took longer than so many seconds."""
    return WorkError("overdue", f"it took longer than {allowed:g} s", remedy="Ask for less at a time.")


def overdrawn() -> WorkError:
    """Why a task ended that took its worker with it."""
    return WorkError(
        "overdrawn", "it needed more than this server gives, and was ended", remedy="Ask for less at a time."
    )
