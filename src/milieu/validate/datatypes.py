"""Step 2, datatypes: those that nobody declares, with what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Severity
from milieu.namespaces import OWL, RDF, XSD
from milieu.spelling import nearest
from milieu.turtle.literals import fits, spelled
from milieu.validate.case import Case
from milieu.validate.schema import local_name, space_of

__all__ = ["check_datatypes"]

# XML Schema 1.1, part 2; and what RDF 1.1 and OWL 2 add.
_XSD = re.findall(
    r"\w+",
    """
anyURI base64Binary boolean byte date dateTime dateTimeStamp dayTimeDuration decimal double duration float gDay gMonth
gMonthDay gYear gYearMonth hexBinary int integer language long Name NCName negativeInteger NMTOKEN nonNegativeInteger
nonPositiveInteger normalizedString positiveInteger short string time token unsignedByte unsignedInt unsignedLong
unsignedShort yearMonthDuration
    """,
)
_KNOWN = frozenset(
    [
        *(XSD + name for name in _XSD),
        *(RDF + name for name in ("langString", "HTML", "XMLLiteral", "JSON", "PlainLiteral")),
        *(OWL + name for name in ("real", "rational")),
    ]
)
_MEANT = {"bool": "boolean", "number": "decimal", "text": "string", "str": "string", "year": "gYear", "uri": "anyURI"}
_ALIKE = 0.7


def check_datatypes(case: Case) -> Iterator[Finding]:
    """Findings for datatypes that neither XML Schema nor the graph knows.

    In the namespaces of XML Schema and of the graph that is a slip; elsewhere somebody may have declared it.
    """
    for triple in case.triples:
        literal = triple.object
        if not isinstance(literal, ox.Literal) or literal.datatype.value in _KNOWN:
            continue
        iri = literal.datatype.value
        if iri in case.schema.datatypes:
            continue
        ours = iri.startswith((XSD, RDF)) or space_of(iri) in case.schema.term_spaces | case.schema.thing_spaces
        located = case.locate(triple)
        place = located.object if located else None
        meant = _meant(iri)
        wanted = {kind[1:-1] for of in case.demands.targets(str(triple.predicate)) for kind in of.datatypes}
        if wanted and meant not in wanted:
            typed = (ox.Literal(literal.value, datatype=ox.NamedNode(kind)) for kind in sorted(wanted & _KNOWN))
            meant = next((one.datatype.value for one in typed if fits(one)), meant)
        remedy, fix = "Write a text in quotes, or give it a type of XML Schema, such as xsd:date.", None
        if meant:
            written = spelled(ox.Literal(literal.value, datatype=ox.NamedNode(meant)), case.schema.prefixes)
            remedy = f"Did you mean {case.schema.prefixes.compact(meant)}?"
            fix = Fix(place, written, f"Write {written}.", safe=False) if place else None
        yield case.say(
            "unknown-datatype",
            f"{case.schema.prefixes.compact(iri)} is not a datatype.",
            remedy,
            triple,
            place,
            fix=fix,
            severity=Severity.VIOLATION if ours else Severity.WARNING,
        )


def _meant(iri: str) -> str | None:
    """The type of XML Schema that has almost this name."""
    name = local_name(iri)
    same = {one.casefold(): one for one in _XSD}
    found = same.get(name.casefold()) or _MEANT.get(name.casefold())
    if found is None and iri.startswith(XSD):
        found = nearest(name, _XSD, _ALIKE)
    return XSD + found if found else None
