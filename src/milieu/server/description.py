"""The description of the endpoint (SPARQL 1.1 Service Description): what it speaks, writes and holds."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from milieu.namespaces import ASSERTED, INFERRED, RDF, RDFS
from milieu.server.fault import RequestError
from milieu.server.media import TRIPLES, choose
from milieu.server.parameters import asked, one
from milieu.server.rdf import SD, VOID, Sheet
from milieu.server.site import Site

__all__ = ["describe_endpoint", "here"]

_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)

# The engine takes all graphs as one for queries only.
_UPDATES = (
    "Queries see all graphs as one. The WHERE of an update sees the default graph alone, to which its triples go "
    "as well, unless it names others by USING or GRAPH."
)


def here(request: Request, path: str = "") -> str:
    """An address of this server in full, as the client called it."""
    host = request.headers.get("host") or request.url.netloc
    return f"{request.scope['scheme']}://{host}{path}"


def describe_endpoint(request: Request) -> Response:
    """The description, in the RDF syntax that the client prefers."""
    chosen = choose(request.headers.get("accept"), TRIPLES, one(asked(request), "format"))
    if chosen is None:
        raise RequestError(
            406, "the description is not written in that format", remedy=f"Choose one of {', '.join(TRIPLES)}."
        )
    site: Site = request.app.state.site
    text = _sheet(site, here(request, request.url.path)).text(chosen[0])
    return Response(text, headers={"Vary": "Accept", "Content-Type": chosen[1]})


def _sheet(site: Site, endpoint: str) -> Sheet:
    sheet = Sheet()
    about, dataset, default = (ox.BlankNode(name) for name in ("service", "dataset", "default"))
    sheet.say(about, f"{RDF}type", _sd("Service"))
    sheet.say(about, f"{SD}endpoint", ox.NamedNode(endpoint))
    sheet.say(about, f"{SD}supportedLanguage", _sd("SPARQL11Query"))
    if site.settings.token:
        sheet.say(about, f"{SD}supportedLanguage", _sd("SPARQL11Update"))
        sheet.say(about, f"{RDFS}comment", ox.Literal(_UPDATES, language="en"))
    for name in _FORMATS:
        sheet.say(about, f"{SD}resultFormat", ox.NamedNode(f"http://www.w3.org/ns/formats/{name}"))
    if site.settings.union:
        sheet.say(about, f"{SD}feature", _sd("UnionDefaultGraph"))
    sheet.say(about, f"{SD}defaultDataset", dataset)
    sheet.say(dataset, f"{RDF}type", _sd("Dataset"))
    sheet.say(dataset, f"{SD}defaultGraph", default)
    sheet.say(default, f"{RDF}type", _sd("Graph"))
    if site.settings.token:
        return sheet  # what a working copy holds changes with every update
    counts = site.edition.build.manifest["counts"]
    sheet.say(about, f"{RDFS}label", site.edition.title)
    sheet.say(default, f"{VOID}triples", counts["asserted"] + counts["inferred"])
    for name, kind in ((ASSERTED, "asserted"), (INFERRED, "inferred")):
        named, graph = ox.BlankNode(kind), ox.BlankNode(f"{kind}-graph")
        sheet.say(dataset, f"{SD}namedGraph", named)
        sheet.say(named, f"{RDF}type", _sd("NamedGraph"))
        sheet.say(named, f"{SD}name", ox.NamedNode(name))
        sheet.say(named, f"{SD}graph", graph)
        sheet.say(graph, f"{RDF}type", _sd("Graph"))
        sheet.say(graph, f"{VOID}triples", counts[kind])
    return sheet


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{SD}{name}")
