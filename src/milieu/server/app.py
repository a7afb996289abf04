"""The application: routes, middleware and the site, composed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from milieu.errors import MilieuError
from milieu.server.access import Access, Journal
from milieu.server.exports import send_export
from milieu.server.fault import on_crash, on_fault, on_http
from milieu.server.graphstore import graph, graph_by_address
from milieu.server.health import health
from milieu.server.limits import Bounds
from milieu.server.linked import about, anything, doc, ontology, thing
from milieu.server.openapi import openapi
from milieu.server.pages import downloads, home, instances
from milieu.server.queries import listing, query
from milieu.server.search import search
from milieu.server.site import Site
from milieu.server.sparql import sparql
from milieu.server.straight import Straight
from milieu.server.validation import validate
from milieu.server.void import void

__all__ = ["app"]

_ANY = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

ROUTES = [
    Route("/", home),
    Route("/sparql", sparql, methods=["GET", "POST", "OPTIONS"]),
    Route("/graph", graph, methods=_ANY),
    Route("/graph/{name}", graph_by_address),
    Route("/id/{rest:path}", thing),
    Route("/doc/{rest:path}", doc),
    Route("/about", about),
    Route("/instances", instances),
    Route("/ontology{rest:path}", ontology),
    Route("/queries", listing),
    Route("/queries/{name}", query),
    Route("/validate", validate, methods=["GET", "POST"]),
    Route("/search", search),
    Route("/export", downloads),
    Route("/export/{name}", send_export),
    Route("/.well-known/void", void),
    Route("/dataset", void),
    Route("/openapi.json", openapi),
    Route("/health", health),
    Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
    Route("/{rest:path}", anything),
]
"""Every address, in the order in which they are tried."""


def app(site: Site, journal: Journal | None = None) -> Starlette:
    """The application that serves a site, and tells a journal who asked for what; starting it starts the site."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            await site.start()
        except MilieuError as fault:
            site.failed = fault
            raise
        try:
            yield
        finally:
            await site.stop()
            if journal:
                journal.flush()

    made = Starlette(
        routes=ROUTES,
        lifespan=lifespan,
        middleware=[
            Middleware(Access, journal=journal),
            Middleware(Bounds, hosts=site.settings.hosts, most_bytes=site.settings.most_bytes),
            Middleware(Straight),
        ],
        exception_handlers={MilieuError: on_fault, HTTPException: on_http, Exception: on_crash},
    )
    made.state.site = site
    return made
