from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import milieu
from milieu.finding import Finding, Severity

SOURCE = """
source:gazette a mil:Source ; rdfs:label "Gazette"@en ; mil:documentKind dockind:news-article ;
    mil:address "https://example.org/gazette"^^xsd:anyURI ; dcterms:source source:gazette .
"""


@pytest.fixture(scope="session")
def kg() -> milieu.Graph:
    """Milieu's own graph."""
    return milieu.open()


class Judged:
    """What the gate says of a text that has every prefix, and what stands at the places it names."""

    def __init__(self, graph: milieu.Graph, text: str, *, with_source: bool = True) -> None:
        self.head = graph.prefixes.sparql()
        self.text = self.head + text + (SOURCE if with_source else "")
        self.findings: list[Finding] = list(graph.validate(self.text))

    @property
    def codes(self) -> list[str]:
        """The codes of warnings and violations."""
        return [finding.code for finding in self.findings if finding.severity > Severity.INFO]

    @property
    def said(self) -> list[tuple[str, str]]:
        """Code, and what stands at the place, of each warning and violation."""
        return [(finding.code, self.at(finding)) for finding in self.findings if finding.severity > Severity.INFO]

    def at(self, finding: Finding) -> str:
        place = finding.place
        if place is None:
            return ""
        lines = self.text.split("\n")
        if place.line == place.end_line:
            return lines[place.line - 1][place.column - 1 : place.end_column - 1]
        first = lines[place.line - 1][place.column - 1 :]
        return "\n".join(
            [first, *lines[place.line : place.end_line - 1], lines[place.end_line - 1][: place.end_column - 1]]
        )

    @property
    def only(self) -> Finding:
        """The one finding there is."""
        [finding] = [finding for finding in self.findings if finding.severity > Severity.INFO]
        return finding


@pytest.fixture
def judge(kg: milieu.Graph) -> Callable[..., Judged]:
    return lambda text, **options: Judged(kg, text, **options)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "new.ttl"
        path.write_text(text, encoding="utf-8")
        return path

    return write
