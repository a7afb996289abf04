from pathlib import Path

import pytest
import rdflib

import milieu
from milieu.errors import StoreError

LH = rdflib.Namespace("https://example.org/lighthouses#")
LIGHT = rdflib.Namespace("https://example.org/id/light/")


def test_the_dataset_is_the_union_of_both_graphs(lighthouses: Path) -> None:
    dataset = milieu.open(lighthouses).dataset()

    assert (LIGHT["high-rock"], LH.height, rdflib.Literal(36)) in dataset
    assert (LIGHT["high-rock"], rdflib.RDF.type, LH.Light) in dataset
    assert len(list(dataset.subjects(rdflib.RDF.type, LH.Light))) == 3


def test_terms_are_those_that_rdflib_itself_would_read(lighthouses: Path) -> None:
    dataset = milieu.open(lighthouses).dataset()

    assert dataset.value(LIGHT["high-rock"], LH.height) == rdflib.Literal(36)
    assert set(dataset.objects(LIGHT["high-rock"], rdflib.RDFS.label)) == {rdflib.Literal("High Rock", lang="en")}


def test_sparql_on_the_dataset_gives_the_rows_of_the_store(lighthouses: Path) -> None:
    rows = milieu.open(lighthouses).dataset().query("SELECT ?l WHERE { ?l lh:height ?h FILTER(?h > 10) } ORDER BY ?l")

    assert [str(row.l) for row in rows] == [str(LIGHT["high-rock"]), str(LIGHT["low-rock"])]


def test_each_graph_can_be_looked_at_alone(lighthouses: Path) -> None:
    dataset = milieu.open(lighthouses).dataset()
    asserted = dataset.graph(rdflib.URIRef("https://w3id.org/milieu/graph/asserted"))

    assert (LIGHT["high-rock"], rdflib.RDF.type, LH.Lighthouse) in asserted
    assert (LIGHT["high-rock"], rdflib.RDF.type, LH.Light) not in asserted
    assert {str(graph.identifier) for graph in dataset.graphs()} >= {
        "https://w3id.org/milieu/graph/asserted",
        "https://w3id.org/milieu/graph/inferred",
    }


def test_the_dataset_is_for_reading(lighthouses: Path) -> None:
    dataset = milieu.open(lighthouses).dataset()

    with pytest.raises(StoreError, match="a build never changes"):
        dataset.add((LIGHT.x, LH.height, rdflib.Literal(1)))
