"""One worker as the server sees it: a process, what is said to it, and the frames that come back."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from milieu.worker.wire import SIZE, TASK, encode, header

if TYPE_CHECKING:
    from milieu.worker.job import Job

__all__ = ["GONE", "GoneError", "Heard", "Spawned", "by_pieces"]

GONE = b""
"""The kind of the last frame, which no process sends: it has ended."""

Heard = Callable[[bytes, bytes], None]
"""Takes the kind of a frame and its payload."""

_AHEAD = 1 << 18  # bytes of frames that nobody has taken yet, before the process has to wait
_PIECE = 1 << 16  # bytes that are read at once


class GoneError(Exception):
    """The worker ended while it was expected to speak."""


class Spawned(asyncio.SubprocessProtocol):
    """A process of `milieu.worker.process`.

    `line` holds the tasks it was given, the first of which it has been at `since` then; `done` counts the others. The
    frames of its answers go to whoever listens, as soon as they are here: waking a reader for each would take longer
    than most answers. While nobody does, they are kept for `hear`.
    """

    def __init__(self) -> None:
        self.line: deque[Job] = deque()
        self.since = 0.0
        self.done = 0
        self.gone = False
        self._heard: Heard | None = None
        self._waiting: asyncio.Future[None] | None = None
        self._came = bytearray()
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._held = 0
        self._exited = asyncio.get_running_loop().create_future()
        self._transport: asyncio.SubprocessTransport
        self._input: asyncio.WriteTransport
        self._output: asyncio.ReadTransport

    @classmethod
    async def spawn(cls, source: Mapping[str, Any]) -> Spawned:
        """A new process over a source; it says READY, or FAULT, when it is asked by `hear`."""
        _, protocol = await asyncio.get_running_loop().subprocess_exec(
            cls,
            sys.executable,
            "-m",
            "milieu.worker.process",
            json.dumps(source),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Engines that run out of stack or memory say so at length; the answer is told by the server.
            stderr=None if os.environ.get("MILIEU_DEBUG") else subprocess.DEVNULL,
            start_new_session=True,
        )
        return protocol

    def say(self, task: dict[str, Any]) -> None:
        """Give a task to the process."""
        self._input.write(encode(TASK, task))

    def listen(self, heard: Heard | None) -> None:
        """Give the frames to `heard` from now on, the last of which is GONE; with None keep them for `hear`."""
        self._heard = heard
        while self._frames and self._heard:
            self._heard(*self._take())

    async def hear(self) -> tuple[bytes, bytes]:
        """The next frame. Raises `GoneError` when there will be none."""
        if not self._frames:
            if self.gone:
                raise GoneError
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        kind, payload = self._take()
        if kind == GONE:
            raise GoneError
        return kind, payload

    def _take(self) -> tuple[bytes, bytes]:
        kind, payload = self._frames.popleft()
        self._held -= len(payload)
        if self._held < _AHEAD and not self.gone:
            self._output.resume_reading()
        return kind, payload

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._transport.get_pid()

    def kill(self) -> None:
        """End the process and whatever it has started."""
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self.pid, signal.SIGKILL)
            else:
                self._transport.kill()

    async def end(self) -> None:
        """Wait until the process is no more, and let go of its pipes."""
        await self._exited
        self._transport.close()
        # The pipes are closed in the next turn of the loop.
        await asyncio.sleep(0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop: the process has its pipes."""
        self._transport = cast("asyncio.SubprocessTransport", transport)
        self._input = cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0))
        self._output = cast("asyncio.ReadTransport", self._transport.get_pipe_transport(1))
        by_pieces(self._output)
        self._output.set_protocol(_Output(self._output.get_protocol(), self))

    def pipe_data_received(self, fd: int, data: bytes) -> None:  # noqa: ARG002
        """Called with a piece of what the process writes."""
        came = self._came
        came += data
        begin = 0
        while len(came) >= begin + SIZE:
            kind, length = header(came, begin)
            end = begin + SIZE + length
            if len(came) < end:
                break
            self._deliver(kind, bytes(memoryview(came)[begin + SIZE : end]))
            begin = end
        del came[:begin]

    def output_ended(self) -> None:
        """Called when the process will write no more: it is over, whatever it was doing."""
        if not self.gone:
            self.gone = True
            self._deliver(GONE, b"")

    def process_exited(self) -> None:
        """Called by the loop when the process is no more."""
        if not self._exited.done():
            self._exited.set_result(None)

    def _deliver(self, kind: bytes, payload: bytes) -> None:
        if self._heard:
            self._heard(kind, payload)
            return
        self._frames.append((kind, payload))
        self._held += len(payload)
        if self._held >= _AHEAD and not self.gone:
            self._output.pause_reading()
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)


def by_pieces(transport: object) -> None:
    """Have a transport of asyncio's own read 64 KiB at a time, which is what a pipe holds.

    It would make room for 256 KiB each time, which the system gives and takes back: ten times the cost of reading.
    """
    if hasattr(transport, "max_size"):
        transport.max_size = _PIECE


class _Output(asyncio.Protocol):
    """What the process writes goes straight to its owner; the loop's own protocol would take one more turn for it."""

    def __init__(self, first: asyncio.BaseProtocol, owner: Spawned) -> None:
        self._first = first
        self._owner = owner

    def data_received(self, data: bytes) -> None:
        self._owner.pipe_data_received(1, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._owner.output_ended()
        self._first.connection_lost(exc)  # which keeps account of the pipes
