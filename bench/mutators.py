"""Defects, put into valid contributions: each mutator makes one mistake and tells where it stands.

They know Turtle, the ontology, the shapes and the kinds of mistake people make, and nothing of what looks for them.
The contributions have one object on a line, which keeps this simple: a mistake is a change of one or two lines.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["MUTATORS", "Defect", "Text"]

_ROW = re.compile(r"^    (\S+) (.+?) ([;.])$")
_MIL = "https://w3id.org/milieu/ontology#"


@dataclass(frozen=True)
class Defect:
    """A text with one mistake: what was done, and the stretches (line, column, end column; lines from 1) to point at.

    Any of `places` is right. A finding on `line` alone is near, but not exact.
    """

    text: str
    what: str
    places: tuple[tuple[int, int, int], ...]


class Text:
    """A contribution as lines, with its rows: line number, subject line, predicate, object, end mark."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")

    def rows(self, predicate: str = ".*", value: str = ".*") -> Iterator[tuple[int, re.Match[str]]]:
        """The rows whose predicate and object match."""
        for number, line in enumerate(self.lines):
            match = _ROW.match(line)
            if match and re.fullmatch(predicate, match[1]) and re.fullmatch(value, match[2]):
                yield number, match

    def subject(self, row: int) -> int:
        """The line of the subject of a row."""
        while self.lines[row].startswith("    "):
            row -= 1
        return row

    def kind(self, row: int) -> str:
        """The class of the subject of a row."""
        at = self.subject(row) + 1
        while not self.lines[at].strip().startswith("a "):
            if self.lines[at].rstrip().endswith("."):
                return ""
            at += 1
        return self.lines[at].split()[1]

    def with_line(self, number: int, line: str) -> str:
        """The text with another line in place of one."""
        return "\n".join([*self.lines[:number], line, *self.lines[number + 1 :]])

    def without(self, number: int) -> str:
        """The text without a row; the one before it ends the sentence when this one did."""
        lines = list(self.lines)
        mark = lines[number].rstrip()[-1]
        del lines[number]
        if mark == ".":
            lines[number - 1] = lines[number - 1].rstrip(" ;") + " ."
        return "\n".join(lines)

    def after(self, number: int, *rows: str) -> str:
        """The text with rows put behind one that does not end its sentence."""
        return "\n".join([*self.lines[: number + 1], *rows, *self.lines[number + 1 :]])

    def ending(self, *lines: str) -> tuple[str, int]:
        """The text with lines at its end, and the number of the first of them, from 1."""
        body = "\n".join(self.lines).rstrip("\n").split("\n")
        return "\n".join([*body, "", *lines, ""]), len(body) + 2


def _object(number: int, match: re.Match[str], new: str) -> tuple[tuple[int, int, int], ...]:
    start = 5 + len(match[1]) + 1
    return ((number + 1, start, start + len(new)),)


def _swap_object(text: Text, number: int, match: re.Match[str], new: str, what: str) -> Defect:
    line = f"    {match[1]} {new} {match[3]}"
    return Defect(text.with_line(number, line), what, _object(number, match, new))


def _swap_predicate(text: Text, number: int, match: re.Match[str], new: str, what: str) -> Defect:
    line = f"    {new} {match[2]} {match[3]}"
    return Defect(text.with_line(number, line), what, ((number + 1, 5, 5 + len(new)),))


def _typo(word: str, chance: random.Random) -> str:
    """A slip of the fingers inside a name: two letters changed round, one lost, or one doubled."""
    at = chance.randrange(1, max(2, len(word) - 2))
    how = chance.choice("slash")
    if how == "s" and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if how == "l" else word[:at] + word[at] + word[at:]


def _pick(rows: Iterator[tuple[int, re.Match[str]]], chance: random.Random) -> tuple[int, re.Match[str]] | None:
    found = list(rows)
    return chance.choice(found) if found else None


Mutator = Callable[[Text, random.Random], Defect | None]
MUTATORS: dict[str, Mutator] = {}
"""Every mutator by its name; None when the text offers no place for its mistake."""


def _mutator(make: Mutator) -> Mutator:
    MUTATORS[make.__name__] = make
    return make


# Terms and names


