"""The tree that the pattern of a query is taken apart into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a pattern.

    `kind` is group, triple, optional, union, minus, graph, service, filter, bind, values, subselect or opaque. `text`
    is its source; for a triple its three terms, as `;` and `,` leave some out. `terms` are those of a triple, where
    `[]` and lists have become blank nodes; `name` is that of a graph or service; `variables` are those that the node
    binds itself; `children` what is inside, for a filter the groups of its EXISTS; `weight` counts triple patterns,
    each step of a path as one.
    """

    kind: str
    text: str
    start: int
    end: int
    line: int
    column: int
    children: tuple[Node, ...] = ()
    terms: tuple[str, ...] = ()
    name: str = ""
    variables: tuple[str, ...] = ()
    weight: int = 0

    def walk(self) -> Iterator[Node]:
        """The node and all inside it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def scope(self) -> list[str]:
        """The variables that rows of this node may have (section 18.2.1), without `?`, in the order of the text."""
        found = dict.fromkeys(self.variables)
        if self.kind not in ("filter", "minus", "subselect"):
            for child in self.children:
                found.update(dict.fromkeys(child.scope()))
        return list(found)
