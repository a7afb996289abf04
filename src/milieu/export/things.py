"""Things, one after the other, as a build states them: the ground of every export that is not RDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import IO, TypeAlias, cast

import pyoxigraph as ox

from milieu.build.manifest import Build
from milieu.errors import FormatError
from milieu.export.rdf import GRAPHS
from milieu.namespaces import OWL, RDF, RDFS, SH, Prefixes

__all__ = ["Names", "Thing", "Value", "local_name", "things"]

Value: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal

_TYPE = f"{RDF}type"
_SCHEMA = (OWL, RDF, RDFS, SH)


@dataclass(frozen=True)
class Thing:
    """A thing and all that is said of it: the values of each property, in the order of the build."""

    node: ox.NamedNode | ox.BlankNode
    values: dict[str, list[Value]]

    @property
    def classes(self) -> list[str]:
        """Its classes, without those that only the ontology is made of."""
        found = (value.value for value in self.values.get(_TYPE, ()) if isinstance(value, ox.NamedNode))
        return [kind for kind in found if not kind.startswith(_SCHEMA)]


def things(build: Build, graphs: str = "all") -> Iterator[Thing]:
    """Every thing with what is said of it, sorted; `graphs` is all, asserted or inferred. Memory stays flat."""
    if graphs not in GRAPHS:
        raise FormatError(f"unknown part {graphs!r}", place="--only", remedy=f"Choose one of {', '.join(GRAPHS)}.")
    wanted = {ox.NamedNode(graph) for graph in GRAPHS[graphs]}
    with build.canonical.open("rb") as stream:
        quads = ox.parse(cast("IO[bytes]", stream), format=ox.RdfFormat.N_QUADS)
        # The file is sorted by its lines, so that all of a thing stands together.
        for node, group in groupby((quad for quad in quads if quad.graph_name in wanted), lambda quad: quad.subject):
            values: dict[str, list[Value]] = {}
            for quad in group:
                values.setdefault(quad.predicate.value, []).append(cast("Value", quad.object))
            yield Thing(cast("ox.NamedNode | ox.BlankNode", node), values)


class Names:
    """Short names for IRIs, each for one of them only: the local name, else the one with its prefix, else the IRI.

    >>> names = Names(Prefixes({"mil": "https://example.org/m#", "dct": "https://example.org/d/"}))
    >>> names.of("https://example.org/m#title"), names.of("https://example.org/d/title")
    ('title', 'dct:title')
    """

    def __init__(self, prefixes: Prefixes, reserved: tuple[str, ...] = ()) -> None:
        self._prefixes = prefixes
        self._names: dict[str, str] = {}
        self._taken = set(reserved)

    def of(self, iri: str) -> str:
        """The name of an IRI; the first that asks gets the shortest."""
        if iri not in self._names:
            compact = self._prefixes.compact(iri)
            choices = (local_name(iri), compact, iri)
            name = next(one for one in choices if one and not one.startswith("<") and one not in self._taken)
            self._names[iri] = name
            self._taken.add(name)
        return self._names[iri]


def local_name(iri: str) -> str:
    """What stands behind the last `#` or `/`.

    >>> local_name("https://w3id.org/milieu/ontology#City")
    'City'
    """
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]
