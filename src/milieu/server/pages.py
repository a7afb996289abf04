"""Pages for people: plain HTML, everything escaped, nothing loaded from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

import milieu
from milieu.namespaces import DCTERMS, RDF, RDFS, SKOS, XSD
from milieu.server.edition import LABELS, Edition
from milieu.server.parameters import asked, one, whole
from milieu.server.site import Site
from milieu.worker.cells import Cell, cell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from jinja2 import Environment

    from milieu.server.search import Hit
    from milieu.server.sparql import Operation
    from milieu.server.thing import Thing

__all__ = [
    "answer_of",
    "downloads",
    "found_page",
    "home",
    "instances",
    "ontology_page",
    "page",
    "query_answer",
    "query_form",
    "thing_page",
    "view",
]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ROWS_SHOWN = 200
_REFERENCES_SHOWN = 30
_FURTHEST = 99_999_999
_DEFINITIONS = (f"{SKOS}definition", f"{DCTERMS}description", f"{SKOS}scopeNote", f"{RDFS}comment")
_TYPE = f"{RDF}type"
# Characters that turn text around or are no text; browsers would obey them, readers would not see them.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("milieu.server"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["number"] = lambda value: f"{value:,}"
    made.filters["plain"] = _plain
    made.finalize = _plain
    return made


def page(
    request: Request, name: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **content: object
) -> Response:
    """A page made from a template; every value in it is escaped."""
    site: Site = request.app.state.site
    edition = site.edition
    template = _templates().get_template(name)
    text = template.render(
        site_title=edition.title,
        version=milieu.__version__,
        build=edition.build.digest,
        **{"q": "", "alternates": [], **content},
    )
    given = {"Vary": "Accept", "Content-Security-Policy": POLICY, **(headers or {})}
    return Response(text, status, given, "text/html")


def view(edition: Edition, term: Cell | None) -> dict[str, Any]:
    """A cell as a page shows it: its text, and where it leads when that is a place on the web or of this site."""
    if term is None:
        return {"text": "", "href": None, "lang": None, "note": None, "title": None}
    if "iri" in term:
        iri = term["iri"]
        local = edition.addresses.page(iri)
        outside = iri if iri.startswith(("http://", "https://")) else None
        compact = edition.prefixes.compact(iri).strip("<>")
        return {
            "text": edition.name(iri) or compact,
            "href": local or outside,
            "lang": None,
            "note": None,
            "title": iri,
        }
    if "text" in term:
        kind = term.get("type")
        # Pages are in English: only other languages are worth a note.
        language = "" if term.get("lang") == "en" else term.get("lang")
        note = language or (edition.prefixes.compact(kind).strip("<>") if kind and not _usual(kind) else None)
        text = term["text"]
        outside = text if kind == f"{XSD}anyURI" and text.startswith(("http://", "https://")) else None
        return {"text": text, "href": outside, "lang": term.get("lang"), "note": note, "title": None}
    return {"text": term["node"], "href": None, "lang": None, "note": None, "title": None}


async def home(request: Request) -> Response:
    """What there is, and the ways to it."""
    from milieu.server.void import counts

    site: Site = request.app.state.site
    edition = site.edition
    found = await counts(edition)
    await edition.learn(iri for iri, _ in found["classes"])
    kinds = []
    for iri, number in found["classes"]:
        if edition.addresses.page(iri):
            kinds.append((view(edition, {"iri": iri}), number, f"/instances?class={quote(iri, safe='')}"))
    queries = list(edition.queries)
    total = sum(edition.build.manifest["counts"].values())
    return page(request, "home.html", title=edition.title, total=total, kinds=kinds[:40], queries=queries)


async def instances(request: Request) -> Response:
    """The things of a class, by name."""
    site: Site = request.app.state.site
    edition = site.edition
    from milieu.server.fault import RequestError
    from milieu.sparql.text import iri_text, is_iri

    fields = asked(request)
    iri = one(fields, "class")
    if iri is None or not is_iri(iri):
        raise RequestError(400, f"{iri or ''!r} is no IRI of a class", remedy="Add ?class=IRI.")
    start = whole(fields, "from", 0, _FURTHEST)
    text = f"""SELECT ?thing (SAMPLE(?label) AS ?name) WHERE {{
      ?thing a {iri_text(iri)} . OPTIONAL {{ ?thing <{LABELS[0]}>|<{LABELS[1]}> ?label }}
    }} GROUP BY ?thing ORDER BY ?thing"""
    task = {
        "do": "query",
        "own": True,
        "text": text,
        "formats": {"rows": "cells"},
        "skip": start,
        "most": ROWS_SHOWN,
    }
    reply = await edition.pool.ask(task)
    found = json.loads(await reply.read())["rows"]
    await edition.learn([*iris_in(found), iri])
    rows = [view(edition, row[0]) for row in found]
    here = f"/instances?class={quote(iri, safe='')}"
    return page(
        request,
        "instances.html",
        title=view(edition, {"iri": iri})["text"],
        kind=view(edition, {"iri": iri}),
        things=rows,
        before=f"{here}&from={max(start - ROWS_SHOWN, 0)}" if start else None,
        after=f"{here}&from={start + ROWS_SHOWN}" if reply.end.get("more") else None,
    )


def thing_page(request: Request, thing: Thing, path: str | None, headers: Mapping[str, str]) -> Response:
    """The page about a thing: what is said of it, by property, and what refers to it."""
    site: Site = request.app.state.site
    edition = site.edition
    properties: dict[str, list[dict[str, Any]]] = {}
    for said in thing.says:
        shown = view(edition, cell(said.value)) | {"inferred": said.inferred}
        shown["sources"] = [view(edition, {"iri": source}) for source in said.sources]
        properties.setdefault(said.predicate, []).append(shown)
    referred: dict[str, list[dict[str, Any]]] = {}
    for how, who in thing.referred:
        referred.setdefault(how, []).append({"iri": who})
    for values in properties.values():
        values.sort(key=lambda shown: (shown["inferred"], shown["text"]))
    definition = next((properties.pop(name) for name in _DEFINITIONS if name in properties), [])
    return page(
        request,
        "thing.html",
        headers=headers,
        title=edition.name(thing.iri) or edition.prefixes.compact(thing.iri).strip("<>"),
        iri=thing.iri,
        compact=edition.prefixes.compact(thing.iri).strip("<>"),
        names=[shown for name in LABELS for shown in properties.pop(name, [])],
        kinds=properties.pop(_TYPE, []),
        definition=definition,
        groups=[(view(edition, {"iri": name}), values) for name, values in _ordered(edition, properties)],
        referred=[
            (
                view(edition, {"iri": name}),
                [view(edition, who) for who in values[:_REFERENCES_SHOWN]],
                len(values),
                _all_of(thing.iri, name),
            )
            for name, values in _ordered(edition, referred)
        ],
        cut=thing.cut,
        alternates=_alternates(path or f"/about?iri={quote(thing.iri, safe='')}"),
    )


def ontology_page(request: Request, iri: str, terms: Sequence[str], headers: Mapping[str, str]) -> Response:
    """Every term of an ontology or module, with its definition, at the place that its address names."""
    from milieu.server.thing import look_up

    site: Site = request.app.state.site
    edition = site.edition
    near = edition.near([iri, *terms])
    entries = []
    for term in terms:
        thing = look_up(edition, term, near)
        properties: dict[str, list[dict[str, Any]]] = {}
        for said in thing.says:
            if not said.inferred:
                properties.setdefault(said.predicate, []).append(view(edition, cell(said.value)))
        names = [shown for name in LABELS for shown in properties.pop(name, [])]
        definition = next((properties.pop(name) for name in _DEFINITIONS if name in properties), [])
        kinds = properties.pop(_TYPE, [])
        properties.pop(f"{RDFS}isDefinedBy", None)
        entries.append(
            {
                "anchor": term.rpartition("#")[2] if "#" in term else None,
                "compact": edition.prefixes.compact(term).strip("<>"),
                "names": names,
                "kinds": kinds,
                "definition": definition,
                "groups": [(view(edition, {"iri": name}), values) for name, values in sorted(properties.items())],
                "uses": f"/about?iri={quote(term, safe='')}",
            }
        )
    return page(
        request,
        "ontology.html",
        headers=headers,
        title=edition.name(iri) or iri,
        iri=iri,
        terms=entries,
        alternates=_alternates(f"/ontology{iri[len(edition.ontology) :]}"),
    )


def query_form(request: Request) -> Response:
    """A form for a query of one's own."""
    return page(request, "sparql.html", title="SPARQL", text=_example(request), answer=None, fault=None)


