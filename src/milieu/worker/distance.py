"""What a stranger's query may not do on a distant engine, whose own extensions we do not know."""

from __future__ import annotations

from milieu.errors import QueryError
from milieu.sparql.tokens import place, tokens

__all__ = ["guard_distant"]

_SCHEMES = ("http", "https", "urn", "mailto")


def guard_distant(text: str) -> None:
    """Nothing, when the query has neither FROM nor names that an engine may take for commands of its own.

    An engine may hold other graphs than ours, which FROM could name. What engines add to SPARQL they call by names of
    other schemes (Virtuoso `bif:` and `sql:`, Jena `java:`), and some of it reads files and addresses. Raises
    `QueryError`.

    >>> guard_distant("SELECT * { ?s <bif:contains> ?o }")
    Traceback (most recent call last):
    milieu.errors.QueryError: line 1, column 15: <bif:contains> is no name that is passed on to the engine. Use names \
that begin with http:, https:, urn:, mailto:.
    """
    for token in tokens(text):
        if token.kind == "word" and token.upper == "FROM":
            raise QueryError(
                "FROM is not passed on to the engine",
                place=place(token),
                remedy="Name graphs by default-graph-uri and named-graph-uri, or by GRAPH.",
            )
        # Prefixes are declared by such names too, so that prefixed ones need no look.
        if token.kind == "iri" and _scheme(token.text[1:-1]) not in _SCHEMES:
            raise QueryError(
                f"{token.text} is no name that is passed on to the engine",
                place=place(token),
                remedy=f"Use names that begin with {', '.join(f'{scheme}:' for scheme in _SCHEMES)}.",
            )


def _scheme(name: str) -> str:
    """The scheme of an IRI; of a relative one, that of the address it will be read against."""
    scheme, colon, _ = name.partition(":")
    return scheme.lower() if colon and "/" not in scheme and "#" not in scheme and "?" not in scheme else "http"
