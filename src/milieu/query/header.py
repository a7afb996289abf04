"""A stored query: a SPARQL file whose header, `#+ ` lines holding YAML, tells what it is for.

    #+ summary: Cities of a creative field, with the year they joined      (the one key that must be there)
    #+ description: Longer, in sentences.
    #+ tags: [cities, network]
    #+ parameters:
    #+   field: {type: iri, class: mil:CreativeField, default: field:design, description: "The field"}
    #+   since: {type: year, optional: true}
    #+ expect: {min_rows: 60, includes: [{city: city:kanazawa, year: 2009}]}
    #+ display: table                                                      (or map, timeline, network, bar)

A query in `queries/checks/` may also say `problem`, `remedy` and `severity`. Scalars are strings, whatever YAML would
make of them. The text keeps its header, so that lines count as in the file; the folder's prefixes are declared for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from milieu.query.parameter import Parameter
from milieu.sparql.slots import Slot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from milieu.namespaces import Prefixes
    from milieu.query.expectation import Expectation, Row

__all__ = ["DISPLAYS", "SEVERITIES", "StoredQuery", "check_expectations", "read"]

DISPLAYS = ("table", "map", "timeline", "network", "bar")
"""How an answer may be shown in a page."""
SEVERITIES = ("info", "warning", "violation")
"""How much what a check finds matters."""


# Plain classes here: a query starts sooner than dataclasses would have been imported.
class StoredQuery:
    """A query in a file, and what its header says of it.

    `name` is the file's without its ending, `path` is relative to the folder, `form` and `columns` are those of the
    answer, `digest` is that of the file, `slots` are the places of its parameters, `expected` is what `expect` is made
    from; `problem`, `remedy` and `severity` are for checks.
    """

    def __init__(
        self,
        *,
        name: str,
        path: str,
        summary: str,
        text: str,
        digest: str,
        form: str,
        columns: tuple[str, ...],
        description: str = "",
        tags: tuple[str, ...] = (),
        parameters: tuple[Parameter, ...] = (),
        slots: tuple[Slot, ...] = (),
        expected: tuple[Mapping[str, object], ...] = (),
        display: str = "table",
        problem: str = "",
        remedy: str = "",
        severity: str = "",
    ) -> None:
        self.name = name
        self.path = path
        self.summary = summary
        self.text = text
        self.digest = digest
        self.form = form
        self.columns = columns
        self.description = description
        self.tags = tags
        self.parameters = parameters
        self.slots = slots
        self.expected = expected
        self.display = display
        self.problem = problem
        self.remedy = remedy
        self.severity = severity

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredQuery) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.path, self.digest))

    @property
    def expect(self) -> tuple[Expectation, ...]:
        """What is expected of its answers."""
        from milieu.query.expectation import Expectation

        return tuple(Expectation.from_json(each) for each in self.expected)

    def to_json(self) -> dict[str, object]:
        """The stored query as JSON values, from which `from_json` makes it without reading YAML."""
        content = dict(vars(self))
        for name in ("columns", "tags"):
            content[name] = list(getattr(self, name))
        content["parameters"] = [parameter.to_json() for parameter in self.parameters]
        content["expected"] = [dict(each) for each in self.expected]
        return content

    @classmethod
    def from_json(cls, content: Mapping[str, object]) -> StoredQuery:
        """The stored query that `to_json` wrote."""
        fields = dict(content)
        for name in ("columns", "tags"):
            fields[name] = tuple(_list(content[name]))
        fields["slots"] = tuple(tuple(slot) for slot in _list(content["slots"]))
        fields["parameters"] = tuple(Parameter.from_json(each) for each in _list(content["parameters"]))
        fields["expected"] = tuple(_list(content["expected"]))
        return cls(**fields)  # type: ignore[arg-type]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def check_expectations(
    query: StoredQuery, answer: Sequence[Row] | bool, expectation: Expectation | None = None
) -> list[str]:
    """What in an answer is not as its query expects, in sentences: nothing when all is.

    `answer` has for each row the terms in N-Triples syntax; for ASK it is the boolean, for triples its columns are
    subject, predicate and object. It must be the answer with the parameters of the expectation: the first by default.
    """
    first = expectation or (query.expect[0] if query.expect else None)
    return first.faults(answer) if first else ["the query says nothing of what is expected"]


def read(path: str | PurePath, text: str, prefixes: Prefixes) -> StoredQuery:
    r"""The stored query that a file holds; `path` is the file's from the top of the folder.

    Raises `QueryError` with file, line and column for a header that is not YAML, unknown keys, wrong types, parameters
    that are undeclared, unused or misplaced, prefixes that nobody declared, and a text that begins no query.

    >>> from milieu.namespaces import Prefixes
    >>> query = read("queries/answers/all.rq", "#+ summary: All\nSELECT ?s { ?s ?p ?o }", Prefixes({}))
    >>> query.name, query.form, query.columns
    ('all', 'SELECT', ('s',))
    """
    from milieu.query.reading import read_stored

    return read_stored(PurePath(path), text, prefixes)
