"""What a remote store makes of engines that misbehave, and of few round trips."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import milieu
from milieu.build.ahead import asked_ahead
from milieu.errors import QueryError, StoreError
from milieu.explain.text import card_text, explanation_text
from milieu.graph import Graph
from milieu.namespaces import ASSERTED, INFERRED
from milieu.publish import publish
from milieu.store.endpoint import Credentials, Endpoint
from milieu.store.lookup import lookups
from milieu.store.memory import Remembered
from milieu.store.oxigraph import OxigraphStore
from milieu.store.remote import RemoteStore
from milieu.store.skolem import blank, named, skolemised
from milieu.store.wire import Wire
from milieu.validate.contribution import Contribution
from milieu.validate.fragment import StoreView
from milieu.validate.incremental import validate_change
from milieu.validate.schema import Schema
from milieu.validate.whole import compiled_shapes
from store.engines import running
from store.servant import reply, saying

LIGHTHOUSES = Path(__file__).parents[1] / "folders" / "lighthouses"
NOTHING = b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'
ONE = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"one"}}]}}'
ASK = "SELECT ?x { ?x ?y ?z }"
NOBODY = Credentials()
SECRET = Credentials("ada", "s3cret")

pytestmark = pytest.mark.xdist_group("remote")


def store(address: str, credentials: Credentials = NOBODY, *, seconds: float = 10, most: int = 1 << 20) -> RemoteStore:
    endpoint = Endpoint.parse(address, credentials=credentials)
    return RemoteStore(endpoint, wire=Wire(endpoint, seconds=seconds, most=most))


def values(found: object) -> list[str]:
    assert isinstance(found, ox.QuerySolutions)
    return [row["x"].value for row in found]


def test_a_query_names_both_graphs_as_the_default_one() -> None:
    with saying(reply(ONE)) as servant:
        assert values(store(servant.address).query(ASK)) == ["one"]

    assert servant.heard[0].form["query"] == [ASK]
    assert servant.heard[0].form["default-graph-uri"] == [ASSERTED, INFERRED]
    assert servant.heard[0].form["named-graph-uri"] == [ASSERTED, INFERRED]


def test_only_prefixes_that_are_used_and_not_declared_are_sent() -> None:
    with saying(reply(NOTHING)) as servant:
        endpoint = Endpoint.parse(servant.address)
        table = {"a": "https://example.org/a/", "b": "https://example.org/b/", "c": "https://example.org/c/"}
        RemoteStore(endpoint, table).query("PREFIX b: <https://example.com/> SELECT ?x { ?x a:y b:z }")

    sent = servant.heard[0].form["query"][0]
    assert sent == ("PREFIX a: <https://example.org/a/> PREFIX b: <https://example.com/> SELECT ?x { ?x a:y b:z }")


def test_an_engine_that_is_not_there_is_named() -> None:
    with pytest.raises(
        StoreError, match=r"http://127\.0\.0\.1:1/query: the engine cannot be reached \(Connection refused"
    ):
        store("http://127.0.0.1:1/query").query(ASK)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (reply(b"", status="401 Unauthorized"), r"wants credentials \(401\)\. Give MILIEU_STORE_USER"),
        (reply(b"", status="403 Forbidden"), r"wants credentials \(403\)"),
        (
            reply(b"<h1>Out of\nmemory</h1>", "text/html", "500 Oh"),
            r"the engine failed \(500\): Out of memory\. Try once",
        ),
        (reply(b"", status="503 Busy"), r"the engine failed \(503\)\. Try"),
        (reply(b"", status="404 Not Found"), r"there is no such SPARQL endpoint \(404\)"),
        (reply(b"<html>Welcome</html>", "text/html"), r"answers with text/html instead of results"),
        (reply(b"{oops", "application/sparql-results+json"), r"the engine's reply cannot be read"),
        (reply(ONE[:-9]), r"the engine's reply cannot be read"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: 999\r\n\r\n" + ONE,
            "cut short",
        ),
        (
            (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"
            ),
            "cannot be reached",
        ),
        (reply(ONE, "application/sparql-results+json", "200 OK", "X-SPARQL-MaxRows: 10000"), "only part of the answer"),
        (reply(b"x" * 2_000_000), r"more than 1,048,576 bytes"),
        (b"SSH-2.0-OpenSSH\r\n", "cannot be reached"),
        (b"", "cannot be reached"),
    ],
)
def test_a_bad_reply_is_an_error_in_words(said: bytes, message: str) -> None:
    with saying(said) as servant, pytest.raises(StoreError, match=message):
        store(servant.address).query(ASK)


def test_a_query_that_the_engine_does_not_take_is_a_fault_of_the_query() -> None:
    with saying(reply(b"no HAVING", "text/plain", "400 Bad")) as servant, pytest.raises(QueryError, match="no HAVING"):
        store(servant.address).query(ASK)


def test_what_an_engine_says_cannot_steer_the_terminal() -> None:
    with saying(reply(b"\x1b[2Jgone", "text/plain", "500 Oh")) as servant, pytest.raises(StoreError) as fault:
        store(servant.address).query(ASK)

    assert "\x1b" not in str(fault.value)


def drip_body(client: socket.socket, _: int) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: 9999\r\n\r\n")
    while True:
        client.sendall(b" ")
        time.sleep(0.05)


def drip_head(client: socket.socket, _: int) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        client.sendall(b"a")
        time.sleep(0.05)


def silence(client: socket.socket, _: int) -> None:
    client.recv(1)


@pytest.mark.parametrize("say", [drip_body, drip_head, silence])
def test_a_reply_has_a_deadline_for_all_of_it(say: Callable[[socket.socket, int], None]) -> None:
    with saying(say) as servant, pytest.raises(StoreError, match=r"did not answer within 0\.4 seconds"):
        store(servant.address, seconds=0.4).query(ASK)


def test_a_password_goes_only_to_whom_it_was_meant_for() -> None:
    with saying(reply(ONE)) as thief:
        away = reply(b"", "text/plain", "302 Found", f"Location: {thief.address}")
        with (
            saying(away) as servant,
            pytest.raises(StoreError, match=rf"leads to another one, {thief.address}, and is not"),
        ):
            store(servant.address, SECRET).query(ASK)

        assert thief.heard == []


def test_a_token_is_not_sent_on_either() -> None:
    with saying(reply(ONE)) as thief:
        away = reply(b"", "text/plain", "307 Temporary", f"Location: {thief.address}")
        with saying(away) as servant, pytest.raises(StoreError, match="is not followed"):
            store(servant.address, Credentials(token="t0ken")).query(ASK)

        assert servant.heard[0].headers["authorization"] == "Bearer t0ken"
        assert thief.heard == []


def test_a_password_is_sent_when_it_is_asked_for_and_from_then_on() -> None:
    wanted = reply(b"", "text/plain", "401 Who", 'WWW-Authenticate: Basic realm="x"')
    with saying(wanted, reply(ONE)) as servant:
        asked = store(servant.address, SECRET)
        asked.query(ASK)
        asked.query(ASK)

    said = [heard.headers.get("authorization") for heard in servant.heard]
    assert said == [None, "Basic YWRhOnMzY3JldA==", "Basic YWRhOnMzY3JldA=="]


def test_an_engine_that_asks_for_a_digest_never_sees_the_password() -> None:
    wanted = reply(
        b"", "text/plain", "401 Who", 'WWW-Authenticate: Digest realm="x", nonce="n", qop="auth", algorithm=MD5'
    )
    with saying(wanted, reply(ONE)) as servant:
        assert values(store(servant.address, SECRET).query(ASK)) == ["one"]

    said = servant.heard[1].headers["authorization"]
    assert said.startswith('Digest username="ada", realm="x"')
    assert "s3cret" not in said


def test_credentials_that_are_refused_do_not_show_in_the_error() -> None:
    wanted = reply(b"", "text/plain", "401 Who", 'WWW-Authenticate: Basic realm="x"')
    with saying(wanted) as servant, pytest.raises(StoreError, match="does not accept these credentials") as fault:
        store(servant.address, SECRET).query(ASK)

    assert "s3cret" not in str(fault.value) + repr(SECRET)


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/", "http://", "127.0.0.1:7878", "http://[::1/", "http://a b/", "http://host:port/", ""],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(StoreError, match="no address of a SPARQL engine"):
        Endpoint.parse(address)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(StoreError, match="holds a user name or a password") as fault:
        Endpoint.parse("sparql+https://ada:s3cret@engine.example/query")

    assert "s3cret" not in str(fault.value)


def test_credentials_come_from_a_file_or_the_environment(tmp_path: Path) -> None:
    (tmp_path / "pair").write_text("ada:s3:cret\n")
    (tmp_path / "token").write_text("t0ken\n")

    assert Credentials.find(tmp_path / "pair", {}) == Credentials("ada", "s3:cret")
    assert Credentials.find(tmp_path / "token", {}) == Credentials(token="t0ken")
    assert Credentials.find(None, {"MILIEU_STORE_USER": "ada", "MILIEU_STORE_PASSWORD": "x"}) == Credentials("ada", "x")
    assert not Credentials.find(None, {})
    with pytest.raises(StoreError, match="file of credentials cannot be read"):
        Credentials.find(tmp_path / "none", {})


def test_a_time_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILIEU_STORE_TIMEOUT", "soon")

    with pytest.raises(StoreError, match="'soon' is no number of seconds"):
        RemoteStore.open("http://127.0.0.1:1/query")


NODES = [ox.NamedNode(f"https://example.org/{name}") for name in "abcd"]
TERMS = st.sampled_from([*NODES, ox.Literal("x", language="en"), ox.Literal("1"), ox.BlankNode("b")])
SUBJECTS = st.sampled_from([*NODES, ox.BlankNode("b"), ox.BlankNode("c")])
TRIPLES = st.tuples(SUBJECTS, st.sampled_from(NODES), TERMS)
PATTERNS = st.tuples(st.none() | SUBJECTS, st.none() | st.sampled_from(NODES), st.none() | TERMS)


@given(st.sets(TRIPLES, max_size=12), st.lists(PATTERNS, max_size=8))
def test_look_ups_as_sparql_give_what_look_ups_in_the_store_give(triples: set[object], patterns: list[object]) -> None:
    here = OxigraphStore(ox.Store())
    here.add(triples, ASSERTED)  # type: ignore[arg-type]
    there = OxigraphStore(ox.Store())
    there.add([tuple(map(named, triple)) for triple in triples], ASSERTED)  # type: ignore[arg-type,misc]
    found = set()
    for text in lookups(patterns, at_once=3):  # type: ignore[arg-type]
        found |= {tuple(map(blank, row)) for row in there.query(text)}  # type: ignore[union-attr]

    assert found == set(here.match(patterns))  # type: ignore[arg-type]


@given(st.sets(TRIPLES, max_size=6))
def test_blank_nodes_come_back_as_they_went(triples: set[tuple[object, ...]]) -> None:
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    sent = list(ox.parse(skolemised(lines).encode(), format=ox.RdfFormat.N_TRIPLES))

    assert "_:" not in skolemised(lines)
    assert {(blank(quad.subject), quad.predicate, blank(quad.object)) for quad in sent} == triples


def test_text_that_looks_like_a_blank_node_stays_as_it_is() -> None:
    line = '<https://example.org/a> <https://example.org/p> "> _:b0 <https://example.org/g> .\\n_:b1 " .\n'

    assert skolemised(line) == line


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running("oxigraph", tmp_path_factory.mktemp("engine")) as address:
        yield address


@pytest.fixture(scope="module")
def distant(engine: str) -> Graph:
    """Milieu's own graph, in an engine."""
    publish(milieu.open().build, Endpoint.parse(engine))
    return milieu.open(store=engine)


