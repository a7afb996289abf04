"""Broken strings, IRIs and prefixes of a text, and the text with harmless stand-ins for them.

A quote left open turns everything after it inside out, and an unknown prefix hides the rest of its statement. Put
right one at a time, they would take the writer as many tries as there are mistakes. So each is reported and replaced
by a stand-in, of the same length where it can be, that lets the parser read on; what the stand-ins state is dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from milieu.finding import Finding, Fix, Severity
from milieu.spelling import nearest
from milieu.turtle.ending import cut_within
from milieu.turtle.syntax import ended_within
from milieu.turtle.tokens import Kind, Lines, quotes, tokens
from milieu.turtle.twins import SET_QUOTES, with_twins

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from milieu.finding import Place

__all__ = ["STAND_IN", "STAND_IN_NAMESPACE", "Mended", "mend"]

STAND_IN = "\ue000"
"""A character of the private use area; a term that holds it was put in by us."""

STAND_IN_NAMESPACE = f"x:?{STAND_IN}"
"""A namespace whose names stand for nothing."""

_Span: TypeAlias = tuple[int, int]
# What is longer was not mistyped; and after so many unknown prefixes nobody meant any of the known.
_LONG = 60
_GUESSES = 20
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[tbnrf\"'\\]|.)", re.DOTALL)
# Read backwards from the end of a line: spaces, a mark that ends a statement or a part of it, closing brackets.
_MARKS_AT_END = re.compile(r"[ \t]*[.;,]?(?:[ \t]*[\])])*[ \t]*")
_BARE_ADDRESS = re.compile(r"//[^\s<>\"]*?(?=[;,]?(?:\s|\Z)|\.(?:\s|\Z))")
_BEHIND = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^[^\s;,\[\]()]+|")
_LETTERS = re.compile(r"[^\W\d_]\w*")
_LANGUAGE = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*_[A-Za-z0-9_-]*")


@dataclass
class Mended:
    """A text that can be read on, the prefixes it lacked, what was wrong, and the offsets of quotes left open.

    So is what else the text breaks off in. Of those in `ended` the line tells where the text was to end; of the `spots`
    nobody knows how far it goes. What is `closing` are quotes that only close.
    """

    text: str
    prefixes: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    spots: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    closing: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Wound:
    start: int
    end: int
    stand_in: str
    finding: Finding | None
    open: bool = False
    ended: bool = False


def mend(text: str, file: str, table: Mapping[str, str], *, with_prefixes: bool = True) -> Mended:
    r"""The text with stand-ins for what is broken in it, and a finding for each; `table` is the folder's.

    >>> mended = mend("@prefix c: <http://c/> .\nc:kyoto c:name 'Kyoto ;\n  c:near c:nara .", "new.ttl", {})
    >>> print(mended.findings[0].place, mended.findings[0].message)
    new.ttl:2:16 The text that begins here has no closing quote on its line.
    """
    lines = Lines(text, file)
    text, odd = with_twins(text, lines)
    mended = Mended(text, findings=odd)
    parts: list[str] = []
    copied = 0
    for wound in _wounds(text, lines):
        if wound.finding:
            mended.findings.append(wound.finding)
        else:
            mended.closing.append(wound.start)
        if wound.open:
            (mended.ended if wound.ended else mended.spots).append(wound.start)
        parts += (text[copied : wound.start], wound.stand_in)
        copied = wound.end
    mended.text = "".join((*parts, text[copied:]))
    uses, declared = _prefixes(text) if with_prefixes else ({}, set())
    for prefix, places in uses.items():
        words = {*declared, *table} if len(mended.prefixes) < _GUESSES else set()
        finding, namespace = _undeclared(prefix, places, lines, table, declared, words)
        mended.findings.append(finding)
        mended.prefixes[prefix] = namespace
    return mended


def _wounds(text: str, lines: Lines) -> Iterator[_Wound]:
    healed = 0
    for kind, start, end in tokens(text):
        if start < healed:
            continue
        token = text[start:end]
        wound = None
        if kind is Kind.STRING and "\\" in token:
            wound = _bad_escape(token, start, lines)
        if kind is Kind.STRING and not wound:
            wound = _ended_within(text, start, end, lines)
        elif kind is Kind.NAME and token in ("http:", "https:"):
            wound = _bare_address(text, start, end, lines)
        elif kind is Kind.AT and text[end : end + 1] == "_":
            wound = _language(text, start, lines)
        elif kind is Kind.STRAY:
            wound = _set_quotes(text, start, lines)
        elif kind is Kind.OPEN_STRING:
            wound = _open_string(text, start, end, lines)
        elif kind is Kind.OPEN_LONG_STRING:
            wound = _open_long_string(token, start, lines)
        elif kind is Kind.BROKEN_IRI:
            wound = _broken_iri(text, start, end, lines)
        if wound:
            healed = wound.end
            yield wound


def _at_end(wound: _Wound, text: str) -> _Wound:
    """The wound, with the doubt that the file is cut off when the text ends at it: of its row nothing else is told."""
    if wound.finding is None or wound.end < len(text):
        return wound
    return replace(wound, finding=cut_within(wound.finding), open=True, ended=True)


def _string(length: int) -> str:
    return '"' + STAND_IN * max(length - 2, 1) + '"'


def _iri(length: int) -> str:
    return f"<{STAND_IN_NAMESPACE}{STAND_IN * (length - 6)}>"


def _finding(code: str, message: str, remedy: str, place: Place, fix: Fix | None = None) -> Finding:
    return Finding(Severity.VIOLATION, code, message, remedy, place=place, fix=fix)


def _bad_escape(token: str, start: int, lines: Lines) -> _Wound | None:
    for match in _ESCAPE.finditer(token):
        if len(match[1]) == 1 and match[1] not in "tbnrf\"'\\":
            place = lines.place(start + match.start(), start + match.end())
            finding = _finding(
                "syntax",
                f"{match[0]} means nothing in a text.",
                r"Write \\ for a backslash; the others are \n, \t, \r, \b, \f, \", \', \uXXXX and \UXXXXXXXX.",
                place,
                Fix(place, "\\" + match[0], "Double the backslash.", safe=False),
            )
            return _Wound(start, start + len(token), _string(len(token)), finding)
    return None


def _ended_within(text: str, start: int, end: int, lines: Lines) -> _Wound | None:
    """A text that a quote within it ended, as the letter behind tells; nobody knows how far it was to go."""
    marks = quotes(text[start:end])
    inside = end - start - 2 * marks
    behind = _LETTERS.match(text, end)
    if inside < 1 or not behind:
        return None
    mark = text[start : start + marks]
    finding = ended_within(text, end - 1, behind.end(), lines)
    return _Wound(start, end, mark + STAND_IN * inside + mark, finding, open=True)


def _set_quotes(text: str, start: int, lines: Lines) -> _Wound | None:
    match = SET_QUOTES.match(text, start)
    if not match:
        return None
    end = match.end()
    inside = next((group for group in match.groups() if group is not None), "")
    straight = '"' + inside.replace('"', '\\"') + '"'
    behind = _BEHIND.match(text, end)
    finding = _finding(
        "syntax",
        f"The quotes {text[start]} and {text[end - 1]} are not those of Turtle.",
        f"Write {straight}{behind[0] if behind else ''}.",
        lines.place(start, behind.end() if behind else end),
        Fix(lines.place(start, end), straight, "Use straight quotes.", safe="\\" not in inside),
    )
    return _Wound(start, end, _string(end - start), finding)


def _open_string(text: str, start: int, end: int, lines: Lines) -> _Wound:
    token, before = text[start:end], text[start - 1 : start]
    marks = _MARKS_AT_END.match(token[::-1])
    body = token[: len(token) - marks.end()] if marks else token
    if before.isalnum():
        # A quote right behind a word closes something; the word itself is what the parser will not take.
        return _Wound(start, start + len(body), " " * len(body), None)
    at = lines.place(start + len(body), start + len(body))
    finding = _finding(
        "syntax",
        "The text that begins here has no closing quote on its line.",
        'Close it on the same line, write \\n for a line break, or use three quotes, """, for a text of several lines.',
        lines.place(start, start + len(body)),
        Fix(at, token[0], "Close the text here.", safe=False),
    )
    if start + len(body) == len(text):
        finding = cut_within(finding)
    ended = any(mark in token[len(body) :] for mark in ".;,")
    return _Wound(start, start + len(body), _string(len(body)), finding, open=True, ended=ended)


