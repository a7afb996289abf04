"""Comunica, a SPARQL client in JavaScript: it takes queries apart itself and asks the endpoint for what it needs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import milieu
from milieu.query.run import bound
from server.serving import serving, site_of
from store.engines import absent

HERE = Path(__file__).parent / "comunica"
ROOT = Path(__file__).parents[2]
STORED = ["cities-by-field", "city", "crafts-of-a-city", "milieus", "timeline-of-a-city", "bibliography"]
pytestmark = pytest.mark.xdist_group("comunica")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with serving(site_of(ROOT)) as root:
        yield root


@pytest.fixture(scope="module")
def comunica(request: pytest.FixtureRequest) -> Path:
    """The folder where Comunica is installed; it is fetched once and kept with what pytest keeps."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        absent("npm")
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]["@comunica/query-sparql"]
    place = Path(request.config.cache.mkdir(f"comunica-{wanted}"))
    for name in ("package.json", "ask.js"):
        shutil.copy(HERE / name, place)
    if not (place / "node_modules" / ".package-lock.json").exists():  # which npm writes when all is there
        words = [str(npm), "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        done = subprocess.run([*words, "--prefix", str(place)], capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            absent(f"Comunica (npm: {done.stderr.strip()[-300:]})")
    return place


def asked(place: Path, root: str, queries: list[str]) -> list[Any]:
    """What Comunica answers."""
    done = subprocess.run(
        ["node", "ask.js", f"{root}/sparql"],
        cwd=place,
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def in_order(row: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(row.items())


def test_comunica_gets_what_the_stored_queries_give(comunica: Path, endpoint: str) -> None:
    graph = milieu.open()
    texts = [
        graph.prefixes.sparql()
        + re.sub(
            r"^#\+.*\n", "", bound(graph.build.store, graph.queries.get(name), {}, graph.prefixes), flags=re.MULTILINE
        )
        for name in STORED
    ]
    answers = asked(comunica, endpoint, texts)
    for name, answer in zip(STORED, answers, strict=True):
        ours = httpx.get(f"{endpoint}/queries/{name}.json", timeout=30).json()["results"]["bindings"]
        expected = [{key: term["value"] for key, term in row.items()} for row in ours]

        assert expected, name
        assert sorted(map(in_order, answer)) == sorted(map(in_order, expected)), name


def test_comunica_reads_yes_and_no_triples_and_rows_of_several_patterns(comunica: Path, endpoint: str) -> None:
    mil, city = "https://w3id.org/milieu/ontology#", "https://w3id.org/milieu/id/city/"
    answers = asked(
        comunica,
        endpoint,
        [
            f"ASK {{ <{city}kanazawa> a <{mil}City> }}",
            f"CONSTRUCT WHERE {{ <{city}kanazawa> a <{mil}City> }}",
            f'SELECT ?c {{ ?c a <{mil}City> OPTIONAL {{ ?c <{mil}none> ?x }} FILTER(STRENDS(STR(?c), "/kanazawa")) }}',
        ],
    )

    assert answers == [
        True,
        [[f"{city}kanazawa", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{mil}City"]],
        [{"c": f"{city}kanazawa"}],
    ]
