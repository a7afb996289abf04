"""The house keeps its own rules: which way imports point, how long modules are, what they are called."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "milieu"
# From the bottom up: what stands in a line may import what stands in the lines above it, and its own.
LAYERS = [
    {"errors", "namespaces", "finding", "spelling"},
    {"atomic"},
    {"folder"},
    {"turtle", "sparql"},
    {"load"},
    {"store"},
    {"query"},
    {"reason"},
    {"validate"},
    {"explain"},
    {"build"},
    {"export", "contribute", "publish"},
    {"graph"},
    {"check"},
    {"worker"},
    {"publish"},
    {"server"},
    {"cli"},
]
BESIDE = {"render": {"errors", "namespaces", "finding", "spelling", "render"}}


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "folder" not in path.relative_to(SOURCE).parts[:-1])


def part_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("milieu."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "milieu":
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            found.update(alias.name.split(".")[1] for alias in node.names if alias.name.startswith("milieu."))
    return found - {"__version__"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_one_way(path: Path) -> None:
    part = part_of(path)
    if part in {"__init__", "__main__"}:
        return
    if part in BESIDE:
        allowed = BESIDE[part]
    else:
        level = next((place for place, layer in enumerate(LAYERS) if part in layer), None)
        assert level is not None, f"{part} has no place in the order of the parts"
        allowed = set().union(*LAYERS[:level], {part, "render"})

    assert imports(path) <= allowed


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_module_is_a_drawer() -> None:
    names = {path.stem for path in modules()}

    assert names & {"utils", "util", "helpers", "helper", "misc", "common", "manager", "handler", "service"} == set()


def test_the_public_door_shows_what_it_says() -> None:
    import milieu

    assert milieu.__all__ == sorted(milieu.__all__)
    assert all(getattr(milieu, name) is not None for name in milieu.__all__)


def test_every_entry_point_exists() -> None:
    import importlib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for target in project["scripts"].values():
        module, _, name = target.partition(":")
        assert callable(getattr(importlib.import_module(module), name))


def test_the_version_is_the_same_everywhere() -> None:
    import milieu

    version = milieu.__version__

    assert re.search(rf"^## {re.escape(version)} ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert f'owl:versionInfo "{version}"' in (ROOT / "ontology" / "milieu.ttl").read_text()


def test_exact_versions_are_known_for_everything_that_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    names = {re.split(r"[\[<>=!~ ]", name)[0].lower() for name in wanted} - {"milieu-kg"}
    pinned = {
        line.split("==")[0].lower() for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line
    }

    assert names <= pinned


def test_nothing_in_the_repository_names_a_machine() -> None:
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout.split(b"\0")
    wrong = re.compile(rb"(?:^|[^A-Za-z0-9_.])/(?:work|root|home)/|(?:pypi|npmjs|pythonhosted)\.(?:org|com)")
    found = [
        name.decode()
        for name in files
        if name and (ROOT / name.decode()).is_file() and wrong.search((ROOT / name.decode()).read_bytes())
    ]

    assert [name for name in found if name != "tests/test_house.py"] == []
