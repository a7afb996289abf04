"""A distant engine, looked at as if it were Oxigraph's own store.

That is for proofs, cards and pages, which look up one thing after the other. Each of those look-ups would be a round
trip. So what is asked about a thing is asked whole, and with it the same about all that came to be known together with
it: whoever follows one link usually follows its neighbours next. A chain of links then takes a round trip per link,
however many things there are at each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from milieu.errors import StoreError
from milieu.namespaces import ASSERTED, INFERRED, OWL

if TYPE_CHECKING:
    from milieu.store.memory import Remembered
    from milieu.store.seam import Pattern, Results

__all__ = ["Looks", "TooFarError"]

_TOGETHER = 500  # things that are asked about in one round trip because one of them was
_EVIDENCE = ox.NamedNode(f"{OWL}annotatedSource")
_BOTH = (ASSERTED, INFERRED)
_Node = ox.NamedNode | ox.BlankNode


class TooFarError(StoreError):
    """The work would need more round trips than it may make."""


class Looks:
    """The two graphs of an engine, for reading; what was once looked up is remembered.

    `trips` is how many round trips there may be; the next one raises `TooFarError`. What an engine holds beside the
    two graphs is never seen.
    """

    def __init__(self, memory: Remembered, *, trips: int | None = None) -> None:
        self._memory = memory
        self._left = trips
        self._together: dict[_Node, list[_Node]] = {}
        self._met(memory.known)

    def quads_for_pattern(
        self,
        subject: _Node | None,
        predicate: ox.NamedNode | None,
        obj: _Node | ox.Literal | None,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads that fit, of one graph or of both. Raises `StoreError`, and `TooFarError`."""
        pattern: Pattern = (subject, predicate, obj)
        if not self._memory.covers(pattern):
            self.ahead([pattern, *self._neighbours(pattern)])
        return iter(list(self._memory.quads([pattern], graph)))

    def __contains__(self, quad: ox.Quad) -> bool:
        found = self.quads_for_pattern(quad.subject, quad.predicate, quad.object, quad.graph_name)  # type: ignore[arg-type]
        return next(found, None) is not None

    def ahead(self, patterns: Iterable[Pattern]) -> None:
        """Look up at once what will be asked one by one; what is said of a thing is looked up whole."""
        wider: list[Pattern] = [
            (one, None, None) if one is not None else (one, two, three) for one, two, three in patterns
        ]
        new = [pattern for pattern in dict.fromkeys(wider) if not self._memory.covers(pattern)]
        if not new:
            return
        if self._left is not None:
            if not self._left:
                raise TooFarError("it takes more round trips than are allowed")
            self._left -= 1
        self._met(self._memory.learn(new))

    def beside(self, nodes: Iterable[object]) -> list[Pattern]:
        """The look-ups of whatever came to be known together with these, so that they can be made ahead."""
        found: dict[Pattern, None] = {}
        for node in nodes:
            if isinstance(node, _Node):
                found |= dict.fromkeys(self._neighbours((node, None, None)))
        return list(found)[:_TOGETHER]

    def query(self, text: str, base_iri: str | None = None, **chosen: Any) -> Results:
        """The result of a query over both graphs, or over those of them that `default_graph` and `named_graphs` name.

        FROM is refused: it could name any graph that the engine holds.
        """
        graphs: Sequence[str] = _BOTH
        named: Sequence[str] = _BOTH
        if "default_graph" in chosen or "named_graphs" in chosen:
            graphs, named = _known(chosen.get("default_graph")), _known(chosen.get("named_graphs"))
        return self._memory.query(text, graphs, named, base=base_iri)

    def _neighbours(self, pattern: Pattern) -> Iterator[Pattern]:
        subject, predicate, obj = pattern
        node = subject if subject is not None else obj
        if not isinstance(node, _Node) or (subject is None and predicate != _EVIDENCE):
            return
        number = 0
        for other in self._together.get(node, ()):
            near: Pattern = (other, None, None) if subject is not None else (None, predicate, other)
            if number < _TOGETHER and not self._memory.covers(near):
                number += 1
                yield near

    def _met(self, quads: Iterable[ox.Quad]) -> None:
        """Note which things became known together."""
        new = [
            term
            for quad in quads
            for term in (quad.subject, quad.predicate, quad.object)
            if isinstance(term, _Node) and term not in self._together
        ]
        group = list(dict.fromkeys(new))
        self._together.update(dict.fromkeys(group, group))


def _known(graphs: Sequence[ox.NamedNode] | None) -> tuple[str, ...]:
    """Of the graphs that someone has named, the two; when there is none of them, one that is empty in every engine."""
    named = {graph.value for graph in graphs or ()}
    return tuple(graph for graph in _BOTH if graph in named) or (f"{ASSERTED}/none",)
