"""Render: findings and answers as text for people and as files for programs; one module per format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milieu.finding import Report

__all__ = ["REPORT_FORMATS", "renderer"]

REPORT_FORMATS = {
    "text": "milieu.render.text:report_text",
    "json": "milieu.render.document:report_json",
    "sarif": "milieu.render.sarif:report_sarif",
    "github": "milieu.render.github:report_github",
    "junit": "milieu.render.junit:report_junit",
    "shacl": "milieu.render.shacl:report_shacl",
}
"""The formats of a report, by the words of `--format`, each with the function that writes it."""


def renderer(format: str) -> Callable[[Report, Mapping[str, str]], str]:  # noqa: A002 -- the word every surface uses
    """The function that writes a report in a format, given the text of each file it names.

    Raises `KeyError` when there is no such format.

    >>> from milieu.finding import Report
    >>> renderer("text")(Report([], ["new.ttl"]), {})
    'new.ttl: no findings'
    """
    module, _, function = REPORT_FORMATS[format].partition(":")
    found: Callable[[Report, Mapping[str, str]], str] = getattr(import_module(module), function)
    return found
