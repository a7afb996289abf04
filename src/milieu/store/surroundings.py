"""What a distant engine says of a few things, fetched in a few requests: enough to describe them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.namespaces import OWL
from milieu.store.reply import as_here
from milieu.store.skolem import named

if TYPE_CHECKING:
    from milieu.store.remote import RemoteStore

__all__ = ["surroundings"]

_ABOUT = ox.NamedNode(f"{OWL}annotatedSource")
_DEEPEST = 8  # lists and restrictions of an ontology: nodes without a name that lead to others
_Node = ox.NamedNode | ox.BlankNode


def surroundings(
    store: RemoteStore, iris: Collection[str], labels: Iterable[str], incoming: int
) -> tuple[ox.Store, list[str]]:
    """A store with what is said of these things and of the evidence for it, and the IRIs that it speaks of.

    Of each of those the store has the `labels`, and of what refers to the things as much as `incoming` says.
    """
    found = ox.Store()
    things: list[_Node] = [ox.NamedNode(iri) for iri in iris]
    quads = list(
        store.quads([*((thing, None, None) for thing in things), *((None, _ABOUT, thing) for thing in things)])
    )
    found.extend(quads)
    for thing in things if incoming else ():
        found.extend(_referring(store, thing, incoming))
    seen = set(things)
    evidence = [quad.subject for quad in quads if quad.predicate == _ABOUT]
    for _ in range(_DEEPEST):
        further = {node for node in [*evidence, *_nameless(quads)] if node not in seen}
        if not further:
            break
        seen |= further  # type: ignore[arg-type]
        quads = list(store.quads([(node, None, None) for node in further]))  # type: ignore[misc]
        found.extend(quads)
    terms = dict.fromkeys(term for quad in found for term in (quad.subject, quad.predicate, quad.object))
    mentioned = [term for term in terms if isinstance(term, ox.NamedNode)]
    names = [ox.NamedNode(label) for label in labels]
    found.extend(store.quads([(term, name, None) for term in mentioned if term not in seen for name in names]))
    return found, [term.value for term in mentioned]


def _referring(store: RemoteStore, thing: _Node, most: int) -> list[ox.Quad]:
    rows = store.query(f"SELECT ?s ?p ?g WHERE {{ GRAPH ?g {{ ?s ?p {named(thing)} }} }} LIMIT {most}")
    return [ox.Quad(as_here(row["s"]), row["p"], thing, row["g"]) for row in rows]  # type: ignore[union-attr]


def _nameless(quads: Iterable[ox.Quad]) -> list[_Node]:
    return [quad.object for quad in quads if isinstance(quad.object, ox.BlankNode)]
