"""The line to an engine: connections that end with their time, and replies that are whole or an error.

Python's own client takes a line that breaks off for one that was said, and so a reply whose headers were cut for one
without the others: without its length it is then whole wherever it ends. Here a line has an end or the reply has none.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from io import BufferedReader
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.request import BaseHandler, HTTPHandler, HTTPSHandler, Request

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CutShortError", "Deadline", "deadline", "lines_under"]

_Connection = TypeVar("_Connection", bound="_PlainConnection")

_LONGEST = 65536  # http.client reads one byte more of a line, and refuses that itself


class CutShortError(ConnectionError):
    """A reply ended before it was said to."""

    def __init__(self) -> None:
        super().__init__("the reply was cut short")


class Deadline:
    """The connections of a request, which are cut when its time is over; `over` says that it is."""

    def __init__(self) -> None:
        self.over = False
        self._lines: list[socket.socket] = []
        self._lock = threading.Lock()

    def add(self, line: socket.socket) -> None:
        """Cut this one too when the time is over, which may be now."""
        with self._lock:
            # A twin, since the line itself may be closed meanwhile, or become another object when it is encrypted.
            self._lines.append(line.dup())
        if self.over:
            self.cut()

    def cut(self) -> None:
        """End the time now."""
        self.over = True  # before anything is cut, so that whoever meets a cut line knows why
        with self._lock:
            for line in self._lines:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let the connections be."""
        with self._lock:
            while self._lines:
                self._lines.pop().close()


@contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """A deadline so many seconds from now, until the block ends."""
    # A time limit of the socket begins anew with every byte, so that a reply that drips would never end.
    found = Deadline()
    timer = threading.Timer(seconds, found.cut)
    timer.daemon = True
    timer.start()
    try:
        yield found
    finally:
        timer.cancel()
        found.close()


def lines_under(limit: Deadline) -> list[BaseHandler]:
    """What opens plain and encrypted lines for urllib, all of them under this deadline."""
    return [_Plain(limit), _Secure(limit)]


class _Reply(HTTPResponse):
    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self.fp = _Lines(self.fp.detach())


class _Lines(BufferedReader):
    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not line.endswith(b"\n") and len(line) <= _LONGEST:
            raise CutShortError
        return line


class _PlainConnection(HTTPConnection):
    response_class = _Reply
    limit: Deadline

    def connect(self) -> None:
        super().connect()
        self.limit.add(self.sock)


class _SecureConnection(HTTPSConnection, _PlainConnection):
    """Under its deadline from before it is encrypted: HTTPSConnection connects as the plain one does, and goes on."""


class _Plain(HTTPHandler):
    def __init__(self, limit: Deadline) -> None:
        super().__init__()
        self._limit = limit

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_limited, _PlainConnection, self._limit), req)


class _Secure(HTTPSHandler):
    def __init__(self, limit: Deadline) -> None:
        super().__init__()
        self._limit = limit

    def https_open(self, req: Request) -> HTTPResponse:
        connection = partial(_limited, _SecureConnection, self._limit)
        return self.do_open(connection, req, context=ssl.create_default_context())


def _limited(kind: type[_Connection], limit: Deadline, *words: Any, **named: Any) -> _Connection:
    connection = kind(*words, **named)
    connection.limit = limit
    return connection
