r"""SPARQL text as tokens with their places (SPARQL 1.1 Query Language, sections 19.1 to 19.8).

Engines differ in one matter. Section 19.2 has escapes such as `\u0053` read before the grammar, so that they may
spell a keyword or end a string; Oxigraph reads them within strings and IRIs only. `tokens` gives either reading,
`settled_tokens` refuses a text for which they differ.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from milieu.errors import QueryError

__all__ = ["Token", "looks_like_comparison", "place", "settled_tokens", "tokens"]

_HEX = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LETTERS = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARKS = "\u00b7\u0300-\u036f\u203f-\u2040"


def _pattern(letters: str = "", marks: str = "") -> re.Pattern[str]:
    """The one expression of all tokens, for names of ASCII and of these letters, and marks that follow letters."""
    base, start = f"A-Za-z{letters}", f"A-Za-z_0-9{letters}"
    following = f"{start}{marks}"
    # The order is that of the longest match: long strings before short ones, names before words.
    return re.compile(
        r"(?P<blank>[ \t\r\n]+|#[^\r\n]*)"
        rf'|(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|{_HEX})*>)'
        r'|(?P<string>"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
        r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
        r'|"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"'
        r"|'[^'\\\r\n]*(?:\\[^\r\n][^'\\\r\n]*)*')"
        rf"|(?P<variable>[?$][{start}][{following}]*)"
        rf"|(?P<bnode>_:[{start}](?:[{following}.\-]*[{following}\-])?)"
        rf"|(?P<pname>(?:[{base}](?:[{following}.\-]*[{following}\-])?)?:"
        rf"(?:(?:[{start}:]|{_PLX})(?:(?:[{following}.:\-]|{_PLX})*(?:[{following}:\-]|{_PLX}))?)?)"
        r"|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
        r"|(?P<number>(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+\-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+)"
        r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
        r"|(?P<punct>\^\^|&&|\|\||!=|<=|>=|[{}()\[\].,;*/+\-|^!?=<>~])"
        r"|(?P<other>.)",
        re.DOTALL,
    )


# Compiling takes longer than a query, so the expression for names in all scripts is made when one is met.
_ASCII = _pattern()
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")


class Token(NamedTuple):
    """A stretch of a query that means something. Comments and white space are none.

    `kind` is one of iri, pname, bnode, variable, string, language, number, word (keywords, `a`, `true`), punct, other.
    `text` is the token with its escapes read; `start` and `end` (exclusive) count in the original text, `line` and
    `column` from 1.
    """

    kind: str
    text: str
    start: int
    end: int
    line: int
    column: int

    @property
    def upper(self) -> str:
        """The keyword in capitals, or the punctuation; empty for whatever cannot be a keyword."""
        return self.text.upper() if self.kind in ("word", "punct") else ""


def tokens(text: str, *, escapes: bool = True) -> list[Token]:
    r"""The tokens of a query. Never fails: what fits nothing is a token of kind `other`.

    With `escapes`, `\uXXXX` and `\UXXXXXXXX` are read before the grammar (section 19.2), else only inside of tokens.

    >>> [(token.kind, token.text) for token in tokens("ASK { ?city a mil:City } # all")]
    [('word', 'ASK'), ('punct', '{'), ('variable', '?city'), ('word', 'a'), ('pname', 'mil:City'), ('punct', '}')]
    """
    read, origin = _unescaped(text) if escapes and "\\" in text else (text, None)
    found: list[Token] = []
    line, begin, seen = 1, 0, 0
    lines = "\n" in text
    for match in _matches(read):
        start, end = match.span()
        if origin is not None:
            start, end = origin[start], origin[end]
        if lines:
            newline = text.rfind("\n", seen, start)
            if newline >= 0:
                line += text.count("\n", seen, start)
                begin = newline + 1
            seen = start
        found.append(Token(match.lastgroup or "other", match.group(), start, end, line, start - begin + 1))
    return found


def settled_tokens(text: str) -> list[Token]:
    """The tokens of a query that every engine reads alike; escapes within strings and IRIs are left as they are.

    Raises `QueryError` when the text means one thing with escapes read first and another without.
    """
    found = tokens(text, escapes=False)
    if "\\" not in text:
        return found
    other = tokens(text)
    if [(token.kind, token.start, token.end) for token in found] != [(t.kind, t.start, t.end) for t in other]:
        differing = (one for one, two in zip(found, other, strict=False) if (one.kind, one.end) != (two.kind, two.end))
        first = next(differing, found[-1] if found else None)
        raise QueryError(
            "an escape such as \\u0022 is read differently by different engines here",
            place=place(first) if first else None,
            remedy='Write the character itself, or \\n, \\" and the like within strings.',
        )
    return found


def looks_like_comparison(token: Token) -> bool:
    """Whether an IRI token may be `<` and more to an engine that compares in `?a<?b&&?c>?d`, as Oxigraph does.

    >>> [looks_like_comparison(token) for token in tokens("<?b&&?c> <https://example.org/?b>")]
    [True, False]
    """
    return token.kind == "iri" and "://" not in token.text and any(mark in token.text for mark in "?$)#'")


def place(token: Token) -> str:
    """Where a token is, as people read it.

    >>> place(tokens("ASK {}")[1])
    'line 1, column 5'
    """
    return f"line {token.line}, column {token.column}"


def _matches(text: str) -> list[re.Match[str]]:
    found = [match for match in _ASCII.finditer(text) if match.lastgroup != "blank"]
    if text.isascii() or all(match.lastgroup != "other" for match in found):
        return found
    return [match for match in _all_scripts().finditer(text) if match.lastgroup != "blank"]


@cache
def _all_scripts() -> re.Pattern[str]:
    return _pattern(_LETTERS, _MARKS)


def _unescaped(text: str) -> tuple[str, list[int] | None]:
    """The text with its escapes read, and for each character of it, and its end, the place it came from."""
    parts: list[str] = []
    origin: list[int] = []
    last = 0
    for match in _ESCAPE.finditer(text):
        number = int(match[1] or match[2], 16)
        if 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
            continue
        parts += [text[last : match.start()], chr(number)]
        origin += range(last, match.start() + 1)
        last = match.end()
    if not parts:
        return text, None
    parts.append(text[last:])
    origin += range(last, len(text) + 1)
    return "".join(parts), origin
