"""Places: where in a contributor's text a finding points."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from milieu.finding import Place
from milieu.turtle.locate import Locator

if TYPE_CHECKING:
    from milieu.turtle.locate import Located
    from milieu.turtle.parse import Parsed

__all__ = ["At", "Placed", "moved", "place_of"]

At: TypeAlias = Callable[..., Place | None]
"""The place for a focus node, a predicate and a value, all in N-Triples syntax, and a finding's code."""

_STEP = re.compile(r"<[^<>]*>")
_MISSING = frozenset({"sh:minCount", "sh:qualifiedMinCount"})


class Placed:
    """The triples of some contributions, and the place of each.

    >>> from milieu.turtle.parse import parse
    >>> placed = Placed()
    >>> placed.take(parse("<a:kyoto> <a:near> <a:nara> .", "new.ttl"))
    >>> str(placed.at("<a:kyoto>", "<a:near>", "<a:nara>"))
    'new.ttl:1:20'
    """

    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []
        self.about: dict[str, list[ox.Triple]] = {}
        self._mentions: dict[str, list[ox.Triple]] = {}
        self._written: dict[ox.Triple, tuple[Parsed, ox.Triple]] = {}
        self._turned: set[ox.Triple] = set()

    def take(
        self,
        parsed: Parsed,
        names: Mapping[ox.BlankNode, ox.NamedNode] | None = None,
        spaces: Mapping[str, str] | None = None,
        kept: Mapping[ox.Literal, ox.Literal] | None = None,
    ) -> None:
        """Add what was parsed from one contribution.

        `names` are those for its nodes that have none, `spaces` namespaces with the ones that were meant, `kept`
        literals with what the store keeps in their place.
        """
        for quad in parsed.quads:
            written = quad.triple
            triple = moved(written, spaces or {}, kept or {}) if spaces or kept else written
            triple = _renamed(triple, names) if names else triple
            if triple not in self._written:
                self._add(triple, parsed, written)

    def _add(self, triple: ox.Triple, parsed: Parsed, written: ox.Triple) -> None:
        self._written[triple] = (parsed, written)
        self.triples.append(triple)
        self.about.setdefault(str(triple.subject), []).append(triple)
        self._mentions.setdefault(str(triple.object), []).append(triple)

    def written(self, triple: ox.Triple) -> ox.Triple:
        """A triple as the text has it: without the names that nodes have got, and as its values were spelled."""
        return self._written[triple][1]

    def locate(self, triple: ox.Triple) -> Located | None:
        """Where the tokens of a triple stand."""
        found = self._written.get(triple)
        located = found[0].locator.places(found[1]) if found else None
        if located and triple in self._turned:
            return replace(located, subject=located.object, object=located.subject)
        return located

    def instead(self, meant: Mapping[ox.Triple, ox.Triple], without: Collection[ox.Triple] = ()) -> Placed:
        """The same with what was meant in place of some triples, standing where those stand, and without others."""
        other = Placed()
        for triple in self.triples:
            new = meant.get(triple, triple)
            if new in other._written or triple in without:
                continue
            other._add(new, *self._written[triple])
            turned = new.predicate != triple.predicate and new.subject == triple.object
            if triple in self._turned or turned or (new.subject, new.object) == (triple.object, triple.subject):
                other._turned.add(new)
        return other

    def at(self, focus: str, path: str | None = None, value: str | None = None, code: str = "") -> Place | None:
        """The place that a result about these terms points to: see `place_of`."""
        return place_of(self.about.get(focus, ()), self._mentions.get(focus, ()), self.locate, path, value, code)

    def without(self, triple: ox.Triple) -> str | None:
        """The text of a triple's statement without it: empty when it says no more, None where that is not plain."""
        found, located = self._written.get(triple), self.locate(triple)
        if found is None or located is None or not isinstance(found[0].locator, Locator):
            return None
        locator = found[0].locator
        spans = [
            (locator.lines.offset(place.line, place.column), locator.lines.offset(place.end_line, place.end_column))
            for place in (located.statement, located.predicate, locator.places(found[1]).object)  # type: ignore[union-attr]
        ]
        start, end = spans[0]
        # Nothing that stands in for a mistake is ever written back.
        return _cut(locator.text, *spans) if locator.text[start:end] == locator.written[start:end] else None

    def letter(self, triple: ox.Triple, letter: str) -> Place | None:
        """Where a letter first stands in the object of a triple; None where it is not written out."""
        found, located = self._written.get(triple), self.locate(triple)
        if found is None or located is None or not isinstance(found[0].locator, Locator):
            return None
        lines, whole = found[0].locator.lines, located.object
        start = lines.offset(whole.line, whole.column)
        at = found[0].locator.text.find(letter, start, lines.offset(whole.end_line, whole.end_column))
        return lines.place(at, at + 1) if at >= 0 else None

    def predicate(self, focus: str, predicates: Iterable[str]) -> Place | None:
        """Where the first statement of a node with one of these predicates names it."""
        wanted = set(predicates)
        for triple in self.about.get(focus, ()):
            if str(triple.predicate) in wanted and (located := self.locate(triple)):
                return located.predicate
        return None


