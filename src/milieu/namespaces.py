"""The namespaces that every folder shares, and the prefix table of one folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = ["ASSERTED", "DCTERMS", "INFERRED", "OWL", "RDF", "RDFS", "SH", "SKOS", "VANN", "XSD", "Prefixes"]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
VANN = "http://purl.org/vocab/vann/"

ASSERTED = "https://w3id.org/milieu/graph/asserted"
"""The graph of what the files of a folder say."""
INFERRED = "https://w3id.org/milieu/graph/inferred"
"""The graph of what follows from it by the rules; disjoint from the asserted one."""

# The part of PN_LOCAL (Turtle, section 6.5) that needs no escape and that every parser reads alike.
_PLAIN_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?\Z")


class Prefixes(Mapping[str, str]):
    """The prefix table of a folder: prefix to namespace, both ways.

    >>> prefixes = Prefixes({"city": "https://example.org/id/city/"})
    >>> prefixes.expand("city:kanazawa")
    'https://example.org/id/city/kanazawa'
    >>> prefixes.compact("https://example.org/id/city/kanazawa")
    'city:kanazawa'
    >>> prefixes.compact("https://example.org/other")
    '<https://example.org/other>'
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = dict(table)
        self._longest_first = sorted(self._table.items(), key=lambda item: (-len(item[1]), item[0]))

    def __getitem__(self, prefix: str) -> str:
        return self._table[prefix]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    def expand(self, name: str) -> str | None:
        """The IRI that a prefixed name stands for, or None when its prefix is not in the table."""
        prefix, colon, local = name.partition(":")
        if not colon or prefix not in self._table:
            return None
        return self._table[prefix] + local

    def compact(self, iri: str) -> str:
        """The shortest Turtle spelling of an IRI: `city:kanazawa`, else `<https://…>`."""
        for prefix, namespace in self._longest_first:
            if iri.startswith(namespace):
                local = iri[len(namespace) :]
                if not local or _PLAIN_LOCAL.match(local):
                    return f"{prefix}:{local}"
        return f"<{iri}>"

    def sparql(self) -> str:
        """The table as SPARQL `PREFIX` lines, sorted."""
        return "".join(f"PREFIX {prefix}: <{self._table[prefix]}>\n" for prefix in sorted(self._table))
