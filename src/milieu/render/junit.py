"""Reports as JUnit XML, which every build server reads: a test case for each file, failed by what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

from milieu.finding import Finding, Report, Severity

__all__ = ["report_junit"]

# XML 1.0, section 2.2: whatever else is in a text cannot be written at all.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report_junit(report: Report, texts: Mapping[str, str] | None = None) -> str:  # noqa: ARG001
    """A test suite with a test case for each finding, and one that passes for each file without any.

    Violations are failures; warnings and remarks are told in the output of their case.

    >>> print(report_junit(Report([], ["new.ttl"])))
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites>
      <testsuite name="milieu" tests="1" failures="0" errors="0" skipped="0">
        <testcase classname="new.ttl" name="conforms"/>
      </testsuite>
    </testsuites>
    """
    named = {finding.place.file for finding in report if finding.place}
    cases = [_case(finding) for finding in report]
    cases += [
        f'    <testcase classname={_attribute(file)} name="conforms"/>' for file in report.files if file not in named
    ]
    failures = sum(1 for finding in report if finding.severity is Severity.VIOLATION)
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            "<testsuites>",
            f'  <testsuite name="milieu" tests="{len(cases)}" failures="{failures}" errors="0" skipped="0">',
            *cases,
            "  </testsuite>",
            "</testsuites>",
        )
    )


def _case(finding: Finding) -> str:
    file = finding.place.file if finding.place else "contribution"
    where = f" at {finding.place.line}:{finding.place.column}" if finding.place else ""
    said = _text(" ".join(part for part in (finding.message, finding.remedy) if part))
    inside = (
        f"<failure type={_attribute(finding.code)} message={_attribute(finding.message)}>{said}</failure>"
        if finding.severity is Severity.VIOLATION
        else f"<system-out>{finding.severity.word}: {said}</system-out>"
    )
    return f"    <testcase classname={_attribute(file)} name={_attribute(finding.code + where)}>{inside}</testcase>"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))
