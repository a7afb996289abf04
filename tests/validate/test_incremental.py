"""Incremental validation gives what full validation would."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from milieu.store.seam import Triple
from milieu.validate.fragment import SetView
from milieu.validate.incremental import Judges, validate_change, validate_full
from milieu.validate.reference import PyShacl
from milieu.validate.shapes import Compiled, compile_shapes
from milieu.validate.sweep import Statements, sweep
from validate.oracle import Oracle, Pairs
from validate.strategies import EX, PREFIXES, Case, case, triples

COMPONENTS = {
    *(f"<http://www.w3.org/ns/shacl#{name}ConstraintComponent>" for name in (
        "And", "Class", "Closed", "Datatype", "Disjoint", "Equals", "HasValue", "In", "LanguageIn", "LessThan",
        "LessThanOrEquals", "MaxCount", "MaxExclusive", "MaxInclusive", "MaxLength", "MinCount", "MinExclusive",
        "MinInclusive", "MinLength", "Node", "NodeKind", "Not", "Or", "Pattern", "QualifiedMaxCount",
        "QualifiedMinCount", "SPARQL", "UniqueLang", "Xone",
    )),
    "<https://example.org/Forbids>",
    "<https://example.org/Needs>",
}  # fmt: skip
PATHS = {"inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne", "( "}


class Tally:
    """What the cases that were tried came to."""

    def __init__(self) -> None:
        self.cases = 0
        self.changed = 0
        self.spared = 0
        self.in_full = 0
        self.components: set[str] = set()
        self.paths: set[str] = set()


def faults(pairs: Pairs) -> Pairs:
    """The pairs of shape and focus node that have results."""
    return {pair: results for pair, results in pairs.items() if results}


def hold_equality(case: Case, tally: Tally) -> None:
    """Full validation before, less what is affected, plus the incremental results, is full validation after."""
    oracle = Oracle(case.shapes)
    before, after = oracle.judge(triples(case.before)), oracle.judge(triples(case.after))
    compiled = compile_shapes([("shapes.ttl", case.shapes.encode())])
    found = validate_change(
        SetView(triples(case.before)), compiled, triples(case.added), triples(case.removed), engine="both"
    )
    tally.cases += 1
    tally.changed += faults(before) != faults(after)
    tally.in_full += None in found.affected.values()
    tally.components |= {key[4] for results in after.values() for key in results}
    tally.paths |= {
        kind for kind in PATHS if f"sh:path [ sh:{kind}Path" in case.shapes or f"sh:path {kind}" in case.shapes
    }

    def is_affected(pair: tuple[str, str]) -> bool:
        nodes = found.affected.get(pair[0], frozenset())
        return nodes is None or pair[1] in nodes

    tally.spared += not all(is_affected(pair) for pair in after)
    kept = {pair: results for pair, results in before.items() if not is_affected(pair)}
    assert kept == {pair: results for pair, results in after.items() if not is_affected(pair)}

    expected = sum((results for pair, results in after.items() if is_affected(pair)), Counter())
    assert expected == Counter(result.key for result in found.results)

    assert [f.message for f in found.findings if f.code == "engines-disagree"] == []
    assert set(compiled.unbounded) >= {finding.shape for finding in found.findings if finding.code == "shape-in-full"}


def smallest(failing: Case) -> Case:
    """A case as small as it gets that still fails."""
    for smaller in failing.smaller():
        try:
            hold_equality(smaller, Tally())
        except AssertionError:
            return smallest(smaller)
    return failing


def try_cases(count: int) -> Tally:
    tally = Tally()
    for seed in range(count):
        try:
            hold_equality(case(seed), tally)
        except AssertionError:
            hold_equality(smallest(case(seed)), Tally())
            raise
    return tally


def test_incremental_results_are_those_of_full_validation() -> None:
    tally = try_cases(500)

    assert tally.cases >= 500
    assert tally.changed >= 0.3 * tally.cases
    # Neither "everything is affected" nor "everything in full" would do.
    assert tally.spared >= 0.3 * tally.cases
    assert 0 < tally.in_full <= 0.5 * tally.cases
    assert tally.components == COMPONENTS
    assert tally.paths == PATHS


@pytest.mark.long
def test_incremental_results_are_those_of_full_validation_in_twenty_thousand_cases() -> None:
    tally = try_cases(20_000)

    assert tally.cases >= 20_000
    assert tally.changed >= 0.3 * tally.cases


def compiled(text: str) -> Compiled:
    return compile_shapes([("shapes.ttl", (PREFIXES + text).encode())])


def lines(*text: str) -> list[Triple]:
    return triples(frozenset(text))


def test_a_change_of_nothing_costs_nothing() -> None:
    told = validate_change(SetView([]), compiled(":S sh:targetNode :a ; sh:class :C ."), [])

    assert told.conforms
    assert told.cost.requests == 0


def test_a_shape_without_bound_is_held_against_the_whole_graph_and_says_so() -> None:
    shapes = compiled(
        """: sh:declare [ sh:prefix "" ; sh:namespace "https://example.org/" ] . :S sh:targetNode :a ;
        sh:sparql [ sh:prefixes : ; sh:select "SELECT $this { $this :p ?v . ?u :q ?w FILTER (?w = ?v) }" ] ."""
    )

    told = validate_change(SetView(lines(":a :p 1 .")), shapes, lines(":z :q 1 ."))

    assert [result.code for result in told.results] == ["sh:sparql"]
    assert told.affected == {"<https://example.org/S>": None}
    assert [(finding.code, finding.severity.word, finding.shape) for finding in told.findings] == [
        ("shape-in-full", "info", "<https://example.org/S>")
    ]
    assert validate_change(SetView(lines(":a :p 1 .")), shapes, lines(":z :r 1 .")).affected == {}


def test_a_closed_property_shape_closes_its_values_whoever_judges() -> None:
    shapes = compiled(
        """:S sh:targetNode :a ; sh:property :P .
        :P a sh:PropertyShape ; sh:path :p ; sh:closed true ; sh:ignoredProperties ( :p ) ."""
    )
    before = SetView(lines(":a :p :b ."))

    for engine in get_args(Judges):
        told = validate_change(before, shapes, lines(":b :r :c ."), engine=engine)
        assert [(result.code, result.value) for result in told.results] == [("sh:closed", "<https://example.org/c>")]
        assert told.findings == ()


def test_engines_that_disagree_make_a_violation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PyShacl, "examine", lambda self, data: ([], set()))
    shapes = compiled(":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] .")

    told = validate_change(SetView([]), shapes, lines(":a a :C ."))

    assert not told.conforms
    assert [(finding.code, finding.severity.word, finding.focus) for finding in told.findings] == [
        ("engines-disagree", "violation", "<https://example.org/a>")
    ]


def test_where_pyshacl_gives_up_the_rust_engine_explains() -> None:
    shapes = compiled(":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:lessThan :q ] .")

    told = validate_change(SetView([]), shapes, lines(":a a :C ; :p _:x ; :q 1 ."))

    assert [(result.code, result.path, result.value) for result in told.results] == [
        ("sh:lessThan", "<https://example.org/p>", "_:x")
    ]


def test_queries_of_blank_nodes_are_answered_by_pyshacl_alone() -> None:
    # Asked of a blank node, the Rust engine takes it for a variable here and would find fault with it.
    shapes = compiled(
        """: sh:declare [ sh:prefix "" ; sh:namespace "https://example.org/" ] . :S sh:targetClass :C ;
        sh:sparql [ sh:prefixes : ; sh:select "SELECT $this { $this :p ?v OPTIONAL { $this :q ?w } }" ] ."""
    )
    added = lines("_:x a :C . :b :p 1 .")

    assert validate_change(SetView([]), shapes, added).conforms
    assert validate_full("".join(f"{s} {p} {o} .\n" for s, p, o in added).encode(), shapes).conforms


def test_full_validation_explains_what_fails_and_gives_what_pyshacl_gives() -> None:
    for seed in range(40):
        one = case(seed)
        shapes = compile_shapes([("shapes.ttl", one.shapes.encode())])
        data = "".join(f"{s} {p} {o} .\n" for s, p, o in triples(one.before)).encode()
        expected = validate_full(data, shapes, engine="pyshacl")
        found = validate_full(data, shapes)

        assert Counter(r.key for r in found.results) == Counter(r.key for r in expected.results)


def test_full_validation_says_what_each_shape_and_focus_node_says() -> None:
    one = case(5)
    pairs = Oracle(one.shapes).judge(triples(one.before))
    data = "".join(f"{s} {p} {o} .\n" for s, p, o in triples(one.before)).encode()

    found = validate_full(data, compile_shapes([("shapes.ttl", one.shapes.encode())]), engine="both")

    assert Counter(result.key for result in found.results) == sum(pairs.values(), Counter())
    assert found.results


def test_what_conforms_is_judged_without_loading_rdflib_or_pyshacl(tmp_path: Path) -> None:
    kept = tmp_path / "shapes.json"
    kept.write_text(compiled(":S sh:targetClass :C ; sh:property [ sh:path :p ; sh:minCount 1 ] .").to_json())
    script = f"""
