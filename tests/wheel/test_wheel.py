"""What `pip install` of the built wheel gives, in an environment with nothing else, away from the checkout."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT],
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `milieu` command of a new environment that holds the wheel and what it depends on."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", with_pip=True)
    constraints = {**os.environ, "PIP_CONSTRAINT": str(ROOT / "constraints.txt")}
    pip = [home / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", wheel]
    subprocess.run(pip, check=True, capture_output=True, env=constraints)
    return home / "venv" / "bin" / "milieu"


def run(command: Path, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run([command, *words], capture_output=True, text=True, check=False, cwd=home, env=environment)


def test_the_wheel_holds_the_graph_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert "milieu/folder/ontology/milieu.ttl" in names
    assert "milieu/folder/data/cities/japan.ttl" in names
    assert "milieu/folder/queries/answers/cities-by-field.rq" in names
    assert "milieu/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "milieu/tests", "bench/"))]


def test_an_installed_milieu_answers_exports_and_validates(installed: Path, tmp_path: Path) -> None:
    listing = run(installed, "query", "--format", "json", home=tmp_path)
    answer = run(
        installed, "query", "cities-by-field", "--field", "Crafts and Folk Art", "--format", "json", home=tmp_path
    )
    exported = run(installed, "export", "-o", "graph.nt", home=tmp_path)
    (tmp_path / "new.ttl").write_text(
        "@prefix city: <https://w3id.org/milieu/id/city/> .\ncity:kanazawa a city:nothing .\n"
    )
    refused = run(installed, "validate", "new.ttl", home=tmp_path)

    assert (listing.returncode, answer.returncode, exported.returncode, refused.returncode) == (0, 0, 0, 1)
    assert len(json.loads(listing.stdout)) >= 15
    assert "https://w3id.org/milieu/id/city/kanazawa" in answer.stdout
    assert (tmp_path / "graph.nt").stat().st_size > 100_000
    assert "new.ttl:2:17: violation" in refused.stdout
