"""From a worker's reply to a response: at once when it is small, else as it comes."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache, partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from milieu.worker.pool import Gone, Reply, WorkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["Streamed", "http_date", "leaving", "respond", "tagged"]

_MOST_HINT = 1000
_PRINTED = " " + "".join(map(chr, range(0x21, 0x7F)))
_log = logging.getLogger("milieu.server")


def respond(reply: Reply, media: str, headers: Mapping[str, str]) -> Response:
    """The response that carries a reply."""
    if reply.whole:
        raw = _raw(media, tuple(headers.items()))
        hint = reply.end.get("hint")
        return _Whole(reply.body, [*raw, _hinted(hint)] if hint else raw)
    return Streamed(reply, {**headers, "content-type": _full(media)})


def _hinted(hint: str) -> tuple[bytes, bytes]:
    """The header that tells programs what was probably misspelt; the formats of answers have no place for it."""
    return b"milieu-hint", quote(hint[:_MOST_HINT], safe=_PRINTED).encode()


def _full(media: str) -> str:
    """A media type with its character set, where that is not settled."""
    return f"{media}; charset=utf-8" if media.startswith("text/") and "charset" not in media else media


@lru_cache(maxsize=100)
def _raw(media: str, headers: tuple[tuple[str, str], ...]) -> list[tuple[bytes, bytes]]:
    """Headers as they are sent; most answers have the same."""
    named = {**dict(headers), "content-type": _full(media)}
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]


class _Whole(Response):
    """A small answer, whose headers are known but for its length."""

    def __init__(self, content: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        self.status_code = 200
        self.background = None
        self.body = content
        self.raw_headers = [*headers, (b"content-length", str(len(content)).encode())]


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
            # Who reads nothing at all is waited for no longer either: the time is up wherever the answer stands.
            async with asyncio.timeout_at(self._reply.latest):
                async for chunk in self._reply.chunks():
                    if gone.done():
                        return
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except TimeoutError:
            _log.warning("an answer was broken off: its reader took too long")
            return
        except WorkError as fault:
            _log.warning("an answer was broken off: %s", fault)
            return
        finally:
            gone.cancel()
            self._reply.close()
        await send({"type": "http.response.body", "body": b""})


def leaving(request: Request) -> Gone:
    """What comes back when the client of a request has hung up."""
    return partial(_disconnected, request.receive)


def tagged(request: Request, headers: dict[str, str], *parts: str) -> Response | None:
    """Put an ETag made of these parts into the headers; 304 when the client has that very thing already.

    A date counts only when it is the very one that stands in the headers: a folder may go back to an older build.
    """
    tag = f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:20]}"'
    headers["ETag"] = tag
    headers.setdefault("Cache-Control", "no-cache")
    wanted = request.headers.get("if-none-match")
    known = {each.strip().removeprefix("W/") for each in (wanted or "").split(",")}
    since = request.headers.get("if-modified-since") if wanted is None else None
    if tag.removeprefix("W/") in known or "*" in known or (since and since == headers.get("Last-Modified")):
        return Response(status_code=304, headers=headers)
    return None


def http_date(when: str) -> str:
    """An ISO 8601 time as HTTP writes it.

    >>> http_date("2026-11-20T09:00:00+00:00")
    'Fri, 20 Nov 2026 09:00:00 GMT'
    """
    return format_datetime(datetime.fromisoformat(when).astimezone(UTC), usegmt=True)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
