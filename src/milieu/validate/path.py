"""SHACL property paths (section 2.3.1): read from a shapes graph, written as SPARQL paths, put into a plain form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from milieu.namespaces import RDF, SH

if TYPE_CHECKING:
    from milieu.validate.shapegraph import ShapeGraph

__all__ = ["Choice", "Inverse", "Path", "Repeat", "Sequence", "Step", "plain", "read_path", "sparql", "triples_of"]


@dataclass(frozen=True, slots=True)
class Step:
    """One property, as an N-Triples IRI; None stands for any property at all."""

    predicate: str | None
    inverse: bool = False


@dataclass(frozen=True, slots=True)
class Inverse:
    """A path walked from its end to its beginning."""

    part: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    """One path after another."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of several paths."""

    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A path walked at least `least` (0 or 1) times, and more than once only if `many`."""

    part: Path
    least: int
    many: bool


Path: TypeAlias = Step | Inverse | Sequence | Choice | Repeat

_REPEATS = {"zeroOrMorePath": (0, True), "oneOrMorePath": (1, True), "zeroOrOnePath": (0, False)}


def read_path(graph: ShapeGraph, node: str) -> Path:
    """The path that a node of a shapes graph stands for. Raises `FolderError` when it is ill-formed."""
    return _read(graph, node, frozenset())


def _read(graph: ShapeGraph, node: str, above: frozenset[str]) -> Path:
    if node.startswith("<"):
        return Step(node)
    if not node.startswith("_:") or node in above:
        raise graph.fault(f"{graph.spell(node)} is not a property path")
    above |= {node}
    if graph.objects(node, RDF + "first"):
        return Sequence(tuple(_read(graph, part, above) for part in graph.items(node)))
    for name, (least, many) in _REPEATS.items():
        for part in graph.objects(node, SH + name):
            return Repeat(_read(graph, part, above), least, many)
    for part in graph.objects(node, SH + "inversePath"):
        return Inverse(_read(graph, part, above))
    for part in graph.objects(node, SH + "alternativePath"):
        return Choice(tuple(_read(graph, item, above) for item in graph.items(part)))
    raise graph.fault(f"{graph.spell(node)} is not a property path")


def sparql(path: Path) -> str:
    """The path in SPARQL's syntax (section 9.1).

    >>> sparql(Sequence((Inverse(Step("<http://e/p>")), Repeat(Step("<http://e/q>"), 0, True))))
    '^<http://e/p>/<http://e/q>*'
    """
    match path:
        case Step(predicate, inverse):
            return f"^{predicate}" if inverse else str(predicate)
        case Inverse(part):
            return f"^{_grouped(part)}"
        case Sequence(parts):
            return "/".join(_grouped(part, (Sequence, Choice)) for part in parts)
        case Choice(parts):
            return "|".join(_grouped(part, (Choice,)) for part in parts)
        case Repeat(part, least, many):
            return _grouped(part) + ("?" if not many else "+" if least else "*")


def _grouped(part: Path, kinds: tuple[type, ...] = (Sequence, Choice, Repeat, Inverse)) -> str:
    inverted = isinstance(part, Step) and part.inverse and Inverse in kinds
    return f"({sparql(part)})" if inverted or isinstance(part, kinds) else sparql(part)


def plain(path: Path, inverse: bool = False) -> Path:
    """An equivalent path in which only single properties are inverse, and nothing repeated is repeated again.

    >>> sparql(plain(Inverse(Sequence((Step("<http://e/p>"), Repeat(Step("<http://e/q>"), 1, True))))))
    '(^<http://e/q>)+/^<http://e/p>'
    """
    match path:
        case Step(predicate, turned):
            return Step(predicate, turned != inverse)
        case Inverse(part):
            return plain(part, not inverse)
        case Sequence(parts):
            turned_parts = tuple(plain(part, inverse) for part in parts)
            return Sequence(turned_parts[::-1] if inverse else turned_parts)
        case Choice(parts):
            return Choice(tuple(plain(part, inverse) for part in parts))
        case Repeat(part, least, many):
            inner = plain(part, inverse)
            if isinstance(inner, Repeat):
                return Repeat(inner.part, min(least, inner.least), many or inner.many)
            return Repeat(inner, least, many)


def triples_of(path: Path, node: str) -> Iterator[tuple[str, str, str]]:
    """The plain path as triples of a shapes graph: `node`, a blank node, stands for it, others are named after it.

    A path that comes to a single property is written as a choice of it and itself, since sh:closed counts only the
    properties that are written as such (SHACL, section 4.8.1).
    """
    match path:
        case Step(predicate, True):
            yield node, f"<{SH}inversePath>", str(predicate)
        case Step():
            yield from triples_of(Choice((path, path)), node)
        case Sequence(parts):
            yield from _list_of(parts, node)
        case Choice(parts):
            yield node, f"<{SH}alternativePath>", f"{node}l"
            yield from _list_of(parts, f"{node}l")
        case Repeat(part, least, many):
            name = next(name for name, how in _REPEATS.items() if how == (least, many))
            yield from _linked(node, f"<{SH}{name}>", part, f"{node}r")
        case Inverse():
            yield from triples_of(plain(path), node)


def _list_of(parts: tuple[Path, ...], head: str) -> Iterator[tuple[str, str, str]]:
    for index, part in enumerate(parts):
        cell = f"{head}c{index}" if index else head
        following = f"{head}c{index + 1}" if index + 1 < len(parts) else f"<{RDF}nil>"
        yield from _linked(cell, f"<{RDF}first>", part, f"{head}i{index}")
        yield cell, f"<{RDF}rest>", following


def _linked(subject: str, predicate: str, part: Path, node: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(part, Step) and not part.inverse:
        yield subject, predicate, str(part.predicate)
    else:
        yield subject, predicate, node
        yield from triples_of(part, node)
