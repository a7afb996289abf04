"""Reading a broken text in rounds: each mistake that one meets is splinted, so that the next reads on behind it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from milieu.turtle.attempt import ERRORS, Attempt, attempt
from milieu.turtle.ending import cut_within, without_end
from milieu.turtle.mend import STAND_IN, STAND_IN_NAMESPACE
from milieu.turtle.splint import Splint, row_of, splint, unended
from milieu.turtle.syntax import Fault, fault, is_of_end, not_ended, not_opened, of_structure, of_term
from milieu.turtle.tokens import Kind, Lines, Word, term_around, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyoxigraph as ox

    from milieu.finding import Finding
    from milieu.turtle.mend import Mended

__all__ = ["read_on"]

# Nobody makes more mistakes in a row than this. What is long is not read so often, nor is a statement without an end.
_ROUNDS = 20
_AGAIN = 10_000_000
_LONGEST = 20_000


def read_on(
    mended: Mended,
    file: str,
    format: ox.RdfFormat,  # noqa: A002
    base: str | None,
    *,
    by_line: bool,
) -> tuple[Attempt, str, list[Finding]]:
    """The last attempt on the mended text, the text it was made on, and the findings about its syntax.

    `mended` gets the prefix that stands for nothing. Where statements are read `by_line` there is nothing to splint.
    """
    told = _Told(mended, file)
    if not by_line:
        mended.prefixes[told.choose_prefix(mended.prefixes)] = STAND_IN_NAMESPACE
    supplied = "".join(f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in mended.prefixes.items())
    supplied += "\n" if supplied else ""
    doubled: set[int] = set()
    for number in range(_ROUNDS):
        tried = _doubled(told.text, sorted(doubled))
        read = attempt(supplied + tried, format, base)
        faults = [fault(error, told.text, told.lines, 1 if supplied else 0) for error in read.errors]
        faults = [one for one in faults if one.start - 1 not in doubled]
        if by_line:
            break
        again = number * len(told.text) < _AGAIN and len(told.findings) < ERRORS
        if again and told.splinted(faults):
            continue
        # After an error at a dot the parser reads on only behind the *next* dot, so that a whole statement is lost. A
        # second dot gives it back: in place of the space behind the first, or at the end of its line.
        text = told.text
        hiding = {
            one.start for one in faults if text[one.start : one.end] == "." and text[one.end : one.end + 1].isspace()
        }
        if hiding <= doubled:
            break
        doubled |= hiding
    told.rest(faults)
    told.unopened(mended)
    return read, tried, told.findings


class _Told:
    """A text as it is splinted, its statements, and what has been told of them.

    Of the structure of a row only the first mistake is told: what follows in it mostly comes from there. A mistake
    within a term is one of its own, wherever it stands.
    """

    def __init__(self, mended: Mended, file: str) -> None:
        self.text = text = mended.text
        self.lines = Lines(text, file)
        self.findings: list[Finding] = []
        self._prefix = ""
        self._put = False
        self._statements = _sentences(text, tokens(text))
        # A quote that only closes, behind one left open: the text between them has several lines.
        closed = {self._number(spot) for spot in mended.closing}
        self._spots = [*mended.spots, *(spot for spot in mended.ended if self._number(spot) in closed)]
        self._rows = {row_of(text, self._statements[self._number(spot)], spot) for spot in mended.ended}
        self._terms: set[int] = set()

    def choose_prefix(self, supplied: Iterable[str]) -> str:
        """The shortest prefix that neither the text nor what is supplied to it uses: its names stand for nothing."""
        names = (word for statement in self._statements for word in statement if word[0] is Kind.NAME)
        used = {*supplied, *(self.text[start : self.text.index(":", start)] for _, start, _ in names)}
        while self._prefix in used:
            self._prefix += "x"
        return self._prefix

    def splinted(self, faults: Sequence[Fault]) -> bool:
        """Whether the first fault of some statement could be told and splinted."""
        splints: dict[int, Splint] = {}
        spoilt, seen = self._spoilt(), set[int]()
        for one in _sorted(faults):
            number = self._number(one.start)
            if number in seen or len(self._statements[number]) > _LONGEST:
                continue
            seen.add(number)
            own = of_term(one, self.text, self.lines)
            if own is None and number in spoilt:
                continue
            put = splint(self.text, self._statements[number], one.start, self._prefix, in_term=own is not None)
            if put:
                self._tell(one, number, own)
                splints[number] = put
        parts: list[str] = []
        copied = 0
        for put in splints.values():
            parts += (self.text[copied : put.start], put.text)
            copied = put.end
        self.text = "".join((*parts, self.text[copied:]))
        self._put = self._put or bool(splints)
        for number in reversed(splints):
            words = self._statements[number]
            begin, end = words[0][1], words[-1][2]
            again = ((kind, begin + a, begin + b) for kind, a, b in tokens(self.text[begin:end]))
            self._statements[number : number + 1] = _sentences(self.text, again)
        return bool(splints)

    def rest(self, faults: Sequence[Fault]) -> None:
        """Tell the faults that no splint helps: of structure one in a statement, as the others come from it."""
        spoilt = self._spoilt()
        for one in _sorted(faults):
            number = self._number(one.start)
            own = of_term(one, self.text, self.lines)
            if own or number not in spoilt:
                self._tell(one, number, own)
            spoilt.add(number)

    def unopened(self, mended: Mended) -> None:
        """Tell the quotes that close what none opened, where nothing else of their statement was told."""
        places = [one.place for one in (*mended.findings, *self.findings) if one.place]
        seen = {self._number(self.lines.offset(place.line, place.column)) for place in places}
        for spot in mended.closing:
            number = self._number(spot)
            if number not in seen:
                self.findings.append(not_opened(spot, self.lines))
                seen.add(number)

    def _tell(self, one: Fault, number: int, own: Finding | None) -> None:
        words = self._statements[number]
        plain = len(words) <= _LONGEST
        row = row_of(self.text, words, one.start) if plain else words[0][1]
        token = self.text[one.start : one.end]
        if STAND_IN in token or (self._put and token.startswith(f"{self._prefix}:")):
            pass  # was told when it was put there
        elif own and one.start not in self._terms:
            self.findings.append(cut_within(own) if self._is_last(one) else own)
            self._terms.add(one.start)
        elif own is None and row not in self._rows:
            self.findings.append(self._of_structure(one, number))
        self._rows.add(row)

    def _of_structure(self, one: Fault, number: int) -> Finding:
        words = self._statements[number]
        mark = unended(self.text, words, one.start) if len(words) <= _LONGEST else None
        if mark:
            return not_ended(mark, self.lines)
        before = self._before(number, one.start)
        end = self._end()
        if words and is_of_end(one) and max(one.start, one.end - 1) >= end[0]:
            return without_end(self.text, words, end, self.lines)
        told = of_structure(one, self.text, self.lines, before)
        return cut_within(told) if self._is_last(one) else told

    def _end(self) -> tuple[int, int]:
        """Where the last term or mark of the text stands."""
        return self._before(len(self._statements) - 1, len(self.text))

    def _is_last(self, one: Fault) -> bool:
        """Whether a fault is that of a term at which the text ends, without the end of a line."""
        start, end = self._end()
        words = self._statements[-1]
        return end == len(self.text) and one.start >= start and bool(words) and words[-1][0] is not Kind.MARK

    def _spoilt(self) -> set[int]:
        """The statements with a quote left open: what is said of their structure mostly comes from there."""
        return {self._number(spot) for spot in self._spots}

    def _number(self, offset: int) -> int:
        """The number of the statement that holds an offset; behind the last it is that."""
        number = bisect_right(self._statements, offset, key=lambda words: words[-1][2] if words else 0)
        return min(number, len(self._statements) - 1)

    def _before(self, number: int, offset: int) -> tuple[int, int]:
        """Where the term or mark before an offset stands."""
        words = self._statements[number]
        before = bisect_left(words, offset, key=lambda word: word[1])
        if not before and number:
            words = self._statements[number - 1]
            before = len(words)
        return (before and term_around(words, words[before - 1][1])) or (0, 0)


def _sentences(text: str, words: Iterable[Word]) -> list[list[Word]]:
    """The tokens up to each dot, and those behind the last."""
    found: list[list[Word]] = [[]]
    for word in words:
        if found[-1] and found[-1][-1][0] is Kind.MARK and text[found[-1][-1][1]] == ".":
            found.append([])
        found[-1].append(word)
    return found


def _sorted(faults: Iterable[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda one: (one.start, "A dot" not in one.message))


def _doubled(text: str, dots: Sequence[int]) -> str:
    parts: list[str] = []
    copied = 0
    for dot in dots:
        parts += (text[copied : dot + 1], ".")
        copied = dot + 2 if text[dot + 1] in " \t" else dot + 1
    return "".join((*parts, text[copied:]))
