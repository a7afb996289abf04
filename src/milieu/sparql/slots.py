"""The slots of a query, where its parameters stand, and the query with terms in them.

Finding the slots reads the whole text (`milieu.sparql.bind`); filling them does not, so that a stored query whose slots
are known starts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from milieu.errors import QueryError

__all__ = ["Slot", "fill"]

Slot = tuple[int, int, str, str]
"""Start, end (exclusive), name of the parameter, and what may stand there.

That is a `term`; `ordered`, a term behind ORDER BY; `count`, a whole number behind LIMIT or OFFSET; or `bound`, where
the slot is all of `BOUND(?_name)`.
"""


def fill(text: str, slots: Iterable[Slot], values: Mapping[str, str]) -> str:
    """The query with the given terms in its slots, line for line as it was; slots without a value stay as they are.

    Raises `QueryError` for a LIMIT or OFFSET that is not a whole number from 0.

    >>> fill("ASK { ?s ?p ?_v }", [(12, 15, "v", "term")], {"v": '"a"@en'})
    'ASK { ?s ?p "a"@en }'
    """
    pieces: list[str] = []
    last = 0
    for start, end, name, kind in slots:
        if name not in values:
            continue
        value = values[name]
        if kind == "count" and not (value.isascii() and value.isdigit()):
            raise QueryError(
                f"{value} is not a whole number from 0", place=f"parameter {name}", remedy="Give 0 or more."
            )
        if kind == "bound":
            value = "true"
        elif kind == "ordered":
            value = f"({value})"  # ORDER BY takes a variable as it is, a constant only in brackets (rule 24).
        # A neighbour must not run together with the term: `?x<?_v`, `?_v.`
        pieces += [text[last:start], _gap(text[start - 1 : start]), value, _gap(text[end : end + 1])]
        last = end
    return "".join([*pieces, text[last:]])


def _gap(neighbour: str) -> str:
    return "" if not neighbour or neighbour in " \t\r\n" else " "
