"""Blank nodes on their way to other engines and back: IRIs that stand for them (RDF 1.1 Concepts, section 3.5).

A blank node has no name outside the request it is sent in: another request, another graph or a look-up could not mean
the same one. As an IRI it keeps its name, and a graph can be sent in parts, looked up in rounds and exported again
byte for byte.
"""

from __future__ import annotations

import re
from typing import TypeVar

import pyoxigraph as ox

__all__ = ["GENID", "blank", "named", "skolemised"]

GENID = "https://w3id.org/milieu/.well-known/genid/"
"""Where the IRIs stand that mean blank nodes."""

# In a line of canonical N-Quads or N-Triples, a blank node stands at the beginning or behind the predicate.
_SUBJECT = re.compile(r"^_:([^\s\"<>]+) ", re.MULTILINE)
_OBJECT = re.compile(r"(?<=> )_:([^\s\"<>]+)(?=(?: <[^>]*>)? \.$)", re.MULTILINE)

_Node = TypeVar("_Node")


def skolemised(lines: str) -> str:
    """Lines of canonical N-Quads or N-Triples with IRIs in place of blank nodes.

    >>> skolemised("_:b0 <https://example.org/p> _:b1 .")
    '<https://w3id.org/milieu/.well-known/genid/b0> <https://example.org/p> <https://w3id.org/milieu/.well-known/genid/b1> .'
    """  # noqa: E501 - the line of an example cannot be broken
    if "_:" not in lines:
        return lines
    return _OBJECT.sub(rf"<{GENID}\1>", _SUBJECT.sub(rf"<{GENID}\1> ", lines))


def named(term: _Node) -> _Node | ox.NamedNode:
    """A term, or the IRI that stands for it when it is a blank node."""
    return ox.NamedNode(GENID + term.value) if isinstance(term, ox.BlankNode) else term


def blank(term: _Node) -> _Node | ox.BlankNode:
    """A term, or the blank node that it stands for."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(GENID):
        return ox.BlankNode(term.value[len(GENID) :])
    return term
