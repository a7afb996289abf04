"""Exports: the graph as files, written once per edition by a worker and then sent from the disk, whole or in ranges."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from milieu.server.edition import Edition
from milieu.server.fault import RequestError
from milieu.server.media import ENDINGS, QUADS
from milieu.server.ranges import settle
from milieu.server.reply import http_date, tagged
from milieu.server.site import Site
from milieu.spelling import nearest

__all__ = ["EXPORTS", "Export", "export_file", "exports", "send_export"]

_ENDING = {name: ending for ending, name in ENDINGS.items() if name in QUADS}
PARTS = ("all", "asserted", "inferred")
_OTHERS = {"jsonld-context": "application/ld+json", "geojson": "application/geo+json", "csv": "application/zip"}


@dataclass(frozen=True)
class Export:
    """One file that can be had: a part of the graph in a format."""

    name: str
    syntax: str
    part: str
    what: str = "all statements"

    @property
    def media(self) -> str:
        """Its media type."""
        return QUADS[self.syntax][0] if self.syntax in QUADS else _OTHERS[self.syntax]


EXPORTS = {
    export.name: export
    for part in PARTS
    for syntax in QUADS
    for export in [Export(f"{'graph' if part == 'all' else part}.{_ENDING[syntax]}", syntax, part)]
}
EXPORTS |= {
    export.name: export
    for export in (
        Export("things.jsonld", "jsonld-context", "all", "an object per thing, with a readable context"),
        Export("places.geojson", "geojson", "all", "everything with a place"),
        Export("tables.zip", "csv", "all", "a CSV table per class, with a data package"),
    )
}
"""Every export by name: `graph.ttl`, `asserted.nt`, `inferred.nq` and so on."""


async def send_export(request: Request) -> Response:
    """The file of an export. 404 with the nearest name for any other."""
    name = request.path_params["name"]
    export = EXPORTS.get(name)
    if export is None:
        like = nearest(name, EXPORTS)
        raise RequestError(
            404, f"there is no export {name!r}", remedy=f"Did you mean {like}?" if like else "See /export."
        )
    return await exports(request, export)


async def exports(request: Request, export: Export, headers: dict[str, str] | None = None) -> Response:
    """The file of an export, unless the client has it already."""
    site: Site = request.app.state.site
    edition = site.edition
    built = http_date(edition.build.manifest["built"])
    told = {"Last-Modified": built, **(headers or {})}
    same = tagged(request, told, edition.build.digest, export.name)
    if same:
        return same
    path = await export_file(edition, export)
    told["Content-Disposition"] = f'inline; filename="{export.name}"'
    state = await asyncio.to_thread(path.stat)
    settle(request, state.st_size, built)
    return FileResponse(path, media_type=export.media, headers=told, stat_result=state)


async def export_file(edition: Edition, export: Export) -> Path:
    """Where the file of an export is; it is made when it is first asked for."""
    path = edition.export_path(export.name)
    async with edition.making(export.name):
        if not path.exists():
            beside = path.with_name(f".{path.name}")
            task = {"do": "export", "format": export.syntax, "only": export.part, "path": str(beside)}
            await edition.pool.ask(task, open_lane=True, seconds=edition.pool.limits.chore_seconds)
            beside.replace(path)
    return path
