"""From a worker's reply to a response: at once when it is small, else as it comes."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from milieu.worker.pool import Reply, WorkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["Streamed", "respond", "tagged", "unless_gone"]

_log = logging.getLogger("milieu.server")
_T = TypeVar("_T")
_GLANCE = 0.25


def respond(reply: Reply, media: str, headers: Mapping[str, str]) -> Response:
    """The response that carries a reply."""
    text = media.startswith("text/") and "charset" not in media
    full = f"{media}; charset=utf-8" if text else media
    if reply.whole:
        return Response(reply.body, headers={**headers, "content-type": full})
    return Streamed(reply, {**headers, "content-type": full})


class Streamed(Response):
    """A reply that goes out as its worker writes it; nothing of it is kept.

    When it breaks off, so does the response: nobody may take a part for the whole.
    """

    def __init__(self, reply: Reply, headers: Mapping[str, str]) -> None:
        self._reply = reply
        self.status_code = 200
        self.background = None
        self.init_headers(headers)
        del self.headers["content-length"]

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """The headers, without a length: it is not known."""
        self.body = b""
        super().init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is, as it comes."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] == "HEAD":
            self._reply.close()
            await send({"type": "http.response.body", "body": b""})
            return
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            async for chunk in self._reply.chunks():
                if gone.done():
                    return
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except WorkError as fault:
            _log.warning("an answer was broken off: %s", fault)
            return
        finally:
            gone.cancel()
            self._reply.close()
        await send({"type": "http.response.body", "body": b""})


async def unless_gone(request: Request, work: Coroutine[Any, Any, _T]) -> _T:
    """The result of some work, which ends when the client has hung up: nobody would read it."""
    loop = asyncio.get_running_loop()
    watching: list[asyncio.Task[None]] = []

    async def watch() -> None:
        await _disconnected(request.receive)
        patience.reschedule(loop.time())

    # Most work is done before it is worth looking.
    glance = loop.call_later(_GLANCE, lambda: watching.append(loop.create_task(watch())))
    try:
        async with asyncio.timeout(None) as patience:
            try:
                return await work
            finally:
                glance.cancel()
                for task in watching:
                    task.cancel()
    except TimeoutError:
        raise WorkError("failed", "the client has hung up") from None


def tagged(request: Request, headers: dict[str, str], *parts: str) -> Response | None:
    """Put an ETag made of these parts into the headers; 304 when the client has that very thing already."""
    tag = f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:20]}"'
    headers["ETag"] = tag
    headers.setdefault("Cache-Control", "no-cache")
    wanted = request.headers.get("if-none-match", "")
    known = {each.strip().removeprefix("W/") for each in wanted.split(",")}
    if tag.removeprefix("W/") in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return None


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
