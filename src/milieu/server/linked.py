"""Linked data: `/id/…` names a thing and leads to `/doc/…`, which describes it (Cool URIs, section 4.2)."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from milieu.namespaces import ASSERTED, DCTERMS, RDF, RDFS
from milieu.server.edition import Edition
from milieu.server.fault import RequestError
from milieu.server.media import HTML, TRIPLES, choose, types
from milieu.server.negotiate import negotiate
from milieu.server.parameters import asked, one
from milieu.server.rdf import FOAF, VOID, Sheet, write
from milieu.server.reply import http_date, tagged
from milieu.server.site import Site
from milieu.server.thing import Thing, look_up, triples_of
from milieu.sparql.text import is_iri

__all__ = ["about", "anything", "doc", "ontology", "thing"]

_SUFFIXES = {"ttl": "turtle", "nt": "ntriples", "jsonld": "jsonld", "rdf": "rdfxml", "html": "html"}
_SUFFIX_OF = {syntax: suffix for suffix, syntax in _SUFFIXES.items()}


async def thing(request: Request) -> Response:
    """303 to the document about a thing; 404 with near names when the graph says nothing of it."""
    edition = _edition(request)
    iri = edition.addresses.iri(request.url.path)
    if not await asyncio.to_thread(look_up, edition, _checked(iri)):
        raise await _unknown(edition, iri)
    return RedirectResponse(f"/doc/{request.url.path[4:]}", 303, headers={"Vary": "Accept"})


async def doc(request: Request) -> Response:
    """The document about a thing, in the format of its suffix or of the Accept header."""
    edition = _edition(request)
    path = f"/id/{request.url.path[5:]}"
    found = await asyncio.to_thread(look_up, edition, _checked(edition.addresses.iri(path)))
    suffix = None
    if not found and "." in path.rpartition("/")[2]:
        plain, _, ending = path.rpartition(".")
        if ending in _SUFFIXES:
            path, suffix = plain, ending
            found = await asyncio.to_thread(look_up, edition, _checked(edition.addresses.iri(path)))
    if not found:
        raise await _unknown(edition, edition.addresses.iri(path))
    return await _described(request, edition, found, f"/doc/{path[4:]}", suffix)


async def about(request: Request) -> Response:
    """The document about any IRI that the graph speaks of, others' included: `/about?iri=`."""
    edition = _edition(request)
    iri = one(asked(request), "iri") or ""
    found = await asyncio.to_thread(look_up, edition, _checked(iri))
    if not found:
        raise await _unknown(edition, iri)
    return await _described(request, edition, found, None, None)


async def anything(request: Request) -> Response:
    """Any other address: the ontology's own when it is that, a thing's when there is one, else 404."""
    edition = _edition(request)
    iri = edition.addresses.iri(request.url.path)
    plain, dot, ending = iri.rpartition(".")
    if iri == edition.ontology or (dot and plain == edition.ontology and ending in _SUFFIXES):
        request.scope["path_params"] = {
            "rest": request.url.path.rpartition(".")[1] + ending if iri != edition.ontology else ""
        }
        return await ontology(request)
    if await asyncio.to_thread(look_up, edition, _checked(iri)):
        return RedirectResponse(f"/about?iri={quote(iri, safe='')}", 303, headers={"Vary": "Accept"})
    path = request.scope["path"]
    if path.endswith("/") and _is_served(request, path.rstrip("/")):
        remedy = f"Did you mean {quote(path.rstrip('/'))}?"
    else:
        remedy = "The home page lists what there is."
    raise RequestError(404, f"there is nothing at {request.url.path}", remedy=remedy)


def _is_served(request: Request, path: str) -> bool:
    """Whether there is an address of this form."""
    scope = {**request.scope, "path": path}
    return any(
        route.matches(scope)[0] is Match.FULL and getattr(route, "endpoint", None) is not anything
        for route in request.app.routes
    )


async def ontology(request: Request) -> Response:
    """The ontology, or one of its modules: every term with its definition."""
    edition = _edition(request)
    rest = request.path_params.get("rest", "")
    name, dot, ending = rest.rpartition(".")
    suffix = ending if dot and ending in _SUFFIXES else None
    iri = edition.ontology + (name if suffix else rest)
    terms = await asyncio.to_thread(_terms, edition, iri)
    if not terms:
        raise await _unknown(edition, iri)
    chosen = _format(request, suffix)
    headers = _headers(edition, f"/ontology{iri[len(edition.ontology) :]}")
    same = tagged(request, headers, edition.build.digest, iri, *chosen)
    if same:
        return same
    if chosen[0] == "html":
        from milieu.server.pages import ontology_page

        return await asyncio.to_thread(ontology_page, request, iri, terms, headers)
    triples = await asyncio.to_thread(_triples, edition, [iri, *terms])
    return Response(write(triples, chosen[0], edition.prefixes), headers=headers | {"Content-Type": _typed(chosen[1])})


