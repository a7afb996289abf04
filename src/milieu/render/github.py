"""Reports as workflow commands of GitHub Actions, which it shows as annotations beside the lines."""

from __future__ import annotations

from collections.abc import Mapping

from milieu.finding import Finding, Report, Severity
from milieu.render.visible import visible

__all__ = ["report_github"]

_WORDS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report_github(report: Report, texts: Mapping[str, str] | None = None) -> str:  # noqa: ARG001
    """One line for each finding; columns are given only within one line, as GitHub wants it.

    >>> from milieu.finding import Place
    >>> doubt = Finding(Severity.WARNING, "doubt", "Look: here.", place=Place("a.ttl", 2, 3, 2, 9))
    >>> print(report_github(Report([doubt])))
    ::warning title=doubt,file=a.ttl,line=2,endLine=2,col=3,endColumn=8::Look: here.
    """
    return "\n".join(_command(finding) for finding in report)


def _command(finding: Finding) -> str:
    properties = {"title": finding.code}
    if place := finding.place:
        properties |= {"file": place.file, "line": str(place.line), "endLine": str(place.end_line)}
        if place.line == place.end_line:
            properties |= {"col": str(place.column), "endColumn": str(max(place.column, place.end_column - 1))}
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    said = " ".join(part for part in (finding.message, finding.remedy) if part)
    return f"::{_WORDS[finding.severity]} {listed}::{_message(said)}"


def _message(text: str) -> str:
    return visible(text.replace("\r", " ")).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
