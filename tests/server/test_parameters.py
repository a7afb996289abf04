"""Parameters are treated the same everywhere: at `/sparql`, at stored queries, in forms and at every other address."""

import httpx
import pytest

CLASS = "https%3A%2F%2Fexample.org%2Flighthouses%23Light"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TURTLE = {"Content-Type": "text/turtle"}


def asked(web: httpx.Client, address: str) -> httpx.Response:
    if address.startswith("/validate"):
        return web.post(address, content=b"light:a rdfs:label 'A' .", headers=TURTLE)
    return web.get(address)


@pytest.mark.parametrize(
    "address",
    [
        "/sparql?query=ASK{}&format=csv&format=json",
        "/sparql?query=ASK{}&query=ASK{}",
        "/queries?format=json&format=ttl",
        "/queries/keepers?format=json&format=csv",
        "/queries/keepers?page=1&page=2",
        "/queries/lights-on?least=1&least=2",
        "/search?q=rock&q=high",
        "/search?q=rock&limit=1&limit=2",
        "/validate?format=json&format=text",
        "/graph?graph=a:b&graph=c:d",
        "/graph?default&format=ttl&format=nt",
        "/doc/light/high-rock?format=ttl&format=nt",
        "/about?iri=a:b&iri=c:d",
        "/ontology?format=ttl&format=nt",
        "/dataset?format=ttl&format=nt",
        f"/instances?class={CLASS}&class={CLASS}",
    ],
)
def test_a_parameter_that_says_two_things_is_refused(web: httpx.Client, address: str) -> None:
    assert asked(web, address).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/sparql?query=ASK{}&format=",
        "/queries?format=",
        "/queries/keepers?format=&page=&per=",
        "/queries/lights-on?coast=&least=",
        "/search?q=rock&limit=&kind=&format=",
        "/validate?format=&full=",
        "/graph?default&format=",
        "/doc/light/high-rock?format=",
        "/ontology?format=",
        "/dataset?format=",
        f"/instances?class={CLASS}&from=",
    ],
)
def test_a_parameter_that_is_empty_is_none(web: httpx.Client, address: str) -> None:
    plain = "&".join(pair for pair in address.partition("?")[2].split("&") if not pair.endswith("="))

    assert asked(web, address).status_code == 200
    assert asked(web, address).content == asked(web, f"{address.partition('?')[0]}?{plain}").content


@pytest.mark.parametrize(
    ("address", "remedy"),
    [
        ("/queries/lights-on?leest=3", "Did you mean least?"),
        ("/queries?fromat=ttl", "Did you mean format?"),
        ("/search?q=rock&limt=3", "Did you mean limit?"),
        ("/validate?ful=1", "Did you mean full?"),
        ("/graph?default&fromat=ttl", "Did you mean format?"),
        ("/graph/asserted?x=1", "It takes format."),
    ],
)
def test_a_parameter_that_is_unknown_suggests_a_near_one(web: httpx.Client, address: str, remedy: str) -> None:
    answer = asked(web, address)

    assert (answer.status_code, answer.json()["remedy"]) == (400, remedy)


@pytest.mark.parametrize("address", ["/sparql?query=ASK{}&results=json&timeout=5", "/doc/light/high-rock?from=mail"])
def test_clients_may_add_their_own_to_queries_and_to_addresses_of_things(web: httpx.Client, address: str) -> None:
    assert asked(web, address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/search?q=rock&limit=0",
        "/search?q=rock&limit=-1",
        "/search?q=rock&limit=201",
        "/search?q=rock&limit=many",
        "/queries/keepers?page=0",
        "/queries/keepers?per=10001",
        f"/instances?class={CLASS}&from=-1",
        f"/instances?class={CLASS}&from=x",
        "/instances",
        "/instances?class=x",
        "/validate?full=perhaps",
    ],
)
def test_a_value_out_of_its_bounds_is_refused(web: httpx.Client, address: str) -> None:
    assert asked(web, address).status_code == 400


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", TURTLE, 400),
        (b"", FORM, 400),
        (b"text=light%3Aa+rdfs%3Alabel+1+.", FORM, 400),
        (b"data=a&data=b", FORM, 400),
        (b"light:a rdfs:label 'A' .", {"Content-Type": "text/turtle; charset=latin-1"}, 415),
        (b"light:a rdfs:label 'A' .", {"Content-Type": 'text/turtle; charset="UTF-8"'}, 200),
    ],
)
def test_nothing_is_no_contribution(web: httpx.Client, content: bytes, headers: dict[str, str], status: int) -> None:
    assert web.post("/validate", content=content, headers=headers).status_code == status
