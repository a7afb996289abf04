"""JSON-LD and RDF/XML: parsed by pyoxigraph, located by an outline of what their keys and elements must come to.

The outline foretells every statement. Where it agrees with what was parsed, it tells the place; what it foretold and
the parser did not give would be lost in silence, and is reported.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from milieu.finding import Finding, Severity
from milieu.namespaces import RDF
from milieu.spelling import nearest
from milieu.turtle.attempt import Attempt, attempt
from milieu.turtle.jsontext import without_halves
from milieu.turtle.locate import Located, paired
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from milieu.finding import Place
    from milieu.turtle.reading import Term

__all__ = ["Entry", "KeyedLocator", "Outline", "read_keyed"]

_QUOTED = re.compile(r"['`\"]([^'`\"]+)['`\"]")
_WORD = re.compile(r"@[a-z]+|reverse|Cyclic|text event")
_SHOWN = 20
_CLOSED = "Check the text around this place: every bracket, quote and element must be closed."
_SCHEMES = ("http", "https", "urn", "mailto", "tag", "doi", "info", "geo", "tel", "ftp", "file", "data")
_ALIKE = 0.8
_SPELLED = (RDF + "JSON", RDF + "XMLLiteral")
_REIFYING = tuple(RDF + name for name in ("subject", "predicate", "object"))

_Key: TypeAlias = "tuple[Term | None, ox.NamedNode, Term | None]"


@dataclass(slots=True)
class Entry:
    """One statement, foretold: its terms, nodes without a name being numbers, and the places of node, key and value.

    A literal of JSON or XML, which the parser spells as it likes, is an empty one of its datatype.
    """

    subject: Term
    predicate: ox.NamedNode
    object: Term
    node: Place
    key: Place
    value: Place

    @property
    def located(self) -> Located:
        """The places of its terms."""
        return Located(self.node, self.key, self.value, self.key)


@dataclass
class Outline:
    """What a text must come to, what is wrong with it, and where words are misused, for errors without a place."""

    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    faults: dict[str, list[tuple[str, Place]]] = field(default_factory=dict)
    # Prefixes that are not declared, or schemes of IRIs, and where each stands first.
    undeclared: dict[str, Place] = field(default_factory=dict)
    # Names of statements about statements, which the findings have told of.
    reifiers: set[ox.NamedNode] = field(default_factory=set)


class KeyedLocator:
    """The places of the triples of a JSON-LD or RDF/XML text."""

    def __init__(self, entries: Sequence[Entry] = (), quads: Sequence[ox.Quad] = ()) -> None:
        self.entries = entries
        self._quads = quads

    def places(self, triple: ox.Triple | ox.Quad) -> Located | None:
        """Where the triple is stated, as near as can be told."""
        found = self.occurrences(triple)
        return found[0] if found else None

    def occurrences(self, triple: ox.Triple | ox.Quad) -> list[Located]:
        """The places of the entries that agree with the triple best."""
        subject, object_ = self._known(triple.subject), self._known(triple.object)
        exact = [entry.located for entry in self._index.get((subject, triple.predicate, object_), ())]
        if exact:
            return exact
        near = self._near.get((subject, triple.predicate))
        return [near.located] if near else []

    def node(self, term: ox.NamedNode | ox.BlankNode) -> Place | None:
        """Where a node is described first."""
        return self._nodes.get(self._known(term))

    def lost(self) -> list[Entry]:
        """The entries that nothing parsed answers to; none where as much was parsed that no entry foretold."""
        came: Counter[_Key] = Counter(_shape(quad.subject, quad.predicate, quad.object) for quad in self._quads)
        beyond = came.copy()
        lost = []
        for entry in self.entries:
            key = _shape(entry.subject, entry.predicate, entry.object)
            # A statement about nodes with names is one, however often it is made.
            if came[key] > 0:
                came[key] -= None in key
                beyond[key] -= 1
            else:
                lost.append(entry)
        return lost if len(lost) > sum(count for count in beyond.values() if count > 0) else []

    def _known(self, term: Term) -> Term:
        if isinstance(term, ox.BlankNode):
            return self._numbers.get(term, term)
        return _plain(term)

    @cached_property
    def _index(self) -> dict[_Key, list[Entry]]:
        index: dict[_Key, list[Entry]] = {}
        for entry in self.entries:
            index.setdefault((entry.subject, entry.predicate, entry.object), []).append(entry)
        return index

    @cached_property
    def _near(self) -> dict[tuple[Term, ox.NamedNode], Entry]:
        return {(entry.subject, entry.predicate): entry for entry in reversed(self.entries)}

    @cached_property
    def _nodes(self) -> dict[Term, Place]:
        return {entry.subject: entry.node for entry in reversed(self.entries)}

    @cached_property
    def _numbers(self) -> dict[Term, int]:
        """Our numbers by pyoxigraph's names of nodes without one; the rarest statements are compared first."""
        counts = Counter(_shape(quad.subject, quad.predicate, quad.object) for quad in self._quads)
        quads = sorted(self._quads, key=lambda quad: counts[_shape(quad.subject, quad.predicate, quad.object)])
        plain = (ox.Quad(quad.subject, quad.predicate, _plain(quad.object)) for quad in quads)  # type: ignore[arg-type]
        return paired([(one.subject, one.predicate, one.object) for one in self.entries], plain)


