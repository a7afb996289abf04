"""A long run: sixteen clients on a graph that was made up, and neither a fault nor a leak."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from server.test_serve import children, start

THINGS = 800
SECONDS = float(os.environ.get("MILIEU_SOAK_SECONDS", "60"))
ASKED = [
    "/sparql?format=json&query=SELECT ?p ?o {{ light:made-{n} ?p ?o }}",
    "/sparql?format=csv&query=SELECT ?s ?h {{ ?s lh:height ?h FILTER(?h > {h}) }} ORDER BY ?h LIMIT 50",
    "/sparql?format=ttl&query=CONSTRUCT WHERE {{ light:made-{n} ?p ?o }}",
    "/queries/lights-on.json?least={h}&page=1&per=20",
    "/doc/light/made-{n}.ttl",
    "/doc/light/made-{n}.html",
    "/search?q=made {n}",
    "/health",
]


def grown(folder: Path) -> Path:
    """The lighthouses with thousands more of them."""
    lines = (folder / "data" / "lights.ttl").read_text(encoding="utf-8")
    prefixes = "".join(re.findall(r"^@prefix .*\n", lines, flags=re.MULTILINE))
    made = "".join(
        f'light:made-{n} a lh:Light ; rdfs:label "Made {n}"@en ; lh:height {n % 90 + 1} ; lh:standsOn coast:north .\n'
        for n in range(THINGS)
    )
    (folder / "data" / "made.ttl").write_text(prefixes + made, encoding="utf-8")
    return folder


def resident(process: int) -> int:
    """The memory that a process and its workers hold themselves, in KiB; pages of the store are the system's."""
    total = 0
    for pid in (process, *children(process)):
        told = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        total += int(re.search(r"RssAnon:\s+(\d+)", told)[1])  # type: ignore[index]
    return total


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="looks at memory as Linux tells it")
def test_sixteen_clients_for_a_minute_meet_no_fault_and_memory_stays(lighthouses: Path) -> None:
    process, root = start("--workers", "2", "--quiet", folder=grown(lighthouses))
    try:
        statuses: dict[int, int] = {}

        def ask(client: int, end: float, first: int) -> None:
            number = first
            with httpx.Client(base_url=root, timeout=30) as web:
                while time.monotonic() < end:
                    number += 1
                    path = ASKED[number % len(ASKED)].format(n=(number * 7 + client) % THINGS, h=number % 80)
                    status = web.get(path).status_code
                    statuses[status] = statuses.get(status, 0) + 1

        def crowd(seconds: float, first: int) -> int:
            end = time.monotonic() + seconds
            with ThreadPoolExecutor(16) as pool:
                for each in [pool.submit(ask, client, end, first) for client in range(16)]:
                    each.result()
            return resident(process.pid)

        warm = crowd(SECONDS / 3, 0)  # what is kept for later has been kept by then
        after = crowd(SECONDS, 100_000)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)

    print(f"{sum(statuses.values())} requests, {warm} KiB before and {after} KiB after")
    assert set(statuses) == {200}
    assert after <= warm * 1.05, (warm, after)
