"""One worker: `python -m milieu.worker.process SOURCE` opens a build for reading and does what it is told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from milieu.errors import MilieuError, StoreError
from milieu.worker.limits import Limits, confine
from milieu.worker.wire import FAULT, READY, encode, read

__all__ = ["main"]


def main(words: list[str]) -> int:
    """Work until standard input ends. Frames go to what was standard output; nothing else can be printed there."""
    source: dict[str, Any] = json.loads(words[0])
    limits = Limits(**source["limits"])
    confine(limits, network=bool(source.get("store")))
    out = os.dup(1)
    os.dup2(2, 1)

    def send(frames: bytes) -> None:
        left = memoryview(frames)
        while left:
            left = left[os.write(out, left) :]

    from milieu.worker.desk import Desk

    try:
        desk = Desk.open(source, limits)
    except MilieuError as fault:
        send(encode(FAULT, described(fault, "failed")))
        return 1
    send(encode(READY, b""))
    while (frame := read(sys.stdin.buffer)) is not None:
        _work(desk, json.loads(frame[1]), send)
    return 0


def _work(desk: Any, task: dict[str, Any], send: Callable[[bytes], None]) -> None:
    from milieu.store.wire import OverdueError
    from milieu.worker.task import TASKS, UnacceptableError

    try:
        desk.begin(task.get("seconds"))
        TASKS[task["do"]](desk, task, send)
    except UnacceptableError as fault:
        send(encode(FAULT, described(fault, "unacceptable")))
    except OverdueError as fault:
        send(encode(FAULT, described(fault, "overdue")))
    except StoreError as fault:
        send(encode(FAULT, described(fault, "unavailable")))
    except MilieuError as fault:
        send(encode(FAULT, described(fault, "refused")))
    except MemoryError:
        send(encode(FAULT, {"kind": "overdrawn", "message": "the work needed more memory than this server gives"}))
        raise SystemExit(1) from None
    except (RuntimeError, ValueError, RecursionError) as fault:
        # What the engine says of the query itself: an unknown function, a graph that is not there.
        send(encode(FAULT, {"kind": "refused", "message": f"it cannot be worked out: {fault}"}))
    except (OSError, SyntaxError) as fault:
        if os.environ.get("MILIEU_DEBUG"):
            raise
        send(encode(FAULT, {"kind": "failed", "message": f"it could not be worked out ({fault})"}))


def described(fault: MilieuError, kind: str) -> dict[str, Any]:
    """A fault as it travels."""
    return {"kind": kind, "message": fault.message, "place": fault.place, "remedy": fault.remedy}


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)
