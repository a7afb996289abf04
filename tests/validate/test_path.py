"""Property paths: read from shapes, spelled as SPARQL, made plain."""

from __future__ import annotations

import pytest

from milieu.errors import FolderError
from milieu.validate.path import plain, read_path, sparql, triples_of
from milieu.validate.shapegraph import ShapeGraph

HEAD = "@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> . :S sh:path "
P, Q, R = "<http://e/p>", "<http://e/q>", "<http://e/r>"


def graph(path: str) -> tuple[ShapeGraph, str]:
    found = ShapeGraph([("shapes.ttl", f"{HEAD}{path} .".encode())])
    return found, str(found.one("<http://e/S>", "path"))


@pytest.mark.parametrize(
    ("turtle", "written", "made_plain"),
    [
        (":p", P, P),
        ("[ sh:inversePath :p ]", f"^{P}", f"^{P}"),
        ("( :p :q )", f"{P}/{Q}", f"{P}/{Q}"),
        ("[ sh:alternativePath ( :p ( :q :r ) ) ]", f"{P}|{Q}/{R}", f"{P}|{Q}/{R}"),
        ("( [ sh:alternativePath ( :p :q ) ] :r )", f"({P}|{Q})/{R}", f"({P}|{Q})/{R}"),
        ("[ sh:zeroOrMorePath [ sh:inversePath :p ] ]", f"(^{P})*", f"(^{P})*"),
        ("[ sh:inversePath ( :p [ sh:oneOrMorePath :q ] ) ]", f"^({P}/{Q}+)", f"(^{Q})+/^{P}"),
        ("[ sh:inversePath [ sh:inversePath :p ] ]", f"^(^{P})", P),
        ("[ sh:zeroOrOnePath [ sh:oneOrMorePath :p ] ]", f"({P}+)?", f"{P}*"),
    ],
)
def test_a_path_is_spelled_as_in_sparql(turtle: str, written: str, made_plain: str) -> None:
    path = read_path(*graph(turtle))

    assert (sparql(path), sparql(plain(path))) == (written, made_plain)


@pytest.mark.parametrize(
    "turtle",
    [
        "( [ sh:inversePath :p ] [ sh:zeroOrMorePath ( :q :r ) ] )",
        "[ sh:alternativePath ( [ sh:oneOrMorePath :p ] [ sh:zeroOrOnePath [ sh:inversePath :q ] ] :r ) ]",
    ],
)
def test_a_plain_path_written_as_triples_reads_the_same(turtle: str) -> None:
    path = plain(read_path(*graph(turtle)))
    lines = "".join(f"{' '.join(triple)} .\n" for triple in triples_of(path, "_:path"))
    again, node = graph(f"_:path .\n{lines} :x :y :z")

    assert sparql(read_path(again, node)) == sparql(path)


@pytest.mark.parametrize("turtle", ['"p"', "[ ]", "( :p [ sh:inversePath 1 ] )", "_:x . _:x sh:inversePath _:x"])
def test_what_is_no_path_is_named_with_its_place(turtle: str) -> None:
    with pytest.raises(FolderError, match="is not a property path"):
        read_path(*graph(turtle))
