"""The SPARQL constraints of a shape: its own queries, and those of components that the files define (SHACL, part 2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

from milieu.namespaces import OWL, RDF, RDFS, SH
from milieu.validate.shapegraph import ShapeGraph, text_of

__all__ = ["SparqlConstraint", "constraints_of", "with_prefixes"]

_PATH = re.compile(r"[$?]PATH\b")
# What pySHACL declares by itself; a query may rely on it.
_PREFIXES = {"rdf": RDF, "rdfs": RDFS, "owl": OWL}


@dataclass(frozen=True)
class SparqlConstraint:
    """A query that a shape has evaluated: for each focus node, or for each value node when `per_value`.

    `constants` are the variables that stand for the parameters of a component, with their N-Triples terms.
    """

    node: str
    text: str
    per_value: bool = False
    constants: dict[str, str] = field(default_factory=dict)


def constraints_of(graph: ShapeGraph, shape: str, path: str | None) -> Iterator[SparqlConstraint]:
    """The SPARQL constraints of a shape, whose own path stands in for `$PATH`. Raises `FolderError` for scripts."""
    for node in graph.objects(shape, SH + "sparql"):
        if not graph.true(node, "deactivated"):
            yield SparqlConstraint(node, _query(graph, node, path))
    for component in graph.components:
        parameters = list(_parameters(graph, component))
        given = {name: graph.objects(shape, predicate) for name, predicate, _ in parameters}
        if not parameters or not all(given[name] for name, _, optional in parameters if not optional):
            continue
        named = [name for name in given if given[name]]
        for values in product(*(given[name] for name in named)):
            for node in _validators(graph, component, path is not None):
                ask = graph.one(node, "ask") is not None
                yield SparqlConstraint(node, _query(graph, node, path), ask, dict(zip(named, values, strict=True)))


def _parameters(graph: ShapeGraph, component: str) -> Iterator[tuple[str, str, bool]]:
    """The parameters of a component (section 6.2.1): variable, property, whether it may be missing."""
    for parameter in graph.objects(component, SH + "parameter"):
        predicate = graph.one(parameter, "path")
        if predicate is None:
            raise graph.fault(f"a parameter of {graph.spell(component)} has no sh:path", component)
        iri = predicate[1:-1]
        yield re.split(r"[#/]", iri)[-1], iri, graph.true(parameter, "optional")


def _validators(graph: ShapeGraph, component: str, has_path: bool) -> list[str]:
    """The validators for property shapes or for node shapes, else the general ones (section 6.2.3)."""
    own = graph.objects(component, SH + ("propertyValidator" if has_path else "nodeValidator"))
    return own or graph.objects(component, SH + "validator")


def _query(graph: ShapeGraph, node: str, path: str | None) -> str:
    text = graph.one(node, "select") or graph.one(node, "ask")
    if text is None:
        raise graph.fault(f"{graph.spell(node)} has neither sh:select nor sh:ask", node)
    body = text_of(text)
    return with_prefixes(graph, node, _PATH.sub(lambda _: path, body) if path else body)


def with_prefixes(graph: ShapeGraph, node: str, query: str) -> str:
    """The query of a constraint or validator, with the prefixes that it may use declared."""
    lines = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in _prefixes(graph, node).items())
    return lines + query


def _prefixes(graph: ShapeGraph, node: str) -> dict[str, str]:
    """The prefixes that a query may use (section 5.2.1)."""
    found = dict(_PREFIXES)
    seen: set[str] = set()
    frontier = list(graph.objects(node, SH + "prefixes"))
    while frontier:
        ontology = frontier.pop()
        if ontology in seen:
            continue
        seen.add(ontology)
        frontier.extend(graph.objects(ontology, OWL + "imports"))
        for declaration in graph.objects(ontology, SH + "declare"):
            prefix, namespace = graph.one(declaration, "prefix"), graph.one(declaration, "namespace")
            if prefix and namespace:
                found[text_of(prefix)] = text_of(namespace)
    return found
