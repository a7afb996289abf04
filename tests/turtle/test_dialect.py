"""What a finding advises can be written into the file that it is about."""

from __future__ import annotations

import json
from dataclasses import replace

import pyoxigraph as ox
import pytest

from milieu.finding import Finding, Fix, Place, Severity
from milieu.turtle.dialect import Dialect

PREFIXES = {
    "c": "http://c/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
AXIOM = '[] a owl:Axiom ; owl:annotatedSource c:a ; owl:annotatedTarget "x"@en , 7 ; c:source c:doc .'
PLACE = Place("new", 1, 1, 1, 9)


def advice(remedy: str, format: str, text: str = "", fix: str | None = None, value: str | None = None) -> str:
    finding = Finding(Severity.VIOLATION, "code", "message", remedy, value=value, place=PLACE)
    finding = replace(finding, fix=Fix(PLACE, fix, f"Write {fix}.") if fix else None)
    return Dialect.of(text, format, PREFIXES).worded(finding).remedy


def test_turtle_stays_as_it_is() -> None:
    assert advice(f"For example: {AXIOM}", "turtle") == f"For example: {AXIOM}"


@pytest.mark.parametrize("format", ["jsonld", "rdfxml", "ntriples"])
def test_a_statement_is_turned_into_one_of_the_format_that_says_the_same(format: str) -> None:
    turned = advice(f"Give it evidence of its own: {AXIOM}", format)
    text = turned.removeprefix("Give it evidence of its own: ")
    if format == "rdfxml":
        spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in PREFIXES.items())
        text = f"<rdf:RDF {spaces}>{text}</rdf:RDF>"
    elif format == "ntriples":
        text = text.replace(" . ", " .\n")
    head = "".join(f"@prefix {prefix}: <{space}> ." for prefix, space in PREFIXES.items())
    formats = {"jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML, "ntriples": ox.RdfFormat.N_TRIPLES}
    meant = [(quad.predicate, quad.object) for quad in ox.parse(head + AXIOM, format=ox.RdfFormat.TURTLE)]

    assert {(quad.predicate, quad.object) for quad in ox.parse(text, format=formats[format])} == set(meant)


def test_names_are_short_in_json_ld_where_the_text_declares_the_prefix() -> None:
    declared = json.dumps({"@context": {"c": "http://c/"}})

    assert advice("Write c:a, without quotes.", "jsonld", declared) == 'Write {"@id": "c:a"}.'
    assert advice("Write c:a, without quotes.", "jsonld") == 'Write {"@id": "http://c/a"}.'
    assert advice("Write c:a or c:b, without quotes.", "rdfxml") == (
        'Write rdf:resource="http://c/a" or rdf:resource="http://c/b".'
    )


def test_a_property_and_its_values_are_turned_too() -> None:
    remedy = 'Write the values with commas between them, without brackets: c:of "a", c:b .'

    assert advice(remedy, "jsonld") == (
        'Write the values as an array, without @list: "http://c/of": ["a", {"@id": "http://c/b"}]'
    )
    assert advice(remedy, "rdfxml") == (
        'Write an element for each value: <c:of>a</c:of><c:of rdf:resource="http://c/b"/>'
    )
    assert advice("Write the name of a thing, such as c:b, without quotes.", "jsonld") == (
        'Write the name of a thing, such as {"@id": "http://c/b"}.'
    )


def test_a_value_is_written_as_the_format_has_it() -> None:
    assert advice("Write 7.", "jsonld", fix="7", value='"7"') == "Write 7."
    assert advice('Write "7"^^xsd:gYear.', "jsonld", fix='"7"^^xsd:gYear') == (
        'Write {"@value": "7", "@type": "http://www.w3.org/2001/XMLSchema#gYear"}.'
    )
    assert advice("Did you mean @en?", "jsonld") == 'Did you mean "@language": "en"?'
    assert advice("Did you mean @en?", "rdfxml") == 'Did you mean xml:lang="en"?'


def test_a_name_in_place_of_a_name_stays_a_name() -> None:
    assert advice("Write c:near.", "jsonld", fix="c:near", value="<http://c/nera>") == "Write c:near."


def test_what_cannot_be_turned_is_marked_as_turtle() -> None:
    assert advice("Give it: [] a owl:Axiom ; c:b … .", "jsonld") == "Give it: (in Turtle) [] a owl:Axiom ; c:b … ."
    assert advice("For example: c:a , c:b", "jsonld") == "For example, in Turtle: c:a , c:b"


@pytest.mark.parametrize("format", ["jsonld", "rdfxml"])
def test_where_places_are_not_exact_there_is_no_fix(format: str) -> None:
    finding = Finding(Severity.WARNING, "code", "message", "Write 7.", place=PLACE, fix=Fix(PLACE, "7", "Write 7."))

    assert Dialect.of("", format, PREFIXES).worded(finding).fix is None
