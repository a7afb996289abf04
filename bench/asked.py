"""What several measurements ask of a graph: ten stored queries, chosen beforehand, and a contribution of twenty triples."""

from __future__ import annotations

import pyoxigraph as ox

from milieu.namespaces import Prefixes
from milieu.store.seam import Triple

__all__ = ["CONTRIBUTION", "QUERIES", "triples"]

QUERIES = (
    "cities-by-field",
    "crafts-of-a-city",
    "criticisms",
    "members-per-round",
    "organisations-of-a-city",
    "policies",
    "spread-of-a-field",
    "theorists",
    "timeline-of-a-city",
    "what-is-in-it",
)
CONTRIBUTION = """
city:newtown a mil:City ; rdfs:label "Newtown"@en ; mil:geonamesId "99999991" ;
  mil:latitude -14.5 ; mil:longitude 13.5 ; mil:partOf country:angola ; dcterms:source source:geonames .
membership:newtown-design a mil:NetworkMembership ; mil:field field:design ; mil:memberCity city:newtown ;
  mil:network network:unesco-creative-cities-network ; mil:startDate "2025"^^xsd:gYear ;
  dcterms:source source:news-pontual-ao .
city:oldtown a mil:City ; rdfs:label "Oldtown"@en ; mil:geonamesId "99999992" ; mil:latitude -14.25 ;
  mil:longitude 13.25 ; mil:partOf country:angola ; dcterms:source source:geonames .
"""


def triples(prefixes: Prefixes, text: str = CONTRIBUTION) -> list[Triple]:
    """The triples of a text in Turtle, its prefixes those of the folder."""
    quads = ox.parse(prefixes.sparql() + text, format=ox.RdfFormat.TURTLE)
    return [(quad.subject, quad.predicate, quad.object) for quad in quads]
