"""Two SHACL engines behind one seam."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from milieu.errors import FolderError, MissingError
from milieu.validate import engine
from milieu.validate.engine import EngineName, Result, Session, prepare, results, verdict

BOTH = pytest.mark.parametrize("name", ["shifty", "pyshacl"])
PREFIXES = b"@prefix : <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> . "
SHAPES = (
    PREFIXES + b':S sh:targetNode :a ; sh:property :P . :P sh:path :p ; sh:minCount 1 ; sh:message "A p, please."@en .'
)


@BOTH
def test_what_is_missing_is_a_result_with_its_shape_path_and_message(name: EngineName) -> None:
    expected = Result(
        focus="<https://example.org/a>",
        path="<https://example.org/p>",
        value=None,
        source_shape="<https://example.org/P>",
        component="<http://www.w3.org/ns/shacl#MinCountConstraintComponent>",
        severity="<http://www.w3.org/ns/shacl#Violation>",
        messages=('"A p, please."@en',),
    )

    assert results(b"", SHAPES, engine=name) == [expected]


@BOTH
def test_what_is_there_conforms(name: EngineName) -> None:
    assert verdict(PREFIXES + b":a :p 1 .", SHAPES, engine=name)


@BOTH
def test_a_warning_is_a_result_too(name: EngineName) -> None:
    shapes = PREFIXES + b":S sh:targetNode :a ; sh:nodeKind sh:Literal ; sh:severity sh:Warning ."

    assert not verdict(b"", shapes, engine=name)
    assert [result.severity for result in results(b"", shapes, engine=name)] == ["<http://www.w3.org/ns/shacl#Warning>"]


@BOTH
def test_literals_keep_their_spelling(name: EngineName) -> None:
    shapes = PREFIXES + b":S sh:targetSubjectsOf :p ; sh:property :P . :P sh:path :p ; sh:minInclusive 8 ."
    data = PREFIXES + b':a :p "007"^^<http://www.w3.org/2001/XMLSchema#integer> .'

    assert [result.value for result in results(data, shapes, engine=name)] == [
        '"007"^^<http://www.w3.org/2001/XMLSchema#integer>'
    ]


@BOTH
def test_blank_nodes_keep_their_names(name: EngineName) -> None:
    shapes = PREFIXES + b":S sh:targetSubjectsOf :p ; sh:nodeKind sh:IRI ."

    assert [result.focus for result in results(PREFIXES + b"_:b7 :p 1 .", shapes, engine=name)] == ["_:b7"]


@BOTH
def test_text_that_looks_like_an_address_is_not_fetched(name: EngineName) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        prepare(name, SHAPES).conforms(b"https://example.org/data.ttl")


@BOTH
def test_a_query_that_shacl_forbids_is_an_error(name: EngineName) -> None:
    shapes = (
        PREFIXES
        + b':S sh:targetNode :a ; sh:sparql [ sh:select "SELECT $this { $this :p ?v MINUS { $this :p 1 } }" ] .'
    )

    with pytest.raises(FolderError, match=r"^ontology/shapes: the SHACL shapes cannot be used"):
        prepare(name, shapes).conforms(PREFIXES + b":a :p 1 .")


@BOTH
def test_rules_and_imports_have_no_effect(name: EngineName) -> None:
    shapes = (
        SHAPES
        + b""" :O <http://www.w3.org/2002/07/owl#imports> <https://example.org/more> .
      :S sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate :p ; sh:object 1 ] ."""
    )

    assert not verdict(b"", shapes, engine=name)


def test_a_query_that_rdflib_cannot_read_is_an_error_too() -> None:
    shapes = PREFIXES + b':S sh:targetNode :a ; sh:sparql [ sh:select "SELECT $this { $this unknown:p 1 }" ] .'

    with pytest.raises(FolderError, match=r"cannot be used \(Unknown namespace prefix : unknown\)"):
        prepare("pyshacl", shapes).conforms(b"")


def test_the_nested_results_of_a_node_shape_are_its_detail() -> None:
    shapes = SHAPES + b":T sh:targetNode :a ; sh:node :S ."

    [outer] = [result for result in results(b"", shapes) if result.code == "sh:node"]

    assert [result.code for result in outer.detail] == ["sh:minCount"]


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ("<http://www.w3.org/ns/shacl#QualifiedMinCountConstraintComponent>", "sh:qualifiedMinCount"),
        ("<http://www.w3.org/ns/shacl#SPARQLConstraintComponent>", "sh:sparql"),
        ("<https://example.org/Own>", "<https://example.org/Own>"),
    ],
)
def test_a_result_is_known_by_the_parameter_that_people_write(component: str, code: str) -> None:
    assert Result("", None, None, "", component, "").code == code


def test_of_a_whole_graph_the_rust_engine_tells_which_nodes_fail_which_shape() -> None:
    shapes = SHAPES + b" :T sh:targetObjectsOf :q ; sh:nodeKind sh:IRI ; sh:property [ sh:minCount 1 ] ."
    data = PREFIXES + b':b :q :c, "caf\\u00e9"@EN, "007"^^<http://www.w3.org/2001/XMLSchema#integer>, _:d .'

    session = Session(data, shapes)

    assert session.failing("<https://example.org/S>") == {"<https://example.org/a>"}
    assert session.failing("<https://example.org/T>") == {
        "_:d",
        '"café"@en',
        '"007"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }


def test_of_a_whole_graph_too_what_the_rust_engine_cannot_do_is_an_error() -> None:
    shapes = SHAPES + b" :S sh:rule [ a sh:JSRule ] ."

    with pytest.raises(FolderError, match=r"cannot be used \(\[unsupported\] unrecognized sh:rule"):
        Session(b"", shapes)
    with pytest.raises(FolderError, match=r"cannot be used \(invalid shapes graph"):
        Session(b"", PREFIXES + b":S sh:targetNode :a ; sh:path [ :p 1 ] .")


def test_a_missing_engine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    with_fresh_import(monkeypatch)
    monkeypatch.setitem(sys.modules, "shifty", None)

    with pytest.raises(MissingError, match=r"pyshifty is not installed\. Install it: pip install pyshifty"):
        prepare("shifty", SHAPES)


def test_the_unrelated_package_of_the_same_name_is_recognised(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_fresh_import(monkeypatch)
    (tmp_path / "shifty").mkdir()
    (tmp_path / "shifty" / "__init__.py").write_text("")
    (tmp_path / "shifty" / "_shifty.py").write_text("raise SystemExit")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "shifty", raising=False)

    with pytest.raises(MissingError, match="the package imported as 'shifty' is not pyshifty's"):
        prepare("shifty", SHAPES)


def test_whoever_imports_pyshifty_finds_the_engine_that_milieu_uses() -> None:
    prepare("shifty", SHAPES)
    shifty = importlib.import_module("shifty")

    assert shifty.PreparedValidator(SHAPES)._inner.__class__ is engine._shifty().PreparedValidator


def with_fresh_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_shifty", engine._shifty.__wrapped__)