TWENTY = """
@prefix mil: <https://w3id.org/milieu/ontology#> . @prefix city: <https://w3id.org/milieu/id/city/> .
@prefix craft: <https://w3id.org/milieu/id/craft/> . @prefix field: <https://w3id.org/milieu/id/field/> .
@prefix country: <https://w3id.org/milieu/id/country/> . @prefix membership: <https://w3id.org/milieu/id/membership/> .
@prefix network: <https://w3id.org/milieu/id/network/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
city:new-port a mil:City ; rdfs:label "New Port"@en ; mil:latitude 1.5 ;
  mil:longitude 2.5 ; mil:partOf country:japan ;
  mil:practises craft:kaga-yuzen, craft:glass-of-new-port ; mil:population 1000 .
craft:glass-of-new-port a mil:Craft ; rdfs:label "glass of New Port"@en ;
  skos:definition "Glass, blown by the sea."@en .
city:kanazawa mil:practises craft:glass-of-new-port .
membership:new-port-2023 a mil:NetworkMembership ; rdfs:label "New Port 2023"@en ; mil:memberCity city:new-port ;
  mil:field field:crafts-and-folk-art ; mil:startDate "2023"^^xsd:gYear ;
  mil:network network:unesco-creative-cities-network ; mil:endDate "2024"^^xsd:gYear .
city:new-port mil:geonamesId "1" .
"""


