"""Step 5, reasoning: the contradictions that new statements would bring, each with its proof."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding
from milieu.reason.atoms import terms
from milieu.store.oxigraph import OxigraphStore
from milieu.validate.case import Case

if TYPE_CHECKING:
    from milieu.folder import Folder
    from milieu.reason import Program
    from milieu.reason.close import Closure

__all__ = ["check_clashes", "consequences"]


def check_clashes(case: Case, folder: Folder) -> Iterator[Finding]:
    """A finding for each contradiction, at the first statement of the contribution that takes part in it."""
    store = case.schema.store
    if not isinstance(store, OxigraphStore):
        return
    own = {triple: number for number, triple in enumerate(case.triples)}
    closure = consequences(folder, store, own)
    told: set[object] = set()
    for clash in closure.clashes:
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


def consequences(folder: Folder, store: OxigraphStore, added: object) -> Closure:
    """What follows from new triples in the graph of that store; nothing is written."""
    from milieu.reason import close

    return close(store.inner, _program(folder, store), added=added, write=False)  # type: ignore[arg-type]


@lru_cache(maxsize=4)
def _program(folder: Folder, store: OxigraphStore) -> Program:
    from milieu.reason import compile_rules, read_rules
    from milieu.reason.keeping import kept

    def compiled() -> Program:
        return compile_rules(store.inner, read_rules(folder))

    return kept(store.path.parent, compiled) if store.path else compiled()


def _called(case: Case, term: object) -> str:
    label = case.label(str(term))
    if label:
        return label
    if isinstance(term, ox.NamedNode):
        compact = case.schema.prefixes.compact(term.value)
        return compact[1:-1] if compact.startswith("<") else compact
    return case.demands.literal(str(term))
