"""A warm pool of workers, seen from the server: tasks in, answers out, and an end to what takes too long."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from milieu.errors import MilieuError
from milieu.worker.limits import Limits
from milieu.worker.spawned import GONE, GoneError, Spawned
from milieu.worker.watch import Watch
from milieu.worker.wire import DATA, END, FAULT, READY, WHOLE, whole

__all__ = ["Pool", "Reply", "WorkError"]

_START = 30.0  # seconds for a worker to open its store
_TIRED = 20_000  # tasks after which a worker is replaced, so that none can grow for ever
_PATIENCE = 10  # times the seconds of a task: how long a reader may take to fetch its answer
_PASSING = 0.05  # seconds within which a reader who is not slow takes a piece
_LOOK = 0.05  # seconds between two looks at the tasks that wait for an answer
_GLANCE = 0.25  # seconds after which it is worth knowing whether anybody still waits

Gone = Callable[[], Awaitable[object]]
"""Comes back when the one who asked is there no more."""


class WorkError(MilieuError):
    """A task that came to nothing. `kind` tells why.

    refused       what was asked is wrong or not allowed
    unacceptable  no format fits
    failed        it was understood but could not be worked out
    overdue       it took longer than is allowed, and was ended
    overdrawn     it needed more memory than is allowed, or brought its worker down
    busy          no worker came free in time
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

    def close(self) -> None:
        """Give up what is not read yet."""
        if self.stream is not None:
            self.stream.close()


@dataclass(eq=False, slots=True)
class _Job:
    """A task on its way: who waits for its answer until when, and the worker that has it, once one does."""

    task: Mapping[str, Any]
    stranger: bool
    allowed: float
    came: float
    answer: asyncio.Future[Reply]
    gone: Gone | None
    worker: Spawned | None = None
    watching: asyncio.Task[None] | None = None


