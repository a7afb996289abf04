"""`why` tells what an asserted statement rests on, proves an inferred one, and finds the nearest to an absent one."""

import pyoxigraph as ox
import pytest

from explain.world import fact, said, view
from milieu.explain import why
from milieu.explain.json import explanation_json
from milieu.explain.text import explanation_text
from milieu.explain.turtle import explanation_turtle
from milieu.namespaces import XSD

VIEW = view()
INTEGER = ox.NamedNode(XSD + "integer")
KANAZAWA, POPULATION = fact("ex:kanazawa", "ex:population", "ex:japan")[:2]


def test_a_statement_with_its_own_passage_shows_it() -> None:
    explanation = why(VIEW, *fact("ex:kanazawa", "ex:practises", "ex:yuzen"))

    assert explanation.status == "asserted"
    assert [(VIEW.name(each.node), each.own) for each in explanation.evidence] == [("ex:page7", True)]
    assert [(VIEW.label(one), VIEW.label(other)) for one, other in explanation.evidence[0].details] == [("page", "7")]


def test_a_statement_without_its_own_passage_shows_that_of_its_subject() -> None:
    explanation = why(VIEW, *fact("ex:ishikawa", "ex:in", "ex:japan"))

    assert [(VIEW.name(each.node), each.own) for each in explanation.evidence] == [("ex:atlas", False)]


def test_a_claim_that_says_otherwise_is_shown_with_its_evidence() -> None:
    explanation = why(VIEW, KANAZAWA, POPULATION, ox.Literal("450000", datatype=INTEGER))

    assert [(VIEW.name(claim.node), VIEW.label(claim.value), claim.agrees) for claim in explanation.claims] == [
        ("ex:claim1", "466029", False),
        ("ex:claim2", "450000", True),
    ]
    assert [VIEW.name(each.node) for claim in explanation.claims for each in claim.evidence] == ["ex:atlas", "ex:page7"]


def test_an_inferred_statement_is_proved_down_to_passages() -> None:
    explanation = why(VIEW, *fact("ex:kanazawa", "ex:in", "ex:japan"))
    assert explanation.proof is not None

    assert explanation.status == "inferred"
    assert (
        explanation.proof.reason
        == "Kanazawa lies in Ishikawa, Ishikawa lies in Japan, and lies in goes on from one to the next"
    )
    assert [said(VIEW, premise.statement) for premise in explanation.proof.premises] == [
        "ex:kanazawa ex:in ex:ishikawa",
        "ex:ishikawa ex:in ex:japan",
    ]
    assert [VIEW.name(each.node) for premise in explanation.proof.premises for each in premise.evidence] == [
        "ex:atlas",
        "ex:atlas",
    ]


def test_a_defined_class_is_explained_in_words() -> None:
    explanation = why(VIEW, *fact("ex:kanazawa", "a", "ex:CraftCity"))

    assert (
        explanation_text(explanation, VIEW)
        == """\
Kanazawa is a craft city
  ex:kanazawa a ex:CraftCity .
Inferred:
  because Kanazawa is a city that practises some craft, which means the same as craft city (equivalent-class-down, cax-eqc2)
  ├─ Kanazawa is a city that practises some craft
  │  because Kanazawa fits every part of city that practises some craft (intersection, cls-int1)
  │  ├─ Kanazawa is a city
  │  ├─ Kanazawa is a thing that practises some craft
  │  │  because Kanazawa practises Kaga yuzen, and Kaga yuzen is a craft (some-values, cls-svf1)
  │  │  ├─ Kanazawa practises Kaga yuzen [1]
  │  │  ├─ Kaga yuzen is a craft
  │  │  ├─ ontology: thing that practises some craft asks for some craft
  │  │  └─ ontology: thing that practises some craft speaks of practises
  │  └─ ontology: city that practises some craft is what is in all of city, thing that practises some craft
  └─ ontology: craft city means the same as city that practises some craft

[1] page 7 of the slides (ex:page7): page 7
"""
    )


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (("ex:kanazawa", "ex:practises", "ex:gent"), ["ex:kanazawa ex:practises ex:yuzen"]),
        (("ex:gent", "ex:practises", "ex:kanazawa"), ["ex:gent ex:twin ex:kanazawa"]),
        (("ex:japan", "ex:practises", "ex:yuzen"), ["ex:kanazawa ex:practises ex:yuzen"]),
        (("ex:yuzen", "ex:in", "ex:kanazawa"), ["ex:yuzen ex:practisedIn ex:kanazawa"]),
        (("ex:nowhere", "ex:near", "ex:nothing"), []),
    ],
)
def test_an_absent_statement_has_its_nearest(words: tuple[str, str, str], nearest: list[str]) -> None:
    explanation = why(VIEW, *fact(*words))

    assert explanation.status == "absent"
    assert [said(VIEW, each) for each in explanation.nearest][:1] == nearest[:1]


def test_an_asserted_statement_without_a_source_says_so() -> None:
    text = explanation_text(why(VIEW, *fact("ex:kanazawa", "ex:twin", "ex:gent")), VIEW)

    assert "No source is given for it." in text