def read_keyed(
    source: str,
    file: str,
    format: str,  # noqa: A002
    base: str | None,
    table: Mapping[str, str],
) -> tuple[Attempt, KeyedLocator, list[Finding]]:
    """What pyoxigraph parsed of a JSON-LD or RDF/XML text, where it stands, and what is wrong with it.

    Names with a prefix of the table that the text does not declare are read as if it did, which a finding tells.
    """
    lines = Lines(source, file)
    if format == "rdfxml":
        from milieu.turtle.rdfxml import outline

        found, broken = outline(source, file, base)
        read = attempt(source, ox.RdfFormat.RDF_XML, base)
        if read.errors:
            # Behind its first error pyoxigraph takes elements for nodes that are properties, and the other way round.
            told = [one for one in found.findings if one.code in ("broken-iri", "syntax")] if broken is None else []
            said = [] if told else _said(read.errors[:1], source, lines, broken, found)
            return Attempt([], [], {}), KeyedLocator(found.entries), found.findings + said
        if broken and source.strip():
            # pyoxigraph is content with elements that nothing closes, and so with a file that was cut off.
            message = "Here the text is no XML any more, or ends before all of its elements are closed."
            cut = Finding(Severity.VIOLATION, "syntax", message, _CLOSED, place=broken)
            return Attempt([], [], {}), KeyedLocator(found.entries), [*found.findings, cut]
        quads = [quad for quad in read.quads if not (quad.subject in found.reifiers and _reifies(quad))]
        locator = KeyedLocator(found.entries, quads)
        return replace(read, quads=quads), locator, found.findings + _left_out(locator)
    from milieu.turtle.jsonld import outline as json_outline

    source, half = without_halves(source)
    found = json_outline(source, file, base)
    found.findings += (_half(lines.place(start, end)) for start, end in half[:_SHOWN])
    remote = [one for one in found.findings if one.code == "remote-context"]
    if remote:
        # What the keys stand for is written there.
        return Attempt([], [], {}), KeyedLocator(), remote
    read = attempt(source, ox.RdfFormat.JSON_LD, base)
    meant = {prefix: table[prefix] for prefix in found.undeclared if prefix in table}
    if meant:
        read = replace(read, quads=[_declared(quad, meant) for quad in read.quads])
        for entry in found.entries:
            entry.subject, entry.object = _spelled_out(entry.subject, meant), _spelled_out(entry.object, meant)
            entry.predicate = ox.NamedNode(_in_full(entry.predicate.value, meant))
    found.findings += _undeclared(found, table)
    locator = KeyedLocator(found.entries, read.quads)
    findings = found.findings + _said(read.errors, source, lines, None, found)
    if any(error.lineno is not None for error in read.errors):
        # What is not JSON has no outline to hold it to.
        return read, locator, findings
    findings += (
        Finding(
            Severity.VIOLATION, "says-nothing", message, "Write it as JSON-LD means it, or leave it out.", place=place
        )
        for faults in found.faults.values()
        for message, place in faults
    )
    graphs = any(quad.graph_name != ox.DefaultGraph() for quad in read.quads)
    return (
        read,
        locator,
        findings
        if graphs
        else findings + _left_out(locator, [one.place for one in findings if one.severity is Severity.VIOLATION]),
    )


def _left_out(locator: KeyedLocator, told: Iterable[Place | None] = ()) -> list[Finding]:
    """Findings for what is written but was not read, but for what is told already."""
    begun = sorted((place.line, place.column) for place in told if place is not None)

    def is_told(place: Place) -> bool:
        at = bisect_left(begun, (place.line, place.column))
        return at < len(begun) and begun[at] < (place.end_line, place.end_column)

    return [
        Finding(
            Severity.VIOLATION,
            "says-nothing",
            "What is written here does not become a statement: it is left out.",
            "Write it in another way, or in Turtle.",
            path=str(entry.predicate),
            place=entry.value,
        )
        for entry in locator.lost()
        if not is_told(entry.value)
    ]


