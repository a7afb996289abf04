"""Look-ups as SPARQL: many triple patterns in one query, their terms bound by VALUES."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from milieu.store.skolem import named

if TYPE_CHECKING:
    from milieu.store.seam import Pattern

__all__ = ["AT_ONCE", "lookups"]

AT_ONCE = 1000
"""So many patterns go into one query; engines have limits of length."""
_NAMES = ("?s", "?p", "?o")


def lookups(patterns: Iterable[Pattern], *, graphs: bool = False, at_once: int = AT_ONCE) -> Iterator[str]:
    r"""Queries whose rows, as ?s ?p ?o, are the triples that fit any of the patterns; with `graphs` also as ?g.

    >>> import pyoxigraph as ox
    >>> a, p = ox.NamedNode("https://example.org/a"), ox.NamedNode("https://example.org/p")
    >>> print(*lookups([(a, None, None), (None, p, a)]), sep="\n")
    SELECT ?s ?p ?o WHERE {
      { VALUES (?s) { (<https://example.org/a>) } ?s ?p ?o }
      UNION
      { VALUES (?o) { (<https://example.org/a>) } ?s <https://example.org/p> ?o BIND(<https://example.org/p> AS ?p) }
    }
    """
    rest = iter(dict.fromkeys(patterns))
    while some := list(islice(rest, at_once)):
        kinds: dict[tuple[bool, bool, bool, str], list[Pattern]] = {}
        for pattern in some:
            kinds.setdefault(_kind(pattern), []).append(pattern)
        blocks = "\n  UNION\n".join(f"  {{ {_block(kind, found, graphs)} }}" for kind, found in kinds.items())
        yield f"SELECT ?s ?p ?o{' ?g' if graphs else ''} WHERE {{\n{blocks}\n}}"


def _kind(pattern: Pattern) -> tuple[bool, bool, bool, str]:
    """Which terms VALUES binds, and the property when that stands in the pattern itself.

    Where only property and object are known the property must be a constant: when VALUES binds both, Virtuoso goes
    through all statements of the property, for each row once more.
    """
    subject, predicate, value = (term is not None for term in pattern)
    if predicate and value and not subject:
        return False, False, True, str(pattern[1])
    return subject, predicate, value, ""


def _block(kind: tuple[bool, bool, bool, str], patterns: Iterable[Pattern], graphs: bool) -> str:
    *bound, constant = kind
    body = f"?s {constant or '?p'} ?o"
    if graphs:
        body = f"GRAPH ?g {{ {body} }}"
    if constant:
        body += f" BIND({constant} AS ?p)"
    names = " ".join(name for name, wanted in zip(_NAMES, bound, strict=True) if wanted)
    if not names:
        return body
    rows = " ".join(
        f"({' '.join(str(named(term)) for term, wanted in zip(pattern, bound, strict=True) if wanted)})"
        for pattern in patterns
    )
    return f"VALUES ({names}) {{ {rows} }} {body}"
