"""What was probably meant by a text that a datatype or a pattern refuses: web addresses, and the numbers of books."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["spellings"]

_SCHEME = re.compile(r"(?i)(https?)(?=://)")
_HOST = re.compile(r"(?i)(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/?#]\S*)?")
# What people write in front of an identifier: its kind, or the address where it is looked up.
_AHEAD = re.compile(r"(?i)^(?:https?://(?:dx\.)?doi\.org/|doi[:\s]\s*|isbn(?:-1[03])?[:\s]\s*)")


def spellings(text: str) -> Iterator[str]:
    """Other spellings of a text, the nearest first: an address in full, an identifier alone.

    >>> list(spellings("www.example.org"))
    ['https://www.example.org', 'WWW.EXAMPLE.ORG']
    >>> list(spellings("ISBN 4 326 50140 x"))[:3]
    ['4 326 50140 x', '4 326 50140 X', '432650140x']
    """
    plain = text.strip()
    seen = {text}
    alone = _AHEAD.sub("", plain)
    for other in (
        plain,
        _SCHEME.sub(lambda found: found[1].lower(), plain),
        f"https://{plain}" if _HOST.fullmatch(plain) else plain,
        *(each for one in (alone, re.sub(r"\s+", "", alone)) for each in (one, one.upper())),
    ):
        if other not in seen:
            seen.add(other)
            yield other
