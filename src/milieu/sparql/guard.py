"""What a query may not do: reach other machines or files, change the graph, or be too much for an engine.

Engines glue and split words where the grammar would not (Oxigraph reads `SERVICEex:a {}` as SERVICE and `ex:a`, and
`(?a<?b)SERVICE?c#>` as a comparison), so the guard refuses whatever some engine might read as one of the refused words.
"""

from __future__ import annotations

from collections.abc import Iterable

from milieu.errors import QueryError
from milieu.sparql.algebra import patterns
from milieu.sparql.pattern import prologue_end
from milieu.sparql.tokens import Token, looks_like_comparison, place, settled_tokens, tokens

__all__ = ["guard", "guard_stranger"]

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH", "LOAD")
_REASONS = {
    "SERVICE": "would ask another machine",
    "LOAD": "would read another document",
    "FROM": "would choose other graphs",
    "USING": "would choose other graphs",
}
# Where a prefixed name stands, after these words, it cannot be a keyword glued to a name.
_NAMES_FOLLOW = ("PREFIX", "GRAPH", "FROM", "NAMED", "USING", "INTO", "TO", "WITH", "ADD", "MOVE", "COPY", "BY")


def guard_stranger(text: str) -> None:
    """`guard` with the limits for queries of people who are not the owner.

    They are what an engine was seen to survive: it dies of some thousand brackets, and plans for half a minute
    at 200 patterns about one thing, for half a second at 80.
    """
    guard(text, max_bytes=8192, max_depth=64, max_patterns=80)


def guard(
    text: str,
    *,
    update: bool = False,
    datasets: bool = False,
    max_bytes: int | None = None,
    max_depth: int | None = None,
    max_patterns: int | None = None,
) -> None:
    """Nothing, when the query may be given to an engine; else raises `QueryError` with line and column.

    Refused are always SERVICE and LOAD and text that is no SPARQL; updates unless `update`; FROM, FROM NAMED and USING
    unless `datasets`; and more bytes, nested brackets or triple patterns (path steps, list and bracket expansions
    counted) than the limits that are given.

    >>> guard("SELECT * { ?service a <https://example.org/service> }")
    >>> guard("SELECT * { SERVICE <https://example.org/> {} }")
    Traceback (most recent call last):
    milieu.errors.QueryError: line 1, column 12: SERVICE is not allowed: it would ask another machine. Leave it out.
    """
    size = len(text.encode("utf-8", "replace"))
    if max_bytes is not None and size > max_bytes:
        raise QueryError(f"the query has {size} bytes; {max_bytes} are allowed", remedy="Ask for less at a time.")
    refused = ["SERVICE", "LOAD"] if datasets else ["SERVICE", "LOAD", "FROM", "USING"]
    # Escapes may spell the words, so that reading is looked at first; then both readings must agree.
    if "\\" in text:
        _refuse_words(tokens(text), refused)
    found = settled_tokens(text)
    # A token is a piece of the text: a word that is nowhere in the one is nowhere in the other.
    whole = text.upper()
    if any(word in whole for word in refused):
        _refuse_words(found, refused)
    _refuse_forms(found, update)
    _refuse_doubtful(found)
    if max_depth is not None:
        _refuse_depth(found, max_depth)
    if max_patterns is not None:
        _refuse_many(text, found, max_patterns, update)


def _fault(message: str, token: Token, remedy: str = "Leave it out.") -> QueryError:
    return QueryError(message, place=place(token), remedy=remedy)


