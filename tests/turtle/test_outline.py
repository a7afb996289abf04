"""What is foretold of a JSON-LD or RDF/XML text is what pyoxigraph makes of it."""

from __future__ import annotations

import json
from collections import Counter

import pyoxigraph as ox
from hypothesis import example, given, settings
from hypothesis import strategies as st

from milieu.turtle.jsonld import outline as json_outline
from milieu.turtle.parse import parse
from milieu.turtle.rdfxml import outline as xml_outline

TERMS = ["name", "near", "day", "back", "list", "texts", "note", "by", "T", "s:x", "http://c/q", "unknown", "v"]
NAMES = ["s:a", "http://c/b", "_:n", "kyoto", "name", "a b", "@foo", ""]
LANGUAGES = ["en", "ja-JP", "ja jp", "@none"]


def context() -> st.SearchStrategy[object]:
    meaning: st.SearchStrategy[object] = st.sampled_from(
        [
            "http://c/name",
            "s:name",
            None,
            {"@id": "s:near", "@type": "@id"},
            {"@id": "s:word", "@type": "@vocab"},
            {"@id": "s:day", "@type": "http://www.w3.org/2001/XMLSchema#date"},
            {"@id": "s:real", "@type": "http://www.w3.org/2001/XMLSchema#double"},
            {"@reverse": "s:back"},
            {"@reverse": "s:back", "@type": "@id"},
            {"@id": "s:list", "@container": "@list"},
            {"@id": "s:set", "@container": "@set", "@language": "de"},
            {"@id": "s:texts", "@container": "@language"},
            {"@id": "s:by", "@container": "@index"},
            {"@id": "s:json", "@type": "@json"},
            {"@id": "s:scoped", "@context": {"name": "s:inner", "v": "s:v"}},
            {"@id": "s:T", "@context": {"name": "s:typed"}},
            "@type",
        ]
    )
    return st.builds(
        lambda terms, more: {"s": "http://s/", **terms, **more},
        st.dictionaries(st.sampled_from(["name", "near", "day", "back", "list", "texts", "note", "by", "T"]), meaning),
        st.sampled_from([{}, {"@vocab": "http://v/"}, {"@language": "en"}, {"@base": "http://base/x"}]),
    )


def node(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    keys = st.dictionaries(st.sampled_from(TERMS), inner, max_size=4)
    frame: st.SearchStrategy[dict[str, object]] = st.fixed_dictionaries(
        {},
        optional={
            "@id": st.sampled_from(NAMES[:-2]),
            "@type": st.sampled_from(["T", "s:U", ["s:V", "T"]]),
            "@included": st.sampled_from([{"@id": "s:i", "s:x": 1}]),
            "@reverse": st.sampled_from([{"s:y": {"@id": "s:r"}}, {"s:y": [{"s:z": "w"}]}]),
            "@nest": st.sampled_from([{"s:x": "nested"}]),
            "@index": st.just("i"),
            "@context": st.sampled_from([{"name": "s:other"}, {"v": "s:w", "@language": None}]),
            "@foo": st.just(1),
        },
    )
    return st.builds(lambda some, others: {**some, **others}, frame, keys)


def value() -> st.SearchStrategy[object]:
    scalar = st.sampled_from(["text", "2009-06-08", "s:a", "kyoto", 7, 36.24, -0.5, 1e30, 100000000000.0, True, None])
    literal = st.sampled_from(
        [
            {"@value": "x", "@language": "ja"},
            {"@value": "x", "@language": "ja jp"},
            {"@value": "2009", "@type": "s:year"},
            {"@value": 12.50},
            {"@value": None},
            {"@list": ["a", {"@id": "s:a"}]},
            {"@set": ["a", "b"]},
            {"@id": "s:a"},
        ]
    )
    return st.recursive(
        scalar | literal,
        lambda inner: node(inner) | st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(LANGUAGES), inner),
        max_leaves=8,
    )


