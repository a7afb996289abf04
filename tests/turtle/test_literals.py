"""Values that the store would rewrite, or that their datatype does not allow."""

from __future__ import annotations

import pytest

from milieu.finding import Severity
from milieu.turtle.fix import apply
from milieu.turtle.parse import parse
from parsed import PREFIXES, read, told


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("007", "7"),
        ("+7", "7"),
        ('"7"^^xsd:int', "7"),
        ('"7"^^xsd:nonNegativeInteger', "7"),
        ('"1"^^xsd:boolean', "true"),
        ("136.650", "136.65"),
        (".5", "0.5"),
        ("1.0", '"1"^^xsd:decimal'),
        ("1.5e0", '"1.5"^^xsd:double'),
        ('"2009-01-01T00:00:00.000Z"^^xsd:dateTime', '"2009-01-01T00:00:00Z"^^xsd:dateTime'),
    ],
)
def test_what_the_store_would_rewrite_is_reported_with_what_it_keeps(written: str, kept: str) -> None:
    text = f"{PREFIXES}c:a c:b {written} ."
    parsed = parse(text, "new.ttl")

    assert [(finding.code, finding.severity) for finding in parsed.findings] == [
        ("not-canonical", Severity.INFO if written == "1.0" else Severity.WARNING)
    ]
    fix = parsed.findings[0].fix
    assert fix is not None
    assert fix.safe is (written != "136.650")  # which may be meant as 136,650
    mended = apply(text, [fix])
    assert mended == f"{PREFIXES}c:a c:b {kept} ."
    assert parse(mended, "new.ttl").findings == []


@pytest.mark.parametrize(
    "written", ["7", "-7", "0", "1.5", "true", '"007"', '"2009"^^xsd:gYear', '"7"^^c:unit', "'x'@en"]
)
def test_what_the_store_keeps_as_it_is_is_not_reported(written: str) -> None:
    assert read(f"c:a c:b {written} .").findings == []


@pytest.mark.parametrize(
    "written",
    [
        '"yes"^^xsd:boolean',
        '"1,5"^^xsd:decimal',
        '"09"^^xsd:gYear',
        '"2009-02-30"^^xsd:date',
        '"2009-6-8"^^xsd:date',
        '"300"^^xsd:byte',
        '"-1"^^xsd:nonNegativeInteger',
        '"a b"^^xsd:anyURI',
        '"1e5"^^xsd:integer',
    ],
)
def test_a_text_that_its_datatype_does_not_allow_is_reported(written: str) -> None:
    assert told(read(f"c:a c:b {written} .")) == [("bad-literal", f"3:9-3:{9 + len(written)}")]


def test_a_leap_day_is_a_day() -> None:
    assert read('c:a c:b "2008-02-29"^^xsd:date , "--02-29"^^xsd:gMonthDay .').findings == []


def test_a_number_that_would_fill_the_memory_goes_no_further() -> None:
    parsed = read('c:a c:b "1e999999999"^^xsd:decimal , 1 .')

    assert [finding.code for finding in parsed.findings] == ["bad-literal"]
    assert len(parsed.quads) == 1
