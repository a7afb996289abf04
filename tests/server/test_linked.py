import httpx
import pyoxigraph as ox
import pytest

PEOPLE = {"Accept": "text/html,*/*;q=0.5"}
HIGH_ROCK = "https://example.org/id/light/high-rock"


def test_a_thing_leads_to_its_description(web: httpx.Client) -> None:
    answer = web.get("/id/light/high-rock")

    assert (answer.status_code, answer.headers["location"], answer.headers["vary"]) == (
        303,
        "/doc/light/high-rock",
        "Accept",
    )


@pytest.mark.parametrize(
    ("suffix", "accept", "syntax"),
    [
        ("ttl", "text/turtle", ox.RdfFormat.TURTLE),
        ("nt", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("jsonld", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML),
    ],
)
def test_a_description_comes_by_suffix_and_by_accept(
    web: httpx.Client, suffix: str, accept: str, syntax: ox.RdfFormat
) -> None:
    named = web.get(f"/doc/light/high-rock.{suffix}")
    asked = web.get("/doc/light/high-rock", headers={"Accept": accept})

    assert named.status_code == asked.status_code == 200
    assert named.headers["content-type"].startswith(accept)
    triples = {str(quad.triple) for quad in ox.parse(named.content, format=syntax)}
    assert triples == {str(quad.triple) for quad in ox.parse(asked.content, format=syntax)}
    assert (
        f'<{HIGH_ROCK}> <https://example.org/lighthouses#height> "36"^^<http://www.w3.org/2001/XMLSchema#integer>'
        in triples
    )
    assert (
        f"<https://example.org/doc/light/high-rock> <http://xmlns.com/foaf/0.1/primaryTopic> <{HIGH_ROCK}>" in triples
    )


def test_a_description_holds_what_refers_to_the_thing_and_the_names_of_all(web: httpx.Client) -> None:
    lines = web.get("/doc/keeper/ada.nt").text.splitlines()

    assert f"<{HIGH_ROCK}> <https://example.org/lighthouses#keptBy> <https://example.org/id/keeper/ada> ." in lines
    assert f'<{HIGH_ROCK}> <http://www.w3.org/2000/01/rdf-schema#label> "High Rock"@en .' in lines


def test_the_other_formats_are_linked_from_each(web: httpx.Client) -> None:
    link = web.get("/doc/light/high-rock.ttl").headers["link"]

    assert '</doc/light/high-rock.jsonld>; rel="alternate"; type="application/ld+json"' in link
    assert 'rel="describedby"' in link


def test_an_unchanged_description_is_not_sent_again(web: httpx.Client) -> None:
    first = web.get("/doc/light/high-rock.ttl")
    again = web.get("/doc/light/high-rock.ttl", headers={"If-None-Match": first.headers["etag"]})
    other = web.get("/doc/light/high-rock.nt", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert other.status_code == 200


def test_what_the_client_has_may_be_told_on_several_lines(web: httpx.Client) -> None:
    tag = web.get("/doc/light/high-rock").headers["etag"]
    headers = [("if-none-match", '"another"'), ("if-none-match", tag)]

    assert httpx.get(f"{web.base_url}/doc/light/high-rock", headers=headers).status_code == 304


def test_no_wish_is_the_same_as_any(root: str) -> None:
    with httpx.Client(base_url=root) as client:
        del client.headers["accept"]
        plain = client.get("/doc/light/high-rock")
        any_ = client.get("/doc/light/high-rock", headers={"Accept": "*/*"})

    assert plain.headers["content-type"] == any_.headers["content-type"] == "text/html; charset=utf-8"
    assert plain.content == any_.content


def test_an_unknown_thing_suggests_near_ones(web: httpx.Client) -> None:
    answers = [web.get(f"/{way}/light/hihg-rock") for way in ("id", "doc")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["remedy"].startswith("Did you mean /doc/light/high-rock")
    assert answers[0].json() == answers[1].json()


def test_a_description_that_nobody_writes_is_not_acceptable(web: httpx.Client) -> None:
    assert web.get("/doc/light/high-rock", headers={"Accept": "image/png"}).status_code == 406


def test_people_get_a_page(web: httpx.Client) -> None:
    page = web.get("/doc/light/high-rock", headers=PEOPLE)

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<h1>High Rock</h1>" in page.text
    assert '<a href="/doc/coast/north"' in page.text
    assert 'href="/doc/light/high-rock.ttl"' in page.text


@pytest.mark.parametrize("path", ["/ontology", "/lighthouses"])
def test_the_ontology_answers_at_its_own_address(web: httpx.Client, path: str) -> None:
    page = web.get(path, headers=PEOPLE)
    turtle = web.get(path, headers={"Accept": "text/turtle"})

    assert 'id="Lighthouse"' in page.text
    subjects = {str(quad.subject) for quad in ox.parse(turtle.content, format=ox.RdfFormat.TURTLE)}
    assert subjects == {
        "<https://example.org/lighthouses>",
        *(
            f"<https://example.org/lighthouses#{name}>"
            for name in ["Coast", "Keeper", "Light", "Lighthouse", "height", "keeps", "keptBy", "standsOn"]
        ),
    }


def test_any_iri_of_the_graph_can_be_asked_about(web: httpx.Client) -> None:
    answer = web.get("/about", params={"iri": "https://example.org/lighthouses#Coast", "format": "ttl"})

    assert b"https://example.org/id/coast/north" in answer.content or b"coast:north" in answer.content
    assert web.get("/about", params={"iri": "https://example.org/none"}).status_code == 404
    assert web.get("/about", params={"iri": "no iri"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("/queries/", "Did you mean /queries?"),
        ("/queries/keepers/", "Did you mean /queries/keepers?"),
        ("/export/graph.ttl/", "Did you mean /export/graph.ttl?"),
        ("/nothing/", "The home page lists what there is."),
    ],
)
def test_a_slash_too_many_is_told(web: httpx.Client, path: str, remedy: str) -> None:
    answer = web.get(path)

    assert (answer.status_code, answer.json()["remedy"]) == (404, remedy)


def test_there_is_nothing_elsewhere(web: httpx.Client) -> None:
    answer = web.get("/nowhere/at/all")

    assert (answer.status_code, answer.json()["message"]) == (404, "there is nothing at /nowhere/at/all")


def test_graphs_are_read_by_name(web: httpx.Client) -> None:
    name = "https://w3id.org/milieu/graph/"
    nt = {"Accept": "application/n-triples"}

    def count(path: str, **parameters: str) -> int:
        return len(web.get(path, params=parameters, headers=nt).text.splitlines())

    assert count("/graph", graph=f"{name}asserted") == count("/graph/asserted") == 51
    assert count("/graph", graph=f"{name}inferred") == count("/graph/inferred") == 3
    assert count("/graph", default="") == 54
    assert web.head("/graph", params={"default": ""}).status_code == 200
    jsonld = web.get("/graph", params={"default": ""}, headers={"Accept": "application/ld+json"})
    assert len({str(quad) for quad in ox.parse(jsonld.content, format=ox.RdfFormat.JSON_LD)}) == 54


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/graph", 400),
        ("GET", "/graph?default&graph=https://example.org/g", 400),
        ("GET", "/graph?graph=https://example.org/none", 404),
        ("GET", "/graph/none", 404),
        ("PUT", "/graph?default", 405),
        ("POST", "/graph?default", 405),
        ("DELETE", "/graph?default", 405),
        ("PATCH", "/graph?default", 405),
    ],
)
def test_other_requests_to_the_graph_store_get_the_right_status(web, method, address, status) -> None:
    answer = web.request(method, address)

    assert answer.status_code == status
    assert status != 405 or answer.headers["allow"] == "GET, HEAD, OPTIONS"
