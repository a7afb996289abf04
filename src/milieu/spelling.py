"""What was probably meant by a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["nearest"]


def nearest(word: str, known: Iterable[str], least: float = 0.6) -> str | None:
    """The known word that is most like this one, whatever its case, or None when none is like it.

    `least` is how much of both must agree, from 0 to 1: the usual value is for a person who chooses among few words.

    >>> nearest("citeis", ["cities", "crafts"])
    'cities'
    >>> nearest("paris", ["valparaiso"], least=0.75)
    """
    from difflib import get_close_matches

    folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    close = get_close_matches(word.casefold(), folded, n=1, cutoff=least)
    return folded[close[0]] if close else None
