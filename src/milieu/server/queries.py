"""Stored queries as resources: `/queries/NAME`, parameters in the address, the format by suffix or Accept."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from milieu.errors import QueryError
from milieu.namespaces import DCTERMS, RDF, RDFS, SH, Prefixes
from milieu.query.header import StoredQuery
from milieu.query.parameter import serialise
from milieu.query.run import things
from milieu.server.edition import Edition
from milieu.server.fault import RequestError, answer_fault, told
from milieu.server.media import ENDINGS, HTML, ROWS, TRIPLES, choose, types
from milieu.server.negotiate import negotiate
from milieu.server.parameters import Fields, asked, one, whole
from milieu.server.rdf import DCAT, Sheet
from milieu.server.reply import leaving, respond, tagged
from milieu.server.site import Site
from milieu.sparql.slots import fill
from milieu.spelling import nearest
from milieu.worker.pool import WorkError

__all__ = ["MOST_PAGES", "MOST_PER", "executables", "listing", "query"]

RESERVED = ("format", "page", "per")
"""Parameters of the address that no stored query may call its own."""
_PER = 100
MOST_PER = 10_000
"""Rows of a page."""
MOST_PAGES = 1_000_000
"""Pages that can be asked for."""
_MOST_CHOICES = 400


async def listing(request: Request) -> Response:
    """The stored queries: JSON, a page, or the RDF that other catalogues read (`sh:SPARQLExecutable`)."""
    site: Site = request.app.state.site
    edition = site.edition
    queries = list(edition.queries)
    accept, named = request.headers.get("accept"), one(asked(request, ("format",)), "format")
    formats = {"json": ("application/json",), "html": (HTML,), **{k: v for k, v in TRIPLES.items() if k != "jsonld"}}
    formats["jsonld"] = ("application/ld+json",)
    chosen = choose(accept, formats, named)
    if chosen is None:
        raise RequestError(406, "the list is not written in that format", remedy=f"Choose one of {', '.join(formats)}.")
    headers = {"Vary": "Accept"}
    if chosen[0] == "html":
        from milieu.server.pages import page

        tags: dict[str, list[StoredQuery]] = {}
        for stored in queries:
            tags.setdefault(stored.tags[0] if stored.tags else "other", []).append(stored)
        return page(request, "queries.html", title="Queries", groups=sorted(tags.items()))
    if chosen[0] == "json":
        return Response(
            json.dumps([_told(stored) for stored in queries], ensure_ascii=False), 200, headers, "application/json"
        )
    text = executables(edition, queries).text(chosen[0])
    return Response(text, headers=headers | {"Content-Type": chosen[1]})


async def query(request: Request) -> Response:
    """The answer to a stored query, or its page with form and answer.

    Raises `RequestError` for unknown queries (404), parameters and values (400), with the nearest that there is.
    """
    site: Site = request.app.state.site
    edition = site.edition
    stored, suffix = _find(edition, request.path_params["name"])
    fields = asked(request)
    named = suffix or one(fields, "format")
    if named == "html" or (named is None and _for_people(request)):
        return await _page(request, edition, stored, fields)
    given = _given(stored, fields)
    formats = TRIPLES if stored.form in ("CONSTRUCT", "DESCRIBE") else ROWS
    chosen = choose(request.headers.get("accept"), formats, named)
    if chosen is None:
        raise RequestError(
            406, f"{stored.name} is not written in that format", remedy=f"There are {', '.join(formats)}."
        )
    headers = {"Vary": "Accept"}
    same = tagged(request, headers, edition.build.digest, stored.digest, str(request.url.query), *chosen)
    if same:
        return same
    paged = _paging(fields)
    task: dict[str, Any] = {
        "do": "stored",
        "name": stored.name,
        "given": given,
        "page": paged,
        "formats": dict.fromkeys(("rows", "boolean", "triples"), chosen[0]),
    }
    reply = await edition.pool.ask(task, gone=leaving(request))
    if paged:
        await reply.read()
        if reply.end.get("rows", paged["limit"]) >= paged["limit"]:
            headers["Link"] = f'<{_turned(request, fields, 1)}>; rel="next"'
    return respond(reply, chosen[1], headers)


def executables(edition: Edition, queries: list[StoredQuery]) -> Sheet:
    """Each stored query as an `sh:SPARQLExecutable`, with its parameters at their defaults, after SIB's convention."""
    sheet = Sheet()
    for stored in queries:
        about = f"{edition.addresses.base}/queries/{stored.name}"
        form = stored.form.capitalize()
        sheet.say(
            about, f"{RDF}type", ox.NamedNode(f"{SH}SPARQLExecutable"), ox.NamedNode(f"{SH}SPARQL{form}Executable")
        )
        sheet.say(about, f"{RDFS}comment", ox.Literal(stored.summary, language="en"))
        if stored.description:
            sheet.say(about, f"{DCTERMS}description", ox.Literal(stored.description, language="en"))
        for tag in stored.tags:
            sheet.say(about, "https://schema.org/keywords", tag)
        sheet.say(about, "https://schema.org/target", ox.NamedNode(f"{edition.addresses.base}/sparql"))
        sheet.say(about, f"{DCAT}landingPage", ox.NamedNode(f"{edition.addresses.base}/queries/{stored.name}"))
        sheet.say(about, f"{SH}{stored.form.lower()}", _at_defaults(edition, stored))
    return sheet


