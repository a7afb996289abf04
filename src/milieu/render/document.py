"""Reports as JSON; `SCHEMA` describes the form (JSON Schema, draft 2020-12)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from milieu.finding import Effect, Finding, Fix, Place, Report

__all__ = ["SCHEMA", "report_json"]

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_ROWS = {"type": "array", "items": _TEXTS}
_COUNT = {"type": "integer", "minimum": 0}
_NUMBER = {"type": "integer", "minimum": 1}


def _object(required: Mapping[str, object], optional: Mapping[str, object] | None = None) -> dict[str, object]:
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


SCHEMA: dict[str, object] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A report of Milieu",
    **_object(
        {
            "conforms": {"type": "boolean"},
            "files": _TEXTS,
            "findings": {"type": "array", "items": {"$ref": "#/$defs/finding"}},
        },
        {"readback": _TEXTS, "effects": {"type": "array", "items": {"$ref": "#/$defs/effect"}}},
    ),
    "$defs": {
        "finding": _object(
            {"severity": {"enum": ["violation", "warning", "info"]}, "code": _TEXT, "message": _TEXT, "remedy": _TEXT},
            {
                "focus": _TEXT,
                "path": _TEXT,
                "value": _TEXT,
                "shape": _TEXT,
                "place": {"$ref": "#/$defs/place"},
                "fix": {"$ref": "#/$defs/fix"},
                "related": {"type": "array", "items": {"$ref": "#/$defs/place"}},
            },
        ),
        "place": _object({"file": _TEXT, "line": _NUMBER, "column": _NUMBER, "endLine": _NUMBER, "endColumn": _NUMBER}),
        "fix": _object(
            {"place": {"$ref": "#/$defs/place"}, "text": _TEXT, "description": _TEXT, "safe": {"type": "boolean"}}
        ),
        "effect": _object(
            {
                "query": _TEXT,
                "summary": _TEXT,
                "columns": _TEXTS,
                "gains": _COUNT,
                "losses": _COUNT,
                "gained": _ROWS,
                "lost": _ROWS,
            }
        ),
    },
}
"""What a JSON report looks like: lines and columns count from 1, ends are exclusive, terms are in N-Triples syntax."""


def report_json(report: Report, texts: Mapping[str, str] | None = None) -> str:  # noqa: ARG001
    """The report as JSON, in the form of `SCHEMA`.

    >>> json.loads(report_json(Report([], ["new.ttl"])))
    {'conforms': True, 'files': ['new.ttl'], 'findings': []}
    """
    content: dict[str, Any] = {
        "conforms": report.conforms,
        "files": list(report.files),
        "findings": [_finding(finding) for finding in report],
    }
    if report.readback is not None:
        content["readback"] = list(report.readback)
    if report.effects is not None:
        content["effects"] = [_effect(effect) for effect in report.effects]
    return json.dumps(content, ensure_ascii=False, indent=2)


def _finding(finding: Finding) -> dict[str, Any]:
    content: dict[str, Any] = {
        "severity": finding.severity.word,
        "code": finding.code,
        "message": finding.message,
        "remedy": finding.remedy,
    }
    for name in ("focus", "path", "value", "shape"):
        if (term := getattr(finding, name)) is not None:
            content[name] = term
    if finding.place:
        content["place"] = _place(finding.place)
    if finding.fix:
        content["fix"] = _fix(finding.fix)
    if finding.related:
        content["related"] = [_place(place) for place in finding.related]
    return content


def _place(place: Place) -> dict[str, Any]:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {"place": _place(fix.place), "text": fix.text, "description": fix.description, "safe": fix.safe}


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "query": effect.query,
        "summary": effect.summary,
        "columns": list(effect.columns),
        "gains": effect.gains,
        "losses": effect.losses,
        "gained": [list(row) for row in effect.gained],
        "lost": [list(row) for row in effect.lost],
    }
