"""Times of commands and calls, and the table they are written into."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["call", "command", "record"]

RESULTS = Path(__file__).parent / "README.md"


def command(words: Sequence[object], *, times: int = 15, env: dict[str, str] | None = None) -> float:
    """The median of the wall-clock seconds that a command takes; the first run warms the disk and is not counted."""
    taken = []
    for _ in range(times + 1):
        began = time.perf_counter()
        subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL, env=env or os.environ)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


def call(do: Callable[[], object], *, times: int = 15) -> float:
    """The median of the seconds that a call takes, once warm."""
    do()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def record(section: str, text: str) -> None:
    """Put the last results into their section of bench/README.md, between its two marks."""
    page = RESULTS.read_text(encoding="utf-8")
    first, last = f"<!-- {section} -->\n", f"<!-- /{section} -->\n"
    before, _, rest = page.partition(first)
    _, _, after = rest.partition(last)
    RESULTS.write_text(f"{before}{first}{text.rstrip()}\n{last}{after}", encoding="utf-8")
    print(text)
