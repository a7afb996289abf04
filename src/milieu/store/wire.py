"""The way to a SPARQL engine: one request, one whole reply (SPARQL 1.1 Protocol and Graph Store HTTP Protocol).

SPARQLWrapper writes the requests; what carries them is ours, because its own way follows redirects with the password in
hand, knows no limit of time or size, and takes a page of HTML for an answer. Here nothing is followed, a reply has a
deadline for all of it, and it is read whole before anything of it is used: one that is cut short, late or too long is
an error and never half an answer.
"""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import IO, TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from milieu.errors import StoreError
from milieu.store.refusal import refusal
from milieu.store.spool import spool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milieu.store.endpoint import Endpoint

__all__ = ["OverdueError", "Reply", "Wire"]

_PIECE = 1 << 16


class OverdueError(StoreError):
    """An engine took longer than it was given."""


@dataclass(frozen=True)
class Reply:
    """A whole reply: what kind of document it is, and the document."""

    media: str
    content: IO[bytes]


class Wire:
    """Requests to one endpoint; `requests` counts them.

    `seconds` is how long a request may take, all of it; `most` is how many bytes a reply may have.
    """

    def __init__(self, endpoint: Endpoint, *, seconds: float = 60, most: int = 1 << 32) -> None:
        self.endpoint = endpoint
        self.seconds = seconds
        self.most = most
        self.requests = 0
        self._basic = False

    def query(self, text: str, parameters: Mapping[str, Sequence[str]], accept: str) -> Reply:
        """The reply to a query, with these parameters. Raises `StoreError`, and `QueryError` for status 400."""
        return self._send(self._written(text, "SELECT", parameters), accept)

    def update(self, text: str) -> None:
        """Run an update. Raises `StoreError` when it was not carried out."""
        self._send(self._written(text, "INSERT", {}), None)

    def append(self, triples: bytes, graph: str) -> None:
        """Add N-Triples to a graph by the Graph Store Protocol (section 5.5). Raises `StoreError`."""
        from urllib.parse import quote

        address = self.endpoint.graph_store
        mark = "&" if urlsplit(address).query else "?"
        request = Request(f"{address}{mark}graph={quote(graph, safe='')}", data=triples, method="POST")  # noqa: S310
        request.add_header("Content-Type", "application/n-triples")
        self._send(request, None)

    def _written(self, text: str, form: str, parameters: Mapping[str, Sequence[str]]) -> Request:
        from SPARQLWrapper import POST, SPARQLWrapper

        wrapper = SPARQLWrapper(self.endpoint.query, self.endpoint.update, agent="Milieu")
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        for name, values in parameters.items():
            for value in values:
                wrapper.addParameter(name, value)
        # setQuery would guess the form by an expression that comments and names can mislead.
        wrapper.queryString, wrapper.queryType = text, form
        request: Request = wrapper._createRequest()  # noqa: SLF001 - its public way also sends
        return request

    def _send(self, request: Request, accept: str | None) -> Reply:
        request.add_header("User-agent", "Milieu")
        request.add_header("Accept", accept or "*/*")
        given = self.endpoint.credentials
        if given.token:
            request.add_unredirected_header("Authorization", f"Bearer {given.token}")
        elif self._basic:
            self._add_basic(request)
        address = request.full_url
        with _deadline(self.seconds) as watch:
            try:
                with self._opened(request, watch) as response:
                    return Reply(*self._read(response, accept, address, watch))
            except HTTPError as fault:
                raise refusal(fault, given, address) from None
            except (OSError, HTTPException, ValueError) as fault:
                raise self._broken(fault, address, watch) from None

    def _opened(self, request: Request, watch: _Watch) -> HTTPResponse:
        opener = self._opener(request, watch)
        self.requests += 1
        try:
            return opener.open(request, timeout=self.seconds)  # type: ignore[no-any-return]
        except HTTPError as fault:
            wanted = fault.headers.get("WWW-Authenticate", "") if fault.code == 401 else ""
            if not self.endpoint.credentials.user or self._basic or not wanted.lower().startswith("basic"):
                raise
            fault.close()
        self._basic = True
        self._add_basic(request)
        return opener.open(request, timeout=self.seconds)  # type: ignore[no-any-return]

    def _opener(self, request: Request, watch: _Watch) -> OpenerDirector:
        parts: list[Any] = [_Plain(watch), _Secure(watch), _Staying()]
        if request.host.rpartition(":")[0].strip("[]") in {"127.0.0.1", "localhost", "::1"}:
            parts.append(ProxyHandler({}))
        given = self.endpoint.credentials
        if given.user:
            passwords = HTTPPasswordMgrWithDefaultRealm()
            passwords.add_password(None, request.full_url, given.user, given.password)
            parts.append(HTTPDigestAuthHandler(passwords))
        return build_opener(*parts)

    def _add_basic(self, request: Request) -> None:
        given = self.endpoint.credentials
        pair = base64.b64encode(f"{given.user}:{given.password}".encode()).decode()
        request.add_unredirected_header("Authorization", f"Basic {pair}")

    def _read(self, response: HTTPResponse, accept: str | None, address: str, watch: _Watch) -> tuple[str, IO[bytes]]:
        if watch.over:  # headers that were cut off look like a few headers
            raise TimeoutError
        media = response.headers.get_content_type()
        if accept and media not in accept:
            raise StoreError(
                f"the address answers with {media} instead of results",
                place=address,
                remedy="Is it that of the SPARQL endpoint? Web pages often stand at a neighbouring one.",
            )
        # Virtuoso says in headers that an answer is not all of it.
        if response.headers.get("X-SPARQL-MaxRows") or response.headers.get("X-SQL-State"):
            raise StoreError(
                "the engine gave only part of the answer",
                place=address,
                remedy="Raise its limits of rows and time (in Virtuoso: ResultSetMaxRows, MaxQueryExecutionTime).",
            )
        content = spool()
        size = 0
        while piece := response.read1(_PIECE):
            size += len(piece)
            if size > self.most:
                raise StoreError(
                    f"the reply has more than {self.most:,} bytes", place=address, remedy="Ask for less at a time."
                )
            content.write(piece)
        if watch.over or response.length:  # what is left of a length that was announced
            raise ConnectionError("the reply was cut short")
        content.seek(0)
        return media, content

    def _broken(self, fault: Exception, address: str, watch: _Watch) -> StoreError:
        reason = fault.reason if isinstance(fault, URLError) else fault
        if watch.over or isinstance(reason, TimeoutError):
            return OverdueError(
                f"the engine did not answer within {self.seconds:g} seconds",
                place=address,
                remedy="Ask for less, or allow more with MILIEU_STORE_TIMEOUT (seconds).",
            )
        if isinstance(reason, ssl.SSLError):
            return StoreError(
                f"the connection is not safe ({reason.reason})", place=address, remedy="Check its certificate."
            )
        words = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        return StoreError(
            f"the engine cannot be reached ({words})", place=address, remedy="Does it run, and is the address right?"
        )


