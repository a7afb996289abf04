"""Every shape has a file that it accepts and one that it refuses."""

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from milieu.folder import Folder
from milieu.turtle.parse import parse
from milieu.validate.incremental import validate_change
from milieu.validate.neighbourhood import SetView
from milieu.validate.whole import FolderShapes, compile_folder

HERE = Path(__file__).parent
SHAPE = "https://w3id.org/milieu/shape/"
CASES = sorted(path.stem for path in (HERE / "invalid").glob("*.ttl"))


@cache
def shapes() -> FolderShapes:
    return compile_folder(Folder.find())


@cache
def base() -> SetView:
    folder = Folder.find()
    files = [*folder.ontology, *(path for path in folder.data if path.parent.name == "vocabularies")]
    quads = [quad for path in files for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
    return SetView((quad.subject, quad.predicate, quad.object) for quad in quads)


def complaints(path: Path) -> set[str]:
    parsed = parse(path.read_bytes(), path.name, "turtle")
    assert parsed.findings == []
    added = [(quad.subject, quad.predicate, quad.object) for quad in parsed.quads]
    return {result.source_shape for result in validate_change(base(), shapes().shapes, added).results}


@pytest.mark.parametrize("name", CASES)
def test_a_shape_refuses_its_invalid_file(name: str) -> None:
    assert f"<{SHAPE}{name}>" in complaints(HERE / "invalid" / f"{name}.ttl")


@pytest.mark.parametrize("name", CASES)
def test_a_shape_accepts_its_valid_file(name: str) -> None:
    assert f"<{SHAPE}{name}>" not in complaints(HERE / "valid" / f"{name}.ttl")


def test_every_shape_has_both_files() -> None:
    """Shapes that only bundle others, or that only serve inside one, are tested through those."""
    import re

    bundles = re.compile(r"-recommended$|^in-")
    named = {
        quad.subject.value.removeprefix(SHAPE)
        for path in Folder.find().shapes
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        if quad.predicate.value.endswith("#message") and isinstance(quad.subject, ox.NamedNode)
    }
    untested = {name for name in named - set(CASES) if not bundles.search(name)}

    assert sorted(path.stem for path in (HERE / "valid").glob("*.ttl")) == CASES
    assert untested <= BUNDLES


# These say nothing themselves but which class of things their property shapes are for.
BUNDLES = {
    "City",
    "ConceptScheme-names",
    "Coordinates",
    "District",
    "Element",
    "Evidence-form",
    "ListEntry-names",
    "Topic-names",
    "memberSince",
}


def test_every_shape_tells_the_contributor_what_to_write() -> None:
    for path in Folder.find().shapes:
        triples = list(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
        said = {quad.subject for quad in triples if quad.predicate.value.endswith("shacl#message")}
        graded = {quad.subject for quad in triples if quad.predicate.value.endswith("shacl#severity")}
        kinds = {
            quad.subject
            for quad in triples
            if isinstance(quad.subject, ox.NamedNode) and str(quad.object).endswith("Shape>")
        }

        assert kinds - said == set()
        assert kinds - graded == set()


def test_every_shape_can_be_bounded() -> None:
    assert shapes().shapes.unbounded == {}
