"""Every stored query answers as its header says, and runs with whatever of its parameters is given."""

from functools import cache

import pyoxigraph as ox
import pytest

import milieu
from milieu.check.expectations import faults_of
from milieu.graph import Graph
from milieu.query.header import StoredQuery
from milieu.query.run import bound


@cache
def graph() -> Graph:
    return milieu.open()


def stored() -> list[str]:
    from milieu.folder import Folder

    return [path.stem for path in Folder.find().queries("answers")]


@pytest.mark.parametrize("name", stored())
def test_a_query_answers_as_its_header_says(name: str) -> None:
    assert list(faults_of(graph().queries.get(name), graph().build.store, graph())) == []


@pytest.mark.parametrize("name", stored())
def test_a_query_says_what_it_is_for(name: str) -> None:
    query = graph().queries.get(name)

    assert query.summary
    assert query.description
    assert query.tags
    assert all(parameter.description for parameter in query.parameters)


@pytest.mark.parametrize("name", stored())
def test_a_query_is_sparql_with_all_and_with_none_of_its_optional_parameters(name: str) -> None:
    query = graph().queries.get(name)
    needed = next((dict(each.given) for each in query.expect), {})
    required = {parameter.name for parameter in query.parameters if parameter.required}
    for given in (needed, {key: value for key, value in needed.items() if key in required}, _all(query, needed)):
        ox.Store().query(bound(graph().build.store, query, given, graph().prefixes), prefixes=dict(graph().prefixes))


def _all(query: StoredQuery, needed: dict[str, str]) -> dict[str, str | int | bool]:
    """A value for every parameter."""
    plain = {"string": "a", "integer": 1, "year": 2009, "language": "en", "boolean": True}
    given: dict[str, str | int | bool] = dict(needed)
    for parameter in query.parameters:
        if parameter.name not in given and parameter.default is None:
            iri = "https://w3id.org/milieu/id/city/kanazawa"
            if parameter.class_iri:
                from milieu.query.run import things

                iri = things(graph().build.store, parameter.class_iri)[0][0]
            given[parameter.name] = (parameter.choices or (plain.get(parameter.type, iri),))[0]
    return given
