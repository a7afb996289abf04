"""The same claims for the embedded store, the Oxigraph server and Virtuoso."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from milieu.store.oxigraph import OxigraphStore
from milieu.store.remote import RemoteStore
from milieu.store.seam import Store
from store.battery import EX, Battery
from store.engines import ENGINES, running

pytestmark = pytest.mark.xdist_group("battery")


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with running(request.param, tmp_path_factory.mktemp(request.param)) as address:
        yield request.param, address


class TestEmbedded(Battery):
    @pytest.fixture
    def store(self) -> Store:
        return OxigraphStore(ox.Store(), {"ex": EX})


class TestRemote(Battery):
    @pytest.fixture
    def store(self, engine: tuple[str, str]) -> Store:
        store = RemoteStore.open(engine[1], {"ex": EX})
        for graph in ("asserted", "inferred"):
            store.wire.update(f"DROP SILENT GRAPH <https://w3id.org/milieu/graph/{graph}>")
        return store
