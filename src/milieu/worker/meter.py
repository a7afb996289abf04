"""The stream that an answer is written to: it sends frames as they fill, and counts rows and bytes on the way."""

from __future__ import annotations

from collections.abc import Callable

from milieu.errors import QueryError
from milieu.worker.limits import Limits
from milieu.worker.wire import DATA, END, HEAD, encode, encode_whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Meter"]

_FULL = 1 << 16
# What begins a row in each format. None of them can stand inside a value: quotes are escaped in JSON, `<` in XML and
# line ends in TSV and N-Triples. CSV is counted apart, as quoted values may hold line ends.
_MARKS = {"json": b'},{"', "xml": b"<result>", "tsv": b"\n", "ntriples": b"\n"}


class Meter:
    """A binary stream over `send`, which takes frames.

    Nothing is sent before 64 KiB are full or the answer ends, so that small answers go out in one piece and faults
    of their first rows are still told by the status. Raises `QueryError` when the answer has more rows than allowed;
    rows of formats without marks are counted by whoever writes them, with `count`.
    """

    def __init__(self, send: Callable[[bytes], object], limits: Limits, head: dict[str, Any], rows: int | None = None):
        self._send = send
        self._head = head
        self._most = limits.rows if rows is None else rows
        self._bytes_left = limits.answer << 20
        self._buffer = bytearray()
        self._mark = _MARKS.get(str(head.get("format")))
        self._csv = head.get("format") == "csv" and head.get("form") == "rows"
        self._quoted = False
        self._tail = b""
        self._counted = -1 if self._csv or head.get("format") == "tsv" else 0  # their first line names the columns
        self._between = head.get("format") == "json"
        self.begun = False

    @property
    def rows(self) -> int:
        """The rows that have gone through."""
        if not self._between:
            return max(self._counted, 0)
        # The marks of JSON stand between rows; an answer without any is small, and so still in the buffer.
        return 0 if b'"bindings":[]' in self._buffer else self._counted + 1

    def write(self, piece: bytes) -> int:
        """Take a piece of the answer."""
        if self._csv:
            self._count_csv(piece)
        elif self._mark:
            joined = self._tail + piece
            self._counted += joined.count(self._mark)
            self._tail = joined[len(joined) - len(self._mark) + 1 :] if len(self._mark) > 1 else b""
        self._check()
        self._bytes_left -= len(piece)
        if self._bytes_left < 0:
            raise QueryError(
                "the answer is larger than this server sends", remedy="Ask for less at a time, with LIMIT."
            )
        self._buffer += piece
        if len(self._buffer) >= _FULL:
            self.flush_out()
        return len(piece)

    def flush(self) -> None:
        """Engines flush at will; frames go when they are full."""

    def count(self) -> None:
        """One row more, in a format whose rows cannot be told from its bytes."""
        self._counted += 1
        self._check()

    def flush_out(self) -> None:
        """Send what there is."""
        frames = b"" if self.begun else encode(HEAD, self._head)
        self.begun = True
        self._send(frames + encode(DATA, bytes(self._buffer)))
        self._buffer.clear()

    def end(self, **found: object) -> None:
        """Send the rest and what it came to."""
        end = {"rows": self.rows, **found}
        if not self.begun:
            self._send(encode_whole(self._head, end, bytes(self._buffer)))
            return
        data = encode(DATA, bytes(self._buffer)) if self._buffer else b""
        self._send(data + encode(END, end))

    def _count_csv(self, piece: bytes) -> None:
        for place, part in enumerate(piece.split(b'"')):
            if place:
                self._quoted = not self._quoted
            if not self._quoted:
                self._counted += part.count(b"\n")

    def _check(self) -> None:
        if self._counted + self._between > self._most:
            raise QueryError(
                f"the answer has more than {self._most:,} rows", remedy="Ask for less at a time, with LIMIT and OFFSET."
            )
