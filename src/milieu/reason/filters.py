"""The FILTERs of a rule that speak of things: the small part of SPARQL expressions that rules need."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from milieu.reason.atoms import Term

__all__ = ["Filter"]

Value = Term | bool | None
Row = Sequence[int]
Terms = Callable[[int], Term]
Expression = Callable[[Row], Value]
_WORD = re.compile(r"<[^<>\s]*>|[?$]\w+|&&|\|\||!=|[A-Za-z][\w.\-]*:[\w\-]*|\w+|[(),=!]")
_FUNCTIONS: Mapping[str, Callable[[Value], Value]] = {
    "isliteral": lambda value: isinstance(value, Literal),
    "isiri": lambda value: isinstance(value, NamedNode),
    "isblank": lambda value: isinstance(value, BlankNode),
    "datatype": lambda value: value.datatype if isinstance(value, Literal) else None,
}


@dataclass(frozen=True)
class Filter:
    """A condition over variables, for instance `?one != ?other && !isLiteral(?one)`.

    Known are `&&`, `||`, `!`, `=`, `!=`, `IN`, `NOT IN`, `isLiteral`, `isIRI`, `isBlank` and `datatype`; terms are
    compared as terms. Raises `ValueError` for anything else.

    >>> terms = [NamedNode("http://example.org/a"), NamedNode("http://example.org/b")]
    >>> holds = Filter.parse("?one != ?other", NamedNode).over({"one": 0, "other": 1}, terms.__getitem__)
    >>> holds((0, 1)), holds((1, 1))
    (True, False)
    """

    words: tuple[str | Term, ...]
    variables: frozenset[str]

    @classmethod
    def parse(cls, text: str, slot: Callable[[str], str | Term]) -> Filter:
        """The filter that a text holds; `slot` turns a word into a term, or into the name of a variable."""
        words: list[str | Term] = []
        names = set()
        for word in _WORD.findall(text):
            if word[0] in "?$":
                names.add(word[1:])
                words.append("?" + word[1:])
            elif word[0] == "<" or ":" in word:
                words.append(slot(word))
            else:
                words.append(word)
        test = cls(tuple(words), frozenset(names))
        # Tells at once whether the expression is one of those that are known.
        test.over(dict.fromkeys(names, 0), NamedNode)  # type: ignore[arg-type]
        return test

    def renamed(self, slots: Mapping[str, str | Term]) -> Filter:
        """The same filter with variables renamed, or replaced by terms."""
        words: list[str | Term] = []
        for word in self.words:
            slot = slots.get(word[1:], word[1:]) if isinstance(word, str) and word[0] == "?" else None
            words.append(word if slot is None else f"?{slot}" if isinstance(slot, str) else slot)
        left = frozenset(word[1:] for word in words if isinstance(word, str) and word[0] == "?")
        return Filter(tuple(words), left)

    def over(self, columns: Mapping[str, int], terms: Terms) -> Callable[[Row], bool]:
        """The filter as a function of rows of numbers, of variables in these columns; `terms` tells the terms."""
        table = {name: _of_column(column, terms) for name, column in columns.items()}
        expression, rest = _either(list(self.words), table)
        if rest:
            raise ValueError(f"a rule's FILTER cannot hold {rest[0]!r}")
        return lambda row: expression(row) is True


Words = list[str | Term]
Table = Mapping[str, Expression]


def _either(words: Words, table: Table) -> tuple[Expression, Words]:
    left, words = _both(words, table)
    while words and words[0] == "||":
        right, words = _both(words[1:], table)
        left = _or(left, right)
    return left, words


def _both(words: Words, table: Table) -> tuple[Expression, Words]:
    left, words = _relation(words, table)
    while words and words[0] == "&&":
        right, words = _relation(words[1:], table)
        left = _and(left, right)
    return left, words


def _relation(words: Words, table: Table) -> tuple[Expression, Words]:
    if words and words[0] == "!":
        inner, words = _relation(words[1:], table)
        return (lambda row: not inner(row)), words
    left, words = _primary(words, table)
    if words and words[0] in ("=", "!="):
        equal = words[0] == "="
        right, words = _primary(words[1:], table)
        return (lambda row: (left(row) == right(row)) is equal), words
    negated = [str(word).upper() for word in words[:2]] == ["NOT", "IN"]
    if negated or (words and isinstance(words[0], str) and words[0].upper() == "IN"):
        members: list[Expression] = []
        words = words[3 if negated else 2 :]
        while True:
            member, words = _primary(words, table)
            members.append(member)
            if not words or words[0] not in (",", ")"):
                raise ValueError("a list in a rule's FILTER is not closed")
            separator, words = words[0], words[1:]
            if separator == ")":
                return (lambda row: any(left(row) == member(row) for member in members) is not negated), words
    return left, words


def _primary(words: Words, table: Table) -> tuple[Expression, Words]:
    if not words:
        raise ValueError("a rule's FILTER ends too early")
    word, rest = words[0], words[1:]
    if not isinstance(word, str):
        return (lambda row: word), rest
    if word[0] == "?":
        return table[word[1:]], rest
    if word == "(" or word.lower() in _FUNCTIONS:
        inner, rest = _either(rest if word == "(" else rest[1:], table)
        if not rest or rest[0] != ")":
            raise ValueError("a bracket in a rule's FILTER is not closed")
        if word == "(":
            return inner, rest[1:]
        function = _FUNCTIONS[word.lower()]
        return (lambda row: function(inner(row))), rest[1:]
    raise ValueError(f"a rule's FILTER cannot hold {word!r}")


def _or(left: Expression, right: Expression) -> Expression:
    return lambda row: bool(left(row)) or bool(right(row))


def _and(left: Expression, right: Expression) -> Expression:
    return lambda row: bool(left(row)) and bool(right(row))


def _of_column(column: int, terms: Terms) -> Expression:
    return lambda row: terms(row[column])
