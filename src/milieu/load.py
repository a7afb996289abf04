"""Load: from the Turtle files of a folder to its asserted statements, each with the file it stands in."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from milieu.errors import FolderError
from milieu.finding import Finding, Severity
from milieu.folder import Folder

__all__ = ["Loaded", "load", "parse_file"]


@dataclass
class Loaded:
    """The asserted statements of a folder.

    `statements` maps each triple, as one line of canonical N-Triples without its final ` .`, to the numbers of the
    files that state it; `files` lists those files as paths from the top of the folder.
    """

    files: list[str] = field(default_factory=list)
    statements: dict[str, tuple[int, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.statements)

    def ntriples(self) -> bytes:
        """The statements as N-Triples, sorted."""
        return "".join(f"{line} .\n" for line in sorted(self.statements)).encode()


def load(folder: Folder, *, step: Callable[[str], None] = lambda file: None) -> Loaded:
    """What the files of a folder assert: ontology, then data. The network is never touched.

    Syntax errors become findings (every one in every file); `step` is told each file as its turn comes.
    Raises `FolderError` when a file cannot be read at all.

    >>> len(load(Folder.find()).files) > 10
    True
    """
    loaded = Loaded()
    for path in [*folder.ontology, *folder.data]:
        name = folder.relative(path)
        step(name)
        number = len(loaded.files)
        loaded.files.append(name)
        try:
            lines = list(parse_file(path, name))
        except (SyntaxError, UnicodeDecodeError):
            loaded.findings.extend(_syntax_findings(folder, path, name))
            continue
        except OSError as fault:
            raise FolderError(
                f"the file cannot be read ({fault.strerror})",
                place=name,
                remedy="Check that it exists and that you may read it.",
            ) from None
        for line in lines:
            known = loaded.statements.get(line)
            if known is None:
                loaded.statements[line] = (number,)
            elif known[-1] != number:
                loaded.statements[line] = (*known, number)
    return loaded


def parse_file(path: Path, name: str) -> Iterator[str]:
    """The triples of one Turtle file as lines of N-Triples without the final dot.

    Blank nodes are named after the file and their order in it, so that the same files always give the same lines and
    those of two files never meet. Raises `SyntaxError` at the first fault in the text.
    """
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    names: dict[str, str] = {}

    def term(node: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
        if isinstance(node, ox.BlankNode):
            return names.setdefault(node.value, f"_:b{mark}n{len(names)}")
        return str(node)

    # Editors on Windows begin UTF-8 files with a mark that is no part of Turtle.
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    content.decode()
    for quad in ox.parse(content, format=ox.RdfFormat.TURTLE):
        if isinstance(quad.object, ox.Triple):
            raise SyntaxError("RDF 1.2 triple terms are not part of the graph")
        yield f"{term(quad.subject)} {quad.predicate} {term(quad.object)}"


def _syntax_findings(folder: Folder, path: Path, name: str) -> Iterable[Finding]:
    from milieu.turtle.parse import parse

    found = parse(path.read_bytes(), name, "turtle", prefixes=folder.prefixes).findings
    return [finding for finding in found if finding.severity is Severity.VIOLATION]
