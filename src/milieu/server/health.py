"""`/health`: whether the server is well, for whatever watches over it."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

import milieu
from milieu.server.site import Site

__all__ = ["health"]


async def health(request: Request) -> Response:
    """The build that answers and the state of the workers; no store is asked, so that it is always quick.

    200 as long as queries are answered: `ok`, or `stale` when newer files are there that do not build. 503 and `down`
    when no worker is left.
    """
    site: Site = request.app.state.site
    state = site.edition.pool.state
    down = site.settings.warm and not state["workers"]  # a server for one request has none before it needs one
    content = {
        "status": "down" if down else "stale" if site.trouble else "ok",
        "version": milieu.__version__,
        "build": site.edition.build.digest,
        **state,
        "trouble": "no worker is left" if down else site.trouble,
    }
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if down else {})
    return Response(json.dumps(content), 503 if down else 200, headers, "application/json")
