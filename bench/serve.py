"""Requests per second and times of answers, against `oxigraph serve-read-only` on the same store and machine.

And against rdflib-endpoint, when MILIEU_RDFLIB_ENDPOINT names its program: it needs packages that Milieu does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import measure
import milieu
from milieu.query.run import bound

CLIENTS = (1, 8, 32)
SECONDS = float(os.environ.get("MILIEU_BENCH_SECONDS", "0.5"))
STORED = ["cities-by-field", "city", "crafts-of-a-city", "what-is-in-it"]
TURNS = 12
LOOK_UPS = 200
THEIR_PATH = "/query?union-default-graph"
NUMBERS = itertools.count()
ENDPOINT = os.environ.get("MILIEU_RDFLIB_ENDPOINT")


def main() -> None:
    """Measure and record."""
    kg = milieu.open()
    texts = {"look-ups": _look_ups(kg), "stored-query mix": _stored(kg)}
    rows = [
        "| requests | clients | milieu, /s | p50, ms | p99, ms | oxigraph, /s | p50, ms | p99, ms | ratio | rdflib, /s | p50, ms | p99, ms |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    with _ours() as ours, _theirs(kg) as theirs, _rdflib(kg) as rdflib:
        for name, queries in texts.items():
            for new in (True, False):
                for clients in CLIENTS:
                    row = [f"{name}, {'each new' if new else 'asked again'}", str(clients)]
                    asks = _asks(queries, new)
                    turns = [
                        (_drive_one(ours, "/sparql", asks, clients), _drive_one(theirs, THEIR_PATH, asks, clients))
                        for _ in range(TURNS)
                    ]
                    one, two = (max(best) for best in zip(*turns, strict=True))
                    row += [f"{rate:.0f} | {p50:.1f} | {p99:.1f}" for rate, p50, p99 in (one, two)]
                    row.append(f"{one[0] / two[0]:.2f}")
                    # It keeps no answers, so that asking again is the same to it.
                    three = _drive_one(rdflib, "/", asks, clients) if rdflib and new else None
                    row.append(f"{three[0]:.0f} | {three[1]:.1f} | {three[2]:.1f}" if three else "| | ")
                    rows.append(f"| {' | '.join(row)} |")
    measure.record("serve", "\n".join(rows))


def _asks(queries: list[str], new: bool) -> Callable[[int], bytes]:
    """The query of each turn; new ones differ in a comment, so that nobody can have kept the answer."""
    return lambda turn: (queries[turn % len(queries)] + (f" #{next(NUMBERS)}" if new else "")).encode()


def _look_ups(kg: milieu.Graph) -> list[str]:
    things = kg.sparql(f"SELECT DISTINCT ?s {{ ?s rdfs:label ?l }} ORDER BY ?s LIMIT {LOOK_UPS}").rows
    return [f"SELECT ?p ?o {{ <{row['s']}> ?p ?o }}" for row in things]


def _stored(kg: milieu.Graph) -> list[str]:
    names = [name for name in STORED if name in kg.queries.names()]
    return [
        kg.prefixes.sparql()
        + re.sub(r"^#\+.*\n", "", bound(kg.build.store, kg.queries.get(name), {}, kg.prefixes), flags=re.MULTILINE)
        for name in names
    ]


@contextlib.contextmanager
def _ours() -> Iterator[int]:
    command = [sys.executable, "-m", "milieu", "serve", "--port", "0"]
    with tempfile.TemporaryFile() as log:  # as it is out of the box: every request is logged
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline().strip().rstrip("/").rpartition(":")[2])
        finally:
            process.terminate()
            process.wait(30)


@contextlib.contextmanager
def _theirs(kg: milieu.Graph) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    binary = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if binary is None:
        raise SystemExit("the package 'oxigraph' is not installed")
    store = kg.build.path / "store"
    process = subprocess.Popen(
        [binary, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)


@contextlib.contextmanager
def _rdflib(kg: milieu.Graph) -> Iterator[int | None]:
    if ENDPOINT is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as place, socket.socket() as free:
        path = Path(place) / "graph.nt"
        kg.export(path)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        words = [ENDPOINT, "serve", "--host", "127.0.0.1", "--port", str(port), str(path)]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(600):
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), 5).close()
                    break
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _drive_one(port: int, path: str, asks: Callable[[int], bytes], clients: int) -> tuple[float, float, float]:
    return asyncio.run(_drive(port, path, asks, clients))


async def _drive(port: int, path: str, asks: Callable[[int], bytes], clients: int) -> tuple[float, float, float]:
    """Requests per second, and the median and 99th percentile of the milliseconds of one."""
    end = time.perf_counter() + SECONDS
    taken: list[float] = []

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        turn = number * 7
        while time.perf_counter() < end:
            query = asks(turn)
            turn += 1
            began = time.perf_counter()
            head = (
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/sparql-results+json\r\n"
                f"Content-Type: application/sparql-query\r\nContent-Length: {len(query)}\r\n\r\n"
            )
            writer.write(head.encode() + query)
            await _answer(reader)
            taken.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(clients)))
    spent = time.perf_counter() - began
    cuts = statistics.quantiles(taken, n=100) if len(taken) > 1 else taken * 99
    return len(taken) / spent, cuts[49] * 1000, cuts[98] * 1000


async def _answer(reader: asyncio.StreamReader) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise SystemExit(head.decode())
    length = re.search(rb"content-length: (\d+)", head)
    if length:
        await reader.readexactly(int(length[1]))
        return
    while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
        await reader.readexactly(size + 2)
    await reader.readexactly(2)


if __name__ == "__main__":
    main()
