"""The shapes of a folder as a graph: what the SHACL files say, before anything is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox

from milieu.errors import FolderError
from milieu.namespaces import OWL, RDF, RDFS, SH, XSD

__all__ = ["LISTS", "REFERENCES", "TARGETS", "TRUE", "ShapeGraph", "sh", "text_of"]


def sh(name: str) -> str:
    """A term of SHACL in N-Triples syntax.

    >>> sh("path")
    '<http://www.w3.org/ns/shacl#path>'
    """
    return f"<{SH}{name}>"


TRUE = f'"true"^^<{XSD}boolean>'
"""The one literal that switches a parameter on."""
REFERENCES = ("node", "property", "not", "qualifiedValueShape")
"""Parameters whose value is a shape (SHACL, section 2)."""
LISTS = ("and", "or", "xone")
"""Parameters whose value is a list of shapes."""
TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
"""The four kinds of target (section 2.1.3); a shape that is a class also targets its instances."""

_REFUSED = {
    "js": "a script (sh:js)",
    "target": "a custom target (sh:target)",
    "expression": "a node expression (sh:expression)",
}


class ShapeGraph:
    """The triples of SHACL files, terms in N-Triples syntax.

    Blank nodes are named in order, so that the same files always give the same names.

    >>> text = b"@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/S> sh:property [ sh:path <http://e/p> ] ."
    >>> graph = ShapeGraph([("required.ttl", text)])
    >>> graph.objects("<http://e/S>", "http://www.w3.org/ns/shacl#property")
    ['_:s0']
    """

    def __init__(self, sources: Iterable[tuple[str, bytes]]) -> None:
        """Read files, each given as its name and its Turtle. Raises `FolderError` for what is not Turtle."""
        self._objects: dict[str, dict[str, list[str]]] = {}
        self._file: dict[str, str] = {}
        self._blank = 0
        for name, text in sources:
            self._read(name, text)

    def _read(self, name: str, text: bytes) -> None:
        names: dict[str, str] = {}

        def spell(term: object) -> str:
            label = str(term)
            if not isinstance(term, ox.BlankNode):
                return label
            if label not in names:
                names[label] = f"_:s{self._blank}"
                self._blank += 1
            return names[label]

        try:
            for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
                subject, value = spell(quad.subject), spell(quad.object)
                values = self._objects.setdefault(subject, {}).setdefault(quad.predicate.value, [])
                if value not in values:
                    values.append(value)
                self._file.setdefault(subject, name)
        except SyntaxError as fault:
            raise FolderError(
                f"the SHACL file cannot be read ({fault.msg})",
                place=f"{name}:{fault.lineno}:{fault.offset}",
                remedy="Correct the Turtle there.",
            ) from None

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        for subject, properties in self._objects.items():
            for predicate, values in properties.items():
                for value in values:
                    yield subject, f"<{predicate}>", value

    def objects(self, subject: str, predicate: str) -> list[str]:
        """The values of a property, given by its IRI without brackets."""
        return self._objects.get(subject, {}).get(predicate, [])

    def one(self, subject: str, name: str) -> str | None:
        """The value of a SHACL property, given by its local name, or None."""
        return next(iter(self.objects(subject, SH + name)), None)

    def predicates(self, subject: str) -> Iterable[str]:
        """The properties of a node, as IRIs without brackets."""
        return self._objects.get(subject, {})

    def subjects(self, predicate: str) -> Iterator[str]:
        """The nodes that have a property."""
        return (subject for subject, properties in self._objects.items() if predicate in properties)

    def items(self, head: str) -> list[str]:
        """The members of a list. Raises `FolderError` when it is not one."""
        members: list[str] = []
        seen: set[str] = set()
        while head != f"<{RDF}nil>":
            first, rest = self.objects(head, RDF + "first"), self.objects(head, RDF + "rest")
            if len(first) != 1 or len(rest) != 1 or head in seen:
                raise self.fault(f"{self.spell(head)} is not a list")
            seen.add(head)
            members.append(first[0])
            head = rest[0]
        return members

    def true(self, subject: str, name: str) -> bool:
        """Whether a SHACL property, given by its local name, is the literal true."""
        return TRUE in self.objects(subject, SH + name)

    def instances(self, *classes: str) -> set[str]:
        """The nodes whose type is one of the classes (IRIs without brackets) or a subclass that the graph declares."""
        # Every owl:Class is an rdfs:Class (OWL 2 RDF-Based Semantics, table 5.2), which no shapes file repeats.
        below = {RDFS + "Class": {OWL + "Class"}}
        for subject in self.subjects(RDFS + "subClassOf"):
            for parent in self.objects(subject, RDFS + "subClassOf"):
                below.setdefault(parent[1:-1], set()).add(subject[1:-1])
        wanted: set[str] = set()
        frontier = set(classes)
        while frontier:
            wanted |= frontier
            frontier = {child for parent in frontier for child in below.get(parent, ())} - wanted
        return {
            subject
            for subject in self.subjects(RDF + "type")
            if any(kind[1:-1] in wanted for kind in self.objects(subject, RDF + "type"))
        }

    @cached_property
    def shapes(self) -> list[str]:
        """The shapes (section 2.1): typed, targeting, or named by another one; in the order of the files."""
        found = self.instances(SH + "NodeShape", SH + "PropertyShape")
        for name in (*TARGETS, *REFERENCES, *LISTS):
            found.update(self.subjects(SH + name))
        for subject in list(self._objects):
            for name in REFERENCES:
                found.update(self.objects(subject, SH + name))
            for name in LISTS:
                for head in self.objects(subject, SH + name):
                    found.update(self.items(head))
        return [subject for subject in self._objects if subject in found]

    @cached_property
    def classes(self) -> set[str]:
        """The shapes that are classes too, whose instances they target (section 2.1.3.3)."""
        return self.instances(SH + "NodeShape", SH + "PropertyShape") & self.instances(RDFS + "Class")

    @cached_property
    def components(self) -> list[str]:
        """The constraint components that the files define themselves (section 6)."""
        found = self.instances(SH + "ConstraintComponent")
        return [subject for subject in self._objects if subject in found and not subject.startswith(f"<{SH}")]

    def check(self) -> None:
        """Raise `FolderError` for what goes beyond SHACL Core and SHACL-SPARQL."""
        for shape in self.shapes:
            for name, what in _REFUSED.items():
                if self.objects(shape, SH + name):
                    raise self.fault(f"the shape {self.spell(shape)} has {what}", shape)

    def spell(self, node: str) -> str:
        """A node as a person would find it: an IRI, or for a blank one the way to it."""
        way: list[str] = []
        seen: set[str] = set()
        while node.startswith("_:") and node not in seen:
            seen.add(node)
            for subject, predicate, value in self:
                if value == node and not predicate.endswith("#rest>"):
                    way.insert(0, predicate[1:-1].rsplit("#", 1)[-1].rsplit("/", 1)[-1])
                    node = subject
                    break
        return " ".join([node, *way])

    def fault(self, message: str, node: str | None = None) -> FolderError:
        """An error about a shape, placed in its file."""
        place = self._file.get(node or "", "ontology/shapes")
        return FolderError(message, place=place, remedy="Rewrite that shape with SHACL Core or SHACL-SPARQL.")


def text_of(literal: str) -> str:
    """The text of a literal in N-Triples syntax.

    >>> text_of('"Kanazawa"@en')
    'Kanazawa'
    """
    [quad] = ox.parse(f"<s:> <p:> {literal} .", format=ox.RdfFormat.N_TRIPLES)
    return str(quad.object.value)
