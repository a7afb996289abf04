"""A SHACL result as a finding: the shape's own message, what stands there, what is allowed, what to write instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Place, Severity
from milieu.namespaces import ASSERTED, RDF, SH, XSD
from milieu.sparql.term import read_term
from milieu.spelling import nearest
from milieu.turtle.literals import fits, spelled
from milieu.validate.case import Case
from milieu.validate.correction import spellings
from milieu.validate.demands import Of
from milieu.validate.engine import Result
from milieu.validate.form import form_of
from milieu.validate.misplaced import placed_right
from milieu.validate.phrase import Phrases
from milieu.validate.place import At
from milieu.validate.schema import local_name
from milieu.validate.shapegraph import text_of
from milieu.validate.whole import FolderShapes

__all__ = ["explained", "finding_of", "without_echoes"]

# What a value is comes before what it says: a text that is no number is not also too small.
_FIRST = ("sh:minCount", "sh:nodeKind", "sh:datatype", "sh:class", "sh:in", "sh:node", "sh:or")
_KINDS = frozenset({*_FIRST, "sh:pattern", "sh:xone", "sh:and", "sh:not", "sh:hasValue"}) - {"sh:minCount"}
_SEVERITIES = {f"<{SH}Warning>": Severity.WARNING, f"<{SH}Info>": Severity.INFO}
_STRING, _ADDRESS = XSD + "string", XSD + "anyURI"
REPLACE = (
    "A contribution adds and never replaces. If the graph is wrong, correct it in its file in data/, or take back the "
    "contribution that brought it ('milieu retract'), and hand in yours then; otherwise leave yours out."
)
"""How a value that the graph has is corrected."""


def finding_of(result: Result, shapes: FolderShapes, at: At, phrases: Phrases) -> Finding:
    """The finding that a validation result comes to; its place is that of the value, the predicate or the subject.

    `phrases` has the words for what a shape does not say itself.
    """
    message, _, snippet = (phrases.of(result) or _message(result)).partition(": write ")
    example = snippet or shapes.examples.get(result.source_shape)
    return Finding(
        _SEVERITIES.get(result.severity, Severity.VIOLATION),
        result.code,
        message if message.endswith((".", "!", "?", ".)")) else f"{message}.",
        f"For example: {example}" if example else "",
        focus=result.focus,
        path=result.path,
        value=result.value,
        shape=result.source_shape,
        place=at(result.focus, result.path, result.value, result.code),
    )


def explained(result: Result, shapes: FolderShapes, case: Case) -> Finding:
    """The same in full, for a contribution: what stands there, what may, and an edit when it is plain."""
    found = finding_of(result, shapes, case.placed.at, case.demands.phrases)
    of = case.demands.of(result.source_shape)
    place = _target_place(result, case) or found.place
    fix = _fix(result, of, case, place) if place else None
    # What the message lists is not listed again.
    listed = result.value is None or (result.code == "sh:in" and case.demands.phrases.of(result) is not None)
    detail = [_detail(result, of, case), "" if listed else case.demands.allowed(of)]
    message = " ".join(part for part in (found.message, *detail) if part)
    value = found.value or _behind(result, case)
    remedy = f"{fix.description} {found.remedy}".strip() if fix else _remedy(result, of, case) or found.remedy
    return Finding(
        found.severity,
        found.code,
        message,
        remedy,
        focus=found.focus,
        path=found.path,
        value=value,
        shape=found.shape,
        place=place,
        fix=fix,
    )


def without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, each mistake once: constraints of one shape that fault the same value say the same thing."""
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in sorted(findings, key=_importance):
        what = "kind" if finding.code in _KINDS else finding.code
        # Of a thing as a whole two shapes demand two things, such as a name of some form and a source.
        what += finding.shape or "" if finding.path is None else ""
        kept.setdefault((finding.place, finding.focus, finding.path, finding.value, what), finding)
    return list(kept.values())


def _importance(finding: Finding) -> int:
    return _FIRST.index(finding.code) if finding.code in _FIRST else len(_FIRST)


def _message(result: Result) -> str:
    """The shape's message, in English when it has several; the engine's when it has none."""
    said = [term for text in result.messages if (term := read_term(text))]
    if not said:
        return f"{result.code} is not met."
    return next((term.value for term in said if term.language.startswith("en")), said[0].value)


