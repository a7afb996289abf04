"""Where the files of a graph are: a folder with `ontology/`, `data/` and `queries/`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from milieu.errors import FolderError
from milieu.namespaces import Prefixes

__all__ = ["Folder"]

_PREFIX_LINE = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([A-Za-z][\w.\-]*|):\s*<([^<>\s]*)>", re.IGNORECASE | re.MULTILINE)


class Folder:
    """A folder of the layout of Milieu, and the files of each kind in it, always in the same order.

    >>> folder = Folder.find()
    >>> folder.header.name
    'milieu.ttl'
    >>> folder.prefixes.expand("city:kanazawa")
    'https://w3id.org/milieu/id/city/kanazawa'
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def find(cls, path: str | os.PathLike[str] | None = None) -> Folder:
        """The folder at `path`; without one, that of the environment's `MILIEU_GRAPH`, else Milieu's own.

        Raises `FolderError` when there is no such folder, or it has no `ontology/`.
        """
        named = path if path is not None else os.environ.get("MILIEU_GRAPH") or None
        root = Path(named or "") if named is not None else _own_root()
        place = "--graph" if path is not None else "MILIEU_GRAPH" if named else None
        try:
            missing = [top for top in ("ontology", "data") if not (root / top).is_dir()] if root.is_dir() else None
        except OSError as fault:
            raise FolderError(
                f"the folder {str(root)!r} cannot be read ({fault.strerror})",
                place=place,
                remedy="Check that you may read it.",
            ) from None
        if missing is None:
            raise FolderError(
                f"there is no folder {str(root)!r}",
                place=place,
                remedy="Name a folder that holds ontology/, data/ and queries/.",
            )
        if missing:
            raise FolderError(
                f"the folder {str(root)!r} has no {missing[0]}/ in it",
                place=place,
                remedy="A graph is a folder with ontology/, data/ and queries/; name its top.",
            )
        return cls(root.resolve())

    @property
    def name(self) -> str:
        """The name of the header file without its ending: what the graph calls itself."""
        return self.header.stem

    @cached_property
    def header(self) -> Path:
        """The one Turtle file directly in `ontology/`; its prefixes are the prefix table of the folder."""
        files = self._glob("ontology", "*.ttl")
        if len(files) != 1:
            found = "none" if not files else ", ".join(file.name for file in files)
            raise FolderError(
                f"ontology/ needs exactly one Turtle file beside its folders, the header; found {found}",
                place=str(self.root / "ontology"),
                remedy="Keep the ontology's title, version and prefixes there, the terms in ontology/modules/.",
            )
        return files[0]

    @cached_property
    def prefixes(self) -> Prefixes:
        """The prefixes that the header declares."""
        return Prefixes(dict(_PREFIX_LINE.findall(self.read(self.header))))

    @property
    def ontology(self) -> list[Path]:
        """The header, the modules and the slices of imported vocabularies."""
        return [self.header, *self._glob("ontology/modules", "**/*.ttl"), *self._glob("ontology/imports", "**/*.ttl")]

    @property
    def data(self) -> list[Path]:
        """The Turtle files under `data/`."""
        return self._glob("data", "**/*.ttl")

    @property
    def shapes(self) -> list[Path]:
        """The SHACL files."""
        return self._glob("ontology/shapes", "**/*.ttl")

    @property
    def rules(self) -> list[Path]:
        """The rule files; a folder without any reasons by Milieu's own, which are those of OWL 2 RL."""
        rules = "ontology/rules"
        return self._glob(rules, "**/*.rq") or sorted(_visible(_own_root() / rules, "**/*.rq"))

    @property
    def alignments(self) -> list[Path]:
        """The alignments to other vocabularies; the graph never loads them."""
        return self._glob("ontology/alignments", "**/*.ttl")

    def queries(self, kind: str = "answers") -> list[Path]:
        """The stored queries of a kind: `answers`, `checks` or `exports`."""
        return self._glob(f"queries/{kind}", "*.rq")

    def relative(self, path: Path) -> str:
        """A path as people read it: from the top of the folder, with forward slashes."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()

    def read(self, path: Path) -> str:
        """The text of a file. Raises `FolderError` when it cannot be read or is not UTF-8."""
        try:
            return path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as fault:
            line = path.read_bytes()[: fault.start].count(b"\n") + 1
            raise FolderError(
                "the file is not UTF-8 text", place=f"{self.relative(path)}:{line}", remedy="Save it as UTF-8."
            ) from None
        except OSError as fault:
            raise FolderError(
                f"the file cannot be read ({fault.strerror})",
                place=self.relative(path),
                remedy="Check that it exists and that you may read it.",
            ) from None

    def _glob(self, under: str, pattern: str) -> list[Path]:
        return sorted(_visible(self.root / under, pattern))


def _visible(top: Path, pattern: str) -> Iterator[Path]:
    # Editors keep swap and backup files beside the real ones; those begin with a dot.
    for path in top.glob(pattern):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(top).parts):
            yield path


def _own_root() -> Path:
    """The graph that came with the package: inside the wheel, else the checkout an editable install points to."""
    inside = Path(__file__).parent / "folder"
    return inside if inside.is_dir() else Path(__file__).parents[2]