async def query_answer(request: Request, operation: Operation) -> Response:
    """The form with the answer under it; what is wrong with the query is told there as well."""
    from milieu.server.fault import answer_fault, told
    from milieu.server.reply import leaving
    from milieu.worker.pool import WorkError

    site: Site = request.app.state.site
    edition = site.edition
    formats = dict.fromkeys(("rows", "boolean", "triples"), "cells")
    task: dict[str, Any] = {"do": "query", "text": operation.text, "formats": formats, "most": ROWS_SHOWN}
    task |= {"default": operation.default, "named": operation.named}
    try:
        reply = await edition.pool.ask(task, open_lane=True, gone=leaving(request))
        answer = await answer_of(edition, reply)
    except WorkError as fault:
        if fault.kind != "refused":
            return answer_fault(request, fault)
        wrong = told(400, fault)
        return page(request, "sparql.html", status=400, title="SPARQL", text=operation.text, answer=None, fault=wrong)
    answer["downloads"] = [
        (name, f"/sparql?{urlencode({'query': operation.text or '', 'format': name})}")
        for name in (
            ("turtle", "ntriples", "jsonld", "rdfxml") if answer["form"] == "triples" else ("json", "csv", "tsv", "xml")
        )
    ]
    return page(request, "sparql.html", title="SPARQL", text=operation.text, answer=answer, fault=None)


