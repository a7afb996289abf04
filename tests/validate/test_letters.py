"""Letters that look like others are named, with what is probably meant, and plain names of any script pass."""

import pytest

import milieu
from milieu.finding import Severity
from milieu.turtle.fix import apply
from milieu.validate.letters import odd_letters

CITY = 'city:atlantis a mil:City ; rdfs:label "Atl\u0430ntis"@en ; mil:latitude 31.5 ; mil:longitude -24.25 ;\n'
END = "mil:partOf country:portugal ; dcterms:source source:gazette .\n"


@pytest.mark.parametrize(
    ("name", "letters", "plain", "mixed"),
    [
        ("k\u0430nazawa", "\u0430", "kanazawa", "Latin"),
        ("t\u03bfky\u03bf", "\u03bf", "tokyo", "Latin"),
        ("\u0405eattle", "\u0405", "Seattle", "Latin"),
        ("k\u0585be", "\u0585", "kobe", "Latin"),
        ("\u043a\u0430n\u0430z\u0430w\u0430", "nzw", "kanazawa", "Cyrillic"),
        ("\uff4banazawa", "\uff4b", "kanazawa", None),
        ("route-\uff12", "\uff12", "route-2", None),
        ("https://www.un\u0435sco.org/k\u0430zan", "\u0435\u0430", "https://www.unesco.org/kazan", "Latin"),
        ("z\u044burich", "\u044b", None, "Latin"),
    ],
)
def test_letters_of_another_alphabet_or_width_are_odd_in_a_name(name, letters, plain, mixed) -> None:
    odd = odd_letters(name)

    assert odd is not None
    assert ("".join(odd.letters), odd.plain, odd.mixed) == (letters, plain, mixed)


@pytest.mark.parametrize(
    "name",
    ["kanazawa", "金沢", "kanazawa-金沢", "21世紀museum", "カフェX", "서울-seoul", "Казань", "Αθήνα", "zürich", "łódź", "กรุงเทพ",
     "https://example.org/Казань/kazan"],
)  # fmt: skip
def test_a_name_in_one_script_or_in_those_of_japan_and_korea_with_latin_letters_is_fine(name) -> None:
    assert odd_letters(name) is None


def test_a_look_alike_of_a_thing_is_one_finding_that_names_the_letter_and_a_fix(judge) -> None:
    judged = judge(CITY + "mil:originatesIn city:k\u0430nazawa ;" + END)

    assert judged.said == [("look-alike-letter", "city:k\u0430nazawa")]
    assert judged.only.severity is Severity.VIOLATION
    assert judged.only.message == (
        "city:k\u0430nazawa is written with \u0430 (U+0430, Cyrillic small letter a) among Latin letters."
    )
    assert judged.only.remedy == "Did you mean city:kanazawa (Kanazawa)?"
    assert judged.only.fix.safe
    assert "mil:originatesIn city:kanazawa ;" in apply(judged.text, [judged.only.fix])


def test_a_name_all_in_another_alphabet_that_looks_like_one_of_the_graph_is_told(judge) -> None:
    judged = judge(CITY + "mil:originatesIn city:\u043e\u0455\u0430\u043a\u0430 ;" + END)

    assert judged.said == [("look-alike-letter", "city:\u043e\u0455\u0430\u043a\u0430")]
    assert judged.only.remedy == "Did you mean city:osaka (Osaka)?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("mil:p\u0430rtOf", "mil:partOf"), ("mil:\u0421ity", "mil:City"), ("mil:\uff23ity", "mil:City")],
)
def test_a_term_in_other_letters_is_told_as_such(judge, written, meant) -> None:
    judged = judge((CITY + END).replace(meant, written))

    assert [(code, there) for code, there in judged.said if code.startswith(("look", "unknown"))] == [
        ("look-alike-letter", written)
    ]
    assert [one.fix.text for one in judged.findings if one.code == "look-alike-letter" and one.fix] == [meant]


def test_a_new_name_with_such_a_letter_is_told_once_with_all_its_places(judge) -> None:
    judged = judge(
        (CITY + END + "craft:x mil:originatesIn city:atlantis .").replace("city:atlantis", "city:atl\u0430ntis")
    )
    found = [one for one in judged.findings if one.code == "look-alike-letter"]

    assert [(one.remedy, len(one.related), one.fix and one.fix.safe) for one in found] == [
        ("Write city:atlantis.", 1, False)
    ]
    assert "sh:pattern" not in judged.codes


def test_an_address_is_only_doubted(judge) -> None:
    judged = judge(CITY + "rdfs:seeAlso <https://www.un\u0435sco.org/> ;" + END)

    assert judged.said == [("look-alike-letter", "<https://www.un\u0435sco.org/>")]
    assert judged.only.severity is Severity.WARNING
    assert judged.only.remedy == "Write <https://www.unesco.org/>."


def test_a_thing_with_a_japanese_name_is_unknown_and_nothing_more(judge) -> None:
    assert judge(CITY + "mil:originatesIn city:金沢 ;" + END).codes == ["unknown-thing"]


def test_what_stands_at_addresses_of_others_is_called_what_they_call_it() -> None:
    text = """PREFIX city: <https://w3id.org/milieu/id/city/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
city:kanazawa rdfs:seeAlso <https://ru.wikipedia.org/wiki/IT-парк>, <https://ja.wikipedia.org/wiki/ＡＢＣ放送> ."""

    assert "look-alike-letter" not in {finding.code for finding in milieu.open().validate(text)}
