"""Ten stored queries over a large graph, warm: from the store on disk, against rdflib with the same graph in memory."""

from __future__ import annotations

import argparse
import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

import measure
import milieu
from asked import QUERIES
from grow import grown
from milieu.build.manifest import Build
from milieu.query.run import bound, run
from milieu.store.oxigraph import OxigraphStore
from milieu.validate.reference import graph_of


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=60, help="how long rdflib may take for one query")
    options = parser.parse_args()
    kg = milieu.open()
    with tempfile.TemporaryDirectory() as folder:
        build = grown(kg.build, options.size, Path(folder) / "build")
        store = _stored(build, Path(folder) / "store", kg.prefixes)
        memory = _in_memory(build)
        rows = ["| query | rows | milieu, ms | rdflib, ms | × faster |", "| --- | ---: | ---: | ---: | ---: |"]
        factors = []
        for name in QUERIES:
            stored = kg.queries.get(name)
            given = dict(stored.expect[0].given)
            count = len(run(store, stored, given, kg.prefixes).terms)
            ours = measure.call(lambda s=stored, g=given: run(store, s, g, kg.prefixes).terms, times=5)
            text = kg.prefixes.sparql() + bound(store, stored, given, kg.prefixes)
            theirs, ended = _within(options.seconds, lambda t=text: len(list(memory.query(t))))
            factors.append(theirs / ours)
            least = "" if ended else "≥ "
            rows.append(
                f"| `{name}` | {count:,} | {ours * 1000:.1f} | {least}{theirs * 1000:,.0f} | {least}{theirs / ours:,.0f} |"
            )
            print(rows[-1], flush=True)
    rows.append(f"| geometric mean | | | | {statistics.geometric_mean(factors):,.0f} |")
    measure.record("warm", "\n".join(rows))


def _stored(build: Build, place: Path, prefixes: Mapping[str, str]) -> OxigraphStore:
    store = ox.Store(str(place))
    store.bulk_load(path=str(build.canonical), format=ox.RdfFormat.N_QUADS)
    store.optimize()
    return OxigraphStore(store, prefixes)


def _in_memory(build: Build) -> Graph:
    lines = []
    with build.canonical.open("rb") as stream:
        for line in stream:
            lines.append(line.rsplit(b" <", 1)[0] + b" .\n")
    return graph_of(b"".join(lines))


class _TookTooLongError(Exception):
    pass


def _within(seconds: int, do: Callable[[], object]) -> tuple[float, bool]:
    """Seconds of one run, and whether it came to its end in the time it was given."""

    def over(*_: object) -> None:
        raise _TookTooLongError

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(seconds)
    began = time.perf_counter()
    try:
        do()
    except _TookTooLongError:
        return time.perf_counter() - began, False
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    return time.perf_counter() - began, True


if __name__ == "__main__":
    main()
