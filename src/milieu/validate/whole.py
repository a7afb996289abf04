"""Validate a whole folder, as a build does, and the shapes of a folder as the gate uses them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from milieu.finding import Finding, Place
from milieu.namespaces import SKOS

if TYPE_CHECKING:
    from pathlib import Path

    from milieu.folder import Folder
    from milieu.load import Loaded
    from milieu.store.oxigraph import OxigraphStore
    from milieu.validate.shapes import Compiled

__all__ = ["Base", "FolderShapes", "compile_folder", "compiled_shapes", "validate_folder"]


class Base(Protocol):
    """What new triples are held against: a finished build."""

    @property
    def path(self) -> Path:
        """The folder of the build."""

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefix table."""

    @property
    def store(self) -> OxigraphStore:
        """The store, open for reading."""


@dataclass(frozen=True)
class FolderShapes:
    """The compiled shapes of a folder, and the examples that they show."""

    shapes: Compiled
    examples: Mapping[str, str]

    def to_json(self) -> str:
        """The shapes as a build keeps them."""
        return json.dumps({"shapes": self.shapes.to_json(), "examples": dict(self.examples)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> FolderShapes:
        """The shapes that a build has kept."""
        from milieu.validate.shapes import Compiled

        content = json.loads(text)
        return cls(Compiled.from_json(content["shapes"]), content["examples"])


def compile_folder(folder: Folder) -> FolderShapes:
    """The shapes of a folder, compiled. Raises `FolderError` when they are ill-formed or recursive."""
    from milieu.validate.shapegraph import ShapeGraph, text_of
    from milieu.validate.shapes import compile_shapes

    sources = [(folder.relative(path), folder.read(path).encode()) for path in folder.shapes]
    graph = ShapeGraph(sources)
    written = {shape: graph.objects(shape, f"{SKOS}example") for shape in graph.subjects(f"{SKOS}example")}
    examples = {shape: text_of(texts[-1]) for shape, texts in written.items() if texts[-1].startswith('"')}
    return FolderShapes(compile_shapes(sources), examples)


def compiled_shapes(folder: Folder, build: Base) -> FolderShapes:
    """The shapes that a build has kept, else those of its folder compiled anew."""
    return _kept(folder, build.path)


@lru_cache(maxsize=4)
def _kept(folder: Folder, path: Path) -> FolderShapes:
    try:
        return FolderShapes.from_json((path / "shapes.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError):
        return compile_folder(folder)


def validate_folder(folder: Folder, loaded: Loaded, shapes: FolderShapes) -> list[Finding]:
    """What the shapes say of everything that the folder asserts, with places in its files."""
    from milieu.validate.incremental import validate_full
    from milieu.validate.phrase import Phrases
    from milieu.validate.result import finding_of, without_echoes

    validation = validate_full(loaded.ntriples(), shapes.shapes)
    places = FilePlaces(folder, loaded)
    phrases = Phrases(shapes.shapes, folder.prefixes)
    found = (finding_of(result, shapes, places.at, phrases) for result in validation.results)
    return [*validation.findings, *without_echoes(found)]


class FilePlaces:
    """Places in the files of a folder; a file is read again only when a finding points into it."""

    def __init__(self, folder: Folder, loaded: Loaded) -> None:
        self._folder = folder
        self._loaded = loaded
        self._parsed: dict[str, object] = {}
        self._about: dict[str, str] | None = None

    def at(self, focus: str, path: str | None = None, value: str | None = None, code: str = "") -> Place | None:
        from milieu.turtle.parse import parse
        from milieu.validate.place import Placed

        file = self._file(focus)
        if file is None:
            return None
        placed = self._parsed.get(file)
        if not isinstance(placed, Placed):
            placed = Placed()
            text = self._folder.read(self._folder.root / file)
            placed.take(parse(text, file, "turtle", prefixes=self._folder.prefixes))
            self._parsed[file] = placed
        return placed.at(focus, path, value, code)

    def _file(self, focus: str) -> str | None:
        if self._about is None:
            self._about = {}
            for statement, numbers in self._loaded.statements.items():
                self._about.setdefault(statement.partition(" ")[0], self._loaded.files[numbers[0]])
        return self._about.get(focus)
