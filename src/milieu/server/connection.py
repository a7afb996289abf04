"""Connections: those that wait for ever are closed, and a response goes out in one piece when it can."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any

from milieu.server.fault import body
from milieu.worker.spawned import by_pieces

__all__ = ["protocol"]

_SECONDS = 15.0
_STALLED = 60.0
_MOMENT = 1.0  # seconds
_LONGEST = 1 << 16  # bytes of an address


def protocol(seconds: float = _SECONDS, stalled: float = _STALLED) -> type[asyncio.Protocol]:
    """The protocol class for uvicorn, with a deadline for the head of the first request, and for readers.

    uvicorn closes idle connections only after their first response; half a head would be waited for without end. So
    would one who reads nothing of what was written: a connection that is closed stays until everything is sent.
    """
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    base: Any = AutoHTTPProtocol

    class Impatient(base):  # type: ignore[misc]
        """uvicorn's protocol, that gives up on a head that does not come, and on who takes nothing for `stalled` s."""

        _stall: asyncio.TimerHandle | None = None
        _parting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            by_pieces(transport)
            super().connection_made(_Joining(transport, self.loop))
            self._deadline = self.loop.call_later(seconds, self._give_up)

        def connection_lost(self, exc: Exception | None) -> None:
            self._deadline.cancel()
            if self._parting:
                self._parting.cancel()
            self._read_on()
            super().connection_lost(exc)

        def pause_writing(self) -> None:
            self._read_on()
            self._stall = self.loop.call_later(stalled, self.transport.abort)
            super().pause_writing()

        def resume_writing(self) -> None:
            self._read_on()
            super().resume_writing()

        def part(self) -> None:
            """Cut off a reader who takes nothing at this moment."""
            if self._stall:
                self.transport.abort()

        def eof_received(self) -> bool:
            # One who has closed his own direction may still read, but looks like one who has hung up: he has a moment.
            if self.cycle is None or self.cycle.response_complete:
                return False
            self._parting = self.loop.call_later(_MOMENT, self.transport.close)
            return True

        def on_response_complete(self) -> None:
            super().on_response_complete()
            if self._parting:
                self.transport.close()

        def send_400_response(self, msg: str) -> None:
            # httptools takes no address apart that is longer than 64 KiB; both ask here for an answer.
            long = len(getattr(self, "url", b"")) >= _LONGEST
            self.transport.write(_refusal(414, "the address is too long") if long else _refusal(400, msg))
            self.transport.close()

        def _read_on(self) -> None:
            if self._stall:
                self._stall.cancel()
                self._stall = None

        def _give_up(self) -> None:
            if self.cycle is None and not self.transport.is_closing():
                self.transport.close()

    return Impatient


def _refusal(status: int, message: str) -> bytes:
    """The answer to what is no request, in the one form of errors."""
    content = json.dumps(body(status, message, None, "Send it as a body, by POST." if status == 414 else None)).encode()
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\nconnection: close\r\n"
    return f"{head}content-length: {len(content)}\r\n\r\n".encode() + content


class _Joining:
    """A transport that sends what is written in one turn of the loop at once.

    uvicorn writes the head of a response and its body apart; sent apart, they wake the client twice.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._held: bytes | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Send a second piece together with the first, which waits for it until the next turn."""
        if self._held is None:
            self._held = data
            self._loop.call_soon(self.flush)
        else:
            data, self._held = self._held + data, None
            self._transport.write(data)

    def flush(self) -> None:
        """Send what waits."""
        if self._held is not None:
            data, self._held = self._held, None
            self._transport.write(data)

    def close(self) -> None:
        """Close the connection once everything is sent."""
        self.flush()
        self._transport.close()
