"""Every triple of a text is found where it is written."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from milieu.turtle.locate import Located, locate

PREFIXES = "@prefix c: <http://c/> .\n"


def triples(text: str, base: str | None = None) -> list[ox.Quad]:
    return list(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=base))


def c(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://c/{name}")


def numbered(found: list[tuple[object, object, object]]) -> list[tuple[object, ...]]:
    """Triples with blank nodes named by their order of appearance."""
    names: dict[ox.BlankNode, str] = {}
    return [
        tuple(names.setdefault(t, f"b{len(names)}") if isinstance(t, ox.BlankNode) else t for t in triple)
        for triple in found
    ]


def terms(triple: ox.Triple | ox.Quad) -> tuple[object, object, object]:
    return triple.subject, triple.predicate, triple.object


def spans(located: Located | None) -> tuple[str, str, str, str]:
    assert located is not None
    return tuple(
        f"{place.line}:{place.column}-{place.end_line}:{place.end_column}"
        for place in (located.subject, located.predicate, located.object, located.statement)
    )  # type: ignore[return-value]


def test_each_object_of_a_comma_list_has_its_own_place() -> None:
    text = PREFIXES + "c:kyoto c:near c:nara ,\n  c:osaka ."
    locator = locate(text, "new.ttl")

    assert spans(locator.places(ox.Triple(c("kyoto"), c("near"), c("osaka")))) == (
        "2:1-2:8",
        "2:9-2:15",
        "3:3-3:10",
        "2:1-3:12",
    )


def test_the_subject_of_a_semicolon_list_is_where_it_is_written_once() -> None:
    text = PREFIXES + 'c:kyoto c:near c:nara ;\n  c:name "京都"@ja ; .'
    locator = locate(text, "new.ttl")

    found = locator.places(ox.Triple(c("kyoto"), c("name"), ox.Literal("京都", language="ja")))

    assert spans(found) == ("2:1-2:8", "3:3-3:9", "3:10-3:17", "2:1-3:21")


def test_a_literal_ends_after_its_datatype() -> None:
    text = PREFIXES + 'c:kyoto c:since "2009"^^ c:year .'
    locator = locate(text, "new.ttl")

    found = locator.places(ox.Triple(c("kyoto"), c("since"), ox.Literal("2009", datatype=c("year"))))

    assert spans(found) == ("2:1-2:8", "2:9-2:16", "2:17-2:32", "2:1-2:34")


def test_a_bracket_is_one_token_from_end_to_end() -> None:
    text = PREFIXES + "c:kyoto c:has [ c:of c:nara ] ."
    quads = triples(text)
    locator = locate(text, "new.ttl", quads)
    inner, outer = quads

    assert spans(locator.places(inner)) == ("2:15-2:30", "2:17-2:21", "2:22-2:28", "2:1-2:32")
    assert spans(locator.places(outer)) == ("2:1-2:8", "2:9-2:14", "2:15-2:30", "2:1-2:32")


def test_an_item_of_a_list_is_where_the_item_is() -> None:
    text = PREFIXES + "c:kyoto c:has ( c:a c:b ) ."
    quads = triples(text)
    locator = locate(text, "new.ttl", quads)
    second = next(quad for quad in quads if quad.object == c("b"))

    assert spans(locator.places(second)) == ("2:21-2:24", "2:21-2:24", "2:21-2:24", "2:1-2:28")


def test_a_collection_is_one_token_from_end_to_end() -> None:
    text = PREFIXES + "c:kyoto c:has ( c:a ( c:b ) ) ."
    quads = triples(text)
    locator = locate(text, "new.ttl", quads)
    outer = next(quad for quad in quads if quad.subject == c("kyoto"))

    assert spans(locator.places(outer)) == ("2:1-2:8", "2:9-2:14", "2:15-2:30", "2:1-2:32")


def test_columns_count_code_points() -> None:
    text = PREFIXES + "c:kyoto c:name '😀é' , c:b ."
    locator = locate(text, "new.ttl")

    assert spans(locator.places(ox.Triple(c("kyoto"), c("name"), c("b"))))[2] == "2:23-2:26"


def test_crlf_ends_one_line_and_a_byte_order_mark_takes_no_column() -> None:
    text = "\ufeffPREFIX c: <http://c/>\r\nc:kyoto c:near c:nara .\r\nc:a c:b c:d ."
    locator = locate(text, "new.ttl")

    assert spans(locator.places(ox.Triple(c("kyoto"), c("near"), c("nara"))))[0] == "2:1-2:8"
    assert spans(locator.places(ox.Triple(c("a"), c("b"), c("d"))))[3] == "3:1-3:14"
    assert spans(locate("\ufeff<x:a> <x:b> <x:c> .", "new.ttl").triples[0][1])[0] == "1:1-1:6"


def test_a_multi_line_literal_spans_its_lines() -> None:
    text = PREFIXES + 'c:kyoto c:note """one\ntwo"""@en .'
    locator = locate(text, "new.ttl")

    found = locator.places(ox.Triple(c("kyoto"), c("note"), ox.Literal("one\ntwo", language="en")))

    assert spans(found)[2] == "2:16-3:10"


def test_a_mark_inside_a_comment_a_string_or_an_iri_is_no_mark() -> None:
    text = PREFIXES + "c:kyoto # ; . \"\n c:note 'a . # b' ; c:see <http://c/#x;y> ."
    locator = locate(text, "new.ttl")

    assert spans(locator.places(ox.Triple(c("kyoto"), c("see"), c("#x;y"))))[2] == "3:27-3:42"


def test_a_statement_made_twice_has_two_places() -> None:
    text = PREFIXES + "c:a c:b c:d .\nc:a c:b c:d ."
    locator = locate(text, "new.ttl")

    assert [place.statement.line for place in locator.occurrences(ox.Triple(c("a"), c("b"), c("d")))] == [2, 3]


def test_a_triple_that_is_not_in_the_text_has_no_place() -> None:
    assert locate(PREFIXES, "new.ttl").places(ox.Triple(c("a"), c("b"), c("d"))) is None


def test_a_node_is_first_sought_as_a_subject() -> None:
    locator = locate(PREFIXES + "c:a c:b c:d .\nc:d c:b c:e .", "new.ttl")

    assert str(locator.node(c("d"))) == "new.ttl:3:1"
    assert str(locator.node(c("e"))) == "new.ttl:3:9"
    assert locator.node(c("nowhere")) is None


def test_what_follows_an_error_is_still_found() -> None:
    text = PREFIXES + "c:a c:b .\nc:a c:b c:d\nc:e c:f [ c:g 'x' ; ] .\nc:a ( .\nc:h c:i 1.5 ."
    locator = locate(text, "new.ttl")

    found = [(str(triple.object), located.object.line) for triple, located in locator.triples]

    # The dot of line 2 is the error, so that reading goes on after the next one, as pyoxigraph's does.
    assert found[-1] == ('"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>', 6)


def test_a_line_of_n_quads_may_name_a_graph() -> None:
    text = "<x:a> <x:b> _:n <x:g> .\n_:n <x:b> 'broken\n<x:a> <x:c> <x:d> _:g .\n"
    locator = locate(text, "new.nq", lines_only=True)

    assert [located.statement.line for _, located in locator.triples] == [1, 3]


def test_the_statements_of_a_named_graph_are_found() -> None:
    text = PREFIXES + "c:g { c:a c:b c:d . c:e c:f c:h } GRAPH c:i { c:j c:k 1 } c:l c:m 2 ."
    locator = locate(text, "new.trig")

    assert [located.subject.column for _, located in locator.triples] == [7, 21, 47, 59]


def test_labelled_blank_nodes_are_found_without_the_parsed_quads() -> None:
    locator = locate("_:n <x:b> _:m .", "new.nt", lines_only=True)

    assert locator.places(ox.Triple(ox.BlankNode("n"), ox.NamedNode("x:b"), ox.BlankNode("m"))) is not None


NAMES = st.sampled_from(
    [
        "c:a",
        "c:b",
        "c:a.b",
        "c:",
        ":x",
        "c:%20x",
        r"c:a\,b",
        "c:1:2",
        "d:京都",
        "<http://c/a>",
        "<x#y>",
        "<../z>",
        "<>",
        r"<\u00e9>",
        "<?q>",
        "<//h/i>",
    ]
)
VERBS = st.one_of(NAMES, st.just("a"))
WORDS = st.text(st.sampled_from(list("ab \t'\"#.;é😀")), max_size=6)


@st.composite
def strings(draw: st.DrawFn) -> str:
    word = draw(WORDS)
    quote = draw(st.sampled_from(['"', "'", '"""', "'''"]))
    body = word.replace("\\", "\\\\").replace(quote[0], "\\" + quote[0])
    if len(quote) == 3:
        body = draw(st.sampled_from([body, body + "\n", f"x{quote[0]}y{body}", f"{quote[:2]}z\r\n{body}"]))
    escape = draw(st.sampled_from(["", "", r"\n\t", r"\u00e9\U0001F600", r"\\"]))
    suffix = draw(st.sampled_from(["", "", "@en", "@ja-JP", "^^c:t", "^^<x>", " ^^ c:t", " @en"]))
    return f"{quote}{body}{escape}{quote}{suffix}"


