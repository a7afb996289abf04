"""What can be asked of this server, in OpenAPI 3.1: every address, and each stored query with its parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

import milieu
from milieu.query.header import StoredQuery
from milieu.query.parameter import LAST_YEAR, Parameter
from milieu.server.exports import EXPORTS
from milieu.server.media import BOOLEANS, HTML, ROWS, TRIPLES
from milieu.server.queries import MOST_PAGES, MOST_PER
from milieu.server.search import MOST
from milieu.server.site import Site
from milieu.worker.report import REPORTS

__all__ = ["document", "openapi"]

_TYPES: dict[str, dict[str, Any]] = {
    "iri": {"type": "string"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "year": {"type": "integer", "minimum": -LAST_YEAR, "maximum": LAST_YEAR},
    "language": {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
    "boolean": {"type": "boolean"},
}
_HTML = {"html": (HTML,)}
_FAULT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["status", "message", "place", "remedy"],
    "properties": {
        "status": {"type": "integer"},
        "message": {"type": "string"},
        "place": {"type": ["string", "null"]},
        "remedy": {"type": ["string", "null"]},
        "line": {"type": "integer"},
        "column": {"type": "integer"},
    },
}
_REFUSED = {
    "default": {
        "description": "What is wrong, where, and what to do",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}},
    }
}
_UNCHANGED = {"304": {"description": "It is what the client has already"}}


async def openapi(request: Request) -> Response:
    """The document."""
    site: Site = request.app.state.site
    edition = site.edition
    return Response(
        json.dumps(document(edition.title, list(edition.queries)), ensure_ascii=False), media_type="application/json"
    )


def document(title: str, queries: list[StoredQuery]) -> dict[str, Any]:
    """The OpenAPI document of a graph with these stored queries."""
    paths: dict[str, Any] = {f"/queries/{stored.name}": {"get": _query(stored)} for stored in queries}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": milieu.__version__, "description": "A knowledge graph kept as files."},
        "servers": [{"url": "/"}],
        "paths": paths | _graph() | _things() | _work() | _about_itself(),
        "components": {
            "schemas": {"Fault": _FAULT_SCHEMA},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "For updates"}},
        },
    }


def _graph() -> dict[str, Any]:
    """The graph as a whole: the endpoint, the Graph Store Protocol, exports."""
    answers = _content({**ROWS, **TRIPLES, **_HTML})
    text = {"type": "string"}
    graphs = [_several(name, "A graph to ask") for name in ("default-graph-uri", "named-graph-uri")]
    using = [_several(name, "A graph that an update reads") for name in ("using-graph-uri", "using-named-graph-uri")]
    query = _parameter("query", "The query, in SPARQL 1.1; without it the endpoint describes itself", text)
    named = _format({**ROWS, **TRIPLES, **_HTML})
    fields = {"query": text, "update": text, "format": text}
    fields |= {each["name"]: each["schema"] for each in (*graphs, *using)}
    bodies = {
        "application/sparql-query": {"schema": text},
        "application/sparql-update": {"schema": text},
        "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": fields}},
    }
    summary = "Run a query, or an update where updates are taken"
    post = _operation("sparqlPost", summary, [*graphs, *using, named], answers)
    post |= {"requestBody": {"required": True, "content": bodies}, "security": [{}, {"token": []}]}
    post["responses"]["204"] = {"description": "The update is done"}
    default = _parameter("default", "The graph that a query sees without FROM; has no value", text) | {
        "allowEmptyValue": True
    }
    part = _in_path("name", "Which graph", {"type": "string", "enum": ["asserted", "inferred"]})
    file = _in_path("name", "The file", {"type": "string", "enum": list(EXPORTS)})
    ranged = {"206": {"description": "The part that the header Range asks for"}}
    return {
        "/sparql": {"get": _operation("sparql", "Run a query", [query, *graphs, named], answers), "post": post},
        "/graph": _get(
            "graph",
            "A graph, by parameter: exactly one of default and graph",
            [default, _parameter("graph", "The IRI of the graph", text), _format(TRIPLES)],
            _content(TRIPLES),
        ),
        "/graph/{name}": _get("graphByAddress", "A graph", [part, _format(TRIPLES)], _content(TRIPLES)),
        "/export": _get("exports", "The list of the files", [], _content(_HTML)),
        "/export/{name}": _get(
            "export", "The graph as a file", [file], {export.media: {} for export in EXPORTS.values()}, ranged
        ),
    }


def _things() -> dict[str, Any]:
    """Things and terms: their addresses and descriptions."""
    formats = {**TRIPLES, **_HTML}
    described = [_format(formats)], _content(formats)
    path = [_in_path("kind", "The kind of thing"), _in_path("slug", "The last part of its IRI")]
    iri = _parameter("iri", "Its IRI", {"type": "string", "format": "iri"}, required=True)
    of = _parameter("class", "The IRI of the class", {"type": "string", "format": "iri"}, required=True)
    begin = _parameter("from", "How many to pass over", {"type": "integer", "minimum": 1})
    other = {"303": {"description": "To the description of the thing"}}
    return {
        "/id/{kind}/{slug}": {"get": _operation("identify", "A thing", path, {}) | {"responses": other | _REFUSED}},
        "/doc/{kind}/{slug}": _get(
            "describe", "What the graph says of a thing", [*path, *described[0]], described[1], _UNCHANGED
        ),
        "/about": _get("about", "What the graph says of any IRI", [iri, *described[0]], described[1], _UNCHANGED),
        "/ontology": _get("ontology", "Every term with its definition", *described, _UNCHANGED),
        "/ontology/{module}": _get(
            "module", "The terms of a module", [_in_path("module", "Its name"), *described[0]], described[1], _UNCHANGED
        ),
        "/instances": _get("instances", "The things of a class, for people", [of, begin], _content(_HTML)),
    }


def _work() -> dict[str, Any]:
    """What can be done with the graph."""
    lists = {"json": ("application/json",), **TRIPLES, **_HTML}
    lists["jsonld"] = ("application/ld+json",)
    kinds = {"json": ("application/json",), **_HTML}
    reports = {name: (media,) for name, media in REPORTS.items()} | _HTML
    text = {"type": "string"}
    form: dict[str, Any] = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": text, "input": {"type": "string", "enum": list(TRIPLES), "default": "turtle"}},
    }
    bodies = {names[0]: {"schema": text} for names in TRIPLES.values()}
    bodies["application/x-www-form-urlencoded"] = {"schema": form}
    full = _parameter("full", "Read it back in words as well", {"type": "boolean", "default": False})
    validate = _operation("validate", "Say what is wrong with new triples", [_format(reports), full], _content(reports))
    return {
        "/queries": _get("queries", "List the stored queries", [_format(lists)], _content(lists)),
        "/validate": {
            "get": _operation("validateForm", "A form for people", [], _content(_HTML)),
            "post": validate | {"requestBody": {"required": True, "content": bodies}},
        },
        "/search": _get(
            "search",
            "Find things by name",
            [
                _parameter("q", "The name, or a part of it; nothing is found without", text),
                _parameter("kind", "The kind of thing, as in its address", text),
                _parameter(
                    "limit", "How many at most", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 20}
                ),
                _format(kinds),
            ],
            _content(kinds),
        ),
    }


def _about_itself() -> dict[str, Any]:
    """What the server tells of itself and of the dataset."""
    dataset = "What the dataset is, in VoID and DCAT"
    ill = {"503": {"description": "No worker is left", "content": _json()}}
    return {
        "/": _get("home", "What there is, for people", [], _content(_HTML)),
        "/dataset": _get("dataset", dataset, [_format(TRIPLES)], _content(TRIPLES), _UNCHANGED),
        "/.well-known/void": _get("void", dataset, [_format(TRIPLES)], _content(TRIPLES), _UNCHANGED),
        "/openapi.json": _get("openapi", "This document", [], _json()),
        "/health": _get("health", "Whether the server is well", [], _json(), ill),
    }


def _query(stored: StoredQuery) -> dict[str, Any]:
    given = [_declared(parameter) for parameter in stored.parameters]
    paging = [
        _parameter("page", "The page, from 1", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES}),
        _parameter("per", "Rows per page", {"type": "integer", "minimum": 1, "maximum": MOST_PER}),
    ]
    own = TRIPLES if stored.form in ("CONSTRUCT", "DESCRIBE") else BOOLEANS if stored.form == "ASK" else ROWS
    formats = {**own, **_HTML}
    parameters = [*given, *(paging if stored.form == "SELECT" else []), _format(formats)]
    made = _operation(stored.name, stored.summary, parameters, _content(formats), _UNCHANGED)
    return made | {"tags": list(stored.tags)} | ({"description": stored.description} if stored.description else {})


def _declared(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_TYPES[parameter.type])
    if parameter.default is not None:
        schema["default"] = int(parameter.default) if schema["type"] == "integer" else parameter.default
        if schema["type"] == "boolean":
            schema["default"] = parameter.default.lower() in ("true", "1", "yes")
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    words = parameter.description
    if parameter.class_iri:
        words = f"{words} (IRI, prefixed name or name of a {parameter.class_iri})".strip()
    return _parameter(parameter.name, words, schema, required=parameter.required)


def _parameter(name: str, description: str, schema: dict[str, Any], *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "required": required, "schema": schema}


def _in_path(name: str, description: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "description": description,
        "required": True,
        "schema": schema or {"type": "string"},
    }


def _several(name: str, description: str) -> dict[str, Any]:
    """A parameter that may be given more than once."""
    return _parameter(name, description, {"type": "array", "items": {"type": "string"}})


def _format(formats: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return _parameter(
        "format", "The format, which comes before the header Accept", {"type": "string", "enum": list(formats)}
    )


def _get(*told: Any) -> dict[str, Any]:
    return {"get": _operation(*told)}


def _operation(
    name: str,
    summary: str,
    parameters: list[dict[str, Any]],
    content: dict[str, Any],
    others: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": {"description": "The answer", "content": content}, **(others or {}), **_REFUSED},
    }


def _content(formats: Any) -> dict[str, Any]:
    return {names[0]: {} for names in formats.values()}


def _json() -> dict[str, Any]:
    return {"application/json": {}}