def _open_long_string(token: str, start: int, lines: Lines) -> _Wound:
    end, token = start + len(token), token[:3]
    finding = _finding(
        "syntax",
        f"The text that begins here with {token} is never closed, so that everything after it is part of it.",
        f"Write {token} where the text ends, unless the file was cut off.",
        lines.place(start, start + len(token)),
    )
    # A dot after the stand-in lets the statement end, so that this one mistake is reported once.
    return _Wound(start, end, _string(3) + " .", finding, open=True)


def _broken_iri(text: str, start: int, end: int, lines: Lines) -> _Wound:
    token = text[start:end]
    place = lines.place(start, start + len(token))
    if not token.endswith(">"):
        finding = _finding(
            "broken-iri",
            f"The IRI {token} is not closed.",
            f"Write {token}>.",
            place,
            Fix(place, token + ">", "Close the IRI.", safe=False),
        )
        return _at_end(_Wound(start, end, _iri(len(token)), finding), text)
    inside = token[1:-1]
    wrong = next((mark for mark in inside if mark <= " " or mark in '<>"{}|^`\\'), " ")
    coded = re.sub(r'[\x00-\x20"{}|^`\\]', lambda match: f"%{ord(match[0]):02X}", inside.strip())
    finding = _finding(
        "broken-iri",
        f"The IRI {token} holds {'a space' if wrong == ' ' else repr(wrong)}, which no IRI may.",
        f"Write <{coded}>, if that is what you mean.",
        place,
        Fix(place, f"<{coded}>", "Code the character in percents.", safe=False),
    )
    return _Wound(start, start + len(token), _iri(len(token)), finding)


