"""Everything that is wrong with a text is found at once, in plain words and at its place."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from milieu.errors import FormatError
from milieu.finding import Finding, Severity
from milieu.turtle.attempt import attempt
from milieu.turtle.fix import apply
from milieu.turtle.parse import Parsed, parse

PREFIXES = "@prefix c: <http://c/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
TABLE = {"c": "http://c/", "city": "http://city/", "skos": "http://skos/"}


def read(text: str, kind: str = "turtle") -> Parsed:
    return parse(PREFIXES + text if kind in ("turtle", "trig") else text, "new.ttl", kind, prefixes=TABLE)


def told(parsed: Parsed) -> list[tuple[str, str]]:
    """Code and stretch of every finding; lines count from below the two prefixes of a Turtle text."""
    return [(finding.code, stretch(finding)) for finding in parsed.findings]


def stretch(finding: Finding) -> str:
    place = finding.place
    assert place is not None
    return f"{place.line}:{place.column}-{place.end_line}:{place.end_column}"


def objects(parsed: Parsed) -> list[str]:
    return [str(quad.object) for quad in parsed.quads]


def test_a_good_text_has_no_findings() -> None:
    parsed = read("c:a c:b 1 , 'x'@en .")

    assert parsed.findings == []
    assert len(parsed.quads) == 2
    assert parsed.prefixes == {"c": "http://c/", "xsd": "http://www.w3.org/2001/XMLSchema#"}


def test_a_statement_made_twice_is_one_quad() -> None:
    assert len(read("c:a c:b 1 . c:a c:b 1 .").quads) == 1


def test_every_error_is_reported_and_what_parsed_is_returned() -> None:
    parsed = read("c:a c:b , 1 .\nc:a 'b' 2 .\nc:a c:b 3 .\n'a' c:b 4 .\nc:a c:b nothing .\nc:a c:b 5 .")

    assert told(parsed) == [
        ("syntax", "3:9-3:10"),
        ("syntax", "4:5-4:8"),
        ("syntax", "6:1-6:4"),
        ("syntax", "7:9-7:16"),
    ]
    assert [str(quad.object.value) for quad in parsed.quads] == ["1", "3", "5"]  # type: ignore[union-attr]


def test_an_error_at_the_dot_does_not_hide_the_next_statement() -> None:
    parsed = read("c:a c:b 1 , .\nc:a c:b 2 , .\nc:a c:b 3 , .\nc:a c:b 4 .")

    assert told(parsed) == [("syntax", "3:13-3:14"), ("syntax", "4:13-4:14"), ("syntax", "5:13-5:14")]
    assert len(parsed.quads) == 4


def test_one_mistake_is_one_finding() -> None:
    parsed = read("c:a c:b c:d c:e c:f .\nc:a c:b 1 .")

    assert told(parsed) == [("syntax", "3:13-3:16")]


def test_a_quote_left_open_does_not_turn_the_rest_inside_out() -> None:
    parsed = read("c:a c:b 'Kyoto ;\n  c:d 'fine' .\nc:e c:f 'fine too' .")

    assert told(parsed) == [("syntax", "3:9-3:15")]
    assert objects(parsed) == ['"fine"', '"fine too"']


def test_two_quotes_left_open_are_two_findings() -> None:
    parsed = read("c:a c:b 'Kyoto .\nc:a c:b 'Nara' .\nc:a c:b \"Osaka .\nc:a c:b 1 .")

    assert told(parsed) == [("syntax", "3:9-3:15"), ("syntax", "5:9-5:15")]
    assert len(parsed.quads) == 2


def test_a_quote_within_a_text_is_named_as_such() -> None:
    parsed = read("c:a c:b 'Kanazawa's crafts' .\nc:a c:b 1 .")

    assert told(parsed) == [("syntax", "3:18-3:20")]
    assert parsed.findings[0].message == "The text ends at this quote, and more follows."


def test_a_long_string_left_open_is_reported_where_it_opens() -> None:
    parsed = read("c:a c:b 1 .\nc:a c:b '''open .\nc:a c:b 2 .")

    assert told(parsed) == [("syntax", "4:9-4:12")]
    assert len(parsed.quads) == 1


def test_an_unknown_escape_is_reported_at_the_escape() -> None:
    parsed = read(r"c:a c:b 'C:\data' , 'x' .")

    assert told(parsed) == [("syntax", "3:12-3:14")]
    assert objects(parsed) == ['"x"']


def test_broken_iris_are_reported_together_and_the_rest_of_the_statement_is_read() -> None:
    parsed = read("c:a c:b <http://c/a b> , <http://c/d , c:e .\nc:a c:b <http://c/%zz> .\nc:a c:b <relative> .")

    assert told(parsed) == [
        ("broken-iri", "3:9-3:23"),
        ("broken-iri", "3:26-3:37"),
        ("broken-iri", "4:9-4:23"),
        ("broken-iri", "5:9-5:19"),
    ]
    assert objects(parsed) == ["<http://c/e>"]


def test_an_address_without_brackets_gets_them_by_its_fix() -> None:
    text = PREFIXES + "c:a c:b https://c/d ."
    finding = parse(text, "new.ttl").findings[0]

    assert finding.message == "The address https://c/d stands without angle brackets."
    assert finding.fix is not None
    assert apply(text, [finding.fix]) == PREFIXES + "c:a c:b <https://c/d> ."


def test_a_prefix_that_the_graph_knows_is_declared_by_its_fix_and_its_statements_are_read() -> None:
    parsed = read("c:a skos:note 'x' .\nc:a skos:note 'y' .")

    assert told(parsed) == [("unknown-prefix", "3:5-3:14")]
    finding = parsed.findings[0]
    assert [str(place) for place in finding.related] == ["new.ttl:4:5"]
    assert finding.remedy == "Write @prefix skos: <http://skos/> . at the top of the text."
    assert len(parsed.quads) == 2
    assert finding.fix is not None
    assert parse(apply(PREFIXES + "c:a skos:note 'x' .", [finding.fix]), "new.ttl").findings == []


def test_a_mistyped_prefix_gets_a_did_you_mean() -> None:
    text = PREFIXES + "c:a c:b xd:int , 1 ."
    parsed = parse(text, "new.ttl", prefixes=TABLE)

    assert parsed.findings[0].remedy == "Did you mean xsd:?"
    assert parsed.findings[0].fix is not None
    assert apply(text, [parsed.findings[0].fix]) == PREFIXES + "c:a c:b xsd:int , 1 ."
    assert objects(parsed) == ['"1"^^<http://www.w3.org/2001/XMLSchema#integer>']


def test_a_prefix_that_resembles_nothing_is_to_be_declared() -> None:
    assert read("c:a c:b zzzz:d .").findings[0].remedy == "Declare it at the top: @prefix zzzz: <…> ."


def test_a_dot_missing_at_a_line_end_is_added_there_by_its_fix() -> None:
    text = PREFIXES + "c:a c:b 'x'\nc:a c:b 1 ."
    parsed = parse(text, "new.ttl")

    assert told(parsed) == [("syntax", "3:9-3:12")]
    assert parsed.findings[0].message == "The statement that ends here has no dot."
    assert parsed.findings[0].fix is not None
    assert parse(apply(text, [parsed.findings[0].fix]), "new.ttl").findings == []


def test_where_a_statement_goes_on_a_mark_is_missing_and_not_a_dot() -> None:
    finding = parse(PREFIXES + "c:a c:b 'x'\n    c:c 1 .", "new.ttl").findings[0]

    assert (finding.message, finding.fix) == ("Between this and c:c a mark is missing.", None)


def test_a_dot_missing_at_the_end_is_added_there_by_its_fix() -> None:
    text = PREFIXES + "c:a c:b 'x'  \n"
    parsed = parse(text, "new.ttl")

    assert told(parsed) == [("syntax", "3:9-3:12")]
    assert parsed.findings[0].fix is not None
    assert apply(text, [parsed.findings[0].fix]) == PREFIXES + "c:a c:b 'x' .  \n"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("c:a c:b TRUE .", "3:9-3:13", "TRUE is not a boolean."),
        ("c:a c:b kyoto .", "3:9-3:14", "kyoto is neither a name with a prefix nor a text in quotes."),
        ("c:a c:b .", "3:9-3:10", "An object is missing before '.'."),
        ("c:a .", "3:5-3:6", "A predicate is missing before '.'."),
        ("; c:a c:b 1 .", "3:1-3:2", "A statement cannot begin with ';'."),
        ("1 c:a c:b .", "3:1-3:2", "The literal 1 cannot be a subject."),
        ("?x c:a c:b .", "3:1-3:3", "?x cannot be a subject."),
        ("c:a 1 c:b .", "3:5-3:6", "1 cannot be a predicate."),
        ("@prefx d: <http://d/> .", "3:1-3:7", "@prefx is not a directive."),
        ("@prefix d <http://d/> .", "3:9-3:10", "This declaration is not complete."),
        ("c:a c:b [ c:d 1 .", "3:17-3:18", "A [ before this place is not closed."),
        ("c:a c:b ( 1 .", "3:13-3:14", "An object is missing before '.'."),
        ("c:a c:b 'x'@en_US .", "3:12-3:18", "The language tag @en_US has an underscore in it."),
        ("c:a c:b 'x'@abcdefghij .", "3:12-3:23", "@abcdefghij is not a language tag."),
        ("c:a c:b 'x'^^1 .", "3:14-3:15", "After ^^ the name of a datatype is expected, not 1."),
        ("c:a c:b c:d/e .", "3:12-3:13", "/ is not expected here."),
        ("c:a c:b 1 2 .", "3:11-3:12", "2 is not expected here."),
        ("{ c:a c:b 1 }", "3:1-3:2", "{ cannot be a subject."),
    ],
)
def test_each_kind_of_error_is_said_plainly(text: str, place: str, message: str) -> None:
    parsed = read(text)

    assert [(stretch(finding), finding.message) for finding in parsed.findings] == [(place, message)]
    assert parsed.findings[0].severity is Severity.VIOLATION
    assert parsed.findings[0].remedy


def test_triple_terms_and_annotations_are_refused_from_mark_to_mark() -> None:
    parsed = read("c:a c:b <<( c:d c:e 1 )>> .\nc:a c:b 1 {| c:d 2 |} .\n<< c:a c:b 1 >> c:d 2 .\nc:a c:b 1 ~ c:r .")

    assert told(parsed) == [
        ("rdf-12", "3:9-3:26"),
        ("rdf-12", "4:11-4:22"),
        ("rdf-12", "5:1-5:16"),
        ("rdf-12", "6:11-6:12"),
    ]
    assert objects(parsed) == ['"1"^^<http://www.w3.org/2001/XMLSchema#integer>']


def test_a_writing_direction_is_refused() -> None:
    assert told(read("c:a c:b 'x'@ar--rtl .")) == [("rdf-12", "3:9-3:20")]


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


def test_unseen_characters_are_reported_at_their_term_and_where_an_escape_makes_them() -> None:
    parsed = read("c:a c:b 'a\u202eb' , 'c\\u202E' , <http://c/\\u200e> , 'ok\\t' .")

    assert told(parsed) == [
        ("control-character", "3:9-3:14"),
        ("control-character", "3:17-3:26"),
        ("control-character", "3:29-3:46"),
    ]


def test_the_fix_of_unseen_characters_takes_just_them_away() -> None:
    text = PREFIXES + "c:a c:b 'a\u2066b\u2069c'@en . # \u200e"
    parsed = parse(text, "new.ttl")

    assert told(parsed) == [("control-character", "3:9-3:19"), ("control-character", "3:24-3:25")]
    assert parsed.findings[0].message == (
        "The invisible characters U+2066 (left-to-right isolate) and U+2069 (pop directional isolate) "
        "stand in it, at line 3, column 11."
    )
    fixes = [finding.fix for finding in parsed.findings if finding.fix]
    assert apply(text, fixes) == PREFIXES + "c:a c:b 'abc'@en . # "


@pytest.mark.parametrize("mark", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u200e", "\u2066"])
def test_no_control_character_passes(mark: str) -> None:
    assert [finding.code for finding in read(f"c:a c:b 'x{mark}y' .").findings] == ["control-character"]


def test_nesting_ends_at_a_hundred() -> None:
    fine = read("c:a c:b " + "[ c:b " * 100 + "1" + " ]" * 100 + " .")
    deep = read("c:a c:b " + "[ c:b " * 101 + "1" + " ]" * 101 + " .")

    assert fine.findings == []
    assert len(fine.quads) == 101
    assert told(deep) == [("too-deep", "3:609-3:610")]
    assert deep.quads == []


def test_many_brackets_beside_one_another_are_not_deep() -> None:
    assert read("c:a c:b " + " , ".join(["[]"] * 300) + " .").findings == []


@pytest.mark.parametrize(
    ("kind", "text"), [("jsonld", "[" * 4000), ("rdfxml", "<a>" * 4000), ("turtle", "<<(" * 19000)]
)
def test_a_bomb_of_brackets_is_refused_before_it_is_parsed(kind: str, text: str) -> None:
    assert [finding.code for finding in parse(text, "new", kind).findings] == ["too-deep"]


def test_a_literal_of_more_than_64_kb_is_refused() -> None:
    just = "あ" * (64 * 1024 // 3)
    parsed = read(f"c:a c:b '{just}' , '{just}あ' .")

    assert told(parsed) == [("too-long", f"3:{14 + len(just)}-3:{17 + 2 * len(just)}")]
    assert len(parsed.quads) == 1


def test_a_byte_order_mark_is_accepted_and_takes_no_column() -> None:
    for text in ("\ufeff<x:a> <x:b> 007 .", b"\xef\xbb\xbf<x:a> <x:b> 007 ."):
        assert told(parse(text, "new.ttl")) == [("not-canonical", "1:13-1:16")]


def test_bytes_that_are_not_utf_8_are_one_finding_with_all_their_places() -> None:
    parsed = parse(b"<x:a> <x:b> 'caf\xe9' .\n<x:a> <x:b> '\xff' .", "new.ttl")

    assert [finding.code for finding in parsed.findings] == ["encoding"]
    assert str(parsed.findings[0].place) == "new.ttl:1:17"
    assert [str(place) for place in parsed.findings[0].related] == ["new.ttl:2:14"]


def test_shift_jis_is_recognised() -> None:
    parsed = parse("<x:a> <x:b> '金沢ミリュー' .".encode("cp932"), "new.ttl")

    assert parsed.findings[0].remedy == "The text looks like Shift_JIS: save it as UTF-8."


def test_utf_16_and_half_characters_are_refused() -> None:
    assert parse("<x:a> <x:b> 1 .".encode("utf-16"), "new.ttl").findings[0].message == "The text is UTF-16, not UTF-8."
    assert [finding.code for finding in parse("<x:a> <x:b> '\ud800' .", "new.ttl").findings] == ["encoding"]


def test_blank_nodes_of_two_texts_never_meet() -> None:
    first, second = (parse("_:same <x:b> 1 .", "new.ttl").quads[0] for _ in range(2))

    assert first.subject != second.subject


def test_crlf_counts_as_one_line_end() -> None:
    text = (PREFIXES + "c:a c:b 1 .\nc:a c:b , .").replace("\n", "\r\n")

    assert told(parse(text, "new.ttl")) == [("syntax", "4:9-4:10")]


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


XML = (
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:c="http://c/">\n'
    '<c:City r:about="http://c/金沢">\n  <c:name>Kanazawa</c:name>\n'
    "  <c:near><c:City><c:name>Nara</c:name></c:City></c:near>\n"
    "</c:City></r:RDF>"
)


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


@pytest.mark.parametrize("declaration", ['<!DOCTYPE r [<!ENTITY x "y">]>', "<!doctype r>"])
def test_document_types_are_refused(declaration: str) -> None:
    assert told(read(declaration + XML, "rdfxml")) == [("doctype", "1:1-1:10")]


def test_an_xml_document_in_another_encoding_is_refused() -> None:
    assert told(read('<?xml version="1.0" encoding="utf-16"?>' + XML, "rdfxml")) == [("encoding", "1:31-1:37")]


def test_an_unknown_format_is_a_fault_of_the_call() -> None:
    with pytest.raises(FormatError, match="there is no format 'word'"):
        parse("", "new", "word")


@pytest.mark.parametrize("kind", ["turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml"])
def test_an_empty_text_states_nothing(kind: str) -> None:
    parsed = parse("", "new", kind)

    assert parsed.quads == []


def test_after_a_thousand_errors_the_text_is_not_read_further() -> None:
    parsed = read("c:a c:b , .\n" * 3000)

    assert len(parsed.findings) == 1001
    assert parsed.findings[-1].code == "too-many"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("turtle", '\\"""' * 100_000),
        ("turtle", "c:a c:b <" + "\\u00000000" * 50_000),
        ("turtle", "a." * 100_000),
        ("turtle", "京." * 100_000),
        ("turtle", "c:a c:b '" + " " * 100_000 + "x"),
        ("turtle", "c:a c:b '" + ")" * 100_000 + "x"),
        ("turtle", "c:a c:b " + " " * 100_000 + "\x0b"),
        ("rdfxml", "<!--" * 100_000),
        ("rdfxml", "<![CDATA[" * 100_000),
        ("jsonld", '"\\"' * 100_000),
    ],
)
def test_a_text_made_to_be_read_again_and_again_is_read_once(kind: str, text: str) -> None:
    # Quadratic reading of any of these would take hours.
    assert read(text, kind).findings