import sys
import pyoxigraph as ox
from milieu.validate.incremental import SetView, validate_change
from milieu.validate.shapes import Compiled
text = b"<{EX}a> a <{EX}C> ; <{EX}p> 1 ."
added = [(q.subject, q.predicate, q.object) for q in ox.parse(text, format=ox.RdfFormat.TURTLE)]
assert validate_change(SetView([]), Compiled.from_json(open({str(kept)!r}).read()), added).conforms
print([name for name in ("rdflib", "pyshacl", "shifty", "shifty._shifty") if name in sys.modules])
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "['shifty._shifty']"


def test_full_validation_asks_of_a_property_no_other_things_than_its_shape_targets() -> None:
    shapes = compiled(
        """:S sh:targetSubjectsOf :p, :q ; sh:nodeKind sh:IRI ; sh:property :P, :Q, :R .
        :P sh:path :p ; sh:class :C . :Q sh:path :q ; sh:maxCount 1 . :R sh:path :r ; sh:minCount 1 ."""
    )
    data = f"<{EX}a> <{EX}p> <{EX}c> .\n<{EX}c> <{EX}q> 1 .\n<{EX}c> <{EX}q> 2 .\n<{EX}d> <{EX}r> 1 .\n<{EX}d> <{EX}p> <{EX}e> .\n"
    data += f"<{EX}e> a <{EX}C> .\n_:b <{EX}p> <{EX}e> .\n_:b <{EX}r> 1 .\n"

    found = validate_full(data.encode(), shapes)

    assert [(result.focus, result.code, result.source_shape) for result in found.results] == [
        (f"<{EX}a>", "sh:class", f"<{EX}P>"),
        (f"<{EX}a>", "sh:minCount", f"<{EX}R>"),
        (f"<{EX}c>", "sh:maxCount", f"<{EX}Q>"),
        (f"<{EX}c>", "sh:minCount", f"<{EX}R>"),
        ("_:b", "sh:nodeKind", f"<{EX}S>"),
    ]
    assert found.findings == ()