def _at_defaults(edition: Edition, stored: StoredQuery) -> str:
    """A stored query as others can run it: with the prefixes that it uses, and no header."""
    values = {
        parameter.name: serialise(parameter, parameter.default, prefixes=edition.prefixes)
        for parameter in stored.parameters
        if parameter.default is not None
    }
    lines = fill(stored.text, stored.slots, values).split("\n")
    text = "\n".join(line for line in lines if not line.startswith("#+"))
    used = {prefix: space for prefix, space in edition.prefixes.items() if f"{prefix}:" in text}
    return Prefixes(used).sparql() + text


def _find(edition: Edition, name: str) -> tuple[StoredQuery, str | None]:
    names = edition.queries.names()
    plain, dot, ending = name.rpartition(".")
    if name in names:
        return edition.queries.get(name), None
    if dot and plain in names and ending in ENDINGS:
        return edition.queries.get(plain), ENDINGS[ending]
    like = nearest(plain or name, names)
    remedy = f"Did you mean /queries/{like}?" if like else "/queries lists them all."
    raise RequestError(404, f"there is no stored query {plain or name!r}", remedy=remedy)


def _given(stored: StoredQuery, fields: Fields) -> dict[str, str]:
    declared = [parameter.name for parameter in stored.parameters]
    given: dict[str, str] = {}
    for name in fields:
        if name in RESERVED and name not in declared:
            continue
        if name not in declared:
            like = nearest(name, declared)
            takes = f"It takes {', '.join(declared)}." if declared else "It takes none."
            raise RequestError(
                400, f"{stored.name} has no parameter {name!r}", remedy=f"Did you mean {like}?" if like else takes
            )
        if (value := one(fields, name)) is not None:
            given[name] = value
    missing = [parameter for parameter in stored.parameters if parameter.required and parameter.name not in given]
    if missing:
        told = f": {missing[0].description}" if missing[0].description else ""
        raise RequestError(
            400, f"{stored.name} needs a value for {missing[0].name!r}", remedy=f"Add ?{missing[0].name}={told or '…'}"
        )
    return given


def _paging(fields: Fields) -> dict[str, int] | None:
    if one(fields, "page") is None and one(fields, "per") is None:
        return None
    page, per = whole(fields, "page", 1, MOST_PAGES), whole(fields, "per", _PER, MOST_PER)
    return {"offset": (page - 1) * per, "limit": per}


