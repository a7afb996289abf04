"""Retract: an accepted contribution is taken back, unless something depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
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
from milieu.namespaces import ASSERTED, OWL, RDF, Prefixes
from milieu.render.text import readable
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
_TYPE = ox.NamedNode(f"{RDF}type")
_PARTS = tuple(ox.NamedNode(OWL + name) for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))


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
        told: set[tuple[str, object]] = set()
        found = [*_leaning(build, gone, told), *_faults(folder, build, gone, {file, *(name for name, _ in told)})]
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


def _faults(folder: Folder, build: Build, gone: Sequence[Triple], told: Set[str]) -> Iterator[Finding]:
    """What the shapes would newly find at things that others speak of, but for what only `told` files say."""
    shapes = compiled_shapes(folder, build)
    view = StoreView(build.store)
    after = validate_change(view, shapes.shapes, [], gone)
    yield from after.findings
    if not after.results:
        return
    prefixes = Prefixes(build.prefixes)
    phrases = Phrases(shapes.shapes, prefixes)
    before = {result.key for result in validate_change(_Without(view, gone), shapes.shapes, gone).results}
    for result in after.results:
        files = _files(build, gone, result.focus)
        if result.key in before or (files and told >= set(files)):
            continue
        files = [name for name in files if name not in told] or files
        found = finding_of(result, shapes, lambda *_: None, phrases)
        if files:
            said = f"{_listed(files)} speaks of {readable(result.focus, prefixes)}, which would lack something: "
            found = replace(found, message=said + found.message, remedy=_first(files))
        yield found


def _files(build: Build, gone: Sequence[Triple], focus: str) -> list[str]:
    """The files that say something of a thing which stays."""
    if not focus.startswith("<"):
        return []
    about = build.store.match([(ox.NamedNode(focus[1:-1]), None, None)], ASSERTED)
    left = set(gone)
    return sorted({file for triple in about if triple not in left for file in build.origins(_line(triple))})


def _leaning(build: Build, gone: Sequence[Triple], told: set[tuple[str, object]]) -> Iterator[Finding]:
    """What others say that leans on it: of things that nobody would describe any more, or as evidence for nothing.

    Of each file and thing one statement is told; `told` gets those files and things.
    """
    prefixes = Prefixes(build.prefixes)
    left = set(gone)
    match = build.store.match
    lost: set[object] = set()
    for node in dict.fromkeys(subject for subject, _, _ in gone):
        kept = [triple for triple in match([(node, None, None)], ASSERTED) if triple not in left]
        if any(predicate == _TYPE for _, predicate, _ in kept) or not any(
            subject == node and predicate == _TYPE for subject, predicate, _ in gone
        ):
            continue
        lost.add(node)
        name = prefixes.compact(node.value) if isinstance(node, ox.NamedNode) else str(node)
        mentions = (triple for triple in match([(None, None, node)], ASSERTED) if triple not in left)
        for triple in [*kept, *mentions]:
            said = " ".join(readable(str(term), prefixes) for term in triple)
            why = f"says {said}, and nobody would describe {name} any more."
            yield from _still(build, triple, why, told, node)
    for subject, predicate, value in gone:
        if subject in lost:
            continue
        for axiom, _, _ in match([(None, _PARTS[0], subject)], ASSERTED):
            first: Triple = (axiom, _PARTS[0], subject)
            others: list[Triple] = [(axiom, _PARTS[1], predicate), (axiom, _PARTS[2], value)]
            if first not in left and all(any(match([each], ASSERTED)) for each in others):
                what = " ".join(readable(str(term), prefixes) for term in (subject, predicate, value))
                why = f"gives evidence for {what}, and nobody would state it any more."
                yield from _still(build, first, why, told, axiom)


def _still(build: Build, triple: Triple, why: str, told: set[tuple[str, object]], node: object) -> Iterator[Finding]:
    files = [file for file in build.origins(_line(triple)) if (file, node) not in told]
    told |= {(file, node) for file in files}
    if files:
        focus, path, value = map(str, triple)
        yield Finding(
            Severity.VIOLATION,
            "still-mentioned",
            f"{_listed(files)} {why}",
            _first(files),
            focus=focus,
            path=path,
            value=value,
        )


def _listed(files: Sequence[str]) -> str:
    more = f" and {len(files) - _MOST} more" if len(files) > _MOST else ""
    return ", ".join(files[:_MOST]) + more


def _first(files: Sequence[str]) -> str:
    """What is to be done about files before."""
    others = [Path(file).stem for file in files if str(Path(file).parent) == CONTRIBUTIONS]
    if len(others) < len(files):
        return "Change that file first."
    return f"Take that back first: {', then '.join(f'milieu retract {name}' for name in others[:_MOST])}."


def _line(triple: Triple) -> str:
    return " ".join(map(str, triple))


class _Without:
    """A graph without some of its triples."""

    def __init__(self, view: StoreView, gone: Sequence[Triple]) -> None:
        self._view = view
        self._gone = set(gone)

    def match(self, patterns: Sequence[Pattern]) -> Iterator[Triple]:
        return (triple for triple in self._view.match(patterns) if triple not in self._gone)
