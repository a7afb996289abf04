"""A word is understood as people mean it, or refused with what was probably meant."""

import pytest

from explain.world import said, view
from milieu.errors import QueryError
from milieu.explain.naming import statement_of, term_of

VIEW = view()


@pytest.mark.parametrize(
    "word",
    ["ex:kanazawa", "<http://example.org/kanazawa>", "http://example.org/kanazawa", "Kanazawa", "kanazawa", "金沢"],
)
def test_a_thing_has_many_names(word: str) -> None:
    assert VIEW.name(term_of(VIEW, word)) == "ex:kanazawa"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("Kanazawa", "practises", "Kaga yuzen"), "ex:kanazawa ex:practises ex:yuzen"),
        (("kanazawa", "a", "craft city"), "ex:kanazawa rdf:type ex:CraftCity"),
        (("kanazawa", "population", "450000"), "ex:kanazawa ex:population 450000"),
        (("kanazawa", "rdfs:label", '"金沢"@ja'), 'ex:kanazawa rdfs:label "金沢"@ja'),
        (("kanazawa", "rdfs:label", "Kanazawa"), 'ex:kanazawa rdfs:label "Kanazawa"@en'),
        (("claim1", "rank", "normal"), 'ex:claim1 ex:rank "normal"'),
        (("kanazawa", "population", '"1"^^xsd:gYear'), 'ex:kanazawa ex:population "1"^^xsd:gYear'),
    ],
)
def test_three_words_make_a_statement(words: tuple[str, str, str], expected: str) -> None:
    assert said(VIEW, statement_of(VIEW, *words)) == expected


def test_a_misspelt_name_is_refused_with_the_right_one() -> None:
    with pytest.raises(QueryError, match=r"nothing in the graph is called 'Kanasawa'. Did you mean 'Kanazawa'?"):
        term_of(VIEW, "Kanasawa")


def test_a_name_of_several_things_is_refused_with_all() -> None:
    two = view('ex:kanazawa-yokohama rdfs:label "Kanazawa"@en .')
    with pytest.raises(QueryError, match="may be any of ex:kanazawa, ex:kanazawa-yokohama"):
        term_of(two, "Kanazawa")


def test_what_is_no_iri_is_refused() -> None:
    with pytest.raises(QueryError, match="is no IRI"):
        term_of(VIEW, "<not an iri>")


def test_a_word_means_the_property_where_a_property_stands() -> None:
    two = view('ex:twinning rdfs:label "practises"@en .')

    assert said(two, statement_of(two, "Kanazawa", "practises", "Kaga yuzen")) == "ex:kanazawa ex:practises ex:yuzen"


def test_a_word_of_several_meanings_means_the_one_of_which_it_is_said() -> None:
    two = view('ex:kanazawa-yokohama rdfs:label "Kanazawa"@en .')

    assert said(two, statement_of(two, "Kanazawa", "practises", "Kaga yuzen")) == "ex:kanazawa ex:practises ex:yuzen"


def test_an_unknown_prefix_is_named() -> None:
    with pytest.raises(QueryError, match="the prefix foo: of 'foo:bar' is unknown"):
        term_of(VIEW, "foo:bar")


def test_a_number_with_an_exponent_is_a_double() -> None:
    found = said(VIEW, statement_of(VIEW, "kanazawa", "population", "36.6e0"))

    assert found == 'ex:kanazawa ex:population "36.6e0"^^xsd:double'


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(QueryError, match="a term is a text, not None"):
        statement_of(VIEW, None, "a", "City")  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="a term is a text, not 1"):
        term_of(VIEW, 1)  # type: ignore[arg-type]
