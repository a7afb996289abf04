"""Parameters in SPARQL text: every `?_name` (or `$_name`) replaced by one serialised term, or left an unbound variable.

Replacing tokens is the one way that means the same in every place of a query; bindings that engines offer do not reach
into BIND, sub-selects, MINUS or LIMIT. The outcome must be read by the engine like any other query: a term in a place
where it cannot stand (a string as predicate) is refused there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from milieu.errors import QueryError
from milieu.sparql.slots import Slot, fill
from milieu.sparql.term import is_term
from milieu.sparql.tokens import Token, looks_like_comparison, place, settled_tokens
from milieu.spelling import nearest

__all__ = ["bind", "check_binding", "parameters", "slots"]

_AFTER_SELECT = ("{", "WHERE", "FROM")
_AFTER_GROUP = ("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES", "}")
_AFTER_ORDER = ("LIMIT", "OFFSET", "VALUES", "}")


def parameters(text: str) -> list[str]:
    """The names of the parameters in a query, in the order of the text.

    >>> parameters("SELECT ?city { ?city mil:field ?_field ; mil:name '?_no' } LIMIT ?_most")
    ['field', 'most']
    """
    return list(dict.fromkeys(token.text[2:] for token in settled_tokens(text) if _is_parameter(token)))


def bind(text: str, values: Mapping[str, str], declared: Collection[str]) -> str:
    """The query with the given terms in place of its parameters, line for line as it was.

    `values` are serialised terms (`milieu.query.parameter.serialise` makes them). `BOUND(?_name)` becomes `true` for
    those given. Raises `QueryError`, with the place, for a value that is not one term, a name that is not declared, and
    a parameter where none may stand.

    >>> bind("SELECT ?x { ?x ?p ?_v FILTER(BOUND(?_v)) } LIMIT ?_n", {"v": '"a"@en', "n": "5"}, ["v", "n"])
    'SELECT ?x { ?x ?p "a"@en FILTER( true ) } LIMIT 5'
    """
    for name, value in values.items():
        if name not in declared:
            raise QueryError(f"the query has no parameter {name!r}", remedy=_declared(declared))
        if not is_term(value):
            raise QueryError(f"the value of {name!r} is not one RDF term: {value}", remedy="Give an IRI or a literal.")
    return fill(text, slots(text, declared), values)


def slots(text: str, declared: Collection[str]) -> list[Slot]:
    """Where the parameters of a query stand, in the order of the text.

    Raises `QueryError`, with the place, for a name that is not declared and a parameter where none may stand.

    >>> slots("ASK { ?s ?p ?_v }", ["v"])
    [(12, 15, 'v', 'term')]
    """
    found = settled_tokens(text)
    for message, token in _misplaced(found, declared, ()):
        raise QueryError(message, place=place(token))
    ordered = {token.start for token in _listed(found, "ORDER", _AFTER_ORDER)}
    held: list[Slot] = []
    for index, token in enumerate(found):
        if not _is_parameter(token):
            continue
        start, end, kind = token.start, token.end, "term"
        before = found[index - 1].upper if index else ""
        if before in ("LIMIT", "OFFSET"):
            kind = "count"
        elif index > 1 and before == "(" and found[index - 2].upper == "BOUND":
            start, end, kind = found[index - 2].start, found[index + 1].end, "bound"
        elif start in ordered:
            kind = "ordered"
        held.append((start, end, token.text[2:], kind))
    return held


def check_binding(text: str, declared: Collection[str], optional: Collection[str] = ()) -> list[tuple[str, int, int]]:
    """What is wrong with the parameters of a query: message, line and column of each fault, in the order of the text.

    A parameter may not be projected, grouped by, or be the target of AS or VALUES, as a value is no variable. One that
    is not declared is a fault, and so is a declared one that is not used (at line 1). Those in `optional` may be left
    out and are unbound variables then, which LIMIT, OFFSET, SEPARATOR and the data of VALUES cannot take, and which
    `*` would make columns.

    >>> check_binding("SELECT ?_x { ?s ?p ?_x }", ["x"])
    [('the parameter ?_x cannot be a column of the answer', 1, 8)]
    """
    try:
        found = settled_tokens(text)
    except QueryError as fault:
        line, column = re.findall(r"\d+", fault.place or "line 1, column 1")
        return [(fault.message, int(line), int(column))]
    faults = [(message, token.line, token.column) for message, token in _misplaced(found, declared, optional)]
    used = {token.text[2:] for token in found if _is_parameter(token)}
    unused = [(f"the parameter {name!r} is declared but not used", 1, 1) for name in declared if name not in used]
    return sorted({*faults, *unused}, key=lambda fault: (fault[1], fault[2], fault[0]))


def _misplaced(found: list[Token], declared: Collection[str], optional: Collection[str]) -> Iterator[tuple[str, Token]]:
    for token in found:
        if _is_parameter(token) and token.text[2:] not in declared:
            like = nearest(token.text[2:], declared)
            yield f"the parameter {token.text} is not declared" + (f"; did you mean ?_{like}?" if like else ""), token
        if token.kind == "iri" and looks_like_comparison(token) and re.search(r"[?$]_", token.text):
            yield "put a space after '<', or this is read as an IRI", token
    for token in _listed(found, "SELECT", _AFTER_SELECT):
        if _is_parameter(token):
            yield f"the parameter {token.text} cannot be a column of the answer", token
        elif token.upper == "*" and optional:
            yield "name the columns: '*' would make one of an optional parameter", token
    for token in _listed(found, "GROUP", _AFTER_GROUP):
        if _is_parameter(token):
            yield f"the parameter {token.text} cannot be grouped by", token
    for one, two in pairwise(found):
        if one.upper == "AS" and _is_parameter(two):
            yield f"the parameter {two.text} cannot be given a value by AS", two
    yield from _misplaced_in_values(found)
    for token in _needed(found):
        if token.text[2:] in optional:
            yield f"the parameter {token.text} cannot be optional here, where there must be a value", token


def _misplaced_in_values(found: list[Token]) -> Iterator[tuple[str, Token]]:
    for index, token in enumerate(found):
        if token.upper == "VALUES":
            for target in found[index + 1 :]:
                if target.upper == "{":
                    break
                if _is_parameter(target):
                    yield f"the parameter {target.text} cannot be given values by VALUES", target


def _needed(found: list[Token]) -> Iterator[Token]:
    """The parameters that stand where no variable can."""
    data = 0
    for index, token in enumerate(found):
        before = found[index - 1].upper if index else ""
        if token.upper == "VALUES":
            data = 1
        elif data and token.upper in ("{", "}"):
            data = 2 if token.upper == "{" else 0
        separated = before == "=" and index > 1 and found[index - 2].upper == "SEPARATOR"
        if _is_parameter(token) and (data == 2 or separated or before in ("LIMIT", "OFFSET", "^^")):
            yield token


def _listed(found: list[Token], word: str, ends: Collection[str]) -> Iterator[Token]:
    """The tokens of each clause that begins with a word, outside of brackets."""
    inside, depth = False, 0
    for token in found:
        if token.upper == word:
            inside, depth = True, 0
        elif inside:
            depth += (token.upper == "(") - (token.upper == ")")
            if depth == 0 and token.upper in ends:
                inside = False
            elif depth == 0:
                yield token


def _is_parameter(token: Token) -> bool:
    return token.kind == "variable" and token.text[1] == "_"


def _declared(declared: Collection[str]) -> str:
    return f"It takes {', '.join(sorted(declared))}." if declared else "It takes none."
