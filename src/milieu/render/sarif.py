"""Reports as SARIF 2.1.0 (OASIS), which editors and code hosts show at the line, fixes included."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import milieu
from milieu.finding import Finding, Fix, Place, Report, Severity

__all__ = ["report_sarif"]

_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report_sarif(report: Report, texts: Mapping[str, str] | None = None) -> str:  # noqa: ARG001
    """The report as one SARIF run; every code is a rule.

    >>> json.loads(report_sarif(Report()))["version"]
    '2.1.0'
    """
    codes = sorted({finding.code for finding in report})
    run = {
        "tool": {
            "driver": {
                "name": "Milieu",
                "version": milieu.__version__,
                "informationUri": "https://w3id.org/milieu/",
                "rules": [{"id": code} for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(file)}} for file in report.files],
        "results": [_result(finding, codes.index(finding.code)) for finding in report],
    }
    content = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(content, ensure_ascii=False, indent=2)


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    content: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": " ".join(part for part in (finding.message, finding.remedy) if part)},
    }
    if finding.place:
        content["locations"] = [_location(finding.place)]
    if finding.related:
        content["relatedLocations"] = [
            {"id": number, **_location(place)} for number, place in enumerate(finding.related)
        ]
    if finding.fix:
        content["fixes"] = [_fix(finding.fix)]
    terms = {name: term for name in ("focus", "path", "value", "shape") if (term := getattr(finding, name)) is not None}
    if terms:
        content["properties"] = terms
    return content


def _location(place: Place) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(place.file)}, "region": _region(place)}}


def _region(place: Place) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    replacement = {"deletedRegion": _region(fix.place), "insertedContent": {"text": fix.text}}
    return {
        "description": {"text": fix.description},
        "artifactChanges": [{"artifactLocation": {"uri": _uri(fix.place.file)}, "replacements": [replacement]}],
    }


def _uri(file: str) -> str:
    return quote(file.replace("\\", "/"), safe="/-._~")
