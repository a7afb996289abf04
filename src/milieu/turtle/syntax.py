"""Syntax errors in plain words: what pyoxigraph's parser says, as findings that tell what to write instead."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from milieu.finding import Finding, Fix, Place, Severity
from milieu.turtle.tokens import Kind, Lines, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Fault", "explained", "fault"]

_POSITION = re.compile(r"^Parser error (?:at|between) line \d+ (?:columns? )?[^:]*: ", re.DOTALL)
_TAG = re.compile(r"@?[A-Za-z0-9-]*")
_BOOLEANS = ("true", "false")

_PLAIN: tuple[tuple[re.Pattern[str], str, str, str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), code, message, remedy)
    for pattern, code, message, remedy in (
        (
            r"No scheme found in an absolute IRI",
            "broken-iri",
            "The IRI {token} is relative, and the text has no base to resolve it against.",
            "Write the whole IRI, <https://…>, or a prefixed name.",
        ),
        (
            r"Invalid IRI percent encoding '(.*)'|escapes in IRIs should be %.*found '(.*)'",
            "broken-iri",
            "{token} holds {0}; after % two hexadecimal digits must follow.",
            "Write %25 for a percent sign.",
        ),
        (
            r"Invalid (?:IRI code point|character) (.*)",
            "broken-iri",
            "The IRI {token} holds {0}, which is not allowed there.",
            "Write it in percents, as %20 for a space.",
        ),
        (
            r"The prefixed name \S+ builds IRI (\S+) that is invalid.*",
            "broken-iri",
            "The name {token} stands for {0}, which is not a valid IRI.",
            "Check the namespace that its prefix is declared with.",
        ),
        (
            r"Expecting a datatype IRI after \^\^, found .*",
            "syntax",
            "After ^^ the name of a datatype is expected, not {token}.",
            'Write it as in "2009"^^xsd:gYear.',
        ),
        (
            r".*(?:subtag|language code).*",
            "syntax",
            "{token} is not a language tag.",
            "Write a tag such as @en, @ja or @zh-hant.",
        ),
        (
            r"blank node property lists should end with a '\]'",
            "syntax",
            "A [ before this place is not closed.",
            "Write ] where the bracket ends.",
        ),
        (
            r"The (?:PREFIX|BASE).*",
            "syntax",
            "This declaration is not complete.",
            "Write @prefix name: <namespace> . or @base <iri> .",
        ),
        (
            r"Quads must be followed by a dot|Triples should be followed by a dot|Unexpected end(?: of file)?",
            "syntax",
            "The statement before this place has no end.",
            "End it with ' .'.",
        ),
        (
            r"Only a single triple or quad can be written in a line.*",
            "syntax",
            "A second statement begins on this line.",
            "In N-Triples and N-Quads each statement has its own line.",
        ),
        (
            r"The (\w+) of a triple must be (.*)",
            "syntax",
            "{token} cannot be the {0} here: it must be {1}.",
            "In N-Triples every IRI is written whole, in angle brackets, and every literal in double quotes.",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of pyoxigraph's parser: what it said, and from where to where in the text."""

    message: str
    start: int
    end: int


def fault(error: SyntaxError, lines: Lines, above: int = 0) -> Fault:
    """What the parser said, without its place, and that place as offsets; `above` lines were put before the text."""
    message = _POSITION.sub("", str(error.args[0] if error.args else error))
    if error.lineno is None:
        return Fault(message, 0, 0)
    column = error.offset or 1
    start = lines.offset(error.lineno - above, column)
    end = lines.offset((error.end_lineno or error.lineno) - above, error.end_offset or column)
    return Fault(message, start, max(start, end))


def explained(faults: Sequence[Fault], text: str, lines: Lines, mended: Iterable[int] = ()) -> list[Finding]:
    """The faults as findings; after the first of a statement only those that are mistakes of their own.

    After an error the parser begins anew within the statement, and stumbles over what is left of it. `mended` are
    offsets of what was reported already; a quarrel about structure in the same statement comes from there.
    """
    words = [(kind, start, end) for kind, start, end in tokens(text)]
    dots = [start for kind, start, _ in words if kind is Kind.MARK and text[start] == "."]
    starts = [start for _, start, _ in words]
    taken = {bisect_left(dots, spot) for spot in mended}
    findings = []
    for one in sorted(faults, key=lambda one: (one.start, "A dot" not in one.message)):
        own = _own(one, text, lines)
        statement = bisect_left(dots, one.start)
        if own is None and statement in taken:
            continue
        taken.add(statement)
        number = bisect_left(starts, one.start)
        before = words[number - 1][2] if number else 0
        findings.append(own or _structure(one, text, lines, before))
    return findings


def _own(one: Fault, text: str, lines: Lines) -> Finding | None:
    """A mistake within one term, whatever stands around it; None when it is one of structure."""
    for pattern, code, message, remedy in _PLAIN[:6]:
        match = pattern.fullmatch(one.message)
        if match:
            return _say(one, text, lines, code, message, remedy, match)
    return None


