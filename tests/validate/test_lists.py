"""A list is told once, whatever stands in it."""

from __future__ import annotations

CRAFT = 'craft:new a mil:Craft ; rdfs:label "New"@en ; dcterms:source source:gazette ; mil:usesMaterial {} .'


def test_a_list_is_answered_with_commas(judge) -> None:
    judged = judge(CRAFT.format("( material:gold-leaf material:silk-thread )"))
    [finding] = [finding for finding in judged.findings if finding.code == "list"]

    assert judged.at(finding) == "( material:gold-leaf material:silk-thread )"
    assert finding.remedy == (
        "Write the values with commas between them, without brackets: mil:usesMaterial material:gold-leaf, material:silk-thread ."
    )
    assert (finding.fix.text, finding.fix.safe) == ("material:gold-leaf, material:silk-thread", False)
    assert judge(CRAFT.format(finding.fix.text)).codes == ["sh:minCount"]


def test_what_stands_in_a_list_is_judged_as_well(judge) -> None:
    judged = judge(CRAFT.format("( material:gold-leaf material:silk-thraed )"))

    assert ("unknown-thing", "material:silk-thraed") in judged.said


def test_a_long_list_is_one_finding(judge) -> None:
    judged = judge(CRAFT.format(f"( {'material:gold-leaf material:silk-thread ' * 1500} )"))

    assert judged.codes.count("list") == 1
    assert "untyped" not in judged.codes


def test_a_list_in_a_ring_or_with_nodes_in_it_is_one_finding(judge) -> None:
    assert "list" in judge(CRAFT.format("_:a") + "_:a rdf:first material:gold-leaf ; rdf:rest _:a .").codes
    assert "untyped" not in judge(CRAFT.format("_:a") + "_:a rdf:first material:gold-leaf ; rdf:rest _:a .").codes
    assert judge(CRAFT.format("( [ a mil:Material ] )")).codes.count("list") == 1


def test_lists_of_the_ontology_are_refused_as_such(judge) -> None:
    text = "mil:about owl:propertyChainAxiom ( mil:partOf mil:about ) ."

    assert judge(text, with_source=False).said == [("changes-ontology", text)]
