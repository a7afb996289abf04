"""Every term of the ontology is needed: without the triples that use it, some stored query answers otherwise."""

from functools import cache

import pyoxigraph as ox
import pytest

import milieu
from milieu.build.steps import fill
from milieu.check.expectations import faults_of
from milieu.folder import Folder
from milieu.graph import Graph
from milieu.load import Loaded, load
from milieu.namespaces import ASSERTED, INFERRED, RDF, RDFS
from milieu.reason import Rule, close, read_rules
from milieu.store.oxigraph import OxigraphStore

# It counts the things of every class, so that every class would be needed by it alone.
COUNTS_EVERYTHING = "what-is-in-it"
# Kept as an example of how terms are retired: no data may use it.
DEPRECATED = {"https://w3id.org/milieu/ontology#memberSince"}


def terms() -> list[str]:
    modules = (path for path in Folder.find().ontology if path.parent.name == "modules")
    quads = (quad for path in modules for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    return sorted({quad.subject.value for quad in quads if quad.predicate.value == f"{RDFS}isDefinedBy"} - DEPRECATED)


@cache
def graph() -> Graph:
    return milieu.open()


@cache
def loaded() -> Loaded:
    return load(Folder.find())


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(read_rules(Folder.find()))


def without(term: str) -> OxigraphStore:
    """The graph without the statements that use a term as predicate or as type, inferred ones included."""
    typed, named = f" <{RDF}type> <{term}>", f"<{term}>"

    def kept(statement: str) -> bool:
        return not statement.endswith(typed) and statement.split(" ", 2)[1] != named

    store = ox.Store()
    fill(store, filter(kept, loaded().statements), ASSERTED)
    closure = close(store, rules(), write=False)
    inferred = (f"{triple.subject} {triple.predicate} {triple.object}" for triple in closure.inferred)
    fill(store, filter(kept, inferred), INFERRED)
    return OxigraphStore(store, graph().prefixes)


@pytest.mark.long
@pytest.mark.parametrize("term", terms())
def test_a_term_is_needed_by_a_stored_query(term: str) -> None:
    store = without(term)
    queries = (query for query in graph().queries if query.name != COUNTS_EVERYTHING)

    assert any(True for query in queries for _ in faults_of(query, store, graph()))
