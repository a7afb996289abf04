"""Faults of the call or the program. Problems found in data are values instead: see `milieu.finding`.

    MilieuError
    ├── FolderError        the folder, or a file in it, is missing, unreadable or broken
    ├── QueryError         a query is unknown, malformed, refused or was given a wrong parameter
    ├── BuildError         the graph could not be built from its folder, or a build could not be used
    ├── StoreError         a store could not be opened, read or written
    ├── FormatError        a format is unknown, or does not fit what is to be written
    └── MissingError       a program or extra that a step needs is not installed

Each names the thing, the place and the remedy, and reads as one paragraph.
"""

from __future__ import annotations

__all__ = ["BuildError", "FolderError", "FormatError", "MilieuError", "MissingError", "QueryError", "StoreError"]


class MilieuError(Exception):
    """Base of every fault that Milieu raises on purpose.

    >>> print(MilieuError("no such folder: atlas", place="--graph", remedy="Name a folder that has ontology/ in it."))
    --graph: no such folder: atlas. Name a folder that has ontology/ in it.
    """

    def __init__(self, message: str, *, place: str | None = None, remedy: str | None = None) -> None:
        self.message = message
        self.place = place
        self.remedy = remedy
        where = f"{place}: " if place else ""
        sentence = message if message.endswith((".", "!", "?")) or not remedy else f"{message}."
        super().__init__(f"{where}{sentence} {remedy}" if remedy else f"{where}{sentence}")


class FolderError(MilieuError):
    """The folder, or a file in it, is missing, unreadable or broken."""


class QueryError(MilieuError):
    """A query is unknown, malformed, refused or was given a wrong parameter."""


class BuildError(MilieuError):
    """The graph could not be built from its folder, or a build could not be used."""


class StoreError(MilieuError):
    """A store could not be opened, read or written."""


class FormatError(MilieuError):
    """A format is unknown, or does not fit what is to be written."""


class MissingError(MilieuError):
    """A program or extra that a step needs is not installed."""