class _Watch:
    """The connections of a request, which are cut when its time is over."""

    def __init__(self) -> None:
        self.over = False
        self._lines: list[socket.socket] = []

    def add(self, line: socket.socket) -> None:
        self._lines.append(line)
        if self.over:
            self.cut()

    def cut(self) -> None:
        self.over = True
        for line in self._lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


@contextmanager
def _deadline(seconds: float) -> Iterator[_Watch]:
    # A time limit of the socket begins anew with every byte, so that a reply that drips would never end.
    watch = _Watch()
    timer = threading.Timer(seconds, watch.cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()


class _PlainConnection(HTTPConnection):
    def __init__(self, *words: Any, watch: _Watch, **named: Any) -> None:
        super().__init__(*words, **named)
        self._watch = watch

    def connect(self) -> None:
        super().connect()
        self._watch.add(self.sock)


class _SecureConnection(HTTPSConnection):
    def __init__(self, *words: Any, watch: _Watch, **named: Any) -> None:
        super().__init__(*words, **named)
        self._watch = watch

    def connect(self) -> None:
        super().connect()
        self._watch.add(self.sock)


class _Plain(HTTPHandler):
    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._watch = watch

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_PlainConnection, watch=self._watch), req)


class _Secure(HTTPSHandler):
    def __init__(self, watch: _Watch) -> None:
        super().__init__()
        self._watch = watch

    def https_open(self, req: Request) -> HTTPResponse:
        connection = partial(_SecureConnection, watch=self._watch)
        return self.do_open(connection, req, context=ssl.create_default_context())


class _Staying(HTTPRedirectHandler):
    """Follows nothing: a query would lose its text, and a password would go to whoever is named."""

    def redirect_request(self, *_: Any) -> None:
        return None
