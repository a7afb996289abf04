"""The access log: one line of JSON per request, and the headers that every response has."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from datetime import UTC, datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Access", "Journal"]

_EVERY = 0.25
_json = json.JSONEncoder(ensure_ascii=False).encode

_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
# Everything that may be read may be read by pages of other sites; nothing is sent along that tells who is asking.
_CORS = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Link, ETag, Location, Content-Disposition, Content-Range, Retry-After, Milieu-Hint",
    ),
]


class Journal:
    """Lines that are written to a stream a quarter of a second later, together: each alone costs as much as a query."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lines: list[str] = []

    def add(self, line: str) -> None:
        """One line more."""
        if not self._lines:
            asyncio.get_running_loop().call_later(_EVERY, self.flush)
        self._lines.append(line)

    def flush(self) -> None:
        """Write what there is; a stream that takes nothing more ends no request."""
        lines, self._lines = self._lines, []
        if lines:
            with suppress(OSError, ValueError):
                self._stream.write("\n".join([*lines, ""]))
                self._stream.flush()


class Access:
    """Middleware that tells a journal method, path, status, bytes, milliseconds and client of each request.

    Answers to a preflight tell other sites' pages what they may do; updates are not among it.
    """

    def __init__(self, app: ASGIApp, journal: Journal | None = None) -> None:
        self._app = app
        self._journal = journal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and log it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = sent = 0

        async def noted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *_ALWAYS, *_CORS]
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            if scope["method"] == "OPTIONS" and b"access-control-request-method" in dict(scope["headers"]):
                await _preflight(noted)
            else:
                await self._app(scope, receive, noted)
        finally:
            if self._journal:
                self._journal.add(_line(scope, status, sent, time.perf_counter() - began))


async def _preflight(send: Send) -> None:
    headers = [
        (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
        (
            b"access-control-allow-headers",
            b"Accept, Accept-Language, Content-Type, If-None-Match, If-Modified-Since, Range",
        ),
        (b"access-control-max-age", b"86400"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _line(scope: Scope, status: int, sent: int, seconds: float) -> str:
    client = scope.get("client")
    return _json(
        {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client": client[0] if client else None,
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode("latin-1")[:2000],
            "status": status,
            "bytes": sent,
            "ms": round(seconds * 1000, 1),
        }
    )
