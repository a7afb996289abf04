"""What every store does alike: claims that hold for the embedded one and for every engine behind the seam."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from milieu.errors import QueryError
from milieu.namespaces import ASSERTED, INFERRED
from milieu.store.seam import Store

EX = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(EX + name)


A, B, C, P, Q = (iri(name) for name in "abcpq")
LITERALS = [
    ox.Literal("plain"),
    ox.Literal("金沢市", language="ja"),
    ox.Literal('two\nlines, a "quote", a \\ and a tab\t'),
    ox.Literal("2009", datatype=ox.NamedNode(f"{XSD}gYear")),
    ox.Literal("2009-10", datatype=ox.NamedNode(f"{XSD}gYearMonth")),
    ox.Literal("2009-10-02", datatype=ox.NamedNode(f"{XSD}date")),
    ox.Literal("36", datatype=ox.NamedNode(f"{XSD}integer")),
    ox.Literal("36.5", datatype=ox.NamedNode(f"{XSD}decimal")),
    ox.Literal("https://example.org/", datatype=ox.NamedNode(f"{XSD}anyURI")),
]


class Battery:
    """The claims; whoever inherits them gives an empty `store` with the prefix `ex:`."""

    @pytest.fixture
    def store(self) -> Store:
        raise NotImplementedError

    def rows(self, store: Store, text: str) -> list[tuple[str | None, ...]]:
        found = store.query(text)
        assert isinstance(found, ox.QuerySolutions)
        return [tuple(None if term is None else str(term) for term in row) for row in found]

    def test_what_was_added_is_found(self, store: Store) -> None:
        store.add([(A, P, B), (A, Q, C)], ASSERTED)

        assert set(store.match([(A, None, None)])) == {(A, P, B), (A, Q, C)}

    def test_what_was_removed_is_gone(self, store: Store) -> None:
        store.add([(A, P, B), (A, Q, C)], ASSERTED)
        store.remove([(A, P, B)], ASSERTED)

        assert set(store.match([(None, None, None)])) == {(A, Q, C)}

    def test_both_graphs_answer_as_one(self, store: Store) -> None:
        store.add([(A, P, B)], ASSERTED)
        store.add([(B, P, C)], INFERRED)

        assert self.rows(store, "SELECT ?x { ex:a ex:p/ex:p ?x }") == [(str(C),)]
        assert self.rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == [(f'"2"^^<{XSD}integer>',)]

    def test_each_graph_can_be_asked_alone(self, store: Store) -> None:
        store.add([(A, P, B)], ASSERTED)
        store.add([(B, P, C)], INFERRED)

        assert set(store.match([(None, P, None)], ASSERTED)) == {(A, P, B)}
        assert set(store.match([(None, P, None)], INFERRED)) == {(B, P, C)}
        assert self.rows(store, f"SELECT ?x {{ GRAPH <{INFERRED}> {{ ?x ex:p ?y }} }}") == [(str(B),)]

    @pytest.mark.parametrize(
        "pattern",
        [(A, None, None), (None, P, None), (None, None, B), (A, P, None), (None, P, B), (A, None, B), (A, P, B)],
        ids=["s", "p", "o", "sp", "po", "so", "spo"],
    )
    def test_a_look_up_gives_what_fits_and_nothing_else(self, store: Store, pattern: tuple[object, ...]) -> None:
        store.add([(A, P, B), (C, Q, A)], ASSERTED)

        assert set(store.match([pattern])) == {(A, P, B)}  # type: ignore[list-item]

    def test_many_look_ups_of_all_kinds_go_together(self, store: Store) -> None:
        store.add([(A, P, B), (B, Q, C), (C, P, ox.Literal("x", language="en"))], ASSERTED)
        patterns = [(A, None, None), (None, Q, C), (None, P, ox.Literal("x", language="en")), (iri("none"), P, None)]

        assert set(store.match(patterns)) == {  # type: ignore[arg-type]
            (A, P, B),
            (B, Q, C),
            (C, P, ox.Literal("x", language="en")),
        }

    def test_no_pattern_finds_nothing(self, store: Store) -> None:
        store.add([(A, P, B)], ASSERTED)

        assert list(store.match([])) == []

    @pytest.mark.parametrize("literal", LITERALS, ids=[str(n) for n in range(len(LITERALS))])
    def test_a_literal_comes_back_as_it_went(self, store: Store, literal: ox.Literal) -> None:
        store.add([(A, P, literal)], ASSERTED)

        assert list(store.match([(A, None, None)])) == [(A, P, literal)]
        assert list(store.match([(None, P, literal)])) == [(A, P, literal)]
        assert self.rows(store, "SELECT ?o { ex:a ex:p ?o }") == [(str(literal),)]

    @pytest.mark.parametrize("word", ["true", "false"])
    def test_truth_comes_back_as_it_went(self, store: Store, word: str) -> None:
        # Not asked for by its value: Virtuoso then gives the number that it takes truth for.
        truth = ox.Literal(word, datatype=ox.NamedNode(f"{XSD}boolean"))
        store.add([(A, P, truth)], ASSERTED)

        assert list(store.match([(A, P, None)])) == [(A, P, truth)]
        assert self.rows(store, "SELECT ?o { ex:a ex:p ?o }") == [(str(truth),)]

    def test_a_blank_node_can_be_looked_up_again(self, store: Store) -> None:
        nameless = ox.BlankNode("b0n1")
        store.add([(A, P, nameless)], ASSERTED)
        store.add([(nameless, Q, C)], ASSERTED)
        found = next(iter(store.match([(A, P, None)])))[2]

        assert isinstance(found, ox.BlankNode)
        assert list(store.match([(found, None, None)])) == [(nameless, Q, C)]
        assert self.rows(store, "SELECT ?x { ex:a ex:p/ex:q ?x }") == [(str(C),)]
        assert self.rows(store, "SELECT ?x { ex:a ex:p ?x }") == [("_:b0n1",)]

    def test_yes_and_no_are_told_apart(self, store: Store) -> None:
        store.add([(A, P, B)], ASSERTED)

        assert bool(store.query("ASK { ex:a ex:p ex:b }"))
        assert not bool(store.query("ASK { ex:b ex:p ex:a }"))

    def test_triples_are_built(self, store: Store) -> None:
        store.add([(A, P, ox.Literal("é", language="fr"))], ASSERTED)
        found = store.query("CONSTRUCT { ?o ex:of ?s } WHERE { ?s ex:p ?x BIND(ex:c AS ?o) }")

        assert isinstance(found, ox.QueryTriples)
        assert [str(triple) for triple in found] == [f"{C} <{EX}of> {A}"]

    def test_no_rows_are_an_answer_too(self, store: Store) -> None:
        found = store.query("SELECT ?a ?b { ?a ex:none ?b }")

        assert isinstance(found, ox.QuerySolutions)
        assert [variable.value for variable in found.variables] == ["a", "b"]
        assert list(found) == []

    def test_an_unbound_variable_is_none(self, store: Store) -> None:
        store.add([(A, P, B)], ASSERTED)

        assert self.rows(store, "SELECT ?x ?y { ?x ex:p ex:b OPTIONAL { ?x ex:q ?y } }") == [(str(A), None)]

    def test_what_is_not_sparql_has_a_place(self, store: Store) -> None:
        with pytest.raises(QueryError, match="line 2, column"):
            store.query("SELECT ?x {\n ?x ex:p }")

    def test_the_prefixes_of_a_query_come_before_those_of_the_folder(self, store: Store) -> None:
        store.add([(A, P, B)], ASSERTED)

        text = "PREFIX ex: <https://example.com/> PREFIX own: <https://example.org/> SELECT ?x { ?x own:p own:b }"
        assert self.rows(store, text) == [(str(A),)]
