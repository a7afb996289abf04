"""Rows as cells, for pages: JSON that tells of each term what it is, so that a page can link and escape it."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pyoxigraph as ox

from milieu.namespaces import XSD

__all__ = ["Cell", "cell", "cells"]

Cell = dict[str, str]
"""`iri` or `text` or `node` with its value, and for text its `lang` or `type`."""

_PLAIN = f"{XSD}string"


def cells(
    results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, skip: int, most: int
) -> tuple[dict[str, Any], bool]:
    """Some rows of an answer, and whether there are more."""
    if isinstance(results, ox.QueryBoolean):
        return {"columns": [], "rows": [], "boolean": bool(results)}, False
    if isinstance(results, ox.QuerySolutions):
        columns = [variable.value for variable in results.variables]
        rows = ([cell(row[name]) for name in columns] for row in results)
    else:
        columns = ["subject", "predicate", "object"]
        rows = ([cell(triple.subject), cell(triple.predicate), cell(triple.object)] for triple in results)
    found = list(islice(rows, skip, skip + most + 1))
    return {"columns": columns, "rows": found[:most]}, len(found) > most


def cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None) -> Cell | None:
    """One term as a cell; None for nothing.

    >>> cell(ox.Literal("金沢", language="ja"))
    {'text': '金沢', 'lang': 'ja'}
    """
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return {"iri": term.value}
    if isinstance(term, ox.Literal):
        if term.language:
            return {"text": term.value, "lang": term.language}
        kind = term.datatype.value
        return {"text": term.value} if kind == _PLAIN else {"text": term.value, "type": kind}
    return {"node": str(term)}
