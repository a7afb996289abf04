"""Why an answer is empty: the pattern that nothing matches, and the names in it that the graph does not know."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.errors import QueryError
from milieu.namespaces import OWL, RDF, RDFS, Prefixes
from milieu.sparql.algebra import empty_because, patterns
from milieu.sparql.tokens import tokens
from milieu.spelling import nearest

if TYPE_CHECKING:
    from milieu.store.seam import Store

__all__ = ["explain_empty", "unknown", "vocabulary"]

_TERMS = (f"{OWL}Class", f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty", f"{OWL}AnnotationProperty", f"{RDFS}Class")


def explain_empty(store: Store, text: str, prefixes: Mapping[str, str]) -> str | None:
    """A sentence or two on why this query has no rows, or None when nothing can be told.

    Asks the store a few small questions: it is for answers that turned out empty.
    """
    table = Prefixes(prefixes)
    try:
        reason = empty_because(text, lambda query: bool(store.query(query)))
    except QueryError:
        reason = None
    sentences = [f"{reason[0].upper()}{reason[1:]}."] if reason else []
    return " ".join([*sentences, *unknown(store, text, table, lambda iri: _names(store, iri, table))]) or None


def vocabulary(store: Store, prefixes: Prefixes) -> set[str]:
    """The names of the classes and properties that the graph defines: few, however much else it holds."""
    kind = ox.NamedNode(f"{RDF}type")
    found = store.match([(None, kind, ox.NamedNode(term)) for term in _TERMS])
    return {prefixes.compact(term.value) for term, _, _ in found if isinstance(term, ox.NamedNode)}


def unknown(store: Store, text: str, prefixes: Prefixes, names: Callable[[str], Collection[str]]) -> Iterator[str]:
    """A sentence for each IRI in the text that is nowhere in the graph, with the nearest of the `names` for it."""
    seen: set[str] = set()
    terms = (term for node in patterns(text).walk() if node.kind == "triple" for term in node.terms)
    for token in (token for term in terms for token in tokens(term, escapes=False)):
        if token.kind == "iri":
            iri = token.text[1:-1]
        elif token.kind == "pname":
            iri = prefixes.expand(token.text) or ""
        else:
            continue
        if not iri or iri in seen or iri in prefixes.values():
            continue
        seen.add(iri)
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            continue
        if next(iter(store.match([(node, None, None), (None, node, None), (None, None, node)])), None):
            continue
        name = prefixes.compact(iri)
        like = nearest(name, names(iri))
        yield f"{name} is not in the graph" + (f"; did you mean {like}?" if like else ".")


def _names(store: Store, iri: str, prefixes: Prefixes) -> set[str]:
    """The names in the graph that stand in the same namespace."""
    space = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
    query = f"""SELECT DISTINCT ?name WHERE {{
      {{ SELECT DISTINCT ?name {{ ?s ?name ?o }} }} UNION {{ ?name <{RDF}type> ?class }}
      FILTER(ISIRI(?name) && STRSTARTS(STR(?name), {ox.Literal(space)})) }}"""
    rows = store.query(query)
    assert isinstance(rows, ox.QuerySolutions)
    return {prefixes.compact(row["name"].value) for row in rows}
