"""Tables that spreadsheets and data packages can read."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import milieu
from export.ground import make
from milieu.errors import FormatError, StoreError
from milieu.export.cells import kind_of, safe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "things")


@pytest.fixture
def tables(folder: Path, tmp_path: Path) -> Path:
    milieu.open(folder).export(tmp_path / "out", "csv")
    return tmp_path / "out"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def package(tables: Path) -> Any:
    return json.loads((tables / "datapackage.json").read_text(encoding="utf-8"))


def test_there_is_a_file_per_class_and_a_description_of_them(tables: Path) -> None:
    assert sorted(path.name for path in tables.iterdir()) == ["big-thing.csv", "datapackage.json", "thing.csv"]


def test_a_thing_stands_in_the_table_of_each_of_its_classes(tables: Path) -> None:
    ids = [row["id"].rsplit("/", 1)[-1] for row in rows(tables / "thing.csv")]

    assert ids == ["a", "b", "c"]
    assert [row["id"].rsplit("/", 1)[-1] for row in rows(tables / "big-thing.csv")] == ["a"]


def test_cells_hold_what_the_graph_says(tables: Path) -> None:
    row = rows(tables / "big-thing.csv")[0]

    assert row == {
        "id": "https://example.org/id/thing/a",
        "label@en": "A",
        "label@ja": "甲",
        "title": "two",
        "day": "2009-10-02",
        "latitude": "36.5",
        "longitude": "136.6",
        "near": "https://example.org/id/thing/b | https://example.org/id/thing/c",
        "since": "2009",
        "size": "36",
        "ex:title": "one",
        "true": "true",
        "weight": "-1.5",
    }


def test_no_cell_is_a_formula(tables: Path) -> None:
    row = rows(tables / "thing.csv")[1]

    assert row["label@en"] == "'=HYPERLINK(1)"
    assert row["note"] == "'+1 | @home"
    assert row["size"] == "-5"


def test_quotes_commas_and_line_ends_survive(tables: Path) -> None:
    assert rows(tables / "thing.csv")[2]["note"] == 'two "quoted"\nlines, and a comma'


def test_what_was_inferred_can_be_left_out(folder: Path, tmp_path: Path) -> None:
    assert milieu.open(folder).export(tmp_path / "out", "csv", only="asserted") == 3
    assert len(rows(tmp_path / "out" / "thing.csv")) == 2


def test_the_package_describes_every_column(tables: Path) -> None:
    described = package(tables)
    thing = next(resource for resource in described["resources"] if resource["name"] == "thing")
    fields = {field["name"]: field for field in thing["schema"]["fields"]}
    with (tables / "thing.csv").open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))

    assert (described["title"], described["version"]) == ("Things", "2.1")
    assert described["licenses"] == [{"path": "https://creativecommons.org/licenses/by/4.0/"}]
    assert (thing["title"], thing["description"]) == ("thing", "Anything.")
    assert list(fields) == header
    assert fields["size"] == {
        "name": "size",
        "type": "integer",
        "title": "size",
        "description": "How big it is.",
        "rdfType": "https://example.org/terms#size",
    }
    assert [fields[name]["type"] for name in ("weight", "since", "true", "day")] == [
        "number",
        "year",
        "boolean",
        "date",
    ]
    assert fields["near"]["type"] == "string"


def test_the_package_knows_the_bytes_of_its_files(tables: Path) -> None:
    for resource in package(tables)["resources"]:
        content = (tables / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")


def test_the_same_graph_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        milieu.open(folder, cache=tmp_path / f"cache-{name}").export(tmp_path / name, "csv")

    for path in (tmp_path / "one").iterdir():
        assert (tmp_path / "two" / path.name).read_bytes() == path.read_bytes()


def test_an_earlier_export_is_replaced_and_nothing_else(folder: Path, tables: Path, tmp_path: Path) -> None:
    (tables / "gone.csv").write_text("id\n")
    milieu.open(folder).export(tables, "csv")
    assert not (tables / "gone.csv").exists()

    (tables / "mine.txt").write_text("do not touch")
    with pytest.raises(StoreError, match="the folder holds other files"):
        milieu.open(folder).export(tables, "csv")
    assert (tables / "mine.txt").read_text() == "do not touch"
    assert [path.name for path in tmp_path.glob(".out*")] == []


def test_tables_need_a_folder(milieu: Callable[..., Any], folder: Path) -> None:
    said = milieu("--graph", folder, "export", "--format", "csv")

    assert said.status == 2
    assert "tables are several files. Name a folder for them with -o." in said.err


def test_a_stream_is_no_place_for_tables(folder: Path) -> None:
    import io

    with pytest.raises(FormatError, match="several files"):
        milieu.open(folder).export(io.BytesIO(), "csv")


@given(st.text())
def test_a_safe_cell_begins_like_no_formula_or_is_a_number(text: str) -> None:
    made = safe(text)

    assert made in (text, f"'{text}")
    if made and made[0] in "=+-@\t\r\n":
        assert float(made) is not None


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (ox.Literal("12009", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")), "string"),
        (ox.Literal("-0044", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")), "string"),
        (ox.Literal("2009-10", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYearMonth")), "yearmonth"),
        (ox.NamedNode("https://example.org/"), "uri"),
        (ox.Literal("x", language="en"), "string"),
    ],
)
def test_the_type_of_a_column_is_one_that_its_values_have(value: Any, kind: str) -> None:
    assert kind_of(value) == kind
