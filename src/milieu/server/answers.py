"""Answers that were given before: an edition never changes, so neither does what it answers."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from milieu.worker.pool import Reply

__all__ = ["Answers"]

# The functions that give something else each time (SPARQL 1.1, sections 17.4.2.10 to 17.4.5.1).
_VOLATILE = ("NOW", "RAND", "UUID", "BNODE")
_CALLED = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Kept:
    head: dict[str, Any]
    body: bytes
    end: dict[str, Any]
    size: int


class Answers:
    """Small answers by what was asked, the longest unused given up first when they grow beyond `most` bytes.

    >>> answers = Answers(1000)
    >>> answers.keep("ASK {}", "ASK {}", Reply({}, True, b"yes"))
    >>> answers.get("ASK {}").body
    b'yes'
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def get(self, key: Hashable) -> Reply | None:
        """The answer to what was asked before, or None."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        self._kept.move_to_end(key)
        return Reply(kept.head, True, kept.body, kept.end)

    def keep(self, key: Hashable, text: str, reply: Reply) -> None:
        """Keep an answer to the query `text`, when it is small and would be the same the next time."""
        size = len(reply.body) + 2 * len(text) + 500
        if not reply.whole or size > self._most or key in self._kept or _volatile(text):
            return
        self._kept[key] = _Kept(reply.head, reply.body, reply.end, size)
        self._size += size
        while self._size > self._most:
            self._size -= self._kept.popitem(last=False)[1].size


def _volatile(text: str) -> bool:
    upper = text.upper()
    return any(name in upper for name in _VOLATILE) and _CALLED.search(text) is not None