def _refuse_words(found: list[Token], refused: Iterable[str]) -> None:
    braces = parentheses = 0
    for index, token in enumerate(found):
        before = found[index - 1] if index else None
        after = found[index + 1].text if index + 1 < len(found) else ""
        braces += (token.upper == "{") - (token.upper == "}")
        parentheses += (token.upper == "(") - (token.upper == ")")
        for word in refused:
            reason = f"{word} is not allowed: it {_REASONS[word]}"
            if token.kind == "word" and word in token.upper:
                raise _fault(reason, token)
            if token.kind == "pname" and word in token.text.partition(":")[0].upper():
                named = before is not None and before.upper in ("DESCRIBE", *_NAMES_FOLLOW)
                top = braces == 0 and parentheses == 0
                if not named and (after == "{" if word == "SERVICE" else top):
                    raise _fault(reason, token, "Rename the prefix, which may be read as that word.")
            if parentheses > 0 and looks_like_comparison(token) and word in token.text.upper().partition(")")[2]:
                raise _fault(reason, token)


def _refuse_forms(found: list[Token], update: bool) -> None:
    rest = found[prologue_end(found) :]
    if not rest:
        # An update may be a prologue alone (SPARQL 1.1 Update, rule 29), which changes nothing; a query may not.
        if update:
            return
        raise QueryError("there is no query", remedy="Begin with SELECT, ASK, CONSTRUCT or DESCRIBE.")
    if not update:
        if rest[0].upper not in _FORMS:
            raise _fault(f"{rest[0].text!r} begins no query", rest[0], "Begin with SELECT, ASK, CONSTRUCT or DESCRIBE.")
        for token in rest:
            if token.kind == "word" and token.upper in _UPDATES:
                raise _fault(f"{token.upper} is not allowed: queries do not change the graph", token)
    elif rest[0].upper not in (*_FORMS, *_UPDATES):
        raise _fault(f"{rest[0].text!r} begins neither query nor update", rest[0], "Begin with INSERT, DELETE or WITH.")


def _refuse_doubtful(found: list[Token]) -> None:
    parentheses = [0]
    for index, token in enumerate(found):
        before = found[index - 1] if index else None
        mark = token.text if token.kind == "punct" else ""
        if token.kind == "other":
            raise _fault(f"{token.text!r} fits nothing in SPARQL here", token, "Is a quote or bracket not closed?")
        # Quotes side by side are split differently by engines that take the longest match and those that do not.
        if before is not None and before.kind == token.kind == "string" and before.end == token.start:
            raise _fault("two strings touch each other", token, "Put a space between them.")
        if mark == "{":
            parentheses.append(0)
        elif mark == "}" and len(parentheses) > 1:
            parentheses.pop()
        parentheses[-1] += (mark == "(") - (mark == ")")
        if parentheses[-1] <= 0 or token.kind != "iri":
            continue
        compared = before is not None and (before.upper == ")" or before.kind not in ("punct", "other"))
        if compared and looks_like_comparison(token) and any(sign in token.text for sign in ")#'"):
            raise _fault("this may be an IRI or a comparison", token, "Put a space after '<', or use a prefix.")


def _refuse_depth(found: list[Token], allowed: int) -> None:
    depth = 0
    for index, token in enumerate(found):
        if token.kind != "punct":
            continue
        quoted = token.text == "<" and index > 0 and found[index - 1].text == "<"
        depth += token.text in ("{", "(", "[") or quoted
        depth -= depth > 0 and token.text in ("}", ")", "]")
        if depth > allowed:
            raise _fault(f"brackets are nested deeper than {allowed}", token, "Ask for less at a time.")


def _refuse_many(text: str, found: list[Token], allowed: int, update: bool) -> None:
    # So few tokens cannot be too many patterns, and need not be taken apart: an element of a list stands for two, and
    # the steps of a path count once for each of its objects (at most a quarter of the tokens are either).
    if 2 * len(found) < allowed and len(found) ** 2 <= 16 * allowed:
        return
    # Updates are not taken apart: their names and literals are at least as many as their triples.
    count = (
        sum(token.kind not in ("punct", "word") for token in found)
        if update
        else sum(node.weight for node in patterns(text).walk())
    )
    if count > allowed:
        message = f"the query has {count} triple patterns; {allowed} are allowed"
        raise QueryError(message, remedy="Ask for less at a time.")