def test_full_validation_reads_n_triples_however_they_are_written() -> None:
    shapes = compiled(":S sh:targetSubjectsOf :p ; sh:property [ sh:path :q ; sh:minCount 1 ] .")
    data = f"# two statements\n\n<{EX}a>\t<{EX}p>\t<{EX}b> .\n <{EX}a>  <{EX}\\u0071> <{EX}b> . # and a remark\n"

    assert validate_full(data.encode(), shapes).conforms
    assert not validate_full(data.encode().replace(b"0071", b"0072"), shapes).conforms


def test_full_validation_finds_each_name_that_does_not_match_the_pattern_of_its_class() -> None:
    shapes = compiled(
        """:S sh:targetClass :C ; sh:pattern "/c[0-9]$" . :T sh:targetClass :D ; sh:pattern "/d[0-9]$" .
        :U sh:targetClass :F ; sh:pattern "/f[0-9]$" ; sh:flags "i" ."""
    )
    kinds = ":E rdfs:subClassOf :C . :C rdfs:subClassOf :E . _:k rdfs:subClassOf :D ."
    good = lines(f"{kinds} :c1 a :C . :c2 a :E . :d1 a :D . :d2 a _:k . :F1 a :F .")
    bad = lines(f"{kinds} :c1 a :C . :x a :E . _:b a :C . :y a :D . :z a _:k . :d1 a :F .")

    def failing(added: list[Triple]) -> dict[str, set[str]]:
        data = "".join(f"{s} {p} {o} .\n" for s, p, o in added).encode()
        assert validate_full(data, shapes).findings == ()
        return sweep(Statements(data), shapes, [target.name for target in shapes.targets])

    assert failing(good) == {}
    assert failing(bad) == {
        f"<{EX}S>": {f"<{EX}x>", "_:b"},
        f"<{EX}T>": {f"<{EX}y>", f"<{EX}z>"},
        f"<{EX}U>": {f"<{EX}d1>"},
    }
