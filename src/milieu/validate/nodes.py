"""Every node of a contribution has a known class that a shape looks at, and every statement its evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import pyoxigraph as ox

from milieu.finding import Finding, Fix
from milieu.namespaces import ASSERTED, DCTERMS, OWL, RDF, RDFS, SKOS
from milieu.validate.case import Case
from milieu.validate.demands import Demands

__all__ = ["check_evidence", "check_nodes", "evidenced_classes"]

# What a thing is called in a language: "any language welcome", and the shapes allow one name in each.
_NAMING = frozenset({f"{RDFS}label", f"{SKOS}prefLabel"})
# What the graph calls, sorts and defines a thing as comes with the thing, in the words of who describes it first.
_INTRODUCING = _NAMING | {
    f"{RDF}type",
    *(SKOS + name for name in ("altLabel", "hiddenLabel", "definition", "inScheme", "notation")),
}
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

    A node's own `dcterms:source` covers its statements when it comes with them; whatever is said of a thing that the
    graph knows already, but for its name in a language, needs evidence of its own, since that thing's source says
    nothing of it.
    """
    needing = evidenced_classes(case.demands)
    if not needing:
        return
    annotated = {
        tuple(str(parts.get(part)) for part in _PARTS) for parts in (_parts(case, node) for node in case.axioms)
    }
    for node, triples in case.placed.about.items():
        if node in case.axioms or any(t.predicate.value == _SOURCE and not case.schema.states(t) for t in triples):
            continue
        known = _is_known(case, node)
        if not known and not any(needing & case.schema.above(kind) for kind in case.types(node)):
            continue
        free = _NAMING if known else _INTRODUCING
        again = set(_named_again(case, triples)) if known else set()
        bare = [
            t
            for t in triples
            if (t.predicate.value not in free or t in again)
            and t.predicate.value != _SOURCE
            and (str(t.subject), str(t.predicate), str(t.object)) not in annotated
            and not case.schema.states(t)
            # An unknown property is to be mended first: evidence that names it would be refused.
            and case.schema.knows_property(t.predicate.value)
        ]
        if bare and not known and len(bare) == len([t for t in triples if t.predicate.value not in free]):
            yield _without_source(case, node, triples[0])
        else:
            yield from (_without_evidence(case, triple) for triple in bare)
    yield from _overridden(case)


def _named_again(case: Case, triples: Sequence[ox.Triple]) -> Iterator[ox.Triple]:
    """Names in a language, whatever its region or script, in which the graph has a name for the thing already."""
    for triple in triples:
        if triple.predicate.value in _NAMING and isinstance(triple.object, ox.Literal):
            there = case.schema.store.match([(triple.subject, triple.predicate, None)], ASSERTED)  # type: ignore[list-item]
            languages = {_language(name) for _, _, name in there if isinstance(name, ox.Literal)}
            if _language(triple.object) in languages:
                yield triple


def _language(name: ox.Literal) -> str:
    return (name.language or "").partition("-")[0].lower()


def _without_source(case: Case, node: str, triple: ox.Triple) -> Finding:
    located = case.locate(triple)
    name = case.demands.compact(node)
    return case.say(
        "no-evidence",
        f"Nothing tells where the statements about {name} come from.",
        f"Name their source: {name} dcterms:source {_a_source(case)} .",
        triple,
        located.subject if located else None,
    )


def _without_evidence(case: Case, triple: ox.Triple) -> Finding:
    said = " ; ".join(
        f"{case.schema.prefixes.compact(part)} {case.demands.written(str(term))}"
        for part, term in zip(_PARTS, (triple.subject, triple.predicate, triple.object), strict=True)
    )
    return case.say(
        "no-evidence",
        "Nothing tells where this statement comes from.",
        f"Give it evidence of its own: [] a owl:Axiom ; {said} ; dcterms:source {_a_source(case)} .",
        triple,
        case.spot(triple),
    )


def _overridden(case: Case) -> Iterator[Finding]:
    """Evidence for a known statement that would hide where the graph has it from: the source of its subject."""
    for node in case.axioms:
        subject, *said = (_parts(case, node).get(part) for part in _PARTS)
        sources = [t for t in case.placed.about[node] if t.predicate.value == _SOURCE]
        if not isinstance(subject, ox.NamedNode) or None in said or not sources or _is_known(case, node):
            continue
        if not case.schema.states(ox.Triple(subject, *said)):  # type: ignore[arg-type]
            continue
        asked = [(subject, ox.NamedNode(_SOURCE), None)]
        shared = {str(source) for _, _, source in case.schema.store.match(asked, ASSERTED)}
        left_out = sorted(shared - {str(t.object) for t in sources})
        if left_out and not _has_evidence(case, subject, *said):  # type: ignore[arg-type]
            both = ", ".join(case.demands.compact(term) for term in [*left_out, *(str(t.object) for t in sources)])
            located = case.locate(sources[0])
            place = located.object if located else None
            plain = place if len(sources) == 1 else None
            yield case.say(
                "changes-evidence",
                f"The graph has this statement from {', '.join(map(case.demands.compact, left_out))}, "
                "which evidence of its own would hide.",
                f"Name both: dcterms:source {both} .",
                sources[0],
                place,
                fix=Fix(plain, both, f"Write {both}.", safe=False) if plain else None,
            )


def _is_known(case: Case, node: str) -> bool:
    return node.startswith("<") and case.schema.knows(node[1:-1])


def _has_evidence(case: Case, *said: ox.NamedNode | ox.Literal) -> bool:
    """Whether the graph has evidence for this single statement."""
    match = case.schema.store.match
    parts = [ox.NamedNode(part) for part in _PARTS]
    return any(
        all(next(iter(match([(axiom, part, term)], ASSERTED)), None) for part, term in zip(parts, said, strict=True))
        for axiom, _, _ in match([(None, parts[0], said[0])], ASSERTED)
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


def _a_source(case: Case) -> str:
    """A source that the contribution brings itself, else a place holder."""
    own = [t.object for t in case.triples if t.predicate.value == _SOURCE]
    return case.demands.compact(str(own[0])) if own else "source:my-document"
