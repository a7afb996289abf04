"""The closure of a graph against loading it, that of a contribution, and a proof; beside owlrl and reasonable.

`python bench/reason.py` measures up to 10⁶ triples; `python bench/reason.py 100000` up to that many.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

import measure
from milieu.explain import StoreView, why
from milieu.folder import Folder
from milieu.namespaces import ASSERTED, RDF
from milieu.reason import Rule, close, compile_rules, read_rules

SIZES = (10_000, 100_000, 1_000_000)
TERMS, THINGS = "https://w3id.org/milieu/ontology#", "https://w3id.org/milieu/id/"
TYPE = NamedNode(RDF + "type")
GRAPH = NamedNode(ASSERTED)
T = TypeVar("T")


def city(number: int) -> Iterator[tuple[str, str, str]]:
    """A city with its country, a membership, a milieu and a policy: 20 statements."""
    city, member, milieu = f"city/c{number}", f"membership/m{number}", f"milieu/l{number}"
    policy, step, building = f"policy/p{number}", f"step/s{number}", f"building/b{number}"
    yield city, "a", "City"
    yield city, "partOf", f"country/k{number % 200}"
    yield f"country/k{number % 200}", "partOf", f"region/r{number % 6}"
    yield member, "a", "NetworkMembership"
    yield member, "memberCity", city
    yield member, "network", f"network/n{number % 5}"
    yield member, "field", f"field/f{number % 8}"
    yield milieu, "a", "CreativeMilieu"
    yield milieu, "milieuOf", city
    yield milieu, "reuses", building
    yield building, "a", "Building"
    yield building, "locatedIn", city
    yield building, "formerUse", f"use/u{number % 4}"
    yield policy, "a", "Strategy"
    yield policy, "policyOf", city
    yield step, "a", "PolicyStep"
    yield step, "ofPolicy", policy
    yield step, "stepState", f"state/t{number % 5}"
    yield f"aim/a{number}", "aimOf", policy
    yield f"aim/a{number}", "a", "Aim"


def triple(subject: str, predicate: str, obj: str) -> Triple:
    verb = TYPE if predicate == "a" else NamedNode(TERMS + predicate)
    return Triple(NamedNode(THINGS + subject), verb, NamedNode((TERMS if predicate == "a" else THINGS) + obj))


def graph(size: int) -> bytes:
    """So many triples, as N-Triples."""
    lines = dict.fromkeys(f"{triple(*words)} .\n" for number in range(size // 20) for words in city(number))
    return "".join(lines).encode()


def timed(do: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    found = do()
    return time.perf_counter() - began, found


def store_of(ontology: bytes, data: bytes, path: Path | None) -> tuple[float, Store]:
    store = Store(str(path)) if path else Store()
    store.load(ontology, format=RdfFormat.N_TRIPLES, to_graph=GRAPH)
    seconds, _ = timed(lambda: store.bulk_load(data, format=RdfFormat.N_TRIPLES, to_graph=GRAPH))
    return seconds, store


def row(rules: tuple[Rule, ...], ontology: bytes, size: int, path: Path | None) -> str:
    load, store = store_of(ontology, graph(size), path)
    seconds, closure = timed(lambda: close(store, rules))
    count = len(closure.inferred)
    del closure
    gc.collect()
    program = compile_rules(store, rules)
    new = [triple(*words) for words in city(size)]
    more = measure.call(lambda: close(store, program, added=new, write=False))
    fact = NamedNode(THINGS + "city/c7"), TYPE, NamedNode(TERMS + "CreativeCity")
    told = measure.call(lambda: why(StoreView(store, rules, program=program), *fact))
    return (
        f"| {size:,} | {'disk' if path else 'memory'} | {load:.2f} | {seconds:.2f} | {seconds / load:.1f} "
        f"| {count:,} | {more * 1000:.1f} | {told * 1000:.1f} |"
    )


def main() -> None:
    """Measure and record."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else SIZES[-1]
    folder = Folder.find()
    rules = read_rules(folder)
    quads = [quad for path in folder.ontology for quad in parse(path=path, format=RdfFormat.TURTLE)]
    ontology = "".join(f"{quad.triple} .\n" for quad in quads).encode()
    rows = [
        "| triples | store | load, s | closure, s | ratio | inferred | 20 triples more, ms | why, ms |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for size in [size for size in SIZES if size <= most]:
        for kind in ("memory", "disk"):
            with tempfile.TemporaryDirectory() as place:
                rows.append(row(rules, ontology, size, Path(place) / "store" if kind == "disk" else None))
                print(rows[-1], flush=True)
    rows += ["", "| reasoner | triples | seconds |", "| --- | --- | --- |"]
    rows += [f"| {name} | {size:,} | {said} |" for name, size, said in others(ontology, most)]
    measure.record("reason", "\n".join(rows))


def others(ontology: bytes, most: int) -> Iterator[tuple[str, int, str]]:
    """The same closures by others, as far as they go: the one is slow, the other takes all memory at 10⁶ triples."""
    import rdflib

    for name, sizes in (("owlrl", SIZES[:1]), ("reasonable", SIZES[:2])):
        for size in [size for size in sizes if size <= most]:
            text = (ontology + graph(size)).decode()
            try:
                run = _owlrl if name == "owlrl" else _reasonable
                seconds, _ = timed(lambda run=run, text=text: run(rdflib.Graph().parse(data=text, format="nt")))
                yield name, size, f"{seconds:.1f} (with parsing by rdflib)"
            except ImportError:
                yield name, size, "not installed here"


def _owlrl(graph: object) -> None:
    import owlrl

    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)


def _reasonable(graph: object) -> None:
    import reasonable  # type: ignore[import-not-found]

    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(graph)
    reasoner.reason()


if __name__ == "__main__":
    main()
