"""RDF text to triples, with everything that is wrong with the text as findings.

pyoxigraph parses; what it parsed is what is validated and stored. This module adds what it leaves out: every mistake of
a file at once, in plain words and with its place, the guards against hostile input, and what the store would rewrite.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.errors import FormatError
from milieu.finding import Finding, Severity
from milieu.turtle.attempt import ERRORS, Attempt, attempt
from milieu.turtle.ending import in_number
from milieu.turtle.guard import CONTROLS, controls, decoded, refused
from milieu.turtle.kind import other_kind
from milieu.turtle.locate import Locator, Places
from milieu.turtle.mend import STAND_IN, Mended, mend
from milieu.turtle.quads import set_aside
from milieu.turtle.rounds import read_on
from milieu.turtle.syntax import fault, of_structure
from milieu.turtle.terms import scrutinised
from milieu.turtle.tokens import Kind, Lines, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from milieu.finding import Place

__all__ = ["FORMATS", "Parsed", "parse"]

FORMATS: Mapping[str, ox.RdfFormat] = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
"""The formats that can be read, by the words of `--format`."""

_BY_LINE = ("ntriples", "nquads")
_COMMA = re.compile("[0-9],[0-9]")


@dataclass(frozen=True)
class Parsed:
    """What a text states, in its order and each statement once; what is wrong with it; and where each statement is.

    >>> parsed = parse("@prefix c: <http://c/> . c:kyoto c:near c:nara . c:kyoto c:near .", "new.ttl")
    >>> len(parsed.quads), [f"{finding.place}: {finding.message}" for finding in parsed.findings]
    (1, ["new.ttl:1:65: An object is missing before '.'."])
    """

    quads: list[ox.Quad]
    findings: list[Finding]
    prefixes: dict[str, str]
    locator: Places = field(repr=False)
    format: str = "turtle"


def parse(
    text: str | bytes,
    file: str,
    format: str = "turtle",  # noqa: A002 -- the word every surface uses
    *,
    prefixes: Mapping[str, str] | None = None,
    base: str | None = None,
) -> Parsed:
    """The triples of a text and all findings about it as text, whatever is in it; never an exception about data.

    `file` is the name that places carry; `prefixes` is the folder's table, for undeclared ones. Blank nodes get new
    names, so that those of two texts never meet. Raises `FormatError` when the format is none of `FORMATS`.
    """
    if format not in FORMATS:
        raise FormatError(f"there is no format {format!r}", remedy=f"Formats are {', '.join(FORMATS)}.")
    source, findings = decoded(text, file)
    other = other_kind(text, source, file, format)
    if other is not None:
        return Parsed([], [other], {}, Locator("", file, []), format)
    lines = Lines(source, file)
    keyed = format in ("jsonld", "rdfxml")
    findings += controls(source, lines, turtle=not keyed)
    stop = refused(source, format, lines)
    if stop:
        return Parsed([], findings + stop, {}, Locator("", file, []), format)
    locator: Places
    if keyed:
        from milieu.turtle.keyed import read_keyed

        read, locator, said = read_keyed(source, file, format, base, prefixes or {})
    else:
        read, locator, said = _read(source, file, format, prefixes or {}, base)
    findings += said
    escapes = "\\" in source or "&#" in source
    quads, about_terms = scrutinised(read.quads, locator, read.prefixes, escapes=escapes, dialect=format)
    if not keyed and format not in _BY_LINE:
        findings += in_number(source, lines)
    commas = [] if keyed or format in _BY_LINE else _decimal_commas(source, lines)
    findings += commas
    about_terms = [
        one
        for one in about_terms
        if one.code != "not-canonical" or not any(_holds(comma.place, [one.place]) for comma in commas if one.place)
    ]
    if read.stopped:
        message = f"The text has more than {ERRORS} errors, and is not read further."
        findings.append(Finding(Severity.VIOLATION, "too-many", message, "Mend these first, or check the format."))
    raw = [finding.place for finding in findings if finding.code == "control-character" and finding.place]
    findings += (one for one in about_terms if one.code != "control-character" or not _holds(one.place, raw))
    findings.sort(key=lambda one: (one.place is None, one.place or lines.place(0, 0)))
    return Parsed(quads, findings, read.prefixes, locator, format)


def _decimal_commas(text: str, lines: Lines) -> list[Finding]:
    """Numbers with a comma and no space between them: two values to Turtle, but often one to who wrote it."""
    findings: list[Finding] = []
    if not _COMMA.search(text):
        return findings
    runs: list[list[tuple[int, int]]] = []
    after_comma = False
    for kind, start, end in tokens(text):
        near = bool(runs) and runs[-1][-1][1] + after_comma == start
        if kind is Kind.NUMBER:
            if after_comma and near:
                runs[-1].append((start, end))
            else:
                runs.append([(start, end)])
        after_comma = kind is Kind.MARK and text[start:end] == "," and near
    for run in (each for each in runs if len(each) > 1):
        start, end = run[0][0], run[-1][1]
        shown = text[start:end]
        parts = shown.split(",")
        meant = [shown.replace(",", "")] if all(len(part) == 3 for part in parts[1:]) else []
        meant += [shown.replace(",", ".")] if len(parts) == 2 and "." not in shown else []
        one = f"Write {' or '.join(meant)} for one number" if meant else "Write one number without commas"
        message = f"{shown} is {len(parts)} numbers to Turtle, as a comma separates values."
        remedy = f"{one}, {', '.join(parts)} for {len(parts)}."
        findings.append(Finding(Severity.VIOLATION, "decimal-comma", message, remedy, place=lines.place(start, end)))
    return findings


def _holds(outer: Place | None, inner: Iterable[Place]) -> bool:
    """Whether one of the places is inside the outer one."""
    if outer is None:
        return False
    begin, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return any(begin <= (place.line, place.column) < end for place in inner)


def _read(
    source: str,
    file: str,
    format: str,  # noqa: A002
    table: Mapping[str, str],
    base: str | None,
) -> tuple[Attempt, Places, list[Finding]]:
    read = attempt(source, FORMATS[format], base)
    by_line = format in _BY_LINE
    mended = Mended(source)
    tried = source
    findings: list[Finding] = []
    graphs: list[Finding] = []
    if read.errors and format == "ntriples":
        source, graphs = set_aside(source, Lines(source, file), read.errors)
        read, mended, tried = attempt(source, FORMATS[format], base), Mended(source), source
    everything = read.quads
    if read.errors:
        first = read.errors[0]
        mended = mend(source, file, table, with_prefixes=not by_line)
        read, tried, told = read_on(mended, file, FORMATS[format], base, by_line=by_line)
        everything = read.quads
        # A name with nothing before and behind its colon is no name where the parser takes it for a mistake.
        places = {one.place for one in told}
        findings = [one for one in mended.findings if one.code != "unknown-prefix" or one.place not in places] + told
        if not findings and not CONTROLS.search(source):
            # What the parser refuses is never passed over, however well it could be mended.
            lines = Lines(source, file)
            one = fault(first, source, lines)
            findings = [of_structure(one, source, lines, (one.start, one.end))]
        own = [quad for quad in everything if STAND_IN not in str(quad)]
        read = replace(read, quads=own, prefixes={p: n for p, n in read.prefixes.items() if STAND_IN not in n})
    locator = Locator(tried, file, everything, base=base, prefixes=mended.prefixes, lines_only=by_line, written=source)
    if any(isinstance(quad.object, ox.Triple) for quad in everything):
        findings += _triple_terms(tried, locator.lines)
    return read, locator, findings + graphs


def _triple_terms(text: str, lines: Lines) -> list[Finding]:
    """A finding for each triple term or annotation, from its opening mark to its closing one; not for those within."""
    spans: list[tuple[int, int, int]] = []
    opened: list[tuple[int, int]] = []
    for kind, start, end in tokens(text):
        if kind is not Kind.RDF12:
            continue
        first = (start, end)
        if text[start:end] in (">>", "|}"):
            first = opened.pop() if opened else first
        elif end - start > 1:
            opened.append(first)
            continue
        if not opened:
            spans.append((*first, end))
    spans += ((*first, first[1]) for first in opened[:1])
    remedy = (
        "Write a node of its own: [] a owl:Axiom ; owl:annotatedSource … ; owl:annotatedProperty … ; "
        "owl:annotatedTarget … ; dcterms:source … ."
    )
    return [
        Finding(
            Severity.VIOLATION,
            "rdf-12",
            f"{text[start:mark]} begins a triple term or annotation of RDF 1.2, which the graph does not hold.",
            remedy,
            place=lines.place(start, end),
        )
        for start, mark, end in spans
    ]
