"""Splints: what is put in place of a mistake within a statement, so that the parser reads on behind it.

After an error the parser leaves the rest of the statement unread, and what is wrong there would only be learnt at the
next try. A splint is as long as what it covers, so that every place stays as it is. It is put only where one mistake
can be told from the next: at a term, or at a row of a statement (`predicate object , object ;`) that is plain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from milieu.turtle.tokens import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from milieu.turtle.tokens import Word

__all__ = ["Splint", "is_whole", "row_of", "splint", "unended"]

_PLAIN = frozenset({Kind.NAME, Kind.IRI, Kind.NUMBER, Kind.WORD, Kind.NODE, Kind.STRAY, Kind.AT, Kind.CARETS})
_TERMS = _PLAIN | {Kind.STRING}
_BEYOND = frozenset({Kind.RDF12, Kind.BRACE, Kind.OPEN_STRING, Kind.OPEN_LONG_STRING, Kind.BROKEN_IRI})
# How many terms of its row stand before a token, in what role that is.
_PREDICATE, _OBJECT = 1, 2


@dataclass(frozen=True, slots=True)
class Splint:
    """A stretch of a text, and what to read in its place, which is as long."""

    start: int
    end: int
    text: str


def splint(text: str, words: Sequence[Word], at: int, prefix: str, *, in_term: bool) -> Splint | None:
    """What lets the parser read on after a mistake at an offset; None where nobody can tell how the text is meant.

    `words` are the tokens of the statement, `prefix` is one that stands for nothing; `in_term` tells that the mistake
    is within one term, whatever stands around it.
    """
    number = next((number for number, word in enumerate(words) if word[2] > at), None)
    if number is None or words[0][0] is Kind.AT or any(kind in _BEYOND for kind, _, _ in words):
        return None
    if in_term:
        return _of_term(text, words, number, prefix)
    role = _role(text, words, number)
    mark = _mark(text, words[number])
    if role == _PREDICATE:
        return None if mark else _of_predicate(text, words, number, prefix)
    if role == _OBJECT:
        return _of_no_object(text, words, number) if mark else _of_object(text, words, number, prefix)
    return None if mark or role < _PREDICATE else _of_surplus(text, words, number, prefix)


def row_of(text: str, words: Sequence[Word], at: int) -> int:
    """Where the row of a statement that holds an offset begins: behind the last semicolon or opening bracket."""
    marks = (end for kind, start, end in words if end <= at and kind is Kind.MARK and text[start] in ";[")
    return max(marks, default=words[0][1] if words else at)


def is_whole(text: str, words: Sequence[Word]) -> bool:
    """Whether nothing but its dot is missing in a statement: no bracket is open, and its last row has an object."""
    if not words or words[-1][0] is Kind.CARETS:
        return False
    if words[0][0] is Kind.AT:
        return words[-1][0] is Kind.IRI
    marks = [_mark(text, word) for word in words]
    if sum(mark in ("[", "(") for mark in marks) != sum(mark in ("]", ")") for mark in marks):
        return False
    count = _role(text, words, len(words))
    # Brackets may be a whole statement, without anything behind them.
    return count > _OBJECT or (count == _PREDICATE and marks[0] == "[" and marks[-1] == "]" and len(words) > 2)


def unended(text: str, words: Sequence[Word], at: int) -> Word | None:
    """The semicolon that probably was to end the statement: what follows it begins a line, as a subject does."""
    number = next((number for number, word in enumerate(words) if word[2] > at), 0)
    if _role(text, words, number) < _OBJECT:
        return None
    mark = next((back for back in reversed(range(number)) if words[back][0] is Kind.MARK), 0)
    begins_line = text[words[mark + 1][1] - 1] in "\r\n"
    return words[mark] if text[words[mark][1]] == ";" and begins_line and number - mark < 4 else None


def _of_term(text: str, words: Sequence[Word], number: int, prefix: str) -> Splint | None:
    """A name in place of the whole term, a literal with all that stands behind it."""
    first = number
    while first and (
        words[first][0] in (Kind.AT, Kind.CARETS)
        or words[first - 1][0] is Kind.CARETS
        or (words[first][0] is Kind.STRAY and words[first - 1][2] == words[first][1])
    ):
        first -= 1
    return _name(words[first][1], _unbroken(text, words, number), prefix)


def _unbroken(text: str, words: Sequence[Word], number: int) -> int:
    """Where what stands at a token without a space ends."""
    while number + 1 < len(words) and words[number + 1][1] == words[number][2] and not _mark(text, words[number + 1]):
        number += 1
    return words[number][2]


def _of_predicate(text: str, words: Sequence[Word], number: int, prefix: str) -> Splint | None:
    """A name in place of what cannot be a predicate, when it has the place of one and an object follows."""
    following = words[number + 1 : number + 2]
    first = number < 2 or _mark(text, words[number - 1]) != ";"
    # In the first row what looks like it may be an object, and the dot before its statement be the mistake.
    if first and (not following or following[0][0] not in _TERMS):
        return None
    return _name(words[number][1], words[number][2], prefix)


def _of_object(text: str, words: Sequence[Word], number: int, prefix: str) -> Splint | None:
    """A name in place of what cannot be an object, up to the next mark."""
    mark = unended(text, words, words[number][1])
    if mark:
        return Splint(mark[1], mark[2], ".")
    run = _run(text, words, number)
    return _name(run[0][1], run[-1][2], prefix) if run else None


def _of_no_object(text: str, words: Sequence[Word], number: int) -> Splint | None:
    """Blanks in place of a comma too many, or of a predicate without an object."""
    mark, before = text[words[number][1]], words[number - 1]
    if mark == "," or _mark(text, before) == ",":
        return _blank(words[number] if mark == "," else before)
    if number > 1 and before[0] in (Kind.NAME, Kind.IRI, Kind.WORD) and _mark(text, words[number - 2]) == ";":
        return _blank(before)
    return None


def _of_surplus(text: str, words: Sequence[Word], number: int, prefix: str) -> Splint | None:
    """Blanks in place of what stands behind an object, or the mark that is missing between it and the next row."""
    mark = unended(text, words, words[number][1])
    if mark:
        return Splint(mark[1], mark[2], ".")
    run = _run(text, words, number, _TERMS)
    start, before = words[number][1], words[number - 1]
    terms = sum(kind not in (Kind.AT, Kind.CARETS) for kind, _, _ in run)
    if before[2] == start and _mark(text, before) == "":
        # The object itself is broken; or its quote was to be within a text, and nobody knows how far that goes.
        return _name(before[1], _unbroken(text, words, number), prefix) if before[0] is not Kind.STRING else None
    if "\n" in text[before[2] : start]:
        further = terms == 2 and text[start - 1] in " \t"
        return Splint(start - 1, start, ";") if further else None
    if not run or terms > 2:
        return None
    end = run[-1][2]
    return Splint(start, end, " " * (end - start))


def _run(text: str, words: Sequence[Word], number: int, kinds: frozenset[Kind] = _PLAIN) -> Sequence[Word]:
    """The tokens from one to the next mark, when they are on its line and of these kinds; else none."""
    end = number
    while end < len(words) and words[end][0] is not Kind.MARK:
        if words[end][0] not in kinds:
            return ()
        end += 1
    run = words[number:end]
    return run if run and "\n" not in text[run[0][1] : run[-1][2]] else ()


def _role(text: str, words: Sequence[Word], number: int) -> int:
    """How many terms stand before a token in its row: none before a subject, three before what is too much."""
    around: list[tuple[int, bool]] = []
    count, listed = 0, False
    begin = 0
    while begin < number and text[words[begin][1] : words[begin][2]].lower() in ("prefix", "base"):
        begin += 3 if text[words[begin][1]] in "pP" else 2
    for at in range(begin, number):
        kind = words[at][0]
        mark = _mark(text, words[at])
        if mark in ("[", "("):
            around.append((count, listed))
            count, listed = (_PREDICATE, False) if mark == "[" else (_OBJECT, True)
        elif mark in ("]", ")"):
            count, listed = around.pop() if around else (count, listed)
            count += not listed
        elif mark:
            count = _PREDICATE if mark == ";" else _OBJECT
        elif kind not in (Kind.AT, Kind.CARETS) and words[at - 1][0] is not Kind.CARETS:
            count += not listed
    return count


def _mark(text: str, word: Word) -> str:
    return text[word[1]] if word[0] is Kind.MARK else ""


def _blank(word: Word) -> Splint:
    return Splint(word[1], word[2], " " * (word[2] - word[1]))


def _name(start: int, end: int, prefix: str) -> Splint | None:
    """A name that stands for nothing, as long as what it covers; None when that is shorter than any name."""
    left = end - start - len(prefix) - 1
    return Splint(start, end, f"{prefix}:{'x' * left}") if left >= 0 else None
