"""What a step has to say about data: one kind of finding, whatever step made it and whatever format shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

__all__ = ["Effect", "Finding", "Fix", "Place", "Report", "Severity"]


class Severity(IntEnum):
    """How much a finding matters; they compare, so that `--fail-on warning` means that or worse.

    >>> Severity.VIOLATION > Severity.WARNING > Severity.INFO
    True
    """

    INFO = 1
    WARNING = 2
    VIOLATION = 3

    @property
    def word(self) -> str:
        """The severity as people and `--fail-on` write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of a text: lines and columns from 1, columns in code points, the end exclusive.

    >>> str(Place("new.ttl", 3, 7, 3, 12))
    'new.ttl:3:7'
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit that would mend a finding: put `text` where `place` is. `safe` ones may be applied unasked."""

    place: Place
    text: str
    description: str
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem, doubt or remark about data.

    `focus`, `path`, `value` and `shape` are RDF terms in N-Triples syntax. `code` is a short stable name such as
    `syntax`, `unknown-term` or a SHACL component (`sh:minCount`); `remedy` tells what to write instead.

    >>> Finding(Severity.VIOLATION, "syntax", "A dot is missing.", "End the statement with ' .'.").code
    'syntax'
    """

    severity: Severity
    code: str
    message: str
    remedy: str = ""
    focus: str | None = None
    path: str | None = None
    value: str | None = None
    shape: str | None = None
    place: Place | None = None
    fix: Fix | None = None
    related: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """How the answer of a stored query would change: how many rows it gains and loses, and the first of them."""

    query: str
    summary: str
    columns: tuple[str, ...]
    gains: int
    losses: int
    gained: tuple[tuple[str, ...], ...] = ()
    lost: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of one run, in the order of the text, and the files that were looked at.

    `readback` says in sentences what a contribution claims, `effects` which stored queries it would answer otherwise;
    None means that nobody asked.

    >>> report = Report([Finding(Severity.WARNING, "doubt", "Looks like city:kyoto.")])
    >>> report.conforms, report.at_least(Severity.WARNING)
    (True, True)
    """

    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = field(default=())
    readback: tuple[str, ...] | None = None
    effects: tuple[Effect, ...] | None = None

    def __init__(
        self,
        findings: Iterable[Finding] = (),
        files: Iterable[str] = (),
        *,
        readback: Iterable[str] | None = None,
        effects: Iterable[Effect] | None = None,
    ) -> None:
        ordered = sorted(findings, key=_order)
        object.__setattr__(self, "findings", tuple(ordered))
        object.__setattr__(self, "files", tuple(files))
        object.__setattr__(self, "readback", None if readback is None else tuple(readback))
        object.__setattr__(self, "effects", None if effects is None else tuple(effects))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @property
    def conforms(self) -> bool:
        """True when nothing is a violation; SHACL (section 3.6.1.1) counts any result, we show the others as advice."""
        return not self.at_least(Severity.VIOLATION)

    def at_least(self, severity: Severity) -> bool:
        """Whether some finding is as grave as this, or graver."""
        return any(finding.severity >= severity for finding in self.findings)


def _order(finding: Finding) -> tuple[bool, Place, int, str, str]:
    place = finding.place or Place("", 0, 0, 0, 0)
    return (finding.place is None, place, -finding.severity, finding.code, finding.message)
