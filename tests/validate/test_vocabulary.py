"""Terms and names that do not exist, and what was probably meant."""

import pytest

CITY = 'city:atlantis a mil:City ; rdfs:label "Atlantis"@en ; mil:latitude 31.5 ; mil:longitude -24.25 ;\n'
END = "mil:partOf country:portugal ; dcterms:source source:gazette .\n"


def test_a_good_contribution_has_no_findings(judge) -> None:
    assert judge(CITY + END).findings == []


@pytest.mark.parametrize(
    ("row", "code", "stands", "meant", "safe"),
    [
        ("mil:populaton 500 ;", "unknown-property", "mil:populaton", "mil:population", False),
        ("mil:Population 500 ;", "unknown-property", "mil:Population", "mil:population", True),
        ("<https://w3id.org/milieu/ontology/population> 500 ;", "unknown-property", None, "mil:population", True),
        ("mil:originatesIn city:kanazwa ;", "unknown-thing", "city:kanazwa", "city:kanazawa", False),
        ("mil:originatesIn city:Kanazawa ;", "unknown-thing", "city:Kanazawa", "city:kanazawa", True),
        ('mil:originatesIn "Kanazawa"@en ;', "text-for-thing", '"Kanazawa"@en', "city:kanazawa", True),
        ('mil:originatesIn "city:kanazawa" ;', "text-for-thing", '"city:kanazawa"', "city:kanazawa", True),
        (
            "mil:originatesIn <http://w3id.org/milieu/id/city/kanazawa> ;",
            "wrong-namespace",
            None,
            "city:kanazawa",
            True,
        ),
        ("mil:originatesIn <city:kanazawa> ;", "wrong-namespace", None, "city:kanazawa", True),
        (
            "mil:originatesIn <https://w3id.org/milieu/id/city/kanazawa/> ;",
            "wrong-namespace",
            None,
            "city:kanazawa",
            True,
        ),
        (
            "mil:originatesIn <https://w3id.org/milieu/id/city/kanazawa#this> ;",
            "wrong-namespace",
            None,
            "city:kanazawa",
            True,
        ),
    ],
)
def test_what_was_meant_is_offered_as_a_fix(judge, row, code, stands, meant, safe) -> None:
    judged = judge(CITY + row + END)

    assert judged.codes == [code]
    assert judged.at(judged.only) == (stands or row.split(" ")[code == "wrong-namespace"])
    assert judged.only.fix is not None
    assert (judged.only.fix.text, judged.only.fix.safe) == (meant, safe)


def test_a_mistyped_class_is_told_once_and_nothing_else_of_its_node(judge) -> None:
    judged = judge("city:atlantis a mil:Ctiy ; mil:partOf country:portugal ; dcterms:source source:gazette .")

    assert ("unknown-class", "mil:Ctiy") in judged.said


def test_one_mistyped_name_used_twice_is_one_finding_with_two_places(judge) -> None:
    judged = judge(CITY + "mil:populaton 500 ;" + END + "city:lyonesse mil:populaton 5 ; a mil:City .")
    found = [finding for finding in judged.findings if finding.code == "unknown-property"]

    assert len(found) == 1
    assert len(found[0].related) == 1


def test_a_prefix_with_the_wrong_scheme_is_told_at_its_declaration_and_nowhere_else(kg) -> None:
    head = kg.prefixes.sparql()
    text = CITY + END + 'source:gazette a mil:Source ; rdfs:label "G"@en ; mil:documentKind dockind:news-article ; '
    text += "dcterms:source source:gazette .\n"
    report = kg.validate(head.replace("<https://w3id.org/milieu/id/city/>", "<http://w3id.org/milieu/id/city/>") + text)

    assert [(finding.code, finding.fix.text) for finding in report if finding.severity > 1] == [
        ("wrong-namespace", "<https://w3id.org/milieu/id/city/>")
    ]


@pytest.mark.parametrize(
    ("statement", "code", "stands"),
    [
        ("city:kanazawa mil:City city:osaka .", "class-as-property", "mil:City"),
        ("city:new a mil:partOf .", "property-as-class", "mil:partOf"),
        ("city:new a city:kanazawa .", "thing-as-class", "city:kanazawa"),
        ("craft:kaga-yuzen mil:originatesIn mil:City .", "class-as-thing", "mil:City"),
        ('city:new a mil:City ; rdfs:label "New"@jp .', "unknown-language", '"New"@jp'),
        ('city:new a mil:City ; rdfs:label "金沢市"@en .', "wrong-language", '"金沢市"@en'),
        ('city:new a mil:City ; rdfs:label "Atlantis"@ja .', "wrong-language", '"Atlantis"@ja'),
    ],
)
def test_what_stands_in_the_wrong_role_is_said_at_its_token(judge, statement, code, stands) -> None:
    assert (code, stands) in judge(statement).said


def test_a_deprecated_property_is_a_warning_that_names_the_new_one(judge) -> None:
    judged = judge('membership:kanazawa-crafts-and-folk-art mil:memberSince "2009"^^xsd:gYear .')
    [finding] = [finding for finding in judged.findings if finding.code == "deprecated"]

    assert finding.remedy == "Write mil:startDate instead."


