"""A file that is something else than its ending says is told in one finding; quads among triples are told as such."""

from __future__ import annotations

import gzip

import pytest

from milieu.turtle.parse import Parsed, parse

TURTLE = "# A craft\n@prefix c: <http://c/> .\nc:a c:b 1 .\n"
JSON = '\n{"@id": "x:a", "x:b": 1}'
XML = '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
TRIPLE = "<x:a> <x:b> <x:c> .\n"


def told(parsed: Parsed) -> list[tuple[str, str]]:
    return [(one.code, f"{one.message} {one.remedy}") for one in parsed.findings]


@pytest.mark.parametrize(
    ("format", "text", "said"),
    [
        ("turtle", XML, "This looks like RDF/XML, not Turtle. Say so (--input rdfxml), or give the file the ending .rdf."),
        ("turtle", JSON, "This looks like JSON-LD, not Turtle. Say so (--input jsonld), or give the file the ending .jsonld."),
        ("ntriples", '[{"@id": "x:a"}]', "This looks like JSON-LD, not N-Triples. Say so (--input jsonld), or give the file the ending .jsonld."),
        ("jsonld", TURTLE, "This looks like Turtle, not JSON-LD. Say so (--input turtle), or give the file the ending .ttl."),
        ("jsonld", XML, "This looks like RDF/XML, not JSON-LD. Say so (--input rdfxml), or give the file the ending .rdf."),
        ("rdfxml", TRIPLE, "This looks like Turtle, not RDF/XML. Say so (--input turtle), or give the file the ending .ttl."),
        ("rdfxml", JSON, "This looks like JSON-LD, not RDF/XML. Say so (--input jsonld), or give the file the ending .jsonld."),
        ("ntriples", TURTLE, "This looks like Turtle, not N-Triples. Say so (--input turtle), or give the file the ending .ttl."),
        ("turtle", "<!DOCTYPE html><html>", "This looks like a web page, not Turtle. Hand in the data itself, not the page that shows it."),
    ],
)  # fmt: skip
def test_a_text_in_another_format_is_one_finding(format: str, text: str, said: str) -> None:
    parsed = parse(text, "new", format)

    assert told(parsed) == [("other-format", said)]
    assert parsed.quads == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (gzip.compress(TURTLE.encode()), "This is a file packed with gzip. Unpack it first: gunzip FILE."),
        (b"\x7fELF\x02\x01\x01\0\0", "This is no text, but a binary file. Hand in a text: Turtle, N-Triples, JSON-LD or RDF/XML."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("format", ["turtle", "jsonld", "rdfxml"])
def test_what_is_no_text_is_one_finding(data: bytes, said: str, format: str) -> None:
    assert told(parse(data, "new", format)) == [("other-format", said)]


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("turtle", "<rdf:RDF> a <x:b> ."),
        ("turtle", "[ <x:a> 1 ] <x:b> 2 ."),
        ("turtle", "<x:a> <x:b> '<?xml version=\"1.0\"?>' ."),
        ("trig", "{ <x:a> <x:b> 1 }"),
        ("turtle", TRIPLE),
        ("jsonld", JSON),
        ("rdfxml", XML),
        ("rdfxml", "<!-- A craft -->" + XML.partition("\n")[2]),
        ("turtle", TRIPLE + "# [{<"),
        ("ntriples", "# prefix c: is not declared here\n" + TRIPLE),
    ],
)
def test_a_text_in_its_own_format_is_not_taken_for_another(format: str, text: str) -> None:
    assert parse(text, "new", format).findings == []


def test_one_control_character_is_no_sign_of_a_binary_file() -> None:
    assert [one.code for one in parse(b'<x:a> <x:b> "\0" .', "new").findings] == ["control-character"]


def test_quads_in_a_file_of_triples_are_told_once_a_graph_and_the_rest_is_read() -> None:
    parsed = parse(
        '<x:a> <x:b> "1" <x:g> .\n<x:a> <x:b> <x:c> .\n<x:a> <x:b> "a . b"@en <x:g> . # again\n<x:a> <x:b> <x:d> _:h .\n',
        "new.nt",
        "ntriples",
    )

    assert [(one.code, str(one.place), one.fix) for one in parsed.findings] == [
        ("named-graph", "new.nt:1:17", None),
        ("named-graph", "new.nt:4:19", None),
    ]
    assert parsed.findings[0].remedy.startswith("Named graphs are not taken")
    assert [str(quad.object) for quad in parsed.quads] == ["<x:c>"]


def test_a_mistake_beside_a_quad_is_told_as_ever() -> None:
    parsed = parse('<x:a> <x:b> "1" <x:g> .\n<x:a> <x:b> "2"\n', "new.nt", "ntriples")

    assert [one.code for one in parsed.findings] == ["named-graph", "syntax"]
