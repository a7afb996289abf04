"""What a graph's ontology declares and what its things are called, as the gate asks for it.

Nothing here reads the whole graph unless something is wrong: terms are looked up by kind, things one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import islice, permutations

import pyoxigraph as ox

from milieu.namespaces import ASSERTED, DCTERMS, OWL, RDF, RDFS, SKOS, Prefixes
from milieu.store.seam import Store

__all__ = ["Schema", "local_name", "space_of", "words_of"]

_CLASS_KINDS = (f"{OWL}Class", f"{RDFS}Class", f"{RDFS}Datatype")
_PROPERTY_KINDS = (
    f"{RDF}Property",
    f"{OWL}ObjectProperty",
    f"{OWL}DatatypeProperty",
    f"{OWL}AnnotationProperty",
    f"{OWL}OntologyProperty",
)
_EVIDENCE = frozenset(OWL + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
_BUILT_IN = frozenset({f"{RDF}type", f"{RDFS}label", f"{RDFS}comment", f"{RDFS}seeAlso"})
_TYPE, _LABEL, _SUBCLASS = ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{RDFS}label"), ox.NamedNode(f"{RDFS}subClassOf")
_NAMES = (_LABEL, ox.NamedNode(f"{SKOS}prefLabel"), ox.NamedNode(f"{SKOS}altLabel"))
# A guess at what was meant looks at so many names and no more; beyond, nobody would wait for it.
_MOST_NAMES = 100_000
_SITE = re.compile(r"[a-z]+://([^/?#]+)")
_LANGUAGES = ("", "en", "ja")


class Schema:
    """The terms and names that a graph knows, read from its store when first asked for."""

    def __init__(self, store: Store, prefixes: Prefixes) -> None:
        self.store = store
        self.prefixes = prefixes
        self._types: dict[str, tuple[str, ...]] = {}
        self._used: dict[tuple[str, bool], bool] = {}

    # Terms

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes that the ontology declares."""
        return frozenset({*self._of_kind(_CLASS_KINDS), f"{OWL}Axiom"})

    @cached_property
    def properties(self) -> frozenset[str]:
        """The properties that the ontology declares, and those that names and evidence are written with."""
        return frozenset(self._of_kind(_PROPERTY_KINDS)) | _EVIDENCE | _BUILT_IN

    @cached_property
    def object_properties(self) -> frozenset[str]:
        """The properties that lead to things."""
        return frozenset(self._of_kind((f"{OWL}ObjectProperty",)))

    @cached_property
    def datatypes(self) -> frozenset[str]:
        """The datatypes that the ontology declares, or gives to values of a property."""
        return frozenset(self._of_kind((f"{RDFS}Datatype",)) | (set(self.ranges.values()) - self.classes))

    @cached_property
    def term_spaces(self) -> frozenset[str]:
        """The namespaces that the ontology's own terms stand in: only the ontology may say something of those."""
        own = {subject for subject, _ in self._pairs(f"{RDFS}isDefinedBy")}
        return frozenset(space_of(term) for term in own & (self.classes | self.properties))

    @cached_property
    def thing_spaces(self) -> frozenset[str]:
        """The namespaces of the prefix table where this graph's own things have their names."""
        sites = {_site(space) for space in self.term_spaces}
        return frozenset(
            space for space in self.prefixes.values() if space not in self.term_spaces and _site(space) in sites
        )

    @cached_property
    def replaced(self) -> Mapping[str, str | None]:
        """The deprecated terms, each with the one that replaces it if there is one."""
        others = dict(self._pairs(f"{DCTERMS}isReplacedBy"))
        return {term: others.get(term) for term, _ in self._pairs(f"{OWL}deprecated")}

    @cached_property
    def ranges(self) -> Mapping[str, str]:
        """The class or datatype that the values of a property have."""
        return dict(self._pairs(f"{RDFS}range"))

    @cached_property
    def domains(self) -> Mapping[str, str]:
        """The class that the subjects of a property have."""
        return dict(self._pairs(f"{RDFS}domain"))

    @cached_property
    def turned(self) -> Mapping[str, str]:
        """The properties that are never asserted, each with its inverse, which is."""
        return {one: other for one, other in self._pairs(f"{OWL}inverseOf") if one in self.properties}

    @cached_property
    def derived(self) -> frozenset[str]:
        """The properties that follow from chains of others."""
        return frozenset(one for one, _ in self._pairs(f"{OWL}propertyChainAxiom"))

    @cached_property
    def transitive(self) -> frozenset[str]:
        """The properties that hold from end to end of a row."""
        return frozenset(self._of_kind((f"{OWL}TransitiveProperty",)))

    def chain(self, prop: str) -> list[str]:
        """The properties whose chain gives a derived one."""
        rows = self.store.query(
            f"SELECT ?step {{ <{prop}> <{OWL}propertyChainAxiom>/<{RDF}rest>*/<{RDF}first> ?step }}"
        )
        return [row["step"].value for row in rows]  # type: ignore[union-attr]

    def above(self, kind: str) -> frozenset[str]:
        """A class and every class above it, as asserted."""
        found: set[str] = set()
        frontier = [kind]
        while frontier:
            here = frontier.pop()
            if here not in found:
                found.add(here)
                frontier.extend(self._parents.get(here, ()))
        return frozenset(found)

    @cached_property
    def _parents(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for low, high in self._pairs(f"{RDFS}subClassOf"):
            found[low] = (*found.get(low, ()), high)
        return found

    def excludes(self, one: str, other: str) -> bool:
        """Whether nothing can be of both classes, as the ontology states."""
        return any((low, high) in self._disjoint for low in self.above(one) for high in self.above(other))

    @cached_property
    def _disjoint(self) -> frozenset[tuple[str, str]]:
        found = {pair for low, high in self._pairs(f"{OWL}disjointWith") for pair in ((low, high), (high, low))}
        rows = self.store.query(
            f"SELECT ?all ?one {{ ?all a <{OWL}AllDisjointClasses> ; <{OWL}members>/<{RDF}rest>*/<{RDF}first> ?one }}"
        )
        groups: dict[str, list[str]] = {}
        for row in rows:  # type: ignore[union-attr]
            groups.setdefault(str(row["all"]), []).append(row["one"].value)
        return frozenset(found | {pair for group in groups.values() for pair in permutations(group, 2)})

    def knows_class(self, iri: str) -> bool:
        """Whether this is a class: declared, or with members in the graph."""
        return iri in self.classes or self._is_used(iri, as_class=True)

    def knows_property(self, iri: str) -> bool:
        """Whether this is a property: declared, or used in the graph."""
        return iri in self.properties or self._is_used(iri, as_class=False)

    # Things

    def knows(self, iri: str) -> bool:
        """Whether the graph says anything of this IRI."""
        return self._any(ox.NamedNode(iri), None, None)

    def states(self, triple: ox.Triple) -> bool:
        """Whether the graph asserts this triple already."""
        pattern = (triple.subject, triple.predicate, triple.object)
        return next(iter(self.store.match([pattern], ASSERTED)), None) is not None  # type: ignore[list-item]

    def types(self, iri: str) -> tuple[str, ...]:
        """The classes that the graph asserts of a thing."""
        if iri not in self._types:
            found = self.store.match([(ox.NamedNode(iri), _TYPE, None)], ASSERTED)
            self._types[iri] = tuple(kind.value for _, _, kind in found)
        return self._types[iri]

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether the graph asserts that a thing is of a class, or of one below it."""
        return any(kind in self.above(own) for own in self.types(iri))

    def label(self, iri: str) -> str | None:
        """What a thing or term is called, in English when it has names in several languages."""
        names = [name for _, _, name in self.store.match([(ox.NamedNode(iri), _LABEL, None)], ASSERTED)]
        texts = [name for name in names if isinstance(name, ox.Literal)]
        texts.sort(key=lambda text: (text.language != "en", text.language or "", text.value))
        return texts[0].value if texts else None

    def named(self, label: str) -> list[str]:
        """The things of exactly this name, in the letters of their own or of the usual cases."""
        spellings = dict.fromkeys((label, label.strip(), label.capitalize(), label.title(), label.lower()))
        patterns = [
            (None, name, ox.Literal(text, language=language) if language else ox.Literal(text))
            for text in spellings
            for language in _LANGUAGES
            for name in _NAMES
        ]
        return list(dict.fromkeys(thing.value for thing, _, _ in self.store.match(patterns, ASSERTED)))

    def things_in(self, space: str) -> list[str]:
        """The IRIs of the things with a label whose names stand in a namespace, as many as a guess may cost."""
        # The engine looks through the labels, so that only the names asked for go over the wire.
        rows = self.store.query(
            f"SELECT DISTINCT ?thing {{ {{ SELECT ?thing {{ GRAPH <{ASSERTED}> {{ ?thing <{_LABEL.value}> ?label }} }} "
            f"LIMIT {_MOST_NAMES} }} FILTER(ISIRI(?thing) && STRSTARTS(STR(?thing), {ox.Literal(space)})) }}"
        )
        found = {row["thing"].value for row in rows}  # type: ignore[union-attr]
        return sorted(thing for thing in found if space_of(thing) == space)

    def members(self, kind: str, most: int = 1000) -> list[str]:
        """Things of a class or of one below it."""
        below = [low for low in self.classes if kind in self.above(low)] or [kind]
        found = self.store.match([(None, _TYPE, ox.NamedNode(one)) for one in below], ASSERTED)
        return [thing.value for thing, _, _ in islice(found, most) if isinstance(thing, ox.NamedNode)]

    def _any(self, *pattern: ox.NamedNode | None) -> bool:
        return next(iter(self.store.match([pattern])), None) is not None  # type: ignore[list-item]

    def _is_used(self, iri: str, *, as_class: bool) -> bool:
        if (iri, as_class) not in self._used:
            term = ox.NamedNode(iri)
            self._used[iri, as_class] = self._any(None, _TYPE, term) if as_class else self._any(None, term, None)
        return self._used[iri, as_class]

    def _of_kind(self, kinds: Iterable[str]) -> set[str]:
        patterns = [(None, _TYPE, ox.NamedNode(kind)) for kind in kinds]
        return {term.value for term, _, _ in self.store.match(patterns, ASSERTED) if isinstance(term, ox.NamedNode)}

    def _pairs(self, predicate: str) -> list[tuple[str, str]]:
        """What a property of the ontology relates, named terms only."""
        found = self.store.match([(None, ox.NamedNode(predicate), None)], ASSERTED)
        return [(one.value, other.value) for one, _, other in found if isinstance(one, ox.NamedNode)]


def local_name(iri: str) -> str:
    """What stands behind the last `#` or `/`.

    >>> local_name("https://w3id.org/milieu/ontology#City")
    'City'
    """
    return iri[len(space_of(iri)) :]


def space_of(iri: str) -> str:
    """Everything up to the last `#` or `/`."""
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def words_of(name: str) -> str:
    """A local name as words.

    >>> words_of("memberCity"), words_of("kaga-yuzen")
    ('member city', 'kaga yuzen')
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("-", " ").replace("_", " ").lower()


def _site(space: str) -> str:
    found = _SITE.match(space)
    return found[1] if found else space
