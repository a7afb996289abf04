"""Run a stored query: its parameters checked and bound, the text guarded, then the store asked."""

from __future__ import annotations

from collections.abc import Mapping

from milieu.errors import QueryError
from milieu.namespaces import RDF, RDFS, SKOS, Prefixes
from milieu.query.answer import Answer
from milieu.query.parameter import serialise
from milieu.sparql.slots import fill
from milieu.sparql.text import string_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milieu.query.header import StoredQuery
    from milieu.store.seam import Store

__all__ = ["bound", "run", "things", "within"]

_NAMES = f"<{RDFS}label>|<{SKOS}prefLabel>|<{SKOS}altLabel>|<{SKOS}notation>"
_NAMED = (
    f"SELECT DISTINCT ?thing WHERE {{{{ VALUES ?name {{{{ {{}} }}}} ?thing {_NAMES} ?name ; <{RDF}type> <{{}}> }}}}"
)
_THINGS = f"""SELECT ?thing ?label WHERE {{
  ?thing <{RDF}type> <%s> ; {_NAMES} ?label .
}}"""


def run(store: Store, stored: StoredQuery, given: Mapping[str, str | int | bool], prefixes: Prefixes) -> Answer:
    """The answer to a stored query with these parameters.

    Raises `QueryError` for unknown parameters, wrong values, and a query file that is not SPARQL (file and line).
    """
    text = bound(store, stored, given, prefixes)
    if _may_reach_out(text):
        from milieu.sparql.guard import guard

        try:
            guard(text, datasets=True)
        except QueryError as fault:
            raise QueryError(fault.message, place=within(stored.path, fault.place), remedy=fault.remedy) from None
    try:
        return Answer(lambda: store.query(text), prefixes, text)
    except QueryError as fault:
        raise QueryError(fault.message, place=within(stored.path, fault.place), remedy=fault.remedy) from None


def bound(store: Store, stored: StoredQuery, given: Mapping[str, str | int | bool], prefixes: Prefixes) -> str:
    """The text that runs: the stored one with a term in place of every parameter that has a value."""
    declared = {parameter.name: parameter for parameter in stored.parameters}
    for name in given:
        if name not in declared:
            raise _unknown(stored, name)
    values: dict[str, str] = {}
    for name, parameter in declared.items():
        value = given.get(name)
        if value is None:
            value = parameter.default
        if value is None:
            if parameter.required:
                raise QueryError(
                    f"the query {stored.name!r} needs a value for {name!r}",
                    remedy=f"Give --{name} VALUE: {parameter.description}" if parameter.description else "",
                )
            continue
        values[name] = serialise(
            parameter,
            value,
            prefixes=prefixes,
            things=lambda class_iri: things(store, class_iri),
            named=lambda name, class_iri: named(store, name, class_iri),
            holds=lambda iri, class_iri: bool(store.query(f"ASK {{ <{iri}> <{RDF}type> <{class_iri}> }}")),
        )
    return fill(stored.text, stored.slots, values)


def named(store: Store, name: str, class_iri: str) -> set[str]:
    """The IRIs of the instances of a class with exactly this label; none when the store's languages are not known."""
    languages = getattr(store, "languages", ())
    if not languages:
        return set()
    labels = [string_text(name), *(string_text(name, language=language) for language in languages)]
    rows = store.query(_NAMED.format(" ".join(labels), class_iri))
    return {row["thing"].value for row in rows}  # type: ignore[union-attr] # a SELECT gives rows


def things(store: Store, class_iri: str) -> list[tuple[str, str]]:
    """The IRIs of the instances of a class, each with every label it has, in order."""
    rows = store.query(_THINGS % class_iri)
    # Sorting in the engine takes longer than all the rest.
    return sorted((row["thing"].value, row["label"].value) for row in rows)  # type: ignore[union-attr]


def _may_reach_out(text: str) -> bool:
    """Whether the words that make an engine ask another machine may be in a text, escaped or not; most have neither."""
    return "SERVICE" in text.upper() or "\\u" in text.lower()


def within(path: str, place: str | None) -> str:
    """A place in a query as a place in its file."""
    numbers = [word for word in (place or "").replace(",", " ").split() if word.isdigit()]
    return ":".join([path, *numbers]) if place and place.startswith("line") else f"{path}, {place}" if place else path


def _unknown(stored: StoredQuery, name: str) -> QueryError:
    from milieu.spelling import nearest

    names = [parameter.name for parameter in stored.parameters]
    if not names:
        return QueryError(f"the query {stored.name!r} takes no parameters, but was given {name!r}")
    like = nearest(name, names)
    remedy = f"Did you mean --{like}?" if like else f"It takes {', '.join(f'--{each}' for each in names)}."
    return QueryError(f"the query {stored.name!r} has no parameter {name!r}", remedy=remedy)
