"""The server over an engine in place of a build: the same answers, and nothing of what else the engine holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

import milieu
from milieu.build.cache import Cache
from milieu.folder import Folder
from milieu.namespaces import ASSERTED
from milieu.publish import publish
from milieu.server.site import Settings, Site
from milieu.store.endpoint import Endpoint
from milieu.store.remote import RemoteStore
from milieu.worker.limits import Limits
from server.serving import LIGHTHOUSES, serving
from store.engines import ENGINES, running
from store.servant import reply, saying

pytestmark = pytest.mark.xdist_group("served")
SECRET = "https://example.org/secret"


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An engine with the lighthouses, and with a graph that is nobody's business."""
    with running(request.param, tmp_path_factory.mktemp(request.param)) as address:
        publish(milieu.open(LIGHTHOUSES).build, Endpoint.parse(address))
        RemoteStore.open(address).wire.update(f"INSERT DATA {{ GRAPH <{SECRET}> {{ <urn:a> <urn:b> <urn:c> }} }}")
        yield address


@pytest.fixture(scope="module")
def web(engine: str) -> Iterator[httpx.Client]:
    """A client of a site over that engine."""
    with serving(site_over(engine)) as root, httpx.Client(base_url=root, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def here() -> Iterator[httpx.Client]:
    """A client of a site over the build."""
    folder = Folder.find(LIGHTHOUSES)
    site = Site(folder, Cache(folder.root), Settings(workers=1, watch=0))
    with serving(site) as root, httpx.Client(base_url=root, timeout=30) as client:
        yield client


def site_over(engine: str, seconds: float = 10) -> Site:
    folder = Folder.find(LIGHTHOUSES)
    settings = Settings(limits=Limits(seconds=seconds), workers=2, watch=0)
    return Site(folder, Cache(folder.root), settings, store=f"sparql+{engine}")


def ask(web: httpx.Client, text: str, **more: str) -> httpx.Response:
    return web.get("/sparql", params={"query": text, "format": "csv", **more})


@pytest.mark.parametrize(
    "path",
    [
        "/queries/keepers.csv",
        "/queries/lights-on.json",
        "/queries/lights-on.html",
        "/doc/light/high-rock.nt",
        "/doc/light/high-rock.ttl",
        "/doc/light/high-rock.html",
        "/about?iri=https://example.org/lighthouses%23Coast&format=ntriples",
        "/ontology.nt",
        "/ontology.html",
        "/search?q=high",
        "/search?q=hihg%20rock",
        "/export/graph.nq",
        "/export/asserted.nt",
        "/graph?default&format=ntriples",
        "/instances?class=https://example.org/lighthouses%23Lighthouse",
        "/",
    ],
)
def test_an_engine_answers_as_the_build_does(web: httpx.Client, here: httpx.Client, path: str) -> None:
    found, expected = web.get(path), here.get(path)

    assert found.status_code == expected.status_code == 200
    assert settled(found.text) == settled(expected.text)


def settled(text: str) -> list[str]:
    """The lines of an answer in any order: nothing says in which an engine gives rows that are not sorted."""
    return sorted(line.strip() for line in text.replace("}, {", "},\n{").splitlines())


def test_a_query_of_ones_own_is_answered(web: httpx.Client) -> None:
    rows = ask(web, "SELECT ?name { light:high-rock rdfs:label ?name }")
    truth = web.get("/sparql", params={"query": "ASK { light:high-rock a lh:Light }", "format": "json"})
    triples = ask(web, "CONSTRUCT WHERE { light:low-rock lh:height ?h }", format="ntriples")

    assert rows.text == "name\r\nHigh Rock\r\n"
    assert truth.json()["boolean"] is True
    assert triples.text == (
        "<https://example.org/id/light/low-rock> <https://example.org/lighthouses#height> "
        '"12"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", "line 1, column 12"),
        (f"SELECT * FROM <{SECRET}> {{ ?s ?p ?o }}", "line 1, column 10"),
        ("SELECT (<bif:file_to_string>('/etc/passwd') AS ?x) {}", "line 1, column 9"),
        ("PREFIX sql: <sql:> SELECT (sql:run('x') AS ?x) {}", "line 1, column 13"),
        ("SELECT ?x { ?x ?y }", "line 1, column 20"),
        (f"DROP GRAPH <{ASSERTED}>", "line 1, column 1"),
    ],
)
def test_what_would_reach_further_is_refused(web: httpx.Client, text: str, place: str) -> None:
    answer = ask(web, text)

    assert (answer.status_code, answer.json()["place"]) == (400, place)


@pytest.mark.parametrize(
    "more",
    [{}, {"named-graph-uri": SECRET}, {"default-graph-uri": SECRET}, {"default-graph-uri": ASSERTED}],
)
@pytest.mark.parametrize("pattern", ["?s <urn:b> ?o", "GRAPH ?g { ?s <urn:b> ?o }", f"GRAPH <{SECRET}> {{ ?s ?p ?o }}"])
def test_what_else_the_engine_holds_is_never_seen(web: httpx.Client, pattern: str, more: dict[str, str]) -> None:
    assert ask(web, f"SELECT ?s {{ {pattern} }}", **more).text == "s\r\n"


