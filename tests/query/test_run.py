"""Names of things, as a stored query is given them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from milieu.errors import QueryError
from milieu.namespaces import ASSERTED, RDF, RDFS, Prefixes
from milieu.query.header import read
from milieu.query.run import bound, named
from milieu.store.oxigraph import OxigraphStore

CITY = "https://e.org/#City"
LANGUAGES = ("en", "ja", "zh-hant")


def store(languages: tuple[str, ...] = LANGUAGES) -> OxigraphStore:
    found = OxigraphStore(ox.Store(), {}, languages=languages)
    for slug, name in {
        "kanazawa": ox.Literal("金沢", language="ja"),
        "jincheng": ox.Literal("金沢", language="zh-Hant"),
        "nara": ox.Literal("Nara", language="en"),
        "heijo": ox.Literal("nara"),
    }.items():
        thing = ox.NamedNode(f"https://e.org/city/{slug}")
        label, kind = ox.NamedNode(f"{RDFS}label"), ox.NamedNode(f"{RDF}type")
        found.add([(thing, label, name), (thing, kind, ox.NamedNode(CITY))], ASSERTED)
    return found


@pytest.mark.parametrize(
    ("name", "slugs"), [("金沢", {"kanazawa", "jincheng"}), ("Nara", {"nara"}), ("nara", {"heijo"}), ("Kyoto", set())]
)
def test_a_name_is_looked_up_in_every_language_of_the_store(name: str, slugs: set[str]) -> None:
    assert named(store(), name, CITY) == {f"https://e.org/city/{slug}" for slug in slugs}
    assert named(store(), name, "https://e.org/#Craft") == set()


def test_a_store_that_does_not_know_its_languages_is_not_asked() -> None:
    assert named(store(()), "Nara", CITY) == set()


def test_a_name_of_two_things_is_told_and_an_exact_name_goes_before_a_slug() -> None:
    text = """#+ summary: What is said of a city
#+ parameters:
#+   city: {type: iri, class: "ex:City"}
SELECT ?o WHERE { ?_city ?p ?o }
"""
    query = read("x.rq", text, Prefixes({"ex": "https://e.org/#"}))

    assert "<https://e.org/city/heijo>" in bound(store(), query, {"city": "nara"}, Prefixes({}))
    with pytest.raises(QueryError, match="'金沢' may be any of"):
        bound(store(), query, {"city": "金沢"}, Prefixes({}))
