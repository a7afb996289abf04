"""Footprints: what the evaluation of a shape reads."""

from __future__ import annotations

import pytest

from milieu.errors import FolderError
from milieu.validate.automaton import FOCUS, Footprint
from milieu.validate.shapes import Compiled, TargetShape, compile_shapes

HEAD = """@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
: sh:declare [ sh:prefix "" ; sh:namespace "http://e/" ] .
"""
TYPE = "a/subClassOf*"


def target(text: str, name: str = "<http://e/S>") -> TargetShape:
    compiled = compile_shapes([("shapes.ttl", (HEAD + text).encode())])
    assert Compiled.from_json(compiled.to_json()).targets == compiled.targets
    return {target.name: target for target in compiled.targets}[name]


def chains(footprint: Footprint) -> set[str]:
    """Every chain of steps from the focus node, rings once round, as SPARQL would write it."""
    found: set[str] = set()

    def go(state: int, way: tuple[str, ...], seen: frozenset[int]) -> None:
        for edge in footprint.edges:
            if edge.reads and edge.source == state and edge.target not in seen:
                name = (
                    "ANY"
                    if edge.predicate is None
                    else edge.predicate.strip("<>").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
                )
                step = ("^" if edge.inverse else "") + name + (f"={edge.constant}" if edge.constant else "")
                found.add("/".join((*way, step)))
                go(edge.target, (*way, step), seen | {edge.target})
        for here, there in footprint.silent:
            if here == state and there not in seen:
                go(there, way, seen | {there})

    go(FOCUS, (), frozenset([FOCUS]))
    return found


def read(constraints: str) -> set[str]:
    return chains(target(f":S sh:targetNode :a ; {constraints} .").footprint)


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        ("sh:nodeKind sh:IRI", set()),
        ("sh:property [ sh:path :p ; sh:minCount 1 ]", {"p"}),
        ("sh:property [ sh:path ( :p [ sh:inversePath :q ] ) ; sh:maxCount 1 ]", {"p", "p/^q"}),
        ("sh:property [ sh:path [ sh:alternativePath ( :p :q ) ] ; sh:uniqueLang true ]", {"p", "q"}),
        ("sh:property [ sh:path [ sh:oneOrMorePath :p ] ; sh:hasValue 1 ]", {"p", "p/p"}),
        ("sh:property [ sh:path ( [ sh:zeroOrOnePath :p ] :q ) ; sh:in ( 1 ) ]", {"p", "q", "p/q"}),
        ("sh:class :C", {"type", "type/subClassOf"}),
        ("sh:property [ sh:path :p ; sh:class :C ]", {"p", "p/type", "p/type/subClassOf"}),
        ("sh:equals :p ; sh:disjoint :q", {"p", "q"}),
        ("sh:property [ sh:path :p ; sh:lessThan :q ; sh:lessThanOrEquals :r ]", {"p", "q", "r"}),
        ("sh:closed true ; sh:property [ sh:path :p ]", {"p", "ANY"}),
        ("sh:closed false", set()),
        ("sh:node [ sh:property [ sh:path :p ] ]", {"p"}),
        ("sh:not [ sh:path :p ; sh:property [ sh:path :q ] ]", {"p", "p/q"}),
        ("sh:and ( [ sh:path :p ] ) ; sh:or ( [ sh:path :q ] ) ; sh:xone ( [ sh:path :r ] )", {"p", "q", "r"}),
        (
            """sh:property [ sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ;
                 sh:qualifiedValueShape [ sh:property [ sh:path :q ] ] ] ,
               [ sh:path :p ; sh:qualifiedMaxCount 1 ; sh:qualifiedValueShape [ sh:property [ sh:path :r ] ] ]""",
            {"p", "p/q", "p/r"},
        ),
        ("sh:node [ sh:deactivated true ; sh:class :C ]", set()),
    ],
)
def test_a_core_constraint_reads_the_chains_of_its_parameters(constraints: str, expected: set[str]) -> None:
    assert read(constraints) == expected


def select(where: str) -> str:
    return f'sh:sparql [ sh:prefixes : ; sh:select """SELECT $this WHERE {{ {where} }}""" ]'


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("$this :p ?x . ?x :q ?y", {"p", "p/q"}),
        ("?x :p $this ; :q ?y", {"^p", "^p/q"}),
        ("$this :p 1", {'p="1"^^<http://www.w3.org/2001/XMLSchema#integer>'}),
        ("?x :p $this ; a :C", {"^p", "^p/type=<http://e/C>"}),
        ("$this :p+/^:q ?x", {"p", "p/^q", "p/p"}),
        ("$this :p ?x FILTER NOT EXISTS { ?x :q ?y . ?y :r $this }", {"p", "p/q", "p/q/r"}),
        ("$this :p ?x OPTIONAL { ?x :q ?y OPTIONAL { ?y :r ?z } }", {"p", "p/q", "p/q/r"}),
        ("{ $this :p ?x } UNION { ?x :q $this } ?x :r ?y", {"p", "^q", "p/r", "^q/r"}),
        ("$this :p ?x { SELECT $this ?x (COUNT(?y) AS ?n) { ?x :q ?y } GROUP BY $this ?x }", {"p", "p/q"}),
        ("$this ?any ?x . ?x :p 1", {"ANY", 'ANY/p="1"^^<http://www.w3.org/2001/XMLSchema#integer>'}),
        ("$this :p [ :q ?x ]", {"p", "p/q"}),
        ("$this :p ?x BIND (?x AS ?y) FILTER (?y > 1)", {"p"}),
        ("FILTER ($this = :a)", set()),
    ],
)
def test_a_query_reads_what_leads_from_this_over_shared_variables(where: str, expected: set[str]) -> None:
    assert read(select(where)) == expected


