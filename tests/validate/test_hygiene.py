"""What `milieu check` would find once a contribution has joined, the gate says beforehand, and where."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

MEMBERSHIP = """
membership:new a mil:NetworkMembership ; rdfs:label "new"@en ; mil:memberCity city:kobe ;
    mil:network network:unesco-creative-cities-network ; mil:field field:{field} ;
    mil:startDate "{year}"^^xsd:gYear ; {more} dcterms:source source:gazette .
"""


@pytest.mark.parametrize(
    ("text", "code", "there"),
    [
        (
            MEMBERSHIP.format(field="film", year="1999", more=""),
            "membership-before-its-network",
            '"1999"^^xsd:gYear',
        ),
        (
            MEMBERSHIP.format(field="architecture", year="2010", more=""),
            "membership-before-its-field",
            '"2010"^^xsd:gYear',
        ),
        (MEMBERSHIP.format(field="design", year="2015", more=""), "membership-given-twice", "city:kobe"),
        (
            """[] a owl:Axiom ; owl:annotatedSource city:kanazawa ; owl:annotatedProperty mil:partOf ;
                owl:annotatedTarget country:france ; dcterms:source source:gazette .""",
            "evidence-for-what-is-not-asserted",
            "country:france",
        ),
        (
            """claim:new a mil:Claim ; rdfs:label "new"@en ; mil:claimSubject city:kanazawa ;
                mil:claimProperty mil:population ; mil:claimValue 12345 ; mil:rank rank:preferred ;
                mil:reason "The census says so."@en ; dcterms:source source:gazette .""",
            "preferred-claim-not-asserted",
            "12345",
        ),
        (
            """city:zzz a mil:City ; rdfs:label "Zzz"@en ; mil:partOf country:japan ; mil:latitude 12.5 ;
                mil:longitude 150.5 ; mil:geonamesId "1860243" ; dcterms:source source:gazette .""",
            "identifier-of-two-things",
            '"1860243"',
        ),
        (
            """city:aaa a mil:City ; rdfs:label "Aaa"@en ; mil:partOf country:japan ; mil:latitude 12.5 ;
                mil:longitude 150.5 ; mil:geonamesId "1860243" ; dcterms:source source:gazette .""",
            "identifier-of-two-things",
            '"1860243"',
        ),
    ],
)
def test_what_a_check_would_find_afterwards_is_said_at_its_place(
    judge: Callable, text: str, code: str, there: str
) -> None:
    assert (code, there) in judge(text).said


def test_a_membership_that_has_ended_does_not_meet_the_next(judge: Callable) -> None:
    ended = MEMBERSHIP.format(field="design", year="2015", more='mil:endDate "2016"^^xsd:gYear ;')

    assert judge(ended).codes == []


def test_the_finding_has_the_problem_and_the_remedy_of_the_check(judge: Callable) -> None:
    finding = next(one for one in judge(MEMBERSHIP.format(field="film", year="1999", more="")).findings)

    assert finding.message.endswith("The membership begins before the network does.")
    assert finding.remedy == "Correct the year in which the city joined."


def test_what_the_graph_has_wrong_already_is_not_told(judge: Callable) -> None:
    assert judge('city:kanazawa rdfs:label "Kanazawa"@en .', with_source=False).codes == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(year=st.integers(1990, 2023))
def test_a_membership_is_too_early_exactly_when_its_network_was_not_there(judge: Callable, year: int) -> None:
    said = judge(MEMBERSHIP.format(field="film", year=year, more="")).codes

    # The UNESCO Creative Cities Network was founded in 2004.
    assert ("membership-before-its-network" in said) == (year < 2004)
