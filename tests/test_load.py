from pathlib import Path

from milieu.folder import Folder
from milieu.load import load


def test_every_statement_is_loaded_once_with_the_files_that_state_it(lighthouses: Path) -> None:
    (lighthouses / "data" / "again.ttl").write_text(
        "@prefix lh: <https://example.org/lighthouses#> .\n<https://example.org/id/light/high-rock> lh:height 36 .\n"
    )

    loaded = load(Folder.find(lighthouses))
    height = (
        "<https://example.org/id/light/high-rock> <https://example.org/lighthouses#height> "
        '"36"^^<http://www.w3.org/2001/XMLSchema#integer>'
    )

    assert [loaded.files[number] for number in loaded.statements[height]] == ["data/again.ttl", "data/lights.ttl"]


def test_every_syntax_error_of_every_file_is_found_with_its_place(lighthouses: Path) -> None:
    (lighthouses / "data" / "a.ttl").write_text("<https://e.org/a> <https://e.org/b> .\n\n<https://e.org/a> ; .\n")
    (lighthouses / "data" / "b.ttl").write_text("foo:bar a foo:Baz .\n")

    findings = load(Folder.find(lighthouses)).findings

    assert [(finding.code, str(finding.place).rpartition(":")[0]) for finding in findings] == [
        ("syntax", "data/a.ttl:1"),
        ("syntax", "data/a.ttl:3"),
        ("unknown-prefix", "data/b.ttl:1"),
    ]


def test_blank_nodes_of_two_files_never_meet_and_keep_their_names(lighthouses: Path) -> None:
    for name in ("a", "b"):
        (lighthouses / "data" / f"{name}.ttl").write_text("_:x <https://e.org/p> 1 .\n")

    def blank() -> list[str]:
        return sorted(line for line in load(Folder.find(lighthouses)).statements if line.startswith("_:"))

    assert len(blank()) == 2
    assert blank() == blank()


def test_a_byte_order_mark_is_no_mistake(lighthouses: Path) -> None:
    (lighthouses / "data" / "marked.ttl").write_bytes(b"\xef\xbb\xbf<https://e.org/a> <https://e.org/b> 1 .\n")

    assert load(Folder.find(lighthouses)).findings == []
