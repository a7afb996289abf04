"""Validation that costs what the change costs: only the focus nodes it touches, on only the triples they depend on.

Equal to full validation: the results after a change are those before it, less those of the affected pairs of shape and
focus node, and the results given here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import pyoxigraph as ox

from milieu.errors import FolderError
from milieu.finding import Finding, Severity
from milieu.store.seam import Triple
from milieu.validate.engine import Engine, EngineName, Result, in_order
from milieu.validate.fragment import Foci, Readers, as_term, collect, in_focus, leading, touched
from milieu.validate.neighbourhood import Cost, Neighbourhood, SetView, Term, View
from milieu.validate.shapes import Compiled
from milieu.validate.sweep import Statements, read_by, sweep

__all__ = ["Judges", "Validation", "affected", "validate_change", "validate_full"]

Judges = Literal["shifty", "pyshacl", "both"]
"""Who gives the verdict: the Rust engine, pySHACL, or both of them, whatever the first says."""

_BLANK = re.compile(rb'_:([^\s<>"]+)')
_CHANGE = ox.NamedNode("urn:milieu:change")


@dataclass(frozen=True)
class Validation:
    """What validation came to.

    `affected` holds the focus nodes (N-Triples) whose verdict the change can have changed, by target shape; None for
    a shape that was validated in full. `findings` tell of such shapes, and of engines that disagree.
    """

    results: tuple[Result, ...] = ()
    findings: tuple[Finding, ...] = ()
    affected: Mapping[str, frozenset[str] | None] = field(default_factory=dict)
    cost: Cost = field(default_factory=Cost)

    @property
    def conforms(self) -> bool:
        """Whether there is no result at all, and no disagreement."""
        return not self.results and all(finding.severity < Severity.VIOLATION for finding in self.findings)


def validate_change(
    view: View,
    compiled: Compiled,
    added: Iterable[Triple],
    removed: Iterable[Triple] = (),
    *,
    engine: Judges = "shifty",
) -> Validation:
    """The results of validating what a change can affect, in the graph after it; `view` is the graph before.

    Triples both added and removed count as added. Raises `FolderError` when the shapes cannot be evaluated.
    """
    if not compiled.targets:
        return Validation()
    hood = Neighbourhood(view, added, removed)
    foci, affected_pairs, whole = _scope(hood, compiled, [*hood.added, *hood.removed])
    found = _Findings(compiled, engine)
    if foci:
        found.judge_marked(hood, foci)
    if whole:
        found.judge_whole(_serialised(hood.everything()), frozenset(whole))
        for name in whole:
            found.say_in_full(name)
    return Validation(in_order(found.results), tuple(found.findings), affected_pairs, hood.cost)


def affected(
    view: View, compiled: Compiled, added: Iterable[Triple], removed: Iterable[Triple] = ()
) -> dict[str, frozenset[str] | None]:
    """The focus nodes whose verdict a change can change, by target shape; None for a shape that has no bound."""
    hood = Neighbourhood(view, added, removed)
    return _scope(hood, compiled, [*hood.added, *hood.removed])[1]


def validate_full(
    data: bytes, compiled: Compiled, *, view: View | None = None, engine: Judges = "shifty"
) -> Validation:
    """The results of validating a whole graph, given as N-Triples; `view` spares looking things up in the text.

    The Rust engine goes through all of it; what it faults is explained by pySHACL on the fragment around that alone.
    """
    if not compiled.targets:
        return Validation()
    found = _Findings(compiled, engine)
    if engine != "shifty":
        found.judge_whole(data, frozenset(target.name for target in compiled.targets))
        return Validation(in_order(found.results), tuple(found.findings))
    statements = Statements(data)
    apart = [target for target in compiled.targets if target.footprint.reason or target.footprint.doubtful]
    if apart:
        read = read_by(target.footprint for target in apart)
        found.judge_whole(statements.share(read), frozenset(target.name for target in apart))
    readers = {reader.target.name: reader for reader in _readers(compiled).all if reader.target not in apart}
    failing = sweep(statements, compiled, readers)
    faulted = {readers[name]: set(map(as_term, nodes)) for name, nodes in failing.items()}
    asking = [reader for reader in readers.values() if reader.asks]
    asked = statements.share(read_by(reader.target.footprint for reader in asking))
    blank = _blank_nodes(asked)
    if faulted or blank:
        if view is None:
            concerned = {*faulted, *(asking if blank else ())}
            view = SetView.parse(statements.share(read_by(reader.target.footprint for reader in concerned)))
        hood = Neighbourhood(view)
        doubted = leading(hood, asking, blank, only_asked=True)
        candidates = {reader: faulted.get(reader, set()) | doubted.get(reader, set()) for reader in readers.values()}
        found.explain(hood, in_focus(hood, candidates, after=True), set().union(*failing.values()))
        return Validation(in_order(found.results), tuple(found.findings), cost=hood.cost)
    return Validation(in_order(found.results), tuple(found.findings))


def _scope(
    hood: Neighbourhood, compiled: Compiled, changed: list[Triple]
) -> tuple[Foci, dict[str, frozenset[str] | None], list[str]]:
    """What is to be judged, what may have changed, and the shapes that cannot be bound."""
    candidates = touched(hood, _readers(compiled), changed)
    pairs = in_focus(hood, candidates, after=False)
    foci = in_focus(hood, pairs, after=True)
    predicates = {str(predicate) for _, predicate, _ in changed}
    whole = [
        target.name
        for target in compiled.targets
        if target.footprint.reason
        and changed
        and (target.footprint.predicates is None or not predicates.isdisjoint(target.footprint.predicates))
    ]
    told: dict[str, frozenset[str] | None] = {
        reader.target.name: frozenset(map(str, nodes)) for reader, nodes in pairs.items()
    }
    told.update(dict.fromkeys(whole))
    return foci, told, whole


class _Findings:
    """Asks the engines, and notes what they say and whether they agree."""

    def __init__(self, compiled: Compiled, judges: Judges) -> None:
        self.results: list[Result] = []
        self.findings: list[Finding] = []
        self._compiled = compiled
        self._judges = judges

    def judge_marked(self, hood: Neighbourhood, foci: Foci) -> None:
        """Judge focus nodes of bounded shapes on the fragment around them."""
        fragment = collect(hood, foci)
        hood.cost.fragment = len(fragment.triples)
        doubtful = fragment.asks_blank or any(reader.target.footprint.doubtful for reader in foci)

        def around(failing: set[str]) -> bytes:
            fewer = {reader: {node for node in nodes if str(node) in failing} for reader, nodes in foci.items()}
            return _marked(collect(hood, fewer).triples, fewer)

        self._judge(_marked(fragment.triples, foci), None, around, trusted=not doubtful)

    def explain(self, hood: Neighbourhood, foci: Foci, failing: set[str]) -> None:
        """Have pySHACL explain, on the fragment around them, why the Rust engine finds fault with some focus nodes."""
        fragment = collect(hood, foci)
        hood.cost.fragment = len(fragment.triples)
        data = _marked(fragment.triples, foci)
        said = self._examine(data, None)
        if said is None:
            self._keep(self._engine("shifty", None).results(data))
            return
        results, faulted = said
        self._keep(results)
        # Of blank nodes the Rust engine is not trusted, see `_judge`.
        told = ({node for node in nodes if not node.startswith("_:")} for nodes in (failing, faulted))
        self._compare(*told)

    def judge_whole(self, data: bytes, names: frozenset[str]) -> None:
        """Judge whole data by the shapes named, with their own targets."""
        doubtful = b"_:" in data or not names.isdisjoint(self._compiled.doubtful)
        self._judge(data, names, lambda failing: data, trusted=not doubtful)

    def _judge(
        self, data: bytes, names: frozenset[str] | None, around: Callable[[set[str]], bytes], *, trusted: bool
    ) -> None:
        """Ask the engines; the Rust one only where it is trusted.

        In queries that it does not compile (OPTIONAL, aggregates) a blank node that is bound beforehand matches any
        node, so that it is not asked about these; nor about doubtful shapes.
        """
        rust = self._engine("shifty", names) if self._judges != "pyshacl" else None
        failing = rust.failing(data) if rust and trusted else None
        if failing is not None and self._judges == "shifty":
            if not failing:
                return
            data = around(failing)  # Explaining takes longer than judging: only what needs it.
        said = self._examine(data, names)
        if said is None:
            assert rust is not None
            self._keep(rust.results(data))
            return
        results, faulted = said
        self._keep(results)
        if failing is not None:
            self._compare(failing, faulted)

    def _examine(self, data: bytes, names: frozenset[str] | None) -> tuple[list[Result], set[str]] | None:
        """What pySHACL says, and of which focus nodes; None where it gives up and the Rust engine does not.

        It does so at $shapesGraph, and at blank nodes that are to be compared.
        """
        from milieu.validate.reference import PyShacl

        reference = self._engine("pyshacl", names)
        assert isinstance(reference, PyShacl)
        try:
            return reference.examine(data)
        except FolderError:
            if self._judges == "pyshacl":
                raise
            return None

    def _engine(self, name: EngineName, names: frozenset[str] | None) -> Engine:
        return self._compiled.marked(name) if names is None else self._compiled.whole(name, names)

    def _keep(self, results: Iterable[Result]) -> None:
        self.results.extend(self._compiled.restore(results))

    def _compare(self, rust: set[str], reference: set[str]) -> None:
        for focus in sorted(rust ^ reference):
            one, other = ("pyshifty", "pySHACL") if focus in rust else ("pySHACL", "pyshifty")
            self.findings.append(
                Finding(
                    Severity.VIOLATION,
                    "engines-disagree",
                    f"The two SHACL engines disagree about {focus}: {one} finds fault with it, {other} does not.",
                    "Leave out the statements about it for now, and report them: one of the engines is wrong.",
                    focus=focus,
                )
            )

    def say_in_full(self, name: str) -> None:
        """Note that a shape was validated on the whole graph."""
        reason = self._compiled.unbounded[name]
        self.findings.append(
            Finding(
                Severity.INFO,
                "shape-in-full",
                f"The shape {name} was held against the whole graph: {reason}.",
                "Write its query so that every pattern leads to $this over shared variables.",
                shape=name,
            )
        )


@lru_cache(maxsize=8)
def _readers(compiled: Compiled) -> Readers:
    return Readers(compiled.targets)


def _blank_nodes(data: bytes) -> set[Term]:
    found: set[Term] = set()
    for label in set(_BLANK.findall(data)):
        # What only looks like one, inside a literal, does no harm: nothing leads to it.
        with suppress(ValueError):
            found.add(ox.BlankNode(label.decode().rstrip(".")))
    return found


def _serialised(triples: Iterable[Triple]) -> bytes:
    return "".join(f"{subject} {predicate} {value} .\n" for subject, predicate, value in triples).encode()


def _marked(fragment: Iterable[Triple], foci: Foci) -> bytes:
    """The fragment, with the marks that lead to its focus nodes.

    A mark is a statement *about* something else whose value is the focus node: no bounded shape can see it, and unlike
    sh:targetNode it finds blank nodes too, and leaves the shapes the same for every change.
    """
    marks = ((_CHANGE, reader.mark, node) for reader, nodes in foci.items() for node in nodes)
    return _serialised(fragment) + _serialised(marks)
