import pytest
from hypothesis import given
from hypothesis import strategies as st

from milieu.server.media import QUADS, ROWS, TRIPLES, choose
from milieu.server.negotiate import negotiate

OFFERS = ["application/json", "text/csv", "text/html"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("*", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV", "text/csv"),
        ("text/*", "text/csv"),
        ("text/*, text/csv;q=0.1", "text/html"),
        ("text/csv;q=0.2, text/html;q=0.9", "text/html"),
        ("text/csv; q=0.2 , */*; q=0.1", "text/csv"),
        ("text/csv, */*", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
        ("*/*;q=0", None),
        ("image/png", None),
        ("image/png, text/html;q=0.001", "text/html"),
        ("text/csv;version=1.2", "text/csv"),
        ('text/csv;note="a,b;c";q=0.5, application/json;q=0.4', "text/csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("nonsense", "application/json"),
        ("text/csv;q=high", None),
        (",,,", "application/json"),
        ("text/csv;q=7", "text/csv"),
    ],
)
def test_the_best_offer_is_chosen(accept: str | None, chosen: str | None) -> None:
    assert negotiate(accept, OFFERS) == chosen


@pytest.mark.parametrize(
    ("accept", "formats", "named", "chosen"),
    [
        ("application/json", ROWS, None, ("json", "application/json")),
        ("application/sparql-results+json;version=1.2", ROWS, None, ("json", "application/sparql-results+json")),
        ("application/xml", TRIPLES, None, ("rdfxml", "application/xml")),
        ("text/plain", TRIPLES, None, ("ntriples", "text/plain")),
        ("application/n-quads", QUADS, None, ("nquads", "application/n-quads")),
        ("application/n-quads", TRIPLES, None, None),
        ("text/csv", ROWS, "xml", ("xml", "application/sparql-results+xml")),
        (None, TRIPLES, "nt", ("ntriples", "application/n-triples")),
        ("application/rdf+xml", TRIPLES, "rdf+xml", ("rdfxml", "application/rdf+xml")),
        (None, TRIPLES, "application/rdf xml", ("rdfxml", "application/rdf+xml")),
        (None, TRIPLES, "n3", ("turtle", "text/turtle")),
        (None, TRIPLES, "docx", None),
    ],
)
def test_a_format_is_chosen_by_type_or_name(accept, formats, named, chosen) -> None:
    assert choose(accept, formats, named) == chosen


@given(st.text(max_size=200))
def test_no_header_is_too_odd(accept: str) -> None:
    assert negotiate(accept, OFFERS) in {None, *OFFERS}
