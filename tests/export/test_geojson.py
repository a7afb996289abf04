"""Features for maps."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

import milieu
from export.ground import make


@pytest.fixture
def collection(tmp_path: Path) -> Any:
    stream = io.BytesIO()
    assert milieu.open(make(tmp_path / "things")).export(stream, "geojson") == 2
    return json.loads(stream.getvalue())


def test_whatever_has_coordinates_on_the_globe_is_a_point(collection: Any) -> None:
    found = [(feature["id"].rsplit("/", 1)[-1], feature["geometry"]) for feature in collection["features"]]

    assert collection["type"] == "FeatureCollection"
    assert found == [
        ("a", {"type": "Point", "coordinates": [136.6, 36.5]}),
        ("b", {"type": "Point", "coordinates": [-4.1, 52.4]}),
    ]


def test_what_is_said_of_it_goes_with_it(collection: Any) -> None:
    assert collection["features"][0]["properties"] == {
        "type": ["BigThing", "Thing"],
        "title": "two",
        "day": "2009-10-02",
        "near": ["https://example.org/id/thing/b", "https://example.org/id/thing/c"],
        "since": 2009,
        "size": 36,
        "ex:title": "one",
        "true": True,
        "weight": -1.5,
        "label": "A",
        "label@ja": "甲",
    }


def test_the_ending_tells_the_format(tmp_path: Path) -> None:
    graph = milieu.open(make(tmp_path / "things"))

    assert graph.export(tmp_path / "map.geojson") == 2
    assert len((tmp_path / "map.geojson").read_text(encoding="utf-8").splitlines()) == 4


def test_every_city_of_the_graph_is_on_the_map(tmp_path: Path) -> None:
    stream = io.BytesIO()
    milieu.open().export(stream, "geojson", only="asserted")
    kanazawa = next(f for f in json.loads(stream.getvalue())["features"] if f["id"].endswith("/city/kanazawa"))

    longitude, latitude = kanazawa["geometry"]["coordinates"]
    assert (round(longitude), round(latitude)) == (137, 37)
    assert kanazawa["properties"]["label@ja"] == "金沢市"
