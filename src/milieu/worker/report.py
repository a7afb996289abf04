"""The report on a contribution, in the formats that a request may ask for."""

from __future__ import annotations

from collections.abc import Mapping

from milieu.finding import Report
from milieu.render import REPORT_FORMATS, renderer

__all__ = ["REPORTS", "write_report"]

_MEDIA = {
    "json": "application/json",
    "sarif": "application/sarif+json",
    "shacl": "text/turtle",
    "junit": "application/xml",
}
REPORTS = {
    name: _MEDIA.get(name, "text/plain") for name in ("json", *(name for name in REPORT_FORMATS if name != "json"))
}
"""The formats of a report with their media types, the one that programs get unasked first."""


def write_report(report: Report, format: str, contents: Mapping[str, bytes]) -> bytes:  # noqa: A002
    """The report as bytes; `contents` are the texts it speaks of."""
    texts = {name: content.decode("utf-8-sig", errors="replace") for name, content in contents.items()}
    return f"{renderer(format)(report, texts)}\n".encode()
