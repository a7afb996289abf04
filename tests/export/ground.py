"""A folder for exports: every kind of value, names that collide, coordinates, formulas."""

from __future__ import annotations

from pathlib import Path

HEADER = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.org/terms#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix other: <https://example.org/other#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix thing: <https://example.org/id/thing/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
ONTOLOGY = """
<https://example.org/terms> a owl:Ontology ; dcterms:title "Things"@en ; owl:versionInfo "2.1" ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .
ex:Thing a owl:Class ; rdfs:label "thing"@en ; skos:definition "Anything."@en .
ex:BigThing a owl:Class ; rdfs:subClassOf ex:Thing ; rdfs:label "big thing"@en .
ex:size a owl:DatatypeProperty ; rdfs:label "size"@en ; skos:definition "How big it is."@en .
"""
SHAPES = """
ex:ThingShape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property [ sh:path ex:size ; sh:maxCount 1 ] .
"""
DATA = """
thing:a a ex:BigThing ; rdfs:label "A"@en, "甲"@ja ; ex:size 36 ; ex:weight -1.5 ; ex:since "2009"^^xsd:gYear ;
    ex:latitude 36.5 ; ex:longitude 136.6 ; ex:near thing:b, thing:c ; ex:true true ; ex:day "2009-10-02"^^xsd:date ;
    ex:title "one" ; other:title "two" .
thing:b a ex:Thing ; rdfs:label "=HYPERLINK(1)"@en ; ex:note "@home", "+1" ; ex:size -5 ;
    geo:asWKT "POINT(-4.1 52.4)"^^geo:wktLiteral .
thing:c a ex:Thing ; ex:note 'two "quoted"\\nlines, and a comma' ; ex:latitude 95 ;
    ex:longitude 10 ; ex:title "three"@en .
"""


def make(folder: Path) -> Path:
    """The folder, written."""
    for name, text in {"ontology": ONTOLOGY, "ontology/shapes": SHAPES, "data": DATA}.items():
        path = folder / name / "things.ttl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + text, encoding="utf-8")
    return folder
