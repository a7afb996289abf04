"""Readers who stop reading, and hang up or don't."""

import signal
import socket
import time
from urllib.parse import quote, urlsplit

import httpx
import pytest

from milieu.server.site import Settings
from milieu.worker.limits import Limits
from server.serving import serving, site_of
from server.test_serve import start

LONG = "SELECT * { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6)) + " }"


def stalled(root: str, path: str = f"/sparql?query={quote(LONG)}") -> socket.socket:
    """A connection whose reader has taken the beginning of a long answer and takes no more."""
    where = urlsplit(root)
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # so that it is full soon
    found.connect((where.hostname, where.port))
    found.sendall(f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
    assert found.recv(100).startswith(b"HTTP/1.1 200 OK")
    return found


def idle(root: str) -> int:
    told = httpx.get(f"{root}/health").json()
    return min(told["idle"], told["workers"])


def wait_for_idle(root: str, wanted: int) -> int:
    latest = time.monotonic() + 30
    while idle(root) != wanted and time.monotonic() < latest:
        time.sleep(0.1)
    return idle(root)


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/queries/keepers.csv", "/health"])
def test_one_who_sends_no_more_still_gets_the_answer(root: str, path: str) -> None:
    where = urlsplit(root)
    for _ in range(5):
        with socket.create_connection((where.hostname, where.port)) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
            client.shutdown(socket.SHUT_WR)
            answer = b""
            while piece := client.recv(65536):
                answer += piece
        assert answer.startswith(b"HTTP/1.1 200 OK")


def test_work_that_nobody_waits_for_ends() -> None:
    endless = LONG.replace("*", "(COUNT(*) AS ?n)")
    with serving(site_of(settings=Settings(limits=Limits(seconds=60), workers=3, watch=0))) as root:
        where = urlsplit(root)
        with socket.create_connection((where.hostname, where.port)) as client:
            client.sendall(f"GET /sparql?query={quote(endless)} HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode())
            assert wait_for_idle(root, 2) == 2

        assert wait_for_idle(root, 3) == 3


@pytest.mark.parametrize("crowd", [1, 4])
def test_readers_who_stop_and_hang_up_cost_no_worker(crowd: int) -> None:
    with serving(site_of(settings=Settings(limits=Limits(seconds=30), workers=3, watch=0))) as root:
        for _ in range(crowd):
            reader = stalled(root)
            time.sleep(0.3)
            reader.close()

        assert wait_for_idle(root, 3) == 3


@pytest.mark.parametrize(
    ("limit", "patience"),
    [(1.0, 60.0), (30.0, 1.0)],
    ids=["ten times the limit have gone by", "nothing was taken for so long"],
)
def test_a_reader_who_stops_and_stays_is_given_up(limit: float, patience: float) -> None:
    settings = Settings(limits=Limits(seconds=limit), workers=3, watch=0)
    with serving(site_of(settings=settings), stalled=patience) as root, stalled(root) as reader:
        assert wait_for_idle(root, 2) == 2
        assert wait_for_idle(root, 3) == 3
        taken = b""
        while piece := reader.recv(1 << 20):
            taken += piece
        assert not taken.endswith(b"0\r\n\r\n")  # it is no whole answer


def test_a_server_whose_readers_have_stalled_ends_when_it_is_told_to() -> None:
    process, root = start("--workers", "3", "--quiet")
    stalled(root).close()
    reader = stalled(root)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    reader.close()

    assert process.returncode == 0
    assert "Traceback" not in said
