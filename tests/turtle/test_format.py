"""One graph has one text, and a text keeps its comments and its lexical forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from milieu.errors import FormatError
from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, Prefixes
from milieu.turtle.evidence import mint_evidence
from milieu.turtle.format import format_quads, format_turtle

if TYPE_CHECKING:
    import random

TABLE = Prefixes(
    {
        "c": "http://c/",
        "dcterms": DCTERMS,
        "evidence": "http://e/",
        "owl": OWL,
        "rdf": RDF,
        "rdfs": RDFS,
        "skos": SKOS,
        "xsd": XSD,
    }
)
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in TABLE.items())


def laid_out(body: str) -> str:
    """The formatted text without its prefix declarations."""
    text = format_turtle(HEAD + body, TABLE)
    return "\n".join(line for line in text.splitlines() if not line.startswith("@prefix")).strip("\n") + "\n"


def test_one_predicate_stands_on_each_line_and_short_objects_stand_together() -> None:
    assert laid_out('c:kyoto c:near c:osaka , c:nara ; a c:City . c:kyoto rdfs:label "京都"@ja, "Kyoto"@en .') == (
        'c:kyoto\n    a c:City ;\n    rdfs:label "Kyoto"@en, "京都"@ja ;\n    c:near c:nara, c:osaka .\n'
    )


def test_only_the_prefixes_that_are_used_are_declared_and_sorted() -> None:
    text = format_turtle(HEAD + "c:a owl:sameAs c:b , 'x'^^c:unit .", TABLE)

    assert text == (
        "@prefix c: <http://c/> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n\n"
        'c:a\n    owl:sameAs c:b, "x"^^c:unit .\n'
    )


def test_a_header_keeps_all_prefixes_of_the_table() -> None:
    text = format_turtle(HEAD + "<http://x> a owl:Ontology .", TABLE, all_prefixes=True)

    assert text.startswith(HEAD + "\n<http://x>\n")


def test_a_prefix_that_is_not_in_the_table_is_written_out() -> None:
    assert laid_out("@prefix d: <http://d/> . d:a d:b d:c .") == "<http://d/a>\n    <http://d/b> <http://d/c> .\n"


def test_predicates_have_their_order() -> None:
    text = laid_out(
        "c:a dcterms:source c:s ; skos:definition 'd' ; c:z 1 ; skos:note 'n' ; c:b 2 ; "
        "skos:altLabel 'x' ; rdfs:label 'l' ; a c:City ."
    )

    assert [line.split()[0] for line in text.splitlines()[1:]] == [
        "a",
        "rdfs:label",
        "skos:altLabel",
        "skos:definition",
        "c:b",
        "c:z",
        "skos:note",
        "dcterms:source",
    ]


def test_languages_have_their_order() -> None:
    text = laid_out("c:a rdfs:label 'z'@fr, 'y'@de, 'b'@ja, 'a'@ja, 'q'@en, 'plain', 5 .")

    assert text == 'c:a\n    rdfs:label 5, "plain", "q"@en, "a"@ja, "b"@ja, "y"@de, "z"@fr .\n'


def test_numbers_in_names_are_sorted_by_value() -> None:
    text = laid_out("c:lesson-10 c:p 1 . c:lesson-9 c:p 1 . c:aim c:p c:x-11, c:x-2 .")

    assert text == "c:aim\n    c:p c:x-2, c:x-11 .\n\nc:lesson-9\n    c:p 1 .\n\nc:lesson-10\n    c:p 1 .\n"


def test_many_objects_stand_on_a_line_each() -> None:
    names = [f"c:a-rather-long-name-of-a-city-{number}" for number in range(1, 5)]

    assert laid_out(f"c:a c:b {' , '.join(reversed(names))} ; c:c 1 .") == (
        "c:a\n    c:b\n        " + ",\n        ".join(names) + " ;\n    c:c 1 .\n"
    )


def test_lists_and_brackets_stay_lists_and_brackets() -> None:
    body = "c:A owl:equivalentClass [ owl:intersectionOf ( c:B [ a owl:Restriction ; owl:onProperty c:p ] () ) ] ."

    assert laid_out(body) == (
        "c:A\n    owl:equivalentClass "
        "[ owl:intersectionOf ( c:B [ a owl:Restriction ; owl:onProperty c:p ] rdf:nil ) ] .\n"
    )


def test_a_bracket_that_is_too_long_is_broken_at_its_predicates_and_items() -> None:
    long = "c:" + "x" * 40
    body = f"c:A c:p [ c:q {long}1 ; c:r ( {long}1 {long}2 {long}3 ) ] ."

    assert laid_out(body) == (
        "c:A\n    c:p [\n"
        f"        c:q {long}1 ;\n"
        "        c:r (\n"
        f"            {long}1\n            {long}2\n            {long}3\n"
        "        )\n    ] .\n"
    )


def test_a_blank_node_that_is_used_twice_has_a_label() -> None:
    assert laid_out("c:b c:p _:x . c:a c:p _:x . _:x c:q 1 .") == (
        "c:a\n    c:p _:b1 .\n\nc:b\n    c:p _:b1 .\n\n_:b1\n    c:q 1 .\n"
    )


def test_blank_nodes_that_go_round_in_a_circle_have_labels() -> None:
    text = laid_out("_:x c:p _:y . _:y c:p _:x . c:a c:p 1 .")

    assert text == "c:a\n    c:p 1 .\n\n_:b1\n    c:p _:b2 .\n\n_:b2\n    c:p _:b1 .\n"


def test_a_blank_subject_that_nothing_uses_stands_at_the_end() -> None:
    assert laid_out("[] c:p 1 . c:a c:p 2 .") == "c:a\n    c:p 2 .\n\n[]\n    c:p 1 .\n"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("7", "7"),
        ("-7", "-7"),
        ("007", '"007"^^xsd:integer'),
        ("1.5", "1.5"),
        ("1.50", '"1.50"^^xsd:decimal'),
        (".5", '".5"^^xsd:decimal'),
        ("1e3", '"1e3"^^xsd:double'),
        ("true", "true"),
        ('"1"^^xsd:boolean', '"1"^^xsd:boolean'),
        ('"x"^^xsd:string', '"x"'),
        ("'a\"b\\\\c'", '"a\\"b\\\\c"'),
        ("'tab\\tbell\\u0007'", '"tab\\tbell\\u0007"'),
        ("'one\\ntwo'", '"""one\ntwo"""'),
        ('\'one\\n"""two"\'', '"""one\n\\"\\""two\\""""'),
        ("'x\\r\\n\\\\'", '"""x\\r\n\\\\"""'),
        ("'x'@EN-gb", '"x"@en-gb'),
    ],
)
def test_lexical_forms_stay_and_are_bare_only_when_canonical(written: str, kept: str) -> None:
    assert laid_out(f"c:a c:b {written} .") == f"c:a\n    c:b {kept} .\n"


def test_evidence_stands_behind_what_it_is_about_by_property_and_target() -> None:
    def axiom(name: str, verb: str, target: str) -> str:
        return (
            f"c:{name} a owl:Axiom ; dcterms:source c:s ; owl:annotatedTarget {target} ; "
            f"owl:annotatedProperty c:{verb} ; owl:annotatedSource c:kyoto ."
        )

    text = laid_out(
        axiom("a1", "p", "10") + axiom("a2", "p", "9") + axiom("a3", "o", "c:x") + "c:kyoto c:p 9 , 10 . c:nara c:p 1 ."
    )

    assert [block.split("\n")[0] for block in text.split("\n\n")] == ["c:kyoto", "c:a3", "c:a2", "c:a1", "c:nara"]
    assert text.split("\n\n")[1] == (
        "c:a3\n    a owl:Axiom ;\n    owl:annotatedSource c:kyoto ;\n    owl:annotatedProperty c:o ;\n"
        "    owl:annotatedTarget c:x ;\n    dcterms:source c:s ."
    )


AXIOM = "[] a owl:Axiom ; owl:annotatedSource c:a ; owl:annotatedProperty c:p ; owl:annotatedTarget 'x'@en ; c:q 1 ."


def test_blank_evidence_is_named_after_the_statement_it_annotates() -> None:
    # printf '%s' '<http://c/a> <http://c/p> "x"@en .' | sha256sum | cut -c1-16
    assert laid_out(AXIOM).startswith("evidence:6317a96f2243f52f\n    a owl:Axiom ;\n")


def test_without_a_prefix_for_evidence_nothing_is_named() -> None:
    quads = list(ox.parse(HEAD + AXIOM, format=ox.RdfFormat.TURTLE))

    assert mint_evidence(quads, {}) == quads
    assert all(isinstance(quad.subject, ox.NamedNode) for quad in mint_evidence(quads, TABLE))


@pytest.mark.parametrize("part", ["owl:annotatedTarget 'y'", "owl:annotatedSource c:b"])
def test_evidence_of_no_single_statement_keeps_its_blank_node(part: str) -> None:
    assert laid_out(AXIOM.replace("c:q 1", part)).startswith("[]\n")


def test_evidence_about_a_blank_node_keeps_its_own() -> None:
    assert laid_out(AXIOM.replace("annotatedSource c:a", "annotatedSource []")).startswith("[]\n")


def test_comments_at_the_head_stay_there() -> None:
    text = f"# Cities\n#\n\n# and more\n\n{HEAD}c:a c:p 1 .\n"

    assert format_turtle(text, TABLE) == "# Cities\n#\n\n# and more\n\n@prefix c: <http://c/> .\n\nc:a\n    c:p 1 .\n"


def test_a_comment_goes_where_its_subject_goes() -> None:
    body = (
        "# of b\nc:b c:p 1 . # behind b\n\n# of a\n# more of a\n"
        "c:a c:p 1 , # within a\n 2 .\n# at the end\n# of the text\n"
    )

    assert laid_out(body) == (
        "# of a\n# more of a\n# within a\nc:a\n    c:p 1, 2 .\n\n"
        "# of b\n# behind b\nc:b\n    c:p 1 .\n\n# at the end\n# of the text\n"
    )


def test_a_comment_above_a_blank_subject_goes_with_it() -> None:
    assert laid_out("# general\n[] c:p _:x . # shared\nc:a c:p _:x .") == (
        "c:a\n    c:p _:b1 .\n\n# general\n# shared\n[]\n    c:p _:b1 .\n"
    )


def test_what_looks_like_a_comment_in_a_text_or_an_iri_is_none() -> None:
    assert laid_out("c:a c:p '# no' , <http://x#y> .") == 'c:a\n    c:p <http://x#y>, "# no" .\n'


def test_line_ends_and_byte_order_mark_are_made_plain() -> None:
    assert format_turtle("\ufeff# x\r\n@prefix c: <http://c/> .\r\nc:a c:p 1 .\r\n", TABLE) == (
        "# x\n\n@prefix c: <http://c/> .\n\nc:a\n    c:p 1 .\n"
    )


def test_a_text_without_statements_is_its_comments() -> None:
    assert format_turtle("# only this\n", TABLE) == "# only this\n"
    assert format_turtle(HEAD, TABLE) == ""


def test_a_broken_text_is_refused_with_its_place() -> None:
    with pytest.raises(FormatError, match="line 1, column 7: the text is not valid Turtle"):
        format_turtle("<x:a> 1 .", TABLE)
    with pytest.raises(FormatError, match=r"RDF 1\.2"):
        format_turtle("<x:a> <x:b> <<( <x:a> <x:b> 1 )>> .", TABLE)


NODES = st.sampled_from([ox.NamedNode(f"http://c/{name}") for name in ("a", "b", "b10", "b9", "x.y", "é", "q?r#s")])
VERBS = st.sampled_from(
    [
        ox.NamedNode(iri)
        for iri in (
            "http://c/p",
            "http://c/q",
            RDF + "type",
            RDFS + "label",
            DCTERMS + "source",
            RDF + "first",
            RDF + "rest",
        )
    ]
)
BLANKS = st.sampled_from([ox.BlankNode(f"n{number}") for number in range(6)])
LEXICAL = st.one_of(
    st.sampled_from(
        ["", "1", "01", "-1.5", "true", "x", "# x", 'a"b', "two\nlines", '"""\n"', "\\", "\t\r\n\x07", "é😀\u2028"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
