"""The gate: the steps that a contribution goes through, each adding findings, none hiding the next."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Place, Report, Severity
from milieu.namespaces import Prefixes
from milieu.spelling import nearest
from milieu.store.oxigraph import OxigraphStore
from milieu.store.seam import Pattern, Triple
from milieu.turtle.dialect import Dialect
from milieu.turtle.literals import canonical
from milieu.turtle.parse import Parsed, parse
from milieu.validate.case import Case
from milieu.validate.clashes import check_clashes, consequences
from milieu.validate.contribution import MOST_BYTES, Contribution
from milieu.validate.datatypes import check_datatypes
from milieu.validate.demands import Demands
from milieu.validate.direction import check_direction
from milieu.validate.duplicates import check_duplicates
from milieu.validate.echoes import MOST, gathered
from milieu.validate.engine import Result
from milieu.validate.fragment import SetView, StoreView, View
from milieu.validate.hygiene import check_hygiene
from milieu.validate.incremental import Judges, validate_change
from milieu.validate.language import check_languages
from milieu.validate.letters import check_letters
from milieu.validate.limits import check_limits, check_links
from milieu.validate.lists import check_lists
from milieu.validate.names import name_nodes
from milieu.validate.nodes import check_evidence, check_nodes
from milieu.validate.place import Placed
from milieu.validate.placeholders import check_placeholders
from milieu.validate.result import explained
from milieu.validate.schema import Schema, local_name
from milieu.validate.scope import BEYOND, check_scope
from milieu.validate.texts import check_texts
from milieu.validate.vocabulary import check_vocabulary, respelled
from milieu.validate.whole import Base, FolderShapes, compiled_shapes

if TYPE_CHECKING:
    from milieu.folder import Folder

__all__ = ["Contribution", "Examined", "examine", "validate"]

_PART = 200
_ALIKE = 0.9
_DIGITS = re.compile("[0-9a-f]{16}(?:-[0-9]+)?")
MOST_TRIPLES = 200_000
"""How many statements it may make."""


@dataclass(frozen=True)
class Examined:
    """A contribution after the gate: the report, and the triples that were judged, which are those to be stored."""

    report: Report
    triples: tuple[ox.Triple, ...]
    named: dict[ox.BlankNode, ox.NamedNode]


def validate(
    folder: Folder,
    build: Base,
    contributions: Sequence[Contribution],
    *,
    engine: Judges = "shifty",
    brief: bool = True,
) -> Report:
    """What is to be said of these contributions, taken together, if they joined the graph of that build.

    Syntax, vocabulary, scope, shapes, reasoning, doubts: every step says what it can, whatever the others found.
    Unless `brief`, the report also reads back what is claimed, and tells which stored queries would answer otherwise.
    """
    return examine(folder, build, contributions, engine=engine, brief=brief).report


def examine(
    folder: Folder,
    build: Base,
    contributions: Sequence[Contribution],
    *,
    engine: Judges = "shifty",
    brief: bool = True,
) -> Examined:
    """The same, with the triples as they would be stored: nodes without a name have got one."""
    prefixes = Prefixes(build.prefixes)
    shapes = compiled_shapes(folder, build)
    schema = Schema(build.store, prefixes)
    demands = Demands(shapes.shapes, schema)
    placed, findings, named = _taken(contributions, schema, demands)
    files = [contribution.name for contribution in contributions]
    if len(placed.triples) > MOST_TRIPLES:
        message = f"There are {len(placed.triples):,} statements, more than the {MOST_TRIPLES:,} that may come at once."
        findings.append(Finding(Severity.VIOLATION, "too-many", message, "Hand them in in parts."))
        return Examined(Report(findings, files), tuple(placed.triples), named)
    case = Case(placed, schema, demands)
    aside = list(check_limits(case))
    findings += aside
    findings += check_letters(case)
    case, listed = check_lists(_within(case, aside), BEYOND)
    findings += listed
    case, said = _understood(case)
    findings += said
    findings += check_languages(case)
    findings += check_texts(case)
    findings += check_datatypes(case)
    findings += check_placeholders(case)
    beyond = list(check_scope(case))
    findings += beyond
    case = _within(case, beyond)
    judged, looked_at = check_shapes(case, shapes, build, engine)
    findings += judged
    findings += check_nodes(case, looked_at)
    findings += check_evidence(case)
    findings += check_clashes(case, folder)
    findings += check_duplicates(case)
    findings += check_hygiene(case, folder, build.path.parent / "checks", list(findings))
    refused = {(one.focus, one.path, one.value) for one in findings if one.severity is Severity.VIOLATION}
    findings += (one for one in check_links(case) if (one.focus, one.path, one.value) not in refused)
    if not placed.triples and not findings:
        message, remedy = "There is not a single statement in it.", "'milieu new KIND' prints one to begin with."
        findings.append(Finding(Severity.WARNING, "empty", message, remedy))
    dialects = {
        contribution.name: Dialect.of(contribution.content.decode("utf-8", "replace"), contribution.format, prefixes)
        for contribution in contributions
        if contribution.format not in ("turtle", "trig")
    }
    told = [
        dialects[finding.place.file].worded(finding) if finding.place and finding.place.file in dialects else finding
        for finding in _as_written(gathered(findings, case), named, schema)
    ]
    report = Report(told, files) if brief else _in_full(told, files, case, folder, build)
    return Examined(report, tuple(placed.triples), named)


def check_shapes(
    case: Case, shapes: FolderShapes, build: Base, engine: Judges = "shifty"
) -> tuple[list[Finding], Collection[str]]:
    """Step 4, shapes: what SHACL says of the graph that would result, for the nodes whose verdict can change.

    What it would have said before as well is no fault of the contribution. A long contribution is judged part by part,
    until there are more violations than anyone reads. Also gives the nodes that a shape looks at.
    """
    view = StoreView(build.store)
    added: list[Triple] = [(triple.subject, triple.predicate, triple.object) for triple in case.triples]  # type: ignore[misc]
    parts = list(_parts(added))
    whole: View = _With(view, added) if len(parts) > 1 else view
    findings: dict[Finding, None] = {}
    looked_at: set[str] = set()
    for part in parts:
        after = validate_change(whole, shapes.shapes, part, engine=engine)
        findings.update(dict.fromkeys(after.findings))
        new = _not_before(after.results, view, case, part, shapes, engine)
        findings.update(dict.fromkeys(explained(result, shapes, case) for result in new))
        for foci in after.affected.values():
            looked_at |= set(case.placed.about) if foci is None else foci
        if sum(finding.severity is Severity.VIOLATION for finding in findings) > MOST:
            looked_at |= set(case.placed.about)
            break
    return list(findings), looked_at


def _parts(triples: Iterable[Triple]) -> Iterator[list[Triple]]:
    """The triples in parts of some hundreds; those of one subject stay together, so that it is judged once."""
    about: dict[object, list[Triple]] = {}
    for triple in triples:
        about.setdefault(triple[0], []).append(triple)
    part: list[Triple] = []
    for of_one in about.values():
        part += of_one
        if len(part) >= _PART:
            yield part
            part = []
    if part:
        yield part


def _not_before(
    results: Sequence[Result], view: View, case: Case, part: Iterable[Triple], shapes: FolderShapes, engine: Judges
) -> list[Result]:
    """Those results that the graph as it is would not give."""
    if not results:
        return []
    new = [triple for triple in part if not case.schema.states(ox.Triple(*triple))]
    before = validate_change(_With(view, new), shapes.shapes, [], new, engine=engine)
    old = {result.key for result in before.results}
    return [result for result in results if result.key not in old]


class _With:
    """A graph together with triples that it may not have yet."""

    def __init__(self, view: View, added: Iterable[Triple]) -> None:
        self._view = view
        self._added = SetView(added)

    def match(self, patterns: Sequence[Pattern]) -> Iterator[Triple]:
        yield from self._view.match(patterns)
        yield from self._added.match(patterns)


def _as_written(
    findings: Iterable[Finding], named: Mapping[ox.BlankNode, ox.NamedNode], schema: Schema
) -> Iterator[Finding]:
    """The findings without the names that evidence has got from the gate, which are nothing but digits."""
    digits = {
        schema.prefixes.compact(name.value)
        for name in named.values()
        if _DIGITS.fullmatch(local_name(name.value)) and not schema.knows(name.value)
    }
    if not digits:
        yield from findings
        return
    names = re.compile("|".join(map(re.escape, sorted(digits))))
    for finding in findings:
        if names.search(finding.message + finding.remedy):
            message, remedy = (names.sub("your evidence", text) for text in (finding.message, finding.remedy))
            yield replace(finding, message=message[:1].upper() + message[1:], remedy=remedy)
        else:
            yield finding


def _taken(
    contributions: Sequence[Contribution], schema: Schema, demands: Demands
) -> tuple[Placed, list[Finding], dict[ox.BlankNode, ox.NamedNode]]:
    """Step 1, syntax: the triples of all contributions, with what is wrong with their texts."""
    placed, findings = Placed(), list[Finding]()
    named: dict[ox.BlankNode, ox.NamedNode] = {}
    taken: set[str] = set()
    read: list[tuple[Parsed, list[ox.Quad], dict[str, str], dict[ox.Literal, ox.Literal]]] = []
    for contribution in contributions:
        if len(contribution.content) > MOST_BYTES:
            message = f"{contribution.name} has more than {MOST_BYTES:,} bytes."
            findings.append(Finding(Severity.VIOLATION, "too-long", message, "Hand it in in parts."))
            continue
        parsed = parse(contribution.content, contribution.name, contribution.format, prefixes=schema.prefixes)
        findings.extend(parsed.findings)
        wrong = list(_wrong_prefixes(parsed, contribution, schema))
        findings.extend(finding for finding, _, _ in wrong)
        spaces = {space: right for _, space, right in wrong}
        # What the store keeps is what is judged and written, so that nobody's spelling hides a value from the shapes.
        kept = canonical(quad.object for quad in parsed.quads if isinstance(quad.object, ox.Literal))
        quads = [_moved(quad, spaces, kept) for quad in parsed.quads] if spaces or kept else parsed.quads
        terms = (term for quad in quads for term in (quad.subject, quad.object))
        taken |= {term.value for term in terms if isinstance(term, ox.NamedNode)}
        read.append((parsed, quads, spaces, kept))
    for parsed, quads, spaces, kept in read:
        names = name_nodes(quads, schema, demands, taken)
        named.update(names)
        placed.take(parsed, names, spaces, kept)
    return placed, findings, named


def _understood(case: Case) -> tuple[Case, list[Finding]]:
    """Step 2, vocabulary; what follows looks at what was probably meant, so that one slip is told once."""
    words = check_vocabulary(case)
    if words.meant:
        case = Case(case.placed.instead(words.meant), case.schema, case.demands)
    turned = check_direction(case)
    if turned.meant:
        case = Case(case.placed.instead(turned.meant), case.schema, case.demands)
    return case, [*words.findings, *turned.findings]


def _within(case: Case, beyond: Iterable[Finding]) -> Case:
    """The case without the triples that are refused: nothing is ever concluded from those."""
    refused = {(finding.focus, finding.path, finding.value) for finding in beyond}
    if not refused:
        return case
    left_out = {t for t in case.triples if (str(t.subject), str(t.predicate), str(t.object)) in refused}
    return Case(case.placed.instead({}, left_out), case.schema, case.demands)


def _wrong_prefixes(parsed: Parsed, contribution: Contribution, schema: Schema) -> Iterator[tuple[Finding, str, str]]:
    """Prefixes declared with a namespace that is almost one of ours: finding, namespace, the right one."""
    known = frozenset(schema.prefixes.values())
    for prefix, space in parsed.prefixes.items():
        if space in known:
            continue
        sure = respelled(space, schema.prefixes)
        # A prefix of the table with a namespace that is nearly the table's own: another host, or a letter amiss.
        right = sure or nearest(space, [schema.prefixes.get(prefix, "")], _ALIKE)
        if right is None or right not in schema.thing_spaces | schema.term_spaces:
            continue
        place = _declaration(contribution, prefix, space)
        yield (
            Finding(
                Severity.VIOLATION,
                "wrong-namespace",
                f"The prefix {prefix}: is declared with <{space}>, but the graph's namespace is <{right}>.",
                f"Write <{right}>.",
                value=f"<{space}>",
                place=place,
                fix=Fix(place, f"<{right}>", f"Write <{right}>.", safe=sure is not None) if place else None,
            ),
            space,
            right,
        )


def _declaration(contribution: Contribution, prefix: str, space: str) -> Place | None:
    from milieu.turtle.tokens import Lines

    text = contribution.content.decode("utf-8-sig", "replace")
    found = re.search(rf"prefix\s+{re.escape(prefix)}:\s*(<{re.escape(space)}>)", text, re.IGNORECASE)
    return Lines(text, contribution.name).place(*found.span(1)) if found else None


def _moved(quad: ox.Quad, spaces: dict[str, str], kept: dict[ox.Literal, ox.Literal]) -> ox.Quad:
    from milieu.validate.place import moved

    triple = moved(quad.triple, spaces, kept)
    return ox.Quad(triple.subject, triple.predicate, triple.object)


def _in_full(findings: list[Finding], files: list[str], case: Case, folder: Folder, build: Base) -> Report:
    """Step 7: what is claimed and what would change; only of what might be accepted."""
    from milieu.validate.effects import effects_of
    from milieu.validate.readback import read_back

    report = Report(findings, files)
    if not report.conforms:
        return report
    if not isinstance(build.store, OxigraphStore):
        message = "Which stored queries would answer otherwise was not worked out: that takes a build."
        left_out = Finding(Severity.INFO, "effects-unknown", message, "Validate without --store to learn it.")
        return Report([*findings, left_out], files, readback=read_back(case))
    inferred = list(consequences(folder, build.store, case.triples).inferred)
    new = [triple for triple in case.triples if not case.schema.states(triple)]
    return Report(findings, files, readback=read_back(case), effects=effects_of(folder, build, new, inferred))