LITERALS = st.one_of(
    strings(), st.sampled_from(["1", "-2", "+3.5", ".5", "1.", "1e3", "1.E3", ".5e-1", "true", "false"])
).map(lambda text: text if not text.endswith("1.") else "1 ")
GAPS = st.sampled_from([" ", " ", " ", "\n", "\r\n", "\t", ' # c ; . " <\n', "\r"])


@st.composite
def objects(draw: st.DrawFn, depth: int = 0) -> str:
    kinds = ["name", "name", "literal", "literal", "node", "anon"] + (["bracket", "list", "list"] if depth < 3 else [])
    kind = draw(st.sampled_from(kinds))
    if kind == "name":
        return draw(NAMES)
    if kind == "literal":
        return draw(LITERALS)
    if kind == "node":
        return draw(st.sampled_from(["_:a", "_:b.c", "_:1"]))
    if kind == "anon":
        return draw(st.sampled_from(["[]", "[ ]", "()", "( )"]))
    if kind == "bracket":
        return "[" + draw(GAPS) + draw(verbs(depth + 1)) + draw(GAPS) + "]"
    items = draw(st.lists(objects(depth + 1), min_size=1, max_size=4))
    return "( " + draw(GAPS).join(items) + " )"


@st.composite
def verbs(draw: st.DrawFn, depth: int = 0) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        comma = draw(GAPS) + "," + draw(GAPS)
        parts.append(draw(VERBS) + draw(GAPS) + comma.join(draw(st.lists(objects(depth), min_size=1, max_size=3))))
    end = draw(st.sampled_from(["", " ;", " ; ;"]))
    return (draw(GAPS) + ";" + draw(GAPS)).join(parts) + end