def _say(one: Fault, text: str, lines: Lines, code: str, message: str, remedy: str, match: re.Match[str]) -> Finding:
    groups = [group for group in match.groups() if group is not None]
    start, end = one.start, one.end
    if "language tag" in message:
        start = text.rfind("@", 0, end)
        end = start + len(_TAG.match(text, start)[0])  # type: ignore[index]
    return _finding(code, message.format(*groups, token=text[start:end]), remedy, lines.place(start, end))


def _structure(one: Fault, text: str, lines: Lines, before: int) -> Finding:
    token = text[one.start : one.end]
    place = lines.place(one.start, one.end)
    for pattern, code, message, remedy in _PLAIN[6:]:
        match = pattern.fullmatch(one.message)
        if match:
            if "no end" in message:
                place = lines.place(max(before - 1, 0), before)
                dot = Fix(lines.place(before, before), " .", "End the statement.")
                return _finding(code, message.replace("before this place", "that ends here"), remedy, place, dot)
            return _say(one, text, lines, code, message, remedy, match)
    if one.message.startswith("A dot is expected"):
        return _no_dot(one, text, lines, before, place)
    if one.message.endswith("is not a valid RDF object"):
        return _no_object(token, place)
    if one.message.endswith("is not a valid predicate"):
        return _no_predicate(token, place)
    if one.message.endswith(("is not a valid subject or graph name", "is not a valid RDF subject")):
        return _no_subject(token, place)
    if "is not allowed at the beginning of" in one.message or one.message.startswith("Unexpected character"):
        return _finding(
            "syntax",
            f"{token} is not expected here.",
            "A term is a prefixed name, an IRI in angle brackets, a text in quotes or a number.",
            place,
        )
    return _finding("syntax", f"{one.message.rstrip('.')}.", "Statements are: subject predicate object .", place)


def _no_dot(one: Fault, text: str, lines: Lines, before: int, place: Place) -> Finding:
    token = text[one.start : one.end]
    if before == one.start and text[before - 1] in "\"'":
        return _finding(
            "syntax",
            "The text ends at this quote, and more follows.",
            'Write \\" for a quote inside a text, or use """ around it.',
            lines.place(before - 1, one.end),
        )
    if "\n" in text[before : one.start] or "\r" in text[before : one.start]:
        dot = Fix(lines.place(before, before), " .", "End the statement.")
        # A continuation is indented; what stands at the margin begins a statement.
        safe = text[one.start - 1] in "\r\n"
        here = lines.place(max(before - 1, 0), before)
        if safe:
            remedy = "End it with ' .'; if it goes on, put ';' before the next predicate or ',' before the next object."
            return _finding("syntax", "The statement that ends here has no dot.", remedy, here, dot)
        return _finding(
            "syntax",
            f"Between this and {token} a mark is missing.",
            "Put ';' before another predicate, ',' before another object of the same, or end the statement with ' .'.",
            here,
        )
    return _finding(
        "syntax",
        f"{token} is not expected here.",
        "After an object comes ';' and a predicate, ',' and an object, or ' .' at the end.",
        place,
    )


def _no_object(token: str, place: Place) -> Finding:
    if token.lower() in _BOOLEANS:
        fix = Fix(place, token.lower(), "Write it in small letters.")
        return _finding("syntax", f"{token} is not a boolean.", f"Write {token.lower()}.", place, fix)
    if token.isidentifier():
        remedy = f'Write "{token}" for a text, or a prefixed name such as city:{token.lower()}.'
        return _finding("syntax", f"{token} is neither a name with a prefix nor a text in quotes.", remedy, place)
    if token in {".", ";", ",", "]"}:
        return _finding("syntax", f"An object is missing before '{token}'.", "Write one, or leave the mark out.", place)
    return _finding(
        "syntax",
        f"{token} cannot be an object.",
        "An object is a prefixed name, an IRI in angle brackets, a text in quotes, a number, true or false.",
        place,
    )


def _no_predicate(token: str, place: Place) -> Finding:
    remedy = "A predicate is a prefixed name, an IRI in angle brackets, or a."
    if token in {".", ";", ",", "]", ")", "}"}:
        return _finding("syntax", f"A predicate is missing before '{token}'.", remedy, place)
    return _finding("syntax", f"{token} cannot be a predicate.", remedy, place)


def _no_subject(token: str, place: Place) -> Finding:
    remedy = "A subject is a prefixed name or an IRI in angle brackets."
    if token in {".", ";", ",", "]", ")", "}"}:
        return _finding("syntax", f"A statement cannot begin with '{token}'.", remedy, place)
    if token.lower().startswith("@pre"):
        fix = Fix(place, "@prefix", "Write @prefix.")
        return _finding("syntax", f"{token} is not a directive.", "Write @prefix.", place, fix)
    if token[:1] in "\"'+-0123456789":
        return _finding("syntax", f"The literal {token} cannot be a subject.", remedy, place)
    return _finding("syntax", f"{token} cannot be a subject.", remedy, place)


def _finding(code: str, message: str, remedy: str, place: Place, fix: Fix | None = None) -> Finding:
    return Finding(Severity.VIOLATION, code, message, remedy, place=place, fix=fix)
