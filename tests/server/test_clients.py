"""Clients that others have written."""

import shutil
import subprocess

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from milieu.server.site import Settings
from server.serving import serving, site_of

LH = rdflib.Namespace("https://example.org/lighthouses#")
LIGHT = rdflib.Namespace("https://example.org/id/light/")


@pytest.mark.parametrize("form", [JSON, XML])
@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_rows(root: str, form: str, method: str) -> None:
    client = SPARQLWrapper(f"{root}/sparql")
    client.setQuery("SELECT ?height { light:high-rock lh:height ?height }")
    client.setReturnFormat(form)
    client.setMethod(method)
    found = client.query().convert()

    text = (
        found["results"]["bindings"][0]["height"]["value"]
        if form == JSON
        else found.getElementsByTagName("literal")[0].firstChild.data
    )
    assert text == "36"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # it is what SPARQLWrapper makes
@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, XML, JSONLD])
@pytest.mark.parametrize("query", ["CONSTRUCT WHERE { ?s lh:height ?o }", "DESCRIBE light:high-rock"])
def test_sparqlwrapper_reads_triples(root: str, form: str, query: str) -> None:
    client = SPARQLWrapper(f"{root}/sparql")
    client.setQuery(query)
    client.setReturnFormat(form)
    found = client.query().convert()
    graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(data=found, format="turtle")

    assert graph.value(LIGHT["high-rock"], LH.height) == rdflib.Literal(36)


@pytest.mark.parametrize(("form", "text"), [(CSV, b"height\r\n36\r\n"), (TSV, b"?height\n36\n")], ids=["csv", "tsv"])
def test_sparqlwrapper_reads_tables(root: str, form: str, text: bytes) -> None:
    client = SPARQLWrapper(f"{root}/sparql")
    client.setQuery("SELECT ?height { light:high-rock lh:height ?height }")
    client.setReturnFormat(form)

    assert client.query().convert() == text


def test_rdflib_takes_the_endpoint_for_a_graph(root: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{root}/sparql"))

    assert graph.value(LIGHT["high-rock"], LH.height) == rdflib.Literal(36)
    assert len(list(graph.triples((None, LH.standsOn, None)))) == 3
    assert (LIGHT["high-rock"], LH.height, rdflib.Literal(37)) not in graph


def test_rdflib_reads_a_description_by_its_address(root: str) -> None:
    graph = rdflib.Graph().parse(f"{root}/id/light/high-rock")

    assert graph.value(LIGHT["high-rock"], LH.height) == rdflib.Literal(36)


def test_rdflib_writes_to_a_working_copy() -> None:
    with serving(site_of(settings=Settings(watch=0, token="0123456789abcdef"))) as root:
        store = SPARQLUpdateStore(
            f"{root}/sparql", f"{root}/sparql", headers={"Authorization": "Bearer 0123456789abcdef"}
        )
        graph = rdflib.Graph(store, rdflib.URIRef("https://example.org/graph/own"))
        graph.add((LIGHT.bell, LH.height, rdflib.Literal(36)))
        assert (LIGHT.bell, LH.height, rdflib.Literal(36)) in graph


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_follows_a_thing_to_its_turtle(root: str) -> None:
    done = subprocess.run(
        ["curl", "-sSL", "--fail", "-H", "Accept: text/turtle", f"{root}/id/light/high-rock"],
        capture_output=True,
        check=True,
    )
    asked = subprocess.run(
        ["curl", "-sS", "--fail", "--data-urlencode", "query=ASK { light:high-rock lh:height 36 }", f"{root}/sparql"],
        capture_output=True,
        check=True,
    )

    assert b"High Rock" in done.stdout
    assert asked.stdout == b'{"head":{},"boolean":true}'
