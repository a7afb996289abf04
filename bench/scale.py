"""The same graph in engines of others, at growing sizes: what publishing, look-ups, queries and exports cost there."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

import measure
import milieu
from grow import grown
from milieu.build.remote import RemoteBuild
from milieu.publish import publish
from milieu.query.run import run
from milieu.store.endpoint import Endpoint
from milieu.store.remote import RemoteStore
from milieu.validate.fragment import StoreView
from milieu.validate.incremental import validate_change
from milieu.validate.whole import compiled_shapes

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

QUERIES = (
    "cities-by-field",
    "crafts-of-a-city",
    "criticisms",
    "members-per-round",
    "organisations-of-a-city",
    "policies",
    "spread-of-a-field",
    "theorists",
    "timeline-of-a-city",
    "what-is-in-it",
)
CONTRIBUTION = """
city:newtown a mil:City ; rdfs:label "Newtown"@en ; mil:geonamesId "99999991" ;
  mil:latitude -14.5 ; mil:longitude 13.5 ; mil:partOf country:angola ; dcterms:source source:geonames .
membership:newtown-design a mil:NetworkMembership ; mil:field field:design ; mil:memberCity city:newtown ;
  mil:network network:unesco-creative-cities-network ; mil:startDate "2025"^^xsd:gYear ;
  dcterms:source source:news-pontual-ao .
city:oldtown a mil:City ; rdfs:label "Oldtown"@en ; mil:geonamesId "99999992" ; mil:latitude -14.25 ;
  mil:longitude 13.25 ; mil:partOf country:angola ; dcterms:source source:geonames .
"""


def main() -> None:
    """Measure and record."""
    from store.engines import ENGINES, running

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--engines", nargs="*", default=list(ENGINES))
    options = parser.parse_args()
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
                with running(engine, place) as address:
                    rows.append(f"| {engine} | {_row(kg, build, address, place)} |")
                    print(rows[-1], flush=True)
    measure.record("scale", "\n".join(rows))


def _row(kg: milieu.Graph, build: milieu.build.manifest.Build, address: str, place: Path) -> str:
    store = address.replace("/query", "/store") if address.endswith("/query") else None
    began = time.perf_counter()
    done = publish(build, Endpoint.parse(address, graph_store=store))
    sent = time.perf_counter() - began
    away = RemoteStore.open(address, kg.prefixes)
    away.wire.seconds = 600
    shapes = compiled_shapes(kg.folder, kg.build).shapes
    head = kg.prefixes.sparql().replace("PREFIX ", "@prefix ").replace(">\n", "> .\n")
    new = [(q.subject, q.predicate, q.object) for q in ox.parse(head + CONTRIBUTION, format=ox.RdfFormat.TURTLE)]
    cost = validate_change(StoreView(away), shapes, new).cost
    judged = _median(lambda: validate_change(StoreView(away), shapes, new))
    asked = []
    for name in QUERIES:
        stored = kg.queries.get(name)
        asked.append(_median(lambda stored=stored: run(away, stored, dict(stored.expect[0].given), kg.prefixes).terms))
    distant = RemoteBuild(kg.folder, address, kg.build.path)
    distant.__dict__["store"] = away
    began = time.perf_counter()
    assert distant.canonical.stat().st_size
    fetched = time.perf_counter() - began
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6
    return (
        f"{done.asserted + done.inferred:,} | {sent:.1f} | {size:.0f} | {judged * 1000:.0f} | {cost.requests} "
        f"| {statistics.geometric_mean(asked) * 1000:.1f} | {fetched:.1f}"
    )


def _median(do: Callable[[], object]) -> float:
    return measure.call(do, times=3)


if __name__ == "__main__":
    main()
