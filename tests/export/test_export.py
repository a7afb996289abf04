import io
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import milieu
from milieu.errors import FormatError, StoreError
from milieu.export.rdf import FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_holds_the_same_statements(lighthouses: Path, name: str) -> None:
    graph = milieu.open(lighthouses)
    stream = io.BytesIO()
    count = graph.export(stream, name)
    read = {quad.triple for quad in ox.parse(stream.getvalue(), format=FORMATS[name])}

    assert count == len(graph.build.store.inner) == len(read)
    assert {str(triple) for triple in read} == {str(quad.triple) for quad in graph.build.store.inner}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_graph_gives_the_same_bytes(lighthouses: Path, name: str, tmp_path: Path) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    milieu.open(lighthouses, cache=tmp_path / "one").export(first, name)
    milieu.open(lighthouses, cache=tmp_path / "two").export(second, name)

    assert first.getvalue() == second.getvalue()


@pytest.mark.parametrize(
    ("name", "reader"), [("turtle", "turtle"), ("rdfxml", "xml"), ("jsonld", "json-ld"), ("trig", "trig")]
)
def test_another_library_reads_what_we_write(lighthouses: Path, name: str, reader: str) -> None:
    stream = io.BytesIO()
    count = milieu.open(lighthouses).export(stream, name)
    dataset = rdflib.Dataset()
    dataset.parse(data=stream.getvalue(), format=reader)

    assert sum(1 for _ in dataset.quads()) == count


def test_the_asserted_part_is_what_the_files_say(lighthouses: Path) -> None:
    graph = milieu.open(lighthouses)
    counts = graph.build.manifest["counts"]

    assert graph.export(io.BytesIO(), "ntriples", only="asserted") == counts["asserted"]
    assert graph.export(io.BytesIO(), "turtle", only="inferred") == counts["inferred"]


def test_the_ending_of_a_file_tells_its_format(lighthouses: Path, tmp_path: Path) -> None:
    milieu.open(lighthouses).export(tmp_path / "graph.nt")

    assert (tmp_path / "graph.nt").read_text().startswith("<https://example.org/")
    with pytest.raises(FormatError, match=r"'\.docx' does not tell a format"):
        milieu.open(lighthouses).export(tmp_path / "graph.docx")


def test_a_place_that_cannot_be_written_is_a_clear_error(lighthouses: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be written \(No such file or directory\)"):
        milieu.open(lighthouses).export(tmp_path / "missing" / "graph.ttl")


def test_an_export_that_fails_leaves_the_old_file(
    lighthouses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "graph.ttl").write_text("old")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("milieu.export.file.export", full)
    with pytest.raises(StoreError, match="No space left on device"):
        milieu.open(lighthouses).export(tmp_path / "graph.ttl")

    assert [path.name for path in tmp_path.glob("*graph*")] == ["graph.ttl"]
    assert (tmp_path / "graph.ttl").read_text() == "old"


def test_a_reader_that_stops_early_is_no_error(lighthouses: Path, cache: Path) -> None:
    assert milieu.open(lighthouses, cache=cache).build
    import sys

    command = f"{sys.executable} -m milieu --graph {lighthouses} --cache {cache} export --format nquads | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
