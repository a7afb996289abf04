"""What the gate is sure to ask about a contribution, so that a distant engine can be asked all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.namespaces import RDFS, SKOS, Prefixes
from milieu.reason.program import schema_patterns
from milieu.turtle.parse import parse
from milieu.validate.schema import Schema, space_of

if TYPE_CHECKING:
    from milieu.build.manifest import Build
    from milieu.store.seam import Pattern, Results, Triple
    from milieu.validate.contribution import Contribution

__all__ = ["asked_ahead", "brought_near"]

_NAMES = frozenset({f"{RDFS}label", f"{SKOS}prefLabel", f"{SKOS}altLabel"})
_ABOUT = "claimSubject"  # whatever vocabulary it is of: the gate looks for rejected readings of what is new
_MOST = 2_000  # things, and names, that are asked for ahead


def asked_ahead(contributions: Iterable[Contribution], prefixes: Mapping[str, str]) -> list[Pattern]:
    """Look-ups that the gate will make: the ontology's axioms, what is said of each thing that is named, and its names.

    Too many or too few of them cost time and change no verdict: what is missing is asked when it is needed.
    """
    notes = _Notes()
    schema = Schema(notes, Prefixes(prefixes))
    for name, value in vars(Schema).items():
        if isinstance(value, cached_property):
            getattr(schema, name)
    things: dict[ox.NamedNode, None] = {}
    names: dict[str, None] = {}
    claims: dict[Pattern, None] = {}
    for quad in _quads(contributions, prefixes):
        for term in (quad.subject, quad.predicate, quad.object):
            if isinstance(term, ox.NamedNode):
                things[term] = None
        if isinstance(quad.subject, ox.NamedNode):
            about = ox.NamedNode(space_of(quad.predicate.value) + _ABOUT)
            claims[(None, about, quad.subject)] = None
        if quad.predicate.value in _NAMES and isinstance(quad.object, ox.Literal):
            names[quad.object.value] = None
    for name in list(names)[:_MOST]:
        schema.named(name)
    said = [(thing, None, None) for thing in list(things)[:_MOST]]
    return [*notes.patterns, *schema_patterns(), *said, *list(claims)[:_MOST]]


def brought_near(build: Build, contributions: Iterable[Contribution]) -> Build:
    """A build as it is; but an engine in its place with a memory, and these look-ups in its first round trip."""
    from milieu.build.remote import RemoteBuild

    return build.remembering(asked_ahead(contributions, build.prefixes)) if isinstance(build, RemoteBuild) else build


def _quads(contributions: Iterable[Contribution], prefixes: Mapping[str, str]) -> Iterator[ox.Quad]:
    for given in contributions:
        yield from parse(given.content, given.name, given.format, prefixes=prefixes).quads


class _Notes:
    """A store that has nothing, and notes what it is asked."""

    def __init__(self) -> None:
        self.patterns: list[Pattern] = []

    def match(self, patterns: Sequence[Pattern], graph: str | None = None) -> Iterator[Triple]:  # noqa: ARG002
        self.patterns.extend(patterns)
        return iter(())

    def query(self, text: str) -> Results:
        return ox.Store().query(text)

    def add(self, triples: Iterable[Triple], graph: str) -> None:
        """Nothing is kept."""

    def remove(self, triples: Iterable[Triple], graph: str) -> None:
        """Nothing is there."""
