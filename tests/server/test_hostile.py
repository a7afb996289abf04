import asyncio
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from milieu.server.limits import Bounds, hosts_for
from milieu.server.site import Settings
from milieu.worker.limits import Limits
from server.serving import serving, site_of

TOKEN = "0123456789abcdef"
UPDATE = {"Content-Type": "application/sparql-update"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"
FLOOD = "SELECT * { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"


@pytest.fixture(scope="module")
def hard() -> Iterator[str]:
    """A site that gives little."""
    limits = Limits(seconds=1, rows=5000)
    with serving(site_of(settings=Settings(limits=limits, workers=3, watch=0, most_bytes=100_000)), 1.0) as root:
        yield root


def test_endless_queries_end_and_others_are_answered_meanwhile(hard: str) -> None:
    def ask(_: int) -> int:
        return httpx.get(f"{hard}/sparql", params={"query": ENDLESS}, timeout=30).status_code

    with ThreadPoolExecutor(10) as crowd:
        endless = [crowd.submit(ask, number) for number in range(10)]
        meanwhile = [
            httpx.get(f"{hard}{path}").status_code for path in ("/health", "/queries/keepers.json", "/doc/keeper/ada")
        ]
        statuses = {each.result() for each in endless}

    assert meanwhile == [200, 200, 200]
    assert statuses == {503}


def test_a_flood_is_never_taken_for_a_whole_answer(hard: str) -> None:
    with (
        pytest.raises(httpx.HTTPError),
        httpx.stream("GET", f"{hard}/sparql", params={"query": FLOOD}, timeout=30) as answer,
    ):
        for _ in answer.iter_bytes():
            pass
    assert httpx.get(f"{hard}/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.parametrize(
    "query", ["(" * 3000, "ASK {" + "{" * 3000 + "}" * 3000 + "}", "SELECT * { ?s ?p ?o FILTER(" + "1+" * 2500 + "1) }"]
)
def test_crashing_queries_are_refused_and_the_server_lives(hard: str, query: str) -> None:
    statuses = {httpx.post(f"{hard}/sparql", data={"query": query}).status_code for _ in range(5)}

    assert statuses <= {200, 400, 503}
    assert httpx.get(f"{hard}/health").json()["status"] == "ok"


def test_sixteen_clients_get_what_they_ask_for(root: str) -> None:
    def ask(number: int) -> str:
        text = f"SELECT (?h + {number} AS ?n) {{ light:low-rock lh:height ?h }}"
        with httpx.Client(base_url=root, timeout=30) as client:
            found = [client.get("/sparql", params={"query": text, "format": "csv"}).text for _ in range(10)]
        return " ".join(sorted(set(found)))

    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(ask, range(16)))

    assert answers == [f"n\r\n{12 + number}\r\n" for number in range(16)]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("evil.example", 421),
        ("evil.example:80", 421),
        ("127.0.0.1.evil.example", 421),
        ("LOCALHOST", 200),
        ("[::1]:8000", 200),
    ],
)
def test_only_known_hosts_are_answered_for(hard: str, host: str, status: int) -> None:
    answer = httpx.get(f"{hard}/health", headers={"Host": host})

    assert answer.status_code == status
    assert status == 200 or "--allow-host" in answer.json()["remedy"]


def test_a_request_names_one_host(hard: str) -> None:
    where = hard.removeprefix("http://")
    with socket.create_connection((where.partition(":")[0], int(where.rpartition(":")[2]))) as client:
        client.sendall(f"GET /health HTTP/1.1\r\nHost: evil.example\r\nHost: {where}\r\n\r\n".encode())

        assert client.recv(100).startswith(b"HTTP/1.1 400 ")


def test_names_can_be_allowed() -> None:
    assert "atlas.example" in hosts_for("0.0.0.0", ["Atlas.example"])
    assert hosts_for("192.0.2.1") >= {"192.0.2.1", "localhost"}


def test_a_body_is_bounded_however_it_comes(hard: str) -> None:
    def dripping() -> Iterator[bytes]:
        for _ in range(200):
            yield b"x" * 1000

    kind = {"Content-Type": "application/sparql-query"}
    known = httpx.post(f"{hard}/sparql", content=b"x" * 200_000, headers=kind)
    unknown = httpx.post(f"{hard}/sparql", content=dripping(), headers=kind)
    packed = httpx.post(f"{hard}/sparql", content=b"x", headers={**kind, "Content-Encoding": "gzip"})

    assert (known.status_code, unknown.status_code, packed.status_code) == (413, 413, 415)
    assert known.json()["message"] == "the body has 200,000 bytes; 100,000 are allowed"


