"""How far a build has come, on a terminal only."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from milieu.build.steps import Watch

__all__ = ["progress"]


def progress() -> Watch:
    """A watcher that draws a bar per step on standard error when that is a terminal, else one that does nothing."""
    return _Bars() if sys.stderr.isatty() else lambda step, done, total: None


class _Bars:
    """A bar per step; they vanish when the last step is done."""

    def __init__(self) -> None:
        self._shown: Progress | None = None
        self._bars: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        if self._shown is None:
            self._shown = _drawn()
            self._shown.start()
        if step not in self._bars:
            self._bars[step] = self._shown.add_task(step, total=total)
        self._shown.update(self._bars[step], completed=done, total=total)
        if step == "store" and done == total:
            self._shown.stop()


def _drawn() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<8}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
