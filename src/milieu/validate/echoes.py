"""One mistake, one finding: what only repeats another finding becomes a place beside it, or goes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from milieu.finding import Finding, Place, Severity
from milieu.namespaces import OWL, RDF, RDFS, SH, SKOS
from milieu.validate.case import Case
from milieu.validate.letters import CODE as LOOK_ALIKE
from milieu.validate.placeholders import CODE as PLACEHOLDER
from milieu.validate.result import without_echoes

__all__ = ["gathered", "torn"]

MOST = 500
"""How many findings are told; nobody reads more at a time."""

_TYPE = f"<{RDF}type>"
_NAMES = (f"<{RDFS}label>", f"<{SKOS}prefLabel>")
_ANNOTATED = f"<{OWL}annotatedSource>"
# What makes a value a stranger to every shape that looks at it.
_OF_VALUE = frozenset(
    {"unknown-thing", "unknown-term", "unknown-class", "unknown-property", "text-for-thing", "class-as-thing"}
    | {"wrong-namespace", "class-as-property", "thing-as-class", "property-as-class", "unknown-language", "swapped"}
    | {"inverse-direction", "derived-property", "bad-literal", "control-character", "too-long"}
    | {"markup", "list", "empty-text", "unknown-datatype"}
)
# Evidence for a statement with such a value would be refused in its turn.
_TO_REPLACE = frozenset({"unknown-thing", "text-for-thing", "class-as-thing"})
_OF_NODE = frozenset({"untyped", "unknown-class", "thing-as-class", "property-as-class"})
_OF_TEXT = frozenset({"syntax", "broken-iri", "unknown-prefix", "rdf-12", "encoding"})
_BEYOND = frozenset({"changes-ontology", "changes-shapes", "changes-evidence"})
_KIND = frozenset({"sh:class", "sh:node", "sh:or", "sh:nodeKind", "sh:datatype", "sh:pattern", "sh:in", "sh:not"})
_SIZE = frozenset(
    {"sh:minInclusive", "sh:maxInclusive", "sh:minExclusive", "sh:maxExclusive", "sh:lessThan", "sh:languageIn"}
    | {"sh:lessThanOrEquals", "sh:minLength", "sh:maxLength"}
)
_COUNT = frozenset({"sh:minCount", "sh:qualifiedMinCount"})
_LONGEST = 2000
_NOWHERE = Place("", 0, 0, 0, 0)


def gathered(findings: Iterable[Finding], case: Case) -> list[Finding]:
    """The findings of all steps, without those that another one has said already, more plainly.

    Findings of one code about one name are one, with the other places beside it; so are equal doubts. Of more than
    `MOST` the gravest are told.
    """
    kept = without_echoes(findings)
    echoes = _Echoes.of(kept, case)
    own = [echoes.unsure(one) for one in kept if not echoes.has(one)]
    told = [_cut(finding) for finding in _grouped(_raised(own))]
    if len(told) <= MOST:
        return told
    gravest = sorted(told, key=lambda finding: -finding.severity)
    more = f"There are {len(told) - MOST:,} more findings; these are the gravest {MOST:,}."
    # What is left out is never graver than this: warnings keep nothing out, however many there are.
    return [*gravest[:MOST], Finding(gravest[MOST].severity, "too-many", more, "Mend these first.")]


@dataclass(frozen=True)
class _Echoes:
    """What has been said plainly, so that it need not be said again."""

    strangers: frozenset[str | None]
    """Nodes of which nobody knows what they are."""
    torn: frozenset[str | None]
    """Nodes with a sentence that could not be read to its end: something may only seem to be missing."""
    nameless: frozenset[str | None]
    """Nodes that have got no name since what they would be named after is wrong."""
    examples: frozenset[str | None]
    """Nodes that are still a template's: doubts about what it says of them are none of the contributor's."""
    unproved: frozenset[str | None]
    """Nodes whose evidence could not be read; None among them when nobody knows for which nodes it is."""
    torn_types: frozenset[str | None]
    """Nodes of two classes that exclude each other: what the second demands is not the mistake."""
    faulted: frozenset[Place | None]
    commas: tuple[Place, ...]
    """Where a number has a comma, which makes two of it: what a shape says of either is not the mistake."""
    cut: tuple[Place, ...]
    """Where the text may be cut off."""
    beyond: frozenset[tuple[str | None, ...]]
    wrong_values: frozenset[tuple[str | None, ...]]
    wrong_statements: frozenset[tuple[str | None, ...]]
    to_replace: frozenset[tuple[str | None, ...]]
    deprecated: frozenset[tuple[str | None, ...]]
    repeated: frozenset[tuple[str | None, ...]]
    """Where there is one value too many in a language."""
    misplaced: frozenset[tuple[str | None, str]]
    misplaced_at: frozenset[tuple[str | None, Place | None]]

    @classmethod
    def of(cls, findings: Iterable[Finding], case: Case) -> _Echoes:
        found = list(findings)
        of_value = [one for one in found if one.code in _OF_VALUE]
        wrong = [*of_value, *(one for one in found if one.code in _KIND and one.path is not None)]
        misplaced = [
            one for one in found if one.code == "sh:class" and one.path is None and case.types(one.focus or "")
        ]
        misplaced_at = frozenset((one.focus, one.place) for one in misplaced)
        graph = case.demands.graph if misplaced else None
        broken = torn(found, case)
        return cls(
            strangers=frozenset(one.focus for one in found if one.code in _OF_NODE),
            torn=broken,
            nameless=frozenset(one.focus for one in found if one.path and (one.focus or "").startswith("_:")),
            examples=frozenset(one.focus for one in found if one.code == PLACEHOLDER),
            unproved=_unproved(broken, case),
            torn_types=frozenset(
                one.focus
                for one in found
                if one.code.startswith("clash:") and one.path == _TYPE and not _comes_of(one, misplaced_at)
            ),
            faulted=frozenset(one.place for one in of_value if one.place),
            commas=tuple(one.place for one in found if one.code == "decimal-comma" and one.place),
            cut=tuple(one.place for one in found if one.code == "cut-off" and one.place),
            beyond=frozenset(_statement(one) for one in found if one.code in _BEYOND),
            wrong_values=frozenset((one.focus, one.path) for one in wrong),
            wrong_statements=frozenset(map(_statement, wrong)),
            to_replace=frozenset(_statement(one) for one in found if one.code in _TO_REPLACE),
            repeated=frozenset((one.focus, one.path) for one in found if one.code == "sh:uniqueLang"),
            deprecated=frozenset((one.focus, one.path) for one in found if one.code == "deprecated"),
            misplaced=frozenset(
                (one.focus, each)
                for one in misplaced
                if graph
                for each in graph.objects(one.shape or "", SH + "property")
            ),
            misplaced_at=misplaced_at,
        )

    def unsure(self, finding: Finding) -> Finding:
        """The finding, with a fix that leaves doubt when what it mends may be read otherwise once the text is whole."""
        fix = finding.fix
        if fix is None or not fix.safe or finding.code in _OF_TEXT:
            return finding
        if finding.focus in self.torn or any(_meets(cut, fix.place) for cut in self.cut):
            return replace(finding, fix=replace(fix, safe=False))
        return finding

    def has(self, finding: Finding) -> bool:
        """Whether this finding is an echo."""
        code = finding.code
        if _statement(finding) in self.beyond and code not in _BEYOND:
            return True
        if finding.severity < Severity.VIOLATION and code != PLACEHOLDER and finding.focus in self.examples:
            return True
        if code.startswith("clash:"):
            return _statement(finding) in self.wrong_statements or _comes_of(finding, self.misplaced_at)
        if code == "already-known":
            return any(_meets(finding.place, place) for place in self.faulted)
        if code == "untyped":
            return finding.focus in self.torn
        if code.startswith("sh:") and any(_meets(comma, finding.place) for comma in self.commas):
            return True
        if code.startswith("sh:") or code in ("unchecked", "no-evidence"):
            return self._of_shape(finding)
        return False

    def _of_shape(self, finding: Finding) -> bool:
        code, focus, path = finding.code, finding.focus, finding.path
        if code == "no-evidence" and (_statement(finding) in self.to_replace or self.unproved & {focus, None}):
            return True
        # A second name or class is a mistake, not a statement that wants proof.
        mistaken = (focus, path) in self.repeated or _statement(finding) in self.wrong_statements
        if code == "no-evidence" and path in (_TYPE, *_NAMES) and mistaken:
            return True
        if code == "no-evidence" and _comes_of(finding, self.misplaced_at):
            return True
        if (focus in self.strangers or focus in self.nameless) and path is None:
            return True
        if (path is None or code in _COUNT or code == "no-evidence") and (
            focus in self.torn or focus in self.torn_types
        ):
            return True
        if code in _COUNT:
            # The value that is wanted is there, but wrong.
            wrong = (focus, path) in self.wrong_values or finding.value in self.strangers - {None}
            return wrong or (focus, finding.shape or "") in self.misplaced
        if code == "sh:maxCount":
            return (focus, path) in self.deprecated or (focus in self.torn_types and path == _TYPE)
        if code in _KIND and finding.value in self.strangers and finding.value != focus:
            return True
        if code in _SIZE and _statement(finding) in self.wrong_statements:
            return True
        return code in (_KIND | _SIZE) and finding.place in self.faulted


def _raised(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with a letter that looks like another told in place of what comes of it, and as gravely."""
    odd = {one.value for one in findings if one.code == LOOK_ALIKE}
    if not odd:
        return list(findings)
    worst: dict[str | None, Severity] = {}
    kept = []
    for finding in findings:
        name = _named(finding)
        if name in odd:
            worst[name] = max(finding.severity, worst.get(name, finding.severity))
        else:
            kept.append(finding)
    return [
        replace(one, severity=max(one.severity, worst.get(one.value, one.severity))) if one.code == LOOK_ALIKE else one
        for one in kept
    ]


