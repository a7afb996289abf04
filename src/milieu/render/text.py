"""Reports for people: place, what is wrong, the line with a caret under it, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from milieu.finding import Effect, Finding, Place, Report, Severity
from milieu.namespaces import Prefixes
from milieu.render.table import table, width
from milieu.render.visible import visible

__all__ = ["readable", "report_text", "summary"]

_COLOURS = {Severity.VIOLATION: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.INFO: "\x1b[36m"}
_ALSO = 12
_ROWS = 5
_LINE_END = re.compile(r"\r\n?|\n")
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def report_text(report: Report, texts: Mapping[str, str], *, colour: bool = False, verdict: bool = True) -> str:
    """The findings for people: place, what is wrong, the line with a caret under it, and what to write instead.

    `texts` gives the text of each file, for the excerpts.
    """
    parts = [_finding(finding, texts, colour) for finding in report]
    if report.readback:
        claims = "\n".join(f"  · {visible(_capital(sentence))}" for sentence in report.readback)
        parts.append(f"You are claiming that:\n{claims}")
    if report.effects:
        parts.append("\n".join(_effects(report.effects)))
    if verdict:
        parts.append(summary(report))
    return "\n\n".join(parts)


def summary(report: Report) -> str:
    """One line: what was looked at and how many findings there are of each severity.

    >>> summary(Report([], ["new.ttl"]))
    'new.ttl: no findings'
    """
    counts = [
        f"{count} {severity.word}{'s' if count > 1 and severity is not Severity.INFO else ''}"
        for severity in sorted(Severity, reverse=True)
        if (count := sum(1 for finding in report if finding.severity is severity))
    ]
    files = ", ".join(report.files) if len(report.files) <= 3 else f"{len(report.files)} files"
    return f"{visible(files)}: {', '.join(counts) or 'no findings'}"


def readable(term: str | None, prefixes: Prefixes) -> str:
    """A term in N-Triples syntax as people write it in Turtle."""
    if term and term.startswith("<") and term.endswith(">"):
        return prefixes.compact(term[1:-1])
    return term or ""


def _finding(finding: Finding, texts: Mapping[str, str], colour: bool) -> str:
    tint, bold, plain = (_COLOURS[finding.severity], _BOLD, _PLAIN) if colour else ("", "", "")
    place = f"{bold}{visible(str(finding.place))}{plain}: " if finding.place else ""
    lines = [f"{place}{tint}{finding.severity.word}{plain} [{finding.code}] {visible(finding.message)}"]
    if finding.place:
        lines.extend(_excerpt(finding.place, texts.get(finding.place.file), tint, plain))
    if finding.remedy:
        lines.append(f"  {bold}→{plain} {visible(finding.remedy)}")
    if finding.fix and finding.fix.description not in finding.remedy:
        lines.append(f"  {bold}fix{plain} {visible(finding.fix.description)}")
    if finding.related:
        listed = ", ".join(f"{each.line}:{each.column}" for each in finding.related[:_ALSO])
        more = f" and {len(finding.related) - _ALSO:,} more" if len(finding.related) > _ALSO else ""
        lines.append(f"  {bold}also{plain} {listed}{more}")
    return "\n".join(lines)


def _effects(effects: tuple[Effect, ...]) -> Iterator[str]:
    yield "These stored queries would answer otherwise:"
    for effect in effects:
        yield f"  {effect.query}: {effect.gains} row{'' if effect.gains == 1 else 's'} gained, {effect.losses} lost"
        for mark, rows, number in (("+", effect.gained, effect.gains), ("-", effect.lost, effect.losses)):
            for line in table(effect.columns, rows[:_ROWS], 110).splitlines()[2:] if rows else ():
                yield f"    {mark} {visible(line)}"
            if number > _ROWS:
                yield f"    {mark} … and {number - _ROWS} more"


def _capital(text: str) -> str:
    # A prefixed name is spelled as it is.
    return text if ":" in text.partition(" ")[0] else text[:1].upper() + text[1:]


def _excerpt(place: Place, text: str | None, tint: str, plain: str) -> list[str]:
    if text is None:
        return []
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    if place.line > len(lines):
        return []
    line = lines[place.line - 1]
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    # A caret must stand under its letter, so tabs become one blank and wide letters take two columns.
    shown = line.replace("\t", " ")
    if len(shown) > 160:
        first = max(0, start - 60)
        shown, start, end = shown[first : first + 160], start - first, min(end - first, 160)
    number = str(place.line)
    gap = " " * width(visible(shown[:start]))
    marks = "^" * max(1, width(visible(shown[start:end])))
    return [f"  {number} | {visible(shown)}", f"  {' ' * len(number)} | {gap}{tint}{marks}{plain}"]
