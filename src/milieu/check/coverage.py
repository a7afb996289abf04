"""Which statements carry each fact of the documents: those whose passage overlaps the lines of the fact."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from milieu.finding import Finding, Severity
from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from milieu.graph import Graph

_SMALL = {"about", "and", "are", "for", "from", "has", "its", "mil", "org", "the", "was", "with", "www", "http"}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

__all__ = ["Coverage", "Fact", "check_coverage", "coverage", "read_facts"]

_NAMING = [RDF + "type", RDFS + "label", SKOS + "altLabel", SKOS + "prefLabel", SKOS + "definition"]


@dataclass(frozen=True)
class Fact:
    """One fact of a document and where it stands; `kind` is heading or repetition for one that says nothing new."""

    id: str
    source: str
    first: int
    last: int
    gist: str
    kind: str = ""
    repeats: str = ""


@dataclass(frozen=True)
class Coverage:
    """A fact and the statements (Turtle, with the prefixes of the folder) that carry it."""

    fact: Fact
    statements: Sequence[str]


def read_facts(path: Path) -> list[Fact]:
    """The facts listed in a CSV file with the columns id, source, first, last, gist, kind, repeats."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Fact(
                row["id"], row["source"], int(row["first"]), int(row["last"]), row["gist"], row["kind"], row["repeats"]
            )
            for row in csv.DictReader(stream)
        ]


def coverage(graph: Graph, facts: Sequence[Fact]) -> list[Coverage]:
    """For each fact the statements whose passage overlaps its lines, those that say most of it first."""
    carried: dict[str, list[tuple[int, int, str]]] = {}
    for source, first, last, statement in _placed(graph):
        carried.setdefault(source, []).append((first, last, statement))
    found = []
    for fact in facts:
        near = [
            (_stems(statement), last - first, statement)
            for first, last, statement in carried.get(fact.source, ())
            if first <= fact.last and last >= fact.first
        ]
        found.append(Coverage(fact, _in_order_of_use(near, _stems(fact.gist))))
    return found


def check_coverage(graph: Graph, facts: Sequence[Fact]) -> Iterator[Finding]:
    """A finding for each fact that no statement carries."""
    known = {fact.id for fact in facts}
    for each in coverage(graph, facts):
        fact = each.fact
        if not each.statements:
            yield Finding(
                Severity.VIOLATION,
                "uncovered",
                f"{fact.id} ({fact.source}, lines {fact.first}-{fact.last}) is carried by no statement: {fact.gist}",
                "State it, with a passage that overlaps these lines.",
            )
        if fact.repeats and fact.repeats not in known:
            yield Finding(Severity.VIOLATION, "uncovered", f"{fact.id} repeats {fact.repeats}, which is no fact.")


def _in_order_of_use(near: list[tuple[frozenset[str], int, str]], words: frozenset[str]) -> list[str]:
    """The statements, each time the one next that says most of what those before it have left unsaid."""
    rest = sorted(near, key=lambda each: (-len(each[0] & words), each[1], each[2]))
    unsaid, chosen = set(words), list[str]()
    while rest:
        best = max(rest, key=lambda each: (len(each[0] & unsaid), len(each[0] & words), -each[1]))
        if chosen and not best[0] & unsaid:
            break
        rest.remove(best)
        chosen.append(best[2])
        unsaid -= best[0]
    return chosen + [each[2] for each in rest]


def _stems(text: str) -> frozenset[str]:
    """The words of a text, cut short so that their endings do not matter, and its numbers."""
    plain = text.lower().replace(",", "")
    months = {f"{number:02}" for number, name in enumerate(_MONTHS, 1) if name in plain}
    return frozenset(
        [
            *(word[:5] for word in re.findall(r"[a-z]{3,}", plain) if word not in _SMALL),
            *re.findall(r"\d{2,}", plain),
            *months,
        ]
    )


def _placed(graph: Graph) -> Iterator[tuple[str, int, int, str]]:
    """Source, first line, last line and text of every statement that rests on a passage."""
    compact = graph.prefixes.compact
    naming = ", ".join(f"<{iri}>" for iri in _NAMING)
    place = "?passage mil:passageOf ?source ; mil:firstLine ?first ; mil:lastLine ?last ."
    query = f"""SELECT DISTINCT ?s ?p ?o ?source ?first ?last WHERE {{
      {{ ?axiom a <{OWL}Axiom> ; <{OWL}annotatedSource> ?s ; <{OWL}annotatedProperty> ?p ; <{OWL}annotatedTarget> ?o ;
           <{DCTERMS}source> ?passage . {place} }}
      UNION
      {{ GRAPH <https://w3id.org/milieu/graph/asserted> {{ ?s <{DCTERMS}source> ?passage . {place} ?s ?p ?o .
           FILTER(?p NOT IN ({naming}, <{DCTERMS}source>))
           FILTER NOT EXISTS {{ ?s a <{OWL}Axiom> }} }} }}
    }}"""
    for row in graph.sparql(query).terms:
        terms = (str(row[name]) for name in ("s", "p", "o"))
        said = " ".join(compact(term[1:-1]) if term.startswith("<") else term for term in terms)
        source = compact(str(row["source"])[1:-1])
        yield source, int(row["first"].value), int(row["last"].value), said  # type: ignore[union-attr]
