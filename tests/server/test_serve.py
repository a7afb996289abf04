import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from milieu.server.site import Settings
from server.serving import LIGHTHOUSES, serving, site_of

ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"


def test_one_request_is_made_and_printed(milieu) -> None:
    said = milieu("--graph", LIGHTHOUSES, "serve", "--get", "/queries/keepers.csv")
    full = milieu("--graph", LIGHTHOUSES, "serve", "-i", "-H", "Accept: text/turtle", "--get", "/doc/light/high-rock")
    wrong = milieu("--graph", LIGHTHOUSES, "serve", "--get", "/queries/kepers.csv")

    assert (said.status, said.out) == (
        0,
        "keeper,light\r\nhttps://example.org/id/keeper/ada,https://example.org/id/light/high-rock\r\n",
    )
    assert full.out.startswith("HTTP/1.1 200 OK\n")
    assert "\ncontent-type: text/turtle; charset=utf-8\n" in full.out
    assert wrong.status == 1
    assert json.loads(wrong.out)["remedy"] == "Did you mean /queries/keepers?"


def test_the_request_may_be_written_as_people_read_it(milieu) -> None:
    found = milieu("--graph", LIGHTHOUSES, "serve", "--get", "/search?q=nordküste")
    nothing = milieu("--graph", LIGHTHOUSES, "serve", "--get", "//doc")

    assert [hit["name"] for hit in json.loads(found.out)["results"]] == ["North coast"]
    assert (nothing.status, json.loads(nothing.out)["status"]) == (1, 404)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--port", "99999"], "milieu: --port must be from 0 to 65535\n"),
        (["--port", "-1"], "milieu: --port must be from 0 to 65535\n"),
        (["--workers", "0"], "milieu: --workers must be more than 0\n"),
        (
            ["--token-file", "no-such-file"],
            "milieu: no-such-file: the token cannot be read (No such file or directory)\n",
        ),
        (["--get", "/", "-H", "Accept"], "milieu: --header: 'Accept' is no header. Write 'Accept: text/turtle'.\n"),
    ],
)
def test_a_slip_is_met_with_one_paragraph(milieu, words: list[str], message: str) -> None:
    said = milieu("--graph", LIGHTHOUSES, "serve", *words)

    assert (said.status, said.err) == (2, message)


def start(*words: str, folder: Path = LIGHTHOUSES) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "milieu", "--graph", str(folder), "serve", "--port", "0", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip().rstrip("/")


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in found.split()]


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux lists them")
def test_it_stops_in_the_middle_of_an_endless_query_and_leaves_no_process() -> None:
    process, root = start("--timeout", "60", "--workers", "2")
    with pytest.raises(httpx.TimeoutException):
        httpx.get(f"{root}/sparql", params={"query": ENDLESS}, timeout=0.5)
    pending = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import httpx; httpx.get({root!r} + '/sparql', params={{'query': {ENDLESS!r}}}, timeout=60)",
        ],
        stderr=subprocess.DEVNULL,
    )
    time.sleep(0.7)
    workers = children(process.pid)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    pending.wait(30)

    assert process.returncode == 0
    assert len(workers) >= 2
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []
    assert "Traceback" not in said


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux lists them")
def test_workers_end_with_a_server_that_was_killed() -> None:
    process, root = start("--workers", "2", "--quiet")
    with pytest.raises(httpx.TimeoutException):
        httpx.get(f"{root}/sparql", params={"query": ENDLESS}, timeout=0.3)
    workers = children(process.pid)
    process.kill()
    process.communicate(timeout=30)
    latest = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers) and time.monotonic() < latest:
        time.sleep(0.1)

    assert workers
    assert [pid for pid in workers if Path(f"/proc/{pid}").exists()] == []


def test_every_request_is_logged_as_json() -> None:
    process, root = start()
    httpx.get(f"{root}/health")
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]

    assert [(line["method"], line["path"], line["status"]) for line in lines] == [("GET", "/health", 200)]


def test_a_client_that_hangs_up_while_it_sends_leaves_one_line_in_the_log() -> None:
    process, root = start()
    where = root.removeprefix("http://")
    for path, kind in (("/sparql", "application/sparql-query"), ("/validate", "text/turtle")):
        with socket.create_connection((where.partition(":")[0], int(where.rpartition(":")[2]))) as client:
            head = f"POST {path} HTTP/1.1\r\nHost: {where}\r\nContent-Type: {kind}\r\nContent-Length: 100\r\n\r\n"
            client.sendall(head.encode() + b"ASK ")
            time.sleep(0.2)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=30)

    assert [json.loads(line)["path"] for line in said.splitlines()] == ["/sparql", "/validate"]


def test_a_port_that_is_taken_is_told() -> None:
    with serving(site_of()) as root:
        port = root.rpartition(":")[2]
        command = [sys.executable, "-m", "milieu", "--graph", str(LIGHTHOUSES), "serve", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_does_not_build_is_told_in_one_paragraph(lighthouses: Path) -> None:
    (lighthouses / "data" / "broken.ttl").write_text("light:x a", encoding="utf-8")
    command = [sys.executable, "-m", "milieu", "--graph", str(lighthouses), "serve", "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "does not build" in done.stderr


def wait_for(root: str, path: str, wanted: int) -> int:
    latest = time.monotonic() + 60
    while (status := httpx.get(f"{root}{path}").status_code) != wanted and time.monotonic() < latest:
        time.sleep(0.1)
    return status


def test_a_change_of_the_folder_is_followed_without_a_gap(lighthouses: Path) -> None:
    file = lighthouses / "data" / "lights.ttl"
    good = file.read_text(encoding="utf-8")
    with serving(site_of(lighthouses, Settings(workers=2, watch=0.2))) as root:
        file.write_text(good + 'light:bell a lh:Light ; rdfs:label "Bell Rock"@en ; lh:height 36 .\n', encoding="utf-8")
        os.utime(file)
        assert wait_for(root, "/doc/light/bell.ttl", 200) == 200
        assert '"36"' in httpx.get(f"{root}/sparql", params={"query": "SELECT ?h { light:bell lh:height ?h }"}).text
        assert [hit["name"] for hit in httpx.get(f"{root}/search", params={"q": "bell"}).json()["results"]] == [
            "Bell Rock"
        ]

        file.write_text(good + "light:broken a lh:Light ; lh:height 0 .\n", encoding="utf-8")
        latest = time.monotonic() + 60
        while httpx.get(f"{root}/health").json()["status"] == "ok" and time.monotonic() < latest:
            time.sleep(0.1)
        told = httpx.get(f"{root}/health").json()
        assert told["status"] == "stale"
        assert told["trouble"]
        assert httpx.get(f"{root}/doc/light/bell.ttl").status_code == 200

        file.write_text(good, encoding="utf-8")
        assert wait_for(root, "/doc/light/bell.ttl", 404) == 404
        assert httpx.get(f"{root}/health").json()["status"] == "ok"
