"""Descriptions that the server writes itself, in the RDF syntax that was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO

import pyoxigraph as ox

from milieu.errors import FormatError
from milieu.namespaces import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD
from milieu.query.answer import GRAPH_FORMATS
from milieu.query.xml import well_formed
from milieu.server.fault import RequestError

__all__ = ["DCAT", "FOAF", "SD", "VOID", "Sheet", "write"]

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
FOAF = "http://xmlns.com/foaf/0.1/"
_PREFIXES = {
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "owl": OWL,
    "rdf": RDF,
    "rdfs": RDFS,
    "sd": SD,
    "sh": SH,
    "skos": SKOS,
    "void": VOID,
    "xsd": XSD,
}
Node = ox.NamedNode | ox.BlankNode
Value = Node | ox.Literal | str | int | bool


class Sheet:
    """Triples as they are written down.

    >>> sheet = Sheet()
    >>> _ = sheet.say("https://example.org/a", RDFS + "label", "A")
    >>> print(sheet.text("ntriples").decode(), end="")
    <https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "A" .
    """

    def __init__(self) -> None:
        self.triples: list[ox.Triple] = []

    def say(self, subject: str | Node, predicate: str, *values: Value) -> Sheet:
        """Add one triple per value; a str is text, a number or a truth value itself."""
        about = ox.NamedNode(subject) if isinstance(subject, str) else subject
        for value in values:
            term = value if isinstance(value, Node | ox.Literal) else ox.Literal(value)
            self.triples.append(ox.Triple(about, ox.NamedNode(predicate), term))
        return self

    def text(self, format: str, prefixes: Mapping[str, str] | None = None) -> bytes:  # noqa: A002
        """The sheet in an RDF syntax."""
        return write(self.triples, format, prefixes)


def write(triples: Iterable[ox.Triple], format: str, prefixes: Mapping[str, str] | None = None) -> bytes:  # noqa: A002
    """Triples in an RDF syntax, each once, those of a subject together.

    Raises `RequestError` (406) for RDF/XML that cannot hold them.
    """
    once = sorted(set(triples), key=str)
    # Only prefixes that are used: a folder declares many.
    text = "".join(str(triple) for triple in once) if prefixes else ""
    used = {name: space for name, space in (prefixes or {}).items() if name and f"<{space}" in text}
    named = None if format == "ntriples" else {**_PREFIXES, **used}
    stream = BytesIO()
    try:
        with well_formed(stream, format) as target:
            ox.serialize(once, target, GRAPH_FORMATS[format], prefixes=named)
    except FormatError as fault:
        raise RequestError(406, fault.message, remedy=fault.remedy) from None
    return stream.getvalue()
