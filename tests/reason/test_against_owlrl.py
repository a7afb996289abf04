"""owlrl, slow but trusted, infers the same and contradicts the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from pyoxigraph import RdfFormat, Store, Triple, parse

from milieu.folder import Folder
from milieu.reason import close
from reason.ontologies import ROOT, RULES, asserted, by_owlrl, documents, inferred, is_noise, triples

SLOW = list(HealthCheck)


def compare(some: list[Triple]) -> bool:
    """Whether the triples contradict one another; fails unless owlrl says the same, and infers the same."""
    store = asserted(some)
    closure = close(store, RULES)
    theirs, contradicted = by_owlrl(some)

    assert inferred(store) == {line for line in theirs if not is_noise(line)}
    assert bool(closure.clashes) == contradicted
    return contradicted


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW)
@given(documents())
def test_random_ontologies_and_data_are_closed_alike(document: tuple[list[str], list[str]]) -> None:
    compare(triples(*document[0], *document[1]))


@pytest.mark.long
@settings(max_examples=10_000, deadline=None, database=None, suppress_health_check=SLOW)
@given(documents())
def test_many_random_ontologies_and_data_are_closed_alike(document: tuple[list[str], list[str]]) -> None:
    compare(triples(*document[0], *document[1]))


def test_our_ontology_is_closed_alike() -> None:
    folder = Folder(ROOT)

    assert not compare([quad.triple for path in folder.ontology for quad in parse(path=path, format=RdfFormat.TURTLE)])


@pytest.mark.long
def test_our_whole_graph_is_closed_alike() -> None:
    assert not compare(_graph())


def test_a_part_of_our_graph_that_touches_every_class_and_property_is_closed_alike() -> None:
    from milieu.reason.sample import sample

    ontology = [quad.triple for path in Folder(ROOT).ontology for quad in parse(path=path, format=RdfFormat.TURTLE)]
    assert not compare([*ontology, *sample(ontology, _graph())])


def _graph() -> list[Triple]:
    folder = Folder(ROOT)
    store = Store()
    for path in (*folder.ontology, *folder.data):
        store.load(path=path, format=RdfFormat.TURTLE)
    return [quad.triple for quad in store]
