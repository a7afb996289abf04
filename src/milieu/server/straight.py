"""The straight way to the SPARQL endpoint: most requests are queries, and the router takes as long as half of one."""

from __future__ import annotations

from starlette.requests import Request

from milieu.errors import MilieuError
from milieu.server.fault import answer_fault
from milieu.server.sparql import sparql

TYPE_CHECKING = False
if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Straight"]


class Straight:
    """Middleware that answers GET and POST of `/sparql` as its route would, and passes everything else on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a query, or pass a request on."""
        if scope["type"] != "http" or scope["path"] != "/sparql" or scope["method"] not in ("GET", "POST"):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            response = await sparql(request)
        except MilieuError as fault:
            response = answer_fault(request, fault)
        await response(scope, receive, send)
