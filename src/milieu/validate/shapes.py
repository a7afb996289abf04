"""The compiled shapes of a folder: ready for the engines, with the footprint of every target shape."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pyoxigraph as ox

from milieu.namespaces import RDF, SH
from milieu.validate.automaton import Footprint
from milieu.validate.constraint import with_prefixes
from milieu.validate.engine import Engine, EngineName, Result, in_order, prepare
from milieu.validate.footprint import footprint_of
from milieu.validate.path import plain, read_path, sparql, triples_of
from milieu.validate.shapegraph import TARGETS, TRUE, ShapeGraph, sh, text_of

__all__ = ["MARK", "Compiled", "TargetShape", "compile_shapes"]

MARK = "urn:milieu:focus:"
"""Properties that lead to the focus nodes of a target shape when these are given instead of looked for."""

_NAME = "urn:milieu:shape:"

_VERSION = 1

_QUERIES = {sh("select"), sh("ask")}
_PREFIXES = {sh("prefixes"), sh("declare")}
_SWITCHES = {sh(name) for name in ("closed", "deactivated", "uniqueLang", "qualifiedValueShapesDisjoint")}
_FALSE = TRUE.replace("true", "false")


@dataclass(frozen=True)
class TargetShape:
    """A shape that looks for focus nodes itself: by class, as such, or as subject or object of a property."""

    name: str
    """The shape as its file names it; a blank node by its order."""
    alias: str
    """The IRI under which engines know it."""
    classes: tuple[str, ...]
    nodes: tuple[str, ...]
    subjects_of: tuple[str, ...]
    objects_of: tuple[str, ...]
    footprint: Footprint

    @property
    def mark(self) -> str:
        """The property, as an N-Triples IRI, that leads to focus nodes given for this shape."""
        return f"<{MARK}{self.alias[1:-1]}>"

    def lines(self) -> Iterable[str]:
        """The targets in N-Triples."""
        kinds = (self.classes, self.nodes, self.subjects_of, self.objects_of)
        for name, values in zip(TARGETS, kinds, strict=True):
            for value in values:
                yield f"{self.alias} {sh(name)} {value} .\n"


@dataclass(eq=False)
class Compiled:
    """What validation needs of the shapes; `to_json` keeps it, so that a cold start need not compile again.

    `body` holds the shapes in N-Triples without targets, their blank nodes named (`names` gives them back) and their
    paths plain (`paths` gives back how they were written).
    """

    body: str
    targets: tuple[TargetShape, ...]
    names: Mapping[str, str]
    paths: Mapping[str, str]
    _engines: dict[tuple[EngineName, frozenset[str] | None], Engine] = field(default_factory=dict, repr=False)

    @property
    def unbounded(self) -> dict[str, str]:
        """The target shapes that need full validation, and why."""
        return {target.name: target.footprint.reason for target in self.targets if target.footprint.reason}

    @property
    def doubtful(self) -> frozenset[str]:
        """The target shapes of which the Rust engine is known to misjudge a constraint."""
        return frozenset(target.name for target in self.targets if target.footprint.doubtful)

    def marked(self, engine: EngineName) -> Engine:
        """The bounded shapes in an engine, ready for data in which their marks lead to the focus nodes."""
        return self._prepared(engine, None)

    def whole(self, engine: EngineName, names: Iterable[str] | None = None) -> Engine:
        """The shapes (all of them, or those named) in an engine, with their own targets."""
        chosen = {target.name for target in self.targets} if names is None else names
        return self._prepared(engine, frozenset(chosen))

    def _prepared(self, engine: EngineName, names: frozenset[str] | None) -> Engine:
        if (engine, names) not in self._engines:
            lines = [self.body]
            for target in self.targets:
                if names is None and not target.footprint.reason:
                    lines.append(f"{target.alias} {sh('targetObjectsOf')} {target.mark} .\n")
                elif names is not None and target.name in names:
                    lines.extend(target.lines())
            self._engines[engine, names] = prepare(engine, "".join(lines).encode())
        return self._engines[engine, names]

    def restore(self, results: Iterable[Result]) -> tuple[Result, ...]:
        """The results with shapes and paths as the files have them."""
        return in_order(self._restored(result) for result in results)

    def _restored(self, result: Result) -> Result:
        blank = result.path is not None and result.path.startswith("_:")
        return replace(
            result,
            path=self.paths.get(result.source_shape) if blank else result.path,
            source_shape=self.names.get(result.source_shape, result.source_shape),
            constraint=self.names.get(result.constraint or "", result.constraint),
            detail=self.restore(result.detail),
        )

    def to_json(self) -> str:
        """Everything as JSON."""
        return json.dumps(
            {
                "version": _VERSION,
                "body": self.body,
                "names": dict(self.names),
                "paths": dict(self.paths),
                "targets": [{**target.__dict__, "footprint": target.footprint.to_json()} for target in self.targets],
            }
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> Compiled:
        """What `to_json` kept. Raises `ValueError` when it is of another version."""
        found: dict[str, Any] = json.loads(text)
        if found.get("version") != _VERSION:
            raise ValueError("compiled shapes of another version")
        targets = (
            TargetShape(
                name=each["name"],
                alias=each["alias"],
                classes=tuple(each["classes"]),
                nodes=tuple(each["nodes"]),
                subjects_of=tuple(each["subjects_of"]),
                objects_of=tuple(each["objects_of"]),
                footprint=Footprint.from_json(each["footprint"]),
            )
            for each in found["targets"]
        )
        return cls(found["body"], tuple(targets), found["names"], found["paths"])


def compile_shapes(sources: Iterable[tuple[str, bytes]]) -> Compiled:
    """The shapes of SHACL files, each given as its name and its Turtle.

    Raises `FolderError` for shapes that are ill-formed or recursive, or go beyond SHACL Core and SHACL-SPARQL.

    >>> text = b'''@prefix sh: <http://www.w3.org/ns/shacl#> .
    ... <http://e/City> sh:targetClass <http://e/C> ; sh:property [ sh:path <http://e/label> ; sh:minCount 1 ] .'''
    >>> compiled = compile_shapes([("required.ttl", text)])
    >>> [target.name for target in compiled.targets], compiled.unbounded
    (['<http://e/City>'], {})
    """
    graph = ShapeGraph(sources)
    graph.check()
    aliases = _aliases(graph)
    targets = []
    for shape in graph.shapes:
        target = _target(graph, shape, aliases)
        if target and not graph.true(shape, "deactivated"):
            targets.append(target)
    paths = {}
    for shape in graph.shapes:
        node = graph.one(shape, "path")
        if node and node.startswith("_:"):
            paths[aliases.get(shape, shape)] = sparql(read_path(graph, node))
    body = "".join(f"{' '.join(triple)} .\n" for triple in _body(graph, aliases))
    return Compiled(body, tuple(targets), {alias: name for name, alias in aliases.items()}, paths)


def _aliases(graph: ShapeGraph) -> dict[str, str]:
    """IRIs for the shapes and constraints without one: engines give blank nodes names of their own in results."""
    constraints = [node for shape in graph.shapes for node in graph.objects(shape, SH + "sparql")]
    blank = [node for node in dict.fromkeys([*graph.shapes, *constraints]) if node.startswith("_:")]
    return {node: f"<{_NAME}{node[2:]}>" for node in blank}


def _target(graph: ShapeGraph, shape: str, aliases: Mapping[str, str]) -> TargetShape | None:
    classes, nodes, subjects_of, objects_of = (tuple(graph.objects(shape, SH + name)) for name in TARGETS)
    if shape in graph.classes:
        classes = tuple(dict.fromkeys([*classes, shape]))
    if not (classes or nodes or subjects_of or objects_of):
        return None
    return TargetShape(
        shape, aliases.get(shape, shape), classes, nodes, subjects_of, objects_of, footprint_of(graph, shape)
    )


def _body(graph: ShapeGraph, aliases: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """The shapes as engines get them: no targets, no classes, no names that matter only to people."""
    shapes = set(graph.shapes)
    left_out = {sh(name) for name in (*TARGETS, "name", "description", "order", "group", "path")}
    kinds = {sh("NodeShape"), sh("PropertyShape")}
    written = _written_paths(graph)
    for subject, predicate, value in graph:
        if subject in written:
            continue
        alias = aliases.get(subject, subject)
        if predicate in _QUERIES:
            yield alias, predicate, str(ox.Literal(with_prefixes(graph, subject, text_of(value))))
        elif predicate in _PREFIXES:
            continue  # Every query carries its own.
        elif predicate in _SWITCHES and value != TRUE:
            # Only that very literal switches something on; engines differ about others, such as "1".
            yield alias, predicate, _FALSE
        elif subject not in shapes:
            yield alias, predicate, aliases.get(value, value)
        elif predicate == f"<{RDF}type>":
            if value in kinds:
                yield alias, predicate, value
        elif predicate not in left_out:
            yield alias, predicate, aliases.get(value, value)
    for index, shape in enumerate(graph.shapes):
        for node in graph.objects(shape, SH + "path"):
            alias = aliases.get(shape, shape)
            if node.startswith("_:"):
                yield alias, sh("path"), f"_:p{index}"
                yield from triples_of(plain(read_path(graph, node)), f"_:p{index}")
            else:
                yield alias, sh("path"), node


def _written_paths(graph: ShapeGraph) -> set[str]:
    """The blank nodes that spell paths; plain ones take their place."""
    found: set[str] = set()
    frontier = {node for shape in graph.shapes for node in graph.objects(shape, SH + "path")}
    while frontier:
        found |= {node for node in frontier if node.startswith("_:")}
        frontier = {
            value for node in frontier & found for name in graph.predicates(node) for value in graph.objects(node, name)
        } - found
    return found
