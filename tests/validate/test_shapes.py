"""Compiled shapes: what engines are given, and how their answers are put back."""

from __future__ import annotations

from collections import Counter
from random import Random

import pyoxigraph as ox
import pytest

from milieu.folder import Folder
from milieu.namespaces import RDF, RDFS
from milieu.validate.engine import EngineName
from milieu.validate.shapes import Compiled, compile_shapes
from validate.strategies import PREFIXES

ENGINES: tuple[EngineName, ...] = ("shifty", "pyshacl")
BOTH = pytest.mark.parametrize("name", ENGINES)


def compiled(text: str) -> Compiled:
    return compile_shapes([("shapes.ttl", (PREFIXES + text).encode())])


@BOTH
def test_complex_paths_come_back_as_they_were_written(name: EngineName) -> None:
    shapes = compiled(":S sh:targetNode :a ; sh:property [ sh:path [ sh:inversePath ( :p :q ) ] ; sh:minCount 1 ] .")

    [result] = shapes.restore(shapes.whole(name).results(b""))

    assert result.path == "^(<https://example.org/p>/<https://example.org/q>)"


@BOTH
def test_anonymous_shapes_and_constraints_come_back_under_their_order_in_the_file(name: EngineName) -> None:
    shapes = compiled(
        ":S sh:targetNode :a ; sh:property [ sh:path :p ; sh:minCount 1 ] , [ sh:path :q ; sh:minCount 1 ] ."
    )

    found = {result.path: result.source_shape for result in shapes.restore(shapes.whole(name).results(b""))}

    assert found == {"<https://example.org/p>": "_:s0", "<https://example.org/q>": "_:s1"}


@BOTH
def test_the_inverse_of_a_sequence_is_walked_from_its_end(name: EngineName) -> None:
    shapes = compiled(":S sh:targetNode :c ; sh:property [ sh:path [ sh:inversePath ( :p :q ) ] ; sh:hasValue :a ] .")
    data = (PREFIXES + ":a :p :b . :b :q :c .").encode()

    assert shapes.whole(name).conforms(data)


@BOTH
def test_a_path_that_comes_to_one_property_does_not_open_a_closed_shape(name: EngineName) -> None:
    shapes = compiled(
        ":S sh:targetNode :a ; sh:closed true ; sh:property [ sh:path [ sh:inversePath [ sh:inversePath :p ] ] ] ."
    )

    assert not shapes.whole(name).conforms((PREFIXES + ":a :p 1 .").encode())


@BOTH
def test_only_the_literal_true_switches_a_parameter_on(name: EngineName) -> None:
    shapes = compiled(':S sh:targetNode :a ; sh:property [ sh:path :p ; sh:uniqueLang "1"^^xsd:boolean ] .')

    assert shapes.whole(name).conforms((PREFIXES + ':a :p "x"@en , "y"@en .').encode())


@BOTH
def test_prefixes_of_imported_declarations_hold_in_queries(name: EngineName) -> None:
    shapes = compiled(
        """:one sh:declare [ sh:prefix "e" ; sh:namespace "https://example.org/" ] . :two owl:imports :one .
        :S sh:targetNode :a ; sh:sparql [ sh:prefixes :two ; sh:select "SELECT $this { $this e:p ?v }" ] ."""
    )

    assert not shapes.whole(name).conforms((PREFIXES + ":a :p 1 .").encode())


@BOTH
def test_focus_nodes_of_any_kind_are_found_by_their_marks(name: EngineName) -> None:
    shapes = compiled(":S sh:targetClass :C ; sh:nodeKind sh:IRI .")
    mark = shapes.targets[0].mark
    data = f'<m:> {mark} _:b . <m:> {mark} "text" . <m:> {mark} <{RDF}type> .'.encode()

    assert shapes.marked(name).failing(data) == {"_:b", '"text"'}


def test_a_shape_may_be_validated_alone() -> None:
    shapes = compiled(":S sh:targetNode :a ; sh:nodeKind sh:Literal . :T sh:targetNode :a ; sh:class :C .")

    codes = {result.code for result in shapes.whole("shifty", ["<https://example.org/T>"]).results(b"")}

    assert codes == {"sh:class"}


def test_a_deactivated_shape_has_no_focus_nodes() -> None:
    assert compiled(":S sh:targetNode :a ; sh:deactivated true .").targets == ()


def test_compiled_shapes_survive_being_kept() -> None:
    shapes = compiled(":S sh:targetClass :C ; sh:property [ sh:path ( :p :q ) ; sh:minCount 1 ] .")
    again = Compiled.from_json(shapes.to_json())

    assert (again.body, again.targets, again.names, again.paths) == (
        shapes.body,
        shapes.targets,
        shapes.names,
        shapes.paths,
    )


def test_what_another_version_kept_is_not_read() -> None:
    with pytest.raises(ValueError, match="compiled shapes of another version"):
        Compiled.from_json('{"version": 0}')


@pytest.fixture(scope="module")
def own() -> Compiled:
    folder = Folder.find()
    return compile_shapes([(folder.relative(path), path.read_bytes()) for path in folder.shapes])


def test_every_shape_of_our_own_is_bounded_and_judged_alike_by_both_engines(own: Compiled) -> None:
    assert own.unbounded == {}
    assert own.doubtful == frozenset()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_engines_find_the_same_in_spoilt_data_of_our_own(own: Compiled, seed: int) -> None:
    data = spoilt(seed)
    rust, reference = (Counter(r.key for r in own.restore(own.whole(name).results(data))) for name in ENGINES)

    assert rust == reference
    assert len(reference) >= 50


def spoilt(seed: int) -> bytes:
    """The classes, and a hundred things of the folder with statements left out and values exchanged for others."""
    random = Random(seed)
    folder = Folder.find()
    hierarchy = (ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "subClassOf"))
    kept = [quad for path in folder.ontology for quad in _parsed(path) if quad.predicate in hierarchy]
    things: dict[object, list[ox.Quad]] = {}
    for path in folder.data:
        for quad in _parsed(path):
            things.setdefault(quad.subject, []).append(quad)
    # Engines order only what is of one kind alike, so that a value takes the place of another of its property.
    values: dict[object, list[ox.Quad]] = {}
    for quad in (quad for quads in things.values() for quad in quads):
        values.setdefault(quad.predicate, []).append(quad)
    for subject in random.sample(sorted(things, key=str), 100):
        for quad in things[subject]:
            chance = random.random()
            if chance > 0.2:
                other = random.choice(values[quad.predicate]).object if chance < 0.3 else quad.object
                kept.append(ox.Quad(quad.subject, quad.predicate, other))
    return "".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in kept).encode()


def _parsed(path: object) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
