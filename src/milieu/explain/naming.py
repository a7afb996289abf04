"""What people mean: from a word to the term that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from milieu.errors import QueryError
from milieu.explain.view import View
from milieu.namespaces import OWL, RDF, RDFS, SKOS, XSD
from milieu.reason.atoms import TYPE, Fact, Term

__all__ = ["statement_of", "term_of"]

_NAMES = tuple(ox.NamedNode(iri) for iri in (RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel"))
_LITERAL = re.compile(r'("(?:[^"\\\n]|\\.)*")(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^(\S+))?\Z')
_NUMBERS = (
    (r"[+-]?\d+\Z", "integer"),
    (r"[+-]?\d*\.\d+\Z", "decimal"),
    (r"[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+\Z", "double"),
    (r"(?:true|false)\Z", "boolean"),
)
_KINDS = [ox.NamedNode(OWL + name) for name in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")]
_KINDS.append(ox.NamedNode(RDF + "Property"))


def statement_of(view: View, subject: str, predicate: str, obj: str) -> Fact:
    """The statement that three words name.

    Each may be an IRI in angle brackets, a prefixed name, a label or the last part of an IRI; the predicate `a`, the
    object a literal as Turtle writes it. Raises `QueryError`, with a did-you-mean, for a word that names nothing.
    """
    for word in (subject, predicate, obj):
        _check(word)
    things = _meant(view, subject)
    links = [TYPE] if predicate == "a" else _properties(view, _meant(view, predicate))
    if len(things) > 1 or len(links) > 1:
        objects = _objects(view, obj)
        fitting = [
            (one, two)
            for one in things
            for two in links
            if any(
                value in objects or (isinstance(value, ox.Literal) and value.value == obj)
                for (_, _, value), _ in view.match(one, two, None)
            )
        ]
        if len(fitting) == 1:
            things, links = [fitting[0][0]], [fitting[0][1]]
    thing, link = _only(view, subject, things), _only(view, predicate, links)
    literal = _literal(view, obj)
    # "2009" may be meant for the year or the string that is there: what is said of the thing decides.
    said = [value for (_, _, value), _ in view.match(thing, link, None) if isinstance(value, ox.Literal)]
    if literal in said:
        return thing, link, literal
    plain = literal.value if literal else obj
    like = next((value for value in said if value.value == plain and not _LITERAL.match(obj)), None)
    if like is not None:
        return thing, link, like
    if literal is not None:
        return thing, link, literal
    objects = _meant(view, obj)
    there = [other for other in objects if any(True for _ in view.match(thing, link, other))]
    return thing, link, _only(view, obj, there if len(there) == 1 else objects)


def term_of(view: View, word: str) -> Term:
    """The thing, class or property that a word names. Raises `QueryError` when it is none, or several."""
    return _only(view, word, _meant(view, word))


def _only(view: View, word: str, found: Sequence[Term]) -> Term:
    if len(found) == 1:
        return found[0]
    names = ", ".join(sorted(view.name(term) for term in found))
    raise QueryError(f"{word!r} may be any of {names}", remedy="Give one of these names.")


def _properties(view: View, found: Sequence[Term]) -> Sequence[Term]:
    """Those that are properties, or all when none is."""
    if len(found) == 1:
        return found
    known = [
        term
        for term in found
        if any(True for kind in _KINDS for _ in view.match(term, TYPE, kind))
        or any(True for _ in view.match(None, term, None))
    ]
    return known or found


def _check(word: object) -> None:
    if not isinstance(word, str):
        raise QueryError(f"a term is a text, not {word!r}", remedy="Give a prefixed name, an IRI in <…> or a label.")


def _objects(view: View, word: str) -> Sequence[Term]:
    """What an object may be; nothing when it is a literal or no name at all."""
    try:
        literal = _literal(view, word)
        return [literal] if literal is not None else _meant(view, word)
    except QueryError:
        return []


def _meant(view: View, word: str) -> Sequence[Term]:
    """The terms that a word names, at least one."""
    _check(word)
    if word.startswith("<") and word.endswith(">"):
        try:
            return [ox.NamedNode(word[1:-1])]
        except ValueError as fault:
            raise QueryError(f"{word} is no IRI ({fault})") from None
    expanded = view.prefixes.expand(word)
    if expanded is not None:
        return [ox.NamedNode(expanded)]
    if re.match(r"https?://\S+\Z", word):
        return [ox.NamedNode(word)]
    view.ahead([(None, predicate, literal) for predicate, literal in _names(word)])
    view.ahead([(node, None, None) for node in _nodes(view, word)])
    found = list(dict.fromkeys([*_labelled(view, word), *_local(view, word)]))
    if found:
        return found
    prefix, colon, local = word.partition(":")
    if colon and re.match(r"[\w.\-]*\Z", prefix) and re.match(r"\S+\Z", local):
        from milieu.spelling import nearest

        like = nearest(prefix, set(view.prefixes))
        remedy = f"Did you mean {like}:{local}?" if like else "Declare it in the folder, or write the IRI in <…>."
        raise QueryError(f"the prefix {prefix}: of {word!r} is unknown", remedy=remedy)
    raise QueryError(f"nothing in the graph is called {word!r}", remedy=_remedy(view, word))


def _literal(view: View, word: str) -> ox.Literal | None:
    match = _LITERAL.match(word)
    if match:
        text = next(iter(ox.parse(f"[] <urn:x> {match[1]} .".encode(), format=ox.RdfFormat.TURTLE))).object
        assert isinstance(text, ox.Literal)
        if match[2]:
            return ox.Literal(text.value, language=match[2])
        datatype = term_of(view, match[3]) if match[3] else None
        return ox.Literal(text.value, datatype=datatype) if isinstance(datatype, ox.NamedNode) else text
    for pattern, name in _NUMBERS:
        if re.match(pattern, word):
            return ox.Literal(word, datatype=ox.NamedNode(XSD + name))
    return None


def _labelled(view: View, word: str) -> Iterator[Term]:
    for predicate, literal in _names(word):
        yield from (fact[0] for fact, _ in view.match(None, predicate, literal))


def _names(word: str) -> Iterator[tuple[ox.NamedNode, ox.Literal]]:
    spellings = dict.fromkeys((word, word[:1].upper() + word[1:], word[:1].lower() + word[1:], word.title()))
    for spelling in spellings:
        for literal in (ox.Literal(spelling), *(ox.Literal(spelling, language=tag) for tag in ("en", "ja"))):
            for predicate in _NAMES:
                yield predicate, literal


def _local(view: View, word: str) -> Iterator[Term]:
    """The terms whose IRI is a namespace of the folder and this word."""
    for node in _nodes(view, word):
        if any(True for _ in view.match(node, None, None)):
            yield node


def _nodes(view: View, word: str) -> list[ox.NamedNode]:
    if not re.match(r"[\w.\-]+\Z", word):
        return []
    return [ox.NamedNode(namespace + word) for namespace in view.prefixes.values()]


def _remedy(view: View, word: str) -> str:
    from milieu.spelling import nearest

    rows = view.query(f"SELECT DISTINCT ?name {{ ?x <{RDFS}label>|<{SKOS}prefLabel>|<{SKOS}altLabel> ?name }}")
    like = nearest(word, {str(row["name"].value) for row in rows if isinstance(row["name"], ox.Literal)})
    return f"Did you mean {like!r}?" if like else "Give a prefixed name, an IRI in <…>, a label or a slug."
