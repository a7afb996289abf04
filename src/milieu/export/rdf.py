"""RDF exports: streamed from the sorted quads of a build, so that the same graph gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import IO

import pyoxigraph as ox

from milieu.build.manifest import Build
from milieu.errors import FormatError
from milieu.namespaces import ASSERTED, INFERRED
from milieu.query.xml import well_formed

__all__ = ["FORMATS", "GRAPHS", "export"]

FORMATS: Mapping[str, ox.RdfFormat] = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
GRAPHS: Mapping[str, tuple[str, ...]] = {
    "all": (ASSERTED, INFERRED),
    "asserted": (ASSERTED,),
    "inferred": (INFERRED,),
}
_ENDS = {graph: f" <{graph}> .\n".encode() for graph in (ASSERTED, INFERRED)}
_CHUNK = 1 << 17


def export(build: Build, stream: IO[bytes], format: str = "turtle", graphs: str = "all") -> int:  # noqa: A002
    """Write the graph of a build and give the number of statements written.

    nquads, trig and jsonld keep the two graphs apart; turtle, ntriples and rdfxml write them as one.
    `graphs` is all, asserted or inferred. Memory stays flat. Raises `FormatError` for an unknown format, and when
    RDF/XML cannot hold a property or a character.
    """
    if format not in FORMATS:
        raise FormatError(f"unknown format {format!r}", place="--format", remedy=f"Choose one of {', '.join(FORMATS)}.")
    if graphs not in GRAPHS:
        raise FormatError(f"unknown part {graphs!r}", place="--only", remedy=f"Choose one of {', '.join(GRAPHS)}.")
    chosen = FORMATS[format]
    chunks = _Chunks(build, GRAPHS[graphs], quads=chosen.supports_datasets)
    if chosen in {ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES}:
        for chunk in chunks:
            stream.write(chunk)
        return chunks.lines
    source = ox.RdfFormat.N_QUADS if chosen.supports_datasets else ox.RdfFormat.N_TRIPLES
    named = {prefix: space for prefix, space in build.prefixes.items() if prefix}
    try:
        # Lines are parsed many at a time: a parser that reads a stream asks for 2 KB, through Python, each time.
        statements = chain.from_iterable(ox.parse(chunk, format=source) for chunk in chunks)
        with well_formed(stream, format) as target:
            ox.serialize(statements, target, chosen, prefixes=named)
    except ValueError as fault:
        raise FormatError(
            f"the graph cannot be written as {format} ({fault})", remedy="Choose another format."
        ) from None
    return chunks.lines


class _Chunks:
    """The lines of the canonical file that belong to some graphs, many at a time; counts them as they go."""

    def __init__(self, build: Build, graphs: tuple[str, ...], *, quads: bool) -> None:
        self._path = build.canonical
        self._ends = tuple(_ENDS[graph] for graph in graphs)
        self._quads = quads
        self.lines = 0

    def __iter__(self) -> Iterator[bytes]:
        with self._path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                chunk += stream.readline()
                if len(self._ends) < len(_ENDS):
                    chunk = b"".join(line for line in chunk.splitlines(keepends=True) if line.endswith(self._ends))
                self.lines += chunk.count(b"\n")
                if not self._quads:
                    # No literal can hold a line end, so these bytes are the graph of a line and nothing else.
                    for end in self._ends:
                        chunk = chunk.replace(end, b" .\n")
                yield chunk
