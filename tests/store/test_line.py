"""A reply has an end in time, and is whole or an error, however it was cut."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable

import pytest

from milieu.errors import StoreError
from milieu.store.wire import OverdueError
from store.servant import ASK, ONE, reply, saying, store

pytestmark = pytest.mark.xdist_group("remote")


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


LINES = b"".join(b"<https://example.org/%d> <https://example.org/p> <https://example.org/o> .\n" % n for n in range(3))
HALVES = (LINES[:160], LINES[160:])
OPENING = b"HTTP/1.1 200 OK\r\nContent-Type: application/n-triples\r\n"
CHUNKED = OPENING + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = {
    "of a length": OPENING + b"Content-Length: %d\r\n\r\n" % len(LINES) + LINES,
    "in chunks": CHUNKED + b"".join(b"%x\r\n%b\r\n" % (len(half), half) for half in (*HALVES, b"")),
    # The beginning of such a number is the number of the last chunk.
    "in chunks of numbers with zeros": CHUNKED
    + b"".join(b"%04x\r\n%b\r\n" % (len(half), half) for half in (*HALVES, b"")),
}
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@pytest.mark.parametrize("kind", WHOLE)
def test_no_beginning_of_a_reply_is_taken_for_all_of_it(kind: str) -> None:
    beginnings = [WHOLE[kind][:length] for length in range(len(WHOLE[kind]))]
    with saying(*beginnings, WHOLE[kind]) as servant:
        asked = store(servant.address)
        for _ in beginnings:
            with pytest.raises(StoreError, match="the reply was cut short"):
                asked.query(CONSTRUCT)

        assert len(list(asked.query(CONSTRUCT))) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", WHOLE)
def test_a_deadline_that_comes_at_any_byte_is_said_to_have_come(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    over: list[Callable[[], None]] = []

    class Timer:
        def __init__(self, seconds: float, cut: Callable[[], None]) -> None:
            over.append(cut)

        def start(self) -> None: ...

        def cancel(self) -> None: ...

    def until(length: int) -> Callable[[socket.socket, int], None]:
        def say(client: socket.socket, _: int) -> None:
            client.sendall(WHOLE[kind][:length])
            over[-1]()
            client.recv(1)

        return say

    monkeypatch.setattr(threading, "Timer", Timer)
    with saying(*(until(length) for length in range(len(WHOLE[kind])))) as servant:
        asked = store(servant.address)
        for _ in WHOLE[kind]:
            with pytest.raises(OverdueError, match="did not answer within 10 seconds"):
                asked.query(CONSTRUCT)


def test_a_reply_without_an_announced_end_is_taken_only_where_the_document_has_one() -> None:
    lines = b"HTTP/1.0 200 OK\r\nContent-Type: application/n-triples\r\n\r\n" + LINES
    with saying(lines) as servant, pytest.raises(StoreError, match="does not say where its reply ends, and app"):
        store(servant.address).query(CONSTRUCT)

    rows = b"HTTP/1.0 200 OK\r\nContent-Type: application/sparql-results+json\r\n\r\n" + ONE
    with saying(rows) as servant:
        assert len(list(store(servant.address).query(ASK))) == 1  # type: ignore[arg-type]
    with saying(rows[:-1]) as servant, pytest.raises(StoreError, match="the engine's reply cannot be read"):
        store(servant.address).query(ASK)


def test_a_refusal_that_is_cut_short_is_still_one() -> None:
    said = b"HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nOut of mem"
    with saying(said) as servant, pytest.raises(StoreError, match=r"the engine failed \(500\)\. Try once more"):
        store(servant.address).query(ASK)


def test_a_kind_of_document_is_compared_as_a_whole() -> None:
    with (
        saying(reply(LINES, "application/n")) as servant,
        pytest.raises(StoreError, match="answers with application/n "),
    ):
        store(servant.address).query(CONSTRUCT)
