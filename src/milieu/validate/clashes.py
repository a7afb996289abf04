"""Step 5, reasoning: the contradictions that new statements would bring, each with its proof."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Severity
from milieu.namespaces import OWL
from milieu.reason.atoms import terms
from milieu.reason.program import schema_patterns, schema_triples
from milieu.store.looks import Looks, TooFarError
from milieu.store.oxigraph import OxigraphStore
from milieu.validate.case import Case

if TYPE_CHECKING:
    from milieu.folder import Folder
    from milieu.reason import Program
    from milieu.reason.close import Closure
    from milieu.store.seam import Store

__all__ = ["check_clashes", "consequences"]


_SAME = (None, ox.NamedNode(f"{OWL}sameAs"), None)
_TRIPS = 24  # a chain of links takes one each; a contribution of twenty triples takes one or two in all


def check_clashes(case: Case, folder: Folder) -> Iterator[Finding]:
    """A finding for each contradiction, at the first statement of the contribution that takes part in it.

    On a distant engine the step takes so many round trips and no more; when that is too few, a remark says so.
    """
    own = {triple: number for number, triple in enumerate(case.triples)}
    try:
        closure = consequences(folder, case.schema.store, own)
        yield from _told(case, closure, own)
    except TooFarError:
        message = "Contradictions were not looked for: too much of the engine's graph bears on these statements."
        yield Finding(Severity.INFO, "clashes-unknown", message, "Hand it in in parts, or validate against a build.")


def _told(case: Case, closure: Closure, own: dict[ox.Triple, int]) -> Iterator[Finding]:
    told: set[object] = set()
    from milieu.reason import distinct

    for clash in distinct(closure.clashes):
        mine = sorted((triple for triple in clash.asserted if triple in own), key=own.__getitem__)
        key = (clash.rule, frozenset(map(str, mine or clash.premises)))
        if key in told:
            continue
        told.add(key)
        found = clash.finding(partial(_called, case))
        places = [place for triple in mine if (place := case.spot(triple))]
        said = tuple(map(str, terms(mine[0]))) if mine else (found.focus, found.path, found.value)
        yield Finding(
            found.severity,
            found.code,
            found.message,
            found.remedy,
            focus=said[0],
            path=said[1],
            value=said[2],
            place=places[0] if places else None,
            related=tuple(places[1:]),
        )


def consequences(folder: Folder, store: Store, added: Collection[ox.Triple]) -> Closure:
    """What follows from new triples in the graph of that store; nothing is written.

    Raises `TooFarError` when a distant engine would have to be asked too often.
    """
    from milieu.reason import close

    if isinstance(store, OxigraphStore):
        return close(store.inner, _program(folder, store), added=added, write=False)
    looks = _looks(store, added)
    program = _compiled(folder, frozenset(schema_triples(looks)))  # type: ignore[arg-type]
    return close(looks, program, added=added, write=False)  # type: ignore[arg-type]


def _looks(store: Store, added: Collection[ox.Triple]) -> Looks:
    """A distant store, with what the rules are sure to ask.

    That is the ontology, what is said of each thing, and what leads to those that the graph does not know yet, which
    is little.
    """
    from milieu.store.memory import Remembered

    looks = Looks(store if isinstance(store, Remembered) else Remembered(store), trips=_TRIPS)  # type: ignore[arg-type]
    things = {triple.subject for triple in added if not isinstance(triple.subject, ox.Triple)}
    looks.ahead([*schema_patterns(), _SAME, *((thing, None, None) for thing in things)])
    new = [thing for thing in things if next(looks.quads_for_pattern(thing, None, None), None) is None]
    looks.ahead([*((None, None, thing) for thing in new), *looks.beside(things)])
    return looks


@lru_cache(maxsize=4)
def _program(folder: Folder, store: OxigraphStore) -> Program:
    from milieu.reason import compile_rules, read_rules
    from milieu.reason.keeping import kept

    def compiled() -> Program:
        return compile_rules(store.inner, read_rules(folder))

    return kept(store.path.parent, compiled) if store.path else compiled()


@lru_cache(maxsize=4)
def _compiled(folder: Folder, ontology: frozenset[ox.Triple]) -> Program:
    from milieu.reason import Program, read_rules

    return Program.of(read_rules(folder), ontology)


def _called(case: Case, term: object) -> str:
    label = case.label(str(term))
    if label:
        return label
    if isinstance(term, ox.NamedNode):
        compact = case.schema.prefixes.compact(term.value)
        return compact[1:-1] if compact.startswith("<") else compact
    return case.demands.compact(str(term))