async def _described(
    request: Request, edition: Edition, found: Thing, page: str | None, suffix: str | None
) -> Response:
    chosen = _format(request, suffix)
    headers = _headers(edition, page)
    same = tagged(request, headers, edition.build.digest, found.iri, *chosen)
    if same:
        return same
    if chosen[0] == "html":
        from milieu.server.pages import thing_page

        return await asyncio.to_thread(thing_page, request, found, page, headers)
    text = await asyncio.to_thread(_text, edition, found, page, chosen[0])
    return Response(text, headers=headers | {"Content-Type": _typed(chosen[1])})


def _text(edition: Edition, found: Thing, page: str | None, format: str) -> bytes:  # noqa: A002
    sheet = Sheet()
    if page:
        document = edition.addresses.iri(page)
        name = edition.name(found.iri)
        sheet.say(document, f"{RDF}type", ox.NamedNode(f"{FOAF}Document"))
        sheet.say(document, f"{FOAF}primaryTopic", ox.NamedNode(found.iri))
        sheet.say(document, f"{VOID}inDataset", ox.NamedNode(f"{edition.addresses.base}/dataset"))
        if name:
            sheet.say(document, f"{DCTERMS}title", name)
    return write([*sheet.triples, *triples_of(edition, found)], format, edition.prefixes)


def _format(request: Request, suffix: str | None) -> tuple[str, str]:
    named = one(asked(request), "format")
    if suffix and suffix != "html":
        return _SUFFIXES[suffix], TRIPLES[_SUFFIXES[suffix]][0]
    accept = request.headers.get("accept")
    # No header is the same as `*/*` (RFC 9110, section 12.5.1).
    if "html" in (suffix, named) or (named is None and negotiate(accept, [HTML, *types(TRIPLES)]) == HTML):
        return "html", HTML
    chosen = choose(accept, TRIPLES, named)
    if chosen is None:
        raise RequestError(
            406, "the description is not written in that format", remedy=f"There are html, {', '.join(TRIPLES)}."
        )
    return chosen


def _headers(edition: Edition, page: str | None) -> dict[str, str]:
    headers = {"Vary": "Accept", "Last-Modified": http_date(edition.build.manifest["built"])}
    if page:
        links = [
            f'<{page}.{_SUFFIX_OF[syntax]}>; rel="alternate"; type="{names[0]}"' for syntax, names in TRIPLES.items()
        ]
        headers["Link"] = ", ".join([*links, '</.well-known/void>; rel="describedby"'])
    return headers


def _typed(media: str) -> str:
    return f"{media}; charset=utf-8" if media.startswith("text/") else media


def _checked(iri: str) -> str:
    try:
        if not is_iri(iri):
            raise ValueError
        ox.NamedNode(iri)
    except ValueError:
        raise RequestError(400, f"{iri!r} is no IRI", remedy="Give it in full.") from None
    return iri


async def _unknown(edition: Edition, iri: str) -> RequestError:
    slug = iri.rstrip("/").rpartition("/")[2].partition("#")[0]
    kind = iri.rpartition("/")[0] + "/"

    def near() -> list[str]:
        words = slug.replace("-", " ")
        hits = edition.index.find(words, 5, kind) or edition.index.find(words, 5)
        return [edition.addresses.page(hit.iri) or hit.iri for hit in hits]

    found = await asyncio.to_thread(near)
    remedy = f"Did you mean {' or '.join(found)}?" if found else "Look for it with /search?q=."
    return RequestError(404, f"the graph says nothing of <{iri}>", remedy=remedy)


def _terms(edition: Edition, iri: str) -> list[str]:
    """The terms that an ontology or module defines; for the whole, those of every module."""
    by = f"{RDFS}isDefinedBy"
    found = set()
    for quad in edition.store.quads_for_pattern(None, ox.NamedNode(by), None, None):
        where = quad.object
        inside = isinstance(where, ox.NamedNode) and (
            where.value == iri or (iri == edition.ontology and where.value.startswith(f"{iri}/"))
        )
        if inside and isinstance(quad.subject, ox.NamedNode):
            found.add(quad.subject.value)
    return sorted(found)


def _triples(edition: Edition, iris: list[str]) -> list[ox.Triple]:
    """What the ontology's files say of these terms, with the nodes that only they mention."""
    graph = ox.NamedNode(ASSERTED)
    left: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(iri) for iri in iris]
    seen = set(left)
    found: list[ox.Triple] = []
    store = edition.near(iris)
    while left:
        node = left.pop()
        for quad in store.quads_for_pattern(node, None, None, graph):
            found.append(quad.triple)
            if isinstance(quad.object, ox.BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                left.append(quad.object)
    return found


def _edition(request: Request) -> Edition:
    site: Site = request.app.state.site
    return site.edition
