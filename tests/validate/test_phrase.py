"""A shape without a message of its own is explained in plain words, with what is allowed and with its example."""

from pathlib import Path

import pytest

import milieu
from milieu.finding import Finding
from milieu.validate.form import form_of

PREFIXES = """@prefix coast: <https://example.org/id/coast/> .
@prefix keeper: <https://example.org/id/keeper/> .
@prefix lh: <https://example.org/lighthouses#> .
@prefix light: <https://example.org/id/light/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TERMS = """
lh:Beacon a owl:Class .
lh:code a owl:DatatypeProperty . lh:colour a owl:DatatypeProperty . lh:since a owl:DatatypeProperty .
"""


def only(folder: Path, constraints: str, row: str, *, around: str = "") -> Finding:
    """The one finding about a beacon with that row, when its shape has these constraints and no message."""
    header = folder / "ontology" / "lighthouses.ttl"
    header.write_text(header.read_text() + TERMS)
    shape = f"lh:BeaconShape a sh:NodeShape ; sh:targetClass lh:Beacon ; {around} sh:property [ {constraints} ] .\n"
    (folder / "ontology" / "shapes" / "bare.ttl").write_text(PREFIXES + shape)
    [finding] = milieu.open(folder).validate(f"{PREFIXES}light:New a lh:Beacon ; {row} .")
    return finding


@pytest.mark.parametrize(
    ("constraints", "row", "message"),
    [
        ("sh:path lh:code ; sh:minCount 1", "lh:height 5", "lh:code is missing."),
        ("sh:path lh:code ; sh:minCount 2", 'lh:code "a"', "lh:code must be stated 2 times or more."),
        ("sh:path lh:code ; sh:maxCount 1", 'lh:code "a", "b"', 'lh:code may be stated only once. Here stand "a", "b".'),
        (
            "sh:path lh:code ; sh:pattern '^[A-Z]{2}[0-9]+$'",
            'lh:code "7x"',
            'lh:code must be of this form: two capital letters, then one or more digits. Here stands "7x".',
        ),
        (
            "sh:path lh:code ; sh:pattern '^(?!x)'",
            'lh:code "x"',
            'lh:code must be of the form that the shape prescribes. Here stands "x".',
        ),
        ("sh:path lh:code ; sh:minLength 3", 'lh:code "ab"', 'lh:code must have 3 letters or more. Here stands "ab".'),
        (
            "sh:path lh:colour ; sh:in ( 'red' 'green' 'white' )",
            'lh:colour "blue"',
            'lh:colour must be one of "red", "green" and "white". Here stands "blue".',
        ),
        (
            "sh:path lh:height ; sh:minInclusive 0 ; sh:maxExclusive 60",
            "lh:height 70",
            "lh:height must be at least 0 and less than 60. 70 is not less than 60.",
        ),
        (
            "sh:path lh:since ; sh:datatype xsd:gYear",
            'lh:since "long"',
            'lh:since must be of the type xsd:gYear. "long" is a plain text. '
            'Such values look like "2009"^^xsd:gYear.',
        ),
        (
            "sh:path lh:standsOn ; sh:class lh:Coast",
            "lh:standsOn keeper:ada",
            "lh:standsOn must be a lh:Coast. keeper:ada (Ada) is a lh:Keeper.",
        ),
        (
            "sh:path lh:keptBy ; sh:qualifiedValueShape [ sh:class lh:Keeper ] ; sh:qualifiedMinCount 2",
            "lh:keptBy keeper:ada",
            "lh:keptBy must be a lh:Keeper 2 times or more.",
        ),
        (
            "sh:path rdfs:comment ; sh:languageIn ( 'en' 'ja' )",
            'rdfs:comment "x"@fr',
            'rdfs:comment must be a text in en or ja. Here stands "x"@fr.',
        ),
        ("sh:path lh:height ; sh:lessThan lh:since", "lh:height 5 ; lh:since 3", "lh:height must be less than lh:since. Here stands 5."),
        ("sh:path lh:code ; sh:hasValue 'lit'", 'lh:code "dark"', 'lh:code must have the value "lit".'),
        (
            "sh:path lh:height ; sh:or ( [ sh:datatype xsd:integer ] [ sh:datatype xsd:decimal ] )",
            'lh:height "ten"',
            'lh:height must be of the type xsd:integer or of the type xsd:decimal. "ten" is a plain text. '
            "Such values look like 450000 or 36.56.",
        ),
        (
            "sh:path lh:code ; sh:not [ sh:datatype xsd:string ]",
            'lh:code "x"',
            'lh:code may not be a plain text. Here stands "x".',
        ),
        (
            "sh:path ( lh:standsOn rdfs:comment ) ; sh:minCount 1",
            "lh:standsOn coast:north",
            "lh:standsOn/rdfs:comment is missing.",
        ),
    ],
)  # fmt: skip
def test_what_is_demanded_is_said_in_plain_words(lighthouses, constraints, row, message) -> None:
    assert only(lighthouses, constraints, row).message == message


def test_the_example_of_a_shape_without_a_name_is_shown(lighthouses) -> None:
    finding = only(
        lighthouses, "sh:path lh:code ; sh:pattern '^[A-Z]+$' ; skos:example 'lh:code \"AB\"'", 'lh:code "7x"'
    )

    assert finding.remedy == 'For example: lh:code "AB"'


def test_a_property_that_a_closed_shape_does_not_know_is_pointed_at_itself(lighthouses) -> None:
    finding = only(
        lighthouses, "sh:path lh:code", "lh:height 5", around="sh:closed true ; sh:ignoredProperties ( rdf:type ) ;"
    )

    assert finding.message == "lh:height may not be stated here. Allowed: lh:code, rdf:type. Here stands 5."
    assert finding.place is not None
    assert (finding.place.column, finding.place.end_column) == (25, 34)


def test_a_message_of_the_shape_itself_comes_first(lighthouses) -> None:
    finding = only(lighthouses, "sh:path lh:code ; sh:pattern '^[A-Z]$' ; sh:message 'One letter'", 'lh:code "7"')

    assert finding.message == 'One letter. "7" is not of this form: one capital letter.'


def test_a_folder_that_breaks_its_own_shapes_is_told_in_plain_words_too(lighthouses) -> None:
    from milieu.errors import BuildError

    shapes = lighthouses / "ontology" / "shapes" / "bare.ttl"
    shapes.write_text(
        PREFIXES
        + "lh:S a sh:NodeShape ; sh:targetClass lh:Keeper ; sh:property [ sh:path rdfs:seeAlso ; sh:minCount 1 ] ."
    )

    with pytest.raises(BuildError, match="rdfs:seeAlso is missing"):
        _ = milieu.open(lighthouses).build


@pytest.mark.parametrize(
    ("pattern", "form"),
    [
        ("^[A-Z]{2}$", "two capital letters"),
        ("^[0-9]{4}-[0-9]{2}$", 'four digits, then "-", then two digits'),
        ("^https?://", '"http", then perhaps "s", then "://" at the beginning'),
        ("^[a-z0-9]+(-[a-z0-9]+)*$", 'small letters or digits, where wanted in parts joined by "-"'),
        (r"^10\.[0-9]{4,9}/[^ ]+$", '"10.", then four to nine digits, then "/", then one or more characters other than spaces'),
        (r"\.ttl$", '".ttl" at the end'),
        ("^(red|green)$", '"red" or "green"'),
        ("^.{1,20}$", "one to 20 characters"),
        ("^(a+)+$", None),
        ("^[a-c]$", None),
        ("a|b", None),
        ("a+?", None),
        (r"^\p{L}+$", None),
        ("", None),
        ("[", None),
    ],
)  # fmt: skip
def test_a_plain_pattern_is_put_into_words_and_no_other(pattern, form) -> None:
    assert form_of(pattern) == form
