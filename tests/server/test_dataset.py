import hashlib
import io
import json
import os
import signal
import time
import zipfile

import httpx
import pyoxigraph as ox
import pytest

from server.serving import serving, site_of

SPACES = (
    "PREFIX void: <http://rdfs.org/ns/void#> "
    "PREFIX dcat: <http://www.w3.org/ns/dcat#> "
    "PREFIX dcterms: <http://purl.org/dc/terms/> "
)


def described(web: httpx.Client) -> ox.Store:
    store = ox.Store()
    store.load(web.get("/.well-known/void", headers={"Accept": "text/turtle"}).content, ox.RdfFormat.TURTLE)
    return store


def values(store: ox.Store, pattern: str) -> list[str]:
    return sorted(row["x"].value for row in store.query(f"{SPACES} SELECT ?x {{ {pattern} }}"))


def test_the_dataset_is_counted_from_the_graph(web: httpx.Client) -> None:
    store = described(web)

    def asked(text: str) -> list[str]:
        answer = web.get("/sparql", params={"query": f"SELECT (COUNT({text}) AS ?n) {{ ?s ?p ?o }}"})
        return [row["n"]["value"] for row in answer.json()["results"]["bindings"]]

    assert values(store, "?d a void:Dataset ; void:triples ?x") == asked("*") == ["54"]
    assert values(store, "?d void:distinctSubjects ?x") == asked("DISTINCT ?s")
    assert values(store, "?d void:properties ?x") == asked("DISTINCT ?p")
    assert values(
        store, "?d void:classPartition [ void:class <https://example.org/lighthouses#Light> ; void:entities ?x ]"
    ) == ["3"]


def test_the_release_is_named_by_the_digest_of_its_quads(web: httpx.Client) -> None:
    digest = hashlib.sha256(web.get("/export/graph.nq").content).hexdigest()

    assert values(described(web), "?d a dcat:Dataset ; dcterms:identifier ?x") == [f"sha256:{digest}"]


