"""The tasks of a worker: each reads its JSON, works at the desk and sends the frames of its answer."""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from milieu.errors import FormatError, QueryError
from milieu.query.answer import GRAPH_FORMATS, ROW_FORMATS
from milieu.query.empty import explain_empty, unknown
from milieu.query.xml import XML, well_formed
from milieu.sparql.fault import syntax_fault
from milieu.worker.cells import cells
from milieu.worker.desk import Desk
from milieu.worker.meter import Meter

__all__ = ["TASKS", "UnacceptableError"]

Send = Callable[[bytes], object]
Results = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples
_FORMATS = {
    **GRAPH_FORMATS,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}
_REMEMBERED = 20_000
_HINTS = 5


class UnacceptableError(FormatError):
    """None of the formats that were asked for fits what the query gives."""


def query(desk: Desk, task: Mapping[str, Any], send: Send) -> None:
    """A stranger's query: guarded, run over the graphs that were named, written in the format that fits its form.

    `formats` has one format, or none, for each of rows, boolean and triples; `default` and `named` are the graphs of
    the protocol (SPARQL 1.1 Protocol, section 2.1.4), which take the place of any FROM.
    """
    from milieu.sparql.guard import guard
    from milieu.sparql.tokens import tokens

    text = task["text"]
    limits = desk.limits
    union = desk.union
    if not task.get("own"):
        guard(
            text,
            datasets=True,
            max_bytes=limits.query_bytes,
            max_depth=limits.depth,
            max_patterns=limits.patterns,
        )
        if desk.distant:
            from milieu.worker.distance import guard_distant

            guard_distant(text)
        # The engine heeds no FROM while it takes all graphs as one.
        union = union and not ("FROM" in text.upper() and any(token.upper == "FROM" for token in tokens(text)))
    default, named = task.get("default"), task.get("named")
    chosen: dict[str, Any] = {"use_default_graph_as_union": union}
    if default or named:
        chosen = {"default_graph": _graphs(default or []), "named_graphs": _graphs(named or [])}
    try:
        results = desk.store.inner.query(text, base_iri=task.get("base"), prefixes=desk.prefixes_in(text), **chosen)
    except SyntaxError as fault:
        raise syntax_fault(fault, text, desk.prefixes) from None
    _answer(desk, task, text, results, send)


def stored(desk: Desk, task: Mapping[str, Any], send: Send) -> None:
    """A stored query with a stranger's parameters, all of it or a page."""
    from milieu.query.run import bound
    from milieu.worker.page import page_of

    found = desk.queries.get(task["name"])
    text = bound(desk.store, found, task["given"], desk.prefixes)
    if task.get("page"):
        text = page_of(text, **task["page"])
    try:
        results = desk.store.query(text)
    except QueryError as fault:
        place = f"{found.path}, {fault.place}" if fault.place else found.path
        raise QueryError(fault.message, place=place, remedy=fault.remedy) from None
    _answer(desk, task, text, results, send)


def update(desk: Desk, task: Mapping[str, Any], send: Send) -> None:
    """A change of a working copy, all of it or nothing."""
    from milieu.sparql.guard import guard
    from milieu.worker.dataset import with_graphs

    if not desk.writable:
        raise QueryError("this store is for reading", remedy="Start it with --token-file to work on a copy.")
    text = task["text"]
    limits = desk.limits
    guard(text, update=True, datasets=True, max_bytes=task.get("most_bytes"), max_depth=limits.depth)
    if task.get("default") or task.get("named"):
        text = with_graphs(text, task.get("default") or [], task.get("named") or [])
    try:
        desk.store.inner.update(text, base_iri=task.get("base"), prefixes=dict(desk.prefixes))
    except SyntaxError as fault:
        raise syntax_fault(fault, text, desk.prefixes) from None
    desk.store.inner.flush()
    Meter(send, limits, {"form": "done", "format": None}).end()


def validate(desk: Desk, task: Mapping[str, Any], send: Send) -> None:
    """The report on a contribution: see `milieu.validate.gate`."""
    from milieu.build.ahead import brought_near
    from milieu.validate.gate import Contribution, validate
    from milieu.worker.report import write_report

    if desk.build is None:
        raise QueryError("there is no folder behind this store to validate against")
    content = base64.b64decode(task["content"])
    given = [Contribution(task["name"], content, task["input"])]
    report = validate(desk.folder, brought_near(desk.build, given), given, brief=not task.get("full"))
    meter = Meter(send, desk.limits, {"form": "report", "format": task["report"], "conforms": report.conforms})
    meter.write(write_report(report, task["report"], {task["name"]: content}))
    meter.end(conforms=report.conforms)


