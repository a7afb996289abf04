"""Where the terms of every triple stand in a Turtle, TriG, N-Triples or N-Quads text.

pyoxigraph parses, and what it parsed is what counts; it does not say where a triple came from. This reader walks the
same text, only to locate: it yields the same triples in the same order, with the spans of their tokens, and goes on
after an error much as pyoxigraph does, so that what could be parsed can be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pyoxigraph as ox

from milieu.turtle.reading import Reading, Record, Term
from milieu.turtle.tokens import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from milieu.finding import Place

__all__ = ["Located", "Locator", "Places", "locate", "paired"]

# How many look-alikes of a triple with blank nodes are tried before it counts as not found.
_LOOK_ALIKES = 64

_Key: TypeAlias = tuple[Term | None, Term, Term | None]


@dataclass(frozen=True, slots=True)
class Located:
    """The places of one triple: its subject, predicate and object tokens, and the whole statement with its dot.

    A `[ … ]` or `( … )` is one token from bracket to bracket. Inside a list, where no subject or predicate is written,
    the place is that of the item.
    """

    subject: Place
    predicate: Place
    object: Place
    statement: Place


class Places(Protocol):
    """What knows where the triples of a text stand, whatever its format."""

    def places(self, triple: ox.Triple | ox.Quad) -> Located | None:
        """Where the triple first stands in the text; None when it does not, or nobody can tell."""

    def occurrences(self, triple: ox.Triple | ox.Quad) -> list[Located]:
        """Every place where the triple is stated, in the order of the text."""

    def node(self, term: ox.NamedNode | ox.BlankNode) -> Place | None:
        """Where a node first stands as a subject, else as an object; None when it does not."""


class Locator:
    """The places of the triples of one text; built at the first question.

    >>> locator = locate("@prefix c: <http://c/> . c:kyoto c:near c:nara , c:osaka .", "new.ttl")
    >>> near = ox.NamedNode("http://c/near")
    >>> located = locator.places(ox.Triple(ox.NamedNode("http://c/kyoto"), near, ox.NamedNode("http://c/osaka")))
    >>> str(located.object), located.object.end_column
    ('new.ttl:1:50', 57)
    """

    def __init__(
        self,
        text: str,
        file: str,
        quads: Sequence[ox.Quad] | None = None,
        *,
        base: str | None = None,
        prefixes: Mapping[str, str] | None = None,
        lines_only: bool = False,
        written: str | None = None,
    ) -> None:
        """`written` is what was written, when the text has stand-ins for what is broken in that."""
        self.text = text
        self.written = text if written is None else written
        self.file = file
        self._quads = quads
        self._base = base
        self._prefixes = dict(prefixes or {})
        self._lines_only = lines_only

    @cached_property
    def lines(self) -> Lines:
        """Offsets of the text as lines and columns."""
        return Lines(self.text, self.file)

    def places(self, triple: ox.Triple | ox.Quad) -> Located | None:
        """Where the triple first stands in the text; None when it does not."""
        found = self._index.get(self._key(triple))
        return self._located(self._records[found[0]]) if found else None

    def occurrences(self, triple: ox.Triple | ox.Quad) -> list[Located]:
        """Every place where the triple is stated, in the order of the text."""
        return [self._located(self._records[number]) for number in self._index.get(self._key(triple), ())]

    def node(self, term: ox.NamedNode | ox.BlankNode) -> Place | None:
        """Where a node first stands as a subject, else as an object; None when it does not."""
        wanted = self.numbers.get(term, term) if isinstance(term, ox.BlankNode) else term
        return self._subjects.get(wanted) or self._objects.get(wanted)

    @property
    def triples(self) -> list[tuple[ox.Triple, Located]]:
        """All triples of the text with their places, in pyoxigraph's order; blank nodes are named by their number."""
        return [
            (ox.Triple(*map(_shown, record[:3])), self._located(record))  # type: ignore[arg-type]
            for record in self._records
        ]

    @cached_property
    def reading(self) -> Reading:
        """What the text states, by spans."""
        return Reading(self.text, self._base, self._prefixes, lines=self._lines_only)

    @property
    def _records(self) -> list[Record]:
        return self.reading.records

    @cached_property
    def _index(self) -> dict[_Key, list[int]]:
        index: dict[_Key, list[int]] = {}
        for number, record in enumerate(self._records):
            index.setdefault(record[:3], []).append(number)
        return index

    @cached_property
    def _subjects(self) -> dict[Term, Place]:
        return {record[0]: self._located(record).subject for record in reversed(self._records)}

    @cached_property
    def _objects(self) -> dict[Term, Place]:
        return {record[2]: self._located(record).object for record in reversed(self._records)}

    @cached_property
    def numbers(self) -> dict[Term, int]:
        """Our numbers by pyoxigraph's names of blank nodes, which are random: both walk the text in step."""
        if self._quads is None:
            return {ox.BlankNode(label[2:]): number for label, number in self.reading.labels.items()}
        return paired([record[:3] for record in self._records], self._quads)

    def _key(self, triple: ox.Triple | ox.Quad) -> _Key:
        subject, object_ = triple.subject, triple.object
        return (
            self.numbers.get(subject, subject) if isinstance(subject, ox.BlankNode) else subject,
            triple.predicate,
            self.numbers.get(object_, object_) if isinstance(object_, ox.BlankNode) else object_,
        )

    def _located(self, record: Record) -> Located:
        _, _, _, s, s_end, p, p_end, o, o_end, statement = record
        closes = self.reading.closes
        place = self.lines.place
        return Located(
            place(s, s_end if s_end >= 0 else closes.get(s, s + 1)),
            place(p, p_end if p_end >= 0 else closes.get(p, p + 1)),
            place(o, o_end if o_end >= 0 else closes.get(o, o + 1)),
            place(statement, self.reading.statements.get(statement, len(self.text))),
        )


