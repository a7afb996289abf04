"""`/health`: whether the server is well, for whatever watches over it."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

import milieu
from milieu.server.site import Site

__all__ = ["health"]


async def health(request: Request) -> Response:
    """200 with the build that answers and the state of the workers; no store is asked, so that it is always quick."""
    site: Site = request.app.state.site
    content = {
        "status": "stale" if site.trouble else "ok",
        "version": milieu.__version__,
        "build": site.edition.build.digest,
        **site.edition.pool.state,
        "trouble": site.trouble,
    }
    return Response(json.dumps(content), headers={"Cache-Control": "no-store"}, media_type="application/json")
