"""What is refused before a parser sees it: bytes that are not UTF-8, unseen controls, bombs, outside documents."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from milieu.finding import Finding, Fix, Severity
from milieu.turtle.tokens import Kind, Lines, term_around, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CONTROLS", "DEPTH", "LITERAL_BYTES", "controls", "decoded", "refused"]

DEPTH = 100
"""How deep brackets, objects and elements may nest."""
LITERAL_BYTES = 64 * 1024
"""How long a literal may be, in UTF-8."""

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Control characters other than tab and line ends, and those that reorder text (Unicode, property Bidi_Control)."""

_SURROGATES = re.compile("[\ud800-\udfff]")
_SHOWN = 20
# What is never closed runs to the end, so that it is not sought again from every point behind its beginning.
_JSON_PART = re.compile(r'"[^"\\]*(?:\\.?[^"\\]*)*(?:"|\Z)|[\[\]{}]', re.DOTALL)
_XML_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    r"|<(/?)[^\s<>/!?](?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(/?)>",
    re.DOTALL,
)
_XML_CODING = re.compile(r"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")
_OUTSIDE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def decoded(data: str | bytes, file: str) -> tuple[str, list[Finding]]:
    """The text without byte order mark, and a finding for each place that is not UTF-8 (shown there as U+FFFD).

    >>> text, findings = decoded("caf\u00e9".encode("latin-1"), "new.ttl")
    >>> text, str(findings[0].place)
    ('caf\ufffd', 'new.ttl:1:4')
    """
    if isinstance(data, str):
        text = data.removeprefix("\ufeff")
        wrong = list(_SURROGATES.finditer(text))
        lines = Lines(text, file)
        findings = [
            _finding("encoding", "Half a character stands here.", "Save it as UTF-8.", lines, m.start(), m.end())
            for m in wrong[:_SHOWN]
        ]
        return (_SURROGATES.sub("\ufffd", text) if wrong else text), findings
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
        message = "The text is UTF-16, not UTF-8."
        return text, [_finding("encoding", message, "Save it as UTF-8.", Lines(text, file), 0, 0)]
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        return text, [_not_utf8(data, Lines(text, file))]


def controls(text: str, lines: Lines, *, turtle: bool = True) -> list[Finding]:
    """A finding for each term, or place between them, with characters that nobody sees but that change what is read.

    It stands at the whole term, for nothing shows at the character itself; the fix takes just that away. In a text
    that is not `turtle` or one of its kin no terms are looked for.
    """
    shown = list(islice(CONTROLS.finditer(text), _SHOWN))
    if not shown:
        return []
    words = list(tokens(text)) if turtle else []
    runs: dict[tuple[int, int], list[re.Match[str]]] = {}
    for match in shown:
        runs.setdefault(term_around(words, match.start()) or match.span(), []).append(match)
    return [_unseen(text, lines, span, marks) for span, marks in runs.items()]


def _unseen(text: str, lines: Lines, span: tuple[int, int], marks: list[re.Match[str]]) -> Finding:
    start, end = marks[0].start(), marks[-1].end()
    names = [f"U+{ord(mark[0]):04X} ({unicodedata.name(mark[0], 'a control character').lower()})" for mark in marks]
    at = lines.place(start, end)
    where = "here" if (start, end) == span else f"in it, at line {at.line}, column {at.column}"
    listed = " and ".join(dict.fromkeys(names))
    plural = len(marks) > 1
    message = f"The invisible character{'s' * plural} {listed} stand{'s' * (not plural)} {where}."
    fix = Fix(at, CONTROLS.sub("", text[start:end]), "Remove it.", safe=False)
    return Finding(Severity.VIOLATION, "control-character", message, "Remove it.", place=lines.place(*span), fix=fix)


def refused(text: str, format: str, lines: Lines) -> list[Finding]:  # noqa: A002
    """Findings that forbid parsing at all: nesting beyond `DEPTH`, document types, contexts from elsewhere."""
    findings: list[Finding] = []
    if format == "rdfxml":
        outside = _OUTSIDE.search(text)
        if outside:
            message = "Document types and entities are not read."
            remedy = "Remove the declaration, and write out what its entities stand for."
            findings.append(_finding("doctype", message, remedy, lines, outside.start(), outside.end()))
        coding = _XML_CODING.match(text)
        if coding and coding[1].lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
            message = f"The document says it is {coding[1]}."
            findings.append(_finding("encoding", message, "Save it as UTF-8.", lines, coding.start(1), coding.end(1)))
    deep = _too_deep(text, format)
    if deep is not None:
        message = f"Brackets nest deeper than {DEPTH} here."
        findings.append(
            _finding("too-deep", message, "Name the inner things and state them apart.", lines, deep, deep + 1)
        )
    return findings


def _too_deep(text: str, format: str) -> int | None:  # noqa: A002
    opening = "<" if format == "rdfxml" else "[{" if format == "jsonld" else "[({<"
    if sum(text.count(mark) for mark in opening) <= DEPTH:
        return None
    depth = 0
    for step, start in _steps(text, format):
        depth = max(depth + step, 0)
        if depth > DEPTH:
            return start
    return None


def _steps(text: str, format: str) -> Iterator[tuple[int, int]]:  # noqa: A002
    """Every bracket: +1 or -1, and where."""
    if format == "rdfxml":
        for match in _XML_TAG.finditer(text):
            if match[1] is not None and not match[2]:
                yield (-1 if match[1] else 1), match.start()
    elif format == "jsonld":
        for match in _JSON_PART.finditer(text):
            if match[0][0] != '"':
                yield (1 if match[0] in "[{" else -1), match.start()
    else:
        for kind, start, end in tokens(text):
            if kind in (Kind.MARK, Kind.BRACE, Kind.RDF12):
                token = text[start:end]
                if token in ("[", "(", "{", "<<", "<<(", "{|"):
                    yield 1, start
                elif token in ("]", ")", "}", ">>", "|}"):
                    yield -1, start


def _bad_bytes(data: bytes) -> Iterator[int]:
    """Where the bytes stop being UTF-8, from the start, as often as is worth showing."""
    start = 0
    for _ in range(_SHOWN):
        try:
            data[start:].decode()
        except UnicodeDecodeError as fault:
            yield start + fault.start
            start += fault.end
        else:
            return


def _not_utf8(data: bytes, lines: Lines) -> Finding:
    offsets = list(_bad_bytes(data))
    starts = [len(data[:offset].decode("utf-8", "replace")) for offset in offsets]
    places = [lines.place(start, start + 1) for start in starts]
    message = f"The byte {data[offsets[0]]:#04x} is not UTF-8."
    guess = _guess(data)
    remedy = f"The text looks like {guess}: save it as UTF-8." if guess else "Save the text as UTF-8."
    return Finding(Severity.VIOLATION, "encoding", message, remedy, place=places[0], related=tuple(places[1:]))


def _guess(data: bytes) -> str | None:
    for coding, name in (("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")):
        try:
            text = data.decode(coding)
        except UnicodeDecodeError:
            continue
        if re.search("[\u3040-\u30ff\u4e00-\u9fff]", text):
            return name
    return None


def _finding(code: str, message: str, remedy: str, lines: Lines, start: int, end: int) -> Finding:
    return Finding(Severity.VIOLATION, code, message, remedy, place=lines.place(start, end))