LITERALS = st.one_of(
    st.builds(ox.Literal, LEXICAL),
    st.builds(lambda value, tag: ox.Literal(value, language=tag), LEXICAL, st.sampled_from(["en", "ja", "de-at"])),
    st.builds(
        lambda value, kind: ox.Literal(value, datatype=ox.NamedNode(kind)),
        LEXICAL,
        st.sampled_from([XSD + "integer", XSD + "decimal", XSD + "boolean", XSD + "gYear", "http://c/unit"]),
    ),
)
LOOSE = st.builds(ox.Quad, st.one_of(NODES, BLANKS), VERBS, st.one_of(NODES, BLANKS, LITERALS, LITERALS))


@st.composite
def lists(draw: st.DrawFn) -> list[ox.Quad]:
    """A well-formed list somewhere."""
    start = draw(st.integers(10, 40))
    items = draw(st.lists(st.one_of(NODES, LITERALS, BLANKS), min_size=1, max_size=3))
    cells = [ox.BlankNode(f"n{start * 10 + number}") for number in range(len(items))]
    rests = [*cells[1:], ox.NamedNode(RDF + "nil")]
    quads = [ox.Quad(draw(NODES), draw(VERBS), cells[0])]
    for cell, item, rest in zip(cells, items, rests, strict=True):
        quads += [ox.Quad(cell, ox.NamedNode(RDF + "first"), item), ox.Quad(cell, ox.NamedNode(RDF + "rest"), rest)]
    return quads


