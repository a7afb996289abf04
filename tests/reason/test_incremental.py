"""The consequences of new triples are those that closing the whole graph anew would add."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Store

from milieu.namespaces import ASSERTED
from milieu.reason import close, compile_rules
from milieu.reason.atoms import in_graph
from reason.ontologies import RULES, asserted, documents, inferred, triples


def premises(closure: object) -> set[frozenset[str]]:
    return {frozenset(map(str, clash.premises)) for clash in closure.clashes}  # type: ignore[attr-defined]


@settings(max_examples=400, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(documents(keys=True), st.integers(1, 6), st.booleans())
def test_adding_in_two_parts_gives_what_adding_at_once_gives(
    document: tuple[list[str], list[str]], count: int, written_first: bool
) -> None:
    everything = triples(*document[0], *document[1])
    new = triples(*document[1][-count:])
    old = [triple for triple in everything if triple not in new]
    whole, parts = asserted(everything), asserted(old)
    closure = close(whole, RULES)
    program = close(parts, RULES).program
    if written_first:
        add(parts, *new)
    further = close(parts, program, added=new)
    add(parts, *new)

    assert inferred(parts) == inferred(whole)
    assert premises(further) <= premises(closure)
    assert premises(closure) <= premises(further) | premises(close(asserted(old), RULES))


@settings(max_examples=100, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(documents(keys=True))
def test_the_two_graphs_never_share_a_triple(document: tuple[list[str], list[str]]) -> None:
    store = asserted(triples(*document[0], *document[1]))
    close(store, RULES)

    assert {str(triple) for triple in triples_in(store)} & inferred(store) == set()


def test_a_triple_that_is_asserted_later_leaves_the_inferred_graph() -> None:
    store = asserted(triples(":City rdfs:subClassOf :Place .", ":kanazawa a :City ."))
    program = close(store, RULES).program
    known = triples(":kanazawa a :Place .")
    add(store, *known)
    close(store, program, added=known)

    assert inferred(store) == set()


def test_nothing_is_written_when_only_asked() -> None:
    store = asserted(triples(":City rdfs:subClassOf :Place ."))
    closure = close(store, compile_rules(store, RULES), added=triples(":kanazawa a :City ."), write=False)

    assert [str(triple.object) for triple in closure.inferred] == ["<http://example.org/Place>"]
    assert inferred(store) == set()


def test_a_new_axiom_bears_on_old_statements() -> None:
    store = asserted(triples(":kanazawa a :City ."))
    program = close(store, RULES).program
    close(store, program, added=triples(":City rdfs:subClassOf :Place ."))

    assert inferred(store) == {
        "<http://example.org/kanazawa> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/Place>"
    }


def test_the_look_ups_for_new_triples_do_not_grow_with_the_graph() -> None:
    axioms = [
        ":City rdfs:subClassOf :Place .",
        ":near a owl:SymmetricProperty ; rdfs:domain :Place .",
        ":in owl:propertyChainAxiom ( :street :in ) .",
        ":Port owl:equivalentClass "
        "[ owl:intersectionOf ( :City [ owl:onProperty :near ; owl:someValuesFrom :Sea ] ) ] .",
    ]
    new = triples(":new a :City ; :near :town1 ; :street :road . :road :in :land .")
    counts = []
    for size in (10, 1_000):
        data = [f":town{n} a :City ; :near :town{n + 1} ." for n in range(size)]
        store = asserted(triples(*axioms, *data))
        program = close(store, RULES).program
        counting = Counting(store)
        close(counting, program, added=new, write=False)  # type: ignore[arg-type]
        counts.append(counting.read)

    assert counts[0] == counts[1]


class Counting:
    """A store that counts the quads it hands out, and the times it is asked for one."""

    def __init__(self, store: Store) -> None:
        self.store, self.read = store, 0

    def quads_for_pattern(self, *pattern: object) -> object:
        for quad in self.store.quads_for_pattern(*pattern):  # type: ignore[arg-type]
            self.read += 1
            yield quad

    def query(self, text: str) -> object:
        for row in self.store.query(text):  # type: ignore[union-attr]
            self.read += 1
            yield row

    def __contains__(self, quad: object) -> bool:
        self.read += 1
        return quad in self.store


def add(store: Store, *some: object) -> None:
    store.extend(in_graph(triple, NamedNode(ASSERTED)) for triple in some)  # type: ignore[arg-type]


def triples_in(store: Store) -> list[object]:
    return [quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(ASSERTED))]


def test_what_is_said_of_two_names_at_once_is_said_of_both() -> None:
    axioms = triples(":p a owl:FunctionalProperty .")
    new = triples(":a :p :a .", ":a :p :b .")
    parts, whole = asserted(axioms), asserted([*axioms, *new])
    program = close(parts, RULES).program
    close(parts, program, added=new)
    add(parts, *new)
    close(whole, RULES)

    assert inferred(parts) == inferred(whole)
    assert "<http://example.org/b> <http://example.org/p> <http://example.org/a>" in inferred(parts)
