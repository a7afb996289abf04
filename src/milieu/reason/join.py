"""The joins that a plan asks for, a whole set of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Protocol

from milieu.reason.atoms import Atom
from milieu.reason.filters import Filter
from milieu.reason.numbers import Numbers
from milieu.reason.plan import Plan

__all__ = ["Columns", "Facts", "Job", "Key", "Pattern", "Relation", "Tuple"]
__all__ += ["conclusions", "entered", "joined", "key_of", "names", "searched", "value"]

Place = int | str
Pattern = tuple[Place, Place, Place]
"""A triple pattern whose terms are numbers; a name is a variable."""
Key = tuple[int, int | None]
"""The name of a relation: a predicate, and an object if it is of subjects alone (the members of a class)."""
Tuple = tuple[int, ...]
"""A member of a relation, (subject, object) or (subject,); or a row, a number for each column."""
Columns = dict[str, int]
"""Where in a row each variable stands."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A plan whose terms are numbers."""

    plan: Plan
    head: Pattern | None
    body: tuple[Pattern, ...]

    @classmethod
    def of(cls, plan: Plan, numbers: Numbers) -> Job:
        """The job that a plan is, with these numbers."""

        def coded(atom: Atom) -> Pattern:
            one, two, three = (slot if isinstance(slot, str) else numbers.of(slot) for slot in atom)
            return one, two, three

        return cls(plan, coded(plan.head) if plan.head else None, tuple(coded(atom) for atom in plan.body))


