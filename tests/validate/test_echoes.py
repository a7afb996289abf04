"""One mistake, one finding; of too many the gravest."""

from __future__ import annotations

import pytest

from milieu.finding import Finding, Severity
from milieu.namespaces import Prefixes
from milieu.validate.case import Case
from milieu.validate.demands import Demands
from milieu.validate.echoes import gathered
from milieu.validate.place import Placed
from milieu.validate.schema import Schema
from milieu.validate.whole import compiled_shapes


@pytest.fixture
def case(kg) -> Case:
    schema = Schema(kg.build.store, Prefixes(kg.build.prefixes))
    return Case(Placed(), schema, Demands(compiled_shapes(kg.folder, kg.build).shapes, schema))


def _findings(severity: Severity, count: int) -> list[Finding]:
    return [Finding(severity, "looks-like", f"Number {number}.", focus=f"<x:{number}>") for number in range(count)]


def test_warnings_keep_nothing_out_however_many_there_are(case) -> None:
    told = gathered(_findings(Severity.WARNING, 600), case)

    assert [(finding.severity, finding.code, finding.message) for finding in told[500:]] == [
        (Severity.WARNING, "too-many", "There are 100 more findings; these are the gravest 500.")
    ]


def test_of_too_many_findings_the_gravest_are_told(case) -> None:
    violation = Finding(Severity.VIOLATION, "no-evidence", "Nothing tells where this comes from.", focus="<x:last>")
    told = gathered([*_findings(Severity.WARNING, 600), violation], case)

    assert told[0] == violation
    assert [finding.severity for finding in told if finding.code == "too-many"] == [Severity.WARNING]


def test_what_is_left_out_is_as_grave_as_its_gravest(case) -> None:
    told = gathered(_findings(Severity.VIOLATION, 501), case)

    assert told[-1].severity is Severity.VIOLATION


def test_equal_doubts_are_told_once_with_the_other_places(judge) -> None:
    crafts = [f'craft:new-{n} a mil:Craft ; rdfs:label "New {n}"@en ; dcterms:source source:gazette .' for n in "abc"]
    judged = judge("\n".join(crafts))

    assert judged.said == [("sh:minCount", "craft:new-a")]
    assert [place.line - judged.only.place.line for place in judged.only.related] == [1, 2]


def test_many_doubts_do_not_hide_a_mistake_behind_them(judge) -> None:
    crafts = [
        f'craft:new-{n} a mil:Craft ; rdfs:label "New {n}"@en ; dcterms:source source:gazette .' for n in range(600)
    ]
    judged = judge("\n".join([*crafts, "craft:new-0 mil:heritageDomain field:design ."]))

    assert ("sh:node", "field:design") in judged.said
