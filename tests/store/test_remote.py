"""Graphs in an engine: judged, explained and shown as in the build, in few round trips."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest

import milieu
from milieu.build.ahead import asked_ahead
from milieu.errors import StoreError
from milieu.explain.text import card_text, explanation_text
from milieu.graph import Graph
from milieu.namespaces import ASSERTED, INFERRED
from milieu.publish import publish
from milieu.store.endpoint import Endpoint
from milieu.store.memory import Remembered
from milieu.store.remote import RemoteStore
from milieu.store.wire import Wire
from milieu.validate.contribution import Contribution
from milieu.validate.fragment import StoreView
from milieu.validate.incremental import validate_change
from milieu.validate.schema import Schema
from milieu.validate.whole import compiled_shapes
from store.engines import running

pytestmark = pytest.mark.xdist_group("remote")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running("oxigraph", tmp_path_factory.mktemp("engine")) as address:
        yield address


@pytest.fixture(scope="module")
def distant(engine: str) -> Graph:
    """Milieu's own graph, in an engine."""
    publish(milieu.open().build, Endpoint.parse(engine))
    return milieu.open(store=engine)


TWENTY = """
@prefix mil: <https://w3id.org/milieu/ontology#> . @prefix city: <https://w3id.org/milieu/id/city/> .
@prefix craft: <https://w3id.org/milieu/id/craft/> . @prefix field: <https://w3id.org/milieu/id/field/> .
@prefix country: <https://w3id.org/milieu/id/country/> . @prefix membership: <https://w3id.org/milieu/id/membership/> .
@prefix network: <https://w3id.org/milieu/id/network/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
city:new-port a mil:City ; rdfs:label "New Port"@en ; mil:latitude 1.5 ;
  mil:longitude 2.5 ; mil:partOf country:japan ;
  mil:practises craft:kaga-yuzen, craft:glass-of-new-port ; mil:population 1000 .
craft:glass-of-new-port a mil:Craft ; rdfs:label "glass of New Port"@en ;
  skos:definition "Glass, blown by the sea."@en .
city:kanazawa mil:practises craft:glass-of-new-port .
membership:new-port-2023 a mil:NetworkMembership ; rdfs:label "New Port 2023"@en ; mil:memberCity city:new-port ;
  mil:field field:crafts-and-folk-art ; mil:startDate "2023"^^xsd:gYear ;
  mil:network network:unesco-creative-cities-network ; mil:endDate "2024"^^xsd:gYear .
city:new-port mil:geonamesId "1" .
"""


def test_twenty_triples_are_judged_in_at_most_twelve_round_trips(distant: Graph) -> None:
    added = [(q.subject, q.predicate, q.object) for q in ox.parse(TWENTY.encode(), format=ox.RdfFormat.TURTLE)]
    shapes = compiled_shapes(distant.folder, distant.build).shapes
    away = distant.build.store
    assert isinstance(away, RemoteStore)
    before = away.wire.requests
    validation = validate_change(StoreView(away), shapes, added)

    assert len(added) == 20
    assert validation.cost.lookups > 100
    assert away.wire.requests - before == validation.cost.requests <= 12


def test_the_whole_gate_keeps_to_that_too(distant: Graph) -> None:
    away = distant.build.store
    assert isinstance(away, RemoteStore)
    before = away.wire.requests
    report = distant.validate(TWENTY)

    assert away.wire.requests - before <= 12
    assert [f.code for f in report] == [f.code for f in milieu.open().validate(TWENTY)]