@st.composite
def axioms(draw: st.DrawFn) -> list[ox.Quad]:
    """Evidence of some statement, named or not."""
    node = draw(st.one_of(NODES, BLANKS, st.just(ox.BlankNode("n99"))))
    return [
        ox.Quad(node, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Axiom")),
        ox.Quad(node, ox.NamedNode(OWL + "annotatedSource"), draw(st.one_of(NODES, BLANKS))),
        ox.Quad(node, ox.NamedNode(OWL + "annotatedProperty"), draw(VERBS)),
        ox.Quad(node, ox.NamedNode(OWL + "annotatedTarget"), draw(st.one_of(NODES, LITERALS))),
    ]


GRAPHS = st.tuples(st.lists(LOOSE, max_size=10), st.lists(lists(), max_size=2), st.lists(axioms(), max_size=2)).map(
    lambda parts: [*parts[0], *(quad for part in (*parts[1], *parts[2]) for quad in part)]
)


def canonical(quads: list[ox.Quad]) -> set[ox.Quad]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


@seed(20266)
@settings(max_examples=300, deadline=None)
@given(GRAPHS)
def test_what_is_formatted_states_the_same(graph: list[ox.Quad]) -> None:
    text = format_quads(graph, TABLE)

    assert canonical(list(ox.parse(text, format=ox.RdfFormat.TURTLE))) == canonical(mint_evidence(graph, TABLE))


@seed(20267)
@settings(max_examples=300, deadline=None)
@given(GRAPHS, st.randoms(use_true_random=False))
def test_the_same_graph_has_the_same_text_in_whatever_order_and_names_it_comes(
    graph: list[ox.Quad], chance: random.Random
) -> None:
    numbers = chance.sample(range(10**6), 500)
    names = {f"n{number}": f"m{other}" for number, other in enumerate(numbers)}

    def renamed(term: object) -> object:
        return ox.BlankNode(names[term.value]) if isinstance(term, ox.BlankNode) else term

    other = [ox.Quad(renamed(q.subject), q.predicate, renamed(q.object)) for q in graph]  # type: ignore[arg-type]
    chance.shuffle(other)

    assert format_quads(other, TABLE) == format_quads(graph, TABLE)


COMMENTED = st.lists(
    st.sampled_from(
        [
            "c:a c:p 1 .",
            "c:b c:p c:a , [ c:q 'x # y' ] .",
            "[] c:p ( 1 2 ) .",
            "_:s c:p 2 . c:c c:p _:s . c:d c:p _:s .",
            "c:b a c:City ; # within\n c:q 3 .",
            "# above",
            "  # indented",
            "",
            "c:a c:r 'x' . # behind",
            "@prefix c: <http://c/> .",
        ]
    ),
    max_size=8,
).map("\n".join)


@seed(20268)
@settings(max_examples=300, deadline=None)
@given(COMMENTED)
def test_formatting_twice_is_formatting_once_and_no_comment_is_lost(body: str) -> None:
    text = "# head\n\n@prefix c: <http://c/> .\n" + body

    once = format_turtle(text, TABLE)

    assert format_turtle(once, TABLE) == once
    assert once.count("# above") == text.count("# above")
    assert once.count("# behind") == text.count("# behind")
    assert once.startswith("# head\n")


@seed(20269)
@settings(max_examples=150, deadline=None)
@given(GRAPHS)
def test_formatting_a_formatted_graph_changes_nothing(graph: list[ox.Quad]) -> None:
    text = format_quads(graph, TABLE)

    assert format_turtle(text, TABLE) == text
