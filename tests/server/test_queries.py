import csv
import io
import re
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from starlette.routing import Route

from milieu.server.app import ROUTES
from milieu.server.linked import anything
from milieu.server.openapi import document
from milieu.server.queries import query
from milieu.sparql.guard import guard_stranger
from server.serving import serving, site_of

LIGHT = "https://example.org/id/light/"
PEOPLE = {"Accept": "text/html,*/*;q=0.5"}


@pytest.mark.parametrize("ending", ["json", "csv", "tsv", "xml"])
def test_a_stored_query_answers_in_the_format_of_its_suffix(web: httpx.Client, ending: str) -> None:
    answer = web.get(f"/queries/lights-on.{ending}", params={"coast": "North coast"})

    assert answer.status_code == 200
    assert answer.text.count("High Rock") == 1
    assert "Sand Point" not in answer.text


def test_a_stored_query_answers_in_the_format_that_is_asked_for(web: httpx.Client) -> None:
    assert web.get("/queries/keepers", headers={"Accept": "text/csv"}).text.splitlines()[0] == "keeper,light"
    assert web.get("/queries/keepers", params={"format": "tsv"}).text.splitlines()[0] == "?keeper\t?light"
    assert web.get("/queries/keepers", headers={"Accept": "image/png"}).status_code == 406
    assert web.get("/queries/keepers.ttl").status_code == 406


def test_parameters_have_their_defaults_and_an_empty_one_is_none(web: httpx.Client) -> None:
    first = web.get("/queries/lights-on.csv").text
    empty = web.get("/queries/lights-on.csv", params={"least": "", "coast": ""}).text
    high = web.get("/queries/lights-on.csv", params={"least": "20"}).text

    assert first == empty
    assert (first.count("\n"), high.count("\n")) == (3, 2)


@pytest.mark.parametrize(
    ("address", "status", "message", "remedy"),
    [
        ("/queries/ligths-on.json", 404, "there is no stored query 'ligths-on'", "Did you mean /queries/lights-on?"),
        ("/queries/lights-on.json?caost=north", 400, "lights-on has no parameter 'caost'", "Did you mean coast?"),
        ("/queries/lights-on.json?least=1&least=2", 400, "the parameter 'least' is given 2 times", "Give it once."),
        ("/queries/lights-on.json?least=tall", 400, "'tall' is not a whole number such as 5", None),
        (
            "/queries/lights-on.json?coast=Nort",
            400,
            "'Nort' is not one of coast:north, coast:south",
            "Did you mean 'north'?",
        ),
        ("/queries/keepers.json?page=0", 400, "page='0' is no number from 1 to 1000000", None),
        ("/queries/keepers.json?per=many", 400, "per='many' is no number from 1 to 10000", None),
        ("/queries/..%2Fchecks%2Fx", 404, None, None),
        ("/queries/%2e%2e%2f%2e%2e%2fpyproject.toml", 404, None, None),
    ],
)
def test_a_slip_is_told_with_what_was_probably_meant(web, address, status, message, remedy) -> None:
    answer = web.get(address)

    assert answer.status_code == status
    if message:
        assert answer.json()["message"] == message
    if remedy:
        assert answer.json()["remedy"] == remedy


@pytest.mark.parametrize(
    "value", ['north" } DROP ALL #', "<https://example.org/> ?x", "\\u0022", "}", "'; DELETE", "\x00"]
)
def test_no_value_of_a_parameter_is_more_than_a_value(web: httpx.Client, value: str) -> None:
    assert web.get("/queries/lights-on.json", params={"coast": value}).status_code == 400
    assert web.get("/queries/lights-on.json", params={"least": value}).status_code == 400


def test_pages_of_rows_follow_one_another(web: httpx.Client) -> None:
    def rows(answer: httpx.Response) -> list[list[str]]:
        return list(csv.reader(io.StringIO(answer.text)))[1:]

    whole = rows(web.get("/queries/lights-on.csv"))
    first = web.get("/queries/lights-on.csv", params={"per": "1", "page": "1"})
    second = web.get("/queries/lights-on.csv", params={"per": "1", "page": "2"})
    third = web.get("/queries/lights-on.csv", params={"per": "1", "page": "3"})

    assert rows(first) + rows(second) == whole
    assert rows(third) == []
    assert first.headers["link"] == '</queries/lights-on.csv?per=1&page=2>; rel="next"'
    assert "link" not in third.headers


def test_an_unchanged_answer_is_not_sent_again(web: httpx.Client) -> None:
    tag = web.get("/queries/keepers.json").headers["etag"]

    assert web.get("/queries/keepers.json", headers={"If-None-Match": tag}).status_code == 304
    assert web.get("/queries/keepers.csv", headers={"If-None-Match": tag}).status_code == 200