def test_an_inverse_is_turned_round(judge) -> None:
    judged = judge("city:kanazawa mil:hasMilieu milieu:new .\nmilieu:new a mil:CreativeMilieu .")
    [finding] = [finding for finding in judged.findings if finding.code == "inverse-direction"]

    assert judged.at(finding) == "mil:hasMilieu"
    assert finding.fix is not None
    assert (finding.fix.text, finding.fix.safe) == ("milieu:new mil:milieuOf city:kanazawa .", True)


def test_an_inverse_among_other_statements_leaves_those_as_they_are(judge) -> None:
    judged = judge('city:kanazawa skos:altLabel "K"@en ;\n  mil:hasMilieu milieu:new ; skos:altLabel "Q"@en .')
    [finding] = [finding for finding in judged.findings if finding.code == "inverse-direction"]

    assert finding.fix is not None
    assert finding.fix.text == (
        'city:kanazawa skos:altLabel "K"@en ; skos:altLabel "Q"@en .\nmilieu:new mil:milieuOf city:kanazawa .'
    )


def test_subject_and_object_that_have_changed_places_are_seen(judge) -> None:
    judged = judge("city:kanazawa mil:practisedIn practice:kaga-yuzen-in-kanazawa .")
    finding = judged.only

    assert finding.code == "swapped"
    assert finding.remedy == "Write practice:kaga-yuzen-in-kanazawa mil:practisedIn city:kanazawa ."


def test_what_follows_by_itself_is_not_to_be_stated(judge) -> None:
    judged = judge("city:kanazawa mil:memberOf network:creative-city-network-of-japan .")
    [finding] = [finding for finding in judged.findings if finding.code == "derived-property"]

    assert finding.remedy == "State mil:memberCity and mil:network, from which it follows."


def test_a_name_that_is_merely_a_little_like_another_is_not_taken_for_it(judge) -> None:
    judged = judge("city:kanazawa mil:hasMood 'good' ; mil:partOf city:paris .", with_source=False)

    assert judged.said == [("unknown-property", "mil:hasMood"), ("unknown-thing", "city:paris")]
    assert [finding.fix for finding in judged.findings] == [None, None]


def test_a_name_that_a_shape_would_refuse_is_not_proposed(judge) -> None:
    finding = judge("city:kanazawa mil:partOf city:Ville_Neuve .", with_source=False).only

    assert finding.remedy == "Describe it here too as city:ville-neuve, or use the name of a thing that exists."


def test_a_prefix_with_another_host_is_told_at_its_declaration(kg) -> None:
    text = "@prefix city: <https://w3id.com/milieu/id/city/> .\ncity:kanazawa <urn:x:p> city:kobe ."
    finding = next(one for one in kg.validate(text) if one.code == "wrong-namespace")

    assert (str(finding.place), finding.remedy) == ("contribution:1:15", "Write <https://w3id.org/milieu/id/city/>.")


def test_of_a_second_label_the_first_is_named(judge) -> None:
    finding = judge('city:kanazawa rdfs:label "Kanazawaa"@en .', with_source=False).only

    assert 'The graph has "Kanazawa"@en already; here stands "Kanazawaa"@en.' in finding.message


def test_a_name_in_a_wrong_namespace_is_told_once_where_it_stands(judge) -> None:
    judged = judge(
        '<http://w3id.org/milieu/id/craft/yosegi> a mil:Craft ; rdfs:label "Yosegi"@en ; dcterms:source source:gazette .'
    )

    assert judged.codes.count("wrong-namespace") == 1


def test_romanised_japanese_is_japanese(judge) -> None:
    assert "wrong-language" not in judge('city:sapporo skos:altLabel "Sapporo"@ja-Latn .').codes
    assert "wrong-language" in judge('city:sapporo skos:altLabel "Sapporo"@ja .').codes


@pytest.mark.parametrize("written", ["city:kyoto", "{city}kyoto/", "{city}kyoto#this"])
def test_a_prefixed_name_in_brackets_and_an_address_with_a_tail_are_known_again(kg, judge, written) -> None:
    name = f"<{written.format(city=kg.prefixes['city'])}>"
    judged = judge(f"city:sapporo mil:near {name} .")
    [finding] = [finding for finding in judged.findings if finding.code == "wrong-namespace"]

    assert (judged.at(finding), finding.remedy) == (name, "Write city:kyoto.")


def test_what_a_thing_may_have_is_listed_where_nothing_is_alike(judge) -> None:
    finding = next(
        finding
        for finding in judge('craft:new a mil:Craft ; rdfs:label "New"@en ; mil:xyzzy 5 .').findings
        if finding.code == "unknown-property"
    )

    assert finding.remedy.startswith("A mil:Craft has mil:heritageDomain, mil:heritageStatus, ")


def test_a_text_for_a_thing_is_known_by_its_own_description_and_by_the_word_for_an_ampersand(judge) -> None:
    judged = judge(
        CITY + "  mil:partOf country:japan ; dcterms:source source:gazette .\n"
        'membership:new a mil:NetworkMembership ; rdfs:label "New"@en ; dcterms:source source:gazette ; '
        'mil:memberCity "Atlantis" ; mil:field "Crafts & Folk Art" ; mil:startDate "2009"^^xsd:gYear ; '
        "mil:network network:unesco-creative-cities-network ."
    )
    remedies = [finding.remedy for finding in judged.findings if finding.code == "text-for-thing"]

    assert remedies == ["Write city:atlantis, without quotes.", "Write field:crafts-and-folk-art, without quotes."]
