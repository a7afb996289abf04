"""Walks: what a change touches, and what judging that reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from milieu.namespaces import ASSERTED, INFERRED
from milieu.store.oxigraph import OxigraphStore
from milieu.store.seam import Pattern, Triple
from milieu.validate.fragment import Readers, SetView, StoreView, View, collect, in_focus, touched
from milieu.validate.incremental import validate_change
from milieu.validate.neighbourhood import Neighbourhood
from milieu.validate.shapes import Compiled, compile_shapes
from validate.strategies import EX, PREFIXES, triples

SHAPES = """
:City sh:targetClass :C ;
  sh:property [ sh:path rdfs:label ; sh:minCount 1 ] ;
  sh:property [ sh:path :in ; sh:class :Country ] ;
  sh:property [ sh:path ( [ sh:inversePath :of ] :field ) ; sh:maxCount 2 ] .
"""
GRAPH = """
:a a :D ; rdfs:label "a" ; :in :j ; :mayor :k .
:b a :C ; rdfs:label "b" ; :in :j .
:j a :Country ; rdfs:label "j" .
:m :of :a ; :field :x ; :year 2009 .
:D rdfs:subClassOf :C .
"""


class Watched:
    """A view that notes what it was asked."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.asked: list[Sequence[Pattern]] = []

    def match(self, patterns: Sequence[Pattern]) -> Iterable[Triple]:
        self.asked.append(patterns)
        return self.view.match(patterns)


def compiled(text: str = SHAPES) -> Compiled:
    return compile_shapes([("shapes.ttl", (PREFIXES + text).encode())])


def graph(*lines: str) -> list[Triple]:
    return triples(frozenset(lines))


def short(nodes: Iterable[object]) -> set[str]:
    return {str(node).removeprefix(f"<{EX}").removesuffix(">") for node in nodes}


def found(text: str, added: str = "", removed: str = "") -> tuple[set[str], set[str]]:
    """The focus nodes that a change touches, and the triples that judging them reads."""
    readers = Readers(compiled().targets)
    hood = Neighbourhood(SetView(graph(text)), graph(added), graph(removed))
    foci = in_focus(hood, touched(hood, readers, [*hood.added, *hood.removed]), after=False)
    read = collect(hood, in_focus(hood, foci, after=True)).triples
    local = {
        " ".join(str(term).rsplit("/", 1)[-1].rsplit("#", 1)[-1].strip('<>"') for term in triple) for triple in read
    }
    return short(node for nodes in foci.values() for node in nodes), local


def test_a_change_of_a_thing_touches_that_thing_alone_and_reads_around_it() -> None:
    assert found(GRAPH, removed=':a rdfs:label "a" .') == (
        {"a"},
        {"a in j", "j type Country", "m of a", "m field x"},
    )


def test_a_change_is_followed_back_along_paths() -> None:
    assert found(GRAPH, added=":m :field :y .")[0] == {"a"}
    assert found(GRAPH, removed=":j a :Country .")[0] == {"a", "b"}


def test_a_change_that_no_shape_reads_touches_nothing() -> None:
    assert found(GRAPH, added=":a :mayor :l . :m :year 2010 .") == (set(), set())


def test_a_new_class_of_a_thing_puts_it_in_focus() -> None:
    assert found(GRAPH, added=":z a :D .") == ({"z"}, set())


def test_a_thing_that_leaves_its_class_is_touched_but_not_judged() -> None:
    assert found(GRAPH, removed=":b a :C .") == ({"b"}, set())


def test_a_changed_subclass_touches_the_instances_that_it_moves() -> None:
    assert found(GRAPH, removed=":D rdfs:subClassOf :C .")[0] == {"a"}


def test_what_is_added_and_removed_at_once_is_there() -> None:
    assert "a in j" in found(GRAPH, added=":a :in :j .", removed=":a :in :j .")[1]


def test_the_cost_of_a_change_does_not_grow_with_the_graph() -> None:
    small = graph(GRAPH)
    large = small + graph(*(f':c{n} a :C ; rdfs:label "c{n}" ; :in :l{n} . :l{n} a :Country .' for n in range(500)))
    shapes = compiled()
    costs = [validate_change(SetView(g), shapes, graph(":n :of :b ; :field :x .")).cost for g in (small, large)]

    assert costs[0] == costs[1]
    assert costs[0].lookups <= 12


def test_each_round_of_look_ups_is_one_request() -> None:
    view = Watched(SetView(graph(GRAPH)))
    cost = validate_change(view, compiled(), graph(*(f":n{n} :of :a ; :field :x{n} ." for n in range(50)))).cost

    assert cost.requests == len(view.asked) <= 8
    assert cost.lookups == sum(map(len, view.asked))
    assert len({pattern for patterns in view.asked for pattern in patterns}) == cost.lookups  # nothing twice


def test_a_store_is_looked_up_in_its_asserted_graph() -> None:
    store = OxigraphStore(ox.Store())
    store.add(graph(GRAPH), ASSERTED)
    store.add(graph(':b :in :k . :k a :Country ; rdfs:label "k" .'), INFERRED)
    change = graph(":b :in :k .")

    told = validate_change(StoreView(store), compiled(), change)

    assert [(result.code, short([result.value])) for result in told.results] == [("sh:class", {"k"})]


def test_a_view_in_memory_keeps_the_spelling_of_literals() -> None:
    [triple] = SetView.parse(b'<a:> <b:> "007"^^<http://www.w3.org/2001/XMLSchema#integer> .').match(
        [(None, None, None)]
    )

    assert triple[2].value == "007"  # type: ignore[union-attr]
