"""What can be asked of this server, in OpenAPI 3.1: one path per stored query, with its parameters and their types."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

import milieu
from milieu.query.header import StoredQuery
from milieu.query.parameter import Parameter
from milieu.server.exports import EXPORTS
from milieu.server.media import BOOLEANS, ROWS, TRIPLES
from milieu.server.site import Site
from milieu.worker.report import REPORTS

__all__ = ["document", "openapi"]

_TYPES: dict[str, dict[str, Any]] = {
    "iri": {"type": "string"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "year": {"type": "integer"},
    "language": {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
    "boolean": {"type": "boolean"},
}
_FAULT = {"$ref": "#/components/schemas/Fault"}


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
    query = _parameter("query", "The query, in SPARQL 1.1", {"type": "string"}, required=True)
    graphs = [
        _parameter(name, "A graph to ask", {"type": "string"}) for name in ("default-graph-uri", "named-graph-uri")
    ]
    answers = _content({**ROWS, **TRIPLES})
    paths |= {
        "/sparql": {
            "get": _operation("sparql", "Run a query", [query, *graphs], answers),
            "post": _operation("sparqlPost", "Run a query", graphs, answers)
            | {
                "requestBody": {
                    "required": True,
                    "content": {"application/sparql-query": {"schema": {"type": "string"}}},
                }
            },
        },
        "/queries": {"get": _operation("queries", "List the stored queries", [], _json())},
        "/search": {
            "get": _operation(
                "search",
                "Find things by name",
                [
                    _parameter("q", "The name, or a part of it", {"type": "string"}, required=True),
                    _parameter("kind", "The kind of thing, as in its address", {"type": "string"}),
                    _parameter("limit", "How many at most", {"type": "integer", "minimum": 1, "maximum": 200}),
                ],
                _json(),
            )
        },
        "/validate": {
            "post": _operation(
                "validate", "Say what is wrong with new triples", [], {media: {} for media in REPORTS.values()}
            )
            | {
                "requestBody": {
                    "required": True,
                    "content": {names[0]: {"schema": {"type": "string"}} for names in TRIPLES.values()},
                }
            }
        },
        "/doc/{kind}/{slug}": {
            "get": _operation(
                "describe",
                "What the graph says of a thing",
                [_in_path("kind", "The kind of thing"), _in_path("slug", "The last part of its IRI")],
                _content(TRIPLES),
            )
        },
        "/export/{name}": {
            "get": _operation(
                "export",
                "The graph as a file",
                [_in_path("name", "The file", {"type": "string", "enum": list(EXPORTS)})],
                {export.media: {} for export in EXPORTS.values()},
            )
        },
        "/health": {"get": _operation("health", "Whether the server is well", [], _json())},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": milieu.__version__, "description": "A knowledge graph kept as files."},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {
                "Fault": {
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
            }
        },
    }


def _query(stored: StoredQuery) -> dict[str, Any]:
    given = [_declared(parameter) for parameter in stored.parameters]
    paging = [
        _parameter("page", "The page, from 1", {"type": "integer", "minimum": 1}),
        _parameter("per", "Rows per page", {"type": "integer", "minimum": 1, "maximum": 10_000}),
    ]
    formats = TRIPLES if stored.form in ("CONSTRUCT", "DESCRIBE") else BOOLEANS if stored.form == "ASK" else ROWS
    made = _operation(
        stored.name, stored.summary, [*given, *(paging if stored.form == "SELECT" else [])], _content(formats)
    )
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


def _operation(name: str, summary: str, parameters: list[dict[str, Any]], content: dict[str, Any]) -> dict[str, Any]:
    fault = {"description": "What is wrong, where, and what to do", "content": {"application/json": {"schema": _FAULT}}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": {"description": "The answer", "content": content}, "default": fault},
    }


def _content(formats: Any) -> dict[str, Any]:
    return {names[0]: {} for names in formats.values()}


def _json() -> dict[str, Any]:
    return {"application/json": {}}