def test_people_get_a_form_with_what_may_be_chosen(web: httpx.Client) -> None:
    page = web.get("/queries/lights-on", headers=PEOPLE).text

    assert '<option value="coast:north" selected>North coast</option>' in page
    assert '<option value="coast:south">South coast</option>' in page
    assert '<input id="p-least" name="least" value="0" inputmode="numeric">' in page
    assert '<a href="/doc/light/high-rock" title="https://example.org/id/light/high-rock">High Rock</a>' in page
    assert 'href="/queries/lights-on.csv"' in page


def test_a_page_tells_what_is_wrong_above_the_form(web: httpx.Client) -> None:
    page = web.get("/queries/lights-on", params={"least": "<b>tall"}, headers=PEOPLE)

    assert page.status_code == 400
    assert "&lt;b&gt;tall" in page.text
    assert "<b>tall" not in page.text


def test_a_page_without_rows_says_why(web: httpx.Client) -> None:
    page = web.get("/queries/lights-on", params={"least": "99"}, headers=PEOPLE)

    assert "Nothing was found. " in page.text


def test_the_list_comes_as_json_page_and_rdf(web: httpx.Client) -> None:
    assert [query["name"] for query in web.get("/queries").json()] == ["keepers", "lights-on"]
    assert "Who keeps which light" in web.get("/queries", headers=PEOPLE).text
    graph = ox.Store()
    graph.load(web.get("/queries", headers={"Accept": "text/turtle"}).content, ox.RdfFormat.TURTLE)
    text = next(
        row["text"].value
        for row in graph.query(
            "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?text { <https://example.org/queries/lights-on> "
            "a sh:SPARQLExecutable, sh:SPARQLSelectExecutable ; sh:select ?text }"
        )
    )
    assert len(web.get("/sparql", params={"query": text}).json()["results"]["bindings"]) == 2


def test_a_stranger_may_run_every_query_of_the_catalogue_as_it_is_published() -> None:
    with serving(site_of(Path(__file__).parents[2])) as root:
        published = httpx.get(f"{root}/queries", headers={"Accept": "text/turtle"}, timeout=60).content
    graph = ox.Store()
    graph.load(published, ox.RdfFormat.TURTLE)
    texts = [
        quad.object.value
        for form in ("select", "ask", "construct", "describe")
        for quad in graph.quads_for_pattern(None, ox.NamedNode(f"http://www.w3.org/ns/shacl#{form}"), None, None)
    ]

    assert len(texts) > 50
    for text in texts:
        guard_stranger(text)


def test_every_query_is_described_in_openapi(web: httpx.Client) -> None:
    told = web.get("/openapi.json").json()

    assert told["openapi"] == "3.1.0"
    operation = told["paths"]["/queries/lights-on"]["get"]
    assert [(each["name"], each["schema"]) for each in operation["parameters"]] == [
        ("coast", {"type": "string", "default": "coast:north"}),
        ("least", {"type": "integer", "default": 0}),
        ("page", {"type": "integer", "minimum": 1, "maximum": 1_000_000}),
        ("per", {"type": "integer", "minimum": 1, "maximum": 10_000}),
        ("format", {"type": "string", "enum": ["json", "xml", "csv", "tsv", "html"]}),
    ]
    assert document("x", [])["info"]["title"] == "x"


def test_every_address_is_described_in_openapi() -> None:
    described = {re.sub(r"\{[^}]*\}", "{}", path) for path in document("x", [])["paths"]}
    # The rest of the ontology's address is a module, a thing's is its kind and slug, and a query's is its own path.
    served = {
        path.replace("/ontology{}", "/ontology").replace("/id/{}", "/id/{}/{}").replace("/doc/{}", "/doc/{}/{}")
        for route in ROUTES
        if isinstance(route, Route) and route.endpoint not in (anything, query)
        for path in [re.sub(r"\{[^}]*\}", "{}", route.path)]
    }

    assert described - {"/ontology/{}"} == served


def test_the_formats_that_openapi_names_are_written(web: httpx.Client) -> None:
    example = {"iri": f"{LIGHT}high-rock", "class": "https://example.org/lighthouses#Light", "q": "rock", "default": ""}
    place = {"kind": "light", "slug": "high-rock", "name": "asserted"}
    asked = 0
    for path, operations in web.get("/openapi.json").json()["paths"].items():
        given = {each["name"]: each for each in operations["get"]["parameters"]}
        for format in given.get("format", {"schema": {"enum": []}})["schema"]["enum"]:
            parameters = {name: value for name, value in example.items() if name in given} | {"format": format}
            if path == "/sparql":
                triples = format in ("turtle", "ntriples", "jsonld", "rdfxml")
                parameters["query"] = "CONSTRUCT WHERE { ?s ?p ?o }" if triples else "SELECT * { ?s ?p ?o }"
            where = path.format(**place, module="none")
            answer = web.get(where, params=parameters)
            asked += 1
            if path != "/ontology/{module}":
                media = answer.headers["content-type"].partition(";")[0]
                assert (where, format, answer.status_code) == (where, format, 200)
                assert media in operations["get"]["responses"]["200"]["content"]
    assert asked > 40
