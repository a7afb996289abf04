"""Exports of 10⁶ statements, against pyoxigraph that reads the same file and writes it again, as a stream."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import measure
import milieu
from grow import grown

OURS = """\
import sys
from pathlib import Path
from milieu.build.manifest import Build
from milieu.export.formats import export
build = Build(Path(sys.argv[1]), {"prefixes": PREFIXES, "name": "milieu"})
format, target = sys.argv[2], Path(sys.argv[3])
if format == "csv":
    export(build, target, format)
else:
    with target.open("wb") as stream:
        export(build, stream, format)
"""
THEIRS = """\
import sys
import pyoxigraph as ox
FORMATS = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG, "rdfxml": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD}
format = FORMATS[sys.argv[2]]
quads = ox.parse(path=f"{sys.argv[1]}/canonical.nq", format=ox.RdfFormat.N_QUADS)
statements = quads if format.supports_datasets else (quad.triple for quad in quads)
ox.serialize(statements, sys.argv[3], format, prefixes=PREFIXES)
"""
TIMED = """\
import re, time
began = time.perf_counter()
exec(compile(open(WHAT).read(), WHAT, "exec"))
taken = time.perf_counter() - began
print(taken, int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024)
"""
PEERS = ("nquads", "ntriples", "turtle", "trig", "rdfxml", "jsonld")
ALONE = ("jsonld-context", "geojson", "csv")


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000)
    options = parser.parse_args()
    rows = [
        "| format | milieu, s | MB | pyoxigraph, s | MB | ratio |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    kg = milieu.open()
    prefixes = {prefix: space for prefix, space in kg.build.prefixes.items() if prefix}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        build = grown(kg.build, options.size, place / "build")
        for name, text in (("ours", OURS), ("theirs", THEIRS)):
            (place / name).write_text(f"PREFIXES = {json.dumps(prefixes)}\n{text}", encoding="utf-8")
        for name in (*PEERS, *ALONE):
            best = _best(place, ("ours",) if name in ALONE else ("ours", "theirs"), build.path, name)
            ours, mine = best["ours"]
            if name in ALONE:
                rows.append(f"| {name} | {ours:.2f} | {mine:.0f} | | | |")
            else:
                theirs, other = best["theirs"]
                rows.append(f"| {name} | {ours:.2f} | {mine:.0f} | {theirs:.2f} | {other:.0f} | {ours / theirs:.2f} |")
            print(rows[-1], flush=True)
    measure.record("export", "\n".join(rows))


def _best(place: Path, programs: Sequence[str], build: Path, name: str) -> dict[str, tuple[float, float]]:
    """The least seconds and megabytes of each program: five runs in turn, each in a process of its own."""
    found: dict[str, list[tuple[float, ...]]] = {what: [] for what in programs}
    for _ in range(5):
        for what in programs:
            target = place / f"{what}-{name}"
            code = f"WHAT = {str(place / what)!r}\n{TIMED}"
            words = [sys.executable, "-c", code, str(build), name, str(target)]
            done = subprocess.run(words, check=True, capture_output=True, text=True)
            found[what].append(tuple(map(float, done.stdout.split())))
            shutil.rmtree(target) if target.is_dir() else target.unlink()
    return {what: (min(seconds for seconds, _ in runs), min(size for _, size in runs)) for what, runs in found.items()}


if __name__ == "__main__":
    main()