def test_text_shows_claims_that_say_otherwise() -> None:
    text = explanation_text(why(VIEW, KANAZAWA, POPULATION, ox.Literal("450000", datatype=INTEGER)), VIEW)

    assert (
        text
        == """\
Kanazawa has a population of 450000
  ex:kanazawa ex:population 450000 .
Asserted.
No source is given for it.
Others say otherwise:
  466029, says ex:claim1 [1]
    rank “normal”
Claims that say so:
  450000, says ex:claim2 [2]
    rank “preferred”

[1] An atlas (ex:atlas)
[2] page 7 of the slides (ex:page7): page 7
"""
    )


def test_json_leaves_out_what_has_nothing_to_say() -> None:
    import json

    content = json.loads(explanation_json(why(VIEW, *fact("ex:gent", "ex:in", "ex:japan")), VIEW))

    assert set(content) == {"statement", "status", "nearest"}
    assert content["statement"]["subject"] == {"term": "<http://example.org/gent>", "label": "Gent"}


def test_turtle_tells_the_provenance_in_prov_o() -> None:
    text = explanation_turtle(why(VIEW, *fact("ex:kanazawa", "ex:in", "ex:japan")), VIEW)
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    rows = store.query("""
        PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?object ?source { ?all rdf:object <http://example.org/japan> ; prov:wasDerivedFrom ?part .
        ?part a prov:Entity ; rdf:object ?object ; prov:hadPrimarySource ?source } ORDER BY ?object""")

    assert [(str(row["object"]), str(row["source"])) for row in rows] == [
        ("<http://example.org/ishikawa>", "<http://example.org/atlas>"),
        ("<http://example.org/japan>", "<http://example.org/atlas>"),
    ]


def test_the_same_statement_is_always_explained_alike() -> None:
    texts = {explanation_text(why(view(), *fact("ex:kanazawa", "a", "ex:CraftCity")), VIEW) for _ in range(3)}

    assert len(texts) == 1


def test_explaining_reads_no_more_in_a_larger_graph() -> None:
    counts = []
    for size in (10, 2_000):
        more = "".join(f"ex:town{n} a ex:City ; ex:in ex:japan ; ex:practises ex:craft{n} ." for n in range(size))
        shown = view(more)
        counting = Counting(shown._store)
        shown._store = counting  # type: ignore[assignment]
        why(shown, *fact("ex:kanazawa", "ex:in", "ex:japan"))
        why(shown, *fact("ex:kanazawa", "a", "ex:CraftCity"))
        counts.append(counting.read)

    assert counts[0] == counts[1]


class Counting:
    """A store that counts the quads it hands out."""

    def __init__(self, store: ox.Store) -> None:
        self.store, self.read = store, 0

    def quads_for_pattern(self, *pattern: object) -> object:
        for quad in self.store.quads_for_pattern(*pattern):  # type: ignore[arg-type]
            self.read += 1
            yield quad

    def query(self, text: str, **options: object) -> object:
        for row in self.store.query(text, **options):  # type: ignore[arg-type, union-attr]
            self.read += 1
            yield row

    def __contains__(self, quad: object) -> bool:
        self.read += 1
        return quad in self.store


def test_turtle_tells_what_others_say_with_rank() -> None:
    text = explanation_turtle(why(VIEW, KANAZAWA, POPULATION, ox.Literal("450000", datatype=INTEGER)), VIEW)
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    rows = store.query("""
        PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX ex: <http://example.org/>
        SELECT ?value ?rank ?source { ?claim prov:alternateOf ?said ; rdf:object ?value ; ex:rank ?rank ;
        prov:hadPrimarySource ?source . ?said rdf:object 450000 } ORDER BY ?rank""")

    assert [(row["value"].value, row["rank"].value, str(row["source"])) for row in rows] == [
        ("466029", "normal", "<http://example.org/atlas>"),
        ("450000", "preferred", "<http://example.org/page7>"),
    ]
    assert 'rdfs:label "An atlas"@en' in text


def test_turtle_says_that_a_statement_is_absent() -> None:
    text = explanation_turtle(why(VIEW, *fact("ex:gent", "ex:in", "ex:japan")), VIEW)

    assert 'rdfs:comment "Not in the graph."@en' in text


def test_turtle_gives_a_nameless_class_a_node_with_a_label() -> None:
    text = explanation_turtle(why(VIEW, *fact("ex:kanazawa", "a", "ex:CraftCity")), VIEW)
    store = ox.Store()
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)

    assert store.query("""PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        ASK { ?s rdf:object ?class . ?class rdfs:label "thing that practises some craft"@en FILTER(isBlank(?class)) }""")


def test_an_absent_statement_tells_of_the_other_direction_and_of_what_is_unknown() -> None:
    turned = why(VIEW, *fact("ex:yuzen", "ex:practises", "ex:kanazawa"))
    unknown = why(VIEW, *fact("ex:nowhere", "ex:practises", "ex:yuzen"))

    assert turned.notes == ("The other direction is in the graph",)
    assert [said(VIEW, near) for near in turned.nearest] == ["ex:kanazawa ex:practises ex:yuzen"]
    assert unknown.notes == ("The graph says nothing of ex:nowhere",)
