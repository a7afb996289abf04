"""Templates: a commented contribution to fill in, derived from what the shapes demand and from their examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from milieu.build.manifest import Build
from milieu.errors import QueryError
from milieu.finding import Severity
from milieu.folder import Folder
from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SH, SKOS, Prefixes
from milieu.spelling import nearest
from milieu.store.seam import Triple
from milieu.turtle.spelling import Spelling
from milieu.validate.demands import Demands
from milieu.validate.fragment import StoreView
from milieu.validate.incremental import validate_change
from milieu.validate.names import space_for
from milieu.validate.nodes import evidenced_classes
from milieu.validate.placeholders import DOCUMENT, THING, example_label
from milieu.validate.result import finding_of
from milieu.validate.schema import Schema, local_name, words_of
from milieu.validate.whole import FolderShapes, compiled_shapes

__all__ = ["is_instruction", "kinds", "template"]

_TYPE, _LABEL = ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{RDFS}label")
_SOURCE = ox.NamedNode(f"{DCTERMS}source")
_NOT_THINGS = frozenset({f"{OWL}Axiom", f"{SKOS}Concept", f"{SKOS}ConceptScheme"})
_ROUNDS = 12
_HEAD = (
    "put your own thing in place of the example. Lines behind # are asked for, not demanded.",
    "'milieu validate FILE' tells whether it may join the graph, 'milieu accept FILE' has it join.",
)


def kinds(folder: Folder, build: Build) -> dict[str, str]:
    """The kinds that there are templates for, such as `city` and `network-membership`, each with its class."""
    maker = _Maker(folder, build)
    return {kind: maker.schema.prefixes.compact(iri) for kind, iri in maker.kinds().items()}


def template(folder: Folder, build: Build, kind: str) -> str:
    """A Turtle text that describes an example thing of a kind: valid but for the example's names, every line explained.

    What is demanded is written out with the shapes' own examples; what is only asked for is there as a comment. A kind
    is a class in small letters, or a prefix. Raises `QueryError` for one there is not.
    """
    maker = _Maker(folder, build)
    known = maker.kinds()
    name = kind.lower().replace(" ", "-").replace("_", "-")
    iri = known.get(name)
    if iri is None:
        like = nearest(name, known)
        raise QueryError(
            f"there is no kind {kind!r}",
            remedy=f"Did you mean {like!r}?" if like else f"Kinds are {', '.join(known)}.",
        )
    return maker.text(iri)


def is_instruction(line: str) -> bool:
    """Whether a line is one of those with which every template begins; they are for who fills it in."""
    return line.endswith(_HEAD)


@dataclass
class _Line:
    """One property of the example: its values, what is said of it, and whether it is demanded."""

    values: list[ox.NamedNode | ox.Literal]
    said: str
    demanded: bool


@dataclass
class _Thing:
    """The example of one class: its name, its lines by property, and what others would say of it."""

    node: ox.NamedNode
    lines: dict[ox.NamedNode, _Line]
    others: dict[Triple, str] = field(default_factory=dict)

    @property
    def triples(self) -> list[Triple]:
        return [(self.node, predicate, value) for predicate, line in self.lines.items() for value in line.values]


@dataclass
class _Maker:
    folder: Folder
    build: Build
    schema: Schema = field(init=False)
    shapes: FolderShapes = field(init=False)
    demands: Demands = field(init=False)

    def __post_init__(self) -> None:
        self.schema = Schema(self.build.store, Prefixes(self.build.prefixes))
        self.shapes = compiled_shapes(self.folder, self.build)
        self.demands = Demands(self.shapes.shapes, self.schema)

    def kinds(self) -> dict[str, str]:
        """The concrete classes whose things have names of their own, by kind and by prefix."""
        forbidden = self._forbidden()
        own = {
            iri
            for iri in self.schema.classes - forbidden - self.schema.replaced.keys()
            # Entries of lists belong to the vocabulary, and evidence to the statement that it is for.
            if self.schema.above(iri).isdisjoint(_NOT_THINGS)
            and self._is_looked_at(iri)
            and space_for(iri, self.schema, self.demands)
        }
        found = {words_of(local_name(iri)).replace(" ", "-"): iri for iri in sorted(own)}
        return dict(sorted(found.items()))

    def _forbidden(self) -> set[str]:
        """Classes that a shape forbids to state."""
        graph = self.demands.graph
        found: set[str] = set()
        for shape in graph.subjects(SH + "not"):
            for inner in graph.objects(shape, SH + "not"):
                found |= {term[1:-1] for head in graph.objects(inner, SH + "in") for term in graph.items(head)}
        return found

    def _is_looked_at(self, iri: str) -> bool:
        above = {f"<{one}>" for one in self.schema.above(iri)}
        return any(not above.isdisjoint(target.classes) for target in self.shapes.shapes.targets)

    def text(self, iri: str) -> str:
        """The template of one class."""
        things = [self._thing(iri, THING)]
        witness = self._witness()
        if witness and any(line.values == [self._named(witness, DOCUMENT)] for line in things[0].lines.values()):
            if witness == iri:
                things = [self._thing(iri, DOCUMENT)]
            else:
                things.append(self._thing(witness, DOCUMENT))
        spelling = Spelling(self.schema.prefixes)
        body = "\n".join("".join(self._written(thing, spelling)) for thing in things)
        prefixes = "".join(
            f"@prefix {prefix}: <{self.schema.prefixes[prefix]}> .\n" for prefix in sorted(spelling.used)
        )
        name = self.schema.prefixes.compact(iri)
        return f"# {name}: {_HEAD[0]}\n# {_HEAD[1]}\n\n{prefixes}\n{body}"

    def _named(self, iri: str, slug: str) -> ox.NamedNode:
        return ox.NamedNode(f"{space_for(iri, self.schema, self.demands)}{slug}")

    def _thing(self, iri: str, slug: str) -> _Thing:
        label = _Line([ox.Literal(example_label(slug), language="en")], "Its name, with its language.", demanded=True)
        kind = _Line([ox.NamedNode(iri)], self._definition(iri), demanded=True)
        thing = _Thing(self._named(iri, slug), {_TYPE: kind, _LABEL: label})
        if self.schema.above(iri) & evidenced_classes(self.demands):
            thing.lines[_SOURCE] = _Line([self._source()], "Where all this comes from.", demanded=True)
        for _ in range(_ROUNDS):
            if not self._add_asked(thing, iri):
                break
        return thing

    def _witness(self) -> str | None:
        """The class of documents that vouch for themselves, so that a template can bring its own."""
        for of in self.demands.targets(str(_SOURCE)):
            for kind in of.classes:
                some = next(iter(self.schema.members(kind[1:-1], 1)), None)
                if some and self.schema.states(ox.Triple(ox.NamedNode(some), _SOURCE, ox.NamedNode(some))):
                    return kind[1:-1]
        return None

    def _source(self) -> ox.NamedNode:
        witness = self._witness()
        if witness:
            return self._named(witness, DOCUMENT)
        found = (one for of in self.demands.targets(str(_SOURCE)) for one in self.demands.candidates(of))
        return ox.NamedNode(next(found, "https://example.org/document"))

    def _add_asked(self, thing: _Thing, iri: str) -> bool:
        """Add the examples of the shapes that still find something missing; whether there were any."""
        view, node, lines = StoreView(self.build.store), thing.node, thing.lines
        results = validate_change(view, self.shapes.shapes, thing.triples).results
        found = [
            (finding_of(result, self.shapes, lambda *_: None, self.demands.phrases), result.source_shape)
            for result in results
            if result.focus == str(node) and result.path != str(_SOURCE)
        ]
        grew = False
        for finding, shape in sorted(found, key=lambda pair: -pair[0].severity):
            demanded = finding.severity is Severity.VIOLATION
            for subject, predicate, value in self._example(shape):
                if predicate in lines and finding.code in ("sh:minCount", "sh:equals"):
                    grew |= self._more(lines, predicate, shape)
                elif self._is_about(value, iri) and not self._is_about(subject, iri):
                    thing.others.setdefault((subject, predicate, node), _first(finding.message))
                elif predicate not in lines:
                    lines[predicate] = _Line([value], _first(finding.message), demanded)
                    grew = True
            if grew and demanded and finding.path is None:
                break  # one such demand may be met by any of several properties
        return grew

    def _more(self, lines: dict[ox.NamedNode, _Line], predicate: ox.NamedNode, shape: str) -> bool:
        """Another value where more are demanded, or those of another property where both must be the same."""
        line = lines[predicate]
        same = self.demands.one(shape, "equals")
        if same and ox.NamedNode(same[1:-1]) in lines:
            values = lines[ox.NamedNode(same[1:-1])].values
            changed, line.values = line.values != values, list(values)
            return changed
        for other in self.demands.candidates(self.demands.of(shape)):
            if ox.NamedNode(other) not in line.values:
                line.values.append(ox.NamedNode(other))
                return True
        return False

    def _is_about(self, term: object, iri: str) -> bool:
        return isinstance(term, ox.NamedNode) and self.schema.is_a(term.value, iri)

    def _spelled(self, term: ox.NamedNode) -> str:
        return self.schema.prefixes.compact(term.value)

    def _example(self, shape: str) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
        """The statements of a shape's example, with a thing that exists in place of one that does not."""
        example = self.shapes.examples.get(shape, "")
        text = f"{self.schema.prefixes.sparql()}{example.rstrip(' .')} ."
        try:
            quads = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
        except SyntaxError:
            return
        for quad in quads:
            value = quad.object
            if (
                quad.subject != quads[0].subject
                or quad.predicate == _TYPE
                or not isinstance(quad.subject, ox.NamedNode)
            ):
                continue
            if isinstance(value, ox.NamedNode) and not self.schema.knows(value.value):
                other = next(iter(self.demands.candidates(self.demands.of(shape))), None)
                value = ox.NamedNode(other) if other else value
            if isinstance(value, ox.NamedNode | ox.Literal):
                yield quad.subject, quad.predicate, value

    def _definition(self, iri: str) -> str:
        rows = self.schema.store.match([(ox.NamedNode(iri), ox.NamedNode(_DEFINITION), None)])
        texts = [
            value.value for _, _, value in rows if isinstance(value, ox.Literal) and value.language in (None, "en")
        ]
        return texts[0] if texts else ""

    def _written(self, thing: _Thing, spelling: Spelling) -> Iterator[str]:
        yield f"{spelling.iri(thing.node.value)}\n"
        for predicate, line in thing.lines.items():
            values = ", ".join(
                spelling.literal(value) if isinstance(value, ox.Literal) else spelling.iri(value.value)
                for value in line.values
            )
            if line.said:
                yield f"    # {line.said}\n"
            yield f"    {'' if line.demanded else '# '}{spelling.verb(predicate.value)} {values} ;\n"
        yield "    .\n"
        for triple, said in thing.others.items():
            yield f"# {said}\n# {self._of_another(triple, thing, spelling)}\n"

    def _of_another(self, triple: Triple, thing: _Thing, spelling: Spelling) -> str:
        """A statement about a thing that the graph has, with the evidence that such a one needs, on one line."""
        subject, verb, value = (spelling.iri(term.value) for term in triple if isinstance(term, ox.NamedNode))
        source = thing.lines.get(_SOURCE)
        if source is None:
            return f"{subject} {verb} {value} ."
        axiom, of, by, to, evidence = (
            spelling.iri(iri)
            for iri in (
                *(f"{OWL}{name}" for name in ("Axiom", "annotatedSource", "annotatedProperty", "annotatedTarget")),
                _SOURCE.value,
            )
        )
        document = next(spelling.iri(one.value) for one in source.values)
        return (
            f"{subject} {verb} {value} . "
            f"[] a {axiom} ; {of} {subject} ; {by} {verb} ; {to} {value} ; {evidence} {document} ."
        )


_DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"


def _first(message: str) -> str:
    """The first sentence of a message, on one line."""
    return " ".join(message.partition(": write ")[0].split())
