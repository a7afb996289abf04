import io
from itertools import accumulate, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import milieu
from milieu.errors import FormatError
from milieu.query.xml import well_formed

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def rdfxml(predicate: str, value: str = "a") -> bytes:
    triple = ox.Triple(ox.NamedNode("urn:x"), ox.NamedNode(predicate), ox.Literal(value))
    stream = io.BytesIO()
    with well_formed(stream, "rdfxml") as target:
        ox.serialize([triple], target, ox.RdfFormat.RDF_XML)
    return stream.getvalue()


@pytest.mark.parametrize("code", ["0000", "0001", "000B", "001F", "FFFE", "FFFF"])
@pytest.mark.parametrize("format", ["xml", "rdfxml"])
def test_characters_that_xml_cannot_hold_are_told(lighthouses: Path, code: str, format: str) -> None:
    query = {"xml": "SELECT ?x { %s }", "rdfxml": "CONSTRUCT { <urn:a> <urn:b> ?x } { %s }"}[format]
    answer = milieu.open(lighthouses).sparql(query % f'BIND("a\\u{code}b" AS ?x)')

    with pytest.raises(FormatError, match=rf"a character that XML cannot hold \(U\+{code}\)\. Choose "):
        answer.text(format)
    assert len(answer.text("json" if format == "xml" else "turtle")) > 10


def test_a_carriage_return_comes_back_as_what_it_was(lighthouses: Path) -> None:
    answer = milieu.open(lighthouses).sparql('SELECT ?x { BIND("a\\r\\nb\\t\\u0085\\uFFFD" AS ?x) }')

    assert [each.text for each in ElementTree.fromstring(answer.text("xml")).iter()][-1] == "a\r\nb\t\x85\ufffd"


@pytest.mark.parametrize(
    "predicate", ["http://x/1/2/", "http://x/a#", "urn:1", "http://x/a%20", f"{RDF}li", f"{RDF}about", f"{RDF}bagID"]
)
def test_properties_that_rdfxml_cannot_write_are_told(predicate: str) -> None:
    with pytest.raises(FormatError, match="cannot be the name of an element in RDF/XML"):
        rdfxml(predicate)


@pytest.mark.parametrize("predicate", ["http://x/1a", "urn:x:a", f"{RDF}_1", "http://x/日本", "http://x/a.b-c"])
def test_properties_that_end_in_a_name_are_written(predicate: str) -> None:
    assert [element.tag for element in ElementTree.fromstring(rdfxml(predicate)).iter()][-1] in {
        "{http://x/1}a",
        "{urn:x:}a",
        f"{{{RDF}}}_1",
        "{http://x/}日本",
        "{http://x/}a.b-c",
    }


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=30))
def test_what_is_written_is_read_back_by_another_reader(value: str) -> None:
    try:
        written = rdfxml("urn:x:a", value)
    except FormatError:
        return
    assert [element.text or "" for element in ElementTree.fromstring(written).iter()][-1] == value


@given(st.lists(st.integers(1, 3), min_size=1, max_size=40))
def test_a_character_is_found_wherever_the_pieces_end(cuts: list[int]) -> None:
    text = b"<a>" + b"b" * sum(cuts) + "\ufffe".encode() + b"</a>"
    ends = list(accumulate(cuts)) + list(range(sum(cuts) + 1, len(text) + 1))

    def write() -> None:
        with well_formed(io.BytesIO(), "xml") as target:
            for begin, end in pairwise([0, *ends]):
                target.write(text[begin:end])

    with pytest.raises(FormatError):
        write()
