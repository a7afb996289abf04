"""The body of a request: its bytes, and whether they are what can be read."""

from __future__ import annotations

from starlette.requests import Request

from milieu.server.fault import RequestError

__all__ = ["media_type_of", "received", "text_of"]

_READABLE = ("", "utf-8", "utf8", "us-ascii")


async def received(request: Request) -> bytes:
    """The body, which mostly has come in one piece. Raises `RequestError` when the client hangs up before its end."""
    pieces: list[bytes] = []
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise RequestError(400, "the request broke off")
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(pieces)


def media_type_of(request: Request) -> str:
    """The type of the body in lower case. Raises `RequestError` for a character set that is not taken."""
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    charset = rest and rest.lower().replace(" ", "").partition("charset=")[2].partition(";")[0].strip('"')
    if charset not in _READABLE:
        raise RequestError(415, f"the character set {charset} is not taken", remedy="Send UTF-8.")
    return kind.strip().lower()


def text_of(content: bytes) -> str:
    """The body as text. Raises `RequestError` when it is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise RequestError(400, "the body is not UTF-8 text", remedy="Send UTF-8.") from None
