"""JSON-LD with a context says the same as every other format."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

import milieu
from export.ground import make
from milieu.graph import Graph


def written(graph: Graph, name: str = "jsonld-context") -> bytes:
    stream = io.BytesIO()
    graph.export(stream, name)
    return stream.getvalue()


@pytest.fixture
def graph(tmp_path: Path) -> Graph:
    return milieu.open(make(tmp_path / "things"))


def test_a_thing_is_an_object_with_plain_keys(graph: Graph) -> None:
    content: Any = json.loads(written(graph))
    thing = next(thing for thing in content["@graph"] if thing["@id"] == "thing:a")

    assert thing == {
        "@id": "thing:a",
        "@type": ["BigThing", "Thing"],
        "other:title": "two",
        "day": "2009-10-02",
        "latitude": {"@value": "36.5", "@type": "http://www.w3.org/2001/XMLSchema#decimal"},
        "longitude": {"@value": "136.6", "@type": "http://www.w3.org/2001/XMLSchema#decimal"},
        "near": ["thing:b", "thing:c"],
        "since": "2009",
        "size": 36,
        "ex:title": "one",
        "true": True,
        "weight": "-1.5",
        "label": {"en": "A", "ja": "甲"},
    }


def test_the_context_says_what_the_keys_mean(graph: Graph) -> None:
    context = json.loads(written(graph))["@context"]

    assert context["near"] == {"@id": "https://example.org/terms#near", "@type": "@id"}
    assert context["since"] == {
        "@id": "https://example.org/terms#since",
        "@type": "http://www.w3.org/2001/XMLSchema#gYear",
    }
    assert context["label"] == {"@id": "http://www.w3.org/2000/01/rdf-schema#label", "@container": "@language"}
    assert context["size"] == "https://example.org/terms#size"
    assert context["BigThing"] == "https://example.org/terms#BigThing"
    assert context["thing"] == "https://example.org/id/thing/"


@pytest.mark.parametrize("folder", ["things", None], ids=["things", "milieu"])
def test_it_holds_the_statements_of_the_graph(tmp_path: Path, folder: str | None) -> None:
    graph = milieu.open(make(tmp_path / folder) if folder else None)
    read = {quad.triple for quad in ox.parse(written(graph), format=ox.RdfFormat.JSON_LD)}
    said = {quad.triple for quad in ox.parse(written(graph, "ntriples"), format=ox.RdfFormat.N_TRIPLES)}

    assert canonical(read) == canonical(said)


def canonical(triples: set[ox.Triple]) -> ox.Dataset:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def test_another_library_reads_it_alike(graph: Graph) -> None:
    read = rdflib.Graph().parse(data=written(graph), format="json-ld")
    said = rdflib.Graph().parse(data=written(graph, "ntriples"), format="nt")

    assert set(read) == set(said)


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = make(tmp_path / "things")
    one, two = (written(milieu.open(folder, cache=tmp_path / name)) for name in ("one", "two"))

    assert one == two
