"""All that follows from a graph by its rules, or only what follows from a few new triples.

The asserted and the inferred graph stay disjoint, since engines count a triple that is in both twice.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store, Triple, parse

from milieu.namespaces import ASSERTED, INFERRED, RDFS, SKOS
from milieu.reason.atoms import Term, in_graph, is_schema, terms
from milieu.reason.clash import Clash
from milieu.reason.facts import Loaded, Looked
from milieu.reason.program import Program, schema_triples
from milieu.reason.proof import Prover
from milieu.reason.rules import Rule
from milieu.reason.run import Inferred, Run
from milieu.reason.wording import Namer, local_name

__all__ = ["Closure", "close", "compile_rules", "distinct", "prover"]


_AT_ONCE = 500_000
_LABELS = (NamedNode(RDFS + "label"), NamedNode(SKOS + "prefLabel"))


@dataclass(frozen=True)
class Closure:
    """What follows: new triples, and clashes; `prover` tells why, as long as the store stays as it was."""

    inferred: Inferred
    clashes: tuple[Clash, ...]
    program: Program = field(repr=False)
    prover: Prover = field(repr=False)


def compile_rules(store: Store, rules: Sequence[Rule], extra: Iterable[Triple] = ()) -> Program:
    """The program of these rules for the ontology that a store asserts; keep it while the ontology stays the same."""
    return Program.of(rules, [*schema_triples(store), *extra])


def close(
    store: Store, rules: Sequence[Rule] | Program, *, added: Iterable[Triple] | None = None, write: bool = True
) -> Closure:
    """What follows from the graph *asserted* of a store, written to its graph *inferred*.

    Without `added` the inferred graph is made anew. With it, the store is taken to be closed but for these triples,
    which need not be in it yet, and only their consequences are drawn; triples of `added` that had been inferred leave
    the inferred graph, since they are now asserted. `write=False` leaves the store as it is.

    >>> from milieu.folder import Folder
    >>> from milieu.reason import read_rules
    >>> store = Store()
    >>> store.update('''PREFIX ex: <http://example.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    ... INSERT DATA { GRAPH <https://w3id.org/milieu/graph/asserted> {
    ...   ex:City rdfs:subClassOf ex:Place . ex:kanazawa a ex:City } }''')
    >>> [str(triple.object) for triple in close(store, read_rules(Folder.find())).inferred]
    ['<http://example.org/Place>']
    """
    given = [] if added is None else list(added)
    program = rules if isinstance(rules, Program) else compile_rules(store, rules, given)
    whole = added is None
    if any(is_schema(*terms(triple)[1:]) for triple in given):
        # A new axiom can bear on any old statement.
        whole, program = True, compile_rules(store, tuple(program.rules.values()), given)
    while True:
        agenda = program.agenda.copy()
        facts = Loaded(store, agenda.numbers) if whole else Looked(store, agenda.numbers, agenda.makers)
        why = Prover(program, agenda, facts, _asserted(store, given))
        run = Run(facts, agenda)
        with _uncollected():
            inferred = run.over(given, whole)
        about_schema = inferred.about_schema()
        if all(in_graph(triple, DefaultGraph()) in program.schema for triple in about_schema):
            break
        # Things that are the same may be classes or properties: what is said of the one then holds of the other.
        whole, program = True, compile_rules(store, tuple(program.rules.values()), [*given, *about_schema])
    inferred = inferred.named()
    if whole:
        inferred = inferred.and_also(triple for triple in program.entailed if triple not in about_schema)
    if write:
        _write(store, inferred, given, whole)
    clashes = tuple(Clash(*met, why, _labelled(store)) for met in run.met)
    return Closure(inferred, clashes, program, why)


def prover(store: Store, program: Program) -> Prover:
    """What tells why a statement of a closed store holds."""
    agenda = program.agenda.copy()
    return Prover(program, agenda, Looked(store, agenda.numbers, agenda.makers), _asserted(store, ()))


def distinct(clashes: Sequence[Clash]) -> Iterator[Clash]:
    """The clashes; where rules of one name in OWL 2 fault the same statements, that which is said most briefly."""
    rules: dict[str, set[str]] = {}
    for clash in clashes:
        rules.setdefault(clash.spec, set()).add(clash.rule)
    told: dict[object, Clash] = {}
    for clash in clashes:
        several = clash.spec and len(rules[clash.spec]) > 1
        key = (clash.spec, frozenset(clash.asserted)) if several else id(clash)
        if key not in told or _size(clash) < _size(told[key]):
            told[key] = clash
    yield from told.values()


def _size(clash: Clash) -> int:
    return clash.proof.size if clash.proof else 0


def _labelled(store: Store) -> Namer:
    """Terms by the labels that a store asserts, English ones first."""

    def name(term: Term) -> str:
        if isinstance(term, NamedNode):
            for predicate in _LABELS:
                found = [quad.object for quad in store.quads_for_pattern(term, predicate, None, NamedNode(ASSERTED))]
                labels = [label for label in found if isinstance(label, Literal)]
                if labels:
                    return min(labels, key=lambda label: (label.language not in ("en", None), str(label))).value
        return local_name(term)

    return name


@contextmanager
def _uncollected() -> Iterator[None]:
    # Millions of pairs of numbers come into being here, none in a circle; looking for one takes its time.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _asserted(store: Store, given: Iterable[Triple]) -> Callable[[Triple], bool]:
    new, graph = set(given), NamedNode(ASSERTED)
    return lambda triple: triple in new or in_graph(triple, graph) in store


def _write(store: Store, found: Inferred, given: Iterable[Triple], whole: bool) -> None:
    inferred = NamedNode(INFERRED)
    if not whole:
        for triple in given:
            store.remove(in_graph(triple, inferred))
        store.extend(in_graph(triple, inferred) for triple in found)
        return
    store.remove_graph(inferred)
    lines = (f"{line} .\n" for line in found.statements())
    while chunk := list(islice(lines, _AT_ONCE)):
        plain = "".join(line for line in chunk if "_:" not in line)
        store.bulk_load(plain.encode(), RdfFormat.N_TRIPLES, to_graph=inferred)
        # Loading gives blank nodes new names; quads keep theirs.
        blank = "".join(line for line in chunk if "_:" in line)
        quads = parse(blank.encode(), format=RdfFormat.N_TRIPLES) if blank else ()
        store.bulk_extend([in_graph(quad.triple, inferred) for quad in quads])
