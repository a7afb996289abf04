"""Publish: the graph of a build, sent to a SPARQL engine and put in the place of what was there.

It goes in batches into graphs of their own, named after the build. Only when these are complete do they take the places
of the asserted and the inferred graph, by one update; until then queries see the old ones. How much was sent is noted
in the engine, so that a second run goes on where the first was interrupted, from whatever machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
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
_STORE_BATCH = 20_000


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
        return Published(build.digest, asserted, inferred, 0, fresh=False)
    staging = {graph: f"{graph}/{build.digest}" for graph in _GRAPHS}
    kept = dict.fromkeys(staging.values(), 0)
    for name, sent in notes.sent.items():
        # A batch may be noted and yet lost by an engine that fell over: then it begins anew.
        if name in kept and not again and store.count(name) >= sent:
            kept[name] = sent
        else:
            store.wire.update(forgotten(name))
    total, done = asserted + inferred, sum(kept.values())
    watch("send", done, total)
    for graph, name in staging.items():
        for batch, upto in _batches(build, graph, kept[name], _STORE_BATCH if endpoint.graph_store else _UPDATE_BATCH):
            _send(store, batch, name, upto)
            done += len(batch)
            watch("send", done, total)
    watch("store", 0, 2)
    _check(store, {name: counts[graph] for graph, name in staging.items()}, "nothing was put in place")
    watch("store", 1, 2)
    store.wire.update(_swap(build, staging, counts))
    _check(store, counts, "it was put in place nevertheless")
    watch("store", 2, 2)
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


def _swap(build: Build, staging: Mapping[str, str], counts: Mapping[str, int]) -> str:
    moves = [
        # To move a graph that is empty, and so perhaps is none, would be an error.
        f"MOVE GRAPH <{name}> TO GRAPH <{graph}>" if counts[graph] else f"DROP SILENT GRAPH <{graph}>"
        for graph, name in staging.items()
    ]
    return " ;\n".join([*moves, *noted_end(build.digest, build.manifest["built"], counts)])


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
