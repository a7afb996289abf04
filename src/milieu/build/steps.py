"""The data path of a build: load → reason → validate → store."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

import milieu
from milieu.build.cache import Cache
from milieu.build.manifest import Build, write_origins
from milieu.errors import BuildError, StoreError
from milieu.finding import Finding, Report, Severity
from milieu.folder import Folder
from milieu.load import Loaded, load
from milieu.namespaces import ASSERTED, INFERRED
from milieu.reason.keeping import keep
from milieu.reason.program import Program
from milieu.validate.whole import FilePlaces, FolderShapes, compile_folder, validate_folder

__all__ = ["Built", "Watch", "bring_up_to_date", "build"]

Watch = Callable[[str, int, int], None]
"""Told the step, how much of it is done and how much there is."""


_LANGUAGE = re.compile(r'"@([A-Za-z0-9-]+) <')


@dataclass(frozen=True)
class Built:
    """What a build came to: the report of its steps and, when nothing in it is a violation, the build.

    `fresh` tells whether it was made now, `readable` whether every file could be read as Turtle.
    """

    report: Report
    build: Build | None = None
    fresh: bool = True
    readable: bool = True


def build(
    folder: Folder,
    cache: Cache,
    *,
    again: bool = False,
    replace_old: bool = True,
    watch: Watch = lambda step, done, total: None,
) -> Built:
    """The build of the folder as it is now, made if need be (or `again`).

    Findings of any step are in the report; with a violation among them nothing is built and the builds there were
    stay. Made again, it takes the place of the old one, unless `replace_old` is false and the old one is sound.
    Raises `FolderError` for what cannot be read and `BuildError` for what cannot be written.
    """
    digest = cache.digest()
    found = cache.find(digest)
    sound = found is not None and _opens(found)
    if sound and not again:
        return Built(Report(), found, fresh=False)
    loaded = _load(folder, watch)
    if loaded.findings:
        return Built(Report(loaded.findings, loaded.files), readable=False)
    inferred, clashes, program = _reason(folder, loaded, watch)
    shapes = compile_folder(folder)
    faulted = _validate(folder, loaded, shapes, watch)
    # What a shape says of a value is plainer than the contradiction that the same value leads to.
    told = {(finding.focus, finding.value) for finding in faulted}
    report = Report([*faulted, *(each for each in clashes if (each.focus, each.value) not in told)], loaded.files)
    if not report.conforms:
        return Built(report)
    broken = found is not None and not sound
    with cache.making(digest, again=broken or (again and replace_old)) as work:
        _store(work, folder, loaded, inferred, watch)
        (work / "shapes.json").write_text(shapes.to_json(), encoding="utf-8")
        keep(program, work)
    made = cache.find(digest)
    if made is None:  # pragma: no cover - another process removed it meanwhile
        raise BuildError("the build was removed while it was made", place=str(cache.path), remedy="Run it once more.")
    return Built(report, made)


def bring_up_to_date(folder: Folder, cache: Cache, *, watch: Watch = lambda step, done, total: None) -> Build:
    """The build of the folder as it is now, made if need be. Raises `BuildError` when the folder does not build."""
    built = build(folder, cache, watch=watch)
    if built.build:
        return built.build
    grave = [finding for finding in built.report if finding.severity is Severity.VIOLATION]
    worst, more = grave[0], len(grave) - 1
    also = f" (and {more} more)" if more else ""
    old = cache.last()
    rest = " The last good build is untouched: --no-build answers from it." if old else ""
    raise BuildError(
        f"the folder does not build: {worst.message}{also}",
        place=str(worst.place) if worst.place else str(folder.root),
        remedy=f"Run 'milieu build' to see every finding.{rest}",
    )


def _opens(build: Build) -> bool:
    try:
        return bool(build.store)
    except StoreError:
        return False


def fill(store: ox.Store, statements: Iterable[str], graph: str) -> None:
    """Put statements (lines of N-Triples without the dot) into a graph of a store."""
    fill_quads(store, (f"{statement} <{graph}> .\n" for statement in statements))


def fill_quads(store: ox.Store, lines: Iterable[str]) -> None:
    """Put lines of N-Quads into a store, blank nodes under their names."""
    plain: list[str] = []
    blank: list[str] = []
    for line in lines:
        (blank if "_:" in line else plain).append(line)
    store.bulk_load("".join(plain).encode(), ox.RdfFormat.N_QUADS)
    # Loading gives blank nodes new names; quads keep theirs.
    store.bulk_extend(ox.parse("".join(blank).encode(), format=ox.RdfFormat.N_QUADS))


def _load(folder: Folder, watch: Watch) -> Loaded:
    files = [*folder.ontology, *folder.data]
    done = 0

    def step(_: str) -> None:
        nonlocal done
        watch("load", done, len(files))
        done += 1

    loaded = load(folder, step=step)
    watch("load", len(files), len(files))
    return loaded


def _reason(folder: Folder, loaded: Loaded, watch: Watch) -> tuple[list[str], list[Finding], Program]:
    from milieu.reason import close, distinct, read_rules

    watch("reason", 0, 2)
    store = ox.Store()
    fill(store, loaded.statements, ASSERTED)
    watch("reason", 1, 2)
    closure = close(store, read_rules(folder), write=False)
    inferred = [f"{triple.subject} {triple.predicate} {triple.object}" for triple in closure.inferred]
    watch("reason", 2, 2)
    places = FilePlaces(folder, loaded)
    return inferred, [_placed(clash.finding(), places) for clash in distinct(closure.clashes)], closure.program


def _placed(finding: Finding, places: FilePlaces) -> Finding:
    place = places.at(finding.focus, finding.path, finding.value, finding.code) if finding.focus else None
    return replace(finding, place=place)


def _validate(folder: Folder, loaded: Loaded, shapes: FolderShapes, watch: Watch) -> list[Finding]:
    watch("validate", 0, 1)
    findings = validate_folder(folder, loaded, shapes)
    watch("validate", 1, 1)
    return findings


def _store(work: Path, folder: Folder, loaded: Loaded, inferred: Iterable[str], watch: Watch) -> None:
    watch("store", 0, 3)
    lines = [f"{statement} <{ASSERTED}> .\n" for statement in loaded.statements]
    asserted = len(lines)
    lines.extend(f"{statement} <{INFERRED}> .\n" for statement in inferred)
    lines.sort()
    text = "".join(lines)
    (work / "canonical.nq").write_text(text, encoding="utf-8", newline="\n")
    write_origins(work, loaded.statements)
    watch("store", 1, 3)
    store = ox.Store(str(work / "store"))
    fill_quads(store, lines)
    store.flush()
    store.optimize()
    del store
    watch("store", 2, 3)
    manifest: dict[str, Any] = {
        "milieu": milieu.__version__,
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
        "name": folder.name,
        "bytes": (work / "canonical.nq").stat().st_size,
        "prefixes": dict(folder.prefixes),
        "counts": {"asserted": asserted, "inferred": len(lines) - asserted},
        "files": loaded.files,
        "languages": sorted(set(_LANGUAGE.findall(text))),
    }
    (work / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    watch("store", 3, 3)
