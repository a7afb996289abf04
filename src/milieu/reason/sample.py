"""A part of the data that touches every class and property: what slow reasoners can be given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pyoxigraph import NamedNode, Triple

from milieu.namespaces import OWL
from milieu.reason.atoms import TYPE, Term, terms

__all__ = ["sample"]

_ENTITIES = {NamedNode(OWL + name) for name in ("Class", "ObjectProperty", "DatatypeProperty")}


def sample(ontology: Iterable[Triple], data: Iterable[Triple], *, each: int = 3) -> list[Triple]:
    """Some of the data: of every class and property of the ontology that they use, `each` uses if there are so many.

    All types of the things in them are among them. The same data, in whatever order, gives the same sample.

    >>> from pyoxigraph import parse, RdfFormat
    >>> text = "@prefix : <http://example.org/> . :a a :City . :b a :City . :c a :River ."
    >>> data = [quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)]
    >>> city = NamedNode("http://example.org/City")
    >>> [str(triple.subject) for triple in sample([Triple(city, TYPE, NamedNode(OWL + "Class"))], data, each=1)]
    ['<http://example.org/a>']
    """
    entities = {triple.subject for triple in ontology if triple.predicate == TYPE and triple.object in _ENTITIES}
    data = sorted(data, key=str)
    types: dict[Term, list[Triple]] = {}
    for triple in data:
        if triple.predicate == TYPE and triple.object in entities:
            types.setdefault(terms(triple)[0], []).append(triple)
    chosen: dict[Triple, None] = {}
    used: Counter[Term] = Counter()
    for triple in data:
        subject, predicate, obj = terms(triple)
        entity = obj if predicate == TYPE else predicate
        if entity not in entities or used[entity] >= each:
            continue
        for part in (triple, *types.get(subject, ()), *types.get(obj, ())):
            if part not in chosen:
                chosen[part] = None
                used[terms(part)[2] if part.predicate == TYPE else part.predicate] += 1
    return list(chosen)
