"""Triples in blocks of Turtle, one for each subject, in one order and one shape."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS
from milieu.turtle.spelling import Spelling, natural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from milieu.namespaces import Prefixes

__all__ = ["COMMENT", "WIDTH", "Layout"]

WIDTH = 120
"""What is longer than this is broken over several lines."""

COMMENT = ox.NamedNode("x:?\ue000comment")
"""The predicate by which comments, as texts of their subjects, go through sorting and naming with the triples."""

_Subject: TypeAlias = ox.NamedNode | ox.BlankNode
_Object: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal
_Triple: TypeAlias = tuple[_Subject, ox.NamedNode, _Object]
_Key: TypeAlias = tuple[object, ...]

_INDENT = "    "
_TYPE, _FIRST, _REST, _NIL = (RDF + name for name in ("type", "first", "rest", "nil"))
_AXIOM = ox.NamedNode(OWL + "Axiom")
_SOURCE, _PROPERTY, _TARGET = (OWL + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
_EARLY = (_TYPE, RDFS + "label", SKOS + "altLabel", SKOS + "definition", _SOURCE, _PROPERTY, _TARGET)
_RANKS = {iri: rank for rank, iri in enumerate(_EARLY)} | {DCTERMS + "source": len(_EARLY) + 1}


class Layout:
    """The blocks of a graph: one text for each subject that is not written inside another."""

    def __init__(self, quads: Iterable[ox.Quad], prefixes: Prefixes) -> None:
        self.spelling = Spelling(prefixes)
        triples: list[_Triple] = list(dict.fromkeys((q.subject, q.predicate, q.object) for q in quads))  # type: ignore[misc]
        labelled, inside = _labelled(triples)
        if labelled:
            # Only nodes with a label need names that are the same whatever order the graph came in.
            triples = _canonical(triples)
            labelled, inside = _labelled(triples)
        self._inside = inside
        self._labels = {
            node: f"_:b{number}" for number, node in enumerate(sorted(labelled, key=lambda one: natural(one.value)), 1)
        }
        self._about: dict[_Subject, dict[str, list[_Object]]] = defaultdict(lambda: defaultdict(list))
        self._comments: dict[_Subject, list[str]] = defaultdict(list)
        for subject, predicate, object_ in triples:
            if predicate == COMMENT:
                self._comments[self._root(subject)].append(object_.value)
            else:
                self._about[subject][predicate.value].append(object_)
        self._flat: dict[ox.BlankNode, str] = {}

    def blocks(self) -> list[str]:
        """The blocks in their order, each with its comments above it."""
        blocks = []
        for node in self._about:
            if node not in self._inside:
                text = self._block(node)
                comments = "".join(f"{comment}\n" for comment in sorted(self._comments[node]))
                blocks.append((self._place(node, text), comments, text))
        return [comments + text for _, comments, text in sorted(blocks)]

    # Order

    def _root(self, node: _Subject) -> _Subject:
        while isinstance(node, ox.BlankNode) and node in self._inside:
            node = self._inside[node]
        return node

    def _place(self, node: _Subject, text: str) -> _Key:
        """Names in natural order, evidence behind what it is about, then what has no name."""
        about = self._about[node]
        source = about.get(_SOURCE, [])
        if _AXIOM in about.get(_TYPE, ()) and len(source) == 1 and isinstance(source[0], ox.NamedNode):
            verbs = [verb.value for verb in about.get(_PROPERTY, ()) if isinstance(verb, ox.NamedNode)]
            targets = [self._order(target) for target in about.get(_TARGET, ())]
            verb = natural(self.spelling.name(verbs[0])) if verbs else ()
            return (0, natural(self.spelling.name(source[0].value)), 1, verb, targets[:1], text)
        if isinstance(node, ox.NamedNode):
            return (0, natural(self.spelling.name(node.value)), 0, (), [], text)
        return (1, natural(text), 0, (), [], text)

    def _order(self, term: _Object) -> _Key:
        if isinstance(term, ox.BlankNode):
            return (2, natural(self._line(term)))
        return self.spelling.order(term)

    def _verbs(self, node: _Subject) -> list[tuple[str, list[_Object]]]:
        """The predicates of a node in their order, each with its objects in theirs."""
        about = self._about.get(node, {})
        ranked = sorted(about, key=lambda iri: (_RANKS.get(iri, len(_EARLY)), natural(self.spelling.name(iri))))
        return [(iri, sorted(about[iri], key=self._order)) for iri in ranked]

    # Text

    def _block(self, node: _Subject) -> str:
        subject = self.spelling.iri(node.value) if isinstance(node, ox.NamedNode) else self._labels.get(node, "[]")
        lines = [self._sentence(verb, objects, _INDENT) for verb, objects in self._verbs(node)]
        return f"{subject}\n{_INDENT}" + f" ;\n{_INDENT}".join(lines) + " .\n"

    def _sentence(self, verb: str, objects: Sequence[_Object], indent: str) -> str:
        """A predicate and its objects: on one line if they fit, else one object to a line."""
        word = self.spelling.verb(verb)
        flat = [self._line(term) for term in objects]
        line = f"{word} {', '.join(flat)}"
        if "\n" not in line and len(indent) + len(line) + 2 <= WIDTH:
            return line
        if len(objects) == 1:
            return f"{word} {self._lines(objects[0], indent, len(indent) + len(word) + 1)}"
        deeper = indent + _INDENT
        return f"{word}\n{deeper}" + f",\n{deeper}".join(self._lines(term, deeper, len(deeper)) for term in objects)

    def _lines(self, term: _Object, indent: str, column: int) -> str:
        """A term, broken over lines if it does not fit behind the column."""
        line = self._line(term)
        if not isinstance(term, ox.BlankNode) or term in self._labels:
            return line
        if "\n" not in line and column + len(line) + 2 <= WIDTH:
            return line
        deeper = indent + _INDENT
        items = self._items(term)
        if items is not None:
            inner = f"\n{deeper}".join(self._lines(item, deeper, len(deeper)) for item in items)
            return f"(\n{deeper}{inner}\n{indent})"
        sentences = [self._sentence(verb, objects, deeper) for verb, objects in self._verbs(term)]
        return f"[\n{deeper}" + f" ;\n{deeper}".join(sentences) + f"\n{indent}]"

    def _line(self, term: _Object) -> str:
        """A term on one line, but for line ends within texts."""
        if isinstance(term, ox.NamedNode):
            return self.spelling.iri(term.value)
        if isinstance(term, ox.Literal):
            return self.spelling.literal(term)
        if term in self._labels:
            return self._labels[term]
        if term not in self._flat:
            items = self._items(term)
            if items is not None:
                self._flat[term] = f"( {' '.join(self._line(item) for item in items)} )"
            else:
                verbs = self._verbs(term)
                said = [
                    f"{self.spelling.verb(v)} {', '.join(self._line(one) for one in objects)}" for v, objects in verbs
                ]
                self._flat[term] = f"[ {' ; '.join(said)} ]" if said else "[]"
        return self._flat[term]

    def _items(self, node: ox.BlankNode) -> list[_Object] | None:
        """The items, when the node is the head of a list that brackets can say; else None."""
        items: list[_Object] = []
        cell: _Object = node
        while not (isinstance(cell, ox.NamedNode) and cell.value == _NIL):
            if not isinstance(cell, ox.BlankNode) or cell in self._labels:
                return None
            about = self._about.get(cell, {})
            if set(about) != {_FIRST, _REST} or len(about[_FIRST]) != 1 or len(about[_REST]) != 1:
                return None
            items.append(about[_FIRST][0])
            cell = about[_REST][0]
        return items


def _labelled(triples: Iterable[_Triple]) -> tuple[set[ox.BlankNode], dict[ox.BlankNode, _Subject]]:
    """The blank nodes that need a label, and for the others that are objects the one subject they stand under.

    A label is for what is used more than once, or is, from one to the next, inside itself.
    """
    uses: Counter[ox.BlankNode] = Counter()
    inside: dict[ox.BlankNode, _Subject] = {}
    for subject, _, object_ in triples:
        if isinstance(object_, ox.BlankNode):
            uses[object_] += 1
            inside[object_] = subject
    labelled = {node for node, count in uses.items() if count > 1}
    inside = {node: subject for node, subject in inside.items() if node not in labelled}
    grounded: set[_Subject] = set()
    for node in inside:
        path: dict[_Subject, None] = {}
        step: _Subject = node
        while isinstance(step, ox.BlankNode) and step in inside and step not in grounded and step not in path:
            path[step] = None
            step = inside[step]
        if step in path:
            around = list(path)
            labelled.update(one for one in around[around.index(step) :] if isinstance(one, ox.BlankNode))
        grounded.update(path)
    return labelled, {node: subject for node, subject in inside.items() if node not in labelled}


def _canonical(triples: Iterable[_Triple]) -> list[_Triple]:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return [(quad.subject, quad.predicate, quad.object) for quad in dataset]
