"""The tokens of Turtle and its kin (N-Triples, N-Quads, TriG), found by one regular expression.

Everything a parser accepts is a token; so is every kind of broken string or IRI, so that reading can go on after it.
Grammar: RDF 1.1 Turtle, section 6.5.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from milieu.finding import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Kind", "Lines", "Word", "pattern", "quotes", "term_around", "tokens", "unescape"]

_PN_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PN = _PN_BASE + "_0-9\u00b7\u0300-\u036f\u203f-\u2040-"
_IRI = r"[^\x00-\x20<>\"{}|^`\\]*"
_LOCAL = rf"(?:[{_PN}:]+|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%]|\.+(?=[{_PN}:%\\]))"

# Unrolled loops, `plain* (special plain*)*`, which cannot backtrack exponentially on a quote left open.
_STRING = "|".join(
    (
        r'"""[^"\\]*(?:(?:\\.|""?(?!"))[^"\\]*)*"""',
        r"'''[^'\\]*(?:(?:\\.|''?(?!'))[^'\\]*)*'''",
        r'"(?!"")[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"',
        r"'(?!'')[^'\\\r\n]*(?:\\[^\r\n][^'\\\r\n]*)*'",
    )
)

_SPACE = r"[ \t\r\n]*(?:#[^\r\n]*[ \t\r\n]*)*"


class Kind(IntEnum):
    """What a token is; the number is that of its group in the pattern."""

    NAME = 1
    MARK = 2
    STRING = 3
    IRI = 4
    AT = 5
    CARETS = 6
    NUMBER = 7
    WORD = 8
    NODE = 9
    RDF12 = 10
    BRACE = 11
    OPEN_STRING = 12
    BROKEN_IRI = 13
    OPEN_LONG_STRING = 14
    STRAY = 15


Word: TypeAlias = tuple[Kind, int, int]
"""A token: what it is, where it starts and where it ends."""

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_NAMED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@cache
def pattern() -> re.Pattern[str]:
    """The regular expression of one token with the space before it; the number of the group that matched is its `Kind`.

    It takes longer to compile than a small text takes to read, and only places and errors need it.
    """
    # Hostile texts must not cost more than their length: whatever one alternative has read in vain, the next one takes
    # whole (a word with dots, a string left open), so that nothing is read again from every point within it.
    return re.compile(
        _SPACE
        + "(?:"
        + "|".join(
            (
                rf"((?:[{_PN_BASE}][{_PN}]*(?:\.+[{_PN}]+)*)?:{_LOCAL}*)",
                r"([;,\[\]()]|\.(?![0-9]))",
                f"({_STRING})",
                rf"(<{_IRI}(?:\\(?:u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}){_IRI})*>)",
                r"(@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?)",
                r"(\^\^)",
                r"([+-]?(?:[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]+|\.[0-9]+[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+))",
                rf"([{_PN_BASE}][{_PN}]*(?:\.+[{_PN}]+)*)",
                rf"(_:[{_PN}]+(?:\.+[{_PN}]+)*)",
                r"(<<\(?|>>|\{\||\|\}|~)",
                r"([{}])",
                r"(\"(?!\"\")[^\r\n]*|'(?!'')[^\r\n]*)",
                r"(<[^<>\"\r\n]*>|<[^<>\"\s]*)",
                r"((?:\"\"\"|''').*)",
                r"([^ \t\r\n])",
                r"\Z",
            )
        )
        + ")",
        re.DOTALL,
    )


def tokens(text: str) -> Iterator[Word]:
    """Kind, start and end of every token, in order.

    >>> [(kind.name, start, end) for kind, start, end in tokens("city:kyoto a 1 .")]
    [('NAME', 0, 10), ('WORD', 11, 12), ('NUMBER', 13, 14), ('MARK', 15, 16)]
    """
    for match in pattern().finditer(text):
        group = match.lastindex
        if group is not None:
            yield Kind(group), match.start(group), match.end(group)


def term_around(words: Sequence[Word], offset: int) -> tuple[int, int] | None:
    """Where the term that holds the character at `offset` starts and ends; None when no token does.

    A literal is one term with its language or datatype.

    >>> term_around(list(tokens('city:kyoto rdfs:label "Kyoto"@en .')), 24)
    (22, 32)
    """
    first = bisect_right(words, offset, key=lambda word: word[1]) - 1
    if first < 0 or offset >= words[first][2]:
        return None
    while first and (words[first][0] in (Kind.AT, Kind.CARETS) or words[first - 1][0] is Kind.CARETS):
        first -= 1
    last = first
    if words[first][0] is Kind.STRING:
        following = [word[0] for word in words[first + 1 : first + 3]]
        if following[:1] == [Kind.AT]:
            last += 1
        elif following[:1] == [Kind.CARETS] and following[1:] in ([Kind.NAME], [Kind.IRI]):
            last += 2
    return words[first][1], words[last][2]


def quotes(token: str) -> int:
    """How many quotes open and close a string token: 3 for a long one, 1 for a short one."""
    return 3 if len(token) >= 6 and token[:3] in ('"""', "'''") else 1


def unescape(text: str) -> str:
    r"""The text that escapes stand for (Turtle, section 6.4), those of names and IRIs included.

    >>> unescape(r"na\u00efve")
    'naïve'
    """
    return _ESCAPE.sub(_escaped, text) if "\\" in text else text


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is None:
        return _NAMED.get(match[3], match[3])
    number = int(code, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


class Lines:
    r"""Offsets of a text as lines and columns, and back; a byte order mark is no column.

    A line ends with LF, CR LF or CR, as pyoxigraph counts.

    >>> lines = Lines("city:kyoto a\n  city:City .", "new.ttl")
    >>> str(lines.place(15, 24))
    'new.ttl:2:3'
    >>> lines.offset(2, 3)
    15
    """

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self._starts = [1 if text.startswith("\ufeff") else 0]
        self._starts.extend(match.end() for match in re.finditer(r"\r\n?|\n", text))
        self._end = len(text)

    def place(self, start: int, end: int) -> Place:
        """The place of the characters from `start` up to `end`."""
        line = bisect_right(self._starts, start) or 1
        end_line = bisect_right(self._starts, end) or 1
        return Place(
            self.file, line, start - self._starts[line - 1] + 1, end_line, end - self._starts[end_line - 1] + 1
        )

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column; past the end of the text it is the end."""
        if line > len(self._starts):
            return self._end
        return min(self._starts[line - 1] + column - 1, self._end)
