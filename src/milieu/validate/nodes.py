"""Every node of a contribution has a known class that a shape looks at, and every statement its evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import pyoxigraph as ox

from milieu.finding import Finding
from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS
from milieu.validate.case import Case
from milieu.validate.demands import Demands

__all__ = ["check_evidence", "check_nodes", "evidenced_classes"]

_NAMING = frozenset(
    [
        f"{RDF}type",
        f"{RDFS}label",
        f"{RDFS}comment",
        f"{RDFS}seeAlso",
        *(SKOS + name for name in ("altLabel", "prefLabel", "hiddenLabel", "definition", "inScheme", "notation")),
    ]
)
_SOURCE = f"{DCTERMS}source"
_PARTS = tuple(OWL + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))


def check_nodes(case: Case, looked_at: Collection[str]) -> Iterator[Finding]:
    """Findings for nodes without a class, and for nodes that no shape looks at; `looked_at` are those some shape does.

    Without this, an invented class would let anything pass. In a folder without shapes nothing is asked of anything.
    """
    if not case.demands.compiled.targets:
        return
    asked = {kind[1:-1] for target in case.demands.compiled.targets for kind in target.classes}
    for node, triples in case.placed.about.items():
        types = case.types(node)
        known = [kind for kind in types if case.schema.knows_class(kind)]
        if types and (node in looked_at or any(asked & case.schema.above(kind) for kind in types)):
            continue
        located = case.locate(triples[0])
        place = located.subject if located else None
        name = case.demands.compact(node)
        if not types:
            example = f"{name if node.startswith('<') else '[]'} a {_guess(case, node)} ."
            yield case.say(
                "untyped",
                f"{name} is given no class, and the graph does not know it."
                if node.startswith("<")
                else "A node without a name is given no class either.",
                f"Say what kind of thing it is: {example}",
                triples[0],
                place,
            )
        elif known:
            kinds = ", ".join(sorted({case.schema.prefixes.compact(kind) for kind in known}))
            yield case.say(
                "unchecked",
                f"No shape looks at {name}, since nothing is demanded of {kinds}.",
                "Use a class that the shapes know; docs/ontology.md lists them.",
                triples[0],
                place,
            )


def check_evidence(case: Case) -> Iterator[Finding]:
    """Findings for new statements about the world that are not traced to a source.

    A node's own `dcterms:source` covers its statements when it comes with them; a statement about a thing that the
    graph knows already needs evidence of its own, since that thing's source says nothing of it.
    """
    needing = evidenced_classes(case.demands)
    if not needing:
        return
    annotated = {
        tuple(str(parts.get(part)) for part in _PARTS) for parts in (_parts(case, node) for node in case.axioms)
    }
    for node, triples in case.placed.about.items():
        if node in case.axioms or not any(needing & case.schema.above(kind) for kind in case.types(node)):
            continue
        if any(t.predicate.value == _SOURCE and not case.schema.states(t) for t in triples):
            continue
        bare = [
            t
            for t in triples
            if t.predicate.value not in _NAMING
            and t.predicate.value != _SOURCE
            and (str(t.subject), str(t.predicate), str(t.object)) not in annotated
            and not case.schema.states(t)
            # An unknown property is to be mended first: evidence that names it would be refused.
            and case.schema.knows_property(t.predicate.value)
        ]
        if (
            bare
            and not case.schema.knows(node[1:-1] if node.startswith("<") else "urn:none")
            and len(bare) == len([t for t in triples if t.predicate.value not in _NAMING])
        ):
            located = case.locate(triples[0])
            name = case.demands.compact(node)
            yield case.say(
                "no-evidence",
                f"Nothing tells where the statements about {name} come from.",
                f"Name their source: {name} dcterms:source {_a_source(case)} .",
                triples[0],
                located.subject if located else None,
            )
            continue
        for triple in bare:
            said = " ; ".join(
                f"{case.schema.prefixes.compact(part)} {_written(case, str(term))}"
                for part, term in zip(_PARTS, (triple.subject, triple.predicate, triple.object), strict=True)
            )
            yield case.say(
                "no-evidence",
                "Nothing tells where this statement comes from.",
                f"Give it evidence of its own: [] a owl:Axiom ; {said} ; dcterms:source {_a_source(case)} .",
                triple,
                case.spot(triple),
            )


def evidenced_classes(demands: Demands) -> frozenset[str]:
    """The classes of which a shape asks for a source."""
    asking = set(demands.by_path.get(f"<{_SOURCE}>", ()))
    found: set[str] = set()
    for target in demands.compiled.targets:
        inner = {target.alias, *demands.graph.objects(target.alias, "http://www.w3.org/ns/shacl#property")}
        if inner & asking:
            found.update(kind[1:-1] for kind in target.classes)
    return frozenset(found - {f"{OWL}Axiom"})


def _parts(case: Case, node: str) -> dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
    return {triple.predicate.value: triple.object for triple in case.placed.about.get(node, ())}


def _guess(case: Case, node: str) -> str:
    """The class that the name of a node speaks for, else its properties: of another its name would be refused."""
    like = case.demands.class_of(node[1:-1]) if node.startswith("<") else None
    for triple in case.placed.about[node]:
        like = like or case.schema.domains.get(triple.predicate.value)
    return case.schema.prefixes.compact(like) if like else "…"


def _written(case: Case, term: str) -> str:
    """A term as Turtle has it, in full, so that the example can be copied."""
    short = case.demands.compact(term)
    return term if "…" in short and not term.startswith("<") else short


def _a_source(case: Case) -> str:
    """A source that the contribution brings itself, else a place holder."""
    own = [t.object for t in case.triples if t.predicate.value == _SOURCE]
    return case.demands.compact(str(own[0])) if own else "source:my-document"