class Relation(Protocol):
    """The subjects, or pairs of subject and object, that some predicate holds of."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Tuple]: ...
    def __contains__(self, row: Tuple, /) -> bool: ...
    def objects(self, subject: int) -> Iterable[int]:
        """What this subject is paired with."""

    def subjects(self, obj: int) -> Iterable[int]:
        """What is paired with this object."""

    def fresh(self, rows: Iterable[Tuple]) -> set[Tuple]:
        """Those of these rows that are not members yet."""

    def add(self, rows: set[Tuple]) -> None:
        """Takes up new members."""


class Facts(Protocol):
    """The relations of a graph, by name."""

    numbers: Numbers

    def __getitem__(self, key: Key) -> Relation: ...
    def predicates(self, node: int) -> set[int]:
        """The predicates of all statements with this node as subject or object."""


def names(pattern: Pattern) -> list[str]:
    """The variables of a pattern, each once, in the order of its places."""
    return list(dict.fromkeys(place for place in pattern if isinstance(place, str)))


def key_of(pattern: Pattern) -> Key | None:
    """The relation that a pattern reads or adds to; None when its predicate is a variable."""
    _, predicate, obj = pattern
    if isinstance(predicate, str):
        return None
    return predicate, None if isinstance(obj, str) else obj


def value(place: Place, columns: Columns, row: Tuple) -> int:
    """What a place in a pattern stands for in a row."""
    return row[columns[place]] if isinstance(place, str) else place


def entered(pattern: Pattern, rows: Collection[Tuple]) -> tuple[Columns, Collection[Tuple]]:
    """Members of the relation that a pattern reads, as rows over its variables."""
    subject, _, obj = pattern
    columns = {name: place for place, name in enumerate(names(pattern))}
    if len(columns) == (1 if not isinstance(obj, str) else 2):
        return columns, rows
    if subject == obj:
        return columns, [row[:1] for row in rows if row[0] == row[1]]
    return columns, [row[1:] for row in rows if row[0] == subject]


def joined(
    patterns: Iterable[Pattern], filters: Iterable[Filter], facts: Facts, columns: Columns, rows: Collection[Tuple]
) -> tuple[Columns, Collection[Tuple]]:
    """The rows joined with the relations that these patterns read; in which order is for us to choose."""
    after = columns
    for after, further in _steps(patterns, filters, facts, columns):  # noqa: B007
        if not rows:
            break
        rows = list(further(rows))
    return after, rows


def searched(
    patterns: Iterable[Pattern], filters: Iterable[Filter], facts: Facts, columns: Columns, row: Tuple
) -> tuple[Columns, Iterator[Tuple]]:
    """The same for one row, each result looked for when it is asked for."""
    rows: Iterator[Tuple] = iter([row])
    after = columns
    for after, further in _steps(patterns, filters, facts, columns):  # noqa: B007
        rows = further(rows)
    return after, rows


def _steps(
    patterns: Iterable[Pattern], filters: Iterable[Filter], facts: Facts, columns: Columns
) -> Iterator[tuple[Columns, Callable[[Iterable[Tuple]], Iterator[Tuple]]]]:
    """What to do with rows, one step after the other, and the columns they have after each."""
    left, waiting = list(patterns), list(filters)
    while left or waiting:
        # A filter as soon as it can be asked: it may spare the widest step.
        test = next((test for test in waiting if test.variables <= columns.keys()), None)
        if test:
            waiting.remove(test)
            yield columns, partial(filter, test.over(columns, facts.numbers.term))
            continue
        pattern = min(left, key=lambda pattern: _cost(pattern, columns))
        left.remove(pattern)
        key = key_of(pattern)
        assert key is not None
        before = columns
        columns = before | {name: len(before) + place for place, name in enumerate(_new_names(pattern, before))}
        yield columns, partial(_matches, pattern=pattern, relation=facts[key], columns=before)


def _new_names(pattern: Pattern, columns: Columns) -> list[str]:
    return [name for name in names(pattern) if name not in columns]


def conclusions(job: Job, columns: Columns, rows: Collection[Tuple]) -> Iterable[Tuple]:
    """The members that these rows add to the relation of a job's head; a literal is nobody's subject."""
    assert job.head is not None
    subject, _, obj = job.head
    if isinstance(subject, str) and not any(pattern[0] == subject for pattern in job.body):
        column = columns[subject]
        rows = [row for row in rows if row[column] > 0]
    if not rows:
        return ()
    places: Sequence[Place] = [subject, obj] if isinstance(obj, str) else [subject]
    picks = [columns[place] for place in places if isinstance(place, str)]
    if len(picks) < len(places):
        return {tuple(value(place, columns, row) for place in places) for row in rows}
    if picks == list(range(len(columns))):
        return rows
    picked = map(itemgetter(*picks), rows)
    return zip(picked, strict=True) if len(picks) == 1 else picked


def _cost(pattern: Pattern, columns: Columns) -> int:
    """Lower is sooner: patterns that only check, then from a subject to its objects, then the other way, then all."""
    subject_known = not isinstance(pattern[0], str) or pattern[0] in columns
    if not isinstance(pattern[2], str):
        return 0 if subject_known else 3
    object_known = pattern[2] in columns
    if subject_known:
        return 0 if object_known else 1
    return 2 if object_known else 4


def _matches(rows: Iterable[Tuple], pattern: Pattern, relation: Relation, columns: Columns) -> Iterator[Tuple]:
    """Each row with each way in which the relation continues it by the variables that are new."""
    subject, _, obj = pattern
    one = columns.get(subject) if isinstance(subject, str) else None
    if not isinstance(obj, str):
        if one is not None:
            return (row for row in rows if (row[one],) in relation)
        if not isinstance(subject, str):
            return (row for row in rows if (subject,) in relation)
        return ((*row, *member) for row in rows for member in _listed(relation))
    other = columns.get(obj)
    if not isinstance(subject, str):
        if other is not None:
            return (row for row in rows if (subject, row[other]) in relation)
        return ((*row, found) for row in rows for found in relation.objects(subject))
    if one is not None and other is not None:
        return (row for row in rows if (row[one], row[other]) in relation)
    if one is not None:
        return ((*row, found) for row in rows for found in relation.objects(row[one]))
    if other is not None:
        return ((*row, found) for row in rows for found in relation.subjects(row[other]))
    if subject == obj:
        return ((*row, pair[0]) for row in rows for pair in _listed(relation) if pair[0] == pair[1])
    return ((*row, *pair) for row in rows for pair in _listed(relation))


def _listed(relation: Relation) -> list[Tuple]:
    # New members may come in while the rows are still being made.
    return list(relation)