def _bare_address(text: str, start: int, end: int, lines: Lines) -> _Wound | None:
    rest = _BARE_ADDRESS.match(text, end)
    if not rest:
        return None
    address = text[start : rest.end()]
    place = lines.place(start, rest.end())
    finding = _finding(
        "syntax",
        f"The address {address} stands without angle brackets.",
        f"Write <{address}>.",
        place,
        Fix(place, f"<{address}>", "Put the address in angle brackets."),
    )
    return _at_end(_Wound(start, rest.end(), _iri(len(address)), finding), text)


def _language(text: str, start: int, lines: Lines) -> _Wound | None:
    match = _LANGUAGE.match(text, start)
    if not match:
        return None
    tag = match[0].replace("_", "-").rstrip("-")
    place = lines.place(start, match.end())
    finding = _finding(
        "syntax",
        f"The language tag {match[0]} has an underscore in it.",
        f"Write {tag}.",
        place,
        Fix(place, tag, "Use a hyphen."),
    )
    return _at_end(_Wound(start, match.end(), tag + " " * (len(match[0]) - len(tag)), finding), text)


def _prefixes(text: str) -> tuple[dict[str, list[_Span]], set[str]]:
    """The prefixes that are used before any declaration, with the names they are used in; and the declared ones."""
    uses: dict[str, list[_Span]] = {}
    declared: set[str] = set()
    directive = False
    for kind, start, end in tokens(text):
        if kind is Kind.NAME:
            prefix = text[start : text.index(":", start, end)]
            if directive:
                declared.add(prefix)
            elif prefix not in declared and not text.startswith("//", end):
                uses.setdefault(prefix, []).append((start, end))
        # A directive may be misspelt; what stands behind a quote is a language.
        directive = (kind is Kind.AT and text[start - 1 : start] not in ("'", '"')) or (
            kind is Kind.WORD and text[start:end].lower() == "prefix"
        )
    return uses, declared


def _undeclared(
    prefix: str, uses: list[_Span], lines: Lines, table: Mapping[str, str], declared: set[str], words: set[str]
) -> tuple[Finding, str]:
    """What to say of an undeclared prefix, and a namespace that lets the parser read on."""
    places = [lines.place(start, end) for start, end in uses]
    fix = None
    namespace = STAND_IN_NAMESPACE
    if prefix in declared:
        message, remedy = f"The prefix {prefix}: is used before it is declared.", "Move its declaration to the top."
    elif prefix in table:
        line = f"@prefix {prefix}: <{table[prefix]}> ."
        message, remedy = f"The prefix {prefix}: is not declared.", f"Write {line} at the top of the text."
        top = lines.place(lines.offset(1, 1), lines.offset(1, 1))
        fix = Fix(top, line + "\n", f"Declare {prefix}: as the graph does.")
        namespace = table[prefix]
    else:
        meant = nearest(prefix, words)
        message = f"The prefix {prefix}: is not declared."
        remedy = f"Did you mean {meant}:?" if meant else f"Declare it at the top: @prefix {prefix}: <…> ."
        if all(end - start == 1 for start, end in uses):
            remedy = f"Write ';' if that is meant. {remedy}"
        if meant in declared and len(uses) == 1:
            start = uses[0][0]
            fix = Fix(lines.place(start, start + len(prefix) + 1), f"{meant}:", f"Write {meant}: instead.")
    finding = Finding(
        Severity.VIOLATION, "unknown-prefix", message, remedy, place=places[0], fix=fix, related=tuple(places[1:])
    )
    return finding, namespace
