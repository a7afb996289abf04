"""HermiT's verdict is asked for safely, and never taken for granted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse

from milieu.errors import MissingError
from milieu.folder import Folder
from milieu.namespaces import ASSERTED
from milieu.reason import close
from milieu.reason.dl import check_dl, hierarchy
from milieu.reason.sample import sample
from reason.ontologies import ROOT, RULES, asserted, triples

CLASH = sorted((Path(__file__).parent / "clash" / "milieu").glob("*.ttl"))
DECLARED = ":City a owl:Class . :Person a owl:Class . :partOf a owl:ObjectProperty . :since a owl:DatatypeProperty ."


def ontology() -> list[Triple]:
    return [quad.triple for path in Folder(ROOT).ontology for quad in parse(path=path, format=RdfFormat.TURTLE)]


def test_our_ontology_with_a_sample_of_our_data_is_consistent_and_classified_as_the_rules_do() -> None:
    axioms = ontology()
    data = [quad.triple for path in Folder(ROOT).data for quad in parse(path=path, format=RdfFormat.TURTLE)]
    rules = hierarchy([*axioms, *close(asserted(axioms), RULES).inferred])
    verdict = check_dl(axioms, sample(axioms, data, each=2), classes=rules)

    assert verdict.verdict == "consistent", verdict.reason
    assert (verdict.unsatisfiable, verdict.missed, verdict.extra) == ((), (), ())
    assert verdict.fine


@pytest.mark.parametrize("path", CLASH[:2], ids=lambda path: path.stem)
def test_what_clashes_by_the_rules_is_inconsistent(path: Path) -> None:
    assert check_dl(ontology(), parse(path=path, format=RdfFormat.TURTLE)).verdict == "inconsistent"


@pytest.mark.long
@pytest.mark.parametrize("path", CLASH[2:], ids=lambda path: path.stem)
def test_all_that_clashes_by_the_rules_is_inconsistent(path: Path) -> None:
    assert check_dl(ontology(), parse(path=path, format=RdfFormat.TURTLE)).verdict == "inconsistent"


def test_a_class_that_can_have_no_members_is_named() -> None:
    verdict = check_dl(triples(DECLARED, ":City owl:disjointWith :Person . :Mayor rdfs:subClassOf :City, :Person ."))

    assert verdict.verdict == "consistent"
    assert verdict.unsatisfiable == ("http://example.org/Mayor",)
    assert not verdict.fine


def test_a_hierarchy_that_the_rules_do_not_find_is_told() -> None:
    # Only a reasoner of OWL DL knows that whoever has two parts has a part, since nothing says what the parts are.
    text = ":Whole owl:equivalentClass [ a owl:Restriction ; owl:onProperty :partOf ; owl:someValuesFrom owl:Thing ] ."
    text += ":Pair rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :partOf ; owl:minCardinality 2 ] ."
    axioms = triples(DECLARED, text)
    verdict = check_dl(axioms, classes=hierarchy(close(asserted(axioms), RULES).inferred))

    assert verdict.missed == (("http://example.org/Pair", "http://example.org/Whole"),)
    assert check_dl(axioms, classes=[("http://example.org/City", "http://example.org/Person")]).extra == (
        ("http://example.org/City", "http://example.org/Person"),
    )


@pytest.mark.parametrize("datatype", ["date", "gYear", "gYearMonth"])
def test_datatypes_that_hermit_stops_at_are_passed_over(datatype: str) -> None:
    axioms = triples(
        DECLARED,
        f":since rdfs:range xsd:{datatype} . :City rdfs:subClassOf [ a owl:Restriction ; "
        f"owl:onProperty :since ; owl:allValuesFrom xsd:{datatype} ] .",
    )
    data = triples(f':kanazawa a :City ; :since "2009"^^xsd:{datatype} .')

    assert check_dl(axioms, data).verdict == "consistent"


def test_what_hermit_refuses_is_unknown_and_its_reason_told() -> None:
    verdict = check_dl(triples(DECLARED, ":partOf a owl:TransitiveProperty, owl:AsymmetricProperty ."))

    assert verdict.verdict == "unknown"
    assert "simple" in verdict.reason


def test_a_reasoner_that_takes_too_long_is_ended_with_all_it_started(tmp_path: Path) -> None:
    verdict = check_dl(ontology(), seconds=0.2)

    assert verdict.verdict == "unknown"
    assert verdict.reason == "HermiT found no verdict within 0.2 seconds"
    assert "HermiT" not in subprocess.run(["ps", "-e", "-o", "args"], capture_output=True, text=True, check=True).stdout


def test_an_iri_that_could_smuggle_in_a_statement_is_not_passed_on() -> None:
    lenient = rb"<http://example.org/a\u003E\u0020.> <http://example.org/b> <http://example.org/c> ."

    assert check_dl(parse(lenient, format=RdfFormat.N_TRIPLES, lenient=True)).verdict == "unknown"


def test_data_cannot_make_python_import_a_module(tmp_path: Path) -> None:
    (tmp_path / "smuggled.py").write_text("raise SystemExit('imported')")
    text = (
        "@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
        ":City a owl:Class . <http://example.org/> a owl:Ontology ; "
        '<http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#python_module> "smuggled" .'
    )
    program = (
        "import sys, pyoxigraph as ox; from milieu.reason.dl import check_dl; "
        f"print(check_dl(ox.parse({text!r}.encode(), format=ox.RdfFormat.TURTLE)).verdict, 'owlready2' in sys.modules)"
    )
    paths = os.pathsep.join([str(ROOT / "src"), str(tmp_path)])
    said = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": paths},
    )

    assert said.stdout == "consistent False\n"


def test_imports_are_not_followed() -> None:
    axioms = triples(DECLARED, "<http://example.org/> a owl:Ontology ; owl:imports <http://127.0.0.1:9/none> .")

    assert check_dl(axioms).verdict == "consistent"


def test_without_the_extra_it_tells_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("milieu.reason.dl.find_spec", lambda package: None)
    with pytest.raises(MissingError, match=r"pip install 'milieu-kg\[dl\]'"):
        check_dl([])


def test_quads_are_as_good_as_triples() -> None:
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object, NamedNode(ASSERTED)) for t in triples(DECLARED))

    assert check_dl(store).verdict == "consistent"
