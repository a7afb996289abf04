"""Parts of files (RFC 9110, section 14): those that can be had are sent, what says nothing is ignored."""

from __future__ import annotations

import re

from starlette.requests import Request

from milieu.server.fault import RequestError

__all__ = ["settle"]

_RANGE = r"(?:\d{1,18}-\d{0,18}|-\d{1,18})"
_RANGES = re.compile(rf"bytes=[ \t]*({_RANGE}(?:[ \t]*,[ \t]*{_RANGE})*)", re.IGNORECASE | re.ASCII)


def settle(request: Request, size: int, modified: str) -> None:
    """Leave only those ranges in the request that a file of so many bytes, last modified then, has.

    A unit that is not known, ranges that cannot be read, and those that another state of the file was meant by
    (`If-Range`) ask for the whole file. Raises `RequestError` (416) when the file has none of the ranges.
    """
    wanted = request.headers.get("range")
    if wanted is None:
        return
    found = _RANGES.fullmatch(wanted.strip())
    ranges = [part.strip() for part in found[1].split(",")] if found else []
    if request.method != "GET" or request.headers.get("if-range", modified) != modified or not all(map(_reads, ranges)):
        ranges = []
    had = [part for part in ranges if _begins(part, size) < size]
    if ranges and not had:
        raise RequestError(
            416,
            f"the file has {size:,} bytes",
            remedy="Ask for a part that it has.",
            headers={"Content-Range": f"bytes */{size}"},
        )
    lines = [(name, value) for name, value in request.scope["headers"] if name not in (b"range", b"if-range")]
    request.scope["headers"] = [*lines, *([(b"range", f"bytes={','.join(had)}".encode())] if had else [])]


def _reads(part: str) -> bool:
    first, _, last = part.partition("-")
    return not first or not last or int(first) <= int(last)


def _begins(part: str, size: int) -> int:
    """The first byte of a range; behind the end for the last 0 bytes."""
    first, _, last = part.partition("-")
    return int(first) if first else max(size - int(last), 0) if int(last) else size
