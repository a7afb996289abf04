"""Everything that is wrong with a text is found at once, in plain words and at its place."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from milieu.errors import FormatError
from milieu.finding import Severity
from milieu.turtle.attempt import attempt
from milieu.turtle.fix import apply
from milieu.turtle.parse import parse
from parsed import PREFIXES, TABLE, XML, objects, read, stretch, told


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


def test_blank_nodes_of_two_texts_never_meet() -> None:
    first, second = (parse("_:same <x:b> 1 .", "new.ttl").quads[0] for _ in range(2))

    assert first.subject != second.subject


def test_crlf_counts_as_one_line_end() -> None:
    text = (PREFIXES + "c:a c:b 1 .\nc:a c:b , .").replace("\n", "\r\n")

    assert told(parse(text, "new.ttl")) == [("syntax", "4:9-4:10")]


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
