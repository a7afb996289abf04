"""Look-ups as SPARQL, and blank nodes on their way to engines and back."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from milieu.namespaces import ASSERTED
from milieu.store.lookup import lookups
from milieu.store.oxigraph import OxigraphStore
from milieu.store.skolem import blank, named, skolemised

NODES = [ox.NamedNode(f"https://example.org/{name}") for name in "abcd"]
TERMS = st.sampled_from([*NODES, ox.Literal("x", language="en"), ox.Literal("1"), ox.BlankNode("b")])
SUBJECTS = st.sampled_from([*NODES, ox.BlankNode("b"), ox.BlankNode("c")])
TRIPLES = st.tuples(SUBJECTS, st.sampled_from(NODES), TERMS)
PATTERNS = st.tuples(st.none() | SUBJECTS, st.none() | st.sampled_from(NODES), st.none() | TERMS)


@given(st.sets(TRIPLES, max_size=12), st.lists(PATTERNS, max_size=8))
def test_look_ups_as_sparql_give_what_look_ups_in_the_store_give(triples: set[object], patterns: list[object]) -> None:
    here = OxigraphStore(ox.Store())
    here.add(triples, ASSERTED)  # type: ignore[arg-type]
    there = OxigraphStore(ox.Store())
    there.add([tuple(map(named, triple)) for triple in triples], ASSERTED)  # type: ignore[arg-type,misc]
    found = set()
    for text in lookups(patterns, at_once=3):  # type: ignore[arg-type]
        found |= {tuple(map(blank, row)) for row in there.query(text)}  # type: ignore[union-attr]

    assert found == set(here.match(patterns))  # type: ignore[arg-type]


@given(st.sets(TRIPLES, max_size=6))
def test_blank_nodes_come_back_as_they_went(triples: set[tuple[object, ...]]) -> None:
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    sent = list(ox.parse(skolemised(lines).encode(), format=ox.RdfFormat.N_TRIPLES))

    assert "_:" not in skolemised(lines)
    assert {(blank(quad.subject), quad.predicate, blank(quad.object)) for quad in sent} == triples


def test_text_that_looks_like_a_blank_node_stays_as_it_is() -> None:
    line = '<https://example.org/a> <https://example.org/p> "> _:b0 <https://example.org/g> .\\n_:b1 " .\n'

    assert skolemised(line) == line