def _behind(result: Result, case: Case) -> str | None:
    """The one value behind which something is missing, when a longer path leads to it."""
    steps = re.findall(r"<[^<>]*>", result.path or "")
    if len(steps) < 2 or "/" not in re.sub(r"<[^<>]*>", "", result.path or ""):
        return None
    values = [str(t.object) for t in case.placed.about.get(result.focus, ()) if str(t.predicate) == steps[0]]
    return values[0] if len(values) == 1 else None


def _target_place(result: Result, case: Case) -> Place | None:
    """The predicate, when the node is judged because of it and is of another class."""
    predicates = _misplaced(result, case)
    return case.placed.predicate(result.focus, predicates) if predicates else None


def _misplaced(result: Result, case: Case) -> Collection[str]:
    """The predicates because of which a node of another class is judged."""
    if result.path is not None or result.code != "sh:class" or result.value not in (None, result.focus):
        return ()
    target = next((one for one in case.demands.compiled.targets if one.name == result.source_shape), None)
    return target.subjects_of if target and case.types(result.focus) else ()


def _remedy(result: Result, of: Of, case: Case) -> str:
    """Advice that only the contribution and the graph together allow, in place of the shape's example."""
    if result.code in ("sh:maxCount", "sh:uniqueLang") and _in_graph(result, case):
        return REPLACE
    predicates = _misplaced(result, case)
    return placed_right(case, result.focus, predicates, of.classes) if predicates else ""


def _in_graph(result: Result, case: Case) -> list[str]:
    """What the graph has already where only one value, or one in each language, is allowed."""
    if not result.focus.startswith("<") or not (result.path or "").startswith("<"):
        return []
    values = [str(t.object) for t in case.placed.about.get(result.focus, ()) if str(t.predicate) == result.path]
    asked = (ox.NamedNode(result.focus[1:-1]), ox.NamedNode((result.path or "")[1:-1]), None)
    old = [each for _, _, each in case.schema.store.match([asked], ASSERTED) if str(each) not in values]
    if result.code == "sh:uniqueLang":
        languages = {each.rpartition("@")[2] for each in values}
        old = [each for each in old if isinstance(each, ox.Literal) and each.language in languages]
    return [case.demands.compact(str(each)) for each in old]


def _detail(result: Result, of: Of, case: Case) -> str:
    """What stands there, where the shape's message cannot know it."""
    demands, value, shape = case.demands, result.value, result.source_shape
    on_path = [t for t in case.placed.about.get(result.focus, ()) if str(t.predicate) == result.path]
    if result.code in ("sh:maxCount", "sh:uniqueLang") and result.path and result.path.startswith("<"):
        values = [demands.compact(str(t.object)) for t in on_path]
        old = _in_graph(result, case)
        if old:
            return f"The graph has {', '.join(old)} already; here stands {', '.join(values)}."
        return f"Here stand {', '.join(values)}."
    if result.code in ("sh:minCount", "sh:qualifiedMinCount") or value is None:
        return ""
    name = demands.name(value)
    if result.code in ("sh:class", "sh:node", "sh:or") and value.startswith("<") and (of.classes or of.having):
        if not case.types(value):
            return f"{name} is not known." if value != result.focus else f"{name} has no class."
        return f"{name} is {demands.kind(value, case.own_types.get(value, ()))}."
    if result.code in ("sh:datatype", "sh:nodeKind", "sh:or", "sh:class"):
        return f"{name} is {demands.kind(value)}." if value.startswith('"') else f"Here stands {name}."
    if result.code == "sh:pattern" and value.startswith('"'):
        pattern = demands.one(shape, "pattern") if demands.phrases.of(result) is None else None
        form = form_of(text_of(pattern)) if pattern else None
        return f"{name} is not of this form: {form}." if form else f"Here stands {name}."
    for code, words in _LIMITS.items():
        if result.code == code:
            limit = demands.one(shape, code.removeprefix("sh:"))
            return f"{name} is {words} {demands.compact(limit)}." if limit else ""
    return f"Here stands {name}."


