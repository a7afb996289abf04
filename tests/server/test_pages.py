import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from server.serving import serving, site_of

PEOPLE = {"Accept": "text/html"}
PAGES = [
    "/",
    "/queries",
    "/queries/lights-on",
    "/sparql",
    "/sparql?query=SELECT+*+{?s+?p+?o}",
    "/doc/light/high-rock",
    "/ontology",
    "/search?q=rock",
    "/validate",
    "/export",
    "/instances?class=https://example.org/lighthouses%23Light",
    "/nowhere",
]


class Reader(HTMLParser):
    """What a page links to and loads, and whether its tags match."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: set[str] = set()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag in {"script", "img", "iframe", "object"} or (tag == "link" and given.get("rel") != "alternate"):
            self.loaded.append(given.get("src") or given.get("href") or "inline")
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "label":
            self.labelled.add(given.get("for") or "")
        if tag in {"input", "select", "textarea"}:
            self.fields.add(given.get("id") or "")
        if any(name.startswith("on") or name == "style" for name in given):
            self.wrong.append(f"{tag} has {given}")
        if tag not in {"meta", "link", "input", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_made_and_loads_nothing_from_elsewhere(web: httpx.Client, path: str) -> None:
    answer = web.get(path, headers=PEOPLE)
    page = Reader(answer.text)

    assert page.wrong == []
    assert set(page.loaded) == {"/static/style.css", "/static/icon.svg"}
    assert len(page.ids) == len(set(page.ids))
    assert page.fields <= page.labelled
    assert "script" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", PAGES[:-1])
def test_every_link_of_a_page_answers(web: httpx.Client, path: str) -> None:
    for link in sorted(set(Reader(web.get(path, headers=PEOPLE).text).links)):
        if link.startswith("/"):
            assert web.get(link, headers=PEOPLE, follow_redirects=True).status_code == 200, link


ODD = '''
light:odd a lh:Light ; lh:height 1 ; rdfs:label "<script>alert(1)</script>"@en , "\\u202Egnp.exe"@en ;
    rdfs:seeAlso <javascript:alert(1)> , <data:text/html,x> ,
        <https://other.example/'onclick='x> , <https://other.example/ok> ;
    rdfs:comment """"><img src=x onerror=alert(1)>{{ 7*7 }}""" .
'''


def test_odd_terms_stay_text_and_lead_nowhere(lighthouses: Path) -> None:
    file = lighthouses / "data" / "lights.ttl"
    file.write_text(file.read_text(encoding="utf-8") + ODD, encoding="utf-8")
    with serving(site_of(lighthouses)) as root:
        text = httpx.get(f"{root}/doc/light/odd", headers=PEOPLE).text
        xml = httpx.get(f"{root}/queries/lights-on.xml", params={"coast": "coast:north"}).text

    page = Reader(text)
    assert page.wrong == []
    assert page.loaded == ["/static/style.css", "/static/icon.svg"]
    assert [link for link in page.links if not link.startswith(("/", "http://", "https://", "#main"))] == []
    assert "https://other.example/ok" in page.links
    assert "javascript:alert(1)" in text
    assert "\u202e" not in text
    assert "{{ 7*7 }}" in text
    assert "&lt;script&gt;" in text
    assert xml.startswith("<?xml")


def test_what_rdfxml_cannot_hold_is_had_in_other_formats(lighthouses: Path) -> None:
    file = lighthouses / "data" / "lights.ttl"
    odd = 'light:odd a lh:Light ; rdfs:label "Odd\\u0001"@en ; lh:height 8 ; lh:standsOn coast:south .\n'
    file.write_text(file.read_text(encoding="utf-8") + odd, encoding="utf-8")

    with serving(site_of(lighthouses)) as root:
        found = {
            path: httpx.get(f"{root}{path}").status_code
            for path in ("/doc/light/odd.rdf", "/doc/light/odd.ttl", "/export/graph.rdf", "/export/graph.ttl")
        }
        told = httpx.get(f"{root}/export/graph.rdf").json()

    assert found == {
        "/doc/light/odd.rdf": 406,
        "/doc/light/odd.ttl": 200,
        "/export/graph.rdf": 406,
        "/export/graph.ttl": 200,
    }
    assert told["remedy"] == "Choose Turtle, N-Triples or JSON-LD."


def test_the_search_finds_names_in_any_language(web: httpx.Client) -> None:
    def names(text: str, **more: str) -> list[str]:
        return [hit["name"] for hit in web.get("/search", params={"q": text, **more}).json()["results"]]

    assert names("nordkuste") == ["North coast"]
    assert names("NORDKÜSTE") == ["North coast"]
    assert names("high rokc") == ["High Rock"]
    assert names("rock", kind="light") == ["Low Rock", "High Rock"] or names("rock", kind="light") == [
        "High Rock",
        "Low Rock",
    ]
    assert names("coast", kind="light") == []
    assert names("") == []
    assert names("%") == []
    assert web.get("/search", params={"q": "x", "limit": "many"}).status_code == 400


def test_the_style_is_readable_in_the_dark_and_has_no_addresses() -> None:
    style = Path(__file__).parents[2].joinpath("src/milieu/server/static/style.css").read_text(encoding="utf-8")

    assert "prefers-color-scheme: dark" in style
    assert re.findall(r"url\(|@import", style) == []