@pytest.mark.parametrize(
    "where",
    [
        "$this :p ?x . ?u :q ?v FILTER (?v = ?x)",
        "$this :p ?x BIND (?x AS ?y) ?y :q ?z",
        "$this :p ?x FILTER NOT EXISTS { ?u a :C }",
        "$this :p ?x OPTIONAL { $this :q ?y } ?y :r ?z",
        "$this :p ?x { ?y :q $this OPTIONAL { ?x :r ?z } }",
        "{ $this :p ?x } UNION { $this :q ?y } ?x :r ?z",
        "?x ?any $this",
        "$this !(^:p) ?x",
        "$this :p ?x { SELECT $this ?x { ?x :q ?y } LIMIT 1 }",
        "$this :p ?x { SELECT (COUNT(?x) AS ?n) { ?y :q ?x } }",
        "GRAPH $shapesGraph { $this :p ?x }",
    ],
)
def test_a_query_that_reads_beyond_them_has_no_bound(where: str) -> None:
    footprint = target(f":S sh:targetNode :a ; {select(where)} .").footprint

    assert footprint.reason is not None
    assert footprint.edges == ()


def test_a_shape_without_bound_still_knows_its_properties() -> None:
    footprint = target(
        f":S sh:targetSubjectsOf :t ; sh:property [ sh:path :p ] ; {select('$this :q ?x . ?u :r ?v')} ."
    ).footprint

    assert footprint.reason == (
        "<http://e/S> sparql: the pattern ?u <http://e/r> ?v is not joined to $this by variables that are surely bound"
    )
    assert footprint.predicates == {"<http://e/t>", "<http://e/p>", "<http://e/q>", "<http://e/r>"}


def test_reading_takes_the_narrow_way_there_and_finding_the_narrow_way_back() -> None:
    query = select("?m :city $this ; :field ?f . $this :hasField ?f")
    footprint = target(f":S sh:targetNode :a ; {query} .").footprint
    back = {(edge.source == FOCUS, edge.predicate, edge.inverse) for edge in footprint.edges if edge.finds}

    assert chains(footprint) == {"^city", "^city/field", "hasField"}
    # A changed field of a membership leads to its city over the membership, not to all cities that have that field.
    assert back == {
        (True, "<http://e/city>", True),
        (False, "<http://e/field>", False),
        (True, "<http://e/hasField>", False),
    }


def test_targets_are_found_backwards_and_not_read() -> None:
    shape = target(":S sh:targetClass :C ; sh:targetSubjectsOf :p ; sh:targetObjectsOf :q .")

    assert not any(edge.reads for edge in shape.footprint.edges)
    assert {(edge.predicate, edge.inverse) for edge in shape.footprint.edges if edge.finds} == {
        ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", False),
        ("<http://www.w3.org/2000/01/rdf-schema#subClassOf>", False),
        ("<http://e/p>", False),
        ("<http://e/q>", True),
    }


def test_a_shape_that_is_a_class_targets_its_instances() -> None:
    assert target(":C a owl:Class , sh:NodeShape .", "<http://e/C>").classes == ("<http://e/C>",)


def test_a_component_of_our_own_reads_what_its_validators_read() -> None:
    component = """:Needs a sh:ConstraintComponent ;
      sh:parameter [ sh:path :needs ] , [ sh:path :more ; sh:optional true ] ;
      sh:nodeValidator [ sh:prefixes : ; sh:select "SELECT $this { $this :p $needs }" ] ;
      sh:validator [ sh:prefixes : ; sh:ask "ASK { $value $needs ?x . ?y :q $this }" ] .
    """

    assert chains(target(component + ":S sh:targetNode :a ; :needs :b .").footprint) == {"p=<http://e/b>"}
    assert chains(target(component + ":S sh:targetNode :a ; sh:path :r ; :needs :b .").footprint) == {"r", "r/b", "^q"}
    assert chains(target(component + ":S sh:targetNode :a ; :more :b .").footprint) == set()


@pytest.mark.parametrize(
    ("shapes", "ring"),
    [
        (":S sh:targetNode :a ; sh:node :S .", "<http://e/S> → <http://e/S>"),
        (
            ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:not :T ] . :T sh:or ( :S ) .",
            "<http://e/S> → <http://e/S> property → <http://e/T> → <http://e/S>",
        ),
    ],
)
def test_a_recursive_shape_is_refused_with_its_ring(shapes: str, ring: str) -> None:
    with pytest.raises(FolderError) as refused:
        target(shapes)

    assert refused.value.message == f"the shape is recursive ({ring}), which SHACL leaves undefined"
    assert refused.value.place == "shapes.ttl"


@pytest.mark.parametrize("what", ["sh:js [ ]", "sh:target [ ]", "sh:expression :x"])
def test_what_goes_beyond_core_and_sparql_is_refused(what: str) -> None:
    with pytest.raises(FolderError, match=r"shapes\.ttl: the shape <http://e/S> has a"):
        target(f":S sh:targetNode :a ; {what} .")


def test_a_file_that_is_not_turtle_is_refused_with_its_line() -> None:
    with pytest.raises(FolderError) as refused:
        compile_shapes([("broken.ttl", b"<http://e/S> a\n <http://e/T")])

    assert str(refused.value.place).startswith("broken.ttl:2:")
