"""Every mistake of a statement that can be told from the others is told at once, and what is well written is read."""

from __future__ import annotations

import pytest

from milieu.turtle.fix import apply
from milieu.turtle.parse import Parsed, parse
from milieu.turtle.tokens import tokens

PREFIXES = "@prefix c: <http://c/> .\n"


def read(text: str) -> Parsed:
    return parse(PREFIXES + text, "new.ttl")


def told(parsed: Parsed) -> list[tuple[str, str]]:
    """Where each finding begins, counted from below the prefix, and what it says."""
    return [
        (f"{finding.place.line - 1}:{finding.place.column}", finding.message)
        for finding in parsed.findings
        if finding.place
    ]


def stated(parsed: Parsed) -> list[str]:
    """Predicates and values, in short."""
    return [f"{quad.predicate.value[9:]} {getattr(quad.object, 'value', '')}" for quad in parsed.quads]


def test_an_undeclared_prefix_and_a_bad_literal_of_one_statement_are_both_told() -> None:
    parsed = read("c:a c:b 1 ;\n  foo:b 2 ;\n  c:d 3 ;\n  c:e 'x'@abcdefghij ;\n  c:f 'open ;\n  c:g 4 ;\n  c:h nara .")

    assert told(parsed) == [
        ("2:3", "The prefix foo: is not declared."),
        ("4:10", "@abcdefghij is not a language tag."),
        ("5:7", "The text that begins here has no closing quote on its line."),
        ("7:7", "nara is neither a name with a prefix nor a text in quotes."),
    ]
    assert stated(parsed) == ["b 1", "d 3", "g 4"]


def test_each_row_of_a_statement_tells_its_own_mistake() -> None:
    parsed = read(
        "c:a c:b kyoto ;\n  c:c TRUE ;\n  c:d 12abc , 1 ;\n  'text' 2 ;\n  c:e ;\n"
        "  c:f 2009-05-01 ;\n  c:g 1 2 ;\n  c:h 'x'^^1 ;\n  c:i , 1e ;\n  c:j 5 ."
    )

    assert told(parsed) == [
        ("1:9", "kyoto is neither a name with a prefix nor a text in quotes."),
        ("2:7", "TRUE is not a boolean."),
        ("3:7", "12abc is not a number."),
        ("4:3", "'text' cannot be a predicate."),
        ("5:7", "An object is missing before ';'."),
        ("6:7", "2009-05-01 is not a number."),
        ("7:9", "2 is not expected here."),
        ("8:12", "After ^^ the name of a datatype is expected, not 1."),
        ("9:7", "An object is missing before ','."),
        ("9:9", "1e is not a number."),
    ]
    assert stated(parsed) == ["d 1", "g 1", "j 5"]


def test_mistakes_within_brackets_and_lists_hide_nothing_behind_them() -> None:
    parsed = read("c:a c:b [ c:c kyoto ; c:d 1 ] , ( 1 osaka ) ;\n  c:e nara ;\n  c:f 2 .")

    assert [place for place, _ in told(parsed)] == ["1:15", "1:37", "2:7"]
    assert stated(parsed)[0] == "d 1"
    assert stated(parsed)[-1] == "f 2"


def test_a_mark_that_is_missing_between_two_rows_hides_nothing() -> None:
    parsed = read("c:a c:b 1\n  c:c 2 ;\n  c:d nara .")

    assert told(parsed) == [
        ("1:9", "Between this and c:c a mark is missing."),
        ("3:7", "nara is neither a name with a prefix nor a text in quotes."),
    ]
    assert stated(parsed) == ["b 1", "c 2"]


