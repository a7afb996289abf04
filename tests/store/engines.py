"""Real SPARQL engines on loopback for the tests, each with an empty place of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ENGINES = ("oxigraph", "virtuoso")
_INI = """[Database]
DatabaseFile = {place}/virtuoso.db
ErrorLogFile = {place}/virtuoso.log
LockFile = {place}/virtuoso.lck
TransactionFile = {place}/virtuoso.trx
xa_persistent_file = {place}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {place}/temporary.db
TransactionFile = {place}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
TransactionAfterImageLimit = 1500000000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000000
"""
_GRANTS = (
    'GRANT SPARQL_UPDATE TO "SPARQL"; '
    'GRANT EXECUTE ON DB.DBA.SPARQL_INSERT_DICT_CONTENT TO "SPARQL"; '
    'GRANT EXECUTE ON DB.DBA.SPARQL_DELETE_DICT_CONTENT TO "SPARQL";'
)


def absent(what: str) -> None:
    """Skip aloud, or fail where everything is required."""
    if os.environ.get("MILIEU_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


@contextmanager
def running(engine: str, place: Path) -> Iterator[str]:
    """The address of a new, empty engine, without its beginning `sparql+`; it ends with the block."""
    with _oxigraph(place) if engine == "oxigraph" else _virtuoso(place) as address:
        yield address


def graph_store(address: str) -> str:
    """Where an engine at this address takes graphs by the Graph Store Protocol."""
    if address.endswith("/query"):
        return address.replace("/query", "/store?no_transaction")
    return address.replace("/sparql", "/sparql-graph-crud")


@contextmanager
def _oxigraph(place: Path) -> Iterator[str]:
    program = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        absent("the Oxigraph server")
    port = _free_port()
    words = [program, "serve", "--location", place / "oxigraph", "--bind", f"127.0.0.1:{port}"]
    with _started(words, f"http://127.0.0.1:{port}/", place):
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def _virtuoso(place: Path) -> Iterator[str]:
    program, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or client is None:
        absent("Virtuoso")
    sql, http = _free_port(), _free_port()
    ini = place / "virtuoso.ini"
    ini.write_text(_INI.format(place=place, sql=sql, http=http))
    with _started([program, "+configfile", ini, "+foreground"], f"http://127.0.0.1:{http}/sparql", place):
        subprocess.run(
            [str(client), f"127.0.0.1:{sql}", "dba", "dba", f"exec={_GRANTS}"], check=True, stdout=subprocess.DEVNULL
        )
        yield f"http://127.0.0.1:{http}/sparql"


@contextmanager
def _started(words: list[object], address: str, place: Path) -> Iterator[None]:
    log = place / "engine.log"
    with log.open("wb") as stream:
        process = subprocess.Popen([str(word) for word in words], stdout=stream, stderr=subprocess.STDOUT)
    try:
        end = time.monotonic() + 60
        while not _answers(address):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{words[0]} did not start: {log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5):
            return True
    except urllib.request.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])
