"""What HermiT faults in an ontology is told once, at its line."""

from pathlib import Path

import milieu
from milieu.check.logic import check_logic

ONTOLOGY = """\
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

:City a owl:Class ; owl:disjointWith :Person .
:Person a owl:Class .
:Statue a owl:Class .

:Centaur a owl:Class ; rdfs:subClassOf :City, :Person .
:has a owl:ObjectProperty .
:Made a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty :has ; owl:someValuesFrom :Person ] .
:Owner a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :has ; owl:someValuesFrom :Person ] .
:Maker a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :has ; owl:minCardinality 1 ] ,
  [ a owl:Restriction ; owl:onProperty :has ; owl:allValuesFrom :Person ] .
"""


def test_a_class_without_members_is_told_alone_and_what_the_rules_miss_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "ontology" / "own.ttl").write_text(ONTOLOGY)
    (tmp_path / "data" / "own.ttl").write_text("@prefix : <http://example.org/> .\n:kanazawa a :City .\n")

    found = list(check_logic(milieu.open(tmp_path, cache=tmp_path / "cache")))

    assert [finding.code for finding in found] == ["logic:unsatisfiable", "logic:missed"]
    assert [finding.place.line for finding in found if finding.place] == [9, 13]
    assert "Centaur" in found[0].message
    assert found[1].remedy.startswith("The rules are weaker here. To have it, state ")
