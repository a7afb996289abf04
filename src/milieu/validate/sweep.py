"""The Rust engine's sweep over a whole graph: which focus nodes fail which target shapes.

The engine holds what it is given in memory, a kilobyte a triple, and what it notes while it judges a shape as well. So
it is given one share of the graph after the other, each with the shapes that read nothing else, and asked for one shape
after the other. What a shape reads is told by its footprint, as for a contribution.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import pyoxigraph as ox

from milieu.namespaces import RDF, RDFS, SH
from milieu.validate.automaton import Footprint
from milieu.validate.engine import Session
from milieu.validate.shapegraph import sh
from milieu.validate.shapes import Compiled, TargetShape

__all__ = ["Predicates", "Statements", "read_by", "sweep"]

Predicates: TypeAlias = "frozenset[str] | None"
"""Properties, as N-Triples IRIs; None for all there are."""

_IRI = re.compile(rb'<[^\x00-\x20<>"{}|^`\\]+>\Z')

# The share of the graph that shapes are given together, at least what the one that reads most needs: larger ones take
# more memory, smaller ones read what they have in common again and again.
_MOST = 0.6

_PATH, _PROPERTY = sh("path"), sh("property")
_SUBCLASS = f"<{RDFS}subClassOf>"
_AMISS = "<urn:milieu:amiss>"

# What a property shape may demand of the values of its path, so that a node without values conforms.
_OF_VALUES = frozenset(
    sh(name)
    for name in (
        *("class", "datatype", "nodeKind", "in", "languageIn", "uniqueLang", "maxCount"),
        *("minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "minLength", "maxLength"),
        *("pattern", "flags", "node", "not", "and", "or", "xone", "path", "severity", "message"),
    )
)


class Statements:
    """A graph in N-Triples, by its properties."""

    def __init__(self, data: bytes) -> None:
        counted = _counted(data)
        if not all(map(_IRI.match, counted)):
            # Something that N-Triples allows and nobody writes: comments, tabs, escapes in addresses.
            data = ox.serialize(ox.parse(data, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b""
            counted = _counted(data)
        self._data = data
        self._counted = {predicate.decode(): count for predicate, count in counted.items()}

    def share(self, predicates: Predicates) -> bytes:
        """The statements with these properties."""
        if predicates is None or self._counted.keys() <= predicates:
            return self._data
        wanted = {predicate.encode() for predicate in predicates}
        share = io.BytesIO()
        share.writelines(line for line in io.BytesIO(self._data) if line.split(b" ", 2)[1] in wanted)
        return share.getvalue()

    def count(self, predicates: Predicates) -> int:
        """How many statements have these properties."""
        counts = self._counted
        return sum(counts.values() if predicates is None else (counts.get(each, 0) for each in predicates))


def sweep(statements: Statements, compiled: Compiled, names: Iterable[str]) -> dict[str, set[str]]:
    """The focus nodes, in N-Triples syntax, that fail each of the target shapes named; the shapes have bounds."""
    body, units = _units(compiled)
    wanted = set(names)
    failing: dict[str, set[str]] = {}
    members = _Members(statements)
    chosen = [unit for unit in units if unit.name in wanted]
    tests = {unit: test for unit in chosen if (test := members.test(unit))}
    if tests:
        session = _session(statements, tests, [body, _amiss(tests.values())])
        if session.failing(_AMISS):
            failing.update(_judged(session, tests))
        del session  # Before the next one is made: each is as large as its share.
    for group in _groups((unit for unit in chosen if unit not in tests), statements):
        failing.update(_judged(_session(statements, group, [body]), group))
    return {name: nodes for name, nodes in failing.items() if nodes}


def read_by(footprints: Iterable[Footprint]) -> Predicates:
    """The properties of all that the evaluation of shapes, their targets among it, comes by."""
    found: set[str] = set()
    for footprint in footprints:
        read = footprint.predicates if footprint.reason else frozenset(edge.predicate for edge in footprint.edges)
        if read is None or None in read:
            return None
        found.update(predicate for predicate in read if predicate)
    return frozenset(found)


class _Unit(NamedTuple):
    """A target shape as the sweep asks for it: itself, and those of its property shapes that can go alone."""

    name: str
    shapes: tuple[str, ...]
    targets: tuple[str, ...]
    reads: Predicates
    classes: tuple[str, ...] = ()
    pattern: str | None = None
    """What the names of all members of these classes must match, when that is all that the shape asks."""


def _session(statements: Statements, group: Collection[_Unit], shapes: list[str]) -> Session:
    lines = (line for unit in group for line in unit.targets)
    return Session(statements.share(_joined(unit.reads for unit in group)), "".join([*shapes, *lines]).encode())


def _judged(session: Session, units: Iterable[_Unit]) -> dict[str, set[str]]:
    return {unit.name: set().union(*map(session.failing, unit.shapes)) for unit in units}


def _counted(data: bytes) -> Counter[bytes]:
    return Counter(line.split(b" ", 2)[1] if b" " in line else line for line in io.BytesIO(data))


def _groups(units: Iterable[_Unit], statements: Statements) -> Iterable[list[_Unit]]:
    """The units, those together that read much the same, and not too much together."""
    groups: list[tuple[list[_Unit], Predicates]] = []
    most = _MOST * statements.count(None)
    for unit in sorted(units, key=lambda unit: statements.count(unit.reads), reverse=True):
        costs = []
        for number, (_, read) in enumerate(groups):
            now, then = statements.count(read), statements.count(_joined([read, unit.reads]))
            if then <= max(most, now):
                costs.append((then - now, number))
        if costs:
            _, number = min(costs)
            group, read = groups[number]
            groups[number] = ([*group, unit], _joined([read, unit.reads]))
        else:
            groups.append(([unit], unit.reads))
    return [group for group, _ in groups]


def _joined(several: Iterable[Predicates]) -> Predicates:
    known = list(several)
    return None if None in known else frozenset().union(*(each for each in known if each is not None))


@lru_cache(maxsize=8)
def _units(compiled: Compiled) -> tuple[str, tuple[_Unit, ...]]:
    """The shapes without targets, and what each target shape is asked as.

    A shape that targets the subjects of a property need not ask of all its focus nodes what it asks of that property's
    values: its property shape is asked of those subjects, and the other focus nodes have no value to find fault with.
    """
    described: dict[str, dict[str, list[str]]] = {}
    referred: set[str] = set()
    lines = compiled.body.splitlines(keepends=True)
    for line in lines:
        subject, predicate, value = line.removesuffix(" .\n").split(" ", 2)
        described.setdefault(subject, {}).setdefault(predicate, []).append(value)
        referred.add(value)
    apart: set[str] = set()
    units = []
    for target in compiled.targets:
        alone: dict[str, str] = {}
        if target.alias not in referred and _PATH not in described.get(target.alias, {}):
            for shape in described.get(target.alias, {}).get(_PROPERTY, ()):
                path = _path_of_values(described[shape])
                if path in target.subjects_of:
                    alone[shape] = path
        apart.update(f"{target.alias} {_PROPERTY} {shape} .\n" for shape in alone)
        units.append(
            _Unit(
                target.name,
                (target.alias, *alone),
                (*target.lines(), *(f"{shape} {sh('targetSubjectsOf')} {path} .\n" for shape, path in alone.items())),
                read_by([target.footprint]),
                target.classes,
                _pattern(target, described.get(target.alias, {})),
            )
        )
    return "".join(line for line in lines if line not in apart), tuple(units)


def _path_of_values(shape: dict[str, list[str]]) -> str | None:
    """The property of a property shape that demands nothing but what each value, or their number, must not be."""
    paths = shape.get(_PATH, [])
    demands = {predicate for predicate in shape if predicate.startswith(f"<{SH}")}
    return paths[0] if len(paths) == 1 and paths[0].startswith("<") and demands <= _OF_VALUES else None


def _pattern(target: TargetShape, shape: dict[str, list[str]]) -> str | None:
    """The pattern of a shape that asks nothing but that the names of a class match it."""
    demands = {predicate for predicate in shape if predicate.startswith(f"<{SH}")} - {sh("severity"), sh("message")}
    if demands != {sh("pattern")} or target.nodes or target.subjects_of or target.objects_of:
        return None
    [pattern] = shape[sh("pattern")]
    return pattern


class _Members:
    """Finds the members of classes by one query, with the classes below them."""

    def __init__(self, statements: Statements) -> None:
        self._below: dict[str, set[str]] = {}
        for quad in ox.parse(statements.share(frozenset([_SUBCLASS])), format=ox.RdfFormat.N_TRIPLES):
            self._below.setdefault(str(quad.object), set()).add(str(quad.subject))

    def test(self, unit: _Unit) -> str | None:
        """The pattern of SPARQL that finds the members whose names do not match what a unit asks of all of them.

        This is how SHACL defines sh:pattern (section 4.4.3). None when the unit asks something else, or of classes
        that no query can name.
        """
        kinds: set[str] = set()
        frontier = set(unit.classes)
        while frontier:
            kinds |= frontier
            frontier = {kind for one in frontier for kind in self._below.get(one, ())} - kinds
        if unit.pattern is None or not all(kind.startswith("<") for kind in kinds):
            return None
        members = " UNION ".join(f"{{ ?this <{RDF}type> {kind} }}" for kind in sorted(kinds))
        return f"{{ {members} FILTER(isBlank(?this) || !REGEX(STR(?this), {unit.pattern})) }}"


def _amiss(tests: Iterable[str]) -> str:
    """A shape that fails each node that one of the tests finds.

    The engine compiles a pattern anew for each node that it holds against it. One query does so once, and only when it
    finds something are the shapes themselves asked which of them it is.
    """
    query = ox.Literal(f"SELECT ?this WHERE {{ {' UNION '.join(tests)} }}")
    return f"{_AMISS} {sh('target')} [ a {sh('SPARQLTarget')} ; {sh('select')} {query} ] ; {sh('in')} () .\n"
