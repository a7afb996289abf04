"""Retract: an accepted contribution is taken back, unless something depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from milieu.build.cache import Cache
from milieu.build.manifest import Build
from milieu.build.steps import Watch, bring_up_to_date
from milieu.contribute.acceptance import CONTRIBUTIONS
from milieu.contribute.lock import locked, remove
from milieu.errors import FolderError
from milieu.finding import Finding, Report, Severity
from milieu.folder import Folder
from milieu.load import parse_file
from milieu.namespaces import ASSERTED, Prefixes
from milieu.spelling import nearest
from milieu.store.seam import Pattern, Triple
from milieu.turtle.fix import diff
from milieu.turtle.literals import canonical
from milieu.validate.fragment import StoreView
from milieu.validate.incremental import validate_change
from milieu.validate.phrase import Phrases
from milieu.validate.result import finding_of, without_echoes
from milieu.validate.whole import compiled_shapes

__all__ = ["Retracted", "retract"]

_MOST = 20


@dataclass(frozen=True)
class Retracted:
    """What came of it: the findings that stand against it, the file, and what changes in the folder."""

    report: Report
    file: str
    diff: str = ""


def retract(
    folder: Folder,
    cache: Cache,
    name: str,
    *,
    dry_run: bool = False,
    watch: Watch = lambda step, done, total: None,
) -> Retracted:
    """Take back the contribution of that name, unless the graph without it would be worse than before.

    It stays when a shape would find fault that it does not find now, or when others speak of a thing that nobody would
    describe any more. Raises `FolderError` when there is no such contribution.
    """
    with locked(folder.root / "data"):
        path = _path(folder, name)
        file = folder.relative(path)
        build = cache.find(cache.digest()) or bring_up_to_date(folder, cache, watch=watch)
        gone = _only_there(path, file, build)
        found = [*_faults(folder, build, gone), *_mentions(build, gone)]
        report = Report(without_echoes(found), [file])
        retracted = Retracted(report, file, diff(folder.read(path), "", file))
        if report.conforms and not dry_run:
            remove(path)
    return retracted


def _path(folder: Folder, name: str) -> Path:
    there = {path.stem: path for path in (folder.root / CONTRIBUTIONS).glob("*.ttl")}
    stem = Path(name).name.removesuffix(".ttl")
    if stem in there:
        return there[stem]
    like = nearest(stem, there)
    raise FolderError(
        f"there is no contribution {stem!r}",
        place=str(folder.root / CONTRIBUTIONS),
        remedy=f"Did you mean {like!r}?" if like else "The files there are those that can be taken back.",
    )


def _only_there(path: Path, file: str, build: Build) -> list[Triple]:
    """The statements that no other file makes, as the store keeps them."""
    lines = [line for line in dict.fromkeys(parse_file(path, file)) if build.origins(line) == [file]]
    quads = list(ox.parse("".join(f"{line} .\n" for line in lines).encode(), format=ox.RdfFormat.N_TRIPLES))
    kept = canonical(quad.object for quad in quads if isinstance(quad.object, ox.Literal))
    found: dict[Triple, None] = {}
    for quad in quads:
        value = kept.get(quad.object, quad.object) if isinstance(quad.object, ox.Literal) else quad.object
        others = build.origins(f"{quad.subject} {quad.predicate} {value}") if value != quad.object else [file]
        if set(others) <= {file}:
            found[quad.subject, quad.predicate, value] = None
    return list(found)


def _faults(folder: Folder, build: Build, gone: Sequence[Triple]) -> Iterator[Finding]:
    shapes = compiled_shapes(folder, build)
    view = StoreView(build.store)
    after = validate_change(view, shapes.shapes, [], gone)
    yield from after.findings
    if not after.results:
        return
    phrases = Phrases(shapes.shapes, Prefixes(build.prefixes))
    before = {result.key for result in validate_change(_Without(view, gone), shapes.shapes, gone).results}
    for result in after.results:
        if result.key not in before:
            yield finding_of(result, shapes, lambda *_: None, phrases)


def _mentions(build: Build, gone: Sequence[Triple]) -> Iterator[Finding]:
    """Statements of others about a thing that nobody would describe any more."""
    prefixes = Prefixes(build.prefixes)
    left = set(gone)
    match = build.store.match
    for node in dict.fromkeys(subject for subject, _, _ in gone):
        if any(triple not in left for triple in match([(node, None, None)], ASSERTED)):
            continue
        others = [triple for triple in match([(None, None, node)], ASSERTED) if triple not in left]
        for subject, predicate, value in others[:_MOST]:
            files = ", ".join(build.origins(f"{subject} {predicate} {value}"))
            name = prefixes.compact(node.value)
            yield Finding(
                Severity.VIOLATION,
                "still-mentioned",
                f"{files} says {prefixes.compact(subject.value)} {prefixes.compact(predicate.value)} {name}, "
                f"and nobody would describe {name} any more.",
                "Take that back first.",
                focus=str(subject),
                path=str(predicate),
                value=str(value),
            )


class _Without:
    """A graph without some of its triples."""

    def __init__(self, view: StoreView, gone: Sequence[Triple]) -> None:
        self._view = view
        self._gone = set(gone)

    def match(self, patterns: Sequence[Pattern]) -> Iterator[Triple]:
        return (triple for triple in self._view.match(patterns) if triple not in self._gone)
