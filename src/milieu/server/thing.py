"""What the graph says of one thing: the triples a description holds, bounded whatever the thing is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import pyoxigraph as ox

from milieu.namespaces import DCTERMS, INFERRED, OWL
from milieu.server.edition import LABELS, Edition

__all__ = ["Statement", "Thing", "look_up", "triples_of"]

_MOST_OUT = 5_000
_MOST_IN = 2_000
_SOURCE = f"{DCTERMS}source"


@dataclass(frozen=True)
class Statement:
    """One statement about a thing, whether it was inferred, and the passages that it rests on."""

    predicate: str
    value: ox.NamedNode | ox.BlankNode | ox.Literal
    inferred: bool = False
    sources: tuple[str, ...] = ()


@dataclass
class Thing:
    """An IRI, what is said of it and what refers to it; `cut` when there is more than a description takes."""

    iri: str
    says: list[Statement] = field(default_factory=list)
    referred: list[tuple[str, str]] = field(default_factory=list)
    cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.says or self.referred)


def look_up(edition: Edition, iri: str, near: ox.Store | None = None) -> Thing:
    """What the graph says of an IRI, or what a part of it says; a thing without statements when it says nothing."""
    node = ox.NamedNode(iri)
    found = Thing(iri)
    store = near or edition.near([iri], incoming=_MOST_IN + 1)
    sources = dict(_sources(store, node))
    for quad in islice(store.quads_for_pattern(node, None, None, None), _MOST_OUT):
        assert not isinstance(quad.object, ox.Triple)
        key = (quad.predicate.value, str(quad.object))
        inferred = quad.graph_name == ox.NamedNode(INFERRED)
        found.says.append(Statement(quad.predicate.value, quad.object, inferred, sources.get(key, ())))
    incoming = store.quads_for_pattern(None, None, node, None)
    for quad in islice(incoming, _MOST_IN):
        if quad.predicate.value != f"{OWL}annotatedSource" and isinstance(quad.subject, ox.NamedNode):
            found.referred.append((quad.predicate.value, quad.subject.value))
    found.cut = next(incoming, None) is not None
    found.says.sort(key=lambda said: (said.predicate, str(said.value)))
    found.referred.sort()
    return found


def triples_of(edition: Edition, thing: Thing) -> list[ox.Triple]:
    """The triples of a description: what is said of the thing, what refers to it, evidence, and everyone's names."""
    node = ox.NamedNode(thing.iri)
    store = edition.near([thing.iri], incoming=_MOST_IN + 1)
    found = [ox.Triple(node, ox.NamedNode(said.predicate), said.value) for said in thing.says]
    found += [ox.Triple(ox.NamedNode(who), ox.NamedNode(how), node) for how, who in thing.referred]
    for axiom in _axioms(store, node):
        found += [quad.triple for quad in store.quads_for_pattern(axiom, None, None, None)]
    mentioned = {said.value.value for said in thing.says if isinstance(said.value, ox.NamedNode)}
    mentioned |= {who for _, who in thing.referred}
    for iri in sorted(mentioned - {thing.iri}):
        found += _names(store, ox.NamedNode(iri))
    return found


def _names(store: ox.Store, node: ox.NamedNode) -> Iterator[ox.Triple]:
    for label in LABELS[:2]:
        for quad in store.quads_for_pattern(node, ox.NamedNode(label), None, None):
            yield quad.triple


def _axioms(store: ox.Store, node: ox.NamedNode) -> Iterator[ox.NamedNode | ox.BlankNode]:
    for quad in islice(store.quads_for_pattern(None, ox.NamedNode(f"{OWL}annotatedSource"), node, None), 1000):
        assert not isinstance(quad.subject, ox.Triple)
        yield quad.subject


def _sources(store: ox.Store, node: ox.NamedNode) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """The passages of single statements, which axioms give (OWL 2, section 10)."""
    for axiom in _axioms(store, node):
        told: dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]] = {}
        for quad in store.quads_for_pattern(axiom, None, None, None):
            told.setdefault(quad.predicate.value, []).append(quad.object)
        sources = sorted(term.value for term in told.get(_SOURCE, ()) if isinstance(term, ox.NamedNode))
        for predicate in told.get(f"{OWL}annotatedProperty", ()):
            for value in told.get(f"{OWL}annotatedTarget", ()):
                if isinstance(predicate, ox.NamedNode):
                    yield (predicate.value, str(value)), tuple(sources)
