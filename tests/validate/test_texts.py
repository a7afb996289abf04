"""Texts that say nothing, letters that nobody sees, datatypes that nobody declares."""

from __future__ import annotations

import pytest

from milieu.errors import FormatError

CITY = (
    "city:new a mil:City ; rdfs:label {} ; mil:partOf country:japan ; mil:latitude 1.0 ; mil:longitude 2.0 ; "
    "dcterms:source source:gazette ."
)
CRAFT = (
    'craft:new a mil:Craft ; rdfs:label "New"@en ; dcterms:source source:gazette ; rdfs:comment {} . '
    "city:osaka mil:practises craft:new . [] a owl:Axiom ; owl:annotatedSource city:osaka ; "
    "owl:annotatedProperty mil:practises ; owl:annotatedTarget craft:new ; dcterms:source source:gazette ."
)


@pytest.mark.parametrize("text", ['""@en', '"  "@en', '"\u200b"@en'])
def test_an_empty_name_is_refused(judge, text) -> None:
    assert judge(CITY.format(text)).said == [("empty-text", text)]


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        ("\u200b", "U+200B (zero width space)"),
        ("\u00ad", "U+00AD (soft hyphen)"),
        ("\u2060", "U+2060 (word joiner)"),
        ("\ufeff", "U+FEFF (zero width no-break space)"),
        ("\u2028", "U+2028 (line separator)"),
        ("\u3164", "U+3164 (hangul filler)"),
        ("\u2800", "U+2800 (braille pattern blank)"),
        ("\u180e", "U+180E (mongolian vowel separator)"),
        ("\U000e0041", "U+E0041 (tag latin capital letter a)"),
        ("\ue000", "U+E000 (of private use)"),
    ],
)
def test_a_letter_in_a_name_that_nobody_sees_is_refused_and_named(judge, letter, name) -> None:
    judged = judge(CITY.format(f'"New{letter} place"@en'))

    assert judged.said == [("invisible-letter", letter)]
    assert judged.only.message == f"Nobody sees {name} in this text."
    assert judged.only.fix.text == '"New place"@en'


def test_letters_that_join_others_are_part_of_words(judge) -> None:
    assert judge(CITY.format('"New"@en, "نمی\u200cخواهم"@fa, "क्\u200dष"@hi')).codes == []


def test_a_name_with_a_letter_that_nobody_sees_still_looks_like_the_other(judge) -> None:
    codes = judge(CITY.format('"Kana\u200bzawa"@en')).codes

    assert sorted(codes) == ["invisible-letter", "looks-like"]


def test_in_other_texts_it_is_a_doubt(judge) -> None:
    judged = judge(CRAFT.format('"Hand\u200bmade."@en, ""'))

    assert judged.said == [("invisible-letter", "\u200b"), ("empty-text", '""')]
    assert {finding.severity.word for finding in judged.findings} == {"warning"}


@pytest.mark.parametrize(
    ("literal", "meant"),
    [
        ('"x"^^xsd:strng', "xsd:string"),
        ('"2001-01-01"^^xsd:Date', "xsd:date"),
        ('"true"^^xsd:bool', "xsd:boolean"),
        ('"x"^^<http://example.org/string>', "xsd:string"),
    ],
)
def test_a_datatype_that_nobody_declares_is_told_with_what_was_meant(judge, literal, meant) -> None:
    judged = judge(CRAFT.format(literal))

    assert judged.said == [("unknown-datatype", literal)]
    assert judged.only.remedy == f"Did you mean {meant}?"


@pytest.mark.parametrize(
    ("literal", "severity"),
    [
        ('"x"^^mil:Foo', "violation"),
        ('"x"^^mil:City', "violation"),
        ('"x"^^city:kyoto', "violation"),
        ('"x"^^<http://example.org/x>', "warning"),
    ],
)
def test_terms_of_the_graph_are_no_datatypes_and_those_of_others_are_doubted(judge, literal, severity) -> None:
    finding = judge(CRAFT.format(literal)).only

    assert (finding.code, finding.severity.word) == ("unknown-datatype", severity)


def test_of_several_datatypes_the_one_that_the_shapes_want_is_meant(judge) -> None:
    text = CITY.format('"New"@en').replace("mil:latitude 1.0", 'mil:latitude "1.0"^^xsd:strng')

    assert judge(text).only.remedy == "Did you mean xsd:decimal?"


def test_a_text_that_is_the_name_of_a_file_is_answered_with_path(kg) -> None:
    with pytest.raises(FormatError, match=r"'new\.ttl' is a text, not a file\. Write Path\('new\.ttl'\) for the file"):
        kg.validate("new.ttl")


def test_what_is_left_of_a_template_is_doubted(judge) -> None:
    judged = judge(CITY.format('"Some name"@en').replace("city:new", "city:some-name"))

    assert judged.said == [("placeholder", "city:some-name"), ("placeholder", '"Some name"@en')]


def test_a_break_between_words_belongs_to_scripts_that_write_no_spaces(judge) -> None:
    assert judge(CITY.format('"New"@en, "เมือง\u200bใหม่"@th')).said == []
