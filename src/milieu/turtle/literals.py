"""Literals as the store keeps them, and whether their text fits their datatype (XML Schema 1.1, part 2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.namespaces import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["canonical", "fits", "spelled"]

_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR = r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_WHOLE = r"[+-]?[0-9]+"
_REAL = r"(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN)"

_FORMS = {
    "boolean": "true|false|1|0",
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "double": _REAL,
    "float": _REAL,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE[:-1]}",
    "time": _TIME + _ZONE,
    "duration": r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9.]+S)?)?",
    "hexBinary": "(?:[0-9A-Fa-f]{2})*",
    "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "anyURI": r"[^\s<>\"{}|^`\\]*",
}
_LIMITS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}
_PATTERNS = {XSD + name: re.compile(form) for name, form in _FORMS.items()}
_PATTERNS |= {XSD + name: re.compile(_WHOLE) for name in _LIMITS}
# Python refuses to read longer numbers; no quantity has so many digits.
_DIGITS = 4000
_DATES = {XSD + name for name in ("date", "dateTime", "dateTimeStamp", "gMonthDay")}
_SHORT = {XSD + "integer": _WHOLE, XSD + "decimal": r"[+-]?[0-9]*\.[0-9]+", XSD + "boolean": "true|false"}


def canonical(literals: Iterable[ox.Literal]) -> dict[ox.Literal, ox.Literal]:
    """Those literals that an Oxigraph store would rewrite, with what it keeps in their place.

    >>> year = ox.Literal("007", datatype=ox.NamedNode(XSD + "integer"))
    >>> canonical([year, ox.Literal("007")])[year].value
    '7'
    """
    typed = {literal for literal in literals if literal.language is None and literal.datatype.value.startswith(XSD)}
    asked = [literal for literal in typed if literal.datatype.value != XSD + "string"]
    if not asked:
        return {}
    # The store itself is asked, by a round trip, so that the answer is right for whatever release is installed.
    store = ox.Store()
    word = ox.NamedNode("x:is")
    numbered = {ox.NamedNode(f"x:{number}"): literal for number, literal in enumerate(asked)}
    store.extend(ox.Quad(node, word, literal) for node, literal in numbered.items())
    kept = {quad.subject: quad.object for quad in store.quads_for_pattern(None, word, None)}
    rewritten = {}
    for node, literal in numbered.items():
        found = kept[node]
        if isinstance(found, ox.Literal) and found != literal:
            rewritten[literal] = found
    return rewritten


def fits(literal: ox.Literal) -> bool:
    """Whether the text of a literal is one its datatype allows; True for datatypes other than the usual XSD ones.

    >>> fits(ox.Literal("yes", datatype=ox.NamedNode(XSD + "boolean")))
    False
    """
    datatype, value = literal.datatype.value, literal.value
    pattern = _PATTERNS.get(datatype)
    if pattern is None:
        return True
    if not pattern.fullmatch(value):
        return False
    if datatype in _DATES:
        return _is_day(value)
    limits = _LIMITS.get(datatype[len(XSD) :])
    if limits and limits != (None, None):
        low, high = limits
        number = int(value) if len(value) < _DIGITS else None
        return number is not None and (low is None or number >= low) and (high is None or number <= high)
    return True


def spelled(literal: ox.Literal, prefixes: Mapping[str, str]) -> str:
    """A typed literal in Turtle: in short where Turtle allows it, else with its datatype by the given prefixes.

    >>> spelled(ox.Literal("7", datatype=ox.NamedNode(XSD + "integer")), {})
    '7'
    """
    datatype = literal.datatype.value
    short = _SHORT.get(datatype)
    if short and re.fullmatch(short, literal.value):
        return literal.value
    text = str(ox.Literal(literal.value))
    for prefix, namespace in prefixes.items():
        if namespace and datatype.startswith(namespace) and datatype[len(namespace) :].isidentifier():
            return f"{text}^^{prefix}:{datatype[len(namespace) :]}"
    return f"{text}^^<{datatype}>"


def _is_day(value: str) -> bool:
    """Whether the month has that day; a day without a year may be the 29th of February."""
    match = re.match(r"(?:(-?[0-9]{4,})|-)-([0-9]{2})-([0-9]{2})", value)
    if not match:
        return True
    month, day = int(match[2]), int(match[3])
    if month == 2:
        year = int(match[1][-4:]) if match[1] else 4
        return day <= (29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28)
    return day <= (30 if month in (4, 6, 9, 11) else 31)