def _reifies(quad: ox.Quad) -> bool:
    """Whether it is one of the four statements of a reification."""
    named = quad.predicate.value
    return named in _REIFYING or (named == RDF + "type" and quad.object == ox.NamedNode(RDF + "Statement"))


def _undeclared(found: Outline, table: Mapping[str, str]) -> list[Finding]:
    findings = []
    for prefix, place in found.undeclared.items():
        near = prefix if prefix in table else None if prefix in _SCHEMES else nearest(prefix, table, _ALIKE)
        if near is None:
            continue
        remedy = f'Declare it in @context: "{near}": "{table[near]}".' if near == prefix else f"Did you mean {near}:?"
        message = f"The prefix {prefix}: is not declared."
        findings.append(Finding(Severity.VIOLATION, "unknown-prefix", message, remedy, place=place))
    return findings


def _in_full(iri: str, meant: Mapping[str, str]) -> str:
    prefix, _, local = iri.partition(":")
    return meant[prefix] + local if prefix in meant and not local.startswith("//") else iri


def _spelled_out(term: Term, meant: Mapping[str, str]) -> Term:
    return ox.NamedNode(_in_full(term.value, meant)) if isinstance(term, ox.NamedNode) else term


def _declared(quad: ox.Quad, meant: Mapping[str, str]) -> ox.Quad:
    subject, object_ = _spelled_out(quad.subject, meant), _spelled_out(quad.object, meant)
    predicate = ox.NamedNode(_in_full(quad.predicate.value, meant))
    return ox.Quad(subject, predicate, object_, quad.graph_name)  # type: ignore[arg-type]


def _half(place: Place) -> Finding:
    message = "This escape is half a character."
    return Finding(Severity.VIOLATION, "encoding", message, "Write the character itself.", place=place)


def _shape(subject: Term, predicate: ox.NamedNode, object_: Term) -> _Key:
    """The terms of a statement as far as everyone names them alike."""
    return _named(subject), predicate, _named(object_)


def _named(term: Term) -> Term | None:
    return None if isinstance(term, (int, ox.BlankNode)) else _plain(term)


def _plain(term: Term) -> Term:
    """A term without what the outline does not foretell: writing directions, the spelling of JSON and XML."""
    if isinstance(term, ox.Literal):
        if term.direction is not None:
            return ox.Literal(term.value, language=term.language)
        if term.datatype.value in _SPELLED:
            return ox.Literal("", datatype=term.datatype)
    return term


def _said(
    errors: Iterable[SyntaxError], source: str, lines: Lines, broken: Place | None, outline: Outline
) -> list[Finding]:
    findings: list[Finding] = []
    for error in errors:
        message = str(error.args[0])
        if error.lineno is not None:
            message = message.partition(": ")[2]
            start = lines.offset(error.lineno, error.offset or 1)
            place: Place | None = lines.place(start, start + 1)
        else:
            misused = None if broken else _fault(message, outline)
            message, place = misused or (message, broken or _quoted(message, source, lines))
        if place is not None and any(one.place == place for one in findings):
            continue
        findings.append(
            Finding(
                Severity.VIOLATION,
                "syntax",
                f"{message[:1].upper()}{message[1:].rstrip('.')}.",
                _CLOSED if error.lineno is not None or broken else "Write it as the format has it.",
                place=place,
            )
        )
    return findings


def _fault(message: str, outline: Outline) -> tuple[str, Place] | None:
    """The next place where a word that a message names is misused, and how; each is taken once."""
    for word in _WORD.findall(message):
        faults = outline.faults.get(word)
        if faults:
            return faults.pop(0)
    return None


def _quoted(message: str, source: str, lines: Lines) -> Place | None:
    """Where the word that a message names stands, if it stands in one place only, or is said to be there twice."""
    for word in _WORD.findall(message):
        written = f'"{word}"'
        if source.count(written) == 1 or (written in source and "twice" in message):
            start = source.rindex(written)
            return lines.place(start, start + len(written))
    for word in _QUOTED.findall(message):
        for written in (f'"{word}"', f"'{word}'", word):
            if source.count(written) == 1:
                start = source.index(written)
                return lines.place(start, start + len(written))
    return None
