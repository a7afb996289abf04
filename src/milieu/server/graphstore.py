"""The SPARQL 1.1 Graph Store HTTP Protocol, reading: a graph named by `?graph=`, `?default` or its own address."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from milieu.namespaces import ASSERTED, INFERRED
from milieu.server.exports import EXPORTS, exports
from milieu.server.fault import RequestError
from milieu.server.media import TRIPLES, choose
from milieu.server.parameters import Fields, asked, one
from milieu.server.reply import respond
from milieu.server.site import Site

__all__ = ["graph", "graph_by_address"]

_PARTS = {None: "graph", ASSERTED: "asserted", INFERRED: "inferred"}
_ENDING = {"turtle": "ttl", "ntriples": "nt", "jsonld": "jsonld", "rdfxml": "rdf"}
_READING = "GET, HEAD, OPTIONS"


async def graph(request: Request) -> Response:
    """The graph that the request names (section 4.2, indirect identification); 404 when there is no such graph."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": _READING})
    if request.method not in ("GET", "HEAD"):
        raise RequestError(
            405,
            "graphs are for reading here",
            remedy="Change the files of the folder; the server follows them.",
            headers={"Allow": _READING},
        )
    fields = asked(request, ("default", "graph", "format"))
    named = fields.get("graph", [])
    if len(named) + ("default" in fields) != 1:
        raise RequestError(400, "the request names no graph, or several", remedy="Add ?default or ?graph=IRI.")
    return await _send(request, named[0] if named else None, fields)


async def graph_by_address(request: Request) -> Response:
    """`/graph/asserted` and `/graph/inferred`, the graphs under addresses of their own (section 4.1)."""
    name = {"asserted": ASSERTED, "inferred": INFERRED}.get(request.path_params["name"])
    if name is None:
        raise RequestError(
            404, f"there is no graph {request.path_params['name']!r}", remedy="There are asserted and inferred."
        )
    return await _send(request, name, asked(request, ("format",)))


async def _send(request: Request, name: str | None, fields: Fields) -> Response:
    site: Site = request.app.state.site
    chosen = choose(request.headers.get("accept"), TRIPLES, one(fields, "format"))
    if chosen is None:
        raise RequestError(406, "graphs are not written in that format", remedy=f"Choose one of {', '.join(TRIPLES)}.")
    headers = {"Vary": "Accept"}
    if site.settings.token:
        task: dict[str, Any] = {"do": "graph", "graph": name, "format": chosen[0]}
        return respond(await site.edition.pool.ask(task, open_lane=True), chosen[1], headers)
    if name not in _PARTS:
        raise RequestError(404, f"there is no graph <{name}>", remedy=f"There are <{ASSERTED}> and <{INFERRED}>.")
    if chosen[0] == "jsonld" and name is None:
        # In that syntax the whole is written as two graphs; the default graph is both as one.
        task = {"do": "query", "own": True, "text": "CONSTRUCT WHERE { ?s ?p ?o }", "formats": {"triples": "jsonld"}}
        return respond(await site.edition.pool.ask(task, open_lane=True), chosen[1], headers)
    return await exports(request, EXPORTS[f"{_PARTS[name]}.{_ENDING[chosen[0]]}"], headers)
