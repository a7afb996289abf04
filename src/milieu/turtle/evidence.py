"""Names for evidence: an `owl:Axiom` without one is named after the statement it annotates."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.namespaces import OWL, RDF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["mint_evidence"]

_TYPE = ox.NamedNode(RDF + "type")
_AXIOM = ox.NamedNode(OWL + "Axiom")
_PARTS = tuple(ox.NamedNode(OWL + name) for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
_DIGITS = 16


def mint_evidence(quads: Iterable[ox.Quad], prefixes: Mapping[str, str]) -> list[ox.Quad]:
    """The quads with blank `owl:Axiom` nodes named: the namespace of `evidence:` and 16 digits of a digest.

    The digest is SHA-256 of the annotated statement as a line of N-Triples, so that it always has the same node.
    An axiom that annotates no single statement of named things keeps its blank node, as do all when the table has no
    prefix `evidence`.
    """
    found = list(quads)
    namespace = prefixes.get("evidence")
    if namespace is None:
        return found
    axioms = {quad.subject for quad in found if quad.predicate == _TYPE and quad.object == _AXIOM}
    parts: dict[ox.BlankNode, dict[ox.NamedNode, set[str]]] = {
        node: {part: set() for part in _PARTS} for node in axioms if isinstance(node, ox.BlankNode)
    }
    if not parts:
        return found
    for quad in found:
        of = parts.get(quad.subject) if isinstance(quad.subject, ox.BlankNode) else None
        if of is not None and quad.predicate in of:
            of[quad.predicate].add(str(quad.object))
    names = {node: name for node, of in parts.items() if (name := _name(of, namespace))}

    def named(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.BlankNode | ox.Literal:
        return names.get(term, term) if isinstance(term, ox.BlankNode) else term  # type: ignore[return-value]

    renamed = (
        ox.Quad(named(quad.subject), quad.predicate, named(quad.object), quad.graph_name)  # type: ignore[arg-type]
        for quad in found
    )
    return list(dict.fromkeys(renamed))


def _name(parts: dict[ox.NamedNode, set[str]], namespace: str) -> ox.NamedNode | None:
    if any(len(values) != 1 for values in parts.values()):
        return None
    terms = [next(iter(parts[part])) for part in _PARTS]
    if any(term.startswith("_:") for term in terms):
        return None
    digest = hashlib.sha256(f"{' '.join(terms)} .".encode()).hexdigest()
    return ox.NamedNode(namespace + digest[:_DIGITS])
