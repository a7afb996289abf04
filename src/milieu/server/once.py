"""One request within the process, without a port: what `milieu serve --get` does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

__all__ = ["Got", "get"]

_PRINTED = "".join(map(chr, range(0x21, 0x7F)))  # what stands in an address as it is, escapes included


@dataclass
class Got:
    """A response: status, headers in their order, body."""

    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


def get(app: Any, address: str, headers: Iterable[tuple[str, str]] = ()) -> Got:
    """The response of an application to a GET of a path, with `?…` if need be."""
    return asyncio.run(_get(app, address, list(headers)))


async def _get(app: Any, address: str, headers: list[tuple[str, str]]) -> Got:
    path, _, query = address.partition("#")[0].partition("?")
    path = path if path.startswith("/") else f"/{path}"
    names = {name.lower() for name, _ in headers}
    sent = [*headers, *([] if "host" in names else [("host", "localhost")])]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": quote(path, safe=_PRINTED).encode(),
        "query_string": quote(query, safe=_PRINTED).encode(),
        "root_path": "",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in sent],
        "client": ("127.0.0.1", 0),
        "server": ("localhost", 80),
        "state": {},
    }
    got = Got()
    asked = False
    never = asyncio.Event()

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await never.wait()
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            got.status = message["status"]
            got.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        elif message["type"] == "http.response.body":
            got.body += message.get("body", b"")

    async with app.router.lifespan_context(app):
        await app(scope, receive, send)
    return got
