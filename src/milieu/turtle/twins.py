"""Marks typed on another keyboard, and characters that nobody sees, where Turtle has plain marks and names.

A Japanese keyboard writes `；` for `;`, a word processor a no-break space, and what is copied from a page holds zero
width spaces. Each is told by its name and replaced by its plain twin, so that the rest is read as it is meant.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeAlias

from milieu.finding import Finding, Fix, Place, Severity
from milieu.turtle.guard import CONTROLS
from milieu.turtle.tokens import Kind, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from milieu.turtle.tokens import Lines

_Twin: TypeAlias = "tuple[int, int, str, Finding | None]"

__all__ = ["SET_QUOTES", "with_twins"]

SET_QUOTES = re.compile(
    r"“([^\r\n“”„]*)”|[„‟]([^\r\n“”„‟]*)[“”]|”([^\r\n“”„]*)”|«([^\r\n«»]*)»|[‘’‚‛]([^\r\n‘’‚‛]*)[‘’](?![^\W_])"
    r'|[“”„‟]([^\r\n"“”„‟]*)"'
)
"""Quotes that a word processor sets, with the closing one of their kind, or the straight one that was forgotten."""

_MARKS = {
    "；": ";",
    "，": ",",
    "、": ",",
    "､": ",",
    "。": ".",
    "．": ".",
    "｡": ".",
    "：": ":",
    "＠": "@",
    "［": "[",
    "］": "]",
    "（": "(",
    "）": ")",
    "＾": "^",
}
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = "\u00ad\u180e\u200b\u2060-\u2064\ufeff"
# By group: marks, spaces, what nobody sees.
_ODD = re.compile(f"([{''.join(_MARKS)}])|([{_SPACES}]+)|((?:[{_UNSEEN}]|{CONTROLS.pattern})+)")
_REST = re.compile(rf"[^\s;,\[\](){{}}\"'<>#{''.join(_MARKS)}{_SPACES}]*")
_APOSTROPHE = re.compile(r"(?<=\w)'([^\W\d_][\w-]*)")
_PREFIXED = re.compile(r"[^\W\d_][\w-]*[:：]")
_BLANK, _HIDDEN = 2, 3
_READ = frozenset({Kind.NAME, Kind.WORD, Kind.NODE, Kind.STRAY})


def with_twins(text: str, lines: Lines) -> tuple[str, list[Finding]]:
    r"""The text, as long as it was, with plain marks for others outside of texts and IRIs; and a finding for each.

    >>> from milieu.turtle.tokens import Lines
    >>> written = "c:kyoto\u3000a c:City ； c:near c:nara 。"
    >>> with_twins(written, Lines(written, "new.ttl"))[0]
    'c:kyoto a c:City ; c:near c:nara .'
    """
    if not _ODD.search(text) and not _APOSTROPHE.search(text):
        return text, []
    findings: list[Finding] = []
    parts: list[str] = []
    copied = 0
    for start, end, plain, finding in _twins(text, lines):
        parts += (text[copied:start], plain)
        copied = end
        findings += (finding,) if finding else ()
    return "".join((*parts, text[copied:])), findings


def _twins(text: str, lines: Lines) -> Iterator[_Twin]:
    """Where something odd stands, what to read there, of the same length, and what to say of it."""
    at, token = 0, (0, 0)
    while match := pattern().match(text, at):
        if match.lastindex is None:
            return
        start, at = match.span(match.lastindex)
        begin = token[0] if token[1] == start else start
        token = begin, at
        if Kind(match.lastindex) not in _READ:
            continue
        quoted = SET_QUOTES.match(text, start)
        if quoted:
            at = quoted.end()
            continue
        odd = _ODD.search(text, start, at)
        while odd:
            hidden = odd.lastindex == _HIDDEN
            told = _unseen(text, begin, odd, lines) if hidden else _mark(text, odd, lines)
            begin = begin if hidden else told[1]
            yield told
            at = max(at, told[1])
            odd = _ODD.search(text, told[1], at)
        token = begin, at
        apostrophe = _APOSTROPHE.match(text, at) if match.lastindex == Kind.NAME else None
        if apostrophe and _is_of_name(text, apostrophe):
            yield _apostrophe(text, begin, apostrophe, lines)
            at = apostrophe.end()


def _is_of_name(text: str, apostrophe: re.Match[str]) -> bool:
    """Whether an apostrophe behind a name opens no text: it has no other on its line, or an `s` alone behind it."""
    if apostrophe[1] == "s" and text[apostrophe.end() : apostrophe.end() + 1].isspace():
        return True
    quote = pattern().match(text, apostrophe.start())
    return quote is not None and quote.lastindex == Kind.OPEN_STRING


def _apostrophe(text: str, begin: int, found: re.Match[str], lines: Lines) -> _Twin:
    place = lines.place(found.start(), found.start() + 1)
    fix = Fix(place, "", "Leave the apostrophe out.", safe=False)
    remedy = f"Leave it out: {text[begin : found.start()]}{found[1]}."
    finding = _finding("syntax", "An apostrophe cannot stand in a name.", remedy, place, fix)
    return found.start(), found.end(), f"{found[1]} ", finding


def _mark(text: str, odd: re.Match[str], lines: Lines) -> _Twin:
    start, end = odd.span()
    place = lines.place(start, end)
    named = f"{unicodedata.name(odd[0][0]).lower()}, U+{ord(odd[0][0]):04X}"
    if odd.lastindex == _BLANK:
        told = f"What looks like a space is none to Turtle ({named})."
        fix = Fix(place, " ", "Write a space.")
        return start, end, " " * (end - start), _finding("syntax", told, "Write a space.", place, fix)
    twin = _MARKS[odd[0]]
    # Between letters or digits it may belong to a name or a number, but for a colon, an at-sign, and what stands before
    # another name with its prefix.
    within = text[start - 1 : start].isalnum() and text[end : end + 1].isalnum() and twin not in ":@"
    within = within and (twin == "." or not _PREFIXED.match(text, end))
    space = " " if within and twin == "." and not text[end].isdigit() else ""
    fix = Fix(place, twin + space, f"Write {twin}", safe=not within)
    message = f"The mark {odd[0]} ({named}) is none of Turtle's."
    return start, end, twin, _finding("syntax", message, f"Write {twin} in its place.", place, fix)


def _unseen(text: str, begin: int, odd: re.Match[str], lines: Lines) -> _Twin:
    """What nobody sees is taken out of a name, and made up for behind it."""
    start, behind = odd.span()
    end = behind + len(_REST.match(text, behind)[0].rstrip("."))  # type: ignore[index]
    rest = _ODD.sub("", text[behind:end])
    plain = rest + " " * (end - start - len(rest))
    hidden = [sign for sign in dict.fromkeys(text[start:end]) if _ODD.match(sign) and not CONTROLS.match(sign)]
    if not hidden:
        return start, end, plain, None  # was told where the bytes were looked at
    names = " and ".join(f"U+{ord(sign):04X} ({unicodedata.name(sign).lower()})" for sign in hidden)
    meant = text[begin:start] + rest
    place = lines.place(begin, end)
    fix = Fix(lines.place(start, end), rest, "Remove what nobody sees.")
    remedy = f"Write {meant}." if meant else "Remove it."
    return (
        start,
        end,
        plain,
        _finding("invisible-letter", f"Nobody sees {names} here.", remedy, place, fix),
    )


def _finding(code: str, message: str, remedy: str, place: Place, fix: Fix) -> Finding:
    return Finding(Severity.VIOLATION, code, message, remedy, place=place, fix=fix)
