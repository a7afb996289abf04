"""What every request must keep to, before anything looks at it: known hosts, bounded bodies, so many at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from milieu.server.fault import body
from milieu.server.negotiate import joined
from milieu.worker.rounds import Rounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Bounds", "hosts_for"]

_LOOK = 0.5  # seconds between two looks at the bodies that are on their way
_LOCAL = ("127.0.0.1", "localhost", "[::1]")


def hosts_for(host: str, more: Iterable[str] = ()) -> frozenset[str]:
    """The names by which a server that listens on `host` may be called: its own, the local ones, and those allowed.

    >>> "localhost" in hosts_for("127.0.0.1"), "example.org" in hosts_for("0.0.0.0")
    (True, False)
    """
    own = () if host in ("0.0.0.0", "::") else (f"[{host}]" if ":" in host else host,)  # noqa: S104
    return frozenset(name.lower() for name in (*_LOCAL, *own, *more))


class Bounds:
    """Middleware that refuses unknown hosts, bodies larger than `most_bytes` or slower than `seconds`, and crowds."""

    def __init__(
        self, app: ASGIApp, *, hosts: frozenset[str], most_bytes: int, seconds: float = 30.0, at_once: int = 512
    ) -> None:
        self._app = app
        self._hosts = hosts
        self._most = most_bytes
        self._seconds = seconds
        self._at_once = at_once
        self._now = 0
        self._arriving: Rounds[_Arrival] = Rounds(_LOOK, _look)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        wrong = self._wrong(headers, scope["path"])
        if len(headers) < len(scope["headers"]):  # some come more than once
            if sum(name == b"host" for name, _ in scope["headers"]) > 1:
                wrong = 400, "the request names several hosts", "Send one Host header."
            scope["headers"] = joined(scope["headers"])
        if wrong:
            await _refuse(send, *wrong)
            return
        self._now += 1
        try:
            if b"content-length" in headers or b"transfer-encoding" in headers:
                await self._bounded(scope, receive, send)
            else:
                await self._app(scope, receive, send)
        finally:
            self._now -= 1

    def _wrong(self, headers: dict[bytes, bytes], path: str) -> tuple[int, str, str] | None:
        host = headers.get(b"host", b"").decode("latin-1").lower()
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        if "*" not in self._hosts and name not in self._hosts:
            return (
                421,
                f"this server does not answer for {name or 'a request without a host'}",
                (f"Start it with --allow-host {name}." if name else "Send a Host header."),
            )
        if self._now >= self._at_once and path != "/health":
            return 503, "too many requests at once", "Try again in a while."
        try:
            length = int(headers.get(b"content-length", b"0"))
        except ValueError:
            return 400, "the length of the body is no number", ""
        if length > self._most:
            return 413, f"the body has {length:,} bytes; {self._most:,} are allowed", "Send less at a time."
        if headers.get(b"content-encoding", b"identity").lower() not in (b"", b"identity"):
            return 415, "compressed bodies are not taken", "Send it as it is."
        return None

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0
        whole = begun = False
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        arrival = _Arrival(task, asyncio.get_running_loop().time() + self._seconds)

        async def bounded_receive() -> Message:
            nonlocal taken, whole
            if whole:
                return await receive()
            self._arriving.add(arrival)
            try:
                message = await receive()
            except asyncio.CancelledError:
                if arrival.late and arrival.task.uncancel() == 0:
                    raise _TooMuch(408, "the body took too long to arrive") from None
                raise
            finally:
                self._arriving.discard(arrival)
            taken += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if taken > self._most:
                raise _TooMuch(413, f"the body has more than the {self._most:,} bytes that are allowed")
            return message

        async def noted_send(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, bounded_receive, noted_send)
        except _TooMuch as fault:
            if not begun:
                await _refuse(send, fault.status, fault.message, "Send less at a time.")


@dataclass(eq=False, slots=True)
class _Arrival:
    """A body that is waited for until `deadline`, by a task that is cancelled then."""

    task: asyncio.Task[Any]
    deadline: float
    late: bool = False


def _look(arrival: _Arrival, now: float) -> None:
    if now >= arrival.deadline and not arrival.late:
        arrival.late = True
        arrival.task.cancel()


class _TooMuch(BaseException):
    """Passes through whatever would answer an ordinary exception."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def _refuse(send: Send, status: int, message: str, remedy: str) -> None:
    content = json.dumps(body(status, message, None, remedy), ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    if status in (413, 408):
        headers.append((b"connection", b"close"))  # the rest of the body is not read
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