_LIMITS = {
    "sh:minInclusive": "less than",
    "sh:maxInclusive": "more than",
    "sh:minExclusive": "not more than",
    "sh:maxExclusive": "not less than",
}


def _fix(result: Result, of: Of, case: Case, place: Place) -> Fix | None:
    if result.value is None or result.value == result.focus:
        return None
    if result.value.startswith('"'):
        term = read_term(result.value)
        if term is None:
            return None
        pattern = case.demands.one(result.source_shape, "pattern")
        form = re.compile(text_of(pattern)) if pattern else None
        if form and result.code == "sh:pattern":
            return _respelled(result.value, term.value, form, case, place)
        return _retyped(result.value, term.value, term.language, of, case, place, form)
    if result.value.startswith("<") and (of.having or of.terms):
        return _other_entry(result.value[1:-1], of, case, place)
    return None


def _respelled(text: str, value: str, form: re.Pattern[str], case: Case, place: Place) -> Fix | None:
    """The same in a spelling that the pattern allows."""
    for other in spellings(value):
        if form.search(other):
            written = case.demands.written(text.replace(str(ox.Literal(value)), str(ox.Literal(other)), 1))
            return Fix(place, written, f"Write {written}.", safe=False)
    return None


def _retyped(
    text: str, value: str, language: str, of: Of, case: Case, place: Place, form: re.Pattern[str] | None
) -> Fix | None:
    """The same text with the datatype that its form tells, or with a language."""
    prefixes = case.schema.prefixes
    kinds = [one[1:-1] for one in of.datatypes]
    if f"{RDF}langString" in kinds and not language:
        guess = "ja" if _is_japanese(value) else "en"
        literal = ox.Literal(value, language=guess)
        return Fix(place, str(literal), f"Write {case.demands.compact(str(literal))}.", safe=False)
    if _STRING in kinds and not text.endswith(f"{_STRING}>") and text != str(ox.Literal(value)):
        return Fix(place, str(ox.Literal(value)), f"Write {case.demands.compact(str(ox.Literal(value)))}.")
    # 23.000 where a whole number is wanted may be twenty-three thousand.
    doubtful = text.endswith(f"{XSD}decimal>")
    for kind in kinds:
        others = spellings(value) if kind == _ADDRESS else (_without_comma(value.strip(), kind),)
        for spelling in dict.fromkeys((value, *others)):
            if form and not form.search(spelling):
                continue  # the next round would refuse it
            literal = ox.Literal(spelling, datatype=ox.NamedNode(kind))
            if kind.startswith(XSD) and kind != _STRING and fits(literal) and str(literal) != text:
                written = spelled(literal, prefixes)
                return Fix(place, written, f"Write {written}.", safe=spelling == value and not doubtful)
    return _shorter_date(value, kinds, case, place)


def _without_comma(value: str, kind: str) -> str:
    """A number with the comma of thousands left out, or that of decimals made a point; as it is when either may be."""
    thousands = re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+", value)
    if kind == f"{XSD}decimal":
        return value.replace(",", ".") if not thousands and value.count(",") == 1 else value
    return value.replace(",", "") if thousands else value


def _shorter_date(value: str, kinds: Sequence[str], case: Case, place: Place) -> Fix | None:
    """A date where only its year is wanted."""
    if kinds == [XSD + "gYear"] and value[:4].isdigit() and value[4:5] in ("-", ""):
        written = spelled(ox.Literal(value[:4], datatype=ox.NamedNode(XSD + "gYear")), case.schema.prefixes)
        return Fix(place, written, f"Write {written}.", safe=False)
    return None


def _other_entry(iri: str, of: Of, case: Case, place: Place) -> Fix | None:
    """The entry of the list that is most like what stands there."""
    entries = {local_name(one): one for one in case.demands.candidates(of)}
    like = nearest(local_name(iri), entries, least=0.75)
    if like is None:
        return None
    meant = case.schema.prefixes.compact(entries[like])
    return Fix(place, meant, f"Did you mean {meant}?", safe=False)


def _is_japanese(text: str) -> bool:
    return any("\u3040" <= letter <= "\u30ff" or "\u4e00" <= letter <= "\u9fff" for letter in text)
