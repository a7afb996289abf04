"""One RDF term, read from SPARQL text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from milieu.namespaces import XSD

__all__ = ["Term", "is_term", "read_term"]

# IRIREF of SPARQL 1.1, section 19.8, of an absolute IRI: RFC 3987 wants a scheme.
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term: `kind` is iri, literal or bnode; `value` the IRI, the lexical form or the label.

    Language tags are in lower case (they compare so, RDF 1.1 Concepts, section 3.3).
    """

    kind: str
    value: str
    language: str = ""
    datatype: str = ""


def read_term(text: str, expand: Callable[[str], str | None] | None = None) -> Term | None:
    """The term that this text is, or None when it is not exactly one term.

    `expand` gives the IRI of a prefixed name; without it prefixed names are not read.

    >>> read_term('"Kanazawa"@en')
    Term(kind='literal', value='Kanazawa', language='en', datatype='http://www.w3.org/1999/02/22-rdf-syntax-ns#langString')
    >>> read_term("<https://example.org/a> ?b") is None
    True
    """
    from milieu.sparql.tokens import tokens

    found = tokens(text, escapes=False)
    kinds = [token.kind for token in found]
    first = found[0].text if found else ""
    if kinds == ["iri"]:
        return Term("iri", _unescape(first[1:-1]))
    if kinds == ["pname"]:
        iri = expand(first) if expand else None
        return Term("iri", iri) if iri is not None else None
    if kinds == ["bnode"]:
        return Term("bnode", first[2:])
    if kinds == ["word"] and first in ("true", "false"):
        return Term("literal", first, datatype=XSD + "boolean")
    if kinds == ["number"] or (kinds == ["punct", "number"] and first in "+-"):
        lexical = "".join(token.text for token in found)
        kind = "double" if "e" in lexical.lower() else "decimal" if "." in lexical else "integer"
        return Term("literal", lexical, datatype=XSD + kind)
    if not found or kinds[0] != "string":
        return None
    quotes = 3 if len(first) >= 6 and first[:3] in ('"""', "'''") else 1
    value = _unescape(first[quotes:-quotes])
    if len(found) == 1:
        return Term("literal", value, datatype=XSD + "string")
    if kinds[1:] == ["language"]:
        return Term("literal", value, found[1].text[1:].lower(), _LANGUAGE_STRING)
    if len(found) == 3 and found[1].text == "^^":
        datatype = read_term(found[2].text, expand)
        return Term("literal", value, datatype=datatype.value) if datatype and datatype.kind == "iri" else None
    return None


def is_term(text: str) -> bool:
    """Whether this is exactly one IRI, prefixed name or literal, in plain sight: no comment, blank node or variable.

    >>> is_term('"a"@en'), is_term("-5"), is_term("5 } #"), is_term("?x")
    (True, True, False, False)
    """
    from milieu.sparql.tokens import tokens

    term = read_term(text, lambda name: name)
    if term is None or term.kind == "bnode":
        return False
    spans = [(token.start, token.end) for token in tokens(text, escapes=False)]
    unbroken = spans[0][0] == 0 and all(one[1] == two[0] for one, two in pairwise(spans))
    return unbroken and spans[-1][1] == len(text) and spans == [(token.start, token.end) for token in tokens(text)]


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match[str]) -> str:
    digits = match.group(1) or match.group(2)
    if digits is None:
        return _ESCAPED.get(match.group(3), match.group(3))
    number = int(digits, 16)
    return chr(number) if number <= 0x10FFFF else match.group()
