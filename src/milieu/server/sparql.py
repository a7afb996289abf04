"""The SPARQL endpoint: SPARQL 1.1 Protocol, query by GET, form and direct POST; update where the site is writable."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from milieu.server.body import media_type_of, received, text_of
from milieu.server.description import describe_endpoint, here
from milieu.server.fault import RequestError
from milieu.server.media import BOOLEANS, HTML, ROWS, TRIPLES, choose, types
from milieu.server.negotiate import negotiate
from milieu.server.parameters import Fields, parameters
from milieu.server.reply import leaving, respond
from milieu.server.site import Site

__all__ = ["Operation", "sparql"]

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_ANSWERS = tuple(types({**ROWS, **TRIPLES}))
_DESCRIPTIONS = tuple(types(TRIPLES))
_HEADERS = {"Vary": "Accept", "Cache-Control": "no-cache"}


@dataclass(slots=True)
class Operation:
    """What a request asks of the endpoint: a query or an update, and the graphs it is about."""

    text: str | None
    is_update: bool = False
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    format: str | None = None

    @classmethod
    async def of(cls, request: Request) -> Operation:
        """The operation of a request. Raises `RequestError` for whatever the protocol does not know."""
        address = request.scope["query_string"]
        fields = parameters(address.decode("latin-1")) if address else {}
        if request.method in ("GET", "HEAD"):
            if "update" in fields:
                raise RequestError(400, "an update cannot be asked for by GET", remedy="Send it by POST.")
            return cls._from(fields, "query")
        kind = media_type_of(request)
        text = text_of(await received(request))
        if kind == _FORM:
            for name, values in parameters(text).items():
                fields.setdefault(name, []).extend(values)
            given = [name for name in ("query", "update") if name in fields]
            if len(given) != 1:
                raise RequestError(
                    400, "the form has neither or both of 'query' and 'update'", remedy="Send exactly one."
                )
            return cls._from(fields, given[0])
        if kind not in (_QUERY, _UPDATE):
            raise RequestError(
                415,
                f"bodies of the type {kind or '(none)'} are not taken",
                remedy=f"Send {_FORM}, {_QUERY} or {_UPDATE}.",
            )
        if "query" in fields or "update" in fields:
            raise RequestError(
                400, "there is one query in the address and another in the body", remedy="Send exactly one."
            )
        name = "query" if kind == _QUERY else "update"
        return cls._from({**fields, name: [text]}, name) if fields else cls(text, kind == _UPDATE)

    @classmethod
    def _from(cls, fields: dict[str, list[str]], name: str) -> Operation:
        texts = fields.get(name, [])
        if len(texts) > 1:
            raise RequestError(400, f"there are {len(texts)} parameters called {name!r}", remedy="Send exactly one.")
        form = "using-" if name == "update" else "default-"
        named = "using-named-graph-uri" if name == "update" else "named-graph-uri"
        return cls(
            text=texts[0] if texts else None,
            is_update=name == "update",
            default=tuple(fields.get(f"{form}graph-uri", ())),
            named=tuple(fields.get(named, ())),
            format=_named(fields, "format") or _named(fields, "output"),
        )


async def sparql(request: Request) -> Response:
    """Answer a query, take an update, or tell what this endpoint is."""
    site: Site = request.app.state.site
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
    operation = await Operation.of(request)
    if operation.is_update:
        return await _update(request, site, operation)
    if operation.text is None:
        if _wants_page(request, _DESCRIPTIONS):
            from milieu.server.pages import query_form

            return query_form(request)
        return describe_endpoint(request)
    if operation.format == "html" or (operation.format is None and _wants_page(request, _ANSWERS)):
        from milieu.server.pages import query_answer

        return await query_answer(request, operation)
    return await _query(request, site, operation)


async def _query(request: Request, site: Site, operation: Operation) -> Response:
    fitting = _fitting(request.headers.get("accept"), operation.format)
    if not fitting.formats:
        offered = ", ".join(_ANSWERS)
        raise RequestError(
            406, "none of the formats that were asked for is written here", remedy=f"There are {offered}."
        )
    base = here(request, "/sparql")
    edition = site.edition
    key = (operation.text, operation.default, operation.named, fitting.key, base)
    reply = None if site.settings.token else edition.answers.get(key)
    if reply is None:
        task: dict[str, Any] = {
            "do": "query",
            "text": operation.text,
            "base": base,
            "default": operation.default,
            "named": operation.named,
            "formats": fitting.formats,
        }
        reply = await edition.pool.ask(task, open_lane=True, follows=True, gone=leaving(request))
        if not site.settings.token:
            edition.answers.keep(key, operation.text or "", reply)
    return respond(reply, fitting.media[reply.head["form"]], _HEADERS)


async def _update(request: Request, site: Site, operation: Operation) -> Response:
    expected = site.settings.token
    if expected is None:
        raise RequestError(
            403, "this endpoint is for reading", remedy="Change the files of the folder; it follows them."
        )
    if not _same_site(request):
        raise RequestError(403, "updates from the pages of other sites are refused")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secrets.compare_digest(given.strip().encode(), expected.encode()):
        raise RequestError(
            401,
            "an update needs the token of this server",
            remedy="Send 'Authorization: Bearer TOKEN'.",
            headers={"WWW-Authenticate": 'Bearer realm="update"'},
        )
    task: dict[str, Any] = {
        "do": "update",
        "text": operation.text or "",
        "base": here(request, "/sparql"),
        "default": operation.default,
        "named": operation.named,
    }
    await site.edition.pool.ask(task)
    return Response(status_code=204)


def _named(fields: Fields, name: str) -> str | None:
    """The format that a parameter names; SPARQLWrapper names one twice, by its name and by its media types."""
    if name not in fields:
        return None
    values = [value for value in fields[name] if value]
    if len(values) < 2:
        return values[0] if values else None
    known = {best[0]: value for value in values if (best := choose(None, {**ROWS, **TRIPLES}, value))}
    if len(known) != 1:
        raise RequestError(400, f"the parameter {name!r} names several formats", remedy="Name one.")
    return next(iter(known.values()))


def _wants_page(request: Request, others: tuple[str, ...]) -> bool:
    accept = request.headers.get("accept")
    # What asks for no page in so many words would rather have the data.
    return accept is not None and "html" in accept.lower() and negotiate(accept, [*others, HTML]) == HTML


class _Fitting(NamedTuple):
    """For each form of query that can be answered: its format, and the media type that says so."""

    formats: dict[str, str]
    media: dict[str, str]
    key: tuple[tuple[str, str], ...]


@lru_cache(maxsize=100)
def _fitting(accept: str | None, named: str | None) -> _Fitting:
    """What fits an Accept header, or a format that was named; a client sends the same header each time."""
    tables = (("rows", ROWS), ("boolean", BOOLEANS), ("triples", TRIPLES))
    found = {form: best for form, formats in tables if (best := choose(accept, formats, named))}
    formats = {form: name for form, (name, _) in found.items()}
    return _Fitting(formats, {form: media for form, (_, media) in found.items()}, tuple(formats.items()))


def _same_site(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