def _turned(request: Request, fields: Fields, by: int) -> str:
    page = whole(fields, "page", 1, MOST_PAGES) + by
    pairs = [(name, value) for name, values in fields.items() for value in values if name != "page" and value]
    return f"{request.url.path}?{urlencode([*pairs, ('page', str(page))])}"


def _for_people(request: Request) -> bool:
    accept = request.headers.get("accept")
    return bool(accept) and negotiate(accept, [*types({**ROWS, **TRIPLES}), HTML]) == HTML


async def _page(request: Request, edition: Edition, stored: StoredQuery, fields: dict[str, list[str]]) -> Response:
    from milieu.server.pages import answer_of, page

    choices = await asyncio.to_thread(_choices, edition, stored)
    shown: dict[str, Any] = {
        "title": stored.summary,
        "stored": stored,
        "choices": choices,
        "values": {name: values[0] for name, values in fields.items()},
        "text": "\n".join(line for line in stored.text.split("\n") if not line.startswith("#+")).strip(),
        "answer": None,
        "fault": None,
        "before": None,
        "after": None,
    }
    needed = [parameter.name for parameter in stored.parameters if parameter.required]
    if not fields and needed:
        return page(request, "query.html", **shown)
    status = 200
    try:
        given = _given(stored, fields)
        at, per = whole(fields, "page", 1, MOST_PAGES), whole(fields, "per", _PER, MOST_PER)
        cut = {"offset": (at - 1) * per, "limit": per + 1}
        formats = dict.fromkeys(("rows", "boolean", "triples"), "cells")
        task = {"do": "stored", "name": stored.name, "given": given, "page": cut, "formats": formats, "most": per}
        answer = await answer_of(edition, await edition.pool.ask(task, gone=leaving(request)))
        pairs = [(name, value) for name, value in given.items()]
        endings = ("ttl", "nt", "jsonld", "rdf") if answer["form"] == "triples" else ("json", "csv", "tsv", "xml")
        answer["downloads"] = [
            (ending, f"/queries/{stored.name}.{ending}" + (f"?{urlencode(pairs)}" if pairs else ""))
            for ending in endings
        ]
        shown |= {
            "answer": answer,
            "before": _turned(request, fields, -1) if at > 1 else None,
            "after": _turned(request, fields, 1) if answer["more"] else None,
        }
    except (RequestError, WorkError, QueryError) as fault:
        if not isinstance(fault, RequestError) and (not isinstance(fault, WorkError) or fault.kind != "refused"):
            return answer_fault(request, fault)
        status = fault.status if isinstance(fault, RequestError) else 400
        shown["fault"] = told(status, fault)
    return page(request, "query.html", status=status, **shown)


def _choices(edition: Edition, stored: StoredQuery) -> dict[str, list[tuple[str, str]]]:
    """For each parameter that is a thing of a small class: what may be chosen, as value and name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for parameter in stored.parameters:
        if parameter.choices:
            found[parameter.name] = [(choice, choice) for choice in parameter.choices]
        elif parameter.class_iri:
            key = f"choices {parameter.class_iri}"
            if key not in edition.kept:
                iris = dict.fromkeys(iri for iri, _ in things(edition.build.store, parameter.class_iri))
                edition.know(iris)
                named = [(edition.prefixes.compact(iri).strip("<>"), edition.name(iri) or iri) for iri in iris]
                edition.kept[key] = sorted(named, key=lambda pair: pair[1]) if len(iris) <= _MOST_CHOICES else []
            if edition.kept[key]:
                found[parameter.name] = edition.kept[key]
    return found


def _told(stored: StoredQuery) -> dict[str, Any]:
    return {
        "name": stored.name,
        "summary": stored.summary,
        "description": stored.description,
        "tags": list(stored.tags),
        "form": stored.form,
        "columns": list(stored.columns),
        "parameters": [parameter.to_json() for parameter in stored.parameters],
        "url": f"/queries/{stored.name}",
    }
