"""Rules compiled for one ontology: every pattern about the ontology answered, so that only joins over things are left.

The ontology is small and its things are many. So the patterns of a rule that speak of the ontology are asked once, and
each answer makes a plan: "every City is a Place" is the plan `?x a mil:City` → `?x a mil:Place`. What follows about the
ontology itself (a class above a class above) is found first, by the same files, run as the SPARQL they are.

Class expressions without a name, such as "has some milieu", are classes like any other here; but what belongs to them
never reaches the graph (`milieu.reason.facts`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, QueryTriples, Store, Triple

from milieu.namespaces import ASSERTED, OWL, RDF, RDFS, XSD
from milieu.reason.agenda import Agenda
from milieu.reason.atoms import TYPE, Atom, Slot, Term, in_graph, is_schema, statement, terms, variables
from milieu.reason.filters import Filter
from milieu.reason.plan import Plan, needed
from milieu.reason.rules import Rule, Statement

__all__ = ["Program", "schema_triples"]

_GRAPH = DefaultGraph()
_REST, _NIL = NamedNode(RDF + "rest"), NamedNode(RDF + "nil")
_EVERYTHING = {NamedNode(OWL + "Thing"), NamedNode(RDFS + "Resource")}
_DATATYPE = NamedNode(RDFS + "Datatype")
_LITERAL = NamedNode(RDFS + "Literal")


@dataclass(frozen=True)
class Program:
    """The rules of a folder, compiled for an ontology.

    `schema` holds the ontology with all that follows about it, `entailed` what of that is new and has a name.
    """

    rules: Mapping[str, Rule]
    plans: tuple[Plan, ...]
    schema: Store
    entailed: tuple[Triple, ...]

    def __reduce__(self) -> tuple[object, ...]:
        # A store cannot be pickled; its quads can.
        return _restored, (dict(self.rules), self.plans, tuple(self.schema), self.entailed)

    @cached_property
    def agenda(self) -> Agenda:
        """The plans as jobs; a run works on a copy."""
        return Agenda.of(self.plans)

    @cached_property
    def reasons(self) -> Mapping[Triple, Sequence[Plan]]:
        """The ways in which each inferred statement about the ontology follows from others."""
        found: dict[Triple, list[Plan]] = {}
        for rule in self.rules.values():
            for plan in _instances(rule, self.schema) if rule.about_schema else ():
                subject, predicate, obj = plan.head or ("", "", "")
                assert not isinstance(subject, str)
                assert not isinstance(predicate, str)
                assert not isinstance(obj, str)
                triple = statement(subject, predicate, obj)
                if triple not in plan.axioms:
                    found.setdefault(triple, []).append(plan)
        return found

    @classmethod
    def of(cls, rules: Sequence[Rule], triples: Iterable[Triple]) -> Program:
        """The program of these rules for an ontology; of the triples, only those about the ontology are looked at."""
        given = {triple for triple in triples if is_schema(*terms(triple)[1:])}
        schema = Store()
        schema.bulk_extend(in_graph(triple, _GRAPH) for triple in given)
        depths = _close_schema(rules, schema)
        datatypes = {terms(quad)[0] for quad in schema.quads_for_pattern(None, TYPE, _DATATYPE)}
        plans = [
            plan
            for rule in rules
            if not rule.about_schema
            for instance in _instances(rule, schema)
            if (plan := _about_literals(instance, datatypes)) is not None
        ]
        entailed = (quad.triple for quad in schema if quad.triple not in given)
        return cls(
            rules={rule.name: rule for rule in rules},
            plans=needed(plans, depths),
            schema=schema,
            entailed=tuple(triple for triple in entailed if _is_named(triple)),
        )


def _restored(
    rules: Mapping[str, Rule], plans: tuple[Plan, ...], schema: tuple[Quad, ...], entailed: tuple[Triple, ...]
) -> Program:
    store = Store()
    store.bulk_extend(schema)
    return Program(rules, plans, store, entailed)


def schema_patterns() -> Iterator[tuple[None, NamedNode, NamedNode | None]]:
    """The look-ups that find what a graph says about the ontology: by predicate, whatever the number of things."""
    for name in _SCHEMA_PREDICATES:
        yield None, NamedNode(name), None
    for name in _SCHEMA_CLASSES:
        yield None, TYPE, NamedNode(name)


def schema_triples(store: Store) -> Iterator[Triple]:
    """What a store asserts about the ontology."""
    graph = NamedNode(ASSERTED)
    for pattern in schema_patterns():
        for quad in store.quads_for_pattern(*pattern, graph):
            yield quad.triple


# The words of OWL 2 that axioms are made of, by which those of a store are looked up.
_AXIOMATIC = (
    "allValuesFrom",
    "assertionProperty",
    "complementOf",
    "datatypeComplementOf",
    "disjointUnionOf",
    "disjointWith",
    "distinctMembers",
    "equivalentClass",
    "equivalentProperty",
    "hasKey",
    "hasSelf",
    "hasValue",
    "intersectionOf",
    "inverseOf",
    "maxCardinality",
    "maxQualifiedCardinality",
    "members",
    "onClass",
    "onDataRange",
    "onDatatype",
    "onProperty",
    "oneOf",
    "propertyChainAxiom",
    "propertyDisjointWith",
    "someValuesFrom",
    "sourceIndividual",
    "targetIndividual",
    "targetValue",
    "unionOf",
    "withRestrictions",
)
_KINDS = (
    "AllDifferent",
    "AllDisjointClasses",
    "AllDisjointProperties",
    "AsymmetricProperty",
    "FunctionalProperty",
    "InverseFunctionalProperty",
    "IrreflexiveProperty",
    "ReflexiveProperty",
    "SymmetricProperty",
    "TransitiveProperty",
)
_SCHEMA_PREDICATES = (
    *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(RDF + name for name in ("first", "rest")),
    *(OWL + name for name in _AXIOMATIC),
)
_SCHEMA_CLASSES = (RDFS + "Datatype", *(OWL + name for name in _KINDS))


def _is_named(triple: Triple) -> bool:
    # That every class is below owl:Thing, and below itself, helps nobody.
    if triple.subject == triple.object or triple.object in _EVERYTHING:
        return False
    return not isinstance(triple.subject, BlankNode) and not isinstance(triple.object, BlankNode)


def _close_schema(rules: Sequence[Rule], schema: Store) -> dict[Triple, int]:
    """Adds all that follows about the ontology, running the rules as SPARQL until nothing new comes.

    Gives what is new, with how many rules stand one after the other between it and what the ontology says.
    """
    queries = []
    for rule in rules:
        if rule.about_schema and rule.head is not None:
            head = " ".join(_spelt(slot) for slot in rule.head)
            queries.append(f"{rule.prefixes}CONSTRUCT {{ {head} }} WHERE {{ {rule.text} }}")
    depths: dict[Triple, int] = {}
    turn = 0
    fresh = {quad.triple for quad in schema}
    while fresh:
        turn += 1
        found: set[Triple] = set()
        for query in queries:
            answer = schema.query(query)
            assert isinstance(answer, QueryTriples)
            found.update(answer)
        fresh = {triple for triple in found if triple.subject != triple.object and _new(triple, schema)}
        # Only after the round, so that each statement comes in the first in which it can.
        schema.extend([in_graph(triple, _GRAPH) for triple in fresh])
        depths.update(dict.fromkeys(fresh, turn))
    return depths


def _new(triple: Triple, schema: Store) -> bool:
    return in_graph(triple, _GRAPH) not in schema


def _spelt(slot: Slot) -> str:
    return f"?{slot}" if isinstance(slot, str) else str(slot)


def _instances(rule: Rule, schema: Store) -> Iterator[Plan]:
    """A plan for each way in which the ontology answers the patterns of a rule that are about it."""
    for variant in _lengths(rule, schema):
        if not variant.schema:
            yield _plan(variant, {}, ())
            continue
        text = [statement for part in variant.schema for statement in _spread(part)]
        axioms = [part for part in text if _is_axiom(part)]
        where = "\n".join([part.text for part in text] + [f"FILTER({question})" for question in variant.questions])
        solutions = schema.query(f"{rule.prefixes}PREFIX rdf: <{RDF}>\nSELECT DISTINCT * WHERE {{ {where} }}")
        assert isinstance(solutions, QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            values = {name: solution[name] for name in names}
            yield _plan(variant, values, tuple(_axioms(axioms, values, rule)))


def _is_axiom(part: Statement) -> bool:
    """Whether a pattern shows an axiom, rather than the way into one of its lists."""
    word = part.predicate
    return re.fullmatch(r"a|(<[^<>]*>|[\w.\-]*:\w+)\??", word) is not None and not word.startswith(("rdf:", f"<{RDF}"))


def _axioms(parts: Iterable[Statement], values: Mapping[str, Term], rule: Rule) -> Iterator[Triple]:
    table = dict(re.findall(r"PREFIX (\S*:) <([^>]*)>", rule.prefixes))

    def term(word: str) -> Term:
        if word.startswith("?"):
            return values[word[1:]]
        if word.startswith("<"):
            return NamedNode(word[1 : word.index(">")])
        prefix, colon, local = word.rstrip("?").partition(":")
        return NamedNode(table[prefix + colon] + local) if colon else TYPE

    for part in parts:
        subject, obj = term(part.subject), term(part.obj)
        # Of a step that may be left out, and is, nothing needs to hold.
        if subject != obj or not part.predicate.endswith("?"):
            yield statement(subject, term(part.predicate), obj)


def _plan(rule: Rule, values: Mapping[str, Term], axioms: tuple[Triple, ...]) -> Plan:
    def fill(atom: Atom) -> Atom:
        subject, predicate, obj = (values.get(slot, slot) if isinstance(slot, str) else slot for slot in atom)
        return subject, predicate, obj

    body = tuple(dict.fromkeys(fill(atom) for atom in rule.body))
    names = {name for atom in (*body, *([rule.head] if rule.head else [])) for name in variables(atom)}
    given = {name: value for name, value in values.items() if not name.startswith("_")}
    return Plan(
        rule=rule.name,
        head=fill(rule.head) if rule.head else None,
        body=body,
        filters=tuple(test.renamed(values) for test in rule.tests),
        axioms=axioms,
        bindings={**{name: name for name in names}, **given},
    )


def _about_literals(plan: Plan, datatypes: Collection[Term]) -> Plan | None:
    """The plan with membership in a datatype turned into a filter; None when it would say that a literal is one."""

    def is_datatype(term: Slot) -> bool:
        return isinstance(term, NamedNode) and (
            term in datatypes
            or term == _LITERAL
            or (term.value.startswith((XSD, RDF)) and term.value not in (RDF + "List", RDF + "Property"))
        )

    head = plan.head
    if head and head[1] == TYPE and (is_datatype(head[2]) or head[2] in _EVERYTHING):
        return None
    if head and head in plan.body:
        return None
    body, filters = [], list(plan.filters)
    for atom in plan.body:
        kind = atom[2] if atom[1] == TYPE else None
        if kind is not None and is_datatype(kind) and isinstance(atom[0], str):
            filters.append(_of_datatype(atom[0], kind))
        elif kind not in _EVERYTHING or not isinstance(atom[0], str):
            body.append(atom)
    if plan.body and not body:
        return None
    return replace(plan, body=tuple(body), filters=tuple(filters))


def _of_datatype(name: str, datatype: Slot) -> Filter:
    if datatype == _LITERAL:
        return Filter.parse(f"isLiteral(?{name})", lambda word: word)
    assert isinstance(datatype, NamedNode)
    # Of the datatypes that the store keeps apart, integers alone lie within another (XML Schema 2, section 3).
    wider = f" || datatype(?{name}) = <{XSD}integer>" if datatype.value == XSD + "decimal" else ""
    return Filter.parse(f"datatype(?{name}) = {datatype}{wider}", lambda word: NamedNode(word[1:-1]))


def _spread(part: Statement) -> Iterator[Statement]:
    """A statement whose object is a list, as statements without one, so that the list has a variable of its own."""
    if not part.obj.startswith("("):
        yield part
        return
    members = part.obj.strip("() ").split()
    yield Statement(part.subject, part.predicate, "?_list0")
    for place, member in enumerate(members):
        rest = f"?_list{place + 1}" if place + 1 < len(members) else "rdf:nil"
        yield Statement(f"?_list{place}", "rdf:first", member)
        yield Statement(f"?_list{place}", "rdf:rest", rest)


def _lengths(rule: Rule, schema: Store) -> Iterator[Rule]:
    """The rule for each length of list that the ontology has: the patterns with the last member are repeated."""
    listed = next((part for part in rule.schema if part.obj.startswith("(")), None)
    if listed is None or rule.repeat is None:
        yield rule
        return
    members = [word[1:] for word in listed.obj.strip("() ").split()]
    solutions = schema.query(f"{rule.prefixes}SELECT DISTINCT ?list WHERE {{ ?s {listed.predicate} ?list }}")
    assert isinstance(solutions, QuerySolutions)
    for length in sorted({_length(solution["list"], schema) for solution in solutions}):
        further = length - len(members)
        repeated = [atom for atom in rule.body if rule.repeat in atom]
        shifted = {name for atom in repeated for name in variables(atom)}
        body = [atom for atom in rule.body if rule.repeat not in atom]
        for step in range(further + 1):
            body.extend(_shifted(atom, step, shifted) for atom in repeated)
        names = members[: min(length, len(members))]
        names += [_numbered(rule.repeat, step) for step in range(1, further + 1)]
        written = Statement(listed.subject, listed.predicate, f"( {' '.join('?' + name for name in names)} )")
        yield replace(
            rule,
            schema=tuple(written if part is listed else part for part in rule.schema),
            body=tuple(body),
            head=_shifted(rule.head, further, shifted) if rule.head else None,
        )


def _shifted(atom: Atom, by: int, names: set[str]) -> Atom:
    subject, predicate, obj = (
        _numbered(slot, by) if isinstance(slot, str) and slot in names else slot for slot in atom
    )
    return subject, predicate, obj


def _numbered(name: str, by: int) -> str:
    match = re.fullmatch(r"(.*?)(\d+)", name)
    return f"{match[1]}{int(match[2]) + by}" if match else name


def _length(node: Term, schema: Store) -> int:
    seen = set()
    while isinstance(node, NamedNode | BlankNode) and node != _NIL and node not in seen:
        seen.add(node)
        node = next((terms(quad)[2] for quad in schema.quads_for_pattern(node, _REST, None)), _NIL)
    return len(seen)
