"""Random graphs, shapes and changes: small, dense, and over a vocabulary so narrow that they meet.

A seed stands for a case. Hypothesis would find smaller failures, but it draws its cases in clusters, and what share of
them changes a verdict is then a matter of luck; `smaller` makes up for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

import pyoxigraph as ox

from milieu.store.seam import Triple

EX = "https://example.org/"
PREFIXES = f"""@prefix : <{EX}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""

NODES = (":a", ":b", ":c", ":d", "_:x", "_:y")
LITERALS = ("1", "2", "3", '"a"', '"bb"', '"a"@en', '"b"@en', '"c"@en', '"d"@ja')
PROPERTIES = (":p", ":q", ":r")
COUNTS = (":m", ":n")
NUMBERS = ("1", "2", "3")
CLASSES = (":C", ":D", ":E")


@dataclass(frozen=True)
class Case:
    """A graph, the shapes of it, and a change of it."""

    shapes: str
    before: frozenset[str]
    added: frozenset[str]
    removed: frozenset[str]

    @property
    def after(self) -> frozenset[str]:
        return (self.before - self.removed) | self.added

    def smaller(self) -> Iterator[Case]:
        """The case less one triple or one shape."""
        for line in sorted(self.before | self.added):
            one = frozenset([line])
            yield replace(self, before=self.before - one, added=self.added - one, removed=self.removed - one)
        lines = self.shapes.split("\n")
        for index, line in enumerate(lines):
            if line.startswith((":S", ":D")):
                yield replace(self, shapes="\n".join(lines[:index] + lines[index + 1 :]))


