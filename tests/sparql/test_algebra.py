"""The pattern of a query as a tree, and why an answer is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from milieu.errors import QueryError
from milieu.sparql.algebra import empty_because, form, patterns, variables

if TYPE_CHECKING:
    from milieu.sparql.node import Node

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def outline(node: Node) -> str:
    """The kinds of a tree, its triples by their text."""
    inside = " ".join(outline(child) for child in node.children)
    if node.kind == "triple":
        return f"`{node.text}`"
    return f"{node.kind}({inside})" if inside else node.kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * {}", "SELECT"),
        ("BASE <a:> PREFIX ASK: <b:> PREFIX : <c:> construct where { ?s ?p ?o }", "CONSTRUCT"),
        ("# SELECT\nask {}", "ASK"),
        ("DESCRIBE <a:b>", "DESCRIBE"),
    ],
)
def test_the_form_is_the_word_after_the_prologue(text: str, expected: str) -> None:
    assert form(text) == expected


@pytest.mark.parametrize("text", ["", "PREFIX a: <b:>", "INSERT DATA { }", "?x", "{ ?s ?p ?o }"])
def test_what_begins_no_query_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match=r"begins no query|there is no query"):
        form(text)


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o", "SELECT (1 AS ?x { }", "ASK { { }"])
def test_brackets_that_do_not_match_are_refused(text: str) -> None:
    with pytest.raises(QueryError, match="cannot be taken apart"):
        patterns(text)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT ?b $a { ?a ?p ?b }", ["b", "a"]),
        ("SELECT DISTINCT ?a (COUNT(DISTINCT ?b) AS ?n) WHERE { ?a ?p ?b } GROUP BY ?a", ["a", "n"]),
        ("SELECT (IF(EXISTS { ?a ?p ?q }, 1, 2) AS ?x) ?a { ?a ?p ?b }", ["x", "a"]),
        ("SELECT ?a FROM <a:b> { ?a ?p ?b }", ["a"]),
        ("SELECT * { ?a a ?b ; ?p [ ?q ?c ] }", ["q", "c", "a", "b", "p"]),
        ("SELECT * { ?a <p:p>+ 1 OPTIONAL { ?b ?c 2 } }", ["a", "b", "c"]),
        ("SELECT * { { ?a ?b 1 } UNION { ?c ?a 1 } }", ["a", "b", "c"]),
        ("SELECT * { GRAPH ?g { ?a a 1 } BIND(1 AS ?x) VALUES (?y ?z) { (1 2) } }", ["g", "a", "x", "y", "z"]),
        ("SELECT * { ?a a 1 MINUS { ?b a 1 } FILTER EXISTS { ?c a 1 } FILTER(?d > 1) }", ["a"]),
        ("SELECT * { { SELECT ?a (1 AS ?b) { ?a ?c 1 } } }", ["a", "b"]),
        ("SELECT * { { SELECT * { ?a a 1 } VALUES ?b { 1 } } } VALUES ?c { 1 }", ["a", "b", "c"]),
        ("ASK { ?a ?b ?c }", []),
        ("CONSTRUCT { ?a ?b ?c } { ?a ?b ?c }", []),
    ],
)
def test_the_columns_are_those_that_the_engine_gives(text: str, columns: list[str]) -> None:
    assert sorted(variables(text)) == sorted(columns)
    answer = ox.Store().query(text)
    if isinstance(answer, ox.QuerySolutions):
        assert sorted(variable.value for variable in answer.variables) == sorted(columns)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", "group"),
        ("?s a ex:C", "group(`?s a ex:C`)"),
        (
            "?s a ex:C . ?s ex:p 1, 'x'@en ; ex:q true ; .",
            "group(`?s a ex:C` `?s ex:p 1` `?s ex:p 'x'@en` `?s ex:q true`)",
        ),
        ("?s ex:p/^ex:q*|!(ex:r|^a) -1.5", "group(`?s ex:p/^ex:q*|!(ex:r|^a) -1.5`)"),
        ("?s (ex:p+)? '5'^^ex:t", "group(`?s (ex:p+)? '5'^^ex:t`)"),
        ("[] ex:p _:b", "group(`_:anon1 ex:p _:b`)"),
        ("[ ex:p 1 ] .", "group(`_:anon1 ex:p 1`)"),
        ("[ ex:p 1 ] ex:q 2", "group(`_:anon1 ex:p 1` `_:anon1 ex:q 2`)"),
        ("?s ex:p [ ex:q [] ]", "group(`_:anon1 ex:q _:anon2` `?s ex:p _:anon1`)"),
        ("_:anon1 ex:p []", "group(`_:anon1 ex:p _:anonx1`)"),
        ("?s ex:p ()", f"group(`?s ex:p <{RDF}nil>`)"),
        (
            "?s ex:p (1 ?x)",
            (
                f"group(`_:anon1 <{RDF}first> 1` `_:anon1 <{RDF}rest> _:anon2` `_:anon2 <{RDF}first> ?x` "
                f"`_:anon2 <{RDF}rest> <{RDF}nil>` `?s ex:p _:anon1`)"
            ),
        ),
        ("?s ?p ?o OPTIONAL { ?s a ?c FILTER(1) } ?a ?b ?c", "group(`?s ?p ?o` optional(`?s a ?c` filter) `?a ?b ?c`)"),
        ("{ ?a a ?b } UNION { ?c a ?d } UNION {}", "group(union(group(`?a a ?b`) group(`?c a ?d`) group))"),
        ("{ { ?a a ?b } }", "group(group(group(`?a a ?b`)))"),
        ("?a a ?b MINUS { ?a a 1 }", "group(`?a a ?b` minus(`?a a 1`))"),
        ("GRAPH ex:g { ?a a ?b }", "group(graph(`?a a ?b`))"),
        (
            "FILTER NOT EXISTS { ?a a ?b } FILTER REGEX(?x, ')') FILTER(?x > (1+2))",
            "group(filter(group(`?a a ?b`)) filter filter)",
        ),
        ("FILTER(?x = 1 && EXISTS { ?a a ?b })", "group(filter(group(`?a a ?b`)))"),
        ("FILTER ex:f(?x)", "group(filter)"),
        ("BIND(IF(?x, '}', 2) AS ?y)", "group(bind)"),
        ("VALUES (?x ?y) { (1 UNDEF) ('}' ex:a) }", "group(values)"),
        ("{ SELECT ?x { ?x a 1 } LIMIT 1 }", "group(group(subselect(group(`?x a 1`))))"),
        ("SELECT ?x { ?x a 1 }", "group(subselect(group(`?x a 1`)))"),
        ("SERVICE SILENT ex:s { ?a a ?b }", "group(service(`?a a ?b`))"),
        ("?a a ?b . ?x SOMETHING ?y . { ?c a ?d }", "group(`?a a ?b` opaque)"),
        ("{ ?x SOMETHING ?y } ?a a ?b", "group(group(opaque) `?a a ?b`)"),
    ],
)
def test_each_construct_has_its_place_in_the_tree(pattern: str, expected: str) -> None:
    assert outline(patterns(f"PREFIX ex: <a:> ASK {{ {pattern} }}")) == expected


def test_a_node_knows_its_source_and_place() -> None:
    text = "SELECT ?s {\n  ?s a ?c ;\n     <p:p> 1 .\n  OPTIONAL { ?s ?p ?o }\n}"
    first, second, third = patterns(text).children

    assert (first.line, first.column, text[first.start : first.end]) == (2, 3, "?s a ?c")
    assert (second.line, second.column, text[second.start : second.end]) == (3, 6, "<p:p> 1")
    assert (second.terms, second.variables) == (("?s", "<p:p>", "1"), ("s",))
    assert (third.line, third.text) == (4, "OPTIONAL { ?s ?p ?o }")


def test_a_values_block_after_the_pattern_belongs_to_it() -> None:
    node = patterns("SELECT ?s { ?s a ?c } ORDER BY (?s) LIMIT 1 VALUES ?c { <a:b> }")

    assert [child.text for child in node.children] == ["?s a ?c", "VALUES ?c { <a:b> }"]


def test_a_query_without_pattern_has_an_empty_group() -> None:
    assert patterns("DESCRIBE <a:b>").children == ()


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    data = """
        @prefix e: <https://e.org/> .
        e:kanazawa a e:City ; e:field e:crafts ; e:year 2009 .
        e:osaka a e:City ; e:name "Osaka" .
    """
    store.load(data.encode(), format=ox.RdfFormat.TURTLE)
    store.load(data.encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("https://e.org/g"))
    return store


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT ?c {\n ?c a e:City ;\n e:mayor ?m }", "line 3: no statement matches `?c e:mayor ?m`"),
        (
            "SELECT ?c {\n ?c e:field ?f .\n ?c e:name ?n }",
            "line 3: `?c e:name ?n` matches nothing together with what is asked before it",
        ),
        ("ASK { ?c a e:Town }", "line 1: no statement matches `?c a e:Town`"),
        ("SELECT ?c { ?c e:year ?y\n FILTER(?y > 2010) }", "line 2: FILTER leaves nothing"),
        (
            "SELECT ?c { FILTER(?y > 2000) ?c e:year ?y . ?c e:mayor ?m }",
            "line 1: no statement matches `?c e:mayor ?m`",
        ),
        ("SELECT ?c { ?c a e:City OPTIONAL { ?c e:no ?x } FILTER(BOUND(?x)) }", "line 1: FILTER leaves nothing"),
        ("SELECT ?c { ?c a e:City\n MINUS { ?c a ?t } }", "line 2: MINUS leaves nothing"),
        ("SELECT ?c {\n { ?c a e:Town } UNION { ?c a e:Village } }", "line 2: UNION leaves nothing"),
        ("SELECT ?c { ?c a e:City {\n ?c e:year 1 } }", "line 2: no statement matches `?c e:year 1`"),
        ("SELECT ?c { GRAPH e:g {\n ?c a e:City .\n ?c e:year 1 } }", "line 3: no statement matches `?c e:year 1`"),
        ("SELECT ?c { GRAPH e:h { ?c a e:City } }", "line 1: no statement matches `?c a e:City`"),
        ("SELECT ?c { ?c a e:City } VALUES ?c { e:tokyo }", "line 1: VALUES leaves nothing"),
        ("SELECT ?c { ?c a e:City BIND(1 AS ?x)\n VALUES ?x { 2 } }", "line 2: VALUES leaves nothing"),
        ("SELECT ?c { ?c a e:City { SELECT ?c { ?c e:year ?y } LIMIT 0 } }", "line 1: the inner SELECT leaves nothing"),
        ("SELECT ?c { ?c e:year [ e:of [] ] }", "line 1: no statement matches `[] e:of []`"),
        ("SELECT ?c { ?c a/e:of ?x }", "line 1: no statement matches `?c a/e:of ?x`"),
        (
            "SELECT ?t { ?c a ?t } GROUP BY ?t\nHAVING(COUNT(*) > 9)",
            "line 2: the pattern matches, but HAVING leaves no row",
        ),
        ("SELECT ?c { ?c a e:City } OFFSET 9", "line 1: the pattern matches, but OFFSET leaves no row"),
        ("CONSTRUCT { ?c a e:Town } { ?c a e:Village }", "line 1: no statement matches `?c a e:Village`"),
    ],
)
def test_an_empty_answer_is_explained_by_the_piece_that_leaves_nothing(
    store: ox.Store, query: str, reason: str
) -> None:
    text = "PREFIX e: <https://e.org/> " + query
    answer = store.query(text)
    assert not answer if isinstance(answer, ox.QueryBoolean) else list(answer) == []

    assert empty_because(text, lambda ask: bool(store.query(ask))) == reason


def test_an_answer_that_is_not_empty_has_no_such_reason(store: ox.Store) -> None:
    assert empty_because("SELECT ?s { ?s ?p ?o }", lambda ask: bool(store.query(ask))) is None
