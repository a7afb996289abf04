import json
import socket
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import httpx
import pyoxigraph as ox
import pytest

ALL = "SELECT ?light ?height { ?light lh:height ?height } ORDER BY ?height"
LIGHT = "https://example.org/id/light/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
JSON = "application/sparql-results+json"


def heights(answer: httpx.Response) -> list[str]:
    return [row["height"]["value"] for row in answer.json()["results"]["bindings"]]


def test_a_query_is_asked_in_three_ways(web: httpx.Client) -> None:
    answers = [
        web.get("/sparql", params={"query": ALL}),
        web.post("/sparql", data={"query": ALL}),
        web.post("/sparql", content=ALL.encode(), headers=DIRECT),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [heights(answer) for answer in answers] == [["7", "12", "36"]] * 3
    assert {answer.headers["vary"] for answer in answers} == {"Accept"}


@pytest.mark.parametrize(
    ("accept", "media", "beginning"),
    [
        ("application/sparql-results+json", JSON, b'{"head":'),
        ("application/json", "application/json", b'{"head":'),
        ("application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        ("text/csv", "text/csv; charset=utf-8", b"light,height\r\n"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", b"?light\t?height\n"),
        ("text/csv;q=0.3, application/sparql-results+xml;q=0.4", "application/sparql-results+xml", b"<?xml"),
        ("application/sparql-results+json;version=1.2", JSON, b'{"head":'),
        ("text/turtle, text/csv", "text/csv; charset=utf-8", b"light,height"),
    ],
)
def test_rows_come_in_the_format_that_is_asked_for(
    web: httpx.Client, accept: str, media: str, beginning: bytes
) -> None:
    answer = web.get("/sparql", params={"query": ALL}, headers={"Accept": accept})

    assert answer.headers["content-type"] == media
    assert answer.content.startswith(beginning)


@pytest.mark.parametrize(
    ("accept", "media", "syntax"),
    [
        ("*/*", "text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_triples_come_in_the_format_that_is_asked_for(
    web: httpx.Client, accept: str, media: str, syntax: ox.RdfFormat
) -> None:
    answer = web.get("/sparql", params={"query": "CONSTRUCT WHERE { ?s lh:height ?o }"}, headers={"Accept": accept})

    assert answer.headers["content-type"] == media
    assert len(list(ox.parse(answer.content, format=syntax))) == 3


def test_a_question_is_answered_with_yes_or_no(web: httpx.Client) -> None:
    assert web.get("/sparql", params={"query": "ASK { light:high-rock lh:height 36 }"}).json()["boolean"] is True
    assert web.get("/sparql", params={"query": "ASK { light:high-rock lh:height 37 }"}).json()["boolean"] is False


@pytest.mark.parametrize(
    ("lines", "media"),
    [
        (["image/png", "text/csv"], "text/csv; charset=utf-8"),
        (["text/csv;q=0.1", "application/sparql-results+xml"], "application/sparql-results+xml"),
    ],
)
def test_a_list_may_come_on_several_lines(web: httpx.Client, lines: list[str], media: str) -> None:
    headers = [("accept", line) for line in lines]
    answer = httpx.get(f"{web.base_url}/sparql", params={"query": ALL}, headers=headers)

    assert answer.headers["content-type"] == media


@pytest.mark.parametrize("accept", ["image/png", "text/turtle;q=0, image/*"])
def test_a_format_that_nobody_writes_is_not_acceptable(web: httpx.Client, accept: str) -> None:
    answer = web.get("/sparql", params={"query": ALL}, headers={"Accept": accept})

    assert answer.status_code == 406
    assert "text/csv" in answer.json()["remedy"]


def test_rows_are_not_written_as_turtle(web: httpx.Client) -> None:
    assert web.get("/sparql", params={"query": ALL}, headers={"Accept": "text/turtle"}).status_code == 406


def test_what_is_wrong_is_told_with_its_place(web: httpx.Client) -> None:
    answer = web.get("/sparql", params={"query": "SELECT * {\n  ?light lhh:height ?height }"})

    assert answer.status_code == 400
    assert answer.json() == {
        "status": 400,
        "message": "the prefix lhh: is not declared",
        "place": "line 2, column 10",
        "remedy": "Did you mean lh:?",
        "line": 2,
        "column": 10,
    }


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("SELECT * { ?s a lh:Lihgt }", "lh:Lihgt is not in the graph; did you mean lh:Light?"),
        ("ASK { ?s lh:hieght 36 }", "lh:hieght is not in the graph; did you mean lh:height?"),
        ("CONSTRUCT WHERE { ?s lh:hieght 36 }", "lh:hieght is not in the graph; did you mean lh:height?"),
        ("SELECT * { light:no-rock lh:height ?h }", "light:no-rock is not in the graph."),
        (
            "SELECT * { ?s a <https://example.org/灯台> }",
            "<https://example.org/%E7%81%AF%E5%8F%B0> is not in the graph.",
        ),
        ("SELECT * { light:high-rock lh:height 37 }", None),
        ("SELECT * { ?s a lh:Light } LIMIT 1", None),
        ("SELECT (COUNT(*) AS ?n) { ?s a lh:Lihgt }", None),
    ],
)
@pytest.mark.parametrize("format", [0, 1])
def test_programs_are_told_what_was_probably_misspelt(
    web: httpx.Client, query: str, hint: str | None, format: int
) -> None:
    formats = ("ntriples", "turtle") if query.startswith("CONSTRUCT") else ("csv", "json")
    answer = web.get("/sparql", params={"query": query, "format": formats[format]})

    assert (answer.status_code, answer.headers.get("milieu-hint")) == (200, hint)
    assert "Milieu-Hint" in answer.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("method", "address", "content", "headers", "status"),
    [
        ("GET", "/sparql?query=ASK{}&query=ASK{}", None, {}, 400),
        ("GET", "/sparql?update=DROP+ALL", None, {}, 400),
        ("GET", "/sparql?query=%FF", None, {}, 400),
        ("GET", "/sparql?query=", None, {}, 400),
        ("POST", "/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400),
        ("POST", "/sparql", b"", FORM, 400),
        ("POST", "/sparql", b"query=ASK%7B%7D&update=DROP+ALL", FORM, 400),
        ("POST", "/sparql?query=ASK%7B%7D", b"ASK {}", DIRECT, 400),
        ("POST", "/sparql", b"ASK {}", {}, 415),
        ("POST", "/sparql", b"ASK {}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/sparql", b"ASK {}", {"Content-Type": "application/sparql-query; charset=utf-16"}, 415),
        ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", DIRECT, 400),
        ("POST", "/sparql", b"DROP ALL", {"Content-Type": "application/sparql-update"}, 403),
        ("POST", "/sparql", b"update=DROP+ALL", FORM, 403),
        ("POST", "/sparql", b"DROP ALL", DIRECT, 400),
        ("PUT", "/sparql", b"ASK {}", DIRECT, 405),
        ("DELETE", "/sparql", None, {}, 405),
    ],
)
def test_whatever_the_protocol_does_not_know_is_refused(web, method, address, content, headers, status) -> None:
    answer = web.request(method, address, content=content, headers=headers)

    assert answer.status_code == status
    assert set(answer.json()) >= {"status", "message", "place", "remedy"}
    assert answer.json()["status"] == status


def test_the_parameters_of_the_protocol_choose_the_graphs(web: httpx.Client) -> None:
    count = "SELECT (COUNT(*) AS ?height) { ?s ?p ?o }"
    graph = "https://w3id.org/milieu/graph/"

    def counted(**parameters: str) -> int:
        return int(heights(web.get("/sparql", params={"query": count, **parameters}))[0])

    whole, asserted, inferred = (
        counted(),
        counted(**{"default-graph-uri": f"{graph}asserted"}),
        counted(**{"default-graph-uri": f"{graph}inferred"}),
    )
    assert (asserted, inferred, whole) == (51, 3, 54)
    assert counted(**{"named-graph-uri": f"{graph}asserted"}) == 0
    assert counted(**{"default-graph-uri": "https://example.org/none"}) == 0


def test_a_query_may_choose_among_the_graphs_itself(web: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?height) FROM <https://w3id.org/milieu/graph/inferred> { ?s ?p ?o }"

    assert heights(web.get("/sparql", params={"query": query})) == ["3"]


def test_graphs_named_by_the_request_come_before_those_of_the_query(web: httpx.Client) -> None:
    query = "SELECT (COUNT(*) AS ?height) FROM <https://w3id.org/milieu/graph/inferred> { ?s ?p ?o }"
    graph = "https://w3id.org/milieu/graph/asserted"

    assert heights(web.get("/sparql", params={"query": query, "default-graph-uri": graph})) == ["51"]


def test_a_head_request_has_the_headers_and_no_body(web: httpx.Client) -> None:
    answer = web.head("/sparql", params={"query": ALL})

    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, JSON, b"")