@st.composite
def statements(draw: st.DrawFn) -> str:
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(
            st.sampled_from(
                [
                    "@base <http://d/e/> .",
                    "BASE <f>",
                    "PREFIX c: <http://new/c#>",
                    "@prefix  : <#> .",
                    "prefix d: </d/>",
                ]
            )
        )
    if kind == 1:
        return "[ " + draw(verbs(1)) + " ] ."
    if kind == 2:
        subject = draw(
            st.sampled_from(["[]", "( 1 'a' )", "()", "([] (c:a) 'x'@en)", "[ a c:b ]", "('a' 'a' [c:p 'x'])"])
        )
    else:
        subject = draw(st.one_of(NAMES, st.sampled_from(["_:a", "_:b.c"])))
    return subject + draw(GAPS) + draw(verbs()) + draw(GAPS) + "."


DOCUMENTS = st.lists(statements(), max_size=6).map(
    lambda parts: "@prefix c: <http://c/> . @prefix : <x:> .\nPREFIX d: <http://d/>\n" + "\n".join(parts)
)


@seed(20261)
@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_the_located_triples_are_those_that_pyoxigraph_parses_in_its_order(text: str) -> None:
    quads = triples(text, base="http://base/b/c?d")
    locator = locate(text, "new.ttl", quads, base="http://base/b/c?d")

    assert numbered([terms(triple) for triple, _ in locator.triples]) == numbered([terms(quad) for quad in quads])


@seed(20262)
@settings(max_examples=150, deadline=None)
@given(DOCUMENTS)
def test_every_parsed_triple_has_a_place_whose_text_reads_back_as_its_object(text: str) -> None:
    quads = triples(text, base="http://base/b/c?d")
    locator = locate(text, "new.ttl", quads, base="http://base/b/c?d")
    lines = locator.lines
    for quad in quads:
        located = locator.places(quad)
        assert located is not None
        place = located.object
        written = text[lines.offset(place.line, place.column) : lines.offset(place.end_line, place.end_column)]
        if isinstance(quad.object, ox.Literal) and quad.object.datatype.value.endswith(("string", "langString")):
            again = next(ox.parse(f"<x:> <x:> {written} .", format=ox.RdfFormat.TURTLE)).object
            assert again == quad.object
        elif isinstance(quad.object, ox.BlankNode):
            assert written[0] in "[(_" or quad.predicate.value.endswith("#rest")


@seed(20263)
@settings(max_examples=150, deadline=None)
@given(DOCUMENTS, st.integers(0, 400), st.sampled_from(list("\"'<>[]();,.@^\\ ax1{}")))
def test_a_broken_text_is_read_to_its_end(text: str, at: int, mark: str) -> None:
    broken = text[:at] + mark + text[at + 1 :]

    assert all(located.statement.line >= 1 for _, located in locate(broken, "new.ttl").triples)


@pytest.mark.parametrize(
    ("opening", "found"),
    [
        ('"' * 3, 0),
        ("'" * 3, 0),
        ('"', 0),
        ("'", 0),
        ("<", 0),
        ("[" * 1000, 0),
        ("(" * 1000, 1000),
        ("_:", 1),
        ("@", 0),
    ],
)
def test_a_long_text_that_never_closes_is_read_in_one_pass(opening: str, found: int) -> None:
    text = PREFIXES + "c:a c:b " + opening + "x \\" * 30_000

    assert len(locate(text, "new.ttl").triples) == found
