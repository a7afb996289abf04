"""What is wrong with a query that the engine cannot read, in words and with its place."""

from __future__ import annotations

import re
from collections.abc import Collection

from milieu.errors import QueryError
from milieu.sparql.prefixes import undeclared
from milieu.spelling import nearest

__all__ = ["syntax_fault"]

_AT = re.compile(r"^error at (?P<line>\d+):(?P<column>\d+): (?:expected (?:one of )?)?(?P<rest>.*)", re.DOTALL)
_SENTENCE = re.compile(r"(?:^|, )([A-Z][a-zA-Z]* [a-z][^,\[\]]{12,})(?:, |$)")
_WORD = re.compile(r"\w+|\S")
_LAST = re.compile(r"([?$]?\w+|\S)\s*\Z")


def syntax_fault(fault: SyntaxError, text: str, prefixes: Collection[str] = ()) -> QueryError:
    """The engine's complaint as one of ours: the place, what stands there, and what it had expected where that helps.

    >>> syntax_fault(SyntaxError("error at 1:12: expected [_]"), "SELECT ?x { ^ }").message
    "this is not SPARQL: '^' is not expected here"
    """
    message = str(fault.msg or fault)
    found = _AT.match(message)
    if not found:
        return QueryError(f"this is not SPARQL: {message}")
    line, column, rest = int(found["line"]), int(found["column"]), found["rest"]
    lines = text.split("\n")
    here = lines[line - 1] if line <= len(lines) else ""
    place = f"line {line}, column {column}"
    missing = undeclared(text, prefixes)
    if missing:
        prefix = missing.text.partition(":")[0]
        like = nearest(prefix, prefixes)
        known = ", ".join(f"{known}:" for known in sorted(prefixes)[:40])
        return QueryError(
            f"the prefix {prefix}: is not declared",
            place=f"line {missing.line}, column {missing.column}",
            remedy=f"Did you mean {like}:?" if like else f"Declare it with PREFIX, or use one of {known}.",
        )
    sentence = _SENTENCE.search(rest)
    if sentence:
        return QueryError(f"this is not SPARQL: {sentence[1]}", place=place)
    word = _WORD.search(here, column - 1)
    if word:
        return QueryError(f"this is not SPARQL: {word[0]!r} is not expected here", place=place)
    before = _LAST.search(text[: sum(len(each) + 1 for each in lines[: line - 1]) + column - 1])
    behind = f"something is missing behind {before[1]!r}" if before else "there is nothing in it"
    return QueryError(f"this is not SPARQL: {behind}", place=place)