def test_a_body_that_does_not_come_is_given_up() -> None:
    sent: list[dict] = []

    async def never() -> dict:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict) -> None:
        sent.append(message)

    async def reading(scope: dict, receive: Callable, send: Callable) -> None:
        await receive()

    bounds = Bounds(reading, hosts=frozenset("*"), most_bytes=100, seconds=0.1)
    scope = {"type": "http", "path": "/", "headers": [(b"content-length", b"5")]}
    asyncio.run(bounds(scope, never, send))

    assert [message.get("status") for message in sent] == [408, None]


def test_a_small_answer_comes_in_one_piece(root: str) -> None:
    host, port = root.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as asking:
        asking.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        head, _, body = asking.recv(1 << 16).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK")
    assert body.endswith(b"}")


def test_half_a_head_is_not_waited_for(hard: str) -> None:
    host, port = hard.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as waiting:
        waiting.sendall(b"GET /health HTTP/1.1\r\nHost: local")
        assert waiting.recv(100) == b""


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/queries/..%2f..%2fontology%2flighthouses.ttl",
        "/export/..%2fcanonical.nq",
        "/doc/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/doc/light/%00",
        "/ontology/%2e%2e%2f",
    ],
)
def test_no_path_leads_out(hard: str, path: str) -> None:
    host, port = hard.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := raw.recv(65536):
            answer += piece

    assert answer.split(b" ")[1][:1] == b"4"
    assert b"root:" not in answer


def test_no_answer_shows_a_traceback(hard: str) -> None:
    for path in (
        "/doc/light/%ff",
        "/about?iri=%ff%fe",
        "/search?q=%00%ff&limit=5",
        "/instances?class=x%20y",
        "/instances?class=a:b&from=-1",
    ):
        answer = httpx.get(f"{hard}{path}")
        assert answer.status_code < 500, path
        assert "Traceback" not in answer.text


@pytest.fixture(scope="module")
def writable() -> Iterator[str]:
    with serving(site_of(settings=Settings(watch=0, token=TOKEN))) as root:
        yield root


def test_an_update_needs_the_token_and_the_same_site(writable: str) -> None:
    update = "INSERT DATA { GRAPH <https://example.org/g> { <https://example.org/a> a <https://example.org/B> } }"
    bearer = {"Authorization": f"Bearer {TOKEN}"}

    def status(**headers: str) -> int:
        return httpx.post(f"{writable}/sparql", content=update.encode(), headers={**UPDATE, **headers}).status_code

    assert status() == 401
    assert status(Authorization="Bearer 0123456789abcdeX") == 401
    assert status(Authorization=f"Basic {TOKEN}") == 401
    assert status(**bearer, Origin="https://evil.example") == 403
    assert status(**bearer, Origin="null") == 403
    assert status(**bearer) == 204
    assert status(**bearer, Origin=writable) == 204
    asked = httpx.get(
        f"{writable}/sparql", params={"query": "ASK { <https://example.org/a> a <https://example.org/B> }"}
    )
    assert asked.json()["boolean"] is True


def test_a_working_copy_leaves_the_build_as_it_is(writable: str) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}", **UPDATE}
    assert httpx.post(f"{writable}/sparql", content=b"DROP ALL", headers=bearer).status_code == 204
    assert httpx.get(f"{writable}/sparql", params={"query": "ASK { ?s ?p ?o }"}).json()["boolean"] is False

    assert httpx.get(f"{writable}/doc/keeper/ada.ttl").status_code == 200


def test_an_update_reads_the_graphs_that_it_names(writable: str) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}", **UPDATE}

    def counted(using: str) -> str:
        update = (
            "INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1, 2, 3 } } ; DELETE WHERE { <urn:x> <urn:count> ?n } ; "
            f"INSERT {{ <urn:x> <urn:count> ?n }} {using} WHERE {{ SELECT (COUNT(*) AS ?n) {{ <urn:a> <urn:b> ?c }} }}"
        )
        assert httpx.post(f"{writable}/sparql", content=update.encode(), headers=bearer).status_code == 204
        query = "SELECT ?n { <urn:x> <urn:count> ?n }"
        return httpx.get(f"{writable}/sparql", params={"query": query, "format": "csv"}).text.split()[1]

    assert counted("") == "0"
    assert counted("USING <urn:g>") == "3"
    described = httpx.get(f"{writable}/sparql", headers={"Accept": "text/turtle"}).text
    assert "The WHERE of an update sees the default graph alone" in described


