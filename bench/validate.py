"""Validation of a small contribution against graphs of growing size, beside pySHACL on the whole graph.

The graph is the folder's own data, copied under new names until it is large enough: what the contribution touches has
the same degree at every size. The smallest is the folder itself. `python bench/validate.py` takes minutes; `--sizes 10000000` and `--whole 1000000` ask
for more, the latter for pySHACL on a whole graph of that size.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

import measure
from milieu.folder import Folder
from milieu.namespaces import ASSERTED
from milieu.store.oxigraph import OxigraphStore
from milieu.store.seam import Triple
from milieu.validate.engine import Shifty
from milieu.validate.fragment import StoreView
from milieu.validate.incremental import Judges, Validation, validate_change, validate_full
from milieu.validate.shapes import Compiled, compile_shapes

CONTRIBUTION = """
city:newtown a mil:City ; rdfs:label "Newtown"@en ; mil:geonamesId "99999991" ;
  mil:latitude -14.5 ; mil:longitude 13.5 ; mil:partOf country:angola ; dcterms:source source:geonames .
membership:newtown-design a mil:NetworkMembership ; mil:field field:design ; mil:memberCity city:newtown ;
  mil:network network:unesco-creative-cities-network ; mil:startDate "2025"^^xsd:gYear ;
  dcterms:source source:news-pontual-ao .
city:oldtown a mil:City ; rdfs:label "Oldtown"@en ; mil:geonamesId "99999992" ; mil:latitude -14.25 ;
  mil:longitude 13.25 ; mil:partOf country:angola ; dcterms:source source:geonames .
"""
BROKEN = "city:newtown mil:latitude 200.5 ."
MANY = 10_000
_THING = re.compile(r"<(https://w3id\.org/milieu/id/[^>]*)>")


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[0, 100_000, 1_000_000])
    parser.add_argument("--whole", type=int, nargs="*", default=[], help="sizes at which pySHACL does the whole graph")
    options = parser.parse_args()
    folder = Folder.find()
    compiled = compile_shapes([(folder.relative(path), path.read_bytes()) for path in folder.shapes])
    new = _triples(folder, CONTRIBUTION)
    broken = [*new, *_triples(folder, BROKEN)]
    with tempfile.TemporaryDirectory() as place:
        views = [_stored(folder, size, Path(place) / str(size)) for size in sorted(options.sizes)]
        times = _interleaved(
            [
                call
                for _, view in views
                for call in (
                    lambda view=view: _validated(view, compiled, new),
                    lambda view=view: _validated(view, compiled, broken),
                    lambda view=view: _validated(view, compiled, new, "pyshacl"),
                )
            ]
        )
        rows = [
            "| triples | contribution, ms | × smallest | look-ups | round trips | refused, ms | by pySHACL, ms |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        verdicts: dict[int, float] = {}
        for index, (count, view) in enumerate(views):
            told = _validated(view, compiled, new)
            if not told.conforms or _validated(view, compiled, broken).conforms:
                raise SystemExit(f"the verdicts are not as they should be: {told.results[:3]}")
            ours, refused, peer = times[3 * index : 3 * index + 3]
            verdicts[count] = ours
            rows.append(
                f"| {count:,} | {ours * 1000:.1f} | {ours / times[0]:.2f} | {told.cost.lookups} | {told.cost.requests} "
                f"| {refused * 1000:.1f} | {peer * 1000:.1f} |"
            )
        rows += [
            "",
            f"A contribution of {MANY:,} triples to the largest: {_many(folder, compiled, views[-1][1]):.1f} s.",
        ]
    print("\n".join(rows), flush=True)
    rows += _full(folder, compiled, sorted({min(options.sizes), *options.whole}), verdicts)
    measure.record("validate", "\n".join(rows))


def _interleaved(calls: Sequence[Callable[[], object]], rounds: int = 41) -> list[float]:
    """The median seconds of each call, taken by turns so that what else the machine does falls on all alike."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for call, seconds in zip(calls, taken, strict=True):
            began = time.perf_counter()
            call()
            seconds.append(time.perf_counter() - began)
    return [statistics.median(seconds) for seconds in taken]


def _validated(view: StoreView, compiled: Compiled, new: list[Triple], engine: Judges = "shifty") -> Validation:
    return validate_change(view, compiled, new, engine=engine)


def _many(folder: Folder, compiled: Compiled, view: StoreView) -> float:
    """Seconds for a contribution as large as a small graph: things like the first ones of the folder."""
    lines = _lines(_things(folder))[:MANY]
    text = "".join(_renamed(lines, "-more", _lines(_fixed(folder))))
    new = [(quad.subject, quad.predicate, quad.object) for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    return measure.call(lambda: _validated(view, compiled, new), times=1)


def _full(folder: Folder, compiled: Compiled, sizes: list[int], times: dict[int, float]) -> list[str]:
    """The whole graph, by us and by pySHACL, and what the incremental way spares at that size."""
    rows = [
        "",
        "| whole graph | milieu, s | pySHACL, s | × faster | contribution × faster |",
        "| --- | --- | --- | --- | --- |",
    ]
    rust = compiled.whole("shifty")
    assert isinstance(rust, Shifty)
    for size in sizes:
        data = "".join(_graph(folder, size)).encode()
        count = data.count(b"\n")
        ours = measure.call(lambda data=data: validate_full(data, compiled), times=1)
        theirs = measure.call(lambda data=data: validate_full(data, compiled, engine="pyshacl"), times=1)
        near = min(times, key=lambda known: abs(known - count))
        rows.append(f"| {count:,} | {ours:.2f} | {theirs:.1f} | {theirs / ours:.0f} | {theirs / times[near]:,.0f} |")
        print(rows[-1], flush=True)
    return rows


def _stored(folder: Folder, size: int, place: Path) -> tuple[int, StoreView]:
    """A graph of about that size in a store on disk."""
    store = ox.Store(str(place))
    lines = "".join(_graph(folder, size))
    store.bulk_load(lines.encode(), ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(ASSERTED))
    store.optimize()
    return lines.count("\n"), StoreView(OxigraphStore(store))


def _graph(folder: Folder, size: int) -> Iterator[str]:
    """The ontology, the vocabularies and the things, these copied as often as it takes to be about so large."""
    fixed, copied = _lines(_fixed(folder)), _lines(_things(folder))
    yield from fixed
    yield from copied
    for number in range(1, max(1, round((size - len(fixed)) / len(copied)))):
        yield from _renamed(copied, f"-copy-{number}", fixed)


def _fixed(folder: Folder) -> list[Path]:
    return [*folder.ontology, *(path for path in folder.data if "vocabularies" in path.parts)]


def _things(folder: Folder) -> list[Path]:
    return [path for path in folder.data if "vocabularies" not in path.parts]


def _renamed(lines: list[str], ending: str, fixed: list[str]) -> Iterator[str]:
    """The lines with new names for what they, and nothing fixed, describe; what they only mention stays."""
    described = {line.split(" ", 1)[0] for line in lines} - {line.split(" ", 1)[0] for line in fixed}

    def rename(found: re.Match[str]) -> str:
        return f"<{found[1]}{ending}>" if found[0] in described else found[0]

    return (_THING.sub(rename, line) for line in lines)


def _lines(files: Iterable[Path]) -> list[str]:
    quads = (
        quad for path in files for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )
    return [f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in quads]


def _triples(folder: Folder, text: str) -> list[Triple]:
    quads = ox.parse(folder.prefixes.sparql() + text, format=ox.RdfFormat.TURTLE)
    return [(quad.subject, quad.predicate, quad.object) for quad in quads]


if __name__ == "__main__":
    main()
