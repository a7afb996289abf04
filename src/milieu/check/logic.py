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
    from milieu.load import load
    from milieu.reason.dl import check_dl, hierarchy
    from milieu.reason.sample import sample
    from milieu.validate.whole import FilePlaces

    folder = graph.folder
    ontology = _triples(folder.ontology)
    data = _triples(folder.data)
    inferred = graph.build.store.inner
    verdict = check_dl(ontology, sample(ontology, data), classes=hierarchy(inferred))
    compact = graph.prefixes.compact
    places: list[FilePlaces] = []

    def found(kind: str, message: str, name: str = "", remedy: str = "Mend the axioms that lead to it.") -> Finding:
        if not name:
            return Finding(Severity.VIOLATION, f"logic:{kind}", message, remedy)
        if not places:
            places.append(FilePlaces(folder, load(folder)))
        place = places[0].at(f"<{name}>")
        return Finding(Severity.VIOLATION, f"logic:{kind}", message, remedy, focus=f"<{name}>", place=place)

    if verdict.verdict != "consistent":
        yield found(verdict.verdict, f"HermiT finds the ontology {verdict.verdict}: {verdict.reason}.")
    for name in verdict.unsatisfiable:
        yield found("unsatisfiable", f"{compact(name)} can have no members.", name)
    # What can have no members is below everything: that says nothing about the rules.
    empty = set(verdict.unsatisfiable)
    for below, above in verdict.missed:
        if not empty & {below, above}:
            message = f"{compact(below)} is below {compact(above)}, which the rules do not find."
            remedy = f"The rules are weaker here. To have it, state {compact(below)} rdfs:subClassOf {compact(above)} ."
            yield found("missed", message, below, remedy)
    for below, above in verdict.extra:
        if not empty & {below, above}:
            message = f"The rules put {compact(below)} below {compact(above)}, which does not follow."
            yield found("extra", message, below)


def _triples(paths: list[Path]) -> list[ox.Triple]:
    return [quad.triple for path in paths for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)]
