"""The prefixes that a query uses."""

from __future__ import annotations

from collections.abc import Collection

from milieu.sparql.tokens import Token, tokens

__all__ = ["undeclared"]


def undeclared(text: str, declared: Collection[str]) -> Token | None:
    """The first name in a query whose prefix neither the query nor the table declares, or None when there is none.

    >>> undeclared("SELECT * { ?city a mil:City ; ex:near ?other }", ["mil"]).text
    'ex:near'
    """
    own: set[str] = set()
    before = ""
    for token in tokens(text, escapes=False):
        if token.kind == "pname":
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                own.add(prefix)
            elif prefix not in own and prefix not in declared:
                return token
        before = token.upper
    return None
