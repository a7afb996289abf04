"""Property paths of SPARQL, walked: the statements by which one thing is reached from another (section 9)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from milieu.explain.view import View
from milieu.reason.atoms import Fact, Term

__all__ = ["Path", "parse_path", "walk"]

_TOKEN = re.compile(r"<[^<>\s]*>|[A-Za-z][\w.\-]*:[\w\-.%\\]*|:[\w\-]+|[a^!()/|*+?]")
_FARTHEST = 10_000


@dataclass(frozen=True)
class Path:
    """A property path. `kind` is link, not, inverse, sequence, choice, optional, many or some.

    A `link` is by one predicate, `not` by any but these; `many` is `*` and `some` is `+`.
    """

    kind: str
    parts: tuple[Path, ...] = ()
    predicates: tuple[Term, ...] = ()


def parse_path(text: str, term: Callable[[str], Term]) -> Path:
    """The path that a text holds; `term` turns a name into an IRI. Raises `ValueError` for what is no path.

    >>> from pyoxigraph import NamedNode
    >>> parse_path("<urn:a>/^<urn:b>*", lambda word: NamedNode(word[1:-1])).parts[1].kind
    'many'
    """
    words = _TOKEN.findall(text)
    path, rest = _choice(words, term)
    if rest:
        raise ValueError(f"{rest[0]!r} is no part of a path")
    return path


def walk(view: View, path: Path, start: Term, end: Term) -> tuple[Fact, ...] | None:
    """The statements that lead from one thing to another by a path, as few as can be; None when none do."""
    return next((facts for node, facts in _from(view, path, start, end) if node == end), None)


Words = Sequence[str]


def _choice(words: Words, term: Callable[[str], Term]) -> tuple[Path, Words]:
    part, words = _sequence(words, term)
    parts = [part]
    while words and words[0] == "|":
        part, words = _sequence(words[1:], term)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Path("choice", tuple(parts))), words


def _sequence(words: Words, term: Callable[[str], Term]) -> tuple[Path, Words]:
    part, words = _repeated(words, term)
    parts = [part]
    while words and words[0] == "/":
        part, words = _repeated(words[1:], term)
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Path("sequence", tuple(parts))), words


def _repeated(words: Words, term: Callable[[str], Term]) -> tuple[Path, Words]:
    if words and words[0] == "^":
        part, words = _repeated(words[1:], term)
        # The operator after it binds closer: ^p* is the inverse of p*, and that is (^p)*.
        inverse = Path("inverse", part.parts if part.kind in _REPEATS else (part,))
        return (Path(part.kind, (inverse,)) if part.kind in _REPEATS else inverse), words
    part, words = _primary(words, term)
    while words and words[0] in _OPERATORS:
        part, words = Path(_OPERATORS[words[0]], (part,)), words[1:]
    return part, words


def _primary(words: Words, term: Callable[[str], Term]) -> tuple[Path, Words]:
    if not words:
        raise ValueError("a path ends too early")
    word, rest = words[0], words[1:]
    if word == "(":
        part, rest = _choice(rest, term)
        if not rest or rest[0] != ")":
            raise ValueError("a bracket of a path is not closed")
        return part, rest[1:]
    if word == "!":
        part, rest = _primary(rest, term)
        links = part.parts if part.kind == "choice" else (part,)
        if any(link.kind != "link" for link in links):
            raise ValueError("only predicates can be ruled out")
        return Path("not", (), tuple(predicate for link in links for predicate in link.predicates)), rest
    if word in "^/|*+?)":
        raise ValueError(f"{word!r} cannot stand here in a path")
    return Path("link", (), (term(word),)), rest


_OPERATORS = {"*": "many", "+": "some", "?": "optional"}
_REPEATS = set(_OPERATORS.values())


def _from(view: View, path: Path, start: Term, end: Term | None) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    """What a path leads to from a thing, with the statements on the way; `end` is where it is to end, if known."""
    kind = path.kind
    if kind == "link":
        for fact, _ in view.match(start, path.predicates[0], end):
            yield fact[2], (fact,)
    elif kind == "not":
        for fact, _ in view.match(start, None, end):
            if fact[1] not in path.predicates:
                yield fact[2], (fact,)
    elif kind == "inverse":
        yield from _backwards(view, path.parts[0], start, end)
    elif kind == "choice":
        for part in path.parts:
            yield from _from(view, part, start, end)
    elif kind == "sequence":
        yield from _along(view, path.parts, start, end)
    else:
        if kind in ("many", "optional"):
            yield start, ()
        yield from _again(view, path.parts[0], start, once=kind == "optional")


def _backwards(view: View, path: Path, start: Term, end: Term | None) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    if path.kind == "link":
        for fact, _ in view.match(end, path.predicates[0], start):
            yield fact[0], (fact,)
    elif path.kind == "not":
        for fact, _ in view.match(end, None, start):
            if fact[1] not in path.predicates:
                yield fact[0], (fact,)
    elif path.kind == "inverse":
        yield from _from(view, path.parts[0], start, end)
    else:
        parts = tuple(Path("inverse", (part,)) for part in path.parts)
        turned = Path(path.kind, parts[::-1] if path.kind == "sequence" else parts)
        yield from _from(view, turned, start, end)


def _along(view: View, parts: Sequence[Path], start: Term, end: Term | None) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    if len(parts) == 1:
        yield from _from(view, parts[0], start, end)
        return
    for node, facts in _from(view, parts[0], start, None):
        for last, further in _along(view, parts[1:], node, end):
            yield last, (*facts, *further)


def _again(view: View, path: Path, start: Term, *, once: bool) -> Iterator[tuple[Term, tuple[Fact, ...]]]:
    """Breadth first, so that the first way to a thing is a shortest one."""
    seen: set[Term] = set()
    waiting: deque[tuple[Term, tuple[Fact, ...]]] = deque([(start, ())])
    while waiting and len(seen) < _FARTHEST:
        node, before = waiting.popleft()
        for further, facts in _from(view, path, node, None):
            if further not in seen:
                seen.add(further)
                yield further, (*before, *facts)
                if not once:
                    waiting.append((further, (*before, *facts)))
