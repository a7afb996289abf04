"""Text of strangers, made safe to print: what a terminal would obey is shown instead."""

from __future__ import annotations

import re

__all__ = ["visible"]

# All control characters but tab and line feed, those that reorder text, line separators, halves of characters.
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""The text with every character that a terminal would obey rather than show written as Turtle escapes it.

    >>> print(visible("red: \x1b[31m"))
    red: \u001B[31m
    """
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04X}", text)
