"""Reports as a `sh:ValidationReport` in Turtle (SHACL, section 3.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from milieu.finding import Finding, Report, Severity
from milieu.namespaces import SH

__all__ = ["report_shacl"]

_SEVERITIES = {Severity.VIOLATION: "Violation", Severity.WARNING: "Warning", Severity.INFO: "Info"}


def report_shacl(report: Report, texts: Mapping[str, str] | None = None) -> str:  # noqa: ARG001
    """The report as Turtle. Findings of other steps than the shapes have a component of Milieu's own.

    `sh:conforms` is as the specification has it: false when there is any result, of whatever severity.

    >>> print(report_shacl(Report()))
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix finding: <https://w3id.org/milieu/finding/> .
    <BLANKLINE>
    [] a sh:ValidationReport ;
        sh:conforms true .
    """
    results = [f"    sh:result {_result(finding)}" for finding in report]
    head = ("@prefix sh: <http://www.w3.org/ns/shacl#> .", "@prefix finding: <https://w3id.org/milieu/finding/> .", "")
    conforms = "false" if results else "true"
    body = " ;\n".join(("[] a sh:ValidationReport", f"    sh:conforms {conforms}", *results))
    return "\n".join((*head, f"{body} ."))


def _result(finding: Finding) -> str:
    return "[\n        " + " ;\n        ".join(("a sh:ValidationResult", *_properties(finding))) + "\n    ]"


def _properties(finding: Finding) -> Iterator[str]:
    yield f"sh:resultSeverity sh:{_SEVERITIES[finding.severity]}"
    if finding.focus:
        yield f"sh:focusNode {_term(finding.focus)}"
    if finding.path and finding.path.startswith("<") and finding.path.count("<") == 1:
        yield f"sh:resultPath {finding.path}"
    if finding.value and not finding.value.startswith("_:"):
        yield f"sh:value {finding.value}"
    yield f"sh:sourceConstraintComponent {_component(finding.code)}"
    if finding.shape and finding.shape.startswith("<"):
        yield f"sh:sourceShape {finding.shape}"
    where = f"{finding.place}: " if finding.place else ""
    said = " ".join(part for part in (finding.message, finding.remedy) if part)
    yield f"sh:resultMessage {ox.Literal(where + said, language='en')}"


def _component(code: str) -> str:
    if code.startswith("sh:"):
        name = "SPARQL" if code == "sh:sparql" else code[3].upper() + code[4:]
        return f"<{SH}{name}ConstraintComponent>"
    return code if code.startswith("<") else f"finding:{code.replace(':', '-')}"


def _term(text: str) -> str:
    # A blank node of the data is another one in the report; its label would say nothing.
    return "[]" if text.startswith("_:") else text
