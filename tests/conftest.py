"""What the tests share: a tiny folder of another vocabulary, caches of their own, the command line in process."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent


@dataclass
class Said:
    """What a command printed and how it ended."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Builds of the tests never meet those of the user; every worker of one run shares them."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "cache"
    os.environ["MILIEU_CACHE"] = str(shared)
    os.environ.pop("MILIEU_GRAPH", None)
    return shared


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches the network, on purpose or by accident."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1"}:  # type: ignore[index]
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def lighthouses(tmp_path: Path) -> Path:
    """A copy of the second folder, to be changed at will."""
    return Path(shutil.copytree(TESTS / "folders" / "lighthouses", tmp_path / "lighthouses"))


@pytest.fixture
def milieu(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Said]:
    """The command line, run in this process."""
    from milieu.cli import main

    def run(*words: object) -> Said:
        capfdbinary.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capfdbinary.readouterr()
        return Said(status, out.decode(), err.decode())

    return run
