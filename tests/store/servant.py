"""A server on loopback that says whatever a test wants said, and keeps what it was asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from milieu.store.endpoint import Credentials, Endpoint
from milieu.store.remote import RemoteStore
from milieu.store.wire import Wire

ASK = "SELECT ?x { ?x ?y ?z }"
NOTHING = b'{"head":{"vars":["x"]},"results":{"bindings":[]}}'
ONE = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"one"}}]}}'
NOBODY = Credentials()

Say = Callable[[socket.socket, int], None]


@dataclass
class Heard:
    """A request: its headers in lower case, and its body as a form."""

    headers: dict[str, str]
    form: dict[str, list[str]]


@dataclass
class Servant:
    """Where it listens, and what it has heard."""

    address: str
    heard: list[Heard] = field(default_factory=list)


def reply(body: bytes, media: str = "application/sparql-results+json", status: str = "200 OK", *headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {media}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def store(address: str, credentials: Credentials = NOBODY, *, seconds: float = 10, most: int = 1 << 20) -> RemoteStore:
    endpoint = Endpoint.parse(address, credentials=credentials)
    return RemoteStore(endpoint, wire=Wire(endpoint, seconds=seconds, most=most))


@contextmanager
def saying(*replies: bytes | Say) -> Iterator[Servant]:
    """A server that gives these replies, one for each connection, the last of them for ever."""
    line = socket.create_server(("127.0.0.1", 0))
    servant = Servant(f"http://127.0.0.1:{line.getsockname()[1]}/sparql")

    def serve() -> None:
        number = 0
        while True:
            try:
                client, _ = line.accept()
            except OSError:
                return
            said = replies[min(number, len(replies) - 1)]
            number += 1
            with client, suppress(OSError):
                servant.heard.append(_read(client))
                if callable(said):
                    said(client, number)
                else:
                    client.sendall(said)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield servant
    finally:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)
        line.close()
        thread.join(5)


def _read(client: socket.socket) -> Heard:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(client)
    head, _, body = data.partition(b"\r\n\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head.decode().split("\r\n")[1:])
    }
    while len(body) < int(headers.get("content-length", "0")):
        body += _more(client)
    return Heard(headers, parse_qs(body.decode()))


def _more(client: socket.socket) -> bytes:
    data = client.recv(65536)
    if not data:
        raise ConnectionError("the client has gone")
    return data
