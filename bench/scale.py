"""The same graph at growing sizes, in the store of a build and in engines of others: what each of its uses costs.

`--sizes 10000000` takes 9 GB of disk and twenty minutes or so for the embedded store, and a machine to itself for others.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

import measure
import milieu
from asked import QUERIES, triples
from grow import grown
from milieu.build.manifest import Build
from milieu.build.remote import RemoteBuild
from milieu.export.formats import export
from milieu.publish import publish
from milieu.query.run import run
from milieu.store.endpoint import Endpoint
from milieu.store.oxigraph import OxigraphStore
from milieu.store.remote import RemoteStore
from milieu.validate.fragment import StoreView
from milieu.validate.incremental import validate_change
from milieu.validate.whole import compiled_shapes

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

EMBEDDED = "embedded"


@dataclass(frozen=True)
class Costs:
    """What a graph costs in a store: seconds to put it there and to get it back, megabytes, seconds to use it."""

    statements: int
    stored: float
    disk: float
    judged: float
    trips: str
    asked: float
    fetched: float

    def __str__(self) -> str:
        return (
            f"{self.statements:,} | {self.stored:.1f} | {self.disk:.0f} | {self.judged * 1000:.0f} | {self.trips} "
            f"| {self.asked * 1000:.1f} | {self.fetched:.1f}"
        )


def main() -> None:
    """Measure and record."""
    from store.engines import ENGINES, running

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--engines", nargs="*", default=[EMBEDDED, *ENGINES])
    options = parser.parse_args()
    os.environ["MILIEU_STORE_TIMEOUT"] = "3600"
    rows = [
        "| engine | statements | publish, s | disk, MB | contribution, ms | trips | ten queries, ms | export, s |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    kg = milieu.open()
    for engine in options.engines:
        for size in options.sizes:
            with tempfile.TemporaryDirectory() as folder:
                build = grown(kg.build, size, Path(folder) / "build")
                place = Path(folder) / "engine"
                place.mkdir()
                if engine == EMBEDDED:
                    costs = _embedded(kg, build, place)
                else:
                    with running(engine, place) as address:
                        costs = _remote(kg, build, address, place)
                rows.append(f"| {engine} | {costs} |")
                print(rows[-1], flush=True)
    measure.record("scale", "\n".join(rows))


def _embedded(kg: milieu.Graph, build: Build, place: Path) -> Costs:
    """In the store of a build: a bulk load of the same lines, as 'milieu build' does it at its end."""
    began = time.perf_counter()
    made = ox.Store(str(place / "store"))
    made.bulk_load(path=str(build.canonical), format=ox.RdfFormat.N_QUADS)
    made.flush()
    made.optimize()
    stored = time.perf_counter() - began
    statements = len(made)
    del made
    disk = _megabytes(place)
    store = OxigraphStore.open(place / "store", kg.prefixes)
    judged, _ = _judged(kg, store)
    began = time.perf_counter()
    with (place / "export.nq").open("wb") as stream:
        assert export(build, stream, "nquads") == statements
    fetched = time.perf_counter() - began
    return Costs(statements, stored, disk, judged, "–", _asked(kg, store), fetched)


def _remote(kg: milieu.Graph, build: Build, address: str, place: Path) -> Costs:
    """In an engine of others."""
    from store.engines import graph_store

    began = time.perf_counter()
    done = publish(build, Endpoint.parse(address, graph_store=graph_store(address)))
    stored = time.perf_counter() - began
    disk = _megabytes(place)
    away = RemoteStore.open(address, kg.prefixes)
    judged, trips = _judged(kg, away)
    asked = _asked(kg, away)
    distant = RemoteBuild(kg.folder, address, kg.build.path)
    distant.__dict__["store"] = away
    began = time.perf_counter()
    assert distant.canonical.stat().st_size
    fetched = time.perf_counter() - began
    return Costs(done.asserted + done.inferred, stored, disk, judged, str(trips), asked, fetched)


def _judged(kg: milieu.Graph, store: OxigraphStore | RemoteStore) -> tuple[float, int]:
    """The seconds for the verdict of the shapes on a contribution of twenty triples, and the round trips."""
    shapes = compiled_shapes(kg.folder, kg.build).shapes
    new = triples(kg.prefixes)
    cost = validate_change(StoreView(store), shapes, new).cost
    return _median(lambda: validate_change(StoreView(store), shapes, new)), cost.requests


def _asked(kg: milieu.Graph, store: OxigraphStore | RemoteStore) -> float:
    """The geometric mean of the seconds of ten stored queries."""
    taken = []
    for name in QUERIES:
        stored = kg.queries.get(name)
        taken.append(_median(lambda stored=stored: run(store, stored, dict(stored.expect[0].given), kg.prefixes).terms))
    return statistics.geometric_mean(taken)


def _megabytes(place: Path) -> float:
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6


def _median(do: Callable[[], object]) -> float:
    return measure.call(do, times=3)


if __name__ == "__main__":
    main()
