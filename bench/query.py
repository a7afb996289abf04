"""A stored query from a cold start, against a five-line script that opens the same store and runs the same query."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import measure
import milieu
from milieu.query.run import bound

FIVE_LINES = """\
import sys
import pyoxigraph
store = pyoxigraph.Store.read_only(sys.argv[1])
results = store.query(open(sys.argv[2]).read(), use_default_graph_as_union=True)
results.serialize(sys.stdout.buffer, pyoxigraph.QueryResultsFormat.TSV)
"""
QUERIES = [("cities-by-field", {"field": "Crafts and Folk Art"}), ("city", {"city": "Kanazawa"})]


def main() -> None:
    """Measure and record."""
    kg = milieu.open()
    rows = ["| query | milieu, ms | five lines, ms | ratio |", "| --- | --- | --- | --- |"]
    command = Path(sys.executable).parent / "milieu"
    with tempfile.TemporaryDirectory() as folder:
        script, text = Path(folder) / "five.py", Path(folder) / "query.rq"
        script.write_text(FIVE_LINES)
        for name, given in QUERIES:
            stored = kg.queries.get(name)
            text.write_text(kg.prefixes.sparql() + bound(kg.build.store, stored, given, kg.prefixes))
            words = [word for key, value in given.items() for word in (f"--{key}", value)]
            theirs = measure.command([sys.executable, script, kg.build.path / "store", text])
            ours = measure.command([command, "query", name, *words, "--format", "tsv"])
            rows.append(f"| `{name}` | {ours * 1000:.0f} | {theirs * 1000:.0f} | {ours / theirs:.2f} |")
    measure.record("query", "\n".join(rows))


if __name__ == "__main__":
    main()
