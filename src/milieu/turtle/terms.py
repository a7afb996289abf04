"""What is wrong with the terms of parsed triples: graphs, RDF 1.2, unseen characters, length, datatypes, rewriting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Severity
from milieu.namespaces import RDF, XSD
from milieu.turtle.dialect import written
from milieu.turtle.guard import CONTROLS, LITERAL_BYTES
from milieu.turtle.literals import canonical, fits
from milieu.turtle.quads import without_graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from milieu.finding import Place
    from milieu.turtle.locate import Places

__all__ = ["scrutinised"]

_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
# What to say of a term: severity, code, message, remedy, and the term to write instead.
_Verdict: TypeAlias = tuple[Severity, str, str, str, ox.Literal | None]

_REIFIES = ox.NamedNode(RDF + "reifies")
_DEFAULT = ox.DefaultGraph()
_SHOWN = 60
# Much of the world writes 23.000 for twenty-three thousand.
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
# Places in these are not exact enough to edit.
_KEYED = ("jsonld", "rdfxml")


def scrutinised(
    quads: Sequence[ox.Quad], locator: Places, prefixes: Mapping[str, str], *, escapes: bool, dialect: str
) -> tuple[list[ox.Quad], list[Finding]]:
    """The quads that may be looked at further, each once, and the findings about their terms.

    Quads of named graphs, triple terms and literals that would harm a later step are left out. `escapes` says that
    the text may hold characters that its own letters do not show; advice is in words of that dialect (a format).
    """
    kept, findings = _plain(quads, locator, dialect)
    verdicts = _verdicts({quad.object for quad in kept if isinstance(quad.object, ox.Literal)}, prefixes, dialect)
    if escapes:
        verdicts |= _hidden(kept)
    if not verdicts:
        return kept, findings
    harmful = set()
    for quad in kept:
        for term in (quad.subject, quad.predicate, quad.object):
            verdict = verdicts.get(term)
            if verdict is None:
                continue
            findings.append(_finding(verdict, quad, _place(locator, quad, term), prefixes, dialect))
            if verdict[1] == "too-long" or (verdict[1] == "bad-literal" and _is_number(term)):
                harmful.add(quad)
    return [quad for quad in kept if quad not in harmful] if harmful else kept, findings


def _plain(quads: Iterable[ox.Quad], locator: Places, dialect: str) -> tuple[list[ox.Quad], list[Finding]]:
    """The quads of the default graph without triple terms, each once."""
    kept: dict[ox.Quad, None] = {}
    findings: list[Finding] = []
    graphs = set()
    reifiers = set()
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            if quad.predicate == _REIFIES:
                reifiers.add(quad.subject)
        elif quad.graph_name == _DEFAULT:
            kept[quad] = None
        elif quad.graph_name not in graphs:
            graphs.add(quad.graph_name)
            named = isinstance(quad.graph_name, ox.NamedNode)
            message = f"This statement is put into {f'the graph {quad.graph_name}' if named else 'a graph of its own'}."
            findings.append(
                _violation("named-graph", message, without_graph(dialect), _place(locator, quad, quad.subject))
            )
    plain = list(kept)
    if reifiers:
        plain = [quad for quad in plain if quad.subject not in reifiers]
    return plain, findings


def _verdicts(literals: set[ox.Literal], prefixes: Mapping[str, str], dialect: str) -> dict[_Node, _Verdict]:
    verdicts: dict[_Node, _Verdict] = {}
    for literal in literals:
        if len(literal.value) * 4 > LITERAL_BYTES and len(literal.value.encode()) > LITERAL_BYTES:
            message = f"This text is longer than {LITERAL_BYTES // 1024} kB."
            remedy = "Keep it in a document, and state its address."
            verdicts[literal] = (Severity.VIOLATION, "too-long", message, remedy, None)
        elif literal.direction is not None:
            message = f"The text has a writing direction, --{literal.direction.value}, which is RDF 1.2."
            verdicts[literal] = (Severity.VIOLATION, "rdf-12", message, f"Write @{literal.language}.", None)
        elif not fits(literal):
            name = _name(literal.datatype, prefixes)
            message = f"{_short(literal.value)} is not a value of {name}."
            remedy = _EXAMPLES.get(literal.datatype.value.removeprefix(XSD), f"Write a value that {name} allows.")
            verdicts[literal] = (Severity.VIOLATION, "bad-literal", message, remedy, None)
    fine = literals.difference(literal for literal in verdicts if isinstance(literal, ox.Literal))
    for literal, kept in canonical(fine).items():
        # A number of JSON is spelled by its reader, not by who wrote it.
        if dialect != "jsonld" or literal.datatype.value != XSD + "double":
            verdicts[literal] = _rewritten(literal, kept, prefixes, dialect)
    return verdicts


_EXAMPLES = {
    "boolean": "Write true or false.",
    "date": 'Write year, month and day: "2009-06-08"^^xsd:date.',
    "dateTime": 'Write "2009-06-08T12:00:00Z"^^xsd:dateTime.',
    "decimal": "Write digits and a point, as 36.5.",
    "gYear": 'Write four digits: "2009"^^xsd:gYear.',
    "gYearMonth": 'Write year and month: "2009-06"^^xsd:gYearMonth.',
    "integer": "Write digits only, as 450000.",
    "anyURI": "Write an address without spaces.",
}


_ZEROS = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]*0")


def _rewritten(literal: ox.Literal, kept: ox.Literal, prefixes: Mapping[str, str], dialect: str) -> _Verdict:
    if kept.datatype != literal.datatype:
        message = (
            f"{_name(literal.datatype, prefixes)} is not kept: the store makes it {_name(kept.datatype, prefixes)}."
        )
    else:
        message = f"{_short(literal.value)} is not in canonical form: the store keeps {_short(kept.value)}."
    remedy = f"Write {written(kept, prefixes, dialect)}."
    # A zero after the point is how people write a number; it loses nothing.
    severity = Severity.INFO if _ZEROS.fullmatch(literal.value) and _is_number(literal) else Severity.WARNING
    if _THOUSANDS.fullmatch(literal.value):
        whole = ox.Literal(literal.value.replace(".", ""), datatype=ox.NamedNode(XSD + "integer"))
        severity = Severity.WARNING
        remedy += f" If the point marks thousands, write {written(whole, prefixes, dialect)}."
    return (severity, "not-canonical", message, remedy, kept)


def _hidden(quads: Iterable[ox.Quad]) -> dict[_Node, _Verdict]:
    """Terms whose escapes stand for characters that nobody sees."""
    verdicts: dict[_Node, _Verdict] = {}
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object):
            found = CONTROLS.search(term.value) if isinstance(term, (ox.NamedNode, ox.Literal)) else None
            if found:
                message = f"The escape for the invisible character U+{ord(found[0]):04X} stands here."
                verdicts[term] = (Severity.VIOLATION, "control-character", message, "Remove it.", None)
    return verdicts


def _finding(
    verdict: _Verdict, quad: ox.Quad, place: Place | None, prefixes: Mapping[str, str], dialect: str
) -> Finding:
    severity, code, message, remedy, instead = verdict
    fix = None
    if instead is not None and place is not None and dialect not in _KEYED:
        safe = not (isinstance(quad.object, ox.Literal) and _THOUSANDS.fullmatch(quad.object.value))
        fix = Fix(place, written(instead, prefixes, dialect), "Write what the store keeps.", safe)
    return Finding(
        severity,
        code,
        message,
        remedy,
        focus=str(quad.subject),
        path=str(quad.predicate),
        value=str(quad.object) if code != "too-long" else None,
        place=place,
        fix=fix,
    )


def _place(locator: Places, quad: ox.Quad, term: _Node) -> Place | None:
    located = locator.places(quad)
    if located is None:
        return None
    return located.object if term == quad.object else located.subject if term == quad.subject else located.predicate


def _violation(code: str, message: str, remedy: str, place: Place | None) -> Finding:
    return Finding(Severity.VIOLATION, code, message, remedy, place=place)


def _is_number(term: _Node) -> bool:
    # Ten bytes of exponent can make a number of gigabytes in a reader that trusts them.
    return isinstance(term, ox.Literal) and term.datatype.value in (XSD + "decimal", XSD + "integer")


def _name(datatype: ox.NamedNode, prefixes: Mapping[str, str]) -> str:
    value = datatype.value
    prefix = next((prefix for prefix, namespace in prefixes.items() if namespace == XSD), "xsd")
    return f"{prefix}:{value[len(XSD) :]}" if value.startswith(XSD) else f"<{value}>"


def _short(value: str) -> str:
    return f'"{value}"' if len(value) <= _SHOWN else f'"{value[:_SHOWN]}…"'
