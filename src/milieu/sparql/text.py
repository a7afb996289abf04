"""RDF terms as SPARQL text: IRIs and literals that can be read as nothing else."""

from __future__ import annotations

import re

from milieu.errors import QueryError

__all__ = ["iri_text", "is_iri", "string_text"]

_NO_IRI = frozenset('<>"{}|^`\\ ') | frozenset(map(chr, range(0x20))) | frozenset(map(chr, range(0x7F, 0xA0)))
_SCHEME_MARKS = str.maketrans("", "", "+.-")
_WRITTEN = {"\t": "\\t", "\b": "\\b", "\n": "\\n", "\r": "\\r", "\f": "\\f", '"': '\\"', "\\": "\\\\"}


def is_iri(text: str) -> bool:
    """Whether this is an absolute IRI that may stand between `<` and `>`.

    >>> is_iri("https://example.org/a"), is_iri("https://example.org/a> <b"), is_iri("kanazawa")
    (True, False, False)
    """
    # Without an expression, since compiling one takes longer than all else that a cold query does with an IRI.
    scheme, colon, rest = text.partition(":")
    plain = scheme.translate(_SCHEME_MARKS)
    if not (colon and rest and plain.isascii() and plain.isalnum() and scheme[0].isalpha()):
        return False
    return _NO_IRI.isdisjoint(text) and not any("\ud800" <= letter <= "\udfff" for letter in text)


def iri_text(iri: str) -> str:
    """An IRI as SPARQL text. Raises `QueryError` when it is not absolute or has a character that no IRI has.

    >>> iri_text("https://example.org/a")
    '<https://example.org/a>'
    """
    if not is_iri(iri):
        raise QueryError(f"{iri!r} is not an IRI", remedy="Write it in full, such as https://example.org/id/city/x.")
    return f"<{iri}>"


def string_text(value: str, *, language: str = "", datatype: str = "") -> str:
    r"""A literal as SPARQL text, on one line. Raises `QueryError` for characters that no RDF literal should have.

    >>> print(string_text('5" } DROP ALL'), string_text("金沢", language="ja"))
    "5\" } DROP ALL" "金沢"@ja
    """
    if re.search(r"[\x00\ud800-\udfff]", value):
        raise QueryError("the text has a NUL or half a character in it", remedy="Leave it out.")
    escaped = "".join(_WRITTEN.get(character, character) for character in value)
    # Where escapes are read before the grammar, the u of a literal \u must not follow a backslash.
    escaped = escaped.replace("\\\\u", "\\\\\\u0075").replace("\\\\U", "\\\\\\u0055")
    return f'"{escaped}"' + (f"@{language}" if language else f"^^{iri_text(datatype)}" if datatype else "")