def _named(finding: Finding) -> str | None:
    """The name that a finding refuses, when it does nothing else."""
    if finding.code == "sh:pattern" and finding.path is None:
        return finding.focus
    return _name(finding) or None


def _comes_of(finding: Finding, misplaced: Iterable[tuple[str | None, Place | None]]) -> bool:
    """Whether a finding comes of a property at a thing of the wrong class, which the shapes have said."""
    places = (finding.place, *finding.related)
    return any(focus == finding.focus and any(_meets(each, place) for each in places) for focus, place in misplaced)


def _cut(finding: Finding) -> Finding:
    """The finding with no more words than anyone reads, however long the terms are that it speaks of."""
    if len(finding.message) <= _LONGEST and len(finding.remedy) <= _LONGEST:
        return finding
    message, remedy = (
        text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in (finding.message, finding.remedy)
    )
    return replace(finding, message=message, remedy=remedy)


def _statement(finding: Finding) -> tuple[str | None, ...]:
    return (finding.focus, finding.path, finding.value)


def torn(findings: Iterable[Finding], case: Case) -> frozenset[str | None]:
    """The nodes whose sentence holds a mistake of syntax: the last that begin before each."""
    wounds = [
        one.place
        for one in findings
        if one.place
        and (one.code in _OF_TEXT or (one.code == "says-nothing" and one.severity is Severity.VIOLATION))
        and not (one.fix and one.fix.text.startswith("@prefix"))
    ]
    if not wounds:
        return frozenset()
    located = [
        (place, node)
        for node, triples in case.placed.about.items()
        for triple in triples
        if (place := case.locate(triple))
    ]
    # In brackets the node whose bracket opened last, and around them that with whose name the statement begins.
    begun = sorted((place.subject, node) for place, node in located)
    outer = sorted((place.subject, node) for place, node in located if _begin(place.subject) == _begin(place.statement))
    found = set()
    for nodes in (begun, outer):
        starts = [(place.file, *_begin(place)) for place, _ in nodes]
        for wound in wounds:
            at = bisect_right(starts, (wound.file, *_begin(wound))) - 1
            if at >= 0 and nodes[at][0].file == wound.file:
                found.add(nodes[at][1])
    return frozenset(found)


