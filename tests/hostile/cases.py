"""Contributions that mean harm: name, format, content, and the codes of which one must be among the findings."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Iterator

__all__ = ["Case", "cases"]

Case = tuple[str, str, bytes, frozenset[str]]

HEAD = """@prefix city: <https://w3id.org/milieu/id/city/> .
@prefix concept: <https://w3id.org/milieu/id/concept/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix evidence: <https://w3id.org/milieu/id/evidence/> .
@prefix mil: <https://w3id.org/milieu/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix place: <https://w3id.org/milieu/id/place/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/milieu/shape/> .
@prefix source: <https://w3id.org/milieu/id/source/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CONTEXT = '"@context": {"mil": "https://w3id.org/milieu/ontology#"}'
SYNTAX = frozenset({"syntax", "broken-iri", "unknown-prefix", "encoding", "control-character"})


def cases() -> Iterator[Case]:
    """All of them; the same every time."""
    for family in (_schema, _evidence, _texts, _literals, _nesting, _graphs, _jsonld, _rdfxml, _bytes, _garbled):
        yield from family()


def _turtle(name: str, text: str, *codes: str) -> Case:
    return name, "turtle", (HEAD + text).encode("utf-8", "surrogatepass"), frozenset(codes)


def _schema() -> Iterator[Case]:
    owlready = "http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#"
    statements = {
        "subclass of ours": "mil:City rdfs:subClassOf mil:Firm .",
        "superclass of ours": "mil:Firm rdfs:subClassOf mil:City .",
        "subproperty that satisfies": "mil:x rdfs:subPropertyOf rdfs:label .",
        "domain": "mil:partOf rdfs:domain mil:Firm .",
        "range": "mil:partOf rdfs:range mil:Firm .",
        "equivalent class": "mil:City owl:equivalentClass mil:Firm .",
        "equivalent property": "mil:partOf owl:equivalentProperty mil:about .",
        "inverse": "mil:partOf owl:inverseOf mil:about .",
        "disjoint": "mil:City owl:disjointWith mil:Place .",
        "transitive": "mil:about a owl:TransitiveProperty .",
        "functional": "mil:about a owl:FunctionalProperty .",
        "chain": "mil:about owl:propertyChainAxiom ( mil:partOf mil:about ) .",
        "key": "mil:City owl:hasKey ( rdfs:label ) .",
        "same": "city:kyoto owl:sameAs city:osaka .",
        "different": "city:kyoto owl:differentFrom city:kyoto .",
        "all different": "[] a owl:AllDifferent ; owl:distinctMembers ( city:kyoto city:osaka ) .",
        "import": "<https://example.org/o> owl:imports <https://example.org/p> .",
        "import of a file": "<https://w3id.org/milieu/ontology> owl:imports <file:///etc/passwd> .",
        "new class": "mil:Mine a owl:Class .",
        "new property": "mil:mine a owl:ObjectProperty .",
        "new datatype": "mil:mine a rdfs:Datatype .",
        "deprecating ours": "mil:City owl:deprecated true .",
        "restriction": "[] a owl:Restriction ; owl:onProperty mil:partOf ; owl:maxCardinality 0 .",
        "negative assertion": "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual city:kyoto .",
        "label of a class": 'mil:City rdfs:label "village"@en .',
        "comment on rdfs": 'rdfs:label rdfs:comment "hers"@en .',
        "ontology header": '<https://w3id.org/milieu/ontology> dcterms:title "Mine"@en .',
        "shape switched off": "shape:City sh:deactivated true .",
        "new shape": "shape:Mine a sh:NodeShape ; sh:targetClass mil:City .",
        "rule": "shape:City sh:rule [ a sh:TripleRule ; sh:subject sh:this ] .",
        "script": 'shape:City sh:js [ sh:jsFunctionName "x" ] .',
        "query with a file": 'shape:City sh:sparql [ sh:select "SELECT * FROM <file:///etc/passwd> {}" ] .',
        "blank shape": "[] sh:path mil:partOf ; sh:maxCount 0 .",
    }
    for name, text in statements.items():
        yield _turtle(name, text, "changes-ontology", "changes-shapes")
    yield _turtle("python module", f'city:kyoto <{owlready}python_module> "os" .', "unknown-property")
    yield _turtle("python name", f'city:kyoto <{owlready}python_name> "system" .', "unknown-property")
    yield _turtle("invented class", 'city:x a mil:Villain ; rdfs:label "X"@en .', "unknown-class")
    yield _turtle("class of elsewhere", 'city:x a <https://example.org/C> ; rdfs:label "X"@en .', "unknown-class")
    yield _turtle("no class", 'city:x rdfs:label "X"@en .', "untyped")
    yield _turtle("class of OWL", "city:x a owl:Thing .", "unknown-class", "unchecked", "changes-ontology")
    yield _turtle("nothing", "city:x a owl:Nothing .", "unknown-class", "unchecked", "clash:empty-class")