@pytest.mark.parametrize("start", ["c:x c:y 1", "c:x a c:y", "c:x c:y 1 ; c:z 2"])
def test_a_semicolon_for_the_dot_is_told_where_it_stands(start: str) -> None:
    parsed = read(f"c:a c:b 1 ;\n  c:c 2 ;\n\n{start} .")

    assert told(parsed) == [("2:9", "What follows this ';' begins another statement.")]
    assert {quad.subject.value for quad in parsed.quads} == {"http://c/a", "http://c/x"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "c:a c:b kyoto nara osaka .",
        "c:a c:b kyoto , the city ; c:c 1 .",
        "c:a is c:b 'x' ; c:c 1 .",
        "c:a c:b c:c c:d ; c:e 1 .",
        "c:a c:b 'Kanazawa's; crafts' ; c:c 1 .",
        "c:a c:b 'x' .\n  c:c 2 ;\n  c:d 3 .",
        "c:a c:b c:d/e/f ; c:c 1 .",
        "c:a c:b 'x'^c:string ; c:c 1 .",
        "c:a c:b 'x'@ en ; c:c 1 .",
        "c:a c:b <http://c/%zz%zz> ; c:c 1 .",
        "c:a c:b c:%zz ; c:c 1 .",
        "c:a c:b = 'x' ; c:c 1 .",
        "c:a c:b [ c:c 1 ; c:d 2 .",
        "c:a c:b 1 c:e c:c 2 ; c:d 3 .",
        ": : : : .",
        "c:a c:b kyoto",
        "c:a c:b 'Kyoto is;\n a city; and big' ; c:d 1 .",
        "c:a c:b 'Kyoto is\n a city; and big' ; c:d 1 .",
    ],
)
def test_one_mistake_stays_one_finding(text: str) -> None:
    declared = "@prefix : <http://d/> .\n" if text.startswith(":") else ""

    assert len(read(declared + text).findings) == 1


@pytest.mark.parametrize(("row", "place"), [("c:b c:nar' , 1 ;", "1:14"), ('c:b 1" ;', "1:10"), ("c:b c:d';", "1:12")])
def test_a_quote_that_closes_nothing_is_never_passed_over(row: str, place: str) -> None:
    assert told(read(f"c:a {row} c:c 2 .")) == [(place, "Nothing opens what this quote closes.")]


def test_no_subject_is_guessed_behind_a_dot_too_many() -> None:
    parsed = read("c:a c:b 'x' .\n  c:c nara ;\n  c:d 3 .")

    assert stated(parsed) == ["b x"]


def test_nothing_that_was_put_in_place_of_a_mistake_is_stated() -> None:
    parsed = read("c:a kyoto c:b ; c:c nara ; c:d c:e/f , c:g .\n<rel> c:h 1 .")

    assert stated(parsed) == ["d http://c/g"]
    assert set(parsed.prefixes) == {"c"}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("“Kanazawa; the city”@en", '"Kanazawa; the city"@en'),
        ("„Kanazawa“@de", '"Kanazawa"@de'),
        ("‘Kanazawa's’", '"Kanazawa\'s"'),
        ('«a "b"»', '"a \\"b\\""'),
        ('“1999"^^c:year', '"1999"^^c:year'),
    ],
)
def test_quotes_of_a_word_processor_become_straight_by_their_fix(written: str, meant: str) -> None:
    text = f"{PREFIXES}c:a c:b {written} ; c:c nara ."
    parsed = parse(text, "new.ttl")

    assert [place for place, _ in told(parsed)] == ["1:9", f"1:{16 + len(written)}"]
    assert parsed.findings[0].remedy == f"Write {meant}."
    assert parsed.findings[0].fix is not None
    assert apply(text, [parsed.findings[0].fix]) == f"{PREFIXES}c:a c:b {meant} ; c:c nara ."


def test_what_is_read_behind_a_mistake_is_found_at_its_place() -> None:
    text = PREFIXES + "c:a c:b kyoto ; c:c TRUE ;\n  c:d [ c:e , 5 ] ;\n  c:f 6 ."
    parsed = parse(text, "new.ttl")
    places = {stated(parsed)[at]: parsed.locator.places(quad) for at, quad in enumerate(parsed.quads)}

    assert {said: str(place.object) for said, place in places.items() if place and said[0] in "ef"} == {
        "e 5": "new.ttl:3:15",
        "f 6": "new.ttl:4:7",
    }


def test_a_long_text_full_of_mistakes_is_not_read_more_often_than_it_is_worth() -> None:
    text = "c:a c:b 1" + " ; c:c kyoto" * 100_000 + " ."

    # Reading it anew for each of them would take hours.
    assert len(read(text).findings) == 1
    assert sum(1 for _ in tokens(text)) > 20_000


def test_so_many_mistakes_are_told_of_one_statement_and_no_more() -> None:
    assert len(read("c:a c:b 1" + " ; c:c kyoto" * 30 + " .").findings) == 20
