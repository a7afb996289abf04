"""JSON-LD and RDF/XML: parsed by pyoxigraph, located by their keys and elements.

Their statements are not written term by term, so a place is that of the key or element that states them: exact enough
for the line. Terms are matched by value; where that is not possible, the first statement of the same key stands for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Severity
from milieu.turtle.attempt import Attempt, attempt
from milieu.turtle.locate import Located
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from milieu.finding import Place

__all__ = ["Entry", "KeyedLocator", "read_keyed"]

_QUOTED = re.compile(r"['`\"]([^'`\"]+)['`\"]")


@dataclass(slots=True)
class Entry:
    """One key of one node: the node's name and place, what the key stands for, its value and where both are written."""

    subject: str | None
    predicate: str
    value: str | None
    node: Place
    key: Place
    object: Place


@dataclass
class KeyedLocator:
    """The places of the triples of a JSON-LD or RDF/XML text."""

    entries: list[Entry] = field(default_factory=list)
    nodes: dict[str, Place] = field(default_factory=dict)

    def places(self, triple: ox.Triple | ox.Quad) -> Located | None:
        """Where the triple is stated, as near as can be told."""
        found = self.occurrences(triple)
        return found[0] if found else None

    def occurrences(self, triple: ox.Triple | ox.Quad) -> list[Located]:
        """The places of the entries that agree with the triple best."""
        subject = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else None
        value = None if isinstance(triple.object, (ox.BlankNode, ox.Triple)) else triple.object.value
        alike = [one for one in self._keys.get(triple.predicate.value, ()) if one.subject == subject]
        exact = [one for one in alike if one.value == value]
        return [Located(one.node, one.key, one.object, one.key) for one in exact or alike[:1]]

    def node(self, term: ox.NamedNode | ox.BlankNode) -> Place | None:
        """Where a named node is described first."""
        return self.nodes.get(term.value) if isinstance(term, ox.NamedNode) else None

    @property
    def _keys(self) -> dict[str, list[Entry]]:
        if not hasattr(self, "_by_key"):
            by_key: dict[str, list[Entry]] = {}
            for entry in self.entries:
                by_key.setdefault(entry.predicate, []).append(entry)
            self._by_key = by_key
        return self._by_key


def read_keyed(
    source: str,
    file: str,
    format: str,  # noqa: A002
    base: str | None,
) -> tuple[Attempt, KeyedLocator, list[Finding]]:
    """What pyoxigraph parsed of a JSON-LD or RDF/XML text, where it stands, and what is wrong with it."""
    lines = Lines(source, file)
    if format == "rdfxml":
        from milieu.turtle.rdfxml import outline

        entries, broken = outline(source, file)
        read = attempt(source, ox.RdfFormat.RDF_XML, base)
        # Behind its first error pyoxigraph takes elements for nodes that are properties, and the other way round.
        findings = _said(read.errors[:1], source, lines, broken)
        return (Attempt([], [], {}) if read.errors else read), _locator(entries), findings
    from milieu.turtle.jsonld import outline as json_outline

    entries, remarks = json_outline(source, file)
    if any(one.code == "remote-context" for one in remarks):
        return Attempt([], [], {}), KeyedLocator(), remarks
    read = attempt(source, ox.RdfFormat.JSON_LD, base)
    return read, _locator(entries), remarks + _said(read.errors, source, lines, None)


def _locator(entries: Iterable[Entry]) -> KeyedLocator:
    locator = KeyedLocator(list(entries))
    for entry in locator.entries:
        if entry.subject is not None:
            locator.nodes.setdefault(entry.subject, entry.node)
    return locator


def _said(errors: Iterable[SyntaxError], source: str, lines: Lines, broken: Place | None) -> list[Finding]:
    findings = []
    for error in errors:
        message = str(error.args[0])
        if error.lineno is not None:
            message = message.partition(": ")[2]
            start = lines.offset(error.lineno, error.offset or 1)
            place: Place | None = lines.place(start, start + 1)
        else:
            place = broken or _quoted(message, source, lines)
        findings.append(
            Finding(
                Severity.VIOLATION,
                "syntax",
                f"{message[:1].upper()}{message[1:].rstrip('.')}.",
                "Check the text around this place: every bracket, quote and element must be closed.",
                place=place,
            )
        )
    return findings


def _quoted(message: str, source: str, lines: Lines) -> Place | None:
    """Where the word that a message quotes stands, if it stands in one place only."""
    for word in _QUOTED.findall(message):
        for written in (f'"{word}"', f"'{word}'", word):
            if source.count(written) == 1:
                start = source.index(written)
                return lines.place(start, start + len(written))
    return None
