"""What goes over the wire: requests as they are sent, replies of engines that misbehave, credentials."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from milieu.errors import QueryError, StoreError
from milieu.namespaces import ASSERTED, INFERRED
from milieu.store.endpoint import Credentials, Endpoint
from milieu.store.remote import RemoteStore
from store.servant import ASK, NOTHING, ONE, reply, saying, store

SECRET = Credentials("ada", "s3cret")

pytestmark = pytest.mark.xdist_group("remote")


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
        (
            reply(b"", status="403 Forbidden"),
            r"does not allow this \(403\)\. If it is not for reading only, give MILIEU_STORE_USER",
        ),
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