def test_a_graph_that_is_named_is_read_alone(web: httpx.Client) -> None:
    text = "SELECT ?x { light:high-rock a ?x } ORDER BY ?x"
    both = ask(web, text).text.split()
    asserted = ask(web, text, **{"default-graph-uri": ASSERTED}).text.split()

    assert asserted == ["x", "https://example.org/lighthouses#Lighthouse"]
    assert "https://example.org/lighthouses#Light" in both


def test_a_contribution_is_validated_against_the_engine(web: httpx.Client, here: httpx.Client) -> None:
    text = "@prefix lh: <https://example.org/lighthouses#> .\n<https://example.org/id/light/x> a lh:Lighthous .\n"
    headers = {"Content-Type": "text/turtle"}
    found, expected = (site.post("/validate?format=json", content=text, headers=headers) for site in (web, here))

    assert found.json() == expected.json()
    assert found.json()["conforms"] is False


def test_the_description_counts_what_the_engine_holds(web: httpx.Client, here: httpx.Client) -> None:
    def counts(site: httpx.Client) -> list[str]:
        lines = site.get("/.well-known/void?format=ntriples").text.splitlines()
        return sorted(line for line in lines if "/void#triples" in line or "sha256:" in line)

    assert counts(web) == counts(here)
    assert len(counts(web)) > 2


def test_a_thing_that_is_not_there_is_404(web: httpx.Client) -> None:
    assert "/doc/light/high-rock" in web.get("/doc/light/high-rok").json()["remedy"]


def test_an_engine_that_does_not_answer_ends_with_the_time_of_the_query() -> None:
    # It tells what was published, counts the two graphs and names the ontology; from then on it says nothing.
    with (
        saying(NOTHING, COUNT, COUNT, NOTHING, lambda client, _: client.recv(1)) as engine,
        serving(site_over(engine.address, seconds=1)) as root,
        httpx.Client(base_url=root, timeout=20) as client,
    ):
        query = ask(client, "SELECT * { ?s ?p ?o }")
        page = client.get("/doc/light/high-rock.ttl")
        health = client.get("/health")

    assert (query.status_code, page.status_code, health.status_code) == (503, 503, 200)
    assert "1 s" in query.json()["message"]
    assert "did not answer within 1 seconds" in page.json()["message"]


def test_an_engine_that_is_down_is_told_without_its_address() -> None:
    paths = ("/sparql?query=ASK{?s+?p+?o}", "/queries/keepers.json", "/doc/light/high-rock.ttl", "/search?q=x")
    with (
        saying(NOTHING, COUNT, COUNT, NOTHING, lambda client, _: None) as engine,
        serving(site_over(engine.address, seconds=5)) as root,
        httpx.Client(base_url=root, timeout=20) as client,
    ):
        answers = [client.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [503] * 4
    assert [answer.json()["place"] for answer in answers] == [None] * 4
    assert not any("127.0.0.1" in answer.text or "://" in answer.text for answer in answers)


NOTHING = reply(b'{"head":{"vars":["s"]},"results":{"bindings":[]}}')
COUNT = reply(b'{"head":{"vars":["count"]},"results":{"bindings":[{"count":{"type":"literal","value":"1"}}]}}')


def test_what_is_published_later_is_answered_later(
    engine: str, lighthouses: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milieu.server.site._ENGINE_WATCH", 0.2)
    folder = Folder.find(LIGHTHOUSES)
    site = Site(folder, Cache(folder.root), Settings(workers=1, watch=0.2), store=engine)
    text = "SELECT ?name { light:high-rock rdfs:label ?name }"
    data = lighthouses / "data" / "lights.ttl"
    data.write_text(data.read_text().replace('"High Rock"', '"Higher Rock"'))
    try:
        with serving(site) as root, httpx.Client(base_url=root, timeout=30) as client:
            before = ask(client, text).text
            publish(milieu.open(lighthouses).build, Endpoint.parse(engine))
            until = time.monotonic() + 20
            while (after := ask(client, text).text) == before and time.monotonic() < until:
                time.sleep(0.1)
    finally:
        publish(milieu.open(LIGHTHOUSES).build, Endpoint.parse(engine))

    assert (before, after) == ("name\r\nHigh Rock\r\n", "name\r\nHigher Rock\r\n")


def test_the_command_serves_an_engine(engine: str, milieu: Callable[..., object]) -> None:
    said = milieu("--graph", LIGHTHOUSES, "--store", f"sparql+{engine}", "serve", "--get", "/queries/keepers.csv")
    token = milieu("--store", f"sparql+{engine}", "serve", "--token-file", "x", "--get", "/")

    assert "https://example.org/id/keeper/ada" in said.out  # type: ignore[attr-defined]
    assert "--token-file works on a copy of a build" in token.err  # type: ignore[attr-defined]
