"""Tables: a CSV file per class, and a description of them all as a Data Package (Frictionless Data, version 1)."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from milieu.build.manifest import Build
from milieu.errors import StoreError
from milieu.export.cells import SEPARATOR, cell, kind_of
from milieu.export.things import Names, Thing, Value, local_name, things
from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS, Prefixes

__all__ = ["export_tables"]

_TYPE, _LABEL = f"{RDF}type", f"{RDFS}label"
_NOTE = (
    "One table per class, one row per thing. A column of texts ends in @ and their language. Several values in a cell "
    f"stand side by side with '{SEPARATOR.strip()}' between them. A cell that a spreadsheet could take for a formula "
    "(it begins with = + - @, a tab or a line end, and is no number) has an apostrophe before it."
)

# What describes tables and columns; evidence, of which there may be any number, is not among it.
_DESCRIBED = frozenset(
    [f"{OWL}{kind}" for kind in ("Ontology", "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")]
    + [f"{RDFS}Class", f"{RDF}Property"]
)

Column = tuple[str, str]
"""A property, and the language of the texts in it if they have one."""


@dataclass
class _Table:
    """What is known of the things of a class before their rows are written."""

    rows: int = 0
    kinds: dict[Column, set[str]] = field(default_factory=dict)
    several: set[Column] = field(default_factory=set)


def export_tables(build: Build, folder: Path, graphs: str = "all") -> int:
    """Write the tables of a build into a new or empty folder, and give the number of rows.

    The same graph gives the same bytes. Memory stays flat. Raises `StoreError` when the folder cannot be written, or
    holds other files than an earlier export.
    """
    try:
        return _replaced(build, folder, graphs)
    except OSError as fault:
        raise StoreError(
            f"the folder cannot be written ({fault.strerror or fault})",
            place=str(folder),
            remedy="Name another place with -o.",
        ) from None


def _replaced(build: Build, folder: Path, graphs: str) -> int:
    old = sorted(folder.iterdir()) if folder.exists() else []
    if old and {path.name for path in old if path.suffix != ".csv"} != {"datapackage.json"}:
        raise StoreError("the folder holds other files", place=str(folder), remedy="Name a new or an empty folder.")
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        (work / "new").mkdir()
        count = _written(build, work / "new", graphs)
        if folder.exists():
            folder.rename(work / "old")
        (work / "new").rename(folder)
        return count
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _written(build: Build, folder: Path, graphs: str) -> int:
    prefixes = Prefixes(build.prefixes)
    tables, described = _surveyed(build, graphs)
    files = Names(prefixes)
    named = {kind: _file_name(files.of(kind)) for kind in _own_first(tables)}
    columns = {kind: _columns(table, prefixes) for kind, table in tables.items()}
    with ExitStack() as stack:
        writers = {}
        for kind, name in named.items():
            stream = stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            writers[kind] = csv.writer(stream)
            writers[kind].writerow(["id", *columns[kind].values()])
        for thing in things(build, graphs):
            for kind in _kinds(thing):
                writers[kind].writerow(_row(thing, columns[kind]))
    resources = [
        _resource(folder / f"{name}.csv", kind, tables[kind], columns[kind], described) for kind, name in named.items()
    ]
    package = {**_heading(build, described), "resources": resources}
    text = json.dumps(package, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return sum(table.rows for table in tables.values())


def _kinds(thing: Thing) -> list[str]:
    """The classes in whose tables a thing stands: none when it has no name of its own."""
    return thing.classes if isinstance(thing.node, ox.NamedNode) else []


def _surveyed(build: Build, graphs: str) -> tuple[dict[str, _Table], dict[str, Thing]]:
    """The tables there will be, and the classes, properties and ontologies that describe them."""
    tables: dict[str, _Table] = {}
    described: dict[str, Thing] = {}
    for thing in things(build, graphs):
        if isinstance(thing.node, ox.NamedNode) and _DESCRIBED.intersection(
            kind.value for kind in thing.values.get(_TYPE, ())
        ):
            described[thing.node.value] = thing
        for kind in _kinds(thing):
            table = tables.setdefault(kind, _Table())
            table.rows += 1
            for column, values in _cells(thing).items():
                table.kinds.setdefault(column, set()).update(map(kind_of, values))
                if len(values) > 1:
                    table.several.add(column)
    return tables, described


def _cells(thing: Thing) -> dict[Column, list[Value]]:
    found: dict[Column, list[Value]] = {}
    for prop, values in thing.values.items():
        if prop != _TYPE:
            for value in values:
                language = value.language or "" if isinstance(value, ox.Literal) else ""
                found.setdefault((prop, language), []).append(value)
    return found


def _columns(table: _Table, prefixes: Prefixes) -> dict[Column, str]:
    """The columns with their names, those of the label first."""
    names = Names(prefixes, ("id",))
    order = sorted(table.kinds, key=lambda column: (column[0] != _LABEL, column[1] != "en", column[0], column[1]))
    order.sort(key=lambda column: (column[0] != _LABEL, column[0]))
    return {
        (prop, language): f"{names.of(prop)}@{language}" if language else names.of(prop) for prop, language in order
    }


def _row(thing: Thing, columns: dict[Column, str]) -> list[str]:
    cells = _cells(thing)
    return [thing.node.value, *(cell(cells.get(column, ())) for column in columns)]


def _own_first(kinds: Iterable[str]) -> list[str]:
    """Classes sorted, those of the vocabulary that most of them belong to first: they get the short names."""
    spaces = Counter(kind.removesuffix(local_name(kind)) for kind in kinds)
    return sorted(kinds, key=lambda kind: (-spaces[kind.removesuffix(local_name(kind))], kind))


def _file_name(name: str) -> str:
    """A name as that of a file.

    >>> _file_name("NetworkMembership"), _file_name("skos:Concept")
    ('network-membership', 'skos-concept')
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
    return re.sub(r"[^a-z0-9-]+", "-", words).strip("-")


