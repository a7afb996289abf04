"""A compiled program beside its build: compiling the rules takes longer than judging a small contribution."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path

from milieu.reason.program import Program

__all__ = ["keep", "kept"]

_NAME = "program.pickle"


def keep(program: Program, folder: Path) -> None:
    """Put a program into the folder of a build."""
    (folder / _NAME).write_bytes(pickle.dumps(program, protocol=pickle.HIGHEST_PROTOCOL))


def kept(folder: Path, compile_anew: Callable[[], Program]) -> Program:
    """The program in the folder of a build; compiled anew when there is none that this user wrote.

    A pickle can run anything when it is read, so one that somebody else may have put there is left alone.
    """
    path = folder / _NAME
    try:
        if hasattr(os, "getuid") and path.stat().st_uid == os.getuid():
            found = pickle.loads(path.read_bytes())  # noqa: S301 - our own, see above
            if isinstance(found, Program):
                return found
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, TypeError):
        pass
    return compile_anew()
