"""Which statements made a row of an answer: the pattern of the query, met again by the values of that row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from milieu.explain.evidence import ClaimTerms
from milieu.explain.path import parse_path, walk
from milieu.explain.view import View, holds
from milieu.explain.why import Explanation, why
from milieu.reason.atoms import TYPE, Fact, Term
from milieu.sparql.algebra import patterns
from milieu.sparql.node import Node
from milieu.sparql.pattern import Parser

__all__ = ["RowExplanation", "why_row"]

_MOST_WAYS = 20
_UNTAKEN = {
    "minus": "MINUS: that nothing was found there cannot be shown",
    "service": "SERVICE: another endpoint answers for it",
    "opaque": "a part of the pattern that is not taken apart",
}
Row = Mapping[str, Term | None]


@dataclass(frozen=True)
class RowExplanation:
    """The statements that made a row, each explained.

    `conditions` are the filters that held, `notes` what could not be taken apart; `ways` counts the matches of the
    pattern that the row sums up, of which the first 20 are shown.
    """

    row: Row
    statements: tuple[Explanation, ...]
    conditions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ways: int = 1


def why_row(view: View, text: str, row: Row) -> RowExplanation:
    """Why a query gives a row. `row` maps its variables to terms, None where a variable has no value.

    Raises `QueryError` when the text is no query.
    """
    parser = Parser(text)
    where = patterns(text)
    prologue = text[: parser.tokens[parser.begin].start]
    words = set(_outer_words(parser))
    sums_up = bool(words & {"GROUP", "HAVING"} or words & _AGGREGATES)
    merged = sums_up or bool(words & {"DISTINCT", "REDUCED"})
    ways = _ways(view, prologue, where, row, _MOST_WAYS + 1 if merged else 2)
    shown = ways[:_MOST_WAYS] if merged else ways[:1]
    taker = _Taker(view, prologue)
    found: dict[Fact, None] = {}
    for way in shown:
        found.update(dict.fromkeys(taker.taken(where, way)))
    notes = list(dict.fromkeys(taker.notes))
    if sums_up and not ways:
        notes.insert(0, "the row sums up no match of the pattern: there is none to show")
    elif len(ways) > 1:
        verb = "sums up" if sums_up else "stands for" if merged else "could come from"
        first = "the first is" if len(shown) == 1 else f"the first {len(shown)} are"
        told = "all are" if len(shown) == len(ways) else first
        notes.insert(0, f"the row {verb} several matches of the pattern; {told} shown")
    if "HAVING" in words:
        notes.append("HAVING: that the sum meets it is not shown")
    if not ways and not sums_up:
        notes.insert(0, "the pattern of the query has no match with these values")
    names = ClaimTerms.of(view)
    statements = tuple(why(view, *fact, names=names) for fact in found)
    return RowExplanation(row, statements, tuple(dict.fromkeys(taker.conditions)), tuple(notes), len(ways))


_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}


def _outer_words(parser: Parser) -> Iterator[str]:
    """The words of a query outside its braces: an inner SELECT may sum up what the outer one does not."""
    depth = 0
    for token in parser.tokens[parser.begin :]:
        depth += {"{": 1, "}": -1}.get(token.upper, 0)
        if depth == 0 and token.kind == "word":
            yield token.upper


def _ways(view: View, prologue: str, where: Node, row: Row, most: int) -> list[Row]:
    """The solutions of the pattern that agree with the row: with all variables, even those that it does not show."""
    scope = set(where.scope())
    sure = {name for child in where.children if child.kind == "triple" for name in child.variables}
    given = {name: term for name, term in row.items() if name in scope}
    first = {name: term for name, term in given.items() if term is not None and name in sure}
    last = {name: term for name, term in given.items() if term is not None and name not in sure}
    unset = "".join(f" FILTER(!BOUND(?{name}))" for name, term in given.items() if term is None)
    # What is bound anyway may be given at once, which is quick; the rest is compared after the pattern was met, so
    # that an OPTIONAL or a BIND means what it did.
    inner = f"{{ {_values(first)} {_opened(where)} {unset} }}"
    return list(view.query(f"{prologue} SELECT * WHERE {{ {inner} {_values(last)} }} LIMIT {most}"))


def _values(row: Mapping[str, Term]) -> str:
    if not row or any(str(term).startswith("_:") for term in row.values()):
        row = {name: term for name, term in row.items() if not str(term).startswith("_:")}
    if not row:
        return ""
    names, terms = " ".join(f"?{name}" for name in row), " ".join(str(term) for term in row.values())
    return f"VALUES ({names}) {{ ({terms}) }}"


def _opened(node: Node) -> str:
    """The pieces of a group as SPARQL, blank nodes as variables, so that their values come to light."""
    return " ".join(_written(child) for child in node.children)


def _written(node: Node) -> str:
    if node.kind == "triple":
        return " ".join(_variable(term) for term in node.terms) + " ."
    if node.kind in ("group", "optional", "graph"):
        head = {"group": "", "optional": "OPTIONAL", "graph": f"GRAPH {node.name}"}[node.kind]
        return f"{head} {{ {_opened(node)} }}"
    if node.kind == "union":
        return " UNION ".join(f"{{ {_opened(child)} }}" for child in node.children)
    return node.text


def _variable(term: str) -> str:
    return f"?{_blank(term)}" if term.startswith("_:") else term


def _blank(term: str) -> str:
    return "blank_" + re.sub(r"\W", "_", term[2:])


class _Taker:
    """Takes the statements of one solution out of a pattern."""

    def __init__(self, view: View, prologue: str) -> None:
        self.notes: list[str] = []
        self.conditions: list[str] = []
        self._view = view
        self._prologue = prologue
        self._terms: dict[str, Term] = {"a": TYPE}

    def taken(self, group: Node, solution: Row) -> Iterator[Fact]:
        """The statements, in the order of the pattern."""
        for node in group.children:
            if node.kind == "triple":
                yield from self._of_triple(node, solution) or ()
            elif node.kind in ("group", "graph"):
                yield from self.taken(node, solution)
            elif node.kind == "optional":
                yield from self._if_whole(node, solution) or ()
            elif node.kind == "union":
                wholes = [self._if_whole(child, solution) for child in node.children]
                yield from (fact for whole in wholes if whole for fact in whole)
            elif node.kind == "filter":
                self.conditions.append(" ".join(node.text.split()))
                if node.children:
                    self.notes.append("EXISTS in a FILTER: what it looks at is not shown")
            elif node.kind == "subselect":
                yield from self._inner(node, solution)
            elif node.kind in _UNTAKEN:
                self.notes.append(f"{_UNTAKEN[node.kind]} (line {node.line})")

    def _inner(self, node: Node, solution: Row) -> Iterator[Fact]:
        """The statements of an inner SELECT's pattern that fit the solution; what it does with them is not shown."""
        outside = {name: solution[name] for name in node.variables if solution.get(name) is not None}
        ways = _ways(self._view, self._prologue, node.children[0], outside, _MOST_WAYS + 1)
        many = f"; of its matches the first {_MOST_WAYS} are shown" if len(ways) > _MOST_WAYS else ""
        self.notes.append(
            f"an inner SELECT: what its pattern met is shown, not what it made of that{many} (line {node.line})"
        )
        for way in ways[:_MOST_WAYS]:
            yield from self.taken(node.children[0], way)

    def _if_whole(self, group: Node, solution: Row) -> list[Fact] | None:
        """The statements of a group when it was met as a whole: a branch that was not met made nothing."""
        found: list[Fact] = []
        for node in group.children:
            if node.kind == "triple":
                facts = self._of_triple(node, solution)
                if facts is None:
                    return None
                found.extend(facts)
        return [*found, *(fact for fact in self.taken(group, solution) if fact not in found)]

    def _of_triple(self, node: Node, solution: Row) -> Sequence[Fact] | None:
        """The statements that a triple pattern or path met; None when it was not met."""
        subject, verb, obj = node.terms
        start, end = self._value(subject, solution), self._value(obj, solution)
        if start is None or end is None:
            return None
        predicate = self._value(verb, solution) if _is_plain(verb) else None
        if predicate is not None:
            fact = (start, predicate, end)
            return None if holds(self._view, fact) is None else [fact]
        if _is_plain(verb):
            return None
        try:
            path = parse_path(verb, self._term)
        except ValueError:
            self.notes.append(f"the path {verb}: it is not taken apart (line {node.line})")
            return ()
        return walk(self._view, path, start, end)

    def _value(self, term: str, solution: Row) -> Term | None:
        if term[0] in "?$":
            return solution.get(term[1:])
        return solution.get(_blank(term)) if term.startswith("_:") else self._term(term)

    def _term(self, word: str) -> Term:
        if word not in self._terms:
            rows = self._view.query(f"{self._prologue} SELECT ({word} AS ?term) {{}}")
            term = rows[0]["term"]
            assert term is not None
            self._terms[word] = term
        return self._terms[word]


def _is_plain(verb: str) -> bool:
    return re.fullmatch(r"[?$]\w+|a|<[^<>]*>|[^<>^!()/|*+?\s]*:[^<>^!()/|*+?\s]*", verb) is not None