def _evidence() -> Iterator[Case]:
    yield _turtle("vouching for others", "city:kanazawa dcterms:source source:sasaki-slides .", "changes-evidence")
    yield _turtle(
        "moving a passage", "<https://w3id.org/milieu/id/passage/s003-346-347> mil:lastLine 999 .", "changes-evidence"
    )
    yield _turtle("renaming a source", 'source:sasaki-slides rdfs:label "Mine"@en .', "changes-evidence")
    yield _turtle("bare statement", "city:kanazawa mil:population 1 .", "no-evidence")
    yield _turtle(
        "evidence without a source",
        "[] a owl:Axiom ; owl:annotatedSource city:kanazawa ; owl:annotatedProperty mil:population ; "
        "owl:annotatedTarget 1 .",
        "sh:minCount",
    )
    yield _turtle(
        "evidence from nowhere",
        "[] a owl:Axiom ; owl:annotatedSource city:kanazawa ; owl:annotatedProperty mil:population ; "
        "owl:annotatedTarget 1 ; dcterms:source <https://example.org/x> .",
        "sh:or",
        "unknown-thing",
    )


def _texts() -> Iterator[Case]:
    unseen = {
        "nul": "\0",
        "escape": "\x1b[31m",
        "bell": "\a",
        "override": "\u202e",
        "isolate": "\u2066",
        "mark": "\u200f",
    }
    unseen |= {"nonsense": "\uffff", "delete": "\x7f", "next line": "\x85", "form feed": "\f"}
    for name, mark in unseen.items():
        yield _turtle(
            f"unseen {name}", f'city:x a mil:City ; rdfs:label "A{mark}B"@en .', "control-character", "syntax"
        )
        yield _turtle(
            f"escaped {name}",
            f'city:x a mil:City ; rdfs:label "A\\u{ord(mark[0]):04X}B"@en .',
            "control-character",
            "syntax",
        )
    iris = {
        "with a space": "https://example.org/a b",
        "with a bracket": "https://example.org/a>b",
        "with a quote": 'https://example.org/a"b',
        "with a brace": "https://example.org/a{b}",
        "escaped bracket": "https://example.org/a\\u003Eb",
        "escaped space": "https://example.org/a\\u0020b",
        "relative": "x",
        "without a scheme": "//example.org/x",
        "bad percent": "https://example.org/%zz",
        "half a character": "https://example.org/\\uD800",
    }
    for name, iri in iris.items():
        yield _turtle(
            f"IRI {name}", f"city:kyoto mil:about <{iri}> .", "broken-iri", "syntax", "unknown-thing", "sh:class"
        )
    for scheme in ("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "vbscript:x"):
        yield _turtle(
            f"address {scheme}",
            f'city:kyoto mil:address "{scheme}"^^xsd:anyURI .',
            "sh:pattern",
            "bad-literal",
            "no-evidence",
        )
        yield _turtle(f"thing {scheme}", f"city:kyoto mil:about <{scheme}> .", "sh:class", "broken-iri", "syntax")


def _literals() -> Iterator[Case]:
    value = "city:x a mil:City ; mil:population {} ."
    numbers = {
        "exponent bomb": '"1e999999999"^^xsd:decimal',
        "integer exponent": '"1e999999999"^^xsd:integer',
        "double bomb": '"1e999999999"^^xsd:double',
        "long integer": "9" * 70_000,
        "long decimal": f"0.{'1' * 70_000}",
        "many digits": f'"{"9" * 5000}"^^xsd:integer',
        "year": '"99999999999999999999"^^xsd:gYear',
        "duration": '"P99999999999999999Y"^^xsd:duration',
        "date": '"2009-02-30"^^xsd:date',
        "not a number": '"NaN"^^xsd:integer',
    }
    for name, literal in numbers.items():
        yield _turtle(
            f"literal {name}", value.format(literal), "bad-literal", "too-long", "sh:datatype", "not-canonical"
        )
    markup = "<b>" * 20_000
    yield _turtle("markup", f'city:x a mil:City ; rdfs:label "{markup}"^^rdf:HTML .', "markup")
    yield _turtle("xml", f'city:x a mil:City ; rdfs:label "{markup}"^^rdf:XMLLiteral .', "markup")
    yield _turtle("huge text", f'city:x a mil:City ; rdfs:label "{"x" * 2_000_000}"@en .', "too-long")
    lines = "x\n" * 500_000
    yield _turtle("huge long text", f'city:x a mil:City ; rdfs:label """{lines}"""@en .', "too-long")
    catastrophes = {
        "url": "http://" + "a" * 40 + "!" + " ",
        "slug": "a-" * 30_000 + "!",
        "words": "a " * 20_000,
        "hyphens": "-" * 60_000,
        "isbn": "9" * 60_000 + "!",
    }
    for name, text in catastrophes.items():
        for predicate in ("mil:address", "mil:doi", "mil:isbn", "mil:locator", "mil:countryCode", "rdfs:label"):
            literal = f'"{text}"' + ("^^xsd:anyURI" if predicate == "mil:address" else "")
            yield _turtle(f"pattern {name} {predicate}", f"city:x a mil:City ; {predicate} {literal} .")
    yield _turtle("long slug", f"<https://w3id.org/milieu/id/city/{'a-' * 5000}!> a mil:City .")
    yield _turtle("language bomb", f'city:x a mil:City ; rdfs:label "x"@{"a-" * 5000}a .')


def _nesting() -> Iterator[Case]:
    yield _turtle("brackets", "city:x mil:about " + "[ mil:about " * 5000 + "city:y" + " ]" * 5000 + " .", "too-deep")
    yield _turtle("open brackets", "city:x mil:about " + "[ mil:about " * 20_000, "too-deep")
    yield _turtle("lists", "city:x mil:about " + "(" * 5000 + ")" * 5000 + " .", "too-deep")
    yield _turtle("triple terms", "city:x mil:about " + "<<( city:x mil:about " * 20_000, "too-deep", "rdf-12")
    yield _turtle("one triple term", "city:x mil:about <<( city:x mil:about city:y )>> .", "rdf-12")
    yield _turtle("annotation", "city:kyoto mil:about concept:tradition {| dcterms:source source:x |} .", "rdf-12")
    yield _turtle("semicolons", "city:x a mil:City " + ";" * 200_000 + " .")
    yield _turtle("commas", "city:x mil:about " + "," * 50_000 + " .", "syntax")
    yield _turtle("dots", "." * 50_000, "syntax", "too-many")
    yield _turtle("quotes", '"' * 50_001, "syntax", "too-many")
    yield _turtle("prefixes", "".join(f"p{number}:x a p{number}:y .\n" for number in range(3000)), "unknown-prefix")
    yield _turtle("comment", "#" * 1_000_000 + "\ncity:x mil:about", "syntax")
    yield _turtle("long line", " " * 2_000_000 + "city:x mil:about", "syntax")


def _graphs() -> Iterator[Case]:
    mutual = "".join(f"_:b{one} mil:about _:b{two} .\n" for one in range(40) for two in range(40) if one != two)
    yield _turtle("mutual nodes", mutual, "untyped")
    yield _turtle("alike nodes", "".join(f"_:b{n} mil:about _:b{(n + 1) % 700} .\n" for n in range(700)), "untyped")
    chain = "".join(
        f'place:p{n} a mil:District ; rdfs:label "P{n}"@en ; mil:partOf place:p{n + 1} .\n' for n in range(400)
    )
    yield _turtle("transitive chain", chain, "too-deep")
    yield _turtle("transitive ring", chain + "place:p400 a mil:District ; mil:partOf place:p0 .\n", "too-deep")
    yield _turtle(
        "ring of lists", "_:a rdf:first 1 ; rdf:rest _:a . city:x mil:about _:a .", "untyped", "unknown-property"
    )
    yield _turtle("list with two tails", "_:a rdf:first 1 ; rdf:rest (), ( 2 ) .", "untyped", "unknown-property")
    many = "".join(
        f'place:q{n} a mil:District ; rdfs:label "Q{n}"@en ; mil:partOf city:kyoto .\n' for n in range(80_000)
    )
    yield _turtle("too many statements", many, "too-many")
    places = ", ".join(f"place:r{n}" for n in range(3000))
    for predicate, values in {
        "rdfs:label": ", ".join(f'"K{n}"@de' for n in range(5000)),
        "mil:latitude": ", ".join(f"1.{n:04}1" for n in range(3000)),
        "mil:partOf": places,
        "mil:practises": places,
        "dcterms:source": places,
    }.items():
        yield _turtle(f"many values of {predicate}", f"city:kyoto {predicate} {values} .")
    yield "too many bytes", "turtle", (HEAD + "# " + "x" * 11_000_000).encode(), frozenset({"too-long"})


def _jsonld() -> Iterator[Case]:
    texts = {
        "remote context": '{"@context": "https://example.org/context.jsonld", "@id": "x:y"}',
        "file context": '{"@context": "file:///etc/passwd", "@id": "x:y"}',
        "bare context": '{"@context": "context.jsonld", "@id": "x:y"}',
        "imported context": '{"@context": {"@version": 1.1, "@import": "https://example.org/c"}, "@id": "x:y"}',
        "scoped context": '{"@context": {"a": {"@id": "x:a", "@context": "https://example.org/c"}}, "a": {"b": 1}}',
        "list of contexts": f'{{"@context": [{{"a": "x:a"}}, "https://example.org/{"c" * 5000}"], "@id": "x:y"}}',
        "named graph": f'{{{CONTEXT}, "@id": "x:g", "@graph": [{{"@id": "x:s", "@type": "mil:City"}}]}}',
        "deep": "[" * 10_000 + "]" * 10_000,
        "deep objects": '{"x:a":' * 4000 + "1" + "}" * 4000,
        "deep lists": '{"@id": "x:y", "x:a": ' + '{"@list": [' * 4000 + "]}" * 4000 + "}",
        "cut off": '{"@id": "x:y", "x:a": ',
        "not an object": '"text"',
        "twice": '{"@id": "x:y", "@id": "x:z", "@type": "mil:City"}',
        "broken number": '{"@id": "x:y", "https://w3id.org/milieu/ontology#population": 1e999999}',
    }
    for name, text in texts.items():
        yield f"JSON-LD {name}", "jsonld", text.encode(), frozenset()


def _rdfxml() -> Iterator[Case]:
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:mil="https://w3id.org/milieu/ontology#"'
    lols = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    city = '<mil:City rdf:about="https://w3id.org/milieu/id/city/x">{}</mil:City>'
    texts = {
        "entity file": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><rdf:RDF {rdf}>&e;</rdf:RDF>',
        "entity remote": f'<!DOCTYPE x SYSTEM "https://example.org/x.dtd"><rdf:RDF {rdf}/>',
        "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{lols}]><rdf:RDF {rdf}>{city.format("&l9;")}</rdf:RDF>',
        "parameter entity": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "https://example.org/p">%p;]><rdf:RDF {rdf}/>',
        "deep": f"<rdf:RDF {rdf}>" + "<mil:City><mil:about>" * 5000,
        "cut off": f"<rdf:RDF {rdf}><mil:City",
        "other coding": '<?xml version="1.0" encoding="utf-7"?><x/>',
        "unknown entity": f"<rdf:RDF {rdf}>{city.format('&nbsp;')}</rdf:RDF>",
        "bad namespace": '<rdf:RDF xmlns:rdf="x"><a:b/></rdf:RDF>',
        "attribute bomb": f"<rdf:RDF {rdf}><mil:City " + " ".join(f'mil:a{n}="x"' for n in range(700)) + "/></rdf:RDF>",
    }
    for name, text in texts.items():
        yield f"RDF/XML {name}", "rdfxml", text.encode(), frozenset()


