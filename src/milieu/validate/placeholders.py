"""What a template leaves to be filled in: its example names, and its dots."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from milieu.finding import Finding, Severity
from milieu.namespaces import RDFS
from milieu.validate.case import Case
from milieu.validate.schema import local_name, space_of

__all__ = ["CODE", "DOCUMENT", "THING", "check_placeholders", "example_label"]

CODE = "placeholder"
THING, DOCUMENT = "some-name", "some-document"
"""What the example things of templates are called."""
_DOTS = "…"
_LABEL = f"{RDFS}label"


def example_label(slug: str) -> str:
    """The label of an example thing.

    >>> example_label("some-name")
    'Some name'
    """
    return slug.replace("-", " ").capitalize()


def check_placeholders(case: Case) -> Iterator[Finding]:
    """A doubt for each thing, label and text that is still the template's; accepted they are not.

    Once in the graph, the next forgotten `source:some-document` would be the first one's document.
    """
    labels = {example_label(slug) for slug in (THING, DOCUMENT)}
    for node, triples in case.placed.about.items():
        if node.startswith("<") and _is_example(node[1:-1]) and space_of(node[1:-1]) in case.schema.thing_spaces:
            located = case.locate(triples[0])
            prefix = case.schema.prefixes.compact(node[1:-1]).partition(":")[0]
            yield case.say(
                CODE,
                f"{case.demands.compact(node)} is the name that the template has for its example.",
                f"Put the thing's own name in its place, everywhere: {prefix}: and small letters, joined by hyphens.",
                triples[0],
                located.subject if located else None,
                severity=Severity.WARNING,
            )
    for triple in case.triples:
        text = triple.object
        if not isinstance(text, ox.Literal):
            continue
        is_label = triple.predicate.value == _LABEL and text.value in labels
        if is_label or text.value == _DOTS:
            located = case.locate(triple)
            what = "label of the template's example" if is_label else "place for a text of yours"
            yield case.say(
                CODE,
                f"{case.demands.compact(str(text))} is the {what}.",
                "Write your own in its place, or leave it out.",
                triple,
                located.object if located else None,
                severity=Severity.WARNING,
            )


def _is_example(iri: str) -> bool:
    return local_name(iri) in (THING, DOCUMENT)
