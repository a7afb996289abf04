"""What is known about things, as relations that joins can read: all of it in memory, or each look-up from the store.

Closing a whole graph reads each relation that some rule needs once. Drawing the consequences of a few triples looks up
only what they touch; membership in a nameless class, which is never stored, is then worked out when it is asked for,
by the rules that give it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store

from milieu.namespaces import ASSERTED, INFERRED
from milieu.reason.atoms import terms
from milieu.reason.join import Columns, Job, Key, Place, Relation, Tuple, joined, value
from milieu.reason.numbers import Numbers
from milieu.reason.plan import is_nameless

__all__ = ["Loaded", "Looked"]

_ASSERTED, _INFERRED = NamedNode(ASSERTED), NamedNode(INFERRED)


class Loaded:
    """Relations in memory, each read from the asserted graph of a store when it is first asked for."""

    def __init__(self, store: Store, numbers: Numbers) -> None:
        self.numbers = numbers
        self._store = store
        self._relations: dict[Key, _Table] = {}

    def __getitem__(self, key: Key) -> Relation:
        if key not in self._relations:
            self._relations[key] = _Table(_rows(self._store, self.numbers, key, (_ASSERTED,)))
        return self._relations[key]

    def predicates(self, node: int) -> set[int]:
        """The predicates of all statements with this node as subject or object."""
        return _predicates(self._store, self.numbers, node)


class Looked:
    """Relations that look up in the store what is asked, and keep only what is new beside it."""

    def __init__(self, store: Store, numbers: Numbers, makers: Mapping[Key | None, Sequence[Job]]) -> None:
        self.numbers = numbers
        self._store = store
        self._relations: dict[Key, Relation] = {}
        self._makers = makers

    def __getitem__(self, key: Key) -> Relation:
        if key not in self._relations:
            stored = _View(self._store, self.numbers, key)
            jobs = self._makers.get(key, ())
            self._relations[key] = _Nameless(self, stored, jobs) if stored.is_nameless else stored
        return self._relations[key]

    def predicates(self, node: int) -> set[int]:
        """The predicates of all statements with this node as subject or object."""
        return _predicates(self._store, self.numbers, node)


class _Table:
    """A relation in memory; its indexes are made when they are first needed."""

    def __init__(self, rows: Iterable[Tuple] = ()) -> None:
        self._rows = set(rows)
        self._objects: dict[int, list[int]] | None = None
        self._subjects: dict[int, list[int]] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Tuple]:
        return iter(self._rows)

    def __contains__(self, row: Tuple) -> bool:
        return row in self._rows

    def objects(self, subject: int) -> Iterable[int]:
        if self._objects is None:
            self._objects = {}
            for row in self._rows:
                self._objects.setdefault(row[0], []).append(row[1])
        return self._objects.get(subject, ())

    def subjects(self, obj: int) -> Iterable[int]:
        if self._subjects is None:
            self._subjects = {}
            for row in self._rows:
                self._subjects.setdefault(row[1], []).append(row[0])
        return self._subjects.get(obj, ())

    def fresh(self, rows: Iterable[Tuple]) -> set[Tuple]:
        return (rows if isinstance(rows, set) else set(rows)) - self._rows

    def add(self, rows: set[Tuple]) -> None:
        if self._objects is not None or self._subjects is not None:
            self._index(rows - self._rows)
        self._rows |= rows

    def _index(self, rows: set[Tuple]) -> None:
        if self._objects is not None:
            for row in rows:
                self._objects.setdefault(row[0], []).append(row[1])
        if self._subjects is not None:
            for row in rows:
                self._subjects.setdefault(row[1], []).append(row[0])


class _View:
    """A relation as the store has it, and new members in memory."""

    def __init__(self, store: Store, numbers: Numbers, key: Key) -> None:
        self.key = key
        self._store = store
        self._numbers = numbers
        self._predicate = numbers.term(key[0])
        self._object = None if key[1] is None else numbers.term(key[1])
        self._new = _Table()
        self._stored_objects: dict[int, list[int]] = {}
        self._stored_subjects: dict[int, list[int]] = {}
        self.is_nameless = is_nameless(("", self._predicate, self._object or ""))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Tuple]:
        yield from _rows(self._store, self._numbers, self.key, (_ASSERTED, _INFERRED))
        yield from self._new

    def __contains__(self, row: Tuple) -> bool:
        if row in self._new:
            return True
        if row[0] < 0 or not isinstance(self._predicate, NamedNode):
            return False
        subject = self._numbers.term(row[0])
        obj = self._numbers.term(row[1]) if self._object is None else self._object
        return any(
            Quad(subject, self._predicate, obj, graph) in self._store  # type: ignore[arg-type]
            for graph in (_ASSERTED, _INFERRED)
        )

    def objects(self, subject: int) -> Iterable[int]:
        yield from self._kept(self._stored_objects, subject, self._find_objects)
        yield from self._new.objects(subject)

    def subjects(self, obj: int) -> Iterable[int]:
        yield from self._kept(self._stored_subjects, obj, self._find_subjects)
        yield from self._new.subjects(obj)

    def fresh(self, rows: Iterable[Tuple]) -> set[Tuple]:
        return {row for row in self._new.fresh(rows) if row not in self}

    def add(self, rows: set[Tuple]) -> None:
        self._new.add(rows)

    def _kept(self, kept: dict[int, list[int]], node: int, find: Callable[[int], Iterator[int]]) -> Iterable[int]:
        """What the store has for a node. The first time it is handed out as it is found, for one may be enough."""
        if node in kept:
            return kept[node]
        return self._keeping(kept, node, find)

    def _keeping(self, kept: dict[int, list[int]], node: int, find: Callable[[int], Iterator[int]]) -> Iterator[int]:
        found = []
        for other in find(node):
            found.append(other)
            yield other
        kept[node] = found

    def _find_objects(self, subject: int) -> Iterator[int]:
        if subject > 0 and isinstance(self._predicate, NamedNode):
            term = self._numbers.term(subject)
            for graph in (_ASSERTED, _INFERRED):
                for quad in self._store.quads_for_pattern(term, self._predicate, None, graph):  # type: ignore[arg-type]
                    yield self._numbers.of(terms(quad)[2])

    def _find_subjects(self, obj: int) -> Iterator[int]:
        if isinstance(self._predicate, NamedNode):
            term = self._numbers.term(obj)
            for graph in (_ASSERTED, _INFERRED):
                for quad in self._store.quads_for_pattern(None, self._predicate, term, graph):
                    yield self._numbers.of(terms(quad)[0])


class _Nameless:
    """A relation without a name: what is asked of it is found by running backwards the jobs that give it.

    A question that comes up again while it is being answered adds nothing, for the shortest way never asks it twice.
    """

    def __init__(self, facts: Looked, asserted: _View, makers: Sequence[Job]) -> None:
        self._facts = facts
        self._asserted = asserted
        self._makers = makers
        self._new = _Table()
        self._asked: set[tuple[int | None, int | None]] = set()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Tuple]:
        yield from {*self._new, *self._asserted, *self._answers(None, None)}

    def __contains__(self, row: Tuple) -> bool:
        if row in self._new:
            return True
        return any(True for _ in self._answers(row[0], row[1] if len(row) > 1 else None))

    def objects(self, subject: int) -> Iterable[int]:
        return {*self._new.objects(subject), *(row[1] for row in self._answers(subject, None))}

    def subjects(self, obj: int) -> Iterable[int]:
        return {*self._new.subjects(obj), *(row[0] for row in self._answers(None, obj))}

    def fresh(self, rows: Iterable[Tuple]) -> set[Tuple]:
        return self._new.fresh(rows)

    def add(self, rows: set[Tuple]) -> None:
        self._new.add(rows)

    def _answers(self, subject: int | None, obj: int | None) -> Iterator[Tuple]:
        question = (subject, obj)
        if question in self._asked:
            return
        self._asked.add(question)
        try:
            if subject is not None and self._asserted.key[1] is not None and (subject,) in self._asserted:
                yield (subject,)
            for job in self._makers:
                yield from self._made(job, subject, obj)
        finally:
            self._asked.discard(question)

    def _made(self, job: Job, subject: int | None, obj: int | None) -> Iterator[Tuple]:
        assert job.head is not None
        places: tuple[Place, ...] = (job.head[0], job.head[2]) if isinstance(job.head[2], str) else (job.head[0],)
        columns: Columns = {}
        row: Tuple = ()
        for place, asked in zip(places, (subject, obj), strict=False):
            if asked is None:
                continue
            if not isinstance(place, str):
                if place != asked:
                    return
            elif place not in columns:
                columns[place] = len(columns)
                row += (asked,)
        columns, rows = joined(job.body, job.plan.filters, self._facts, columns, [row])
        yield from {tuple(value(place, columns, found) for place in places) for found in rows}


def _rows(store: Store, numbers: Numbers, key: Key, graphs: Iterable[NamedNode]) -> Iterator[Tuple]:
    predicate, obj = numbers.term(key[0]), None if key[1] is None else numbers.term(key[1])
    if not isinstance(predicate, NamedNode):
        return
    if isinstance(obj, BlankNode) or not isinstance(store, Store):
        # A query cannot name a blank node, and hardly anything is said outright to belong to a nameless class. What
        # only looks like a store is a distant engine, which remembers look-ups.
        for graph in graphs:
            for one, _, other in map(terms, store.quads_for_pattern(None, predicate, obj, graph)):
                yield (numbers.of(one), numbers.of(other)) if obj is None else (numbers.of(one),)
        return
    of = numbers.of
    for graph in graphs:
        # A query reads the wanted columns only, and so twice as fast from disk as a look-up of whole quads.
        names = "?s ?o" if obj is None else "?s"
        found = cast(
            QuerySolutions,
            store.query(f"SELECT {names} {{ GRAPH {graph} {{ ?s {predicate} {'?o' if obj is None else obj} }} }}"),
        )
        if obj is None:
            yield from ((of(row[0]), of(row[1])) for row in found)
        else:
            yield from ((of(row[0]),) for row in found)


def _predicates(store: Store, numbers: Numbers, node: int) -> set[int]:
    term = numbers.term(node)
    found: set[NamedNode] = set()
    for graph in (_ASSERTED, _INFERRED):
        if not isinstance(term, Literal):
            found.update(quad.predicate for quad in store.quads_for_pattern(term, None, None, graph))
        found.update(quad.predicate for quad in store.quads_for_pattern(None, None, term, graph))
    return {numbers.of(predicate) for predicate in found}
