"""Publishing to real engines: whole or not at all, and from where it was interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import milieu
import milieu.publish as publication
from milieu.errors import StoreError
from milieu.graph import Graph
from milieu.namespaces import ASSERTED, INFERRED
from milieu.publish import publish
from milieu.store.endpoint import Endpoint
from milieu.store.publication import PUBLICATION, published
from milieu.store.remote import RemoteStore
from milieu.store.wire import Wire
from store.engines import ENGINES, graph_store, running

pytestmark = pytest.mark.xdist_group("publish")


@pytest.fixture(scope="module", params=ENGINES)
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(request.param, tmp_path_factory.mktemp(request.param)) as found:
        yield found


@pytest.fixture
def engine(address: str) -> RemoteStore:
    """The engine, emptied."""
    store = RemoteStore.open(address)
    rows = store.wire.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", {}, "application/sparql-results+json")
    for name in _graphs(rows.content.read().decode()):
        store.wire.update(f"DROP SILENT GRAPH <{name}>")
    return store


def _graphs(text: str) -> list[str]:
    import json

    found = [row["g"]["value"] for row in json.loads(text)["results"]["bindings"]]
    return [name for name in found if name.startswith("https://w3id.org/milieu/")]


@pytest.fixture
def graph(lighthouses: Path) -> Graph:
    return milieu.open(lighthouses)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "_UPDATE_BATCH", 10)


def graphs(store: RemoteStore) -> set[str]:
    reply = store.wire.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", {}, "application/sparql-results+json")
    return set(_graphs(reply.content.read().decode()))


def test_what_is_published_is_counted(engine: RemoteStore, graph: Graph) -> None:
    counts = graph.build.manifest["counts"]
    done = publish(graph.build, engine.endpoint)

    assert (done.asserted, done.inferred) == (counts["asserted"], counts["inferred"])
    assert engine.count(ASSERTED) == counts["asserted"]
    assert engine.count(INFERRED) == counts["inferred"]
    assert published(engine) == graph.build.digest
    assert graphs(engine) == {ASSERTED, INFERRED, PUBLICATION}


def test_publishing_again_sends_nothing(engine: RemoteStore, graph: Graph) -> None:
    publish(graph.build, engine.endpoint)
    done = publish(graph.build, engine.endpoint)

    assert (done.sent, done.fresh) == (0, False)
    assert publish(graph.build, engine.endpoint, again=True).sent == done.asserted + done.inferred


def test_what_someone_else_changed_is_put_right(engine: RemoteStore, graph: Graph) -> None:
    publish(graph.build, engine.endpoint)
    engine.wire.update(f"INSERT DATA {{ GRAPH <{ASSERTED}> {{ <urn:a> <urn:b> <urn:c> }} }}")
    done = publish(graph.build, engine.endpoint)

    assert done.fresh
    assert engine.count(ASSERTED) == done.asserted


def test_a_new_build_takes_the_place_of_the_old(engine: RemoteStore, graph: Graph, lighthouses: Path) -> None:
    publish(graph.build, engine.endpoint)
    data = lighthouses / "data" / "lights.ttl"
    data.write_text(data.read_text().replace("light:sand-point a lh:Light ;", "light:sand-point a lh:Lighthouse ;"))
    changed = milieu.open(lighthouses)
    done = publish(changed.build, engine.endpoint)

    assert engine.count(ASSERTED) == done.asserted
    assert published(engine) == changed.build.digest != graph.build.digest
    assert graphs(engine) == {ASSERTED, INFERRED, PUBLICATION}


@pytest.mark.usefixtures("small_batches")
def test_an_interrupted_run_is_gone_on_with(engine: RemoteStore, graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    send, sent = Wire.update, 0

    def breaking(self: Wire, text: str) -> None:
        nonlocal sent
        sent += 1
        if sent > 3:
            raise StoreError("the line is dead")
        send(self, text)

    monkeypatch.setattr(Wire, "update", breaking)
    with pytest.raises(StoreError, match="the line is dead"):
        publish(graph.build, engine.endpoint)
    monkeypatch.setattr(Wire, "update", send)

    assert engine.count(ASSERTED) == 0, "nothing is in place until all of it is there"
    done = publish(graph.build, engine.endpoint)
    assert (done.kept, done.sent) == (30, done.asserted + done.inferred - 30)
    assert engine.count(ASSERTED) == done.asserted


def test_what_is_left_behind_by_a_run_that_was_interrupted_at_its_end_is_cleared_away(
    engine: RemoteStore, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    clear = publication._clear
    monkeypatch.setattr(
        publication, "_clear", lambda store, names: (_ for _ in ()).throw(StoreError("the line is dead"))
    )
    with pytest.raises(StoreError, match="the line is dead"):
        publish(graph.build, engine.endpoint)
    monkeypatch.setattr(publication, "_clear", clear)

    assert published(engine) == graph.build.digest, "it is in place"
    assert len(graphs(engine)) == 5
    assert publish(graph.build, engine.endpoint).sent == 0
    assert graphs(engine) == {ASSERTED, INFERRED, PUBLICATION}


def test_graphs_are_cleared_away_in_pieces(engine: RemoteStore, graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "_CLEARED_AT_ONCE", 7)
    publish(graph.build, engine.endpoint)

    assert graphs(engine) == {ASSERTED, INFERRED, PUBLICATION}


@pytest.mark.usefixtures("small_batches")
def test_an_interrupted_run_of_another_build_is_cleared_away(
    engine: RemoteStore, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = f"{ASSERTED}/0123"
    engine.wire.update(
        f"INSERT DATA {{ GRAPH <{stale}> {{ <urn:a> <urn:b> <urn:c> }} "
        f"GRAPH <{PUBLICATION}> {{ <{stale}> <http://rdfs.org/ns/void#triples> 1 }} }}"
    )
    publish(graph.build, engine.endpoint)

    assert graphs(engine) == {ASSERTED, INFERRED, PUBLICATION}


def test_two_do_not_publish_at_once(engine: RemoteStore, graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    send = publication._send
    refused: list[str] = []

    def meeting(store: RemoteStore, batch: list[str], name: str, upto: int) -> None:
        with pytest.raises(StoreError, match="being published there at this moment") as fault:
            publish(graph.build, engine.endpoint)
        refused.append(str(fault.value))
        send(store, batch, name, upto)

    monkeypatch.setattr(publication, "_send", meeting)
    done = publish(graph.build, engine.endpoint)

    assert len(refused) == 2, "once for each graph"
    assert refused[0].endswith("Wait until that has ended; what it has sent need not be sent again.")
    assert engine.count(ASSERTED) == done.asserted


def test_what_arrives_incomplete_is_not_put_in_place(
    engine: RemoteStore, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(graph.build, engine.endpoint)
    before = engine.count(ASSERTED)
    send = publication._send

    def losing(store: RemoteStore, batch: list[str], name: str, upto: int) -> None:
        send(store, batch[1:], name, upto)

    monkeypatch.setattr(publication, "_send", losing)
    with pytest.raises(StoreError, match="nothing was put in place"):
        publish(graph.build, engine.endpoint, again=True)

    assert engine.count(ASSERTED) == before


def test_the_graph_store_protocol_carries_it_as_well(engine: RemoteStore, graph: Graph) -> None:
    address = engine.endpoint.query
    done = publish(graph.build, Endpoint.parse(address, graph_store=graph_store(address)))

    assert engine.count(ASSERTED) == done.asserted
    assert engine.count(INFERRED) == done.inferred


def test_the_command_says_what_it_did(engine: RemoteStore, lighthouses: Path, milieu: Callable[..., object]) -> None:
    said = milieu("--graph", lighthouses, "publish", f"sparql+{engine.endpoint.query}")
    again = milieu("--graph", lighthouses, "publish", f"sparql+{engine.endpoint.query}")

    assert "inferred statements (" in said.out  # type: ignore[attr-defined]
    assert " sent, build " in said.out  # type: ignore[attr-defined]
    assert "(nothing to send, build " in again.out  # type: ignore[attr-defined]


def test_a_password_may_not_stand_on_the_command_line(milieu: Callable[..., object]) -> None:
    said = milieu("publish", "http://ada:s3cret@127.0.0.1:1/query")

    assert said.status == 2  # type: ignore[attr-defined]
    assert "s3cret" not in said.err  # type: ignore[attr-defined]
