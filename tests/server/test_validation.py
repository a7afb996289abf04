import httpx
import pyoxigraph as ox
import pytest

GOOD = """@prefix lh: <https://example.org/lighthouses#> .
@prefix light: <https://example.org/id/light/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
light:bell a lh:Light ; rdfs:label "Bell"@en ; lh:height 36 .
"""
BAD = GOOD.replace("lh:height 36", 'lh:height "tall"')
TURTLE = {"Content-Type": "text/turtle"}


def test_what_may_join_conforms_and_what_may_not_is_told_with_its_place(web: httpx.Client) -> None:
    good = web.post("/validate", content=GOOD.encode(), headers=TURTLE)
    bad = web.post("/validate", content=BAD.encode(), headers=TURTLE)

    assert good.status_code == bad.status_code == 200
    assert good.json()["conforms"] is True
    assert bad.json()["conforms"] is False
    assert {finding["place"]["line"] for finding in bad.json()["findings"] if finding["severity"] == "violation"} == {4}


@pytest.mark.parametrize(
    ("accept", "named", "beginning"),
    [
        ("text/plain", None, "contribution:4:"),
        ("application/sarif+json", None, "{"),
        ("text/turtle", None, "@prefix sh:"),
        ("*/*", "junit", "<?xml"),
        ("*/*", "github", "::error"),
    ],
)
def test_the_report_comes_in_every_format(web: httpx.Client, accept: str, named: str | None, beginning: str) -> None:
    query = {"format": named} if named else {}
    answer = web.post("/validate", content=BAD.encode(), headers={**TURTLE, "Accept": accept}, params=query)

    assert answer.status_code == 200
    assert answer.text.startswith(beginning)


def test_other_syntaxes_are_read(web: httpx.Client) -> None:
    quads = list(ox.parse(GOOD.encode(), format=ox.RdfFormat.TURTLE))
    for media, form in (
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ):
        content = ox.serialize([quad.triple for quad in quads], format=form)
        assert web.post("/validate", content=content, headers={"Content-Type": media}).json()["conforms"] is True


def test_nothing_is_kept(web: httpx.Client) -> None:
    web.post("/validate", content=GOOD.encode(), headers=TURTLE)

    assert web.get("/id/light/bell").status_code == 404


def test_people_have_a_form(web: httpx.Client) -> None:
    people = {"Accept": "text/html"}
    form = web.get("/validate", headers=people)
    told = web.post("/validate", data={"data": BAD, "input": "turtle"}, headers=people)

    assert 'method="post"' in form.text
    assert "These triples may not join yet" in told.text
    assert "&#34;tall&#34;" in told.text


@pytest.mark.parametrize("kind", ["application/json", "image/png", None])
def test_what_is_no_rdf_is_not_taken(web: httpx.Client, kind: str | None) -> None:
    answer = web.post("/validate", content=b"{}", headers={"Content-Type": kind} if kind else {})

    assert answer.status_code == 415


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"(" * 100_000,
        b"<a:a> <a:b> " + b"<< " * 20_000,
        b'@prefix : <http://x/> . :a :b """' + b"x" * 100_000,
    ],
)
def test_whatever_is_sent_gets_a_report_or_is_refused(web: httpx.Client, content: bytes) -> None:
    answer = web.post("/validate", content=content, headers=TURTLE)

    assert answer.status_code in {200, 400, 503}
    if answer.status_code == 200:
        assert answer.json()["conforms"] is False
    assert web.get("/health").status_code == 200
