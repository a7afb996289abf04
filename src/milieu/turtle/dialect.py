"""Terms as the formats write them: what a finding advises must be something that the file it is about can hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from milieu.namespaces import RDF, XSD
from milieu.turtle.literals import spelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from milieu.finding import Finding

__all__ = ["in_dialect", "written"]

_Term: TypeAlias = ox.NamedNode | ox.Literal
_PLAIN = (XSD + "string", RDF + "langString")
_NATIVE = (XSD + "integer", XSD + "boolean")
_NATIVE_FORM = re.compile(r"-?(?:0|[1-9][0-9]{0,14})|true|false")
_BY_LINE = ("ntriples", "nquads")


def written(term: _Term, prefixes: Mapping[str, str], format: str) -> str:  # noqa: A002
    """A term as a text of that format holds it: as `parse` calls the formats.

    >>> height = ox.Literal("36.24", datatype=ox.NamedNode(XSD + "decimal"))
    >>> print(written(height, {}, "turtle"), written(height, {}, "ntriples"))
    36.24 "36.24"^^<http://www.w3.org/2001/XMLSchema#decimal>
    >>> print(written(height, {}, "jsonld"))
    {"@value": "36.24", "@type": "http://www.w3.org/2001/XMLSchema#decimal"}
    """
    if format == "jsonld":
        return json.dumps(_value_object(term), ensure_ascii=False)
    if format == "rdfxml":
        return _element(term)
    if format in _BY_LINE or isinstance(term, ox.NamedNode) or term.datatype.value in _PLAIN:
        return str(term)
    return spelled(term, prefixes)


def in_dialect(finding: Finding, prefixes: Mapping[str, str], format: str) -> Finding:  # noqa: A002
    """The finding with advice that a text of that format can follow; without a fix where places are not exact.

    Steps speak Turtle. What they advise to write is turned into the format's own words, and their examples are marked.
    """
    if format in ("turtle", "trig"):
        return finding
    fix, remedy = finding.fix, finding.remedy.replace("For example: ", "For example, in Turtle: ")
    term = _read(fix.text, prefixes) if fix else None
    if fix and term is not None:
        text = written(term, prefixes, format)
        description = fix.description.replace(fix.text, text)
        remedy = remedy.replace(f"Write {fix.text}.", f"Write {text}.")
        fix = replace(fix, text=text, description=description)
    return replace(finding, remedy=remedy, fix=fix if format in _BY_LINE else None)


def _read(text: str, prefixes: Mapping[str, str]) -> _Term | None:
    """The one term that a text is in Turtle, if it is one."""
    if not text or text[0] in "[(@.;,":
        return None
    head = "".join(f"@prefix {prefix}: <{space}> ." for prefix, space in prefixes.items())
    try:
        quads = list(ox.parse(f"{head} <x:s> <x:p> {text} .".encode(), format=ox.RdfFormat.TURTLE))
    except (SyntaxError, ValueError):
        return None
    value = quads[0].object if len(quads) == 1 else None
    return value if isinstance(value, ox.NamedNode | ox.Literal) else None


def _value_object(term: _Term) -> object:
    if isinstance(term, ox.NamedNode):
        return {"@id": term.value}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value in _NATIVE and _NATIVE_FORM.fullmatch(term.value):
        return json.loads(term.value)
    if term.datatype.value == XSD + "string":
        return term.value
    return {"@value": term.value, "@type": term.datatype.value}


def _element(term: _Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f'rdf:resource="{term.value}"'
    if term.language:
        return f'{term.value} with xml:lang="{term.language}"'
    if term.datatype.value == XSD + "string":
        return f"{term.value} without rdf:datatype"
    return f'{term.value} with rdf:datatype="{term.datatype.value}"'