GOOD = PREFIXES + (
    "c:kyoto a c:City ; c:name 'Kyoto'@en , \"京都\"@ja ; c:near c:nara , c:osaka .\n"
    "c:nara c:has [ c:of ( 1 2.5 'x\\n' ) ; c:note '''long\ntext''' ] . # end\n_:n c:see <http://c/#x> .\n"
)
PIECES = st.sampled_from(
    [*"\"'<>[]();,.@^\\ \n{}|~#ab1:_?", "'''", '"""', "^^", "<<(", "{|", "@prefix", "\\u12", "\udc00", "\0"]
)


@seed(20264)
@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 3), PIECES), min_size=1, max_size=5))
def test_whatever_is_broken_there_is_a_report_and_never_an_exception(changes: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]

    parsed = parse(text, "new.ttl", prefixes=TABLE)

    lines = text.count("\n") + text.count("\r") + 1
    assert all(finding.place is not None and finding.place.line <= lines for finding in parsed.findings)
    assert all(quad.graph_name == ox.DefaultGraph() for quad in parsed.quads)
    assert not any("\ue000" in str(quad) for quad in parsed.quads)
    stumbled = "\udc00" not in text and attempt(text, ox.RdfFormat.TURTLE).errors
    assert not stumbled or any(finding.severity is Severity.VIOLATION for finding in parsed.findings)


@seed(20265)
@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["jsonld", "rdfxml"]), st.integers(0, 300), st.integers(0, 4), PIECES)
def test_broken_json_and_xml_are_reported_too(kind: str, at: int, length: int, piece: str) -> None:
    good = XML if kind == "rdfxml" else '{"@context": {"c": "http://c/"},\n "@id": "c:a", "c:b": [1, {"c:d": "x"}]}'

    parsed = parse(good[:at] + piece + good[at + length :], "new", kind)

    assert isinstance(parsed.findings, list)