def _bytes() -> Iterator[Case]:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.ttl", "x" * 1_000_000)
    contents = {
        "gzip": gzip.compress(b"x" * 5_000_000),
        "zip": zipped.getvalue(),
        "latin": (HEAD + 'city:x a mil:City ; rdfs:label "café"@en .').encode("latin-1"),
        "sjis": (HEAD + 'city:x a mil:City ; rdfs:label "金沢"@ja .').encode("cp932"),
        "utf-16": (HEAD + 'city:x a mil:City ; rdfs:label "x"@en .').encode("utf-16"),
        "overlong": HEAD.encode() + b'city:x a mil:City ; rdfs:label "\xc0\xaf"@en .',
        "surrogates": HEAD.encode() + b'city:x a mil:City ; rdfs:label "\xed\xa0\x80"@en .',
        "nul bytes": b"\0" * 100_000,
        "noise": random.Random(7).randbytes(100_000),
        "two marks": b"\xef\xbb\xbf\xef\xbb\xbf" + HEAD.encode() + b"city:x mil:about",
    }
    for name, content in contents.items():
        yield f"bytes {name}", "turtle", content, frozenset()


def _garbled() -> Iterator[Case]:
    """A sound contribution with bytes changed, lost, doubled and moved."""
    chance = random.Random(20261120)
    sound = (
        HEAD + 'city:garbled a mil:City ; rdfs:label "Garbled"@en ; mil:partOf city:nowhere ; mil:population "x" .\n'
    ).encode()
    for number in range(60):
        garbled = bytearray(sound)
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(len(garbled))
            how = chance.randrange(4)
            if how == 0:
                garbled[at] = chance.randrange(256)
            elif how == 1:
                del garbled[at : at + chance.randrange(1, 6)]
            elif how == 2:
                garbled[at:at] = garbled[at : at + chance.randrange(1, 40)]
            else:
                garbled[at:at] = bytes([chance.choice(b"\"'<>[](){}.;,\\#@^:_")]) * chance.randrange(1, 4)
        yield f"garbled {number}", "turtle", bytes(garbled), frozenset()