class Pool:
    """So many workers over one source; `source` is what `milieu.worker.desk.Desk.open` reads.

    Strangers' queries never take the last worker (`open_lane`), so that stored queries and validation go on. Use it
    within one event loop.
    """

    def __init__(self, source: Mapping[str, Any], limits: Limits, size: int = 4) -> None:
        self.limits = limits
        self.size = size
        self._source = {**source, "limits": limits.to_json()}
        self._idle: list[Spawned] = []  # the last one is the warmest
        self._all: set[Spawned] = set()
        self._coming: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._waiting: deque[_Job] = deque()
        self._lane = max(1, size - 1)  # how many strangers may be at work at once
        self._strangers = 0
        self._watch: Watch[_Job] = Watch(_LOOK, self._look)
        self._fault: WorkError | None = None
        self._closed = False

    async def start(self) -> None:
        """Start the workers and wait for the first. Raises `WorkError` when none can open the store."""
        self._welcome(await self._spawn())
        for _ in range(self.size - 1):
            self._order()

    async def close(self) -> None:
        """End every worker, whatever it is doing."""
        self._closed = True
        coming = list(self._coming)
        for task in coming:
            task.cancel()
        await asyncio.gather(*coming, return_exceptions=True)
        for worker in list(self._all):
            self._end(worker)
        for job in self._waiting:
            _fail(job, _stopping())
        self._waiting.clear()
        await asyncio.gather(*self._ending, return_exceptions=True)

    @property
    def state(self) -> dict[str, int]:
        """How many workers there are, and how many of them are idle."""
        return {"workers": len(self._all), "idle": len(self._idle)}

    async def ask(
        self,
        task: Mapping[str, Any],
        *,
        open_lane: bool = False,
        seconds: float | None = None,
        gone: Gone | None = None,
    ) -> Reply:
        """The answer to a task, within `seconds` from now. Raises `WorkError`.

        The work ends when the caller is cancelled, and as soon as `gone` comes back: nobody would read the answer.
        """
        loop = asyncio.get_running_loop()
        job = _Job(task, open_lane, seconds or self.limits.seconds, loop.time(), loop.create_future(), gone)
        if not self._all and not self._coming and not self._closed:
            self._order()
        self._waiting.append(job)
        self._watch.add(job)
        self._hand_out()
        try:
            return await job.answer
        except asyncio.CancelledError:
            self._give_up(job)
            raise
        finally:
            self._watch.discard(job)
            if job.watching:
                job.watching.cancel()

    def _hand_out(self) -> None:
        """Give the tasks that wait to the workers that are idle, the oldest first."""
        while self._idle and (job := self._next()):
            worker = self._idle.pop()
            job.worker = worker
            self._strangers += job.stranger
            left = job.came + job.allowed - asyncio.get_running_loop().time()
            worker.say({**job.task, "seconds": max(round(left, 3), 0.01)}, partial(self._heard, job))

    def _next(self) -> _Job | None:
        if self._strangers < self._lane:
            return self._waiting.popleft() if self._waiting else None
        found = next((job for job in self._waiting if not job.stranger), None)
        if found:
            self._waiting.remove(found)
        return found

    def _heard(self, job: _Job, kind: bytes, payload: bytes) -> None:
        """The first that a worker says to a task, which is all of it when it is small."""
        if kind == WHOLE:
            head, end, body = whole(payload)
            self.dismiss(job)
            if not job.answer.done():
                job.answer.set_result(Reply(head, True, body, end))
        elif kind == FAULT:
            self.dismiss(job)
            _fail(job, _fault(payload))
        elif kind == GONE:
            self.abandon(job)
            _fail(job, _stopping() if self._closed else _overdrawn())
        elif not job.answer.done():
            job.answer.set_result(Reply(json.loads(payload), stream=Stream(self, job)))

    def _look(self, job: _Job, now: float) -> None:
        """See after a task that has no answer yet."""
        if job.answer.done():
            return
        if now >= job.came + job.allowed:
            late = _overdue(job.allowed) if job.worker else self._fault if self._fault and not self._all else _busy()
            self._give_up(job)
            _fail(job, late)
        elif job.gone and not job.watching and now >= job.came + _GLANCE:
            job.watching = asyncio.get_running_loop().create_task(self._until_gone(job, job.gone))

    async def _until_gone(self, job: _Job, gone: Gone) -> None:
        await gone()
        if not job.answer.done():
            self._give_up(job)
            _fail(job, WorkError("failed", "the client has hung up"))

    def _give_up(self, job: _Job) -> None:
        """The answer is waited for no more."""
        if job.worker:
            self.abandon(job)
        elif job in self._waiting:
            self._waiting.remove(job)

    def dismiss(self, job: _Job) -> None:
        """The worker of a task has done it, and is free for another."""
        worker = self._leave(job)
        if worker is None or worker not in self._all:
            return
        worker.done += 1
        if worker.done >= _TIRED:
            self._replace(worker)
        else:
            self._idle.append(worker)
        self._hand_out()

    def abandon(self, job: _Job) -> None:
        """End the worker of a task, which is not done with it."""
        worker = self._leave(job)
        if worker:
            self._replace(worker)
            self._hand_out()

    def _leave(self, job: _Job) -> Spawned | None:
        worker, job.worker = job.worker, None
        if worker:
            self._strangers -= job.stranger
        return worker

    def _replace(self, worker: Spawned) -> None:
        if worker in self._all:
            ended = self._end(worker)
            if not self._closed:
                self._order(ended)

    def _end(self, worker: Spawned) -> asyncio.Task[None]:
        worker.kill()
        self._all.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        task = asyncio.get_running_loop().create_task(worker.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task

    def _order(self, old: asyncio.Task[None] | None = None) -> None:
        task = asyncio.get_running_loop().create_task(self._bring(old))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def _bring(self, old: asyncio.Task[None] | None) -> None:
        if old:  # a working copy can be opened by one process at a time
            await asyncio.wait({old})
        pause = 0.1
        while not self._closed:
            try:
                worker = await self._spawn()
            except (WorkError, OSError) as fault:
                self._fault = (
                    fault if isinstance(fault, WorkError) else WorkError("failed", f"no worker starts ({fault})")
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5)
                continue
            self._fault = None
            self._welcome(worker)
            return

    async def _spawn(self) -> Spawned:
        """A worker that has opened its store. Raises `WorkError` when it cannot."""
        worker = await Spawned.spawn(self._source, self._replace)
        try:
            async with asyncio.timeout(_START):
                kind, payload = await worker.hear()
        except BaseException as fault:
            worker.kill()
            await worker.end()
            if isinstance(fault, TimeoutError | GoneError):
                raise WorkError("failed", "a worker did not start") from None
            raise
        if kind != READY:
            worker.kill()
            await worker.end()
            raise _fault(payload)
        return worker

    def _welcome(self, worker: Spawned) -> None:
        self._all.add(worker)
        if worker.gone:
            self._replace(worker)
            return
        self._idle.append(worker)
        self._hand_out()


class Stream:
    """A long answer as it comes. Only the time that the worker takes counts, within bounds for slow readers."""

    def __init__(self, pool: Pool, job: _Job) -> None:
        self.end: dict[str, Any] = {}
        self._pool = pool
        self._job = job
        self._left = job.came + job.allowed - asyncio.get_running_loop().time()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The pieces. Raises `WorkError` when the answer breaks off."""
        loop = asyncio.get_running_loop()
        worker, allowed = self._job.worker, self._job.allowed
        latest = loop.time() + allowed * _PATIENCE
        if worker is None:
            raise WorkError("failed", "the answer was given up")
        try:
            while True:
                began = loop.time()
                if began > latest:
                    raise _overdue(allowed * _PATIENCE)
                async with asyncio.timeout(self._left):
                    kind, payload = await worker.hear()
                heard = loop.time()
                if kind == DATA:
                    yield payload
                    # Passing a piece on counts as work; waiting for a slow reader does not.
                    self._left = max(self._left - (heard - began) - min(loop.time() - heard, _PASSING), 0.01)
                    continue
                self._pool.dismiss(self._job)
                if kind == FAULT:
                    raise _fault(payload)
                assert kind == END
                self.end = json.loads(payload)
                return
        except TimeoutError:
            raise _overdue(allowed) from None
        except GoneError:
            raise _overdrawn() from None
        finally:
            self.close()

    def close(self) -> None:
        """Give up what has not come yet; nothing, when all of it has."""
        self._pool.abandon(self._job)


def _fail(job: _Job, fault: WorkError) -> None:
    if not job.answer.done():
        job.answer.set_exception(fault)


def _fault(payload: bytes) -> WorkError:
    told = json.loads(payload)
    return WorkError(told["kind"], told["message"], place=told.get("place"), remedy=told.get("remedy"))


def _busy() -> WorkError:
    return WorkError("busy", "every worker is taken", remedy="Try again in a while.")


def _stopping() -> WorkError:
    return WorkError("busy", "the server is stopping", remedy="Try again in a while.")


def _overdue(allowed: float) -> WorkError:
    return WorkError("overdue", f"it took longer than {allowed:g} s", remedy="Ask for less at a time.")


def _overdrawn() -> WorkError:
    return WorkError(
        "overdrawn", "it needed more than this server gives, and was ended", remedy="Ask for less at a time."
    )
