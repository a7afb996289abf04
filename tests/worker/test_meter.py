import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.errors import QueryError
from milieu.worker.limits import Limits
from milieu.worker.meter import Meter
from milieu.worker.wire import SIZE, WHOLE, header, whole

FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
texts = st.lists(st.text(alphabet="a\"',{}[]<>\n\r\t&;: result", max_size=12), max_size=8)


def told(values: list[str], name: str, rows: int | None = None) -> dict:
    sent: list[bytes] = []
    meter = Meter(sent.append, Limits(), {"form": "rows", "format": name}, rows)
    listed = " ".join(str(ox.Literal(value)) for value in values)
    results = ox.Store().query(f"SELECT ?a ?b {{ VALUES ?a {{ {listed} }} VALUES ?b {{ 'x' }} }}")
    results.serialize(meter, FORMATS[name])  # type: ignore[arg-type]
    meter.end()
    frame = b"".join(sent)
    assert header(frame[:SIZE]) == (WHOLE, len(frame) - SIZE)
    return whole(frame[SIZE:])[1]


@pytest.mark.parametrize("name", FORMATS)
@given(values=texts)
def test_rows_are_counted_whatever_they_hold(name: str, values: list[str]) -> None:
    assert told(values, name) == {"rows": len(values)}


@pytest.mark.parametrize("name", FORMATS)
def test_as_many_rows_as_allowed_go_through_and_one_more_does_not(name: str) -> None:
    assert told(["a", "b", "c"], name, 3) == {"rows": 3}
    with pytest.raises(QueryError, match="more than 2 rows"):
        told(["a", "b", "c"], name, 2)


def test_an_answer_that_is_too_large_breaks_off() -> None:
    meter = Meter(lambda frames: None, Limits(answer=1), {"form": "rows", "format": "xml"})

    with pytest.raises(QueryError, match="larger than this server sends"):
        meter.write(b"x" * ((1 << 20) + 1))