def iris_in(rows: Iterable[Iterable[Cell | None]]) -> list[str]:
    """The IRIs among the cells of some rows."""
    return [each["iri"] for row in rows for each in row if each and "iri" in each]


async def answer_of(edition: Edition, reply: Any) -> dict[str, Any]:
    """A reply in cells as a page shows it."""
    content = json.loads(await reply.read())
    await edition.learn(iris_in(content["rows"]))
    return {
        "form": reply.head["form"],
        "columns": content["columns"],
        "rows": [[view(edition, each) for each in row] for row in content["rows"]],
        "boolean": content.get("boolean"),
        "more": reply.end.get("more", False),
        "because": content.get("because"),
        "downloads": [],
    }


def found_page(request: Request, text: str, hits: Sequence[Hit]) -> Response:
    """What a search has found."""
    from milieu.server.search import slug_words

    site: Site = request.app.state.site
    edition = site.edition
    rows = []
    for hit in hits:
        shown = view(edition, {"iri": hit.iri})
        rows.append(
            shown
            | {
                "match": None if hit.name in (shown["text"], slug_words(hit.iri)) else hit.name,
                "compact": edition.prefixes.compact(hit.iri),
            }
        )
    return page(request, "search.html", title=f"Search: {text}" if text else "Search", q=text, hits=rows)


def _ordered(edition: Edition, found: Mapping[str, list[dict[str, Any]]]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    """What was stated before what follows from it, own properties before those of others, each by name."""

    def rank(item: tuple[str, list[dict[str, Any]]]) -> tuple[bool, bool, str]:
        name, values = item
        return (
            all(shown.get("inferred") for shown in values),
            edition.addresses.page(name) is None,
            edition.name(name) or name,
        )

    return sorted(found.items(), key=rank)


def _all_of(iri: str, predicate: str) -> str:
    text = f"SELECT ?thing WHERE {{ ?thing <{predicate}> <{iri}> }} ORDER BY ?thing"
    return f"/sparql?{urlencode({'query': text})}"


def _alternates(path: str) -> list[tuple[str, str]]:
    formats = (
        ("Turtle", "ttl", "turtle"),
        ("N-Triples", "nt", "ntriples"),
        ("JSON-LD", "jsonld", "jsonld"),
        ("RDF/XML", "rdf", "rdfxml"),
    )
    if "?" in path:
        return [(name, f"{path}&format={syntax}") for name, _, syntax in formats]
    return [(name, f"{path}.{suffix}") for name, suffix, _ in formats]


def _example(request: Request) -> str:
    given = one(asked(request), "text")
    return given or "SELECT ?thing ?label WHERE {\n  ?thing rdfs:label ?label .\n}\nLIMIT 20"


def _usual(kind: str) -> bool:
    return kind.startswith(XSD) and kind[len(XSD) :] in {
        "integer",
        "decimal",
        "boolean",
        "gYear",
        "date",
        "dateTime",
        "anyURI",
    }


def _plain(value: object) -> object:
    """Text without what cannot be seen; every other value, and text that is escaped already, as it is."""
    if type(value) is not str:
        return value
    return _UNSEEN.sub("\ufffd", value)


async def downloads(request: Request) -> Response:
    """The files that can be had."""
    from milieu.server.exports import EXPORTS

    return page(request, "exports.html", title="Exports", exports=list(EXPORTS.values()))
