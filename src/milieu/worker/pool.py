"""A warm pool of workers, seen from the server: tasks in, answers out, and an end to what takes too long."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from milieu.worker.answer import Reply, Stream, WorkError, busy, overdrawn, overdue, stopping, told
from milieu.worker.job import Gone, Job
from milieu.worker.limits import Limits
from milieu.worker.rounds import Rounds
from milieu.worker.spawned import GONE, GoneError, Spawned
from milieu.worker.wire import FAULT, READY, WHOLE, whole

__all__ = ["Gone", "Pool", "Reply", "WorkError"]

_START = 30.0  # seconds for a worker to open its store
_TIRED = 200_000  # tasks after which a worker is replaced, so that none can grow for ever
_LOOK = 0.05  # seconds between two looks at the tasks that wait for an answer
_GLANCE = 0.25  # seconds after which it is worth knowing whether anybody still waits
_SOON = 0.002  # seconds that a task may wait in the line of a worker that is warm, while others are idle
_STUCK = 0.01  # seconds after which those behind a task are no longer kept waiting by it
_SMOOTH = 0.1  # how much the last task counts in what one takes


class Pool:
    """So many workers over one source; `source` is what `milieu.worker.desk.Desk.open` reads.

    Strangers' queries never take the last worker (`open_lane`), so that stored queries and validation go on. Use it
    within one event loop.

    Waking a process, and a cold one, takes longer than a small query. So while queries are small, they stand in the
    line of one worker; when one of them turns out not to be, those behind it go to others.
    """

    def __init__(self, source: Mapping[str, Any], limits: Limits, size: int = 4) -> None:
        self.limits = limits
        self.size = size
        self._source = {**source, "limits": limits.to_json()}
        self._idle: list[Spawned] = []  # the last one is the warmest
        self._all: set[Spawned] = set()
        self._coming: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._own: deque[Job] = deque()  # tasks that wait for a worker
        self._strangers: deque[Job] = deque()
        self._lane = max(1, size - 1)  # how many workers strangers may have at once
        self._lent: set[Spawned] = set()  # those that strangers have
        self._warm: Spawned | None = None  # the one whose line others join
        self._takes = 1.0  # seconds, what one task took of late
        self._awaited: Rounds[Job] = Rounds(_LOOK, self._look)
        self._lines: Rounds[Spawned] = Rounds(_STUCK / 2, self._look_at_line)
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
        for job in (*self._own, *self._strangers):
            job.fail(stopping())
        self._own.clear()
        self._strangers.clear()
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
        follows: bool = False,
        seconds: float | None = None,
        gone: Gone | None = None,
    ) -> Reply:
        """The answer to a task, within `seconds` from now. Raises `WorkError`.

        A task that changes nothing may stand in line after others (`follows`). The work ends when the caller is
        cancelled, and as soon as `gone` comes back: nobody would read the answer.
        """
        if self._closed:
            raise stopping()
        loop = asyncio.get_running_loop()
        allowed = seconds or self.limits.seconds
        job = Job(task, open_lane, open_lane and follows, allowed, loop.time(), loop.create_future(), gone)
        if not self._all and not self._coming:
            self._order()
        self._queue(job).append(job)
        self._awaited.add(job)
        self._hand_out()
        try:
            return await job.answer
        except asyncio.CancelledError:
            self._give_up(job)
            raise
        finally:
            self._awaited.discard(job)
            if job.watching:
                job.watching.cancel()

    def _hand_out(self) -> None:
        """Give the tasks that wait to the workers that have room, the oldest first."""
        if not self._own and not self._strangers:
            return
        now = asyncio.get_running_loop().time()
        while queues := sorted(filter(None, (self._own, self._strangers)), key=_age):
            for queue in queues:
                if worker := self._room(queue[0], now):
                    self._give(worker, queue.popleft(), now)
                    break
            else:
                return

    def _queue(self, job: Job) -> deque[Job]:
        return self._strangers if job.stranger else self._own

    def _room(self, job: Job, now: float) -> Spawned | None:
        """The worker that a task may be given to."""
        warm = self._warm
        if job.follows and warm and self._soon(warm, now):
            return warm
        if not self._idle or (job.stranger and len(self._lent) >= self._lane):
            return None
        worker = self._idle.pop()
        if job.stranger:
            self._lent.add(worker)
        self._warm = worker if job.follows else self._warm
        return worker

    def _soon(self, worker: Spawned, now: float) -> bool:
        """Whether a task that joins the line of a worker has its turn soon."""
        small = len(worker.line) * self._takes < _SOON and now < worker.since + _STUCK
        return bool(worker.line) and small and worker.done < _TIRED

    def _give(self, worker: Spawned, job: Job, now: float) -> None:
        job.worker = worker
        if worker.line:
            self._lines.add(worker)
        else:
            worker.since = now
        worker.line.append(job)
        worker.say({**job.task, "seconds": round(job.left(now), 3)})

    def _heard(self, worker: Spawned, kind: bytes, payload: bytes) -> None:
        """A worker says something of the first task in its line: all of it, mostly, as most answers are small."""
        job = worker.line[0] if worker.line else None
        if job is None or kind == GONE:
            if job and job.worker is worker:
                job.worker = None
                job.fail(stopping() if self._closed else overdrawn())
            self._replace(worker)
        elif kind == WHOLE:
            head, end, body = whole(payload)
            if job.worker is worker and not job.answer.done():
                job.answer.set_result(Reply(head, True, body, end))
            self._done(worker)
        elif kind == FAULT:
            fault = told(payload)
            if job.worker is worker:
                job.fail(fault)
            if fault.kind == "overdrawn":  # it ends itself
                job.worker = None
                self._replace(worker)
            else:
                self._done(worker)
        elif job.worker is worker and not job.answer.done():
            worker.listen(None)
            self._move_on(worker)
            left = job.left(asyncio.get_running_loop().time())
            stream = Stream(worker, left, job.allowed, partial(self._over, worker, job))
            job.answer.set_result(Reply(json.loads(payload), stream=stream))
        else:
            self._replace(worker)

    def _over(self, worker: Spawned, job: Job, done: bool) -> None:
        """A long answer is read to its end, or given up."""
        if job.worker is not worker:
            return
        if done:
            self._done(worker)
            worker.listen(partial(self._heard, worker))
        else:
            self._give_up(job)

    def _done(self, worker: Spawned) -> None:
        """A worker has done the first task in its line."""
        job = worker.line.popleft()
        if job.worker is worker:
            job.worker = None
        now = asyncio.get_running_loop().time()
        if job.follows:
            self._takes += _SMOOTH * (now - worker.since - self._takes)
        worker.since = now
        worker.done += 1
        if not worker.line:
            self._lent.discard(worker)
            self._lines.discard(worker)
            if worker.done >= _TIRED:
                self._replace(worker)
            elif worker in self._all:
                self._idle.append(worker)
        self._hand_out()

    def _look(self, job: Job, now: float) -> None:
        """See after a task that has no answer yet."""
        if job.answer.done():
            return
        if now >= job.came + job.allowed:
            begun = job.worker and job.worker.line[0] is job
            late = overdue(job.allowed) if begun else self._fault if self._fault and not self._all else busy()
            self._give_up(job)
            job.fail(late)
        elif job.gone and not job.watching and now >= job.came + _GLANCE:
            job.watching = asyncio.get_running_loop().create_task(self._until_gone(job, job.gone))

    async def _until_gone(self, job: Job, gone: Gone) -> None:
        await gone()
        if not job.answer.done():
            self._give_up(job)
            job.fail(WorkError("gone", "the client has hung up"))

    def _look_at_line(self, worker: Spawned, now: float) -> None:
        """Keep nobody waiting behind a task that is not small, and no worker at one that nobody waits for."""
        if now >= worker.since + _STUCK and len(worker.line) > 1:
            self._move_on(worker)
        if worker.line[0].worker is not worker and now >= worker.since + _GLANCE:
            self._replace(worker)

    def _move_on(self, worker: Spawned, first: int = 1) -> None:
        """Give the tasks that a worker has not begun to others; it will do them too, but nobody listens."""
        for job in reversed(list(worker.line)[first:]):
            if job.worker is worker and not job.answer.done():
                job.worker, job.follows = None, False
                self._queue(job).appendleft(job)
        self._hand_out()

    def _give_up(self, job: Job) -> None:
        """The answer is waited for no more: what is begun is ended."""
        worker, job.worker = job.worker, None
        if worker is None:
            with suppress(ValueError):
                self._queue(job).remove(job)
        elif worker.line[0] is job:
            self._replace(worker)

    def _replace(self, worker: Spawned) -> None:
        if worker in self._all:
            ended = self._end(worker)
            if not self._closed:
                self._order(ended)

    def _end(self, worker: Spawned) -> asyncio.Task[None]:
        worker.kill()
        self._all.discard(worker)
        self._lent.discard(worker)
        self._lines.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if worker is self._warm:
            self._warm = None
        self._move_on(worker, 0)
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
        worker = await Spawned.spawn(self._source)
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
            raise told(payload)
        return worker

    def _welcome(self, worker: Spawned) -> None:
        self._all.add(worker)
        self._idle.append(worker)
        worker.listen(partial(self._heard, worker))
        self._hand_out()


def _age(queue: deque[Job]) -> float:
    return queue[0].came
