"""The W3C's entailment cases of SPARQL 1.1 that these rules are to answer: of RDF, RDFS, D and the OWL 2 RL profile.

Not concerned are the cases of the RIF regime (rules in another language) and those that ask under OWL's direct
semantics alone, which are about class expressions that the data do not have.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import (
    BlankNode,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse_query_results,
)
from rdflib.collection import Collection

from milieu.namespaces import ASSERTED, INFERRED, OWL, RDF, RDFS
from milieu.reason import close
from reason.ontologies import ROOT, RULES

SUITES = Path(os.environ.get("MILIEU_W3C", ROOT.parent / "shared" / "w3c"))
HERE = SUITES / "sparql" / "sparql11" / "entailment"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
LEFT_OUT = {"rdf01": "asks whether an IRI is a property because it is used as one: nobody's question, on every line"}


@dataclass
class Case:
    name: str
    query: Path
    data: Path
    result: Path


def cases() -> list[Case]:
    if not HERE.is_dir():
        return []
    graph = rdflib.Graph().parse(HERE / "manifest.ttl", publicID=HERE.as_uri() + "/")
    found = []
    for entry in (entry for head in graph.objects(None, MF.entries) for entry in Collection(graph, head)):
        action = graph.value(entry, MF.action)
        regimes, profiles = listed(graph, action, SD.entailmentRegime), listed(graph, action, SD.EntailmentProfile)
        if regimes & {"RDF", "RDFS", "D"} or ("OWL-RDF-Based" in regimes and "RL" in profiles):
            parts = (graph.value(action, QT.query), graph.value(action, QT.data), graph.value(entry, MF.result))
            found.append(Case(str(entry).rsplit("#")[-1], *(HERE / str(part).rsplit("/")[-1] for part in parts)))
    return found


def listed(graph: rdflib.Graph, action: object, predicate: rdflib.URIRef) -> set[str]:
    head = graph.value(action, predicate)
    members = Collection(graph, head) if (head, rdflib.RDF.first, None) in graph else [head]
    return {str(member).rsplit("/")[-1] for member in members}


def closed(path: Path) -> Store:
    """The closure, with what we leave out on purpose put in: that everything is the same as, or below, itself."""
    store = Store()
    kind = RdfFormat.TURTLE if path.suffix == ".ttl" else RdfFormat.RDF_XML
    store.load(path=path, format=kind, base_iri=path.as_uri(), to_graph=NamedNode(ASSERTED))
    close(store, RULES)
    for kinds, predicate in (
        ((OWL + "Class", RDFS + "Class"), RDFS + "subClassOf"),
        ((OWL + "ObjectProperty", OWL + "DatatypeProperty", RDF + "Property"), RDFS + "subPropertyOf"),
        ((OWL + "NamedIndividual",), OWL + "sameAs"),
    ):
        for name in kinds:
            members = {quad.subject for quad in store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(name))}
            members |= {quad.object for quad in store.quads_for_pattern(None, NamedNode(predicate), None)}
            store.extend(Quad(x, NamedNode(predicate), x, NamedNode(INFERRED)) for x in members)
    return store


def rows(results: object) -> object:
    if isinstance(results, QueryBoolean):
        return bool(results)
    assert isinstance(results, QuerySolutions)
    names = sorted(variable.value for variable in results.variables)
    return sorted(
        tuple("a blank node" if isinstance(row[name], BlankNode) else str(row[name]) for name in names)
        for row in results
    )


@pytest.mark.parametrize("case", [case for case in cases() if case.name not in LEFT_OUT], ids=lambda case: case.name)
def test_the_case_is_answered_as_it_should(case: Case) -> None:
    store = closed(case.data)
    answer = store.query(
        case.query.read_text(encoding="utf-8"), base_iri=case.query.as_uri(), use_default_graph_as_union=True
    )

    assert rows(answer) == rows(parse_query_results(path=case.result, format=QueryResultsFormat.XML))


def test_the_suite_is_there() -> None:
    if not HERE.is_dir() and os.environ.get("MILIEU_REQUIRE_ALL") != "1":
        pytest.skip(f"the W3C suites are not at {SUITES}: none of their entailment cases was run")

    assert len(cases()) == 43