def test_twenty_triples_are_judged_in_at_most_twelve_round_trips(distant: Graph) -> None:
    added = [(q.subject, q.predicate, q.object) for q in ox.parse(TWENTY.encode(), format=ox.RdfFormat.TURTLE)]
    shapes = compiled_shapes(distant.folder, distant.build).shapes
    away = distant.build.store
    assert isinstance(away, RemoteStore)
    before = away.wire.requests
    validation = validate_change(StoreView(away), shapes, added)

    assert len(added) == 20
    assert validation.cost.lookups > 100
    assert away.wire.requests - before == validation.cost.requests <= 12


def test_the_whole_gate_keeps_to_that_too(distant: Graph) -> None:
    away = distant.build.store
    assert isinstance(away, RemoteStore)
    before = away.wire.requests
    report = distant.validate(TWENTY)

    assert away.wire.requests - before <= 12
    assert [f.code for f in report] == [f.code for f in milieu.open().validate(TWENTY)]


PREFIXES = """
@prefix mil: <https://w3id.org/milieu/ontology#> . @prefix city: <https://w3id.org/milieu/id/city/> .
@prefix craft: <https://w3id.org/milieu/id/craft/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DOUBTFUL = f"""{PREFIXES}
city:kanazawa a mil:City, mil:Person ; mil:practises craft:kaga-yuzen .
"""


def test_contradictions_are_found_as_in_the_build(distant: Graph) -> None:
    away = distant.build.store
    assert isinstance(away, RemoteStore)
    before = away.wire.requests
    found, expected = distant.validate(DOUBTFUL), milieu.open().validate(DOUBTFUL)

    assert [(f.code, f.message, f.place) for f in found] == [(f.code, f.message, f.place) for f in expected]
    assert [f.code for f in found if f.code.startswith("clash:")] == ["clash:all-disjoint-classes"]
    assert away.wire.requests - before <= 12


def test_a_search_for_contradictions_that_goes_too_far_is_left_out_and_says_so(
    distant: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milieu.validate.clashes._TRIPS", 0)
    found = distant.validate(DOUBTFUL)

    assert [f.severity.word for f in found if f.code == "clashes-unknown"] == ["info"]


def test_what_a_contribution_claims_is_read_back_and_effects_are_left_out(distant: Graph) -> None:
    found = distant.validate(SOUND, brief=False)
    expected = milieu.open().validate(SOUND, brief=False)

    assert found.conforms
    assert found.readback == expected.readback
    assert found.effects is None
    assert [f.code for f in found] == [*(f.code for f in expected), "effects-unknown"]


SOUND = f'{PREFIXES} city:kanazawa rdfs:label "Kanazawa"@en .'

STATEMENTS = [
    ("city:kanazawa", "mil:hasField", "field:crafts-and-folk-art"),
    ("Kanazawa", "practises", "Kaga yuzen"),
    ("city:kanazawa", "mil:practises", "craft:nothing"),
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_is_explained_as_in_the_build_in_few_round_trips(
    engine: str, distant: Graph, statement: tuple[str, str, str]
) -> None:
    here, there = milieu.open(), milieu.open(store=engine)
    away = there.build.store
    assert isinstance(away, RemoteStore)
    found = explanation_text(there.why(*statement), there.view)

    assert found == explanation_text(here.why(*statement), here.view)
    assert away.wire.requests <= 20


def test_a_thing_is_shown_as_in_the_build_in_few_round_trips(engine: str, distant: Graph) -> None:
    here, there = milieu.open(), milieu.open(store=engine)
    away = there.build.store
    assert isinstance(away, RemoteStore)

    assert card_text(there.show("Kanazawa"), there.view) == card_text(here.show("Kanazawa"), here.view)
    assert away.wire.requests <= 40


def test_a_row_of_an_answer_is_explained_as_in_the_build(engine: str, milieu: Callable[..., object]) -> None:
    words = ("why", "--query", "cities-by-field", "--row", "2", "--format", "json")
    there, here = milieu("--store", engine, *words), milieu(*words)

    assert there.out == here.out != ""  # type: ignore[attr-defined]


def test_a_dataset_needs_a_build(distant: Graph) -> None:
    with pytest.raises(StoreError, match="a dataset needs a build, and this graph is in an engine"):
        distant.dataset()


def test_names_that_are_like_one_are_looked_for_by_the_engine(engine: str, distant: Graph) -> None:
    # All labels together are longer than that.
    endpoint = Endpoint.parse(engine)
    narrow = RemoteStore(endpoint, wire=Wire(endpoint, most=40_000))
    prefixes = distant.prefixes
    found = Schema(narrow, prefixes).things_in(prefixes["craft"])

    assert found == Schema(milieu.open().build.store, prefixes).things_in(prefixes["craft"])
    assert f"{prefixes['craft']}kaga-yuzen" in found
    with pytest.raises(StoreError, match="more than 40,000 bytes"):
        list(narrow.match([(None, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), None)]))


def test_what_was_asked_once_is_not_asked_again(engine: str) -> None:
    a, b, p = NODES[:3]
    away = RemoteStore.open(engine)
    away.wire.update(f"DROP SILENT GRAPH <{ASSERTED}/memory>")
    away.add([(a, p, b)], ASSERTED)
    remembered = Remembered(away, [(b, None, None)])
    before = away.wire.requests

    assert list(remembered.match([(a, None, None)])) == [(a, p, b)]
    assert list(remembered.match([(a, p, None), (a, p, a), (b, p, None)])) == [(a, p, b)]
    assert list(remembered.match([(a, None, None)], INFERRED)) == []
    assert away.wire.requests - before == 1
    away.remove([(a, p, b)], ASSERTED)


def test_looking_ahead_names_the_ontology_and_the_things_of_the_contribution() -> None:
    patterns = asked_ahead([Contribution.of("<https://example.org/a> <https://example.org/b> 1 .")], {})

    assert (ox.NamedNode("https://example.org/a"), None, None) in patterns
    assert (None, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf"), None) in patterns


def test_the_command_line_asks_an_engine(distant: Graph, engine: str, milieu: Callable[..., object]) -> None:
    said = milieu("--store", f"sparql+{engine}", "query", "cities-by-field", "--country", "Japan", "--format", "csv")

    assert "city/kanazawa,Kanazawa,Japan,Crafts and Folk Art,2009," in said.out  # type: ignore[attr-defined]
    assert said.err == ""  # type: ignore[attr-defined]
