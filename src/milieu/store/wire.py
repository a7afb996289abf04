"""The way to a SPARQL engine: one request, one whole reply (SPARQL 1.1 Protocol and Graph Store HTTP Protocol).

SPARQLWrapper writes the requests; what carries them is ours, because its own way follows redirects with the password in
hand, knows no limit of time or size, and takes a page of HTML for an answer. Here nothing is followed, a reply has a
deadline for all of it, and it is read whole before anything of it is used: one that is cut short, late or too long is
an error and never half an answer.
"""

from __future__ import annotations

import base64
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import IO, TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from milieu.errors import StoreError
from milieu.store.line import CutShortError, Deadline, deadline, lines_under
from milieu.store.refusal import refusal
from milieu.store.spool import spool

if TYPE_CHECKING:
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
        with deadline(self.seconds) as limit:
            try:
                with self._opened(request, limit) as response:
                    return Reply(*self._read(response, accept, address, limit))
            except HTTPError as fault:
                raise refusal(fault, given, address) from None
            except (OSError, HTTPException, ValueError) as fault:
                raise self._broken(fault, address, limit) from None

    def _opened(self, request: Request, limit: Deadline) -> HTTPResponse:
        opener = self._opener(request, limit)
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

    def _opener(self, request: Request, limit: Deadline) -> OpenerDirector:
        parts: list[Any] = [*lines_under(limit), _Staying()]
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

    def _read(self, response: HTTPResponse, accept: str | None, address: str, limit: Deadline) -> tuple[str, IO[bytes]]:
        media = response.headers.get_content_type()
        if accept and media not in _kinds(accept):
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
        if accept and not _bounded(response) and not media.endswith("json"):
            raise StoreError(
                f"the engine does not say where its reply ends, and {media} may end anywhere",
                place=address,
                remedy="It needs a Content-Length or chunks (HTTP/1.1). What stands before the engine?",
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
        if limit.over or response.length:  # what is left of a length that was announced
            raise CutShortError
        content.seek(0)
        return media, content

    def _broken(self, fault: Exception, address: str, limit: Deadline) -> StoreError:
        reason = fault.reason if isinstance(fault, URLError) else fault
        if limit.over or isinstance(reason, TimeoutError):
            return OverdueError(
                f"the engine did not answer within {self.seconds:g} seconds",
                place=address,
                remedy="Ask for less, or allow more with MILIEU_STORE_TIMEOUT (seconds).",
            )
        if isinstance(reason, ssl.SSLError):
            return StoreError(
                f"the connection is not safe ({reason.reason})", place=address, remedy="Check its certificate."
            )
        if isinstance(reason, IncompleteRead):  # of a chunk
            reason = CutShortError()
        words = getattr(reason, "strerror", None) or str(reason) or type(reason).__name__
        return StoreError(
            f"the engine cannot be reached ({words})", place=address, remedy="Does it run, and is the address right?"
        )


def _kinds(accept: str) -> set[str]:
    return {kind.partition(";")[0].strip() for kind in accept.split(",")}


def _bounded(response: HTTPResponse) -> bool:
    """Whether a reply that is cut short can be told from a whole one."""
    return response.length is not None or bool(response.chunked)


class _Staying(HTTPRedirectHandler):
    """Follows nothing: a query would lose its text, and a password would go to whoever is named."""

    def redirect_request(self, *_: Any) -> None:
        return None
