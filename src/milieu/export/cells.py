"""Cells of tables: values as text that no spreadsheet takes for a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyoxigraph as ox

from milieu.export.things import Value
from milieu.namespaces import XSD

__all__ = ["SEPARATOR", "cell", "kind_of", "safe"]

SEPARATOR = " | "
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # spreadsheets read the wide forms alike
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_KINDS = {
    **dict.fromkeys(("integer", "int", "long", "nonNegativeInteger", "positiveInteger"), "integer"),
    **dict.fromkeys(("decimal", "double", "float"), "number"),
    "boolean": "boolean",
    "date": "date",
    "gYear": "year",
    "gYearMonth": "yearmonth",
    "anyURI": "uri",
}


def cell(values: Sequence[Value]) -> str:
    """The cell for the values of a property; empty for none.

    >>> cell([ox.Literal("one"), ox.Literal("two")])
    'one | two'
    """
    return safe(SEPARATOR.join(value.value for value in values))


def safe(text: str) -> str:
    """Text that a spreadsheet leaves as it is: what begins like a formula and is no number gets an apostrophe.

    >>> safe("=1+1"), safe("-36.5"), safe("@home"), safe("36")
    ("'=1+1", '-36.5', "'@home", '36')
    """
    if text.startswith(_DANGEROUS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def kind_of(value: Value) -> str:
    """The type of a value in a Table Schema (Frictionless Data, version 1); `uri` for things and addresses.

    >>> kind_of(ox.Literal(36)), kind_of(ox.Literal("x"))
    ('integer', 'string')
    """
    if not isinstance(value, ox.Literal):
        return "uri" if isinstance(value, ox.NamedNode) else "string"
    datatype = value.datatype.value
    kind = _KINDS.get(datatype.removeprefix(XSD), "string") if datatype.startswith(XSD) else "string"
    # A year of another length, or one before Christ, is a year to XML Schema and not to the Table Schema.
    if kind in {"year", "yearmonth", "date"} and not re.match(r"\d{4}(?:-|\Z)", value.value):
        return "string"
    return kind
