"""One run of a program over facts, semi-naively.

In each round a job joins what was new in the last round with everything known, so that what was known before is never
joined with itself again. Rules about sameness hold for every predicate; they are spelt out for those predicates that a
thing with another name really has.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode, Triple

from milieu.reason.agenda import Agenda
from milieu.reason.atoms import TYPE, Fact, Term, is_schema, statement, terms
from milieu.reason.join import Columns, Facts, Job, Key, Tuple, conclusions, entered, joined, key_of, value
from milieu.reason.plan import Plan

__all__ = ["Inferred", "Run"]

_MOST_CLASHES = 1_000
Delta = dict[Key, set[Tuple]]


class Inferred(Collection[Triple]):
    """Inferred triples, made when they are asked for: a million of them would fill the memory."""

    def __init__(self, agenda: Agenda, delta: Delta, more: Iterable[Triple] = ()) -> None:
        self._agenda = agenda
        self._delta = {key: rows for key, rows in delta.items() if not agenda.is_nameless(key)}
        self._more = tuple(more)

    def __len__(self) -> int:
        return sum(map(len, self._delta.values())) + len(self._more)

    def __iter__(self) -> Iterator[Triple]:
        term = self._agenda.numbers.term
        for (predicate, obj), rows in self._delta.items():
            for row in rows:
                yield statement(term(row[0]), term(predicate), term(row[1] if obj is None else obj))
        yield from self._more

    def __contains__(self, triple: object) -> bool:
        return any(triple == other for other in self)

    def statements(self) -> Iterator[str]:
        """The triples as lines of N-Triples without their dot: quicker by far than making them."""
        spell = self._agenda.numbers.spelling
        for (predicate, obj), rows in self._delta.items():
            verb = spell(predicate)
            if obj is None:
                yield from (f"{spell(row[0])} {verb} {spell(row[1])}" for row in rows)
            else:
                end = f"{verb} {spell(obj)}"
                yield from (f"{spell(row[0])} {end}" for row in rows)
        yield from (f"{triple.subject} {triple.predicate} {triple.object}" for triple in self._more)

    def and_also(self, more: Iterable[Triple]) -> Inferred:
        """These triples and some more."""
        return Inferred(self._agenda, self._delta, (*self._more, *more))

    def about_schema(self) -> set[Triple]:
        """Those of these triples that are about the ontology."""
        return set(Inferred(self._agenda, {key: self._delta[key] for key in self._schema_keys()}))

    def named(self) -> Inferred:
        """These triples without those about nameless classes and properties."""
        term, left = self._agenda.numbers.term, dict(self._delta)
        for key in self._schema_keys():
            left[key] = {row for row in left[key] if not any(isinstance(term(node), BlankNode) for node in row)}
        return Inferred(self._agenda, left, self._more)

    def _schema_keys(self) -> list[Key]:
        term = self._agenda.numbers.term
        return [key for key in self._delta if is_schema(term(key[0]), "" if key[1] is None else term(key[1]))]


class Run:
    """One run: `over` gives what follows; `met` then holds the contradictions that were met, each once.

    Of a contradiction it has the plan that says so, the facts that contradict one another and the plan's variables.
    """

    def __init__(self, facts: Facts, agenda: Agenda) -> None:
        self.met: list[tuple[Plan, tuple[Fact, ...], Mapping[str, Term]]] = []
        self._facts = facts
        self._agenda = agenda
        self._same = agenda.same
        self._types: Key = agenda.numbers.of(TYPE), None
        self._inferred: Delta = {}
        self._came: set[int] = set()
        self._seen: set[frozenset[Fact]] = set()

    def over(self, given: Iterable[Triple], whole: bool) -> Inferred:
        """What follows from all facts and the given triples; only from the latter unless `whole`."""
        delta = self._given(given)
        if whole:
            same = set(self._facts[self._same])
            if same:
                self._spell_out(self._same, {self._same: same})
                delta.setdefault(self._same, set()).update(same)
            delta = self._taken(self._first(), delta)
        while delta:
            delta = self._taken(self._round(delta), {})
        return Inferred(self._agenda, self._inferred)

    def _given(self, given: Iterable[Triple]) -> Delta:
        """The given triples as members of the relations that jobs read."""
        rows: Delta = {}
        for triple in given:
            subject, predicate, obj = map(self._agenda.numbers.of, terms(triple))
            rows.setdefault((predicate, None), set()).add((subject, obj))
        delta: Delta = {}
        # They need not be in the store, where the predicates of a thing are looked up.
        self._came = {predicate for predicate, _ in rows}
        for key in rows:
            self._spell_out(key, rows)
        for key in rows:
            self._spread(key, rows[key], delta)
        return delta

    def _first(self) -> Delta:
        """What all jobs conclude from all facts, each beginning with its smallest relation."""
        found: Delta = {}
        for job in self._agenda.jobs:
            if not job.body:
                self._conclude(job, {}, [()], found)
                continue
            relations = [self._facts[_sure(key_of(pattern))] for pattern in job.body]
            sizes = [len(relation) for relation in relations]
            if min(sizes):
                start = sizes.index(min(sizes))
                self._start(job, start, set(relations[start]), found)
        return found

    def _round(self, delta: Delta) -> Delta:
        """What follows by joining the new members of each relation with all others."""
        found: Delta = {}
        for key, rows in delta.items():
            for job, place in self._agenda.readers.get(key, ()):
                self._start(job, place, rows, found)
        return found

    def _start(self, job: Job, place: int, members: set[Tuple], found: Delta) -> None:
        """Joins a job's patterns, beginning with these members of the relation that one of them reads."""
        columns, rows = entered(job.body[place], members)
        others = [pattern for other, pattern in enumerate(job.body) if other != place]
        self._conclude(job, *joined(others, job.plan.filters, self._facts, columns, rows), found)

    def _conclude(self, job: Job, columns: Columns, rows: Collection[Tuple], found: Delta) -> None:
        if not rows:
            return
        if job.head is None:
            self._clash(job, columns, rows)
            return
        key = key_of(job.head)
        if key is not None:
            new = self._facts[key].fresh(conclusions(job, columns, rows))
            if new:
                found.setdefault(key, set()).update(new)
            return
        for row in rows:
            subject, predicate, obj = (value(place, columns, row) for place in job.head)
            if subject < 0 or not isinstance(self._agenda.numbers.term(predicate), NamedNode):
                continue
            if (subject, obj) not in self._facts[predicate, None]:
                found.setdefault((predicate, None), set()).add((subject, obj))

    def _taken(self, found: Delta, delta: Delta) -> Delta:
        """Takes up what was found: the part of it that is new, as members of every relation that jobs read."""
        for key in found:
            self._spell_out(key, found)
        for key, rows in list(self._sorted(found)):
            # All are new to this relation, unless one that overlaps with it has brought some meanwhile.
            overlaps = any(other[0] == key[0] and (other[1] is None) != (key[1] is None) for other in found)
            new = self._facts[key].fresh(rows) if overlaps else rows
            if new:
                self._inferred[key] = self._inferred[key] | new if key in self._inferred else new
                self._spread(key, new, delta)
        return delta

    def _sorted(self, found: Delta) -> Iterator[tuple[Key, set[Tuple]]]:
        """What was found, membership in nameless classes class by class, so that it is known for what it is."""
        for key, rows in found.items():
            if key != self._types:
                yield key, rows
                continue
            nameless = {row for row in rows if self._agenda.is_nameless((key[0], row[1]))}
            yield key, rows - nameless
            for row in nameless:
                yield (key[0], row[1]), {row[:1]}

    def _spread(self, key: Key, rows: set[Tuple], delta: Delta) -> None:
        predicate, obj = key
        self._enter(key, rows, delta)
        if obj is not None:
            if (predicate, None) in self._agenda.readers:
                self._enter((predicate, None), {(row[0], obj) for row in rows}, delta)
            return
        constants = self._agenda.constants.get(predicate)
        if constants is None:
            return
        for row in rows:
            if (predicate, row[1]) in constants:
                self._enter((predicate, row[1]), {row[:1]}, delta)

    def _enter(self, key: Key, rows: set[Tuple], delta: Delta) -> None:
        self._facts[key].add(rows)
        if key in self._agenda.readers:
            delta[key] = delta[key] | rows if key in delta else rows

    def _spell_out(self, key: Key, coming: Delta) -> None:
        """Makes jobs of the rules about sameness for the predicates that the rows to come may bring into play."""
        if not self._agenda.open or (key != self._same and not any(True for _ in self._facts[self._same])):
            return
        wanted = {key[0]}
        if key == self._same:
            for node in {node for row in coming[key] for node in row}:
                # The node may itself be used as a predicate.
                wanted |= self._facts.predicates(node) | {node}
            wanted.update(predicate for predicate, _ in (*self._inferred, *coming))
            wanted |= self._came
        for predicate in wanted:
            self._agenda.spell_out(predicate)
            self._complete(predicate)

    def _complete(self, predicate: int) -> None:
        """Makes a relation of pairs that is read only now complete: its inferred members were kept by their objects."""
        for (other, obj), rows in self._inferred.items():
            if other == predicate and obj is not None:
                self._facts[predicate, None].add({(row[0], obj) for row in rows})

    def _clash(self, job: Job, columns: Columns, rows: Collection[Tuple]) -> None:
        term = self._agenda.numbers.term
        for row in rows:
            if len(self.met) >= _MOST_CLASHES:
                return
            atoms = [[term(value(place, columns, row)) for place in pattern] for pattern in job.body]
            premises: tuple[Fact, ...] = tuple((one, two, three) for one, two, three in atoms)
            if frozenset(premises) in self._seen:
                continue
            self._seen.add(frozenset(premises))
            self.met.append((job.plan, premises, {name: term(row[place]) for name, place in columns.items()}))


def _sure(key: Key | None) -> Key:
    assert key is not None
    return key
