"""OWL 2 DL: the ontology is consistent, and its classes are what the rules say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Severity

if TYPE_CHECKING:
    from milieu.graph import Graph

__all__ = ["check_logic"]


def check_logic(graph: Graph) -> Iterator[Finding]:
    """A finding for each thing that HermiT faults in the ontology and a sample of the data that uses all of it.

    Raises `MissingError` when the extra `dl` is not installed.
    """
    from milieu.reason.dl import check_dl, hierarchy
    from milieu.reason.sample import sample

    folder = graph.folder
    ontology = _triples(folder.ontology)
    data = _triples(folder.data)
    inferred = graph.build.store.inner
    verdict = check_dl(ontology, sample(ontology, data), classes=hierarchy(inferred))
    compact = graph.prefixes.compact
    if verdict.verdict != "consistent":
        yield _finding(verdict.verdict, f"HermiT finds the ontology {verdict.verdict}: {verdict.reason}.")
    for name in verdict.unsatisfiable:
        yield _finding("unsatisfiable", f"{compact(name)} can have no members.")
    for below, above in verdict.missed:
        yield _finding("missed", f"{compact(below)} is below {compact(above)}, which the rules do not find.")
    for below, above in verdict.extra:
        yield _finding("extra", f"The rules put {compact(below)} below {compact(above)}, which does not follow.")


def _triples(paths: list[Path]) -> list[ox.Triple]:
    return [quad.triple for path in paths for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]


def _finding(kind: str, message: str) -> Finding:
    return Finding(Severity.VIOLATION, f"logic:{kind}", message, "Mend the axioms that lead to it.")
