"""N-Triples, N-Quads, JSON-LD and RDF/XML: what they state, where, and what is refused."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from milieu.finding import Severity
from parsed import XML, objects, read, told


def test_each_line_of_n_triples_stands_by_itself() -> None:
    lines = ["<x:c>", '"ok" .', "c:a 1 .", '"open .', "<a b> .", '"end" .']
    text = "\n".join(f"<x:a> <x:b> {line}" for line in lines).replace("<x:a> <x:b> c:a", "c:a <x:b>")
    parsed = read(text, "ntriples")

    assert told(parsed) == [
        ("syntax", "1:13-1:18"),
        ("syntax", "3:1-3:4"),
        ("syntax", "4:13-4:18"),
        ("broken-iri", "5:13-5:18"),
    ]
    assert objects(parsed) == ["<x:c>", '"ok"', '"end"']


@pytest.mark.parametrize(
    ("kind", "text", "place"),
    [
        ("nquads", "<x:a> <x:b> <x:c> <x:g> .\n<x:a> <x:b> <x:d> .\n<x:e> <x:b> <x:c> <x:g> .", "1:1-1:6"),
        ("trig", "<x:g> { <x:a> <x:b> <x:c> } <x:a> <x:b> <x:d> .", "3:9-3:14"),
        ("jsonld", '{"@id": "x:g", "@graph": {"@id": "x:a", "x:b": 1}, "x:b": {"@id": "x:d"}}', "1:26-1:27"),
    ],
)
def test_statements_of_named_graphs_are_refused_once_for_each_graph(kind: str, text: str, place: str) -> None:
    parsed = read(text, kind)

    assert told(parsed) == [("named-graph", place)]
    assert objects(parsed) == ["<x:d>"]


def test_contexts_from_elsewhere_are_not_fetched() -> None:
    for text in ('{"@context": "http://x/y", "@id": "x:a"}', '{"@context": ["http://x/y"], "@id": "x:a"}'):
        parsed = read(text, "jsonld")

        assert [finding.code for finding in parsed.findings] == ["remote-context"]
        assert parsed.quads == []
    assert told(read('{"@context": {"@import": "http://x/y"}}', "jsonld")) == [("remote-context", "1:26-1:38")]


def test_what_json_ld_would_leave_out_silently_is_reported() -> None:
    parsed = read(
        '{"@context": {"c": "http://c/"}, "@id": "c:a",\n "nme": "x", "c:b": {"@id": "a b"}, "c:d": 1}', "jsonld"
    )

    assert told(parsed) == [("says-nothing", "2:2-2:7"), ("broken-iri", "2:29-2:34")]
    assert len(parsed.quads) == 1


def test_keys_that_are_languages_are_not_taken_for_properties() -> None:
    text = '{"@context": {"name": {"@id": "x:n", "@container": "@language"}}, "@id": "x:a", "name": {"ja": "金沢"}}'

    assert read(text, "jsonld").findings == []


def test_triples_of_json_ld_are_placed_at_their_keys_and_values() -> None:
    text = '{"@context": {"c": "http://c/"}, "@id": "c:a",\n "c:b": [{"@id": "c:d"},\n  {"@value": "007", "@type": "http://c/t"}]}'
    parsed = read(text, "jsonld")

    assert [str(parsed.locator.places(quad).object) for quad in parsed.quads] == ["new.ttl:2:10", "new.ttl:3:3"]  # type: ignore[union-attr]
    assert [str(parsed.locator.places(quad).predicate) for quad in parsed.quads] == ["new.ttl:2:2"] * 2  # type: ignore[union-attr]


def test_triples_of_rdf_xml_are_placed_at_their_elements() -> None:
    parsed = read(XML, "rdfxml")

    found = {(quad.predicate.value[-4:], str(parsed.locator.places(quad).predicate)) for quad in parsed.quads}  # type: ignore[union-attr]

    assert parsed.findings == []
    assert found == {
        ("type", "new.ttl:2:1"),
        ("name", "new.ttl:3:3"),
        ("near", "new.ttl:4:3"),
        ("type", "new.ttl:4:11"),
        ("name", "new.ttl:4:19"),
    }
    assert str(parsed.locator.node(ox.NamedNode("http://c/金沢"))) == "new.ttl:2:1"


def test_xml_that_is_not_well_formed_is_one_finding_at_its_place_and_states_nothing() -> None:
    parsed = read(XML.replace("Nara</c:name>", "Nara</c:nome>"), "rdfxml")

    assert [finding.code for finding in parsed.findings] == ["syntax"]
    assert parsed.findings[0].place is not None
    assert parsed.findings[0].place.line == 4
    assert parsed.quads == []


def test_xml_that_was_cut_off_anywhere_is_told_and_states_nothing() -> None:
    for end in range(1, len(XML)):
        parsed = read(XML[:end], "rdfxml")

        assert [finding.severity for finding in parsed.findings if finding.place] == [Severity.VIOLATION], end
        assert parsed.quads == []


@pytest.mark.parametrize("declaration", ['<!DOCTYPE r [<!ENTITY x "y">]>', "<!doctype r>"])
def test_document_types_are_refused(declaration: str) -> None:
    assert told(read(declaration + XML, "rdfxml")) == [("doctype", "1:1-1:10")]


def test_an_xml_document_in_another_encoding_is_refused() -> None:
    assert told(read('<?xml version="1.0" encoding="utf-16"?>' + XML, "rdfxml")) == [("encoding", "1:31-1:37")]
