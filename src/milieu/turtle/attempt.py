"""One pass of pyoxigraph's parser over a text: what it yielded, and every error on the way."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

__all__ = ["ERRORS", "Attempt", "attempt"]

ERRORS = 1000
"""How many errors are read: more are no mistakes, but a text of another kind."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """All that was yielded, in order; what was stumbled over; the prefixes met."""

    quads: list[ox.Quad]
    errors: list[SyntaxError]
    prefixes: dict[str, str]

    @property
    def stopped(self) -> bool:
        """Whether there were so many errors that the end was not reached."""
        return len(self.errors) >= ERRORS


def attempt(text: str, format: ox.RdfFormat, base: str | None = None) -> Attempt:  # noqa: A002
    """Every quad and every error of the text, up to `ERRORS`; the parser's iterator goes on after an error.

    >>> found = attempt("<x:a> <x:b> . <x:c> <x:d> <x:e> . <x:f> <x:g> <x:h> .", ox.RdfFormat.TURTLE)
    >>> len(found.quads), len(found.errors)
    (1, 1)
    """
    # Labels of blank nodes are renamed so that those of two texts never meet.
    reader = ox.parse(text, format=format, base_iri=base, rename_blank_nodes=True)
    quads: list[ox.Quad] = []
    errors: list[SyntaxError] = []
    while len(errors) < ERRORS:
        try:
            quads.extend(reader)
            break
        except SyntaxError as error:
            errors.append(error)
    return Attempt(quads, errors, dict(reader.prefixes))
