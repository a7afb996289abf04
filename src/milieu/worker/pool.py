"""A warm pool of workers, seen from the server: tasks in, answers out, and an end to what takes too long."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from milieu.errors import MilieuError
from milieu.worker.limits import Limits
from milieu.worker.wire import DATA, END, FAULT, HEAD, READY, SIZE, TASK, WHOLE, encode, header, whole

__all__ = ["Pool", "Reply", "WorkError"]

_START = 30.0  # seconds for a worker to open its store
_TIRED = 20_000  # tasks after which a worker is replaced, so that none can grow for ever
_PATIENCE = 10  # times the seconds of a task: how long a reader may take to fetch its answer

_PASSING = 0.05  # seconds within which a reader who is not slow takes a piece


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


class _GoneError(Exception):
    """The worker ended while it was expected to speak."""


class _Worker:
    """One process and its pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.done = 0

    @classmethod
    async def spawn(cls, source: Mapping[str, Any]) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "milieu.worker.process",
            json.dumps(source),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Engines that run out of stack or memory say so at length; the answer is told by the server.
            stderr=None if os.environ.get("MILIEU_DEBUG") else subprocess.DEVNULL,
            limit=1 << 18,
            start_new_session=True,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(_START):
                kind, payload = await worker.hear()
        except BaseException as fault:
            worker.kill()
            await worker.end()
            if isinstance(fault, TimeoutError | _GoneError):
                raise WorkError("failed", "a worker did not start") from None
            raise
        if kind != READY:
            worker.kill()
            await worker.end()
            raise _fault(payload)
        return worker

    async def say(self, task: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(encode(TASK, task))
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise _GoneError from None

    async def hear(self) -> tuple[bytes, bytes]:
        assert self._process.stdout is not None
        try:
            kind, length = header(await self._process.stdout.readexactly(SIZE))
            return kind, await self._process.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise _GoneError from None

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    def kill(self) -> None:
        """End the process and whatever it has started."""
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    async def end(self) -> None:
        """Wait until the process is no more, and let go of its pipes."""
        await self._process.wait()
        self._process._transport.close()  # type: ignore[attr-defined]  # noqa: SLF001 - else only its finaliser does
        # The pipes are closed in the next turn of the loop.
        await asyncio.sleep(0)


@dataclass
class Reply:
    """The answer to a task: `head` tells what it is. Either all of it is in `body`, or `chunks` gives it as it comes.

    A reply that is not `whole` must be read to its end or closed: its worker waits for the reader.
    """

    head: dict[str, Any]
    whole: bool = False
    body: bytes = b""
    end: dict[str, Any] = field(default_factory=dict)
    stream: AsyncIterator[bytes] | None = None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The pieces of the answer. Raises `WorkError` when it breaks off."""
        if self.stream is None:
            yield self.body
            return
        async for chunk in self.stream:
            yield chunk

    async def read(self) -> bytes:
        """All of it."""
        if not self.whole:
            self.body = b"".join([chunk async for chunk in self.chunks()])
            self.whole, self.stream = True, None
        return self.body

    async def close(self) -> None:
        """Give up what is not read yet."""
        if self.stream is not None:
            await self.stream.aclose()  # type: ignore[attr-defined]


class Pool:
    """So many workers over one source; `source` is what `milieu.worker.desk.Desk.open` reads.

    Strangers' queries never take the last worker (`open_lane`), so that stored queries and validation go on. Use it
    within one event loop.
    """

    def __init__(self, source: Mapping[str, Any], limits: Limits, size: int = 4) -> None:
        self.limits = limits
        self.size = size
        self._source = {**source, "limits": limits.to_json()}
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._all: set[_Worker] = set()
        self._coming: set[asyncio.Task[None]] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._lane = asyncio.Semaphore(max(1, size - 1))
        self._fault: WorkError | None = None
        self._closed = False

    async def start(self) -> None:
        """Start the workers and wait for the first. Raises `WorkError` when none can open the store."""
        first = await _Worker.spawn(self._source)
        self._all.add(first)
        self._idle.put_nowait(first)
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
        await asyncio.gather(*self._ending, return_exceptions=True)

    @property
    def state(self) -> dict[str, int]:
        """How many workers there are, and how many of them are idle."""
        return {"workers": len(self._all), "idle": self._idle.qsize()}

    async def ask(self, task: dict[str, Any], *, open_lane: bool = False, seconds: float | None = None) -> Reply:
        """The answer to a task, within `seconds` from now. Raises `WorkError`.

        When the caller is cancelled the work ends with it.
        """
        allowed = seconds or self.limits.seconds
        deadline = asyncio.get_running_loop().time() + allowed
        lane = self._lane if open_lane else None
        try:
            if lane and lane.locked():
                async with asyncio.timeout_at(deadline):
                    await lane.acquire()
            elif lane:
                await lane.acquire()  # which does not wait
        except TimeoutError:
            raise _busy() from None
        try:
            worker = await self._take(deadline)
            return await self._put(worker, task, deadline, allowed, lane)
        except BaseException:
            if lane:
                lane.release()
            raise

    async def _take(self, deadline: float) -> _Worker:
        if not self._all and not self._coming and not self._closed:
            self._order()
        while True:
            try:
                if self._idle.empty():
                    async with asyncio.timeout_at(deadline):
                        worker = await self._idle.get()
                else:
                    worker = self._idle.get_nowait()
            except TimeoutError:
                if not self._all and self._fault:
                    raise self._fault from None
                raise _busy() from None
            if worker.alive:
                return worker
            self._replace(worker)

    async def _put(
        self, worker: _Worker, task: dict[str, Any], deadline: float, allowed: float, lane: asyncio.Semaphore | None
    ) -> Reply:
        try:
            async with asyncio.timeout_at(deadline):
                left = deadline - asyncio.get_running_loop().time()
                await worker.say({**task, "seconds": max(round(left, 3), 0.01)})
                kind, payload = await worker.hear()
                if kind == FAULT:
                    self._release(worker)
                    raise _fault(payload)
                if kind == WHOLE:
                    head, end, body = whole(payload)
                    self._release(worker)
                    if lane:
                        lane.release()
                    return Reply(head, True, body, end)
                assert kind == HEAD
                head = json.loads(payload)
        except WorkError:
            raise
        except TimeoutError:
            self._replace(worker)
            raise _overdue(allowed) from None
        except _GoneError:
            self._replace(worker)
            raise (_stopping() if self._closed else _overdrawn()) from None
        except BaseException:
            self._replace(worker)
            raise
        left = deadline - asyncio.get_running_loop().time()
        reply = Reply(head)
        reply.stream = self._stream(worker, reply, left, allowed, lane)
        return reply

    async def _stream(
        self, worker: _Worker, reply: Reply, left: float, allowed: float, lane: asyncio.Semaphore | None
    ) -> AsyncIterator[bytes]:
        """The chunks of a long answer. Only the time that the worker takes counts, within bounds for slow readers."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + allowed * _PATIENCE
        finished = False
        try:
            while True:
                began = loop.time()
                if began > latest:
                    raise _overdue(allowed * _PATIENCE)
                async with asyncio.timeout(left):
                    kind, payload = await worker.hear()
                heard = loop.time()
                if kind == DATA:
                    yield payload
                    # Passing a piece on counts as work; waiting for a slow reader does not.
                    left = max(left - (heard - began) - min(loop.time() - heard, _PASSING), 0.01)
                    continue
                finished = True
                if kind == FAULT:
                    raise _fault(payload)
                assert kind == END
                reply.end = json.loads(payload)
                return
        except TimeoutError:
            raise _overdue(allowed) from None
        except _GoneError:
            raise _overdrawn() from None
        finally:
            if finished:
                self._release(worker)
            else:
                self._replace(worker)
            if lane:
                lane.release()

    def _release(self, worker: _Worker) -> None:
        worker.done += 1
        if worker.done >= _TIRED or not worker.alive:
            self._replace(worker)
        else:
            self._idle.put_nowait(worker)

    def _replace(self, worker: _Worker) -> None:
        ended = self._end(worker)
        if not self._closed:
            self._order(ended)

    def _end(self, worker: _Worker) -> asyncio.Task[None]:
        worker.kill()
        self._all.discard(worker)
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
                worker = await _Worker.spawn(self._source)
            except (WorkError, OSError) as fault:
                self._fault = (
                    fault if isinstance(fault, WorkError) else WorkError("failed", f"no worker starts ({fault})")
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5)
                continue
            self._fault = None
            self._all.add(worker)
            self._idle.put_nowait(worker)
            return


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
