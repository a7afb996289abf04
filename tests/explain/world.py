"""A small graph with evidence, claims and an ontology, for the tests of explanations."""

from __future__ import annotations

import pyoxigraph as ox

from milieu.explain import StoreView
from milieu.folder import Folder
from milieu.namespaces import ASSERTED, Prefixes
from milieu.reason import close, read_rules
from milieu.reason.atoms import Fact
from reason.ontologies import ROOT

PREFIXES = Prefixes(
    {
        "ex": "http://example.org/",
        "note": "http://example.org/note/",
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "dcterms": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
TEXT = """
ex:City a owl:Class ; rdfs:label "city"@en ; rdfs:subClassOf ex:Place .
ex:Place a owl:Class ; rdfs:label "place"@en .
ex:CraftCity a owl:Class ; rdfs:label "craft city"@en ; owl:equivalentClass
  [ owl:intersectionOf ( ex:City [ owl:onProperty ex:practises ; owl:someValuesFrom ex:Craft ] ) ] .
ex:Craft a owl:Class ; rdfs:label "craft"@en .
ex:in a owl:ObjectProperty, owl:TransitiveProperty ; rdfs:label "lies in"@en .
ex:practises a owl:ObjectProperty ; rdfs:label "practises"@en .
ex:practisedIn a owl:ObjectProperty ; rdfs:label "is practised in"@en ; owl:inverseOf ex:practises .
ex:population a owl:DatatypeProperty ; rdfs:label "has a population of"@en .
ex:twin a owl:ObjectProperty, owl:SymmetricProperty ; rdfs:label "is twinned with"@en .
ex:page a owl:DatatypeProperty ; rdfs:label "page"@en .
ex:claimSubject a owl:ObjectProperty . ex:claimProperty a owl:AnnotationProperty .
ex:claimValue a owl:AnnotationProperty . ex:rank a owl:DatatypeProperty ; rdfs:label "rank"@en .

ex:japan rdfs:label "Japan"@en, "日本"@ja .
ex:ishikawa rdfs:label "Ishikawa"@en ; ex:in ex:japan ; dcterms:source ex:atlas .
ex:kanazawa a ex:City ; rdfs:label "Kanazawa"@en, "金沢"@ja ; ex:in ex:ishikawa ;
  ex:practises ex:yuzen ; ex:population 450000 ; ex:twin ex:gent .
ex:gent a ex:City ; rdfs:label "Gent"@en .
ex:yuzen a ex:Craft ; rdfs:label "Kaga yuzen"@en .
ex:atlas rdfs:label "An atlas"@en .
ex:page7 rdfs:label "page 7 of the slides"@en ; ex:page 7 .
note:1 a owl:Axiom ; owl:annotatedSource ex:kanazawa ; owl:annotatedProperty ex:practises ;
  owl:annotatedTarget ex:yuzen ; dcterms:source ex:page7 .
note:2 a owl:Axiom ; owl:annotatedSource ex:kanazawa ; owl:annotatedProperty ex:in ;
  owl:annotatedTarget ex:ishikawa ; dcterms:source ex:atlas .
ex:claim1 ex:claimSubject ex:kanazawa ; ex:claimProperty ex:population ; ex:claimValue 466029 ; ex:rank "normal" ;
  dcterms:source ex:atlas .
ex:claim2 ex:claimSubject ex:kanazawa ; ex:claimProperty ex:population ; ex:claimValue 450000 ; ex:rank "preferred" ;
  dcterms:source ex:page7 .
"""


def view(more: str = "") -> StoreView:
    """The view of the small graph, closed."""
    head = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in PREFIXES)
    store = ox.Store()
    store.load((head + TEXT + more).encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(ASSERTED))
    rules = read_rules(Folder(ROOT))
    close(store, rules)
    return StoreView(store, rules, PREFIXES)


def fact(*words: str) -> Fact:
    """A statement, from three prefixed names."""
    subject, predicate, obj = (ox.NamedNode(str(PREFIXES.expand("rdf:type" if w == "a" else w))) for w in words)
    return subject, predicate, obj


def said(shown: StoreView, some: Fact) -> str:
    """A statement with prefixed names."""
    return " ".join(shown.name(term) for term in some)