PREFIXES = """
@prefix mil: <https://w3id.org/milieu/ontology#> . @prefix city: <https://w3id.org/milieu/id/city/> .
@prefix craft: <https://w3id.org/milieu/id/craft/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DOUBTFUL = f"""{PREFIXES}
city:kanazawa a mil:City, mil:Person ; mil:practises craft:kaga-yuzen .
"""


def test_contradictions_are_found_as_in_the_build(distant: Graph) -> None:
    away = distant.build.store
    assert isinstance(away, RemoteStore)
    before = away.wire.requests
    found, expected = distant.validate(DOUBTFUL), milieu.open().validate(DOUBTFUL)

    assert [(f.code, f.message, f.place) for f in found] == [(f.code, f.message, f.place) for f in expected]
    assert [f.code for f in found if f.code.startswith("clash:")] == ["clash:all-disjoint-classes"]
    assert away.wire.requests - before <= 12


def test_a_search_for_contradictions_that_goes_too_far_is_left_out_and_says_so(
    distant: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("milieu.validate.clashes._TRIPS", 0)
    found = distant.validate(DOUBTFUL)

    assert [f.severity.word for f in found if f.code == "clashes-unknown"] == ["info"]


def test_what_a_contribution_claims_is_read_back_and_effects_are_left_out(distant: Graph) -> None:
    found = distant.validate(SOUND, brief=False)
    expected = milieu.open().validate(SOUND, brief=False)

    assert found.conforms
    assert found.readback == expected.readback
    assert found.effects is None
    assert [f.code for f in found] == [*(f.code for f in expected), "effects-unknown"]


SOUND = f'{PREFIXES} city:kanazawa rdfs:label "Kanazawa"@en .'

STATEMENTS = [
    ("city:kanazawa", "mil:hasField", "field:crafts-and-folk-art"),
    ("Kanazawa", "practises", "Kaga yuzen"),
    ("city:kanazawa", "mil:practises", "craft:nothing"),
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_is_explained_as_in_the_build_in_few_round_trips(
    engine: str, distant: Graph, statement: tuple[str, str, str]
) -> None:
    here, there = milieu.open(), milieu.open(store=engine)
    away = there.build.store
    assert isinstance(away, RemoteStore)
    found = explanation_text(there.why(*statement), there.view)

    assert found == explanation_text(here.why(*statement), here.view)
    assert away.wire.requests <= 20


def test_a_thing_is_shown_as_in_the_build_in_few_round_trips(engine: str, distant: Graph) -> None:
    here, there = milieu.open(), milieu.open(store=engine)
    away = there.build.store
    assert isinstance(away, RemoteStore)

    assert card_text(there.show("Kanazawa"), there.view) == card_text(here.show("Kanazawa"), here.view)
    assert away.wire.requests <= 40


def test_a_row_of_an_answer_is_explained_as_in_the_build(engine: str, milieu: Callable[..., object]) -> None:
    words = ("why", "--query", "cities-by-field", "--row", "2", "--format", "json")
    there, here = milieu("--store", engine, *words), milieu(*words)

    assert there.out == here.out != ""  # type: ignore[attr-defined]


def test_a_dataset_needs_a_build(distant: Graph) -> None:
    with pytest.raises(StoreError, match="a dataset needs a build, and this graph is in an engine"):
        distant.dataset()


def test_names_that_are_like_one_are_looked_for_by_the_engine(engine: str, distant: Graph) -> None:
    # All labels together are longer than that.
    endpoint = Endpoint.parse(engine)
    narrow = RemoteStore(endpoint, wire=Wire(endpoint, most=40_000))
    prefixes = distant.prefixes
    found = Schema(narrow, prefixes).things_in(prefixes["craft"])

    assert found == Schema(milieu.open().build.store, prefixes).things_in(prefixes["craft"])
    assert f"{prefixes['craft']}kaga-yuzen" in found
    with pytest.raises(StoreError, match="more than 40,000 bytes"):
        list(narrow.match([(None, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), None)]))


def test_what_was_asked_once_is_not_asked_again(engine: str) -> None:
    a, b, p = (ox.NamedNode(f"https://example.org/{name}") for name in "abp")
    away = RemoteStore.open(engine)
    away.wire.update(f"DROP SILENT GRAPH <{ASSERTED}/memory>")
    away.add([(a, p, b)], ASSERTED)
    remembered = Remembered(away, [(b, None, None)])
    before = away.wire.requests

    assert list(remembered.match([(a, None, None)])) == [(a, p, b)]
    assert list(remembered.match([(a, p, None), (a, p, a), (b, p, None)])) == [(a, p, b)]
    assert list(remembered.match([(a, None, None)], INFERRED)) == []
    assert away.wire.requests - before == 1
    away.remove([(a, p, b)], ASSERTED)


def test_looking_ahead_names_the_ontology_and_the_things_of_the_contribution() -> None:
    patterns = asked_ahead([Contribution.of("<https://example.org/a> <https://example.org/b> 1 .")], {})

    assert (ox.NamedNode("https://example.org/a"), None, None) in patterns
    assert (None, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf"), None) in patterns


def test_the_command_line_asks_an_engine(distant: Graph, engine: str, milieu: Callable[..., object]) -> None:
    said = milieu("--store", f"sparql+{engine}", "query", "cities-by-field", "--country", "Japan", "--format", "csv")

    assert "city/kanazawa,Kanazawa,Japan,Crafts and Folk Art,2009," in said.out  # type: ignore[attr-defined]
    assert said.err == ""  # type: ignore[attr-defined]
