"""What the author of a stored query expects of its answer, and whether an answer is so.

A cell of a row is expected as a term or as text. `<…>`, a prefixed name of the folder and a quoted literal
(`"金沢"@ja`, `"5"^^xsd:integer`, quotes within YAML's own) are terms and match that term alone. Anything else is text
and matches any term that has it as its string (what SPARQL's STR gives), so `2009` matches a year and a number, and
`Kanazawa` a label in any language. `UNDEF` matches a cell without value. A row matches when its named cells do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from milieu.namespaces import XSD
from milieu.sparql.term import read_term
from milieu.sparql.text import string_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milieu.namespaces import Prefixes
    from milieu.query.front import Entry

__all__ = ["KEYS", "Expectation", "Row", "read_expectation"]

Row = Mapping[str, str | None]
"""A row of an answer: the term of each variable in N-Triples syntax."""

_COUNTS = ("rows", "min_rows", "max_rows")
_ROWS = ("includes", "excludes", "ordered_first")
KEYS = ("given", *_COUNTS, *_ROWS, "boolean")
"""What an expectation may say."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of the answer with the parameters in `given`, the others at their defaults.

    `rows` is the exact number of rows, `includes` and `excludes` are rows that are in it and that are not,
    `ordered_first` the rows it begins with. `boolean` is for ASK.
    """

    given: tuple[tuple[str, str], ...] = ()
    rows: int | None = None
    min_rows: int | None = None
    max_rows: int | None = None
    includes: tuple[tuple[tuple[str, str], ...], ...] = ()
    excludes: tuple[tuple[tuple[str, str], ...], ...] = ()
    ordered_first: tuple[tuple[tuple[str, str], ...], ...] = ()
    boolean: bool | None = None

    def faults(self, answer: Sequence[Row] | bool) -> list[str]:
        """What is not as expected, in sentences; nothing when all is.

        >>> Expectation(includes=((("year", "2009"),),)).faults([{"year": '"2009"^^<a:year>'}])
        []
        """
        if isinstance(answer, bool):
            wrong = self.boolean is not None and answer != self.boolean
            return [f"the answer is {str(answer).lower()}"] if wrong else []
        found: list[str] = []
        count = len(answer)
        if self.boolean is not None:
            found.append("a boolean is expected, but the answer has rows")
        if self.rows is not None and count != self.rows:
            found.append(f"{self.rows} rows are expected; there are {count}")
        if self.min_rows is not None and count < self.min_rows:
            found.append(f"at least {self.min_rows} rows are expected; there are {count}")
        if self.max_rows is not None and count > self.max_rows:
            found.append(f"at most {self.max_rows} rows are expected; there are {count}")
        for row in self.includes:
            if not any(_matches(row, actual) for actual in answer):
                found.append(f"no row has {_shown(row)}")
        for row in self.excludes:
            if any(_matches(row, actual) for actual in answer):
                found.append(f"a row has {_shown(row)}")
        for index, row in enumerate(self.ordered_first):
            if index >= count or not _matches(row, answer[index]):
                actual = f"has {_shown(tuple(_cells(row, answer[index])))}" if index < count else "is missing"
                found.append(f"row {index + 1} should have {_shown(row)} but {actual}")
        return found

    def to_json(self) -> dict[str, object]:
        """The expectation as JSON values."""
        content: dict[str, object] = {"given": dict(self.given), "boolean": self.boolean}
        content |= {name: getattr(self, name) for name in _COUNTS}
        content |= {name: [dict(row) for row in getattr(self, name)] for name in _ROWS}
        return {name: value for name, value in content.items() if value not in (None, {}, [])}

    @classmethod
    def from_json(cls, content: Mapping[str, object]) -> Expectation:
        """The expectation that `to_json` wrote."""
        fields = dict(content)
        if "given" in fields:
            fields["given"] = _pairs(fields["given"])
        for name in _ROWS:
            rows = fields.get(name)
            if isinstance(rows, list):
                fields[name] = tuple(_pairs(row) for row in rows)
        return cls(**fields)  # type: ignore[arg-type]


def read_expectation(entry: Entry, form: str, columns: Sequence[str], prefixes: Prefixes) -> Expectation:
    """An expectation as the header has it. Raises `QueryError` for what is no such thing, or cannot hold."""
    keys = entry.mapping(KEYS)
    if (form == "ASK") != ("boolean" in keys) or (form == "ASK" and keys.keys() - {"boolean", "given"}):
        remedy = "Expect {boolean: true}." if form == "ASK" else "Expect rows, min_rows, includes, …"
        raise entry.fault(f"this does not fit the answer of {form}", remedy)
    if not keys.keys() - {"given"}:
        raise entry.fault("nothing is expected", "Say min_rows or includes at least.")
    fields: dict[str, object] = {name: keys[name].number() for name in _COUNTS if name in keys}
    for name in _ROWS:
        if name in keys:
            rows = [row.mapping(columns) for row in keys[name].entries()]
            fields[name] = tuple(
                tuple((column, _cell(cell.text(), prefixes)) for column, cell in row.items()) for row in rows
            )
    if "boolean" in keys:
        fields["boolean"] = keys["boolean"].truth()
    if "given" in keys:
        fields["given"] = tuple((name, value.text()) for name, value in keys["given"].mapping().items())
    return Expectation(**fields)  # type: ignore[arg-type]


def _cell(text: str, prefixes: Prefixes) -> str:
    """A term with its IRIs in full, or else the text as it is."""
    term = read_term(text, prefixes.expand)
    if term is not None and term.kind == "iri":
        return f"<{term.value}>"
    if term is not None and text[0] in "\"'":
        typed = "" if term.language or term.datatype == XSD + "string" else term.datatype
        return string_text(term.value, language=term.language, datatype=typed)
    return text


def _matches(row: Sequence[tuple[str, str]], actual: Row) -> bool:
    return all(_same(expected, actual.get(column)) for column, expected in row)


def _same(expected: str, actual: str | None) -> bool:
    if actual is None or expected == "UNDEF":
        return actual is None and expected == "UNDEF"
    term = read_term(actual)
    if expected[:1] in ("<", '"', "'"):
        wanted = read_term(expected)
        if wanted is not None:
            return wanted == term
    return term is not None and term.kind != "bnode" and term.value == expected


def _cells(row: Sequence[tuple[str, str]], actual: Row) -> list[tuple[str, str]]:
    return [(column, actual.get(column) or "UNDEF") for column, _ in row]


def _shown(row: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"?{column} {cell}" for column, cell in row)


def _pairs(content: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in content.items()) if isinstance(content, Mapping) else ()
