"""The answer to a query: its rows as Python values, or written in any format its readers use."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice

import pyoxigraph as ox

from milieu.errors import FormatError
from milieu.namespaces import XSD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, Any

    import pandas

    from milieu.store.seam import Results

__all__ = ["GRAPH_FORMATS", "ROW_FORMATS", "Answer", "Value", "value_of"]

ROW_FORMATS: Mapping[str, ox.QueryResultsFormat] = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
"""The W3C formats of rows and of yes or no."""

GRAPH_FORMATS: Mapping[str, ox.RdfFormat] = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
"""The formats of triples."""

Value = str | int | float | bool | None
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = Mapping[str, Term | None]

_INTEGERS = (
    "integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
    "unsignedInt unsignedLong unsignedShort unsignedByte"
)
_INTEGER = frozenset(f"{XSD}{name}" for name in _INTEGERS.split(" "))
_FLOAT = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))


class Answer:
    """The answer to one query, whose text is `query`.

    The query runs when something is asked of the answer: `rows` keeps what it gave, `write` streams it.

    >>> import milieu
    >>> answer = milieu.open().sparql("SELECT ?name { VALUES ?name { 'Kanazawa' } }")
    >>> answer.variables, answer.rows
    (['name'], [{'name': 'Kanazawa'}])
    """

    def __init__(self, run: Callable[[], Results], prefixes: Mapping[str, str], query: str = "") -> None:
        self.query = query
        self._run = run
        self._prefixes = dict(prefixes)
        self._first: Results | None = run()

    @property
    def form(self) -> str:
        """`rows`, `boolean` or `triples`."""
        if isinstance(self._results_kind, ox.QuerySolutions):
            return "rows"
        return "boolean" if isinstance(self._results_kind, ox.QueryBoolean) else "triples"

    @cached_property
    def _results_kind(self) -> Results:
        assert self._first is not None
        return self._first

    @cached_property
    def variables(self) -> list[str]:
        """The names of the columns, in their order; none for yes or no, three for triples."""
        if self.form == "rows":
            assert isinstance(self._results_kind, ox.QuerySolutions)
            return [variable.value for variable in self._results_kind.variables]
        return [] if self.form == "boolean" else ["subject", "predicate", "object"]

    @cached_property
    def terms(self) -> list[dict[str, Term | None]]:
        """The rows as RDF terms; a variable without a value is None. Triples come sorted, each once."""
        results = self._take()
        if isinstance(results, ox.QuerySolutions):
            return [{name: row[name] for name in self.variables} for row in results]
        if isinstance(results, ox.QueryTriples):
            triples = sorted(set(results), key=str)
            return [{"subject": t.subject, "predicate": t.predicate, "object": t.object} for t in triples]
        return []

    def first(self, count: int) -> list[dict[str, Term | None]]:
        """So many rows at most as RDF terms, for which the query runs no further than it must."""
        results = self._take()
        if isinstance(results, ox.QuerySolutions):
            return [{name: row[name] for name in self.variables} for row in islice(results, count)]
        return self.terms[:count]

    @cached_property
    def rows(self) -> list[dict[str, Value]]:
        """The rows as Python values: see `value_of`."""
        return [{name: value_of(term) for name, term in row.items()} for row in self.terms]

    @cached_property
    def boolean(self) -> bool:
        """The answer to an ASK query. Raises `FormatError` for any other."""
        results = self._take()
        if not isinstance(results, ox.QueryBoolean):
            raise FormatError("the answer has rows", remedy="Only ASK queries answer yes or no.")
        return bool(results)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.terms)

    def __bool__(self) -> bool:
        return self.boolean if self.form == "boolean" else bool(self.terms)

    def to_dicts(self) -> list[dict[str, Value]]:
        """The rows as dictionaries of Python values."""
        return self.rows

    def to_csv(self) -> str:
        """The rows as CSV after the W3C recommendation."""
        return self.text("csv")

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas frame. Raises `MissingError` when pandas is not installed."""
        try:
            import pandas
        except ImportError:
            from milieu.errors import MissingError

            raise MissingError("pandas is not installed", remedy="Run 'pip install pandas'.") from None
        return pandas.DataFrame(self.rows, columns=self.variables)

    def text(self, format: str) -> str:  # noqa: A002 - one word, the same everywhere
        """The answer in a format, as text."""
        stream = io.BytesIO()
        self.write(stream, format)
        return stream.getvalue().decode()

    def write(self, stream: IO[bytes], format: str) -> None:  # noqa: A002
        """Write the answer: rows and yes or no as json, csv, tsv, xml; triples as turtle, ntriples, jsonld, rdfxml.

        Raises `FormatError` when the format does not fit what the query gives, or XML cannot hold it.
        """
        from milieu.query.xml import well_formed

        fitting: Mapping[str, Any] = GRAPH_FORMATS if self.form == "triples" else ROW_FORMATS
        if format not in fitting:
            raise FormatError(
                f"this query gives {self.form}, which cannot be written as {format}",
                place="--format",
                remedy=f"Choose one of {', '.join(fitting)}.",
            )
        results = self._take()
        with well_formed(stream, format) as target:
            if isinstance(results, ox.QueryTriples):
                triples = sorted(set(results), key=str)
                prefixes = self._prefixes if format in {"turtle", "jsonld", "rdfxml"} else None
                ox.serialize(triples, target, GRAPH_FORMATS[format], prefixes=prefixes)
            else:
                results.serialize(target, ROW_FORMATS[format])

    def _take(self) -> Results:
        # The engine's results can be read once; the query is cheap to run again over a store that never changes.
        _ = self.form, self.variables
        results, self._first = self._first, None
        return results if results is not None else self._run()


def value_of(term: Term | None) -> Value:
    """An RDF term as the Python value that people expect: IRIs and text as str, numbers as numbers, None for nothing.

    >>> value_of(ox.Literal("2009", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")))
    2009
    """
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        kind = term.datatype.value
        try:
            if kind in _INTEGER or kind == XSD + "gYear":
                return int(term.value)
            if kind in _FLOAT:
                return float(term.value)
            if kind == XSD + "boolean":
                return term.value in {"true", "1"}
        except ValueError:
            return term.value
        return term.value
    if isinstance(term, ox.Triple):
        return str(term)
    return term.value
