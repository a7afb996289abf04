"""The graphs that an update reads, when the protocol names them (SPARQL 1.1 Protocol, section 2.2.3)."""

from __future__ import annotations

from collections.abc import Iterable

from milieu.errors import QueryError
from milieu.sparql.text import iri_text
from milieu.sparql.tokens import place, tokens

__all__ = ["with_graphs"]


def with_graphs(text: str, default: Iterable[str], named: Iterable[str]) -> str:
    """The update with USING before each of its WHERE clauses.

    Raises `QueryError` when the text names graphs itself, which the protocol forbids together with the parameters.

    >>> with_graphs("INSERT { ?s ?p 1 } WHERE { ?s ?p 2 }", ["https://example.org/g"], [])
    'INSERT { ?s ?p 1 } USING <https://example.org/g> WHERE { ?s ?p 2 }'
    """
    clause = "".join(f"USING {iri_text(name)} " for name in default)
    clause += "".join(f"USING NAMED {iri_text(name)} " for name in named)
    pieces: list[str] = []
    depth = last = 0
    before = ""
    for token in tokens(text, escapes=False):
        depth += (token.upper == "{") - (token.upper == "}")
        if depth == 0 and token.upper in ("USING", "WITH"):
            raise QueryError(
                f"{token.upper} stands in the update and graphs are named by the request as well",
                place=place(token),
                remedy="Name them in one of the two.",
            )
        # DELETE WHERE { … } has no room for USING; it reads what it deletes.
        if depth == 0 and token.upper == "WHERE" and before != "DELETE":
            pieces += [text[last : token.start], clause]
            last = token.start
        before = token.upper
    return "".join([*pieces, text[last:]])