def locate(
    text: str,
    file: str,
    quads: Sequence[ox.Quad] | None = None,
    *,
    base: str | None = None,
    lines_only: bool = False,
) -> Locator:
    """A `Locator` of the text.

    `quads`, all that pyoxigraph parsed and in its order, let it find blank nodes by the names pyoxigraph gave them;
    without them, those with a label are found by it. `lines_only` says that the text is N-Triples or N-Quads.
    """
    return Locator(text, file, quads, base=base, lines_only=lines_only)


def paired(records: Sequence[tuple[Term, Term, Term]], quads: Iterable[ox.Quad]) -> dict[Term, int]:
    """The bijection of blank nodes that makes the quads, in their order, the records, in theirs."""
    waiting: dict[_Key, list[tuple[Term, Term, Term]]] = {}
    for record in reversed(records):
        subject, predicate, object_ = record
        if isinstance(subject, int) or isinstance(object_, int):
            key = (
                None if isinstance(subject, int) else subject,
                predicate,
                None if isinstance(object_, int) else object_,
            )
            waiting.setdefault(key, []).append(record)
    ours: dict[Term, int] = {}
    theirs: dict[Term, Term] = {}
    if not waiting:
        return ours

    def agree(node: Term, number: Term) -> bool:
        if not isinstance(node, ox.BlankNode):
            return True
        return ours[node] == number if node in ours else number not in theirs

    for quad in quads:
        s, o = quad.subject, quad.object
        s_blank, o_blank = isinstance(s, ox.BlankNode), isinstance(o, ox.BlankNode)
        if not (s_blank or o_blank):
            continue
        queue = waiting.get((None if s_blank else s, quad.predicate, None if o_blank else o), [])
        for back in range(1, min(len(queue), _LOOK_ALIKES) + 1):
            record = queue[-back]
            if agree(s, record[0]) and agree(o, record[2]):
                for node, number in ((s, record[0]), (o, record[2])):
                    if isinstance(node, ox.BlankNode) and isinstance(number, int):
                        ours[node], theirs[number] = number, node
                del queue[-back]
                break
    return ours


def _shown(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
    return ox.BlankNode(f"n{term}") if isinstance(term, int) else term
