"""Step 2, directions: properties that are never asserted, and statements written the wrong way round."""

from __future__ import annotations

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Place
from milieu.validate.case import Case
from milieu.validate.vocabulary import Vocabulary

__all__ = ["check_direction"]


def check_direction(case: Case) -> Vocabulary:
    """Findings for statements that say it the other way round, each with the statement that was meant."""
    found = Vocabulary()
    for triple in case.triples:
        predicate, value = triple.predicate.value, triple.object
        if not isinstance(value, ox.NamedNode | ox.BlankNode) or predicate not in case.schema.object_properties:
            continue
        turned = case.schema.turned.get(predicate)
        if turned and not _has_shape(case, predicate):
            meant = ox.Triple(value, ox.NamedNode(turned), triple.subject)
            found.findings.append(_inverse(case, triple, meant))
            found.meant[triple] = meant
        elif predicate in case.schema.derived and not _has_shape(case, predicate):
            found.findings.append(_derived(case, triple))
        elif _is_swapped(case, triple):
            meant = ox.Triple(value, triple.predicate, triple.subject)
            found.findings.append(_swapped(case, triple, meant))
            found.meant[triple] = meant
    return found


def _has_shape(case: Case, predicate: str) -> bool:
    """A derived property may be asserted when the shapes say something of it."""
    name = f"<{predicate}>"
    return name in case.demands.by_path or bool(case.demands.by_target(name))


def _is_swapped(case: Case, triple: ox.Triple) -> bool:
    """Whether neither end fits, and both would if they changed places."""
    subject, value, predicate = str(triple.subject), str(triple.object), triple.predicate.value
    wrong = (case.fits(subject, predicate, end="domain"), case.fits(value, predicate, end="range"))
    if False not in wrong or True in wrong:
        return False
    right = (case.fits(value, predicate, end="domain"), case.fits(subject, predicate, end="range"))
    return False not in right and True in right


def _inverse(case: Case, triple: ox.Triple, meant: ox.Triple) -> Finding:
    compact = case.schema.prefixes.compact
    name, other = compact(triple.predicate.value), compact(meant.predicate.value)
    message = f"{name} is never stated; it follows from {other}, which says the same the other way round."
    return _finding(case, "inverse-direction", message, triple, meant, safe=True, at_predicate=True)


def _derived(case: Case, triple: ox.Triple) -> Finding:
    compact = case.schema.prefixes.compact
    steps = " and ".join(
        dict.fromkeys(compact(_asserted(case, step)) for step in case.schema.chain(triple.predicate.value))
    )
    located = case.locate(triple)
    return case.say(
        "derived-property",
        f"{compact(triple.predicate.value)} is never stated; it follows by itself.",
        f"State {steps}, from which it follows." if steps else "Leave it out.",
        triple,
        located.predicate if located else None,
    )


def _asserted(case: Case, step: str) -> str:
    return case.schema.turned.get(step, step)


def _swapped(case: Case, triple: ox.Triple, meant: ox.Triple) -> Finding:
    demands = case.demands
    name = case.schema.prefixes.compact(triple.predicate.value)
    domain, range_ = (table.get(triple.predicate.value) for table in (case.schema.domains, case.schema.ranges))
    ends = f"from a {case.schema.prefixes.compact(domain)}" if domain else ""
    if range_:
        ends += f"{' ' if ends else ''}to a {case.schema.prefixes.compact(range_)}"
    one, other = (
        f"{demands.compact(node)} is {demands.kind(node, case.types(node)[:1])}"
        for node in (str(triple.subject), str(triple.object))
    )
    message = f"Subject and object seem to have changed places: {name} leads {ends}, but {one} and {other}."
    return _finding(case, "swapped", message, triple, meant, safe=False, at_predicate=False)


def _finding(
    case: Case, code: str, message: str, triple: ox.Triple, meant: ox.Triple, *, safe: bool, at_predicate: bool
) -> Finding:
    statement = " ".join(
        (*(case.demands.compact(str(term)) for term in (meant.subject, meant.predicate, meant.object)), ".")
    )
    located = case.locate(triple)
    place = None if located is None else located.predicate if at_predicate else case.spot(triple)
    nameless = isinstance(meant.subject, ox.BlankNode) or isinstance(meant.object, ox.BlankNode)
    fix = None if located is None or nameless else _turn(case, triple, located.statement, statement, safe=safe)
    return case.say(code, message, f"Write {statement}", triple, place, fix=fix)


def _turn(case: Case, triple: ox.Triple, whole: Place, statement: str, *, safe: bool) -> Fix | None:
    """The edit that takes a triple out of its sentence and puts a sentence of its own behind it."""
    rest = case.placed.without(triple)
    if rest is None:
        return None
    text = f"{rest}\n{statement}" if rest else statement
    return Fix(whole, text, f"Write {statement}", safe=safe)
