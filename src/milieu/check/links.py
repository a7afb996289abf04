"""Links between the files of a folder: from page to page, and from the ontology's header to its modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Place, Severity
from milieu.namespaces import OWL, RDF

if TYPE_CHECKING:
    from milieu.folder import Folder

__all__ = ["check_links"]

_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)")


def check_links(folder: Folder) -> Iterator[Finding]:
    """A finding for each link in a Markdown page that leads nowhere, and each import that no file of the folder is."""
    for page in [*sorted(folder.root.glob("*.md")), *sorted((folder.root / "docs").glob("**/*.md"))]:
        yield from _of_page(folder, page)
    yield from _imports(folder)


def _of_page(folder: Folder, page: Path) -> Iterator[Finding]:
    name = folder.relative(page)
    for number, line in enumerate(folder.read(page).split("\n"), 1):
        for link in _LINK.finditer(line):
            if not (page.parent / link[1]).exists():
                place = Place(name, number, link.start(1) + 1, number, link.end(1) + 1)
                yield Finding(
                    Severity.VIOLATION,
                    "dead-link",
                    f"The link to {link[1]} leads nowhere.",
                    "Mend the link, or add the file.",
                    place=place,
                )


def _imports(folder: Folder) -> Iterator[Finding]:
    found: set[str] = set()
    wanted: set[str] = set()
    for path in folder.ontology:
        for quad in ox.parse(folder.read(path).encode(), format=ox.RdfFormat.TURTLE):
            if quad.predicate.value == f"{RDF}type" and str(quad.object) == f"<{OWL}Ontology>":
                found.add(str(quad.subject))
            elif quad.predicate.value == f"{OWL}imports":
                wanted.add(str(quad.object))
    for missing in sorted(wanted - found):
        yield Finding(
            Severity.VIOLATION,
            "dead-import",
            f"No file of the ontology is {missing}.",
            "Add the module, or remove the import.",
        )
