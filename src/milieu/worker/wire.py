"""What passes through the pipes between a pool and its workers: frames of one kind byte, a length and a payload.

task      pool → worker   JSON: what to do
ready     worker → pool   nothing: the store is open
whole     worker → pool   a small answer in one: the length of its JSON, that JSON with head and end, the bytes
head      worker → pool   JSON: what the answer is; data and end follow
data      worker → pool   bytes of the answer
end       worker → pool   JSON: what it came to
fault     worker → pool   JSON: kind, message, place, remedy
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any

__all__ = [
    "DATA",
    "END",
    "FAULT",
    "HEAD",
    "READY",
    "TASK",
    "WHOLE",
    "encode",
    "encode_whole",
    "header",
    "read",
    "whole",
]

TASK, READY, WHOLE, HEAD, DATA, END, FAULT = b"T", b"R", b"W", b"H", b"D", b"E", b"F"
_json = json.JSONEncoder(ensure_ascii=False).encode  # made once, which takes longer than writing a task
_LENGTH = struct.Struct(">I")
_HEADER = struct.Struct(">cI")
SIZE = _HEADER.size
"""The bytes of a header."""


def encode(kind: bytes, payload: bytes | dict[str, Any]) -> bytes:
    r"""One frame.

    >>> encode(DATA, b"ab")
    b'D\x00\x00\x00\x02ab'
    """
    content = payload if isinstance(payload, bytes) else _json(payload).encode()
    return _HEADER.pack(kind, len(content)) + content


def header(packed: bytes | bytearray, begin: int = 0) -> tuple[bytes, int]:
    """The kind of a frame and the length of its payload, from its first bytes.

    >>> header(encode(DATA, b"ab")[:SIZE])
    (b'D', 2)
    """
    kind, length = _HEADER.unpack_from(packed, begin)
    return kind, length


def encode_whole(head: dict[str, Any], end: dict[str, Any], body: bytes) -> bytes:
    """A small answer as one frame.

    >>> kind, length = header(encode_whole({"form": "boolean"}, {"rows": 1}, b"true")[:SIZE])
    >>> kind, length
    (b'W', 42)
    """
    told = _json([head, end]).encode()
    return encode(WHOLE, b"".join((_LENGTH.pack(len(told)), told, body)))


def whole(payload: bytes) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Head, end and bytes of an answer that came as one frame.

    >>> whole(encode_whole({"form": "boolean"}, {"rows": 1}, b"true")[SIZE:])
    ({'form': 'boolean'}, {'rows': 1}, b'true')
    """
    cut = _LENGTH.size + _LENGTH.unpack_from(payload)[0]
    head, end = json.loads(payload[_LENGTH.size : cut])
    return head, end, payload[cut:]


def read(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The next frame of a blocking stream, or None at its end."""
    packed = stream.read(SIZE)
    if len(packed) < SIZE:
        return None
    kind, length = header(packed)
    return kind, stream.read(length)
