from pathlib import Path

import pytest

from milieu.errors import FolderError
from milieu.folder import Folder


def test_a_missing_folder_is_named_with_the_option_it_came_from() -> None:
    with pytest.raises(
        FolderError, match=r"--graph: there is no folder 'nowhere'\. Name a folder that holds ontology/"
    ):
        Folder.find("nowhere")


def test_a_folder_without_an_ontology_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="has no ontology/ in it"):
        Folder.find(tmp_path)


def test_the_environment_names_the_folder_when_no_option_does(
    lighthouses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILIEU_GRAPH", str(lighthouses))

    assert Folder.find().name == "lighthouses"


def test_the_prefix_table_is_that_of_the_header(lighthouses: Path) -> None:
    prefixes = Folder.find(lighthouses).prefixes

    assert prefixes["coast"] == "https://example.org/id/coast/"
    assert len(prefixes) == 11


def test_two_headers_are_one_too_many(lighthouses: Path) -> None:
    (lighthouses / "ontology" / "second.ttl").write_text("")

    with pytest.raises(FolderError, match=r"needs exactly one Turtle file .* found lighthouses\.ttl, second\.ttl"):
        _ = Folder.find(lighthouses).header


def test_hidden_files_are_not_part_of_the_folder(lighthouses: Path) -> None:
    (lighthouses / "data" / ".lights.ttl.swp.ttl").write_text("broken")

    assert [path.name for path in Folder.find(lighthouses).data] == ["lights.ttl"]


def test_a_file_that_is_not_utf8_is_refused_with_its_line(lighthouses: Path) -> None:
    path = lighthouses / "data" / "latin.ttl"
    path.write_bytes(b"# one\n# caf\xe9\n")

    with pytest.raises(FolderError, match=r"data/latin\.ttl:2: the file is not UTF-8 text"):
        Folder.find(lighthouses).read(path)


def test_a_folder_without_rules_reasons_by_those_of_owl_rl(lighthouses: Path) -> None:
    assert "transitive.rq" in {path.name for path in Folder.find(lighthouses).rules}
