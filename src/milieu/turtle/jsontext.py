"""JSON with the places of its parts: what a reader of JSON forgets, and what findings are about."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Member", "Value", "read_json", "without_halves"]

_TOKEN = re.compile(r'"[^"\\]*(?:\\.?[^"\\]*)*(?:"|\Z)|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
# A pair of surrogates, half of one, any other escape: so that none begins in the middle of another.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


@dataclass(slots=True)
class Member:
    """One key of an object with its value, and where the key stands."""

    key: str
    start: int
    end: int
    value: Value


@dataclass(slots=True)
class Value:
    """A JSON value and where it stands; of an object its members, of an array its items, else what it says."""

    start: int
    end: int
    scalar: str | bool | None = None
    # The digits of a number as they were written, for no reader's number is as exact.
    number: str | None = None
    members: list[Member] | None = None
    items: list[Value] | None = None

    @property
    def null(self) -> bool:
        """Whether it is JSON's null, or nothing that can be read."""
        return self.scalar is None and self.number is None and self.members is None and self.items is None

    def get(self, key: str) -> Value | None:
        """The last member of that name; None when it has none."""
        return next((one.value for one in reversed(self.members or ()) if one.key == key), None)


_HALF = "\\ufffd"
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)


def read_json(text: str) -> Value | None:
    """The value that a text is; None when it is empty. Where the text is broken, what can be made of it.

    >>> value = read_json('{"a": [1.50, null]}')
    >>> value.get("a").items[0].number, value.get("a").items[1].null
    ('1.50', True)
    """
    return _Tokens(text).value()


def without_halves(text: str) -> tuple[str, list[tuple[int, int]]]:
    r"""The text with U+FFFD for every escape that stands for half a character, which no text can hold; and where.

    >>> without_halves(r'"\ud83d\ude00 \\ud800 \ud800"')
    ('"\\ud83d\\ude00 \\\\ud800 \\ufffd"', [(22, 28)])
    """
    if "\\u" not in text:
        return text, []
    found = [(match.start(), match.end()) for match in _ESCAPE.finditer(text) if match["half"]]
    parts: list[str] = []
    copied = 0
    for start, end in found:
        parts += (text[copied:start], _HALF)
        copied = end
    return "".join((*parts, text[copied:])) if found else text, found


class _Tokens:
    """A reader of JSON that knows places and stops quietly where the text is broken; the parser reports that."""

    def __init__(self, text: str) -> None:
        self._tokens: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self._next = next(self._tokens, None)

    def _take(self) -> re.Match[str] | None:
        token, self._next = self._next, next(self._tokens, None)
        return token

    def value(self) -> Value | None:
        """The next value; None at the end."""
        token = self._take()
        if token is None:
            return None
        if token[0] == "{":
            return self._object(token.start())
        if token[0] == "[":
            return self._array(token.start())
        value = Value(token.start(), token.end())
        try:
            scalar = _scalar(token[0])
        except ValueError:
            return value
        if token[0][0] in "-0123456789":
            value.number = scalar
        elif isinstance(scalar, str | bool):
            value.scalar = scalar
        return value

    def _object(self, start: int) -> Value:
        members: list[Member] = []
        end = start + 1
        while (token := self._take()) is not None:
            end = token.end()
            if token[0] == "}":
                break
            if token[0][0] == '"' and self._next is not None and self._next[0] == ":":
                self._take()
                value = self.value()
                if value is not None:
                    try:
                        members.append(Member(_scalar(token[0]), token.start(), token.end(), value))
                    except ValueError:
                        continue
        return Value(start, end, members=members)

    def _array(self, start: int) -> Value:
        items: list[Value] = []
        end = start + 1
        while self._next is not None:
            if self._next[0] in ("]", ","):
                token = self._take()
                if token is not None and token[0] == "]":
                    end = token.end()
                    break
            elif (value := self.value()) is not None:
                items.append(value)
        return Value(start, end, items=items)


def _scalar(token: str) -> Any:
    """What a token says; most are texts without escapes."""
    if token[0] == '"' and "\\" not in token and len(token) > 1 and token[-1] == '"':
        return token[1:-1]
    return _DECODER.decode(token)
