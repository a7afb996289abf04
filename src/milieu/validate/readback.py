"""Step 7, read-back: what a contribution claims, in plain sentences made of labels and definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS
from milieu.validate.case import Case
from milieu.validate.schema import local_name, words_of

__all__ = ["read_back"]

_TYPE, _LABEL, _SOURCE = f"{RDF}type", f"{RDFS}label", f"{DCTERMS}source"
_DEFINITION = ox.NamedNode(f"{SKOS}definition")
_PARTS = tuple(OWL + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget"))
_NAMES = frozenset({f"{SKOS}altLabel", f"{SKOS}prefLabel"})
_RELATION = re.compile(r".*\b(?:of|in|by|from|to|with|at|for|on|about|since|through|into|as)\Z")
_NO_VERBS = frozenset({"status", "address", "news", "series", "basis", "aims", "business"})


def read_back(case: Case) -> Iterator[str]:
    """Sentences, one for each statement, those about one thing together and their source at the end."""
    spoken = _Speaker(case)
    for node in case.placed.about:
        if node not in case.axioms:
            yield from spoken.about(node)
    for node in sorted(case.axioms):
        sentence = spoken.evidence(node)
        if sentence:
            yield sentence


class _Speaker:
    def __init__(self, case: Case) -> None:
        self._case = case
        self._annotated = {self._statement(node): node for node in case.axioms}
        self._defined: set[str] = set()

    def about(self, node: str) -> Iterator[str]:
        """What is said of one node."""
        name = self._name(node)
        source = ""
        for triple in self._case.placed.about[node]:
            predicate = triple.predicate.value
            if predicate == _SOURCE:
                source = self._name(str(triple.object))
            elif predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
                yield f"{name} is {self._kind(triple.object.value)}."
            elif predicate == _LABEL or predicate in _NAMES:
                if isinstance(triple.object, ox.Literal) and triple.object.value != self._label(node):
                    yield f"{name} is also called {self._name(str(triple.object))}."
            else:
                yield f"{self._sentence(triple, name)}{self._according(triple)}."
        if source and source != name:
            yield f"This is said of {name} according to {source}."

    def evidence(self, node: str) -> str:
        """What evidence is given for a statement that the contribution does not make itself."""
        statement = self._statement(node)
        if any((str(t.subject), str(t.predicate), str(t.object)) == statement for t in self._case.triples):
            return ""
        subject, predicate, value = statement
        if not (subject and predicate and value):
            return ""
        said = self._said(predicate[1:-1], self._name(subject), self._name(value))
        return f"New evidence that {said}: {self._sources(node)}."

    def _sentence(self, triple: ox.Triple, name: str) -> str:
        return self._said(triple.predicate.value, name, self._name(str(triple.object)))

    def _said(self, predicate: str, subject: str, value: str) -> str:
        words = self._words(predicate)
        first = words.split(" ")[0]
        if first.endswith("s") and not first.endswith("ss") and first not in _NO_VERBS:
            return f"{subject} {words} {value}"
        if _RELATION.match(words):
            return f"{subject} is {words} {value}"
        return f"the {words} of {subject} is {value}"

    def _words(self, predicate: str) -> str:
        return self._case.schema.label(predicate) or words_of(local_name(predicate))

    def _kind(self, iri: str) -> str:
        words = self._words(iri)
        article = "an" if re.match(r"[aeiou](?!ni|se)", words.lower()) else "a"
        if iri in self._defined:
            return f"{article} {words}"
        self._defined.add(iri)
        rows = self._case.schema.store.match([(ox.NamedNode(iri), _DEFINITION, None)])
        texts = [each for _, _, each in rows if isinstance(each, ox.Literal) and each.language in (None, "en")]
        return f"{article} {words}" + (f", {_lower(texts[0].value.rstrip('.'))}" if texts else "")

    def _name(self, node: str) -> str:
        if not node.startswith("<"):
            return self._case.demands.compact(node)
        label = self._label(node)
        compact = self._case.schema.prefixes.compact(node[1:-1])
        return f"{label} ({compact})" if label else compact

    def _label(self, node: str) -> str | None:
        return self._case.label(node)

    def _according(self, triple: ox.Triple) -> str:
        node = self._annotated.get((str(triple.subject), str(triple.predicate), str(triple.object)))
        return f", according to {self._sources(node)}" if node else ""

    def _sources(self, node: str) -> str:
        found = [
            self._name(str(t.object)) for t in self._case.placed.about.get(node, ()) if t.predicate.value == _SOURCE
        ]
        return " and ".join(found) or "a source that is not named"

    def _statement(self, node: str) -> tuple[str, ...]:
        parts = {t.predicate.value: str(t.object) for t in self._case.placed.about.get(node, ())}
        return tuple(parts.get(part, "") for part in _PARTS)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