# Always the same texts: in what nobody writes the two may differ, and then the difference itself is what is told.
@settings(derandomize=True, max_examples=300, deadline=None)
@given(context(), st.lists(node(value()), min_size=1, max_size=2))
def test_every_triple_of_json_ld_was_foretold_and_every_other_loss_is_told(said: object, nodes: list[object]) -> None:
    text = json.dumps({"@context": said, "@graph": nodes}, indent=1)
    parsed = parse(text, "new.jsonld", "jsonld")

    if any(finding.code == "syntax" for finding in parsed.findings):
        return
    found = json_outline(text, "new.jsonld")
    came = Counter(shape(quad.predicate, quad.object) for quad in ox.parse(text, format=ox.RdfFormat.JSON_LD))
    foretold = Counter(shape(entry.predicate, entry.object) for entry in found.entries)

    assert not [one for one in parsed.findings if "does not become a statement" in one.message]
    # Of what stands under a key that says nothing, pyoxigraph states a class or a list here and there.
    if not any("is left out" in finding.message for finding in parsed.findings):
        assert came == foretold
        assert all(parsed.locator.places(quad) for quad in parsed.quads)


NAMESPACES = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:c="http://c/" xml:base="http://base/x"'
NAMED = ["", ' rdf:about="http://c/a"', ' rdf:about="b"', ' rdf:ID="i"', ' rdf:nodeID="n"', ' rdf:about="京"']
EXTRA = ["", ' c:k="v"', ' rdf:type="http://c/U"', ' xml:lang="ja"', ' xml:base="http://other/"', ' rdf:value="&amp;"']


def element() -> st.SearchStrategy[str]:
    """A node element and all that is in it."""
    empty = st.sampled_from(
        [
            "<c:p/>",
            '<c:p rdf:resource="r"/>',
            '<c:p rdf:nodeID="n"/>',
            '<c:p c:k="v"/>',
            "<c:p></c:p>",
            '<c:p c:k="v" rdf:resource=""/>',
        ]
    )
    text = st.builds(
        "<c:p{0}>{1}</c:p>".format,
        st.sampled_from(["", ' xml:lang="en-GB"', ' rdf:datatype="http://c/d"', ' rdf:datatype="d"']),
        st.sampled_from(["silk", " 金沢 ", "a &lt; b", "\n"]),
    )

    def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        properties = st.lists(
            empty
            | text
            | st.builds("<rdf:li>{0}</rdf:li>".format, inner)
            | st.builds("<c:q>\n {0}</c:q>".format, inner)
            | st.builds('<c:l rdf:parseType="Collection">{0}</c:l>'.format, st.lists(inner, max_size=2).map("".join))
            | st.builds('<c:x rdf:parseType="Literal"><b>{0}</b></c:x>'.format, inner)
            | st.builds('<c:y rdf:parseType="Resource">{0}</c:y>'.format, empty),
            max_size=3,
        ).map("\n".join)
        return st.builds(
            "<{0}{1}{2}>{3}</{0}>".format,
            st.sampled_from(["c:T", "rdf:Description", "rdf:Seq"]),
            st.sampled_from(NAMED),
            st.sampled_from(EXTRA),
            properties,
        )

    return st.recursive(st.builds("<c:T{0}/>".format, st.sampled_from(NAMED)), deeper, max_leaves=6)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(element(), max_size=3))
@example(["<c:T><rdf:li><c:T><rdf:li><c:T/></rdf:li></c:T></rdf:li></c:T>"])
def test_every_triple_of_rdf_xml_was_foretold(elements: list[str]) -> None:
    text = f"<rdf:RDF {NAMESPACES}>{''.join(elements)}</rdf:RDF>"
    parsed = parse(text, "new.rdf", "rdfxml")
    if any("is given as rdf:ID twice" in finding.message for finding in parsed.findings):
        return
    found, broken = xml_outline(text, "new.rdf")
    came = Counter(shape(quad.predicate, quad.object) for quad in ox.parse(text, format=ox.RdfFormat.RDF_XML))

    assert broken is None
    assert [finding for finding in parsed.findings if finding.code != "control-character"] == []
    assert came == Counter(shape(entry.predicate, entry.object) for entry in found.entries)
    assert all(parsed.locator.places(quad) for quad in parsed.quads)


def shape(predicate: ox.NamedNode, term: object) -> tuple[object, object]:
    """A statement as both name it: nodes without a name and values of JSON are alike to all."""
    if isinstance(term, ox.Literal) and term.datatype.value.endswith(("#JSON", "#XMLLiteral")):
        return predicate, term.datatype
    return predicate, None if isinstance(term, (int, ox.BlankNode)) else term
