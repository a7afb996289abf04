"""Validation of a small contribution against graphs of growing size, beside pySHACL on the whole graph.

The graph is the folder's own data, copied under new names until it is large enough: what the contribution touches has
the same degree at every size. The smallest is the folder itself. `python bench/validate.py` takes minutes; `--sizes 10000000` and `--whole 1000000` ask
for more, the latter for a whole graph of that size, which takes pySHACL a quarter of an hour.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

import measure
from asked import triples
from milieu.folder import Folder
from milieu.namespaces import ASSERTED
from milieu.store.oxigraph import OxigraphStore
from milieu.store.seam import Triple
from milieu.validate.fragment import StoreView
from milieu.validate.incremental import Judges, Validation, validate_change
from milieu.validate.shapes import Compiled, compile_shapes

SMALL = Path(__file__).parents[1] / "docs" / "examples" / "nishijin.ttl"
WHOLE = """\
import re, sys, time
from pathlib import Path
from milieu.validate.incremental import validate_full
from milieu.validate.shapes import Compiled
compiled = Compiled.from_json(Path(sys.argv[1]).read_text())
data = Path(sys.argv[2]).read_bytes()
began = time.perf_counter()
told = validate_full(data, compiled, engine="shifty")
taken = time.perf_counter() - began
memory = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(taken, memory, len(told.results))
"""
PEER = """\
import re, sys, time
from pathlib import Path
import pyshacl, rdflib
shapes = rdflib.Graph()
for path in sys.argv[2:]:
    shapes.parse(path)
began = time.perf_counter()
data = rdflib.Graph().parse(sys.argv[1], format="nt")
_, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", max_validation_depth=64)
taken = time.perf_counter() - began
memory = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
print(taken, memory, len(list(report.objects(predicate=rdflib.SH.result))))
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
    new = triples(folder.prefixes)
    broken = [*new, *triples(folder.prefixes, BROKEN)]
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
    rows += _cold()
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
        "| whole graph | milieu, s | MB | pySHACL, s | MB | × faster | × memory | contribution × faster |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as place:
        shapes, data = Path(place) / "shapes.json", Path(place) / "data.nt"
        shapes.write_text(compiled.to_json(), encoding="utf-8")
        for size in sizes:
            with data.open("w", encoding="utf-8") as stream:
                stream.writelines(_graph(folder, size))
            with data.open("rb") as stream:
                count = sum(1 for _ in stream)
            ours, mine, found = _whole(WHOLE, shapes, data)
            theirs, other, expected = _whole(PEER, data, *folder.shapes)
            if found != expected:
                raise SystemExit(f"of {count:,} triples milieu gives {found:.0f} results, pySHACL {expected:.0f}")
            near = min(times, key=lambda known: abs(known - count))
            rows.append(
                f"| {count:,} | {ours:.2f} | {mine:.0f} | {theirs:.1f} | {other:.0f} | {theirs / ours:.1f} "
                f"| {mine / other:.2f} | {theirs / times[near]:,.0f} |"
            )
            print(rows[-1], flush=True)
    return rows


def _whole(script: str, *words: Path) -> tuple[float, float, float]:
    """Seconds, megabytes and the number of results, once and in a process of its own."""
    done = subprocess.run([sys.executable, "-c", script, *words], check=True, capture_output=True, text=True)
    seconds, megabytes, results = map(float, done.stdout.split())
    return seconds, megabytes, results


def _cold() -> list[str]:
    """The command on a small file, from the shell to the verdict, beside importing what it cannot do without."""
    imports = measure.command([sys.executable, "-c", "import pyoxigraph, shifty"])
    ours = measure.command([Path(sys.executable).parent / "milieu", "validate", "--brief", SMALL])
    return [
        "",
        "| cold verdict, ms | importing pyoxigraph and shifty, ms | ratio |",
        "| --- | --- | --- |",
        f"| {ours * 1000:.0f} | {imports * 1000:.0f} | {ours / imports:.2f} |",
    ]


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


if __name__ == "__main__":
    main()