def place_of(
    about: Sequence[ox.Triple],
    mentions: Sequence[ox.Triple],
    locate: Callable[[ox.Triple], Located | None],
    path: str | None,
    value: str | None,
    code: str = "",
) -> Place | None:
    """Where a value is wrong the value, where too many stand the last, where one is missing the subject.

    `about` are the triples whose subject is the focus node, `mentions` those whose object it is.
    """
    if path and path.startswith("^"):
        wrong = [t for t in mentions if str(t.predicate) == path[1:] and (value is None or str(t.subject) == value)]
        if wrong and (located := locate(wrong[-1])):
            return located.subject
    steps = set(_STEP.findall(path)) if path else set()
    on_path = [triple for triple in about if str(triple.predicate) in steps]
    with_value = [triple for triple in (on_path or about) if str(triple.object) == value] if value else []
    if with_value and (located := locate(with_value[0])):
        return located.predicate if code == "sh:closed" else located.object
    # Something is missing at the subject, unless it is missing behind a value: at the end of a longer path.
    longer = path is not None and "/" in _STEP.sub("", path)
    if on_path and (code not in _MISSING or longer) and (located := locate(_last(on_path, code))):
        return located.object
    if about and (located := locate(about[0])):
        return located.subject
    if mentions and (located := locate(mentions[0])):
        return located.object
    return None


def _cut(text: str, whole: tuple[int, int], verb: tuple[int, int], value: tuple[int, int]) -> str | None:
    """A statement without one of its objects, and without its predicate when that was the only one."""
    (start, end), (verb_start, _), (value_start, value_end) = whole, verb, value
    if "[" in text[start:verb_start] or "#" in text[start:end]:
        return None  # in brackets, or among comments: no edit is plain enough
    before, after = text[start:value_start].rstrip(), text[value_end:end]
    mark = after.lstrip()[:1]
    if before.endswith(","):
        return before[:-1] + after
    if mark == ",":
        return text[start:value_start] + after.lstrip()[1:].lstrip()
    ahead = text[start:verb_start].rstrip()
    if ahead.endswith(";"):
        return ahead[:-1].rstrip() + after
    if mark == ";":
        rest = after.lstrip()[1:].lstrip()
        return "" if rest == "." else text[start:verb_start] + rest
    return "" if mark == "." else None


def _last(triples: Sequence[ox.Triple], code: str) -> ox.Triple:
    """The one too many: the last, or of texts the last in a language that came before."""
    if code == "sh:uniqueLang":
        seen: set[str | None] = set()
        again: ox.Triple | None = None
        for triple in triples:
            language = triple.object.language if isinstance(triple.object, ox.Literal) else None
            if language in seen:
                again = triple
            seen.add(language)
        return again or triples[-1]
    return triples[-1]


def moved(triple: ox.Triple, spaces: Mapping[str, str], kept: Mapping[ox.Literal, ox.Literal]) -> ox.Triple:
    """A triple with other namespaces, and with the literals that are kept in place of others."""

    def move(term: ox.NamedNode) -> ox.NamedNode:
        for space, right in spaces.items():
            if term.value.startswith(space):
                return ox.NamedNode(right + term.value[len(space) :])
        return term

    subject, value = triple.subject, triple.object
    if isinstance(value, ox.Literal):
        value = kept.get(value, value)
    return ox.Triple(
        move(subject) if isinstance(subject, ox.NamedNode) else subject,
        move(triple.predicate),
        move(value) if isinstance(value, ox.NamedNode) else value,
    )


def _renamed(triple: ox.Triple, names: Mapping[ox.BlankNode, ox.NamedNode]) -> ox.Triple:
    subject, value = triple.subject, triple.object
    return ox.Triple(
        names.get(subject, subject) if isinstance(subject, ox.BlankNode) else subject,
        triple.predicate,
        names.get(value, value) if isinstance(value, ox.BlankNode) else value,
    )
