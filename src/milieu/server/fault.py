"""Errors as answers: one table from fault to status, one body for programs and one page for people."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from milieu.errors import (
    BuildError,
    FolderError,
    FormatError,
    MilieuError,
    MissingError,
    QueryError,
    StoreError,
)
from milieu.server.media import HTML
from milieu.server.negotiate import negotiate
from milieu.worker.pool import WorkError

__all__ = ["RequestError", "answer_fault", "body", "on_crash", "on_fault", "on_http", "told"]

_log = logging.getLogger("milieu.server")

_WORK = {
    "refused": 400,
    "unacceptable": 406,
    "failed": 500,
    "unavailable": 503,
    "overdue": 503,
    "overdrawn": 503,
    "busy": 503,
    "gone": 499,  # nobody reads it; the log tells it from what went wrong here
}
_FAULTS: Mapping[type[MilieuError], int] = {
    QueryError: 400,
    FormatError: 400,
    FolderError: 503,
    BuildError: 503,
    StoreError: 503,
    MissingError: 501,
}
_NOWHERE = "anything"  # what answers at all other addresses
_PLACE = re.compile(r"line (\d+), column (\d+)\Z")


class RequestError(MilieuError):
    """Something wrong with a request itself, with the status that says so."""

    def __init__(
        self, status: int, message: str, *, remedy: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.headers = dict(headers or {})


def body(status: int, message: str, place: str | None = None, remedy: str | None = None) -> dict[str, object]:
    """The body of every error: the same four keys, and the line and column of a place that has them.

    >>> body(400, "no", "line 1, column 2")["column"]
    2
    """
    content: dict[str, object] = {"status": status, "message": message, "place": place, "remedy": remedy or None}
    if place and (found := _PLACE.search(place)):
        content |= {"line": int(found[1]), "column": int(found[2])}
    return content


def answer_fault(request: Request, fault: MilieuError) -> Response:
    """The response for a fault: a page when the client prefers one, else JSON."""
    status = _status(fault)
    headers = {"Vary": "Accept"}
    if isinstance(fault, RequestError):
        headers |= fault.headers
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "5"
    content = told(status, fault)
    if negotiate(request.headers.get("accept"), ["application/json", HTML]) == HTML:
        from milieu.server.pages import page

        return page(
            request, "error.html", status=status, headers=headers, title=HTTPStatus(status).phrase, fault=content
        )
    text = json.dumps(content, ensure_ascii=False)
    return Response(text, status, headers, "application/json")


def told(status: int, fault: MilieuError) -> dict[str, object]:
    """What the client is told: where an engine is, is between it and the server."""
    if not (fault.place and "://" in fault.place):
        return body(status, fault.message, fault.place, fault.remedy)
    _log.warning("%s", fault)
    message = fault.message if "://" not in fault.message else "the engine behind this server refuses"
    return body(status, message, None, "Try again in a while." if status >= 500 else None)


async def on_fault(request: Request, fault: Exception) -> Response:
    """Any of our faults that nothing else has answered."""
    assert isinstance(fault, MilieuError)
    return answer_fault(request, fault)


async def on_http(request: Request, fault: Exception) -> Response:
    """What the router refuses: unknown addresses and methods."""
    assert isinstance(fault, HTTPException)
    allowed = (fault.headers or {}).get("Allow", "GET, HEAD")
    if request.method == "OPTIONS" and (fault.status_code == 405 or request.scope["path"] == "*"):
        if getattr(request.scope.get("endpoint"), "__name__", "") == _NOWHERE:
            return await on_http(request, HTTPException(404))
        return Response(status_code=204, headers={"Allow": f"{allowed}, OPTIONS"})
    if fault.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        wrong = RequestError(
            405, f"{request.method} is not allowed here", remedy=f"Use {allowed}.", headers=fault.headers
        )
    else:
        wrong = RequestError(
            fault.status_code, f"there is nothing at {request.url.path}", remedy="The home page lists what there is."
        )
    return answer_fault(request, wrong)


async def on_crash(request: Request, fault: Exception) -> Response:
    """A fault of the program: it goes to the log, never to the user."""
    _log.error("an unexpected fault at %s", request.url.path, exc_info=fault)
    return answer_fault(request, RequestError(500, "an unexpected fault; it has been logged"))


def _status(fault: MilieuError) -> int:
    if isinstance(fault, RequestError):
        return fault.status
    if isinstance(fault, WorkError):
        return _WORK.get(fault.kind, 500)
    return next((status for kind, status in _FAULTS.items() if isinstance(fault, kind)), 500)