def _resource(
    path: Path, kind: str, table: _Table, columns: dict[Column, str], described: dict[str, Thing]
) -> dict[str, Any]:
    content = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            content.update(piece)
    fields: list[dict[str, Any]] = [{"name": "id", "type": "string", "format": "uri", "constraints": {"unique": True}}]
    for column, name in columns.items():
        kinds = table.kinds[column]
        single = column not in table.several and len(kinds) == 1
        described_field = {"name": name, **(_field_type(next(iter(kinds))) if single else {"type": "string"})}
        fields.append({**described_field, **_about(column[0], described), "rdfType": column[0]})
    return {
        "name": path.stem,
        "path": path.name,
        "profile": "tabular-data-resource",
        **_about(kind, described),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{content.hexdigest()}",
        "schema": {"fields": fields, "primaryKey": "id", "missingValues": [""]},
    }


def _field_type(kind: str) -> dict[str, str]:
    return {"type": "string", "format": "uri"} if kind == "uri" else {"type": kind}


def _about(iri: str, described: dict[str, Thing]) -> dict[str, str]:
    thing = described.get(iri)
    title, description = _text(thing, _LABEL), _text(thing, f"{SKOS}definition")
    return {key: text for key, text in (("title", title), ("description", description)) if text}


def _heading(build: Build, described: dict[str, Thing]) -> dict[str, Any]:
    heading: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": re.sub(r"[^a-z0-9._-]+", "-", str(build.manifest["name"]).lower()),
    }
    ontologies = [
        thing
        for thing in described.values()
        if any(value.value == f"{OWL}Ontology" for value in thing.values.get(_TYPE, ()))
    ]
    tops = [thing for thing in ontologies if f"{OWL}imports" in thing.values] or ontologies
    top = tops[0] if tops else None
    title = _text(top, f"{DCTERMS}title") or _text(top, _LABEL)
    version, licence = _text(top, f"{OWL}versionInfo"), _text(top, f"{DCTERMS}license")
    heading |= {key: text for key, text in (("title", title), ("version", version)) if text}
    heading["description"] = " ".join(filter(None, [_text(top, f"{DCTERMS}description"), _NOTE]))
    if licence:
        heading["licenses"] = [{"path": licence}]
    return heading


def _text(thing: Thing | None, prop: str) -> str:
    """A text in English where there is one."""
    values = [] if thing is None else thing.values.get(prop, [])
    order = sorted(values, key=lambda value: (getattr(value, "language", None) != "en", str(value)))
    return str(order[0].value) if order else ""