def test_every_distribution_can_be_had(web: httpx.Client) -> None:
    store = described(web)
    addresses = values(store, "?d dcat:distribution ?x")

    assert len(addresses) == 9
    for address in addresses:
        assert httpx.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "syntax", "count"),
    [
        ("graph.ttl", ox.RdfFormat.TURTLE, 54),
        ("graph.nt", ox.RdfFormat.N_TRIPLES, 54),
        ("graph.nq", ox.RdfFormat.N_QUADS, 54),
        ("graph.trig", ox.RdfFormat.TRIG, 54),
        ("graph.rdf", ox.RdfFormat.RDF_XML, 54),
        ("graph.jsonld", ox.RdfFormat.JSON_LD, 54),
        ("asserted.ttl", ox.RdfFormat.TURTLE, 51),
        ("inferred.nq", ox.RdfFormat.N_QUADS, 3),
    ],
)
def test_an_export_is_a_file_that_stays_the_same(
    web: httpx.Client, name: str, syntax: ox.RdfFormat, count: int
) -> None:
    first, again = web.get(f"/export/{name}"), web.get(f"/export/{name}")

    assert len({str(quad) for quad in ox.parse(first.content, format=syntax)}) == count
    assert first.content == again.content
    assert web.get(f"/export/{name}", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_the_graph_can_be_had_as_tables_as_objects_and_on_the_map(web: httpx.Client) -> None:
    tables = web.get("/export/tables.zip")
    packed = zipfile.ZipFile(io.BytesIO(tables.content))
    objects = web.get("/export/things.jsonld").json()
    places = web.get("/export/places.geojson")

    assert packed.read("light.csv").decode().splitlines()[0].startswith("id,")
    assert json.loads(packed.read("datapackage.json"))["resources"]
    assert tables.content == web.get("/export/tables.zip").content
    assert any(thing["@id"] == "light:high-rock" for thing in objects["@graph"])
    assert (places.headers["content-type"], places.json()["type"]) == ("application/geo+json", "FeatureCollection")


def test_a_part_of_an_export_can_be_had(web: httpx.Client) -> None:
    answer = web.get("/export/graph.nt", headers={"Range": "bytes=0-9"})

    assert (answer.status_code, len(answer.content)) == (206, 10)


@pytest.mark.parametrize(
    ("wanted", "status", "begin", "end"),
    [
        ("bytes=5-9", 206, 5, 10),
        ("Bytes=5-9", 206, 5, 10),
        ("bytes=-7", 206, -7, None),
        ("bytes=5-9, 99999999-", 206, 5, 10),
        ("bytes=5-99999999", 206, 5, None),
        ("lines=0-9", 200, 0, None),
        ("bytes=abc", 200, 0, None),
        ("bytes=5-2", 200, 0, None),
        ("bytes=", 200, 0, None),
        ("5-9", 200, 0, None),
    ],
)
@pytest.mark.parametrize("path", ["/export/graph.nt", "/graph?default&format=nt"])
def test_what_is_no_part_of_a_file_asks_for_all_of_it(
    web: httpx.Client, path: str, wanted: str, status: int, begin: int, end: int | None
) -> None:
    whole = web.get(path).content
    answer = web.get(path, headers={"Range": wanted})

    assert (answer.status_code, answer.content) == (status, whole[begin:end])


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0"])
def test_a_part_behind_the_end_is_told_in_the_one_form_of_errors(web: httpx.Client, wanted: str) -> None:
    answer = web.get("/export/graph.nt", headers={"Range": wanted})
    size = len(web.get("/export/graph.nt").content)

    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{size}")
    assert answer.json()["message"] == f"the file has {size:,} bytes"


def test_a_part_of_another_state_of_the_file_is_not_sent(web: httpx.Client) -> None:
    dated = web.get("/export/graph.nt").headers["last-modified"]
    status = [
        web.get("/export/graph.nt", headers={"Range": "bytes=0-9", "If-Range": when}).status_code
        for when in (dated, "Fri, 20 Nov 2020 09:00:00 GMT", '"tag"')
    ]

    assert status == [206, 200, 200]


@pytest.mark.parametrize("path", ["/export/graph.nt", "/graph/asserted", "/doc/light/high-rock.ttl", "/ontology"])
def test_a_date_tells_that_nothing_has_changed(web: httpx.Client, path: str) -> None:
    dated = web.get(path).headers["last-modified"]

    assert web.get(path, headers={"If-Modified-Since": dated}).status_code == 304
    assert web.get(path, headers={"If-Modified-Since": dated, "If-None-Match": '"other"'}).status_code == 200
    assert web.get(path, headers={"If-Modified-Since": "Fri, 20 Nov 2020 09:00:00 GMT"}).status_code == 200


def test_the_dumps_of_the_dataset_are_rdf(web: httpx.Client) -> None:
    graph = ox.Store()
    graph.load(web.get("/dataset?format=nt").content, ox.RdfFormat.N_TRIPLES)
    dump = ox.NamedNode("http://rdfs.org/ns/void#dataDump")

    assert sorted(quad.object.value.rpartition("/")[2] for quad in graph.quads_for_pattern(None, dump, None, None)) == [
        "graph.jsonld",
        "graph.nq",
        "graph.nt",
        "graph.rdf",
        "graph.trig",
        "graph.ttl",
        "things.jsonld",
    ]


def test_an_unknown_export_suggests_a_near_one(web: httpx.Client) -> None:
    answer = web.get("/export/graph.tlt")

    assert (answer.status_code, answer.json()["remedy"]) == (404, "Did you mean graph.ttl?")
    assert web.get("/export/..%2f..%2fcanonical.nq").status_code == 404


def test_the_server_says_that_it_is_well(web: httpx.Client) -> None:
    told = web.get("/health").json()

    assert (told["status"], told["workers"], told["trouble"]) == ("ok", 2, None)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no signal that ends a process at once")
def test_the_server_says_that_no_worker_is_left() -> None:
    site = site_of()
    with serving(site) as root:
        pool = site.edition.pool
        latest = time.monotonic() + 60
        while pool.state["workers"] < pool.size and time.monotonic() < latest:
            time.sleep(0.05)
        pool._source["build"] = "no-such-build"
        for worker in list(pool._all):
            os.kill(worker.pid, signal.SIGKILL)
        latest = time.monotonic() + 20
        while (answer := httpx.get(f"{root}/health")).status_code == 200 and time.monotonic() < latest:
            time.sleep(0.05)

    assert answer.status_code == 503
    assert {**answer.json(), "version": "", "build": ""} == {
        "status": "down",
        "version": "",
        "build": "",
        "workers": 0,
        "idle": 0,
        "trouble": "no worker is left",
    }