def triples(lines: frozenset[str]) -> list[Triple]:
    """Lines of Turtle as triples; blank nodes under their names."""
    text = PREFIXES + "\n".join(sorted(lines))
    return [(quad.subject, quad.predicate, quad.object) for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


def _universe() -> list[str]:
    links = [f"{s} {p} {o} ." for s in NODES for p in PROPERTIES for o in NODES]
    values = [f"{s} {p} {o} ." for s in NODES for p in PROPERTIES for o in LITERALS]
    counts = [f"{s} {p} {o} ." for s in NODES for p in COUNTS for o in NUMBERS]
    types = [f"{s} a {c} ." for s in NODES for c in CLASSES]
    above = [f"{c} rdfs:subClassOf {d} ." for c in CLASSES for d in CLASSES if c != d]
    # What decides most verdicts comes more often.
    return links + values + 3 * counts + 4 * types + 2 * above


UNIVERSE = _universe()


_CLOSED = (
    "sh:closed true",
    "sh:closed true ; sh:ignoredProperties ( rdf:type :q )",
)
_ANY = (
    "sh:class :C",
    "sh:class :D",
    "sh:datatype xsd:integer",
    "sh:datatype xsd:string",
    "sh:nodeKind sh:IRI",
    "sh:nodeKind sh:Literal",
    "sh:nodeKind sh:BlankNodeOrIRI",
    "sh:minExclusive 1",
    "sh:minInclusive 2",
    "sh:maxExclusive 3",
    "sh:maxInclusive 1",
    "sh:minLength 2",
    "sh:maxLength 1",
    'sh:pattern "^A" ; sh:flags "i"',
    'sh:pattern "a|b"',
    'sh:languageIn ( "en" )',
    "sh:in ( :a :b 1 2 )",
    "sh:in ( :c 3 )",
    "sh:hasValue :b",
    "sh:hasValue 1",
    "sh:disjoint :r",
    "sh:equals :q",
    ":forbids :a",
    ":forbids :b",
    ":needs :D",
    ":needs :E",
    *_CLOSED,
)
_PROPERTY = (
    "sh:minCount 1",
    "sh:minCount 2",
    "sh:maxCount 0",
    "sh:maxCount 1",
    "sh:maxCount 2",
    "sh:uniqueLang true",
    "sh:uniqueLang true",
    "sh:severity sh:Warning",
)
QUERIES = (
    "SELECT $this WHERE { $this :p ?v . FILTER (isLiteral(?v)) }",
    "SELECT $this ?value WHERE { $this :p/:q ?value }",
    "SELECT $this WHERE { $this :p ?v FILTER NOT EXISTS { ?v :q ?w } }",
    "SELECT $this WHERE { ?v :p $this OPTIONAL { ?v :q ?w } FILTER (!BOUND(?w)) }",
    "SELECT $this ?value WHERE { { $this :p ?value } UNION { ?value :q $this } ?value :r ?z }",
    "SELECT $this (COUNT(DISTINCT ?v) AS ?n) WHERE { $this :p|:q ?v } GROUP BY $this HAVING (COUNT(DISTINCT ?v) > 1)",
    "SELECT $this WHERE { ?m :p $this ; :q ?v . $this :r ?v }",
    "SELECT $this WHERE { $this a/rdfs:subClassOf* :D . $this ^:p* ?v . ?v a :E }",
    "SELECT $this { $this :p ?v { SELECT $this (COUNT(?u) AS ?n) { $this :q ?u } GROUP BY $this } FILTER (?n > 1) }",
    "SELECT $this WHERE { $this ?any 1 . FILTER EXISTS { ?v :p $this . ?v :q|:r ?w } }",
    # Those below have no bound.
    "SELECT $this WHERE { $this :p ?v . ?u :q ?w . FILTER (?u = ?v) }",
    "SELECT $this WHERE { $this :p ?v . FILTER NOT EXISTS { ?u a :C } }",
    "SELECT $this WHERE { $this :p ?o OPTIONAL { $this :q ?v } ?v :r ?w }",
)
_PATH_QUERIES = (
    "SELECT $this ?value WHERE { $this $PATH ?value . ?value :r ?v }",
    "SELECT $this ?value WHERE { $this $PATH ?value FILTER NOT EXISTS { ?value a ?c } }",
)


# Engines compare only numbers alike, so these pairs are of properties that have nothing else.
_ORDERED = (
    "sh:path :m ; sh:lessThan :n",
    "sh:path :m ; sh:lessThanOrEquals :n",
    "sh:path ( :p :n ) ; sh:lessThan :m",
    "sh:path [ sh:alternativePath ( :m :n ) ] ; sh:lessThanOrEquals :n",
)

_TARGETS = (
    *(f"sh:targetClass {name}" for name in CLASSES),
    "sh:targetNode :a",
    "sh:targetNode :b , 1",
    "sh:targetSubjectsOf :p",
    "sh:targetSubjectsOf :q",
    "sh:targetObjectsOf :p",
    "sh:targetObjectsOf :r",
)

# Components of our own: one with an ASK for each value, one with a SELECT for property shapes.
_COMPONENTS = """
: sh:declare [ sh:prefix "" ; sh:namespace "https://example.org/"^^xsd:anyURI ] ,
  [ sh:prefix "rdfs" ; sh:namespace "http://www.w3.org/2000/01/rdf-schema#"^^xsd:anyURI ] .
:Forbids a sh:ConstraintComponent ; sh:parameter [ sh:path :forbids ] ; sh:validator [ a sh:SPARQLAskValidator ;
  sh:prefixes : ; sh:ask "ASK { FILTER NOT EXISTS { $value :q $forbids } }" ] .
:Needs a sh:ConstraintComponent ; sh:parameter [ sh:path :needs ] ;
  sh:nodeValidator [ a sh:SPARQLSelectValidator ; sh:prefixes : ;
    sh:select "SELECT $this WHERE { $this :p ?v FILTER NOT EXISTS { ?v a $needs } }" ] ;
  sh:propertyValidator [ a sh:SPARQLSelectValidator ; sh:prefixes : ;
    sh:select "SELECT $this ?value WHERE { $this $PATH ?value FILTER NOT EXISTS { ?value a $needs } }" ] .
"""


def case(seed: int) -> Case:
    """A graph of some twenty triples, shapes for it, and a change of two to eight."""
    random = Random(seed)
    before = random.sample(UNIVERSE, random.randint(8, 30))
    removed = frozenset(random.sample(before, random.randint(1, 4)))
    added = frozenset(random.sample(UNIVERSE, random.randint(1, 4))) - removed
    return Case(_shapes(random), frozenset(before), added, removed)


def _shapes(random: Random) -> str:
    """A shapes graph in Turtle: two or three target shapes, one of them perhaps a class itself."""
    parts = [PREFIXES, _COMPONENTS]
    for index in range(random.randint(2, 3)):
        name, target = f":S{index}", random.choice(_TARGETS)
        if random.random() < 0.3:
            parts.append(f"{name} {target} ; {_property_body(random, 2)} .")
            continue
        if index == 0 and random.random() < 0.2:
            name, target = ":D", "a owl:Class"
        constraints = _distinct([_constraint(random, 2, of_property=False) for _ in range(2)])
        parts.append(f"{name} {target} ; a sh:NodeShape ; {constraints} .")
    return "\n".join(parts)


def _distinct(constraints: list[str]) -> str:
    """Constraints side by side; one per parameter, since SHACL allows most of them only once."""
    return " ; ".join({constraint.split()[0]: constraint for constraint in constraints}.values())


def _node_body(random: Random, depth: int) -> str:
    return f"a sh:NodeShape ; {_constraint(random, depth, of_property=False)}"


def _property_body(random: Random, depth: int) -> str:
    if random.random() < 0.1:
        return f"a sh:PropertyShape ; {random.choice(_ORDERED)}"
    constraints = _distinct([random.choice(_PROPERTY), _constraint(random, depth, of_property=True)])
    return f"a sh:PropertyShape ; sh:path {_path(random, 2)} ; {constraints}"


def _constraint(random: Random, depth: int, *, of_property: bool) -> str:
    """One constraint, of any component."""
    kinds = ["simple"] * 4 + (["property"] * 3 + ["node", "not", "list", "qualified"] + ["sparql"] * 3) * (depth > 0)
    inner = depth - 1
    match random.choice(kinds):
        case "property":
            return f"sh:property [ {_property_body(random, inner)} ]"
        case "node" | "not" as name:
            return f"sh:{name} [ {_node_body(random, inner)} ]"
        case "list":
            bodies = [random.choice([_node_body, _property_body])(random, inner) for _ in range(2)]
            return f"sh:{random.choice(['and', 'or', 'xone'])} ( [ {bodies[0]} ] [ {bodies[1]} ] )"
        case "sparql":
            query = random.choice(QUERIES + (_PATH_QUERIES if of_property else ()))
            return f'sh:sparql [ sh:prefixes : ; sh:select """{query}""" ]'
        case "qualified":
            return f"sh:property {_qualified(random, inner)}"
        case _:
            return random.choice(_ANY + (3 * _PROPERTY if of_property else 2 * _CLOSED))


def _qualified(random: Random, depth: int) -> str:
    """Two sibling property shapes with qualified counts, perhaps disjoint."""
    path = _path(random, 2)
    disjoint = random.choice(["", " ; sh:qualifiedValueShapesDisjoint true"])
    bounds = ["sh:qualifiedMinCount 1", "sh:qualifiedMaxCount 0", "sh:qualifiedMaxCount 1"]
    bodies = [f"sh:qualifiedValueShape [ {_node_body(random, depth)} ] ; {random.choice(bounds)}" for _ in range(2)]
    return " , ".join(f"[ sh:path {path} ; {body}{disjoint} ]" for body in bodies)


_REPEATS = ("zeroOrMore", "oneOrMore", "zeroOrOne")


def _path(random: Random, depth: int, but: tuple[str, ...] = ()) -> str:
    """A property path: every kind, and most of them inside one another.

    pySHACL walks the inverse of a sequence in the wrong order, and cannot spell in a query what is inverted or
    repeated twice over.
    """
    kinds = ["plain"] * 2
    if depth:
        kinds += [kind for kind in ("inverse", "alternative", "sequence", *_REPEATS) if kind not in but]
    match random.choice(kinds):
        case "plain":
            return random.choice(PROPERTIES)
        case "inverse":
            return f"[ sh:inversePath {_path(random, depth - 1, (*but, 'inverse', 'sequence'))} ]"
        case "sequence" | "alternative" as kind:
            pair = f"( {_path(random, depth - 1, but)} {_path(random, depth - 1, but)} )"
            return pair if kind == "sequence" else f"[ sh:alternativePath {pair} ]"
        case kind:
            return f"[ sh:{kind}Path {_path(random, depth - 1, (*but, *_REPEATS))} ]"
