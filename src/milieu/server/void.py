"""What the dataset is: VoID and DCAT, with counts taken from the graph and a distribution per format."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from milieu.namespaces import ASSERTED, DCTERMS, OWL, RDF, RDFS, XSD
from milieu.server.description import here
from milieu.server.edition import Edition
from milieu.server.exports import EXPORTS
from milieu.server.fault import RequestError
from milieu.server.media import HTML, QUADS, TRIPLES, choose
from milieu.server.negotiate import negotiate
from milieu.server.parameters import asked, one
from milieu.server.rdf import DCAT, FOAF, VOID, Sheet
from milieu.server.reply import tagged
from milieu.server.site import Site

__all__ = ["counts", "void"]

_SPDX = "http://spdx.org/rdf/terms#"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_KEPT_FROM_HEADER = ("description", "license", "creator", "publisher", "rights", "source", "modified", "issued")
_COUNTS = {
    "entities": f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ GRAPH <{ASSERTED}> {{ ?s a ?c }} }}",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
}
_CLASSES = "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(ISIRI(?c)) } GROUP BY ?c ORDER BY DESC(?n) ?c"
_PROPERTIES = "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY DESC(?n) ?p"


async def void(request: Request) -> Response:
    """The description of the dataset, in the RDF syntax that the client prefers."""
    accept = request.headers.get("accept")
    chosen = choose(accept, TRIPLES, one(asked(request), "format"))
    if chosen is None and negotiate(accept, [HTML]):
        chosen = ("turtle", "text/turtle")  # Turtle is what people can read of it
    if chosen is None:
        raise RequestError(
            406, "the description is not written in that format", remedy=f"Choose one of {', '.join(TRIPLES)}."
        )
    site: Site = request.app.state.site
    edition = site.edition
    headers = {"Vary": "Accept", "Content-Type": chosen[1]}
    same = tagged(request, headers, edition.build.digest, "void", chosen[0], here(request))
    if same:
        return same
    found = await counts(edition)
    digest = await asyncio.to_thread(lambda: edition.digest)
    sheet = await asyncio.to_thread(_sheet, edition, found, digest, here(request))
    return Response(sheet.text(chosen[0]), headers=headers)


async def counts(edition: Edition) -> dict[str, Any]:
    """How much of what there is, worked out once per edition: totals, and the numbers by class and by property."""
    async with edition.making("counts"):
        if "counts" not in edition.kept:
            found: dict[str, Any] = {}
            for name, text in _COUNTS.items():
                found[name] = (await _rows(edition, text))[0][0]
            found["classes"] = await _rows(edition, _CLASSES)
            found["properties"] = await _rows(edition, _PROPERTIES)
            edition.kept["counts"] = found
    kept: dict[str, Any] = edition.kept["counts"]
    return kept


async def _rows(edition: Edition, text: str) -> list[list[Any]]:
    task = {"do": "query", "own": True, "text": text, "formats": {"rows": "cells"}, "most": 10_000}
    reply = await edition.pool.ask(task, seconds=edition.pool.limits.chore_seconds)
    rows = json.loads(await reply.read())["rows"]
    return [[int(cell["text"]) if "text" in cell else cell["iri"] for cell in row] for row in rows]


def _sheet(edition: Edition, found: dict[str, Any], digest: str, root: str) -> Sheet:
    base, manifest = edition.addresses.base, edition.build.manifest
    dataset = f"{base}/dataset"
    sheet = Sheet()
    sheet.say(f"{base}/.well-known/void", f"{RDF}type", ox.NamedNode(f"{VOID}DatasetDescription"))
    sheet.say(f"{base}/.well-known/void", f"{FOAF}primaryTopic", ox.NamedNode(dataset))
    sheet.say(dataset, f"{RDF}type", ox.NamedNode(f"{VOID}Dataset"), ox.NamedNode(f"{DCAT}Dataset"))
    sheet.say(dataset, f"{DCTERMS}title", edition.title)
    _from_header(sheet, edition, dataset)
    sheet.say(dataset, f"{DCTERMS}identifier", f"sha256:{digest}")
    # A release is named after what it holds: the digest of its canonical quads.
    sheet.say(dataset, f"{OWL}versionInfo", manifest["milieu"])
    sheet.say(dataset, f"{DCTERMS}created", ox.Literal(manifest["built"], datatype=ox.NamedNode(f"{XSD}dateTime")))
    sheet.say(dataset, f"{VOID}triples", sum(manifest["counts"].values()))
    for name in _COUNTS:
        sheet.say(dataset, f"{VOID}{name}", found[name])
    sheet.say(dataset, f"{VOID}classes", len(found["classes"]))
    sheet.say(dataset, f"{VOID}properties", len(found["properties"]))
    for kind, rows, of in (("class", found["classes"], "entities"), ("property", found["properties"], "triples")):
        for place, (iri, number) in enumerate(rows):
            part = ox.BlankNode(f"{kind}{place}")
            sheet.say(dataset, f"{VOID}{kind}Partition", part)
            sheet.say(part, f"{VOID}{kind}", ox.NamedNode(iri))
            sheet.say(part, f"{VOID}{of}", number)
    sheet.say(dataset, f"{VOID}uriSpace", f"{base}/id/")
    sheet.say(dataset, f"{VOID}vocabulary", ox.NamedNode(edition.ontology))
    sheet.say(dataset, f"{VOID}sparqlEndpoint", ox.NamedNode(f"{root}/sparql"))
    sheet.say(dataset, f"{DCAT}landingPage", ox.NamedNode(f"{root}/"))
    _distributions(sheet, dataset, root, digest)
    return sheet


def _from_header(sheet: Sheet, edition: Edition, dataset: str) -> None:
    """What the ontology's header says of licence and makers holds for the dataset as well."""
    header = ox.NamedNode(edition.ontology)
    store = edition.near([edition.ontology])
    for name in _KEPT_FROM_HEADER:
        for quad in store.quads_for_pattern(header, ox.NamedNode(f"{DCTERMS}{name}"), None, None):
            if not isinstance(quad.object, ox.Triple):
                sheet.say(dataset, f"{DCTERMS}{name}", quad.object)


def _distributions(sheet: Sheet, dataset: str, root: str, digest: str) -> None:
    for export in EXPORTS.values():
        if export.part != "all":
            continue
        at = f"{root}/export/{export.name}"
        sheet.say(dataset, f"{DCAT}distribution", ox.NamedNode(at))
        if export.syntax in QUADS or export.syntax == "jsonld-context":  # a dump is RDF (VoID, section 4.2)
            sheet.say(dataset, f"{VOID}dataDump", ox.NamedNode(at))
        sheet.say(at, f"{RDF}type", ox.NamedNode(f"{DCAT}Distribution"))
        sheet.say(at, f"{RDFS}label", export.name)
        sheet.say(at, f"{DCAT}downloadURL", ox.NamedNode(at))
        sheet.say(at, f"{DCAT}mediaType", ox.NamedNode(f"{_MEDIA}{export.media}"))
        if export.syntax == "nquads":
            check = ox.BlankNode("checksum")
            sheet.say(at, f"{_SPDX}checksum", check)
            sheet.say(check, f"{RDF}type", ox.NamedNode(f"{_SPDX}Checksum"))
            sheet.say(check, f"{_SPDX}algorithm", ox.NamedNode(f"{_SPDX}checksumAlgorithm_sha256"))
            sheet.say(check, f"{_SPDX}checksumValue", ox.Literal(digest, datatype=ox.NamedNode(f"{XSD}hexBinary")))