@_mutator
def mistyped_property(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:\w{5,}"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_predicate(text, number, match, "mil:" + _typo(match[1][4:], chance), "mistyped property")


@_mutator
def property_in_wrong_case(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:\w+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_predicate(text, number, match, "mil:" + match[1][4:].capitalize(), "property in wrong case")


@_mutator
def mistyped_class(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("a", r"mil:\w+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, "mil:" + _typo(match[2][4:], chance), "mistyped class")


@_mutator
def class_in_wrong_case(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("a", r"mil:\w+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, "mil:" + match[2][4:].lower(), "class in wrong case")


@_mutator
def invented_class(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("a", r"mil:\w+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, "mil:" + chance.choice(["Xyzzy", "Quux", "Zzyzx"]), "invented class")


@_mutator
def mistyped_prefix(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:\w+", r"[a-z]{4,}:[a-z0-9-]+"), chance)
    if not picked:
        return None
    number, match = picked
    prefix, _, local = match[2].partition(":")
    new = f"{prefix[0]}{prefix[2]}{prefix[1]}{prefix[3:]}x:{local}"
    places = _object(number, match, new)
    line, start, _ = places[0]
    made = _swap_object(text, number, match, new, "mistyped prefix")
    return Defect(made.text, made.what, (*places, (line, start, start + len(new) - len(local))))


@_mutator
def mistyped_thing(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(
        text.rows(r"mil:\w+", r"(?:city|country|field|group|state|craft|concept|network):[a-z0-9-]{4,}"), chance
    )
    if not picked:
        return None
    number, match = picked
    prefix, _, local = match[2].partition(":")
    return _swap_object(text, number, match, f"{prefix}:{_typo(local, chance)}", "mistyped thing")


@_mutator
def namespace_with_other_scheme(text: Text, chance: random.Random) -> Defect | None:
    found = [
        n for n, line in enumerate(text.lines) if line.startswith("@prefix") and "https://w3id.org/milieu/" in line
    ]
    number = chance.choice(found)
    line = text.lines[number].replace("https://", "http://")
    start = line.index("<") + 1
    return Defect(text.with_line(number, line), "http for https", ((number + 1, start, line.index(">") + 2),))


@_mutator
def iri_with_other_scheme(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:\w+", r"city:[a-z-]+"), chance)
    if not picked:
        return None
    number, match = picked
    new = f"<http://w3id.org/milieu/id/city/{match[2][5:]}>"
    return _swap_object(text, number, match, new, "http for https in an IRI")


@_mutator
def label_for_thing(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:\w+", r"(?:city|country|field|craft):[a-z-]+"), chance)
    if not picked:
        return None
    number, match = picked
    name = match[2].partition(":")[2].replace("-", " ").title()
    return _swap_object(text, number, match, f'"{name}"@en', "label for a thing")


@_mutator
def class_for_thing(text: Text, chance: random.Random) -> Defect | None:
    classes = {"city": "mil:City", "country": "mil:Country", "field": "mil:CreativeField", "network": "mil:Network"}
    picked = _pick(text.rows(r"mil:\w+", rf"(?:{'|'.join(classes)}):[a-z-]+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, classes[match[2].partition(":")[0]], "class for a thing")


@_mutator
def thing_for_class(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("a", r"mil:\w+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, chance.choice(["city:kanazawa", "craft:kaga-yuzen"]), "thing for a class")


# Values


@_mutator
def plain_text_for_typed(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(".*", r'".*"\^\^xsd:\w+'), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, match[2].partition("^^")[0], "datatype left out")


@_mutator
def number_in_quotes(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:(?:population|order|value|latitude|longitude)", r"[\d.]+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, f'"{match[2]}"', "number in quotes")


@_mutator
def year_as_number(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(".*", r'"\d{4}"\^\^xsd:gYear'), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, match[2][1:5], "year as a number")


@_mutator
def date_that_is_none(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(".*", r'"\d{4}"\^\^xsd:gYear'), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, f'"{match[2][1:5]}-02-30"^^xsd:date', "a day that there is not")


@_mutator
def language_left_out(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("rdfs:label|mil:statement|mil:reason", r'".*"@en'), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, match[2].removesuffix("@en"), "language left out")


@_mutator
def country_for_language(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("rdfs:label", r'".*"@(?:en|ja)'), chance)
    if not picked:
        return None
    number, match = picked
    wrong = {"en": chance.choice(["eng", "uk-EN"]), "ja": "jp"}[match[2][-2:]]
    wrong = "eng" if wrong == "uk-EN" else wrong
    return _swap_object(text, number, match, f"{match[2][:-2]}{wrong}", "no language of that name")


@_mutator
def out_of_range(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:(?:latitude|longitude|order|population)", r"[\d.]+"), chance)
    if not picked:
        return None
    number, match = picked
    new = {"mil:latitude": "522.99", "mil:longitude": "720.21", "mil:order": "0", "mil:population": "-5"}[match[1]]
    return _swap_object(text, number, match, new, "number out of range")


@_mutator
def address_without_scheme(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("mil:address"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, '"www.example.org"^^xsd:anyURI', "address without http")


@_mutator
def entry_of_another_list(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:(?:documentKind|stepState|organisationKind|eventKind|milieuKind|unit)"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, "use:bank", "entry of another list")


@_mutator
def thing_of_another_class(text: Text, chance: random.Random) -> Defect | None:
    wanted = (
        r"mil:(?:memberCity|field|network|practisedCraft|policyOf|ofPolicy|statedBy|author|indicator|milieuOf|partOf)"
    )
    picked = _pick(text.rows(wanted, r"[a-z]+:[a-z0-9-]+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, "material:silk", "thing of another class")


@_mutator
def not_canonical(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:(?:population|order|value)", r"\d+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, f"0{match[2]}", "number not in canonical form")


# Structure


def _subject_place(text: Text, number: int) -> tuple[tuple[int, int, int], ...]:
    at = text.subject(number)
    return ((at + 1, 1, 1 + len(text.lines[at].rstrip())),)


_DEMANDED = {
    "mil:NetworkMembership": ["mil:memberCity", "mil:network", "mil:field", "mil:startDate"],
    "mil:City": ["rdfs:label", "mil:partOf", "dcterms:source"],
    "mil:CraftPractice": ["mil:practisedCraft", "mil:practisedIn", "dcterms:source"],
    "mil:PolicyStep": ["mil:ofPolicy", "mil:stepState"],
    "mil:Aim": ["mil:aimOf", "mil:statement", "rdfs:label"],
    "mil:Assertion": ["mil:about", "mil:statement"],
    "mil:Observation": ["mil:indicator", "mil:observedThing", "mil:unit"],
    "mil:Source": ["mil:documentKind", "rdfs:label"],
    "mil:CreativeMilieu": ["rdfs:label", "mil:milieuOf", "dcterms:source"],
    "mil:Firm": ["rdfs:label", "dcterms:source"],
}


@_mutator
def something_missing(text: Text, chance: random.Random) -> Defect | None:
    rows = [
        (number, match)
        for number, match in text.rows()
        if match[1] in _DEMANDED.get(text.kind(number), ()) and not (match[1] == "rdfs:label" and "@ja" in match[2])
    ]
    if not rows:
        return None
    number, match = chance.choice(rows)
    return Defect(text.without(number), f"{match[1]} left out", _subject_place(text, number))


@_mutator
def class_missing(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("a", r"mil:\w+"), chance)
    if not picked:
        return None
    number, _ = picked
    return Defect(text.without(number), "class left out", _subject_place(text, number))


@_mutator
def two_for_one(text: Text, chance: random.Random) -> Defect | None:
    others = {
        "mil:memberCity": "city:kanazawa",
        "mil:field": "field:film",
        "mil:startDate": '"1999"^^xsd:gYear',
        "mil:latitude": "12.5",
        "mil:population": "77",
        "mil:unit": "unit:cities",
        "mil:stepState": "state:enacted",
    }
    rows = [(n, m) for n, m in text.rows("|".join(others)) if m[3] == ";"]
    if not rows:
        return None
    number, match = chance.choice(rows)
    new = others[match[1]]
    start = 5 + len(match[1]) + 1
    places = ((number + 2, start, start + len(new)), (number + 1, start, start + len(match[2])))
    return Defect(text.after(number, f"    {match[1]} {new} ;"), "two values where one may be", places)


@_mutator
def two_labels(text: Text, chance: random.Random) -> Defect | None:
    rows = [(n, m) for n, m in text.rows("rdfs:label", r'".*"@en') if m[3] == ";"]
    if not rows:
        return None
    number, match = chance.choice(rows)
    new = '"Another name"@en'
    places = ((number + 2, 16, 16 + len(new)), (number + 1, 16, 16 + len(match[2])))
    return Defect(text.after(number, f"    rdfs:label {new} ;"), "two labels in one language", places)


@_mutator
def property_of_another_class(text: Text, chance: random.Random) -> Defect | None:
    rows = [
        (n, m) for n, m in text.rows("a", r"mil:(?:City|Firm|Event|Craft|Institution|Theorist|Work)") if m[3] == ";"
    ]
    if not rows:
        return None
    number, _ = chance.choice(rows)
    predicate, value = chance.choice(
        [("mil:stepState", "state:enacted"), ("mil:milieuKind", "milieukind:craft-milieu")]
    )
    prefix = value.partition(":")[0]
    lines = text.after(number, f"    {predicate} {value} ;").split("\n")
    added = 0
    if not any(line.startswith(f"@prefix {prefix}:") for line in lines):
        lines.insert(0, f"@prefix {prefix}: <https://w3id.org/milieu/id/{prefix}/> .")
        added = 1
    place = (number + 2 + added, 5, 5 + len(predicate))
    return Defect("\n".join(lines), "property of another class", (place,))


@_mutator
def inverse_direction(text: Text, chance: random.Random) -> Defect | None:
    turned = {
        "mil:memberCity": "mil:hasMembership",
        "mil:milieuOf": "mil:hasMilieu",
        "mil:practisedIn": "mil:hasPractice",
        "mil:ofPolicy": "mil:hasStep",
        "mil:aimOf": "mil:hasAim",
        "mil:statedBy": "mil:states",
    }
    picked = _pick(text.rows("|".join(turned)), chance)
    if not picked:
        return None
    number, match = picked
    subject = text.lines[text.subject(number)].strip()
    made = Text(text.without(number))
    whole, line = made.ending(f"{match[2]} {turned[match[1]]} {subject} .")
    start = len(match[2]) + 2
    return Defect(whole, "inverse direction", ((line, start, start + len(turned[match[1]])),))


@_mutator
def swapped(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:(?:memberCity|milieuOf|practisedIn|ofPolicy|statedBy|practisedCraft)"), chance)
    if not picked:
        return None
    number, match = picked
    subject = text.lines[text.subject(number)].strip()
    made = Text(text.without(number))
    statement = f"{match[2]} {match[1]} {subject} ."
    whole, line = made.ending(statement)
    return Defect(whole, "subject and object swapped", ((line, 1, 1 + len(statement)),))


@_mutator
def bad_slug(text: Text, chance: random.Random) -> Defect | None:
    found = [
        n
        for n, line in enumerate(text.lines)
        if re.fullmatch(r"(?:city|firm|craft|work|milieu|event|policy):[a-z0-9-]+", line)
    ]
    if not found:
        return None
    number = chance.choice(found)
    old = text.lines[number]
    new = chance.choice([old.replace("-", "_", 1) if "-" in old else f"{old}_1", old + "-", f"{old}-X"])
    whole = "\n".join(re.sub(rf"(?<![\w:-]){re.escape(old)}(?![\w-])", new, line) for line in text.lines)
    return Defect(whole, "bad name", ((number + 1, 1, 1 + len(new)),))


@_mutator
def no_evidence(text: Text, chance: random.Random) -> Defect | None:
    statement = chance.choice(
        ["city:sapporo mil:practises craft:kaga-zogan .", "city:nagoya mil:practises craft:kutani-ware ."]
    )
    made, line = text.ending(statement)
    head = [
        f"@prefix {prefix}: <https://w3id.org/milieu/id/{prefix}/> ."
        for prefix in ("city", "craft")
        if f"@prefix {prefix}:" not in made
    ]
    return Defect("\n".join([*head, made]), "statement without evidence", ((line + len(head), 1, 1 + len(statement)),))


@_mutator
def derived_property(text: Text, _: random.Random) -> Defect | None:
    rows = [(n, m) for n, m in text.rows("a", "mil:City") if m[3] == ";"]
    if not rows:
        return None
    number = rows[0][0]
    row = "    mil:memberOf network:unesco-creative-cities-network ;"
    return Defect(text.after(number, row), "derived property", ((number + 2, 5, 5 + len("mil:memberOf")),))


@_mutator
def deprecated_property(text: Text, _: random.Random) -> Defect | None:
    rows = [(n, m) for n, m in text.rows("a", "mil:NetworkMembership") if m[3] == ";"]
    if not rows:
        return None
    number = rows[0][0]
    row = '    mil:memberSince "2025"^^xsd:gYear ;'
    place = (number + 2, 5, 5 + len("mil:memberSince"))
    value = (number + 2, 21, 21 + len('"2025"^^xsd:gYear'))
    return Defect(text.after(number, row), "deprecated property", (place, value))


@_mutator
def changes_the_ontology(text: Text, chance: random.Random) -> Defect | None:
    statement = chance.choice(
        [
            "mil:City rdfs:subClassOf mil:Firm .",
            'mil:City rdfs:label "town"@en .',
            "mil:Borough a <http://www.w3.org/2002/07/owl#Class> .",
            "city:osaka <http://www.w3.org/2002/07/owl#sameAs> city:kyoto .",
            "<https://w3id.org/milieu/shape/City> <http://www.w3.org/ns/shacl#deactivated> true .",
        ]
    )
    made, line = text.ending(statement)
    head = [] if "@prefix city:" in made else ["@prefix city: <https://w3id.org/milieu/id/city/> ."]
    return Defect("\n".join([*head, made]), "change of the ontology", ((line + len(head), 1, 1 + len(statement)),))


@_mutator
def two_classes(text: Text, _: random.Random) -> Defect | None:
    rows = [(n, m) for n, m in text.rows("a", r"mil:(?:City|District)") if m[3] == ";"]
    if not rows:
        return None
    number = rows[0][0]
    row = "    a mil:River ;"
    places = (
        (number + 2, 7, 16),
        (number + 1, 7, 7 + len(rows[0][1][2])),
        (number + 2, 5, 16),
        (number + 1, 5, 7 + len(rows[0][1][2])),
    )
    return Defect(text.after(number, row), "two classes that exclude each other", places)


@_mutator
def end_before_begin(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("mil:endDate"), chance)
    if not picked:
        return None
    number, match = picked
    made = _swap_object(text, number, match, '"1990"^^xsd:gYear', "end before begin")
    start = next((n for n, _ in text.rows("mil:startDate") if text.subject(n) == text.subject(number)), number)
    other = text.lines[start]
    return Defect(made.text, made.what, (*made.places, (start + 1, 19, len(other) - 1), *_subject_place(text, number)))


@_mutator
def label_of_another(text: Text, _: random.Random) -> Defect | None:
    rows = [(n, m) for n, m in text.rows("rdfs:label", r'".*"@en') if text.kind(n) == "mil:City"]
    if not rows:
        return None
    number, match = rows[0]
    return _swap_object(text, number, match, '"Kanazawa"@en', "label of another thing")


# Syntax


@_mutator
def dot_missing(text: Text, chance: random.Random) -> Defect | None:
    found = [(n, m) for n, m in text.rows() if m[3] == "." and any(line.strip() for line in text.lines[n + 1 :])]
    if not found:
        return None
    number, match = chance.choice(found)
    line = text.lines[number].removesuffix(" .")
    end = len(line) + 1
    return Defect(
        text.with_line(number, line), "dot missing", ((number + 1, end - 1, end), *_object(number, match, match[2]))
    )


@_mutator
def semicolon_missing(text: Text, chance: random.Random) -> Defect | None:
    found = [(n, m) for n, m in text.rows() if m[3] == ";"]
    number, match = chance.choice(found)
    line = text.lines[number].removesuffix(" ;")
    end = len(line) + 1
    after = text.lines[number + 1].split()
    following = (number + 2, 5, 5 + len(after[0]))
    places = ((number + 1, end - 1, end), *_object(number, match, match[2]), following)
    return Defect(text.with_line(number, line), "semicolon missing", places)


@_mutator
def quote_missing(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("rdfs:label", r'".*"@en'), chance)
    if not picked:
        return None
    number, match = picked
    new = match[2].removesuffix('"@en')
    line = f"    {match[1]} {new} {match[3]}"
    start = 5 + len(match[1]) + 1
    return Defect(text.with_line(number, line), "quote missing", ((number + 1, start, start + len(new)),))


@_mutator
def object_missing(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:\w+"), chance)
    if not picked:
        return None
    number, match = picked
    line = f"    {match[1]} {match[3]}"
    end = len(line)
    places = ((number + 1, end, end + 1), (number + 1, 5, 5 + len(match[1])))
    return Defect(text.with_line(number, line), "object missing", places)


@_mutator
def space_in_iri(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows(r"mil:\w+", r"city:[a-z-]+"), chance)
    if not picked:
        return None
    number, match = picked
    return _swap_object(text, number, match, f"<https://w3id.org/milieu/id/city/ {match[2][5:]}>", "space in an IRI")


@_mutator
def invisible_character(text: Text, chance: random.Random) -> Defect | None:
    picked = _pick(text.rows("rdfs:label", r'".{4,}"@en'), chance)
    if not picked:
        return None
    number, match = picked
    new = f"{match[2][:4]}\u202e{match[2][4:]}"
    line = f"    {match[1]} {new} {match[3]}"
    start = 5 + len(match[1]) + 1
    places = ((number + 1, start + 4, start + 5), (number + 1, start, start + len(new)))
    return Defect(text.with_line(number, line), "invisible character", places)
