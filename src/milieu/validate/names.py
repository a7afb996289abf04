"""Names for the nodes of a contribution that have none: what is stored can be cited, and never merges by accident."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from milieu.namespaces import DCTERMS, OWL, RDF, RDFS
from milieu.turtle.evidence import mint_evidence
from milieu.validate.demands import Demands, pattern_text
from milieu.validate.schema import Schema, local_name, space_of, words_of

__all__ = ["name_nodes", "space_for"]

_TYPE, _LABEL = ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{RDFS}label")
_AXIOM = ox.NamedNode(f"{OWL}Axiom")
_SOURCE = f"{DCTERMS}source"
_PARTS = frozenset(OWL + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
_PATTERN = re.compile(r"\^(https?://[\w./\\#-]*?)(?:\(([\w|]+)\)/)?\[a-z0-9\]")
_LONGEST = 80


def name_nodes(
    quads: Sequence[ox.Quad], schema: Schema, demands: Demands, taken: set[str]
) -> dict[ox.BlankNode, ox.NamedNode]:
    """A name for every blank node that has a class whose members have names of one form.

    Records are named after the things they relate, evidence after what it is evidence of (see
    `milieu.turtle.evidence`); `taken` are names that are given already, and gets the new ones. The same text always
    gets the same names.
    """
    about: dict[ox.BlankNode, list[ox.Quad]] = {}
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode):
            about.setdefault(quad.subject, []).append(quad)
    if not about:
        return {}
    named: dict[ox.BlankNode, ox.NamedNode] = {}
    evidence = {node for node, own in about.items() if any(q.predicate == _TYPE and q.object == _AXIOM for q in own)}
    for node, own in about.items():
        if node in evidence:
            continue
        space = _space(own, schema, demands)
        if space:
            named[node] = _unused(space + _slug(own, named), own, named, schema, taken)
    for node, own in about.items():
        if node in evidence:
            minted = mint_evidence([_with(quad, named) for quad in own], schema.prefixes)[0].subject
            if isinstance(minted, ox.NamedNode):
                named[node] = _evidence(minted, own, named, schema, taken)
    return named


def _evidence(
    minted: ox.NamedNode,
    own: Sequence[ox.Quad],
    named: Mapping[ox.BlankNode, ox.NamedNode],
    schema: Schema,
    taken: set[str],
) -> ox.NamedNode:
    """The name that evidence for a statement always has, so that a second witness joins the first."""
    parts = [quad for quad in own if quad.predicate.value in _PARTS]
    if schema.knows(minted.value) and not _says(minted.value, parts, named, schema):
        return _unused(minted.value, own, named, schema, taken)
    return minted


def space_for(kind: str, schema: Schema, demands: Demands) -> str | None:
    """The namespace in which things of a class have their names: as a shape prescribes, else as those there have."""
    prescribed = _space_of_pattern(kind, schema, demands)
    if prescribed:
        return prescribed
    beside = next((one for one in schema.members(kind, 1) if space_of(one) in schema.thing_spaces), None)
    return space_of(beside) if beside else None


def _space(own: Sequence[ox.Quad], schema: Schema, demands: Demands) -> str | None:
    for quad in own:
        if quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode):
            return space_for(quad.object.value, schema, demands)
    return None


def _space_of_pattern(kind: str, schema: Schema, demands: Demands) -> str | None:
    """The namespace that a shape prescribes by a pattern for the names of a class."""
    above = schema.above(kind)
    found: list[tuple[int, str]] = []
    for target in demands.compiled.targets:
        text = demands.graph.one(target.alias, "pattern")
        mine = [one[1:-1] for one in target.classes if one[1:-1] in above]
        match = _PATTERN.match(pattern_text(text)) if text and mine else None
        if match and demands.graph.one(target.alias, "path") is None:
            parts = match[2].split("|") if match[2] else []
            own = words_of(local_name(kind)).replace(" ", "-")
            last = f"{own if own in parts else parts[0]}/" if parts else ""
            # The nearest class has the last word.
            found.append((len(schema.above(mine[0])), match[1].replace("\\", "") + last))
    return max(found)[1] if found else None


def _slug(own: Sequence[ox.Quad], named: Mapping[ox.BlankNode, ox.NamedNode]) -> str:
    """The label as a slug, else the names of the first two things that the node relates, else a digest."""
    for quad in own:
        if quad.predicate == _LABEL and isinstance(quad.object, ox.Literal):
            slug = _plain(quad.object.value)
            if slug:
                return slug
    things = [
        local_name(value.value)
        for quad in own
        if quad.predicate != _TYPE and quad.predicate.value != _SOURCE
        for value in (named.get(quad.object, quad.object) if isinstance(quad.object, ox.BlankNode) else quad.object,)
        if isinstance(value, ox.NamedNode)
    ]
    slug = _plain("-".join(things[:2]))
    if slug:
        return slug
    text = "\n".join(sorted(f"{quad.predicate} {quad.object}" for quad in own))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST].strip("-")


def _unused(
    iri: str,
    own: Sequence[ox.Quad],
    named: Mapping[ox.BlankNode, ox.NamedNode],
    schema: Schema,
    taken: set[str],
) -> ox.NamedNode:
    """The name, with a number when another node has it; the node that says the very same keeps its name."""
    number, name = 1, iri
    while name in taken or (schema.knows(name) and not _says(name, own, named, schema)):
        number += 1
        name = f"{iri}-{number}"
    taken.add(name)
    return ox.NamedNode(name)


def _says(name: str, own: Sequence[ox.Quad], named: Mapping[ox.BlankNode, ox.NamedNode], schema: Schema) -> bool:
    return all(schema.states(ox.Triple(ox.NamedNode(name), quad.predicate, _with(quad, named).object)) for quad in own)


def _with(quad: ox.Quad, named: Mapping[ox.BlankNode, ox.NamedNode]) -> ox.Quad:
    value = named.get(quad.object, quad.object) if isinstance(quad.object, ox.BlankNode) else quad.object
    return ox.Quad(quad.subject, quad.predicate, value)
