"""Syntax errors in plain words: what pyoxigraph's parser says, as findings that tell what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from milieu.finding import Finding, Fix, Place, Severity

if TYPE_CHECKING:
    from milieu.turtle.tokens import Lines, Word

__all__ = ["Fault", "ended_within", "fault", "is_of_end", "not_ended", "not_opened", "of_structure", "of_term"]

_POSITION = re.compile(r"^Parser error (?:at|between) line \d+ (?:columns? )?[^:]*: ", re.DOTALL)
_TAG = re.compile(r"@?[A-Za-z0-9-]*")
_PERCENT = re.compile(r"Invalid IRI percent encoding '(.*)'|.*escapes in IRIs should be %.*found '(.*)'", re.DOTALL)
_UNBROKEN = re.compile(r"[^\s;,\[\](){}]*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONG = 1000  # a name is shorter
_BOOLEANS = ("true", "false")

_Plain: TypeAlias = tuple[tuple[re.Pattern[str], str, str, str], ...]


def _compiled(*rows: tuple[str, str, str, str]) -> _Plain:
    return tuple((re.compile(pattern, re.DOTALL), code, message, remedy) for pattern, code, message, remedy in rows)


# What the parser says, and what to say instead: of a mistake within one term, and of the structure around terms.
_OF_TERM = _compiled(
    (
        r"No scheme found in an absolute IRI",
        "broken-iri",
        "The IRI {token} is relative, and the text has no base to resolve it against.",
        "Write the whole IRI, <https://…>, or a prefixed name.",
    ),
    (
        _PERCENT.pattern,
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
        r"An? (?:integer|decimal|double)\b.* empty",
        "syntax",
        "{token} is not a number.",
        "Write digits, with one point at most, or put it in quotes if it is a text.",
    ),
)
_OF_END = re.compile(r"Quads must be followed by a dot|Triples should be followed by a dot|Unexpected end(?: of file)?")
_OF_STRUCTURE = _compiled(
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
        _OF_END.pattern,
        "syntax",
        "The statement that ends here has no dot.",
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


@dataclass(frozen=True, slots=True)
class Fault:
    """One error of pyoxigraph's parser: what it said, and from where to where in the text."""

    message: str
    start: int
    end: int


def fault(error: SyntaxError, text: str, lines: Lines, above: int = 0) -> Fault:
    """What the parser said, without its place, and that place as offsets; `above` lines were put before the text."""
    message = _POSITION.sub("", str(error.args[0] if error.args else error))
    if error.lineno is None:
        return Fault(message, 0, 0)
    column = error.offset or 1
    start = lines.offset(error.lineno - above, column)
    end = lines.offset((error.end_lineno or error.lineno) - above, error.end_offset or column)
    percent = _PERCENT.fullmatch(message)
    if percent and text[start : start + 1] != "<":
        # In a prefixed name the parser counts wrongly: some characters too few.
        at = text.find(percent[1] or percent[2], start)
        if at >= 0:
            start, end = _run_around(text, at)
    return Fault(message, start, max(start, end))


def _run_around(text: str, at: int) -> tuple[int, int]:
    """Where the run of characters that holds an offset, without a space or a mark of structure, starts and ends."""
    before = _UNBROKEN.match(text[max(at - _LONG, 0) : at][::-1])
    return at - len(before[0] if before else ""), max(_unbroken(text, at), at + 1)


def is_of_end(one: Fault) -> bool:
    """Whether the parser met the end of the text, or of a line that is to hold a statement, before a dot."""
    return _OF_END.fullmatch(one.message) is not None


def of_term(one: Fault, text: str, lines: Lines) -> Finding | None:
    """What to say of a mistake within one term, whatever stands around it; None when it is one of structure."""
    for pattern, code, message, remedy in _OF_TERM:
        match = pattern.fullmatch(one.message)
        if match:
            return _say(one, text, lines, code, message, remedy, match)
    return None


def _say(one: Fault, text: str, lines: Lines, code: str, message: str, remedy: str, match: re.Match[str]) -> Finding:
    groups = [group for group in match.groups() if group is not None]
    if match.re.pattern == _PERCENT.pattern:
        groups = [group.split()[0] for group in groups]  # the parser shows what stands behind the name, too
    start, end = one.start, one.end
    if "language tag" in message:
        start = text.rfind("@", 0, end)
        end = start + len(_TAG.match(text, start)[0])  # type: ignore[index]
    elif "not a number" in message:
        end = _unbroken(text, start)
    return _finding(code, message.format(*groups, token=text[start:end]), remedy, lines.place(start, end))


def of_structure(one: Fault, text: str, lines: Lines, last: tuple[int, int]) -> Finding:
    """What to say of a mistake in what stands around terms; `last` is where the term or mark before it stands."""
    token = text[one.start : one.end]
    place = lines.place(one.start, one.end)
    for pattern, code, message, remedy in _OF_STRUCTURE:
        match = pattern.fullmatch(one.message)
        if match:
            if is_of_end(one):
                dot = Fix(lines.place(last[1], last[1]), " .", "End the statement.")
                return _finding(code, message, remedy, lines.place(*last), dot)
            return _say(one, text, lines, code, message, remedy, match)
    if one.message.startswith("A dot is expected"):
        return _no_dot(one, text, lines, last, place)
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


def not_ended(mark: Word, lines: Lines) -> Finding:
    """What to say of a semicolon behind which another statement begins."""
    place = lines.place(mark[1], mark[2])
    fix = Fix(place, ".", "End the statement.", safe=False)
    return _finding("syntax", "What follows this ';' begins another statement.", "Write '.' here.", place, fix)


def not_opened(at: int, lines: Lines) -> Finding:
    """What to say of a quote that ends a text which nothing begins."""
    return _finding(
        "syntax", "Nothing opens what this quote closes.", "Leave it out, or open the text.", lines.place(at, at + 1)
    )


def ended_within(text: str, quote: int, end: int, lines: Lines) -> Finding:
    """What to say of a text that a quote within it ends: the quote stands at `quote`, what follows it ends at `end`."""
    mark = text[quote]
    remedy = f"Write \\{mark} for a quote inside a text, or use {mark * 3} around it."
    return _finding("syntax", "The text ends at this quote, and more follows.", remedy, lines.place(quote, end))


def _unbroken(text: str, start: int) -> int:
    """Where a run of characters without a space or a mark of structure ends; a dot at its end is no part of it."""
    return start + len(_UNBROKEN.match(text, start)[0].rstrip("."))  # type: ignore[index]


def _no_dot(one: Fault, text: str, lines: Lines, last: tuple[int, int], place: Place) -> Finding:
    token = text[one.start : one.end]
    begin, before = last
    if before == one.start and text[begin].isdigit():
        end = _unbroken(text, begin)
        shown = text[begin:end]
        date = _DATE.fullmatch(shown)
        remedy = f'Write "{shown}"^^xsd:date.' if date else "Write digits, with one point at most, or a text in quotes."
        return _finding("syntax", f"{shown} is not a number.", remedy, lines.place(begin, end))
    if before == one.start and text[before - 1] in "\"'":
        return ended_within(text, before - 1, one.end, lines)
    if "\n" in text[before : one.start] or "\r" in text[before : one.start]:
        dot = Fix(lines.place(before, before), " .", "End the statement.")
        # A continuation is indented; what stands at the margin begins a statement.
        safe = text[one.start - 1] in "\r\n"
        here = lines.place(*last)
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
