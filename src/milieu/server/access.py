"""The access log: one line of JSON per request, and the headers that every response has."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Access"]

_log = logging.getLogger("milieu.access")

_ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
# Everything that may be read may be read by pages of other sites; nothing is sent along that tells who is asking.
_CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Link, ETag, Location, Content-Disposition"),
]


class Access:
    """Middleware that logs method, path, status, bytes, milliseconds and client to the logger `milieu.access`.

    Answers to a preflight tell other sites' pages what they may do; updates are not among it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
            headers = dict(scope["headers"])
            if scope["method"] == "OPTIONS" and b"access-control-request-method" in headers:
                await _preflight(noted)
            else:
                await self._app(scope, receive, noted)
        finally:
            if _log.isEnabledFor(logging.INFO):
                _log.info(_line(scope, status, sent, time.perf_counter() - began))


async def _preflight(send: Send) -> None:
    headers = [
        (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
        (b"access-control-allow-headers", b"Accept, Accept-Language, Content-Type"),
        (b"access-control-max-age", b"86400"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _line(scope: Scope, status: int, sent: int, seconds: float) -> str:
    client = scope.get("client")
    return json.dumps(
        {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client": client[0] if client else None,
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode("latin-1")[:2000],
            "status": status,
            "bytes": sent,
            "ms": round(seconds * 1000, 1),
        },
        ensure_ascii=False,
    )