def _unproved(torn: Iterable[str | None], case: Case) -> frozenset[str | None]:
    """What the evidence among torn nodes is for; None for evidence that does not tell."""
    found: set[str | None] = set()
    for axiom in case.axioms.intersection(torn):
        found.update(evidenced(axiom, case) or (None,))
    return frozenset(found)


def evidenced(axiom: str | None, case: Case) -> list[str]:
    """The nodes that a node is evidence for statements of."""
    about = case.placed.about.get(axiom or "", ())
    return [str(triple.object) for triple in about if str(triple.predicate) == _ANNOTATED]


def _begin(place: Place) -> tuple[int, int]:
    return (place.line, place.column)


def _meets(here: Place | None, place: Place | None) -> bool:
    """Whether the second place begins within the first."""
    if here is None or place is None or here.file != place.file:
        return False
    return (here.line, here.column) <= (place.line, place.column) < (here.end_line, here.end_column)


def _grouped(findings: Iterable[Finding]) -> list[Finding]:
    first: dict[tuple[str, str], int] = {}
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda one: (one.place is None, one.place or _NOWHERE)):
        key = (finding.code, _name(finding) or _doubt(finding))
        if key[1] and finding.place and key in first:
            number = first[key]
            if finding.place not in (kept[number].place, *kept[number].related):
                kept[number] = replace(kept[number], related=(*kept[number].related, finding.place))
            continue
        if key[1]:
            first[key] = len(kept)
        kept.append(finding)
    return kept


def _name(finding: Finding) -> str:
    """The name that a finding is about, when that is all it is about."""
    if finding.code == "wrong-namespace":
        return f"{finding.place} {finding.message}"  # each place has its fix
    if finding.code in ("unknown-property", "class-as-property") and finding.path:
        return finding.path
    if finding.code in ("unknown-class", "unknown-thing", "unknown-term") and finding.value:
        return finding.value
    return ""


def _doubt(finding: Finding) -> str:
    """What a shape asks for without demanding it, in the words it uses of every thing."""
    return finding.message if finding.shape and not finding.fix and finding.severity < Severity.VIOLATION else ""