def export(desk: Desk, task: Mapping[str, Any], send: Send) -> None:
    """The graph, or one of its two parts, written to a file that the server then sends; several files are packed."""
    from milieu.export.formats import FOLDERS, export
    from milieu.worker.pack import pack

    if desk.build is None:
        raise QueryError("there is no build behind this store to export")
    path = Path(task["path"])
    if task["format"] in FOLDERS:
        with tempfile.TemporaryDirectory(dir=path.parent) as place:
            folder = Path(place) / "files"
            folder.mkdir()
            count = export(desk.build, folder, task["format"], task["only"])
            pack(folder, path)
    else:
        try:
            with path.open("wb") as stream:
                count = export(desk.build, stream, task["format"], task["only"])
        except FormatError as fault:
            raise UnacceptableError(fault.message, remedy=fault.remedy) from None
    Meter(send, desk.limits, {"form": "file", "format": task["format"]}).end(statements=count)


def graph(desk: Desk, task: Mapping[str, Any], send: Send) -> None:
    """The triples of one graph of a working copy; without `graph`, those of its default graph."""
    name = ox.NamedNode(task["graph"]) if task.get("graph") else ox.DefaultGraph()
    if task.get("graph") and not desk.store.inner.contains_named_graph(name):
        raise QueryError(f"there is no graph <{task['graph']}>")
    quads = desk.store.inner.quads_for_pattern(None, None, None, None if desk.union and not task.get("graph") else name)
    meter = Meter(send, desk.limits, {"form": "triples", "format": task["format"]})
    _write_triples((quad.triple for quad in quads), meter, task["format"], desk)
    meter.end()


TASKS: Mapping[str, Callable[[Desk, Mapping[str, Any], Send], None]] = {
    "query": query,
    "stored": stored,
    "update": update,
    "validate": validate,
    "export": export,
    "graph": graph,
}


def _graphs(names: Iterable[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(name) for name in names]
    except ValueError:
        raise QueryError("a graph is named by something that is no IRI", remedy="Give absolute IRIs.") from None


def _answer(desk: Desk, task: Mapping[str, Any], text: str, results: Results, send: Send) -> None:
    form = _form(results)
    chosen = task["formats"].get(form)
    if chosen is None:
        raise UnacceptableError(f"this query gives {form}, which fit none of the formats that were asked for")
    head: dict[str, Any] = {"form": form, "format": chosen}
    if isinstance(results, ox.QuerySolutions):
        head["variables"] = [variable.value for variable in results.variables]
    meter = Meter(send, desk.limits, head)
    if chosen == "cells":
        content, more = cells(results, task.get("skip", 0), task.get("most", 100))
        if form == "rows" and not content["rows"] and not task.get("own"):
            content["because"] = explain_empty(desk.store, text, dict(desk.prefixes))
        meter.write(json.dumps(content, ensure_ascii=False).encode())
        meter.end(more=more)
    elif isinstance(results, ox.QueryTriples):
        _write_triples(results, meter, chosen, desk)
        meter.end(**({} if meter.rows else _hint(desk, task, text)))
    else:
        empty = isinstance(results, ox.QueryBoolean) and not results
        _write(lambda target: results.serialize(target, ROW_FORMATS[chosen]), meter, chosen)
        meter.end(**(_hint(desk, task, text) if empty or not meter.rows else {}))


def _hint(desk: Desk, task: Mapping[str, Any], text: str) -> dict[str, str]:
    """What is probably misspelt in a stranger's query that found nothing; an engine is not asked once more for it."""
    if desk.distant or task["do"] != "query" or task.get("own"):
        return {}
    found = list(islice(unknown(desk.store, text, desk.prefixes, lambda _: desk.terms), _HINTS))
    return {"hint": " ".join(found)} if found else {}


def _form(results: Results) -> str:
    if isinstance(results, ox.QuerySolutions):
        return "rows"
    return "boolean" if isinstance(results, ox.QueryBoolean) else "triples"


def _write_triples(triples: Iterable[ox.Triple], meter: Meter, format: str, desk: Desk) -> None:  # noqa: A002
    named = {prefix: space for prefix, space in desk.prefixes.items() if prefix}
    prefixes = named if format in {"turtle", "trig", "jsonld", "rdfxml"} else None
    counted = _once(triples) if format == "ntriples" else _counted(_once(triples), meter)
    _write(lambda target: ox.serialize(counted, target, _FORMATS[format], prefixes=prefixes), meter, format)


def _write(write: Callable[[Any], object], meter: Meter, format: str) -> None:  # noqa: A002
    """Have an answer written, as long as its format can hold it; what it cannot is not acceptable in that format."""
    if format not in XML:
        write(meter)
        return
    try:
        with well_formed(meter, format) as target:
            write(target)
    except FormatError as fault:
        raise UnacceptableError(fault.message, remedy=fault.remedy) from None


def _counted(triples: Iterable[ox.Triple], meter: Meter) -> Iterator[ox.Triple]:
    for triple in triples:
        meter.count()
        yield triple


def _once(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """The triples, each once as long as there are few: a graph is a set, but memory must stay flat."""
    seen: set[ox.Triple] = set()
    for triple in triples:
        if triple in seen:
            continue
        if len(seen) < _REMEMBERED:
            seen.add(triple)
        yield triple
