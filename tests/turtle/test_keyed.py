"""Nothing that a JSON-LD or RDF/XML text says is lost without a word, and everything it says has its place."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from milieu.turtle.parse import Parsed, parse

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:c="http://c/"'


def json_ld(context: str, node: str) -> Parsed:
    return parse(f'{{"@context": {{"c": "http://c/", {context}}}, "@id": "c:a",\n{node}}}', "new", "jsonld")


def rdf_xml(elements: str) -> Parsed:
    return parse(f"<rdf:RDF {RDF}>\n{elements}</rdf:RDF>", "new", "rdfxml")


def told(parsed: Parsed) -> list[tuple[str, str, str]]:
    """Severity, code and place of every finding."""
    return [
        (
            one.severity.word,
            one.code,
            f"{one.place.line}:{one.place.column}-{one.place.end_column}" if one.place else "nowhere",
        )
        for one in parsed.findings
    ]


@pytest.mark.parametrize(
    ("context", "node", "severity", "code", "place"),
    [
        ('"x": "c:x"', '"@type": ["c:T", "Topic"]', "violation", "broken-iri", "2:18-25"),
        ('"x": "c:x"', '"x": {"@id": "kyoto"}', "violation", "broken-iri", "2:14-21"),
        ('"x": {"@id": "c:x", "@type": "@id"}', '"x": ["c:b", "kyoto"]', "violation", "broken-iri", "2:14-21"),
        ('"x": "c:x"', '"c:a b": 1', "violation", "broken-iri", "2:1-8"),
        ('"x": {"@id": "c:x", "@container": "@id"}', '"x": {"kyoto": {"c:y": 1}}', "violation", "broken-iri", "2:7-14"),
        (
            '"x": {"@id": "c:x", "@container": "@language"}',
            '"x": {"en": "silk", "ja jp": "絹"}',
            "violation",
            "says-nothing",
            "2:21-28",
        ),
        ('"x": "c:x"', '"x": {"@value": "silk", "@language": "bad-"}', "violation", "says-nothing", "2:38-44"),
        ('"@language": "ja jp"', '"c:x": "silk"', "violation", "says-nothing", "2:8-14"),
        ('"x": {"@id": "c:x", "@language": "ja jp"}', '"x": "silk"', "violation", "says-nothing", "2:6-12"),
        ('"x": "c:x"', '"_:x": 1', "violation", "says-nothing", "2:1-6"),
        ('"x": "c:x"', '"x": {"@list": [[1], 2]}', "violation", "says-nothing", "2:17-20"),
        ('"x": "c:x"', '"x": {"@value": "a", "@direction": "rtl"}', "violation", "rdf-12", "2:36-41"),
        ('"@direction": "rtl"', '"c:x": "a"', "violation", "rdf-12", "1:47-52"),
        ('"x": "c:x"', '"x": null', "warning", "says-nothing", "2:6-10"),
        ('"x": {"@id": "c:x", "@container": "@list"}', '"x": null', "warning", "says-nothing", "2:6-10"),
        ('"x": "c:x"', '"x": [1, {"@value": null}]', "warning", "says-nothing", "2:10-26"),
        ('"x": null', '"x": 1', "warning", "says-nothing", "2:1-4"),
        ('"x": "c:x"', '"y": 1', "warning", "says-nothing", "2:1-4"),
        ('"x": "c:x"', '"@Type": "c:T"', "warning", "says-nothing", "2:1-8"),
        ('"x": "c:x"', '"@index": "i"', "warning", "says-nothing", "2:1-9"),
        ('"x": {"@id": "c:x", "@container": "@index"}', '"x": {"i": 1}', "warning", "says-nothing", "2:1-4"),
        ('"x": "c:x"', '"@included": ["c:b"]', "violation", "syntax", "2:14-21"),
        ('"x": "c:x"', '"@nest": "c:b"', "violation", "syntax", "2:10-15"),
        ('"x": {"@reverse": "c:x"}', '"x": "c:b"', "violation", "syntax", "2:6-11"),
        ('"x": "c:x"', '"x": {"@value": "a", "@language": 3}', "violation", "syntax", "2:35-36"),
        ('"x": "c:x"', '"x": {"@value": "a", "@language": "en", "@type": "c:T"}', "violation", "syntax", "2:50-55"),
        ('"x": "c:x"', '"@type": {"@id": "c:T"}', "violation", "syntax", "2:10-24"),
        ('"x": "c:x"', '"@id": "c:b"', "violation", "syntax", "2:8-13"),
    ],
)
def test_what_json_ld_leaves_out_is_told_at_its_place(
    context: str, node: str, severity: str, code: str, place: str
) -> None:
    assert told(json_ld(context, node)) == [(severity, code, place)]


@pytest.mark.parametrize(
    ("context", "node", "count"),
    [
        ('"by": {"@reverse": "c:by"}', '"by": {"@id": "c:b"}', 1),
        ('"by": {"@reverse": "c:by", "@type": "@id"}', '"by": ["c:b", "c:d"]', 2),
        ('"x": "c:x"', '"@reverse": {"x": {"@id": "c:b"}}', 1),
        ('"x": {"@id": "c:x", "@type": "@json"}', '"x": {"any": [null, {"@foo": 1}]}', 1),
        ('"x": "c:x"', '"x": {"@value": {"any": null}, "@type": "@json"}', 1),
        ('"x": "c:x"', '"x": {"@list": ["a", {"@id": "c:b"}]}', 5),
        ('"x": {"@id": "c:x", "@container": "@list"}', '"x": ["a"]', 3),
        ('"x": {"@id": "c:x", "@container": "@set"}', '"x": ["a", "b"]', 2),
        ('"x": {"@id": "c:x", "@container": "@id"}', '"x": {"c:b": {"c:y": 1}}', 2),
        ('"x": {"@id": "c:x", "@container": "@type"}', '"x": {"c:T": {"c:y": 1}}', 3),
        ('"T": {"@id": "c:T", "@context": {"x": "c:x"}}', '"@type": "T", "x": 1', 2),
        ('"y": {"@id": "c:y", "@context": {"x": "c:x"}}', '"y": {"x": 1}', 2),
        ('"n": "@nest", "x": "c:x"', '"n": {"x": 1}', 1),
        ('"@base": "http://b/"', '"c:x": {"@id": "kyoto"}', 1),
        ('"@vocab": "http://v/"', '"x": [1, 2.50, 1e30, true, "a", {}]', 6),
    ],
)
def test_what_json_ld_takes_is_not_accused_and_has_a_place(context: str, node: str, count: int) -> None:
    parsed = json_ld(context, node)

    assert [one.code for one in parsed.findings if one.code != "not-canonical"] == []
    assert len(parsed.quads) == count
    assert all(located.object.line == 2 or located.subject.line == 2 for located in places(parsed))


def places(parsed: Parsed) -> list:  # type: ignore[type-arg]
    return [parsed.locator.places(quad) for quad in parsed.quads]


def test_of_an_array_of_coerced_names_each_has_its_own_place() -> None:
    parsed = json_ld('"in": {"@id": "c:in", "@type": "@id"}', '"in": ["c:b", "c:d",\n "c:e"]')

    assert [str(located.object) for located in places(parsed)] == ["new:2:8", "new:2:15", "new:3:2"]


def test_nodes_without_a_name_are_told_apart() -> None:
    parsed = json_ld('"x": "c:x"', '"x": [{"c:of": "a", "c:is": 1},\n{"c:of": "b", "c:is": 1}]')
    ones = [quad for quad in parsed.quads if quad.predicate.value == "http://c/is"]
    nodes = [parsed.locator.node(quad.subject) for quad in ones]  # type: ignore[arg-type]

    assert {str(place) for place in nodes} == {"new:2:7", "new:3:1"}
    assert {str(parsed.locator.places(quad).object) for quad in ones} == {"new:2:29", "new:3:23"}  # type: ignore[union-attr]


def test_a_scoped_context_from_elsewhere_is_not_fetched_and_has_its_place() -> None:
    parsed = json_ld('"x": {"@id": "c:x", "@context": "http://x/y"}', '"x": {"y": 1}')

    assert told(parsed) == [("violation", "remote-context", "1:65-77")]
    assert parsed.quads == []


def test_a_prefix_that_the_context_does_not_declare_is_told_once_and_read_as_the_graph_has_it() -> None:
    text = '{"@id": "c:a", "@type": "c:T", "craft:x": {"@id": "https://c:80/"}, "x:y": {"@id": "crafts:z"}}'
    parsed = parse(text, "new", "jsonld", prefixes={"c": "http://c/", "craft": "http://craft/"})

    assert [(one.code, str(one.place), one.remedy) for one in parsed.findings] == [
        ("unknown-prefix", "new:1:9", 'Declare it in @context: "c": "http://c/".'),
        ("unknown-prefix", "new:1:32", 'Declare it in @context: "craft": "http://craft/".'),
        ("unknown-prefix", "new:1:84", "Did you mean craft:?"),
    ]
    assert [str(quad.predicate) for quad in parsed.quads][1:] == ["<http://craft/x>", "<x:y>"]
    assert [str(parsed.locator.places(quad).object) for quad in parsed.quads] == ["new:1:25", "new:1:43", "new:1:76"]  # type: ignore[union-attr]


def test_half_a_character_in_json_is_told_at_its_escape() -> None:
    parsed = json_ld('"x": "c:x"', r'"x": ["\ud83d\ude00", "\ud800"]')

    assert told(parsed) == [("violation", "encoding", "2:24-30")]
    assert len(parsed.quads) == 2


def test_what_the_parser_drops_for_a_reason_of_its_own_is_told_too() -> None:
    # pyoxigraph 0.5.13 reads a node in an array as a value when the key's container is @id.
    parsed = json_ld('"x": {"@id": "c:x", "@container": "@id"}', '"x": [{}]')

    assert parsed.quads == []
    assert told(parsed) == [("violation", "says-nothing", "2:7-9")]


def test_a_remark_on_the_same_line_hides_no_loss() -> None:
    parsed = json_ld('"x": {"@id": "c:x", "@container": "@id"}', '"y": null, "x": [{}]')

    assert told(parsed) == [("warning", "says-nothing", "2:1-4"), ("violation", "says-nothing", "2:18-20")]


def test_a_chain_of_a_thousand_terms_is_no_way_to_stop_the_reader() -> None:
    chain = ", ".join(f'"t{n}": "t{n + 1}:x"' for n in range(3000))

    assert json_ld(chain, '"t0:x": 1').quads is not None


def test_rdf_xml_with_a_base_has_places() -> None:
    parsed = rdf_xml(
        '<c:City xml:base="http://b/id/" rdf:about="kyoto">\n <c:near rdf:resource="nara"/>\n <c:name>Kyoto</c:name>\n'
        ' <c:part><c:Ward rdf:ID="gion"/></c:part>\n</c:City>'
    )
    found = {str(quad.object)[-9:]: str(parsed.locator.places(quad).object) for quad in parsed.quads}  # type: ignore[union-attr]

    assert parsed.findings == []
    assert found == {
        "p://c/City>"[-9:]: "new:2:1",
        "/id/nara>": "new:3:23",
        '"Kyoto"': "new:4:10",
        "/id/#gion>"[-9:]: "new:5:10",
        "p://c/Ward>"[-9:]: "new:5:10",
    }
    assert str(parsed.locator.node(ox.NamedNode("http://b/id/kyoto"))) == "new:2:1"


def test_every_relative_address_of_rdf_xml_without_a_base_is_told() -> None:
    parsed = rdf_xml('<c:City rdf:about="kyoto"><c:near rdf:resource="nara"/></c:City>')

    assert told(parsed) == [("violation", "broken-iri", "2:19-26"), ("violation", "broken-iri", "2:48-54")]


def test_reification_is_told_once_and_its_statements_are_left_out() -> None:
    parsed = rdf_xml('<c:City rdf:about="http://c/a" xml:base="http://b/"><c:name rdf:ID="r">Kyoto</c:name></c:City>')

    assert told(parsed) == [("violation", "reification", "2:68-71")]
    assert "<owl:Axiom>" in parsed.findings[0].remedy
    assert len(parsed.quads) == 2


@pytest.mark.parametrize(
    ("elements", "place"),
    [
        ('<c:City about="http://c/a"/>', "2:15-27"),
        ('<City rdf:about="http://c/a"/>', "2:1-6"),
        ('<c:City rdf:about="http://c/a"><c:name xml:lang="ja_JP">Kyoto</c:name></c:City>', "2:49-56"),
        ('<c:City rdf:about="http://c/a"><c:name>Kyoto<!-- old --> city</c:name></c:City>', "2:45-49"),
    ],
)
def test_errors_of_rdf_xml_have_places(elements: str, place: str) -> None:
    assert told(rdf_xml(elements)) == [("violation", "syntax", place)]


def test_what_an_unknown_parse_type_hides_is_told() -> None:
    parsed = rdf_xml('<c:City rdf:about="http://c/a"><c:name rdf:parseType="text"><b>1</b></c:name></c:City>')

    assert [one[:2] for one in told(parsed)] == [("violation", "says-nothing")]
