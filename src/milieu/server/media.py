"""The formats that go out, with their media types and endings; a format's first type is its own, the others aliases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from milieu.server.negotiate import negotiate

__all__ = ["BOOLEANS", "ENDINGS", "HTML", "QUADS", "ROWS", "TRIPLES", "choose", "media_type", "types"]

HTML = "text/html"

ROWS: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
"""Formats of rows (SPARQL 1.1 Query Results JSON, XML, CSV and TSV)."""

BOOLEANS = ROWS
"""Formats of yes or no. The recommendation has none in CSV and TSV; a client that wants only those gets the word."""

TRIPLES: Mapping[str, tuple[str, ...]] = {
    "turtle": ("text/turtle", "application/x-turtle", "application/turtle"),
    "ntriples": ("application/n-triples", "text/plain"),
    "jsonld": ("application/ld+json", "application/json"),
    "rdfxml": ("application/rdf+xml", "application/xml", "text/xml"),
}
"""Formats of triples."""

QUADS: Mapping[str, tuple[str, ...]] = {
    **TRIPLES,
    "nquads": ("application/n-quads",),
    "trig": ("application/trig",),
}
"""Formats of triples and of triples in graphs."""

ENDINGS: Mapping[str, str] = {
    "json": "json",
    "xml": "xml",
    "csv": "csv",
    "tsv": "tsv",
    "ttl": "turtle",
    "nt": "ntriples",
    "jsonld": "jsonld",
    "rdf": "rdfxml",
    "nq": "nquads",
    "trig": "trig",
    "html": "html",
}
"""What the ending of an address says of the format."""

# Other names that clients use: SPARQLWrapper says `rdf+xml` and, where Turtle will do, `n3`.
_NAMED = {
    "json": ("sparql-results+json",),
    "xml": ("sparql-results+xml",),
    "turtle": ("ttl", "n3"),
    "ntriples": ("nt", "n-triples"),
    "nquads": ("nq", "n-quads"),
    "jsonld": ("json-ld", "ld+json", "json"),
    "rdfxml": ("rdf", "xml", "rdf+xml"),
}


def types(formats: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Every media type of some formats: first each one's own, then the aliases."""
    own = [names[0] for names in formats.values()]
    return own + [alias for names in formats.values() for alias in names[1:] if alias not in own]


def choose(
    accept: str | None, formats: Mapping[str, tuple[str, ...]], named: str | None = None
) -> tuple[str, str] | None:
    """The format and media type for an Accept header, or for a format that was named outright; None when none fits.

    >>> choose("application/json", ROWS)
    ('json', 'application/json')
    >>> choose(None, TRIPLES, named="ttl")
    ('turtle', 'text/turtle')
    """
    if named is not None:
        wanted = named.lower().replace(" ", "+")  # a plus that was not escaped has come as a space
        for name, media in formats.items():
            if wanted in (name, *_NAMED.get(name, ()), *media):
                return name, media[0]
        return None
    best = negotiate(accept, types(formats))
    return None if best is None else (_of(best, formats), best)


def media_type(name: str, formats: Iterable[Mapping[str, tuple[str, ...]]] = (ROWS, QUADS)) -> str:
    """A format's own media type, with its character set where that is not settled."""
    for table in formats:
        if name in table:
            return table[name][0]
    return {"html": HTML, "text": "text/plain"}[name]


def _of(media: str, formats: Mapping[str, tuple[str, ...]]) -> str:
    return next(name for name, names in formats.items() if media in names)
