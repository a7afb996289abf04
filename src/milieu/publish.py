"""Publish: the graph of a build, sent to a SPARQL engine and put in the place of what was there.

It goes in batches into graphs of their own, named after the build. Only when these are complete are the asserted and
the inferred graph made equal to them, by one update; until then queries see the old ones. How much was sent is noted in
the engine, so that a second run goes on where the first was interrupted, from whatever machine.

That update changes the difference and nothing else, because engines hold in memory what a transaction changes, and the
graphs on their way are cleared away afterwards in pieces, for the same reason. MOVE, which looks made for this, does
both at once, and takes the Oxigraph server two thirds more time and twice the memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from milieu.errors import StoreError
from milieu.namespaces import ASSERTED, INFERRED
from milieu.store.publication import forgotten, noted_end, noted_progress, read_notes
from milieu.store.remote import RemoteStore
from milieu.store.skolem import skolemised

if TYPE_CHECKING:
    from milieu.build.manifest import Build
    from milieu.build.steps import Watch
    from milieu.store.endpoint import Endpoint

__all__ = ["Published", "publish"]

_GRAPHS = (ASSERTED, INFERRED)
_UPDATE_BATCH = 1_000  # Virtuoso compiles an update before it runs it, and gives up at some thousand triples
_STORE_BATCH = 100_000
_CLEARED_AT_ONCE = 100_000


@dataclass(frozen=True)
class Published:
    """What a publication came to.

    The engine holds so many asserted and inferred statements; `sent` of them went there this time, none when it had
    them all (`fresh` is false then), and `kept` were there from a run that had been interrupted.
    """

    digest: str
    asserted: int
    inferred: int
    sent: int
    kept: int = 0
    fresh: bool = True


def publish(
    build: Build, endpoint: Endpoint, *, again: bool = False, watch: Watch = lambda step, done, total: None
) -> Published:
    """Send a build to an engine, or the rest of it, and put it in place; nothing is sent when it is there already.

    With `endpoint.graph_store` the triples go by the Graph Store Protocol, which takes larger batches, else by updates.
    `again` sends everything anew. Raises `StoreError` when the engine refuses, breaks off, or has another number of
    statements than were sent; what was in place before then still is. It also does while another process that shares
    the cache publishes there.
    """
    with _alone(build, endpoint):
        return _published(build, endpoint, again, watch)


@contextmanager
def _alone(build: Build, endpoint: Endpoint) -> Iterator[None]:
    """Keep others of this user from publishing to the same engine meanwhile; the lock ends with the process."""
    name = hashlib.sha256(endpoint.update.encode()).hexdigest()[:16]
    cache = build.path.parent.parent
    with ExitStack() as stack:
        # In a cache that is for reading only, and on Windows, one at a time is for the user to see to.
        with suppress(ImportError, PermissionError):
            import fcntl

            lock = stack.enter_context((cache / f"publishing-{name}.lock").open("a"))
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreError(
                    "something is being published there at this moment",
                    place=str(endpoint),
                    remedy="Wait until that has ended; what it has sent need not be sent again.",
                ) from None
        yield


def _published(build: Build, endpoint: Endpoint, again: bool, watch: Watch) -> Published:
    store = RemoteStore(endpoint)
    counts = {graph: sum(1 for _ in _lines(build, graph)) for graph in _GRAPHS}
    notes = read_notes(store)
    asserted, inferred = (counts[graph] for graph in _GRAPHS)
    if notes.digest == build.digest and not again and _holds(store, counts):
        _clear(store, notes.sent)
        return Published(build.digest, asserted, inferred, 0, fresh=False)
    staging = {graph: f"{graph}/{build.digest}" for graph in _GRAPHS}
    kept = dict.fromkeys(staging.values(), 0)
    for name, sent in notes.sent.items():
        # A batch may be noted and yet lost by an engine that fell over: then it begins anew.
        if name in kept and not again and store.count(name) >= sent:
            kept[name] = sent
        else:
            _clear(store, [name])
    total, done = asserted + inferred, sum(kept.values())
    watch("send", done, total)
    for graph, name in staging.items():
        for batch, upto in _batches(build, graph, kept[name], _STORE_BATCH if endpoint.graph_store else _UPDATE_BATCH):
            _send(store, batch, name, upto)
            done += len(batch)
            watch("send", done, total)
    watch("store", 0, 3)
    complete = {name: counts[graph] for graph, name in staging.items()}
    _check(store, complete, "nothing was put in place")
    watch("store", 1, 3)
    changes = [change for graph, name in staging.items() for change in _changes(store, graph, name, complete[name])]
    store.wire.update(" ;\n".join([*changes, *noted_end(build.digest, build.manifest["built"], counts, complete)]))
    _check(store, counts, "it was put in place nevertheless")
    watch("store", 2, 3)
    _clear(store, complete)
    watch("store", 3, 3)
    return Published(build.digest, asserted, inferred, total - sum(kept.values()), sum(kept.values()))


def _lines(build: Build, graph: str) -> Iterator[str]:
    """The triples of a graph as lines of N-Triples, in their order."""
    end = f" <{graph}> .\n"
    with build.canonical.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            if line.endswith(end):
                yield f"{line[: -len(end)]} .\n"


def _batches(build: Build, graph: str, skip: int, size: int) -> Iterator[tuple[list[str], int]]:
    """The triples behind those to be skipped, so many at a time, each time with how many that makes in all."""
    lines = islice(_lines(build, graph), skip, None)
    upto = skip
    while batch := list(islice(lines, size)):
        upto += len(batch)
        yield batch, upto


def _send(store: RemoteStore, batch: list[str], graph: str, upto: int) -> None:
    # Sending a batch twice changes nothing, so that a note may come too late; but it must never come too early.
    triples = skolemised("".join(batch))
    note = noted_progress(graph, upto)
    if store.endpoint.graph_store:
        store.wire.append(triples.encode(), graph)
        store.wire.update(f"INSERT DATA {{ {note} }}")
    else:
        store.wire.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{triples}}} {note} }}")


def _changes(store: RemoteStore, graph: str, new: str, count: int) -> list[str]:
    """The updates that make a graph equal to a new one, which has so many statements and remains as it is."""
    if not store.count(graph):
        # To add a graph that is empty, and so perhaps is none, would be an error.
        return [f"ADD GRAPH <{new}> TO GRAPH <{graph}>"] if count else []
    old, wanted = f"GRAPH <{graph}> {{ ?s ?p ?o }}", f"GRAPH <{new}> {{ ?s ?p ?o }}"
    return [
        f"DELETE {{ {old} }} WHERE {{ {old} MINUS {{ {wanted} }} }}",
        f"INSERT {{ {old} }} WHERE {{ {wanted} MINUS {{ {old} }} }}",
    ]


def _clear(store: RemoteStore, names: Iterable[str]) -> None:
    """Remove graphs on their way, and what is noted of them, some statements at a time."""
    for name in names:
        some = f"GRAPH <{name}> {{ ?s ?p ?o }}"
        for _ in range(_CLEARED_AT_ONCE, store.count(name), _CLEARED_AT_ONCE):
            store.wire.update(
                f"DELETE {{ {some} }} WHERE {{ {{ SELECT ?s ?p ?o WHERE {{ {some} }} LIMIT {_CLEARED_AT_ONCE} }} }}"
            )
        store.wire.update(forgotten(name))


def _holds(store: RemoteStore, counts: Mapping[str, int]) -> bool:
    return all(store.count(graph) == count for graph, count in counts.items())


def _check(store: RemoteStore, counts: Mapping[str, int], state: str) -> None:
    for graph, count in counts.items():
        found = store.count(graph)
        if found != count:
            raise StoreError(
                f"the engine has {found:,} statements in <{graph}> where {count:,} were sent; {state}",
                place=str(store.endpoint),
                remedy="An engine that rewrites numbers may take two statements for one; else run it with --again.",
            )
