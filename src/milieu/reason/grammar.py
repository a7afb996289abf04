"""The part of SPARQL that rule files are written in: patterns, paths and FILTERs, read with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from milieu.errors import FolderError

__all__ = ["Statement", "Tokens", "bracketed", "group", "prologue"]

_TOKEN = re.compile(
    r"""\s+ | \#[^\n]* | (?P<token>
        <[^<>\s]*> | [?$]\w+ | "(?:[^"\\]|\\.)*" | \d+ | && | \|\| | != | [A-Za-z][\w.\-]*:[\w\-]* | :[\w\-]*
      | [A-Za-z]\w* | [(){}.;,/|*+?^!=] )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple pattern as it was written; `predicate` may be a property path, `obj` a list of variables."""

    subject: str
    predicate: str
    obj: str
    line: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The pattern as SPARQL."""
        return f"{self.subject} {self.predicate} {self.obj} ."


class Tokens:
    """The tokens of a rule, read one after the other."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.found: list[tuple[str, int]] = []
        self.at = 0
        offset = 0
        while offset < len(text):
            match = _TOKEN.match(text, offset)
            if match is None:
                raise self.fault(f"a rule cannot hold {text[offset]!r}", text.count("\n", 0, offset) + 1)
            if match["token"]:
                # SPARQL knows two signs for a variable.
                self.found.append((re.sub(r"\A\$", "?", match["token"]), offset))
            offset = match.end()

    @property
    def line(self) -> int:
        """The line of the next token."""
        offset = self.found[min(self.at, len(self.found) - 1)][1] if self.found else 0
        return self.text.count("\n", 0, offset) + 1

    def peek(self) -> str:
        """The next token, or nothing at the end."""
        return self.found[self.at][0] if self.at < len(self.found) else ""

    def take(self, *expected: str) -> str:
        """The next token, which must be one of those expected. Raises `FolderError` with its line."""
        token = self.peek()
        if not token or (expected and token not in expected):
            raise self.fault(f"expected {' or '.join(expected) or 'more'} here, found {token or 'the end'}")
        self.at += 1
        return token

    def fault(self, message: str, line: int | None = None, remedy: str | None = None) -> FolderError:
        """What is wrong at a line, by default that of the next token."""
        remedy = remedy or "A rule is a CONSTRUCT or SELECT over triple patterns and FILTERs; see docs/reasoning.md."
        return FolderError(message, place=f"{self.file}:{line or self.line}", remedy=remedy)


def prologue(tokens: Tokens) -> Iterator[tuple[str, str]]:
    """The prefixes that a rule declares."""
    while tokens.peek().upper() == "PREFIX":
        tokens.take()
        yield tokens.take(), tokens.take()


def group(tokens: Tokens) -> tuple[list[Statement], list[tuple[str, int]]]:
    """The patterns of a group, and its FILTERs with their lines."""
    statements: list[Statement] = []
    filters: list[tuple[str, int]] = []
    tokens.take("{")
    while tokens.peek() != "}":
        if tokens.peek().upper() == "FILTER":
            line = tokens.line
            tokens.take()
            filters.append((" ".join(bracketed(tokens)[1:-1]), line))
        else:
            statements.extend(_statements(tokens))
        if tokens.peek() == ".":
            tokens.take()
    tokens.take("}")
    return statements, filters


def _statements(tokens: Tokens) -> Iterator[Statement]:
    if not re.match(r"[?<:A-Za-z]", tokens.peek() or " "):
        raise tokens.fault(f"expected the subject of a pattern here, found {tokens.peek() or 'the end'}")
    subject = tokens.take()
    while True:
        line = tokens.line
        predicate = "".join(_path(tokens))
        obj = " ".join(bracketed(tokens)) if tokens.peek() == "(" else tokens.take()
        yield Statement(subject, predicate, obj, line)
        if tokens.peek() != ";":
            return
        tokens.take()


def _path(tokens: Tokens) -> Iterator[str]:
    yield tokens.take()
    while tokens.peek() and tokens.peek() in "/|*+?":
        operator = tokens.take()
        yield operator
        if operator in "/|":
            yield tokens.take()


def bracketed(tokens: Tokens) -> list[str]:
    """The tokens from a bracket to the one that closes it."""
    found = [tokens.take("(")]
    depth = 1
    while depth:
        token = tokens.take()
        depth += {"(": 1, ")": -1}.get(token, 0)
        found.append(token)
    return found