def test_options_tell_what_is_allowed(web: httpx.Client) -> None:
    answer = web.options("/sparql")

    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")


@pytest.mark.parametrize("path", ["/", "/queries", "/doc/light/high-rock", "/validate", "/export/graph.nt", "/sparql"])
def test_every_address_tells_what_it_allows(web: httpx.Client, path: str) -> None:
    answer = web.options(path)

    assert answer.status_code == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["allow"].split(", "))


def test_what_is_not_there_allows_nothing(web: httpx.Client, root: str) -> None:
    assert web.options("/nothing").status_code == 404
    where = urlsplit(root)
    with socket.create_connection((where.hostname, where.port)) as client:
        client.sendall(f"OPTIONS * HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())

        assert client.recv(100).startswith(b"HTTP/1.1 204 ")


def test_an_address_that_is_too_long_is_told_in_the_one_form_of_errors(root: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{root}/search?q={'x' * 70_000}")
    with refused.value as answer:
        assert (answer.code, json.load(answer)["message"]) == (414, "the address is too long")


def test_pages_of_other_sites_may_ask_but_not_change(web: httpx.Client) -> None:
    ask = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    preflight = web.options("/sparql", headers=ask)
    answer = web.get("/sparql", params={"query": ALL}, headers={"Origin": "https://elsewhere.example"})

    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == answer.headers["access-control-allow-origin"] == "*"
    assert {"If-None-Match", "Range"} <= set(preflight.headers["access-control-allow-headers"].split(", "))
    assert {"Retry-After", "Content-Range"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    assert "Authorization" not in preflight.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


def test_a_long_answer_streams_and_is_whole(web: httpx.Client) -> None:
    query = "SELECT ?a ?b ?c ?d { ?a ?p ?b . ?c ?q ?d } LIMIT 2000"
    with web.stream("GET", "/sparql", params={"query": query}) as answer:
        assert "content-length" not in answer.headers
        content = b"".join(answer.iter_bytes())

    assert len(json.loads(content)["results"]["bindings"]) == 2000


CONSTRUCT = "CONSTRUCT { light:high-rock %s ?x } WHERE { BIND(%s AS ?x) }"


@pytest.mark.parametrize(
    ("query", "media", "message"),
    [
        (
            'SELECT ("a\\u0001b" AS ?x) {}',
            "application/sparql-results+xml",
            "there is a character that XML cannot hold (U+0001)",
        ),
        (
            CONSTRUCT % ("lh:note", '"\\uFFFE"'),
            "application/rdf+xml",
            "there is a character that XML cannot hold (U+FFFE)",
        ),
        (
            CONSTRUCT % ("<http://x/1/2/>", '"a"'),
            "application/rdf+xml",
            "there is a property or class that cannot be the name of an element in RDF/XML",
        ),
        (
            CONSTRUCT % ("rdf:li", '"a"'),
            "application/rdf+xml",
            "there is a property or class that cannot be the name of an element in RDF/XML",
        ),
    ],
)
def test_what_xml_cannot_hold_is_not_acceptable_as_xml(web: httpx.Client, query: str, media: str, message: str) -> None:
    answer = web.get("/sparql", params={"query": query}, headers={"Accept": media})

    assert (answer.status_code, answer.json()["message"]) == (406, message)
    assert answer.json()["remedy"].startswith("Choose ")
    assert web.get("/sparql", params={"query": query}).status_code == 200


def test_a_long_answer_that_xml_cannot_hold_breaks_off(web: httpx.Client) -> None:
    many = "SELECT ?s ?p ?o ?x { ?a ?b ?c . { ?s ?p ?o BIND('a' AS ?x) } UNION { ?s ?p ?o BIND('\\u0001' AS ?x) } }"

    with pytest.raises(httpx.RemoteProtocolError):
        web.get("/sparql", params={"query": many, "format": "xml"})


def test_the_format_may_be_named_in_the_address(web: httpx.Client) -> None:
    assert web.get("/sparql", params={"query": ALL, "format": "csv"}).text.startswith("light,height\r\n")


def test_the_endpoint_describes_itself_truly(web: httpx.Client, root: str) -> None:
    answer = web.get("/sparql", headers={"Accept": "text/turtle"})
    graph = ox.Store()
    graph.load(answer.content, ox.RdfFormat.TURTLE)
    asked = "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> PREFIX void: <http://rdfs.org/ns/void#> "

    def values(pattern: str) -> set[str]:
        return {row["x"].value for row in graph.query(f"{asked} SELECT ?x {{ {pattern} }}")}

    assert values("?s a sd:Service ; sd:endpoint ?x") == {f"{root}/sparql"}
    assert values("?s sd:supportedLanguage ?x") == {"http://www.w3.org/ns/sparql-service-description#SPARQL11Query"}
    assert values("?s sd:feature ?x") == {"http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph"}
    assert values("?s sd:defaultDataset/sd:defaultGraph/void:triples ?x") == {"54"}
    assert len(values("?s sd:defaultDataset/sd:namedGraph/sd:name ?x")) == 2
    assert len(values("?s sd:resultFormat ?x")) == 8


def test_people_get_a_form_and_the_answer_under_it(web: httpx.Client) -> None:
    people = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    form = web.get("/sparql", headers=people)
    answer = web.get("/sparql", params={"query": ALL}, headers=people)
    wrong = web.get("/sparql", params={"query": "SELECT <script>"}, headers=people)

    assert "<textarea" in form.text
    assert '<a href="/doc/light/high-rock" title="https://example.org/id/light/high-rock">High Rock</a>' in answer.text
    assert wrong.status_code == 400
    assert "<script>" not in wrong.text
