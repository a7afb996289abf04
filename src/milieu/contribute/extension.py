"""The build after an acceptance: a copy of the one before with what is new, instead of everything anew."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from milieu.build.cache import Cache
from milieu.build.manifest import Build, extend_origins
from milieu.folder import Folder
from milieu.namespaces import ASSERTED, INFERRED
from milieu.validate.clashes import consequences

__all__ = ["extend", "quad_of"]

_ASSERTED, _INFERRED = ox.NamedNode(ASSERTED), ox.NamedNode(INFERRED)


def extend(folder: Folder, cache: Cache, build: Build, file: str, added: Iterable[ox.Triple]) -> Build | None:
    """The build of the folder as it is now, that is `build` and a new file with these statements.

    The store's files are shared with the former build until they change, so that the copy takes no time; the same
    statements are in it as in one made anew. Raises `BuildError` when the cache cannot be written.
    """
    triples = list(dict.fromkeys(added))
    store = build.store.inner
    new = [triple for triple in triples if _quad(triple, _ASSERTED) not in store]
    inferred = list(consequences(folder, build.store, new).inferred)
    now_asserted = [triple for triple in new if _quad(triple, _INFERRED) in store]
    digest = cache.digest()
    with cache.making(digest) as work:
        store.backup(str(work / "store"))
        copy = ox.Store(str(work / "store"))
        for triple in now_asserted:
            copy.remove(_quad(triple, _INFERRED))
        copy.extend([*(_quad(triple, _ASSERTED) for triple in new), *(_quad(triple, _INFERRED) for triple in inferred)])
        copy.flush()
        del copy
        gone = {_line(triple, INFERRED) for triple in now_asserted}
        lines = sorted(
            [*(_line(triple, ASSERTED) for triple in new), *(_line(triple, INFERRED) for triple in inferred)]
        )
        _merge(build.canonical, work / "canonical.nq", lines, gone)
        files = [*build.manifest["files"], file]
        extend_origins(build.path, work, [_statement(triple) for triple in triples], len(files) - 1)
        for name in ("shapes.json", "program.pickle"):
            (work / name).write_bytes((build.path / name).read_bytes())
        counts = build.manifest["counts"]
        manifest = {
            **build.manifest,
            "built": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": files,
            "languages": sorted({*build.languages, *_languages(triples)}),
            "bytes": (work / "canonical.nq").stat().st_size,
            "counts": {
                "asserted": counts["asserted"] + len(new),
                "inferred": counts["inferred"] + len(inferred) - len(now_asserted),
            },
        }
        (work / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return cache.find(digest)


def quad_of(triple: ox.Triple) -> ox.Quad:
    """A triple as the graph asserts it."""
    return _quad(triple, _ASSERTED)


def _merge(old: Path, target: Path, lines: Iterable[str], gone: set[str]) -> None:
    """Both in one order, without what is gone."""
    with (
        old.open(encoding="utf-8", newline="\n") as before,
        target.open("w", encoding="utf-8", newline="\n") as after,
    ):
        after.writelines(heapq.merge(_without(before, gone), lines))


def _without(lines: Iterable[str], gone: set[str]) -> Iterator[str]:
    return (line for line in lines if line not in gone) if gone else iter(lines)


def _quad(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _statement(triple: ox.Triple) -> str:
    return f"{triple.subject} {triple.predicate} {triple.object}"


def _line(triple: ox.Triple, graph: str) -> str:
    return f"{_statement(triple)} <{graph}> .\n"


def _languages(triples: Iterable[ox.Triple]) -> Iterator[str]:
    for triple in triples:
        if isinstance(triple.object, ox.Literal) and triple.object.language:
            yield triple.object.language