def test_an_update_is_all_or_nothing(writable: str) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}", **UPDATE}
    update = (
        "INSERT DATA { <https://example.org/half> a <https://example.org/B> } ; DROP GRAPH <https://example.org/none>"
    )
    answer = httpx.post(f"{writable}/sparql", content=update.encode(), headers=bearer)
    asked = httpx.get(f"{writable}/sparql", params={"query": "ASK { <https://example.org/half> ?p ?o }"})

    assert answer.status_code == 400
    assert asked.json()["boolean"] is False


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://127.0.0.1:9/>",
        "INSERT DATA { <a:a> <a:b> 1 } ; LOAD <file:///etc/passwd>",
        "DELETE { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_an_update_reaches_nothing_outside(writable: str, update: str) -> None:
    bearer = {"Authorization": f"Bearer {TOKEN}", **UPDATE}

    assert httpx.post(f"{writable}/sparql", content=update.encode(), headers=bearer).status_code == 400


def test_a_slow_reader_does_not_hold_up_others(hard: str) -> None:
    query = "SELECT ?a ?b ?c ?d { ?a ?p ?b . ?c ?q ?d } LIMIT 4000"
    with httpx.stream("GET", f"{hard}/sparql", params={"query": query}, timeout=30) as slow:
        pieces = slow.iter_bytes(1000)
        first = next(pieces)
        assert httpx.get(f"{hard}/sparql", params={"query": "ASK {}"}).status_code == 200
        time.sleep(1.5)  # longer than a query may take: waiting for the reader does not count
        rest = b"".join(pieces)

    assert (first + rest).endswith(b"]}}")


@pytest.mark.long
def test_a_hundred_crashing_queries_and_then_all_is_well(hard: str) -> None:
    def crash(number: int) -> int:
        return httpx.post(
            f"{hard}/sparql", data={"query": "ASK " + "{" * (60 + number) + "}" * (60 + number)}, timeout=60
        ).status_code

    with ThreadPoolExecutor(8) as crowd:
        statuses = set(crowd.map(crash, range(100)))

    assert statuses <= {200, 400, 503}
    assert httpx.get(f"{hard}/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.long
def test_cold_starts_meet_many_first_requests(tmp_path: Path) -> None:
    for _ in range(5):
        with serving(site_of()) as root:
            found: list[int] = []

            def ask(root: str = root, found: list[int] = found) -> None:
                found.append(httpx.get(f"{root}/queries/keepers.json").status_code)

            crowd = [threading.Thread(target=ask) for _ in range(8)]
            for each in crowd:
                each.start()
            for each in crowd:
                each.join()
            assert found == [200] * 8


def test_the_store_of_a_site_is_only_read(hard: str) -> None:
    before = httpx.get(f"{hard}/export/graph.nq").content
    httpx.post(f"{hard}/sparql", content=b"CLEAR ALL", headers=UPDATE)

    assert len(list(ox.parse(before, format=ox.RdfFormat.N_QUADS))) == 54
    assert httpx.get(f"{hard}/export/graph.nq").content == before


SEEDS = [
    "SELECT ?light ?height { ?light a lh:Light ; lh:height ?height . FILTER(?height > 7 && REGEX(STR(?light), 'r')) }",
    'PREFIX x: <https://example.org/> CONSTRUCT { ?s x:p "a\\n"@en } WHERE { ?s (lh:keeps|^lh:keptBy)+ ?o } LIMIT 5',
    "ASK { VALUES (?a ?b) { (1 2.5e1) (UNDEF <https://example.org/>) } MINUS { ?a lh:height ?b } }",
    "SELECT (COUNT(?s) AS ?n) FROM <https://w3id.org/milieu/graph/asserted> { GRAPH ?g { ?s ?p ?o } } GROUP BY ?p",
    "DESCRIBE light:high-rock",
]


def mutated(seed: int) -> str:
    """A query with some of its pieces left out, doubled, exchanged or replaced by odd ones."""
    chance = random.Random(seed)
    text = chance.choice(SEEDS)
    odd = [
        "{",
        "}",
        "(",
        ")",
        "<",
        ">",
        "\\",
        '"',
        "'",
        "\x00",
        "\ud7ff",
        "SERVICE",
        "?",
        "_:b",
        "99999999999999999999",
        "#",
        "\n",
        "é",
        "<<",
        ">>",
    ]
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.randint(0, 12))
        text = text[:start] + chance.choice([*odd, "", text[start:end] * 2]) + text[end:]
    return text


@pytest.mark.parametrize(
    "count", [pytest.param(300, id="some"), pytest.param(10_000, id="many", marks=pytest.mark.long)]
)
def test_no_mutated_query_is_a_fault_of_the_server(root: str, count: int) -> None:
    wrong = []
    with httpx.Client(base_url=root, timeout=30) as client:
        for seed in range(count):
            answer = client.post(
                "/sparql", content=mutated(seed).encode(), headers={"Content-Type": "application/sparql-query"}
            )
            if answer.status_code >= 500:
                wrong.append((seed, answer.text))

    assert wrong == []
