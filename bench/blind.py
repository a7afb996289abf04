"""Two hundred seeded mistakes in contributions of every kind of thing, by mutators that know the ontology alone.

Each mutator reads the contribution with a small reader of its own, changes the text, and marks in it where a reasonable
person would want to be told: the object where a value is wrong, the predicate where it is not allowed, the subject where
something is missing, the statement for the rest. Where there are two such places (either of two rival dates), both count.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import milieu
from measure import record

HOME = Path(__file__).parent / "blind"
ID = "https://w3id.org/milieu/id/"
COUNT = 200
OPEN, CLOSE = "\ue000", "\ue001"
SPACES = {
    "mil": "https://w3id.org/milieu/ontology#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
TOKEN = re.compile(
    r"(?P<skip>\s+|#[^\n]*|\ufeff)|(?P<iri><[^<>\s]*>)"
    r'|(?P<string>"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')'
    r"|(?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)|(?P<type>\^\^)|(?P<blank>\[\s*\]|_:\w+)"
    r"|(?P<number>[+-]?(?:\d+\.\d+|\d+))|(?P<name>(?:\w[\w-]*)?:(?:\w[\w-]*)?|\w+)|(?P<mark>[\[\];,.()])",
    re.DOTALL,
)
Edit = tuple[int, int, str]
Span = tuple[int, int, int, int]


@dataclass(frozen=True)
class Term:
    """A term and its place in the text, as offsets."""

    begin: int
    end: int
    name: str
    kind: str


@dataclass(frozen=True)
class Triple:
    """A statement, with the list of objects and the sentence it stands in."""

    subject: Term
    predicate: Term
    object: Term
    pair: tuple[int, int]
    sentence: list[int] = field(compare=False)


class Text:
    """A contribution read as text: its statements, with the place of each term."""

    def __init__(self, path: Path, rng: random.Random) -> None:
        self.path, self.rng = path, rng
        self.text = path.read_bytes().decode("utf-8")
        self.tokens = [
            (str(m.lastgroup), m.start(), m.end()) for m in TOKEN.finditer(self.text) if m.lastgroup != "skip"
        ]
        self.prefixes: dict[str, str] = {}
        self.directives: dict[str, tuple[int, int, int, int]] = {}
        self.base = ""
        self.triples: list[Triple] = []
        self.sentences: list[list[int]] = []
        self.at = 0
        while self.at < len(self.tokens):
            self._sentence()

    def word(self, ahead: int = 0) -> str:
        if self.at + ahead >= len(self.tokens):
            return ""
        _, begin, end = self.tokens[self.at + ahead]
        return self.text[begin:end]

    def _sentence(self) -> None:
        begin, word = self.tokens[self.at][1], self.word()
        if word.lower() in ("@prefix", "prefix"):
            name, (_, a, b) = self.word(1), self.tokens[self.at + 2]
            self.prefixes[name[:-1]] = self.resolve(self.text[a + 1 : b - 1])
            self.at += 3 + word.startswith("@")
            self.directives[name[:-1]] = (begin, self.tokens[self.at - 1][2], a, b)
            return
        if word.lower() in ("@base", "base"):
            self.base = self.word(1)[1:-1]
            self.at += 2 + word.startswith("@")
            return
        sentence = [begin, 0, 0]
        subject = self._term(sentence)
        if self.word() != ".":
            self._pairs(subject, sentence)
        sentence[1] = self.tokens[self.at][2]
        sentence[2] = sum(t.sentence is sentence for t in self.triples)
        self.sentences.append(sentence)
        self.at += 1

    def _pairs(self, subject: Term, sentence: list[int]) -> None:
        while self.word() not in (".", "]"):
            predicate, objects = self._term(sentence), []
            while True:
                objects.append(self._term(sentence))
                if self.word() != ",":
                    break
                self.at += 1
            pair = (predicate.begin, objects[-1].end)
            self.triples += [Triple(subject, predicate, item, pair, sentence) for item in objects]
            while self.word() == ";":
                self.at += 1

    def _term(self, sentence: list[int]) -> Term:
        kind, begin, end = self.tokens[self.at]
        word = self.word()
        self.at += 1
        if word == "[":
            place = len(self.triples)
            self._pairs(Term(begin, -begin, "[", "bracket"), sentence)
            end = self.tokens[self.at][2]
            self.at += 1
            subject = Term(begin, end, "[", "bracket")
            self.triples[place:] = [
                Triple(subject, t.predicate, t.object, t.pair, sentence) if t.subject.end == -begin else t
                for t in self.triples[place:]
            ]
            return subject
        if kind == "string":
            if self.word() == "^^":
                end, self.at = self.tokens[self.at + 1][2], self.at + 2
            elif self.tokens[self.at][0] == "at":
                end, self.at = self.tokens[self.at][2], self.at + 1
            return Term(begin, end, self.text[begin:end], "literal")
        if kind == "number":
            return Term(begin, end, word, "literal")
        if kind == "blank":
            return Term(begin, end, word, "blank")
        return Term(begin, end, "rdf:type" if word == "a" else self.short(word), "name")

    def resolve(self, iri: str) -> str:
        if ":" in iri or not self.base:
            return iri
        return self.base.rsplit("/", 2)[0] + iri[2:] if iri.startswith("../") else self.base + iri

    def short(self, word: str) -> str:
        if word.startswith("<"):
            full = self.resolve(word[1:-1])
        else:
            prefix, _, local = word.partition(":")
            full = self.prefixes[prefix] + local
        if full.startswith(ID):
            return full[len(ID) :].replace("/", ":", 1)
        for name, space in SPACES.items():
            if full.startswith(space):
                return f"{name}:{full[len(space) :]}"
        return f"<{full}>"

    def write(self, name: str) -> str:
        """A name as this text would write it: by a prefix that it declares, else in full."""
        prefix, _, local = name.partition(":")
        space = SPACES.get(prefix, f"{ID}{prefix}/")
        for mine, value in self.prefixes.items():
            if value == space:
                return f"{mine}:{local}"
        return f"<{space}{local}>"

    def value(self, value: str) -> str:
        """A name, or a literal with its datatype, as this text would write it."""
        if re.fullmatch(r"[a-z]+:[\w-]+", value):
            return self.write(value)
        return re.sub(r"xsd:\w+", lambda found: self.write(found[0]), value)

    def source(self, term: Term) -> str:
        return self.text[term.begin : term.end]

    def of(self, *predicates: str) -> list[Triple]:
        return [t for t in self.triples if t.predicate.name in predicates]

    def about(self, subject: Term) -> list[Triple]:
        return [t for t in self.triples if t.subject.begin == subject.begin]

    def types(self, *classes: str) -> list[Triple]:
        return [t for t in self.of("rdf:type") if t.object.name in classes]

    def gone(self, triple: Triple) -> list[Edit]:
        """Edits that take the predicate with its objects away."""
        begin, end = triple.pair
        rest = re.match(r"\s*;\s*", self.text[end:])
        if rest:
            return [(begin, end + rest.end(), "")]
        before = re.search(r"\s*;\s*\Z", self.text[:begin])
        return [(before.start(), end, "")] if before else []

    def alone(self, triple: Triple) -> bool:
        return (
            triple.pair[1] == triple.object.end
            and triple.pair[0] == triple.predicate.begin
            and (sum(t.pair == triple.pair for t in self.triples) == 1)
        )


def mark(begin: int, end: int) -> list[Edit]:
    return [(begin, begin, OPEN), (end, end, CLOSE)]


def term(item: Term) -> list[Edit]:
    return mark(item.begin, item.end)


def subject(item: Term) -> list[Edit]:
    """The subject; of a property list its bracket, or all of it."""
    return term(item) + (mark(item.begin, item.begin + 1) if item.kind == "bracket" else [])


def statement(item: Triple) -> list[Edit]:
    """The predicate with its object; the sentence too, where it says nothing else."""
    places = mark(item.predicate.begin, item.object.end)
    if item.sentence[2] == 1:
        places += mark(item.sentence[0], item.sentence[1]) + mark(item.sentence[0], item.object.end)
    return places


def put(item: Term, new: str) -> list[Edit]:
    return [(item.begin, item.end, OPEN + new + CLOSE)]


def swap(item: Term, new: str) -> list[Edit]:
    return [(item.begin, item.end, new)]


def add(item: Triple, new: str) -> list[Edit]:
    """Write a further predicate and object behind those of a statement."""
    return [(item.pair[1], item.pair[1], " ;\n    " + new)]


def also(item: Triple, new: str) -> list[Edit]:
    """Write a further object behind that of a statement, expected at either of the two."""
    return [*term(item.object), (item.object.end, item.object.end, f", {OPEN}{new}{CLOSE}")]


def sentence(text: Text, words: str, *, inner: str = "") -> list[Edit]:
    """Write a further sentence of one statement at the end, expected as a whole or without its subject."""
    first, rest = words.split(" ", 1)
    line = f"\n{OPEN}{OPEN}{first} {OPEN}{rest}{CLOSE}{CLOSE} .{CLOSE}\n"
    return [(len(text.text), len(text.text), line.replace(inner, OPEN + inner + CLOSE) if inner else line)]


def misspelt(word: str, rng: random.Random) -> str:
    """Two neighbouring letters in the wrong order, or one left out, or one written twice."""
    places = [i for i in range(1, len(word) - 1) if word[i] != word[i + 1] and word[i : i + 2].isalpha()]
    i = rng.choice(places)
    way = rng.randrange(3)
    if way == 0:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    return word[:i] + word[i + 1 :] if way == 1 else word[:i] + word[i] + word[i:]


Mutator = Callable[[Text], Iterator[list[Edit]]]
KINDS: dict[str, Mutator] = {}


def kind(name: str) -> Callable[[Mutator], Mutator]:
    def keep(mutator: Mutator) -> Mutator:
        KINDS[name] = mutator
        return mutator

    return keep


def values(name: str, predicates: str, *new: str) -> None:
    """A kind of mistake that writes a wrong value: ``$`` is the content of the literal, a name is written as the text would."""

    def mutator(text: Text) -> Iterator[list[Edit]]:
        for item in text.of(*predicates.split()):
            for value in new:
                content = re.match(r"(\"\"\"|'''|\"|'|)(.*)\1", text.source(item.object), re.DOTALL)
                yield put(item.object, text.value(value.replace("$", content[2] if content else "")))

    KINDS[name] = mutator


def missing(name: str, *pairs: str) -> None:
    """A kind of mistake that leaves a demanded property out: ``Class predicate``."""

    def mutator(text: Text) -> Iterator[list[Edit]]:
        for pair in pairs:
            cls, predicate = pair.split()
            for item in text.types(cls):
                for other in text.about(item.subject):
                    if other.predicate.name == predicate and text.alone(other):
                        yield subject(item.subject) + text.gone(other)

    KINDS[name] = mutator


def surplus(name: str, classes: tuple[str, ...], *pairs: str) -> None:
    """A kind of mistake that says of a thing what cannot be said of it: ``predicate object``."""

    def mutator(text: Text) -> Iterator[list[Edit]]:
        for item in text.types(*classes):
            for pair in pairs:
                predicate, value = pair.split(" ", 1)
                yield add(item, f"{OPEN}{text.write(predicate)}{CLOSE} {text.value(value)}")

    KINDS[name] = mutator


DATES = "mil:startDate mil:endDate mil:published"
TOPICS = (
    "mil:City",
    "mil:Craft",
    "mil:Milieu",
    "mil:Event",
    "mil:Strategy",
    "mil:Theorist",
    "mil:Firm",
    "mil:District",
    "mil:Source",
    "mil:Concept",
)

# Wrong values: the object.
values("year as a string", DATES, '"$"')
values("year as a number", DATES, "2009")
values("datatype misspelt", DATES, '"2009"^^xsd:gyear', '"2009"^^xsd:Year')
values("impossible date", "mil:startDate mil:endDate", '"2009-02-30"^^xsd:date', '"2009-13"^^xsd:gYearMonth')
values("year of two digits or in words", DATES, '"09"^^xsd:gYear', '"about 2009"^^xsd:gYear', '"2009年"^^xsd:gYear')
values("date with a time", "mil:startDate mil:endDate", '"2009-05-01T00:00:00"^^xsd:dateTime')
values("year to come", "mil:startDate", '"2150"^^xsd:gYear')
values("number in quotes", "mil:latitude mil:longitude mil:population mil:value mil:order mil:firstLine", '"$"')
values("number as a double", "mil:latitude mil:longitude", "3.6e1")
values("number not canonical", "mil:order mil:firstLine mil:indicatorCount", '"007"^^xsd:integer', "+7", '"7"^^xsd:int')
values("coordinate out of range", "mil:latitude", "136.5", "-91.0")
values("count too small", "mil:order mil:firstLine mil:indicatorCount mil:population", "-3")
values("fraction for a whole number", "mil:population mil:order mil:lastLine", "12.5")
values("country code", "mil:countryCode", '"bt"', '"BTN"')
values("identifier broken", "mil:doi mil:isbn mil:geonamesId", '"https://doi.org/$"', '"0$x"')
values("identifier as a number", "mil:geonamesId", "1252634")
values("address as an IRI", "mil:address", "<$>")
values("address as a string", "mil:address", '"$"')
values("address of no web page", "mil:address", '"www.example.org"^^xsd:anyURI', '"javascript:alert(1)"^^xsd:anyURI')
values(
    "text without language", "rdfs:label mil:statement mil:reason mil:formerName mil:openingHours mil:heading", '"$"'
)
values("language tag where none belongs", "mil:credit mil:imprint mil:locator mil:academicTitle", '"$"@en')
values("language tag of a country", "rdfs:label mil:formerName", '"$"@jp', '"$"@english')
values("label padded or empty", "rdfs:label", '" $"@en', '"$ "@en', '""@en')
values(
    "control or bidirectional character", "rdfs:label mil:statement", '"$\u202e"@en', '"$\\u0000"@en', '"\u2066$"@en'
)
values("locator too long", "mil:locator", '"one two three four five six seven eight nine ten eleven twelve thirteen"')
values(
    "name instead of the thing",
    "mil:partOf mil:locatedIn mil:milieuOf mil:holder mil:critic",
    '"Japan"@en',
    '"Kanazawa"',
)
values(
    "class instead of a thing",
    "mil:partOf mil:milieuOf mil:policyOf mil:practises mil:network mil:postAt",
    "mil:City",
    "mil:Network",
)
values(
    "thing of the wrong class",
    "mil:partOf mil:milieuOf mil:policyOf mil:memberCity mil:holder mil:statedBy mil:critic",
    "craft:bamboo-craft",
    "concept:innovation",
)
values(
    "thing of a neighbouring class",
    "mil:hasFeature mil:specialisesIn mil:practises mil:organiser mil:usesMaterial",
    "city:kanazawa",
    "event:century-of-the-city",
)
values(
    "entry of another list",
    "mil:role mil:stepState mil:milieuKind mil:eventKind mil:organisationKind mil:unit",
    "rank:normal",
    "use:bank",
)
values(
    "thing instead of an entry",
    "mil:role mil:ground mil:heritageDomain mil:formerUse mil:documentKind mil:precision",
    "concept:innovation",
    "work:landry-2000",
)
values(
    "entry in words",
    "mil:role mil:stepState mil:milieuKind mil:eventKind mil:rank mil:documentKind",
    '"report"',
    '"mayor"@en',
)
values("source that is no document", "dcterms:source", "city:kanazawa", "theorist:peter-hall")
values("source as text", "dcterms:source", '"Sasaki 2010, page 4"', '"https://example.org/towns"')
values("class that is computed", "rdf:type", "mil:UnescoCreativeCity", "mil:IndustrialConversion")
values("class too general", "rdf:type", "mil:Topic", "mil:Place", "mil:Agent")
values("property or entry as class", "rdf:type", "mil:practises", "milieukind:craft-milieu", "mil:startDate")
values(
    "list of things in brackets",
    "mil:promotes mil:specialisesIn mil:compares mil:flowsThrough",
    "( $ )".replace("$", "<https://w3id.org/milieu/id/concept/innovation>"),
)

# What is demanded: the subject.
missing("label missing", *(f"{c} rdfs:label" for c in TOPICS))
missing(
    "place missing",
    "mil:City mil:partOf",
    "mil:Building mil:partOf",
    "mil:Milieu mil:milieuOf",
    "mil:District mil:partOf",
    "mil:River mil:flowsThrough",
    "mil:Municipality mil:municipalityOf",
)
missing(
    "part of a node missing",
    "mil:NetworkMembership mil:field",
    "mil:NetworkMembership mil:startDate",
    "mil:Post mil:role",
    "mil:PolicyStep mil:stepState",
    "mil:PolicyStep mil:ofPolicy",
    "mil:CraftPractice mil:practisedIn",
    "mil:Observation mil:unit",
    "mil:Observation mil:indicator",
    "mil:Observation mil:startDate",
    "mil:Post mil:holder",
)
missing(
    "part of an assertion missing",
    "mil:Critique mil:ground",
    "mil:Critique mil:target",
    "mil:Transition mil:movesTo",
    "mil:Definition mil:defines",
    "mil:Influence mil:influenceFrom",
    "mil:Assertion mil:about",
    "mil:Element mil:order",
)
missing(
    "statement missing",
    "mil:Aim mil:statement",
    "mil:Outcome mil:statement",
    "mil:Lesson mil:statement",
    "mil:Critique mil:statement",
)
missing(
    "part of a claim or passage missing",
    "mil:Claim mil:rank",
    "mil:Claim mil:reason",
    "mil:Claim mil:claimValue",
    "mil:Passage mil:firstLine",
    "mil:Passage mil:passageOf",
)
missing(
    "part of an axiom missing",
    "owl:Axiom owl:annotatedProperty",
    "owl:Axiom owl:annotatedTarget",
    "owl:Axiom dcterms:source",
)
missing(
    "one coordinate missing",
    "mil:City mil:latitude",
    "mil:City mil:longitude",
    "mil:District mil:longitude",
    "mil:Event mil:latitude",
)


@kind("property misspelt")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.triples:
        if item.predicate.name.startswith("mil:"):
            yield put(item.predicate, text.write("mil:" + misspelt(item.predicate.name[4:], text.rng)))


@kind("property of another vocabulary misspelt")
def _(text: Text) -> Iterator[list[Edit]]:
    wrong = {
        "rdfs:label": "rdfs:lable",
        "dcterms:source": "dcterms:sources",
        "owl:annotatedTarget": "owl:annotatedObject",
    }
    for item in text.of(*wrong):
        yield put(item.predicate, text.write(wrong[item.predicate.name]))


@kind("property in the wrong case")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.triples:
        name = item.predicate.name
        if name.startswith("mil:"):
            yield put(
                item.predicate,
                text.write("mil:" + (name[4:].capitalize() if text.rng.random() < 0.5 else name[4:].upper())),
            )


@kind("class misspelt or in the wrong case")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("rdf:type"):
        if item.object.name.startswith("mil:"):
            local = item.object.name[4:]
            yield put(
                item.object,
                text.write("mil:" + (misspelt(local, text.rng) if text.rng.random() < 0.5 else local.lower())),
            )


def things(text: Text) -> list[Triple]:
    defined = {t.subject.name for t in text.triples}
    return [
        t
        for t in text.triples
        if t.object.kind == "name" and t.object.name.split(":")[0] not in SPACES and t.object.name not in defined
    ]


@kind("thing misspelt")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in things(text):
        prefix, _, slug = item.object.name.partition(":")
        if re.search("[a-z]{4}", slug):
            yield put(item.object, text.write(f"{prefix}:{misspelt(slug, text.rng)}"))


@kind("thing in the wrong case")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in things(text):
        prefix, _, slug = item.object.name.partition(":")
        yield put(item.object, text.write(f"{prefix}:{slug.title()}"))


@kind("thing under the wrong prefix")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in things(text):
        slug = item.object.name.partition(":")[2]
        other = text.rng.choice([p for p in ("city", "craft", "event", "person") if not item.object.name.startswith(p)])
        yield put(item.object, text.write(f"{other}:{slug}"))


@kind("thing with http for https")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in things(text):
        yield put(item.object, f"<http{ID[5:]}{item.object.name.replace(':', '/', 1)}>")


@kind("namespace misspelt in a declaration")
def _(text: Text) -> Iterator[list[Edit]]:
    for prefix, (begin, end, a, b) in text.directives.items():
        value = text.prefixes[prefix]
        if value.startswith("https://w3id.org/milieu/") and text.text[a:b].startswith("<http"):
            wrong = [value.replace("https", "http", 1), value.replace("w3id.org", "w3id.com", 1), value[:-1]]
            yield [*mark(begin, end), (a, b, f"{OPEN}<{text.rng.choice(wrong)}>{CLOSE}")]


@kind("property with a slash for the hash")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.triples:
        if item.predicate.name.startswith("mil:"):
            yield put(item.predicate, f"<https://w3id.org/milieu/ontology/{item.predicate.name[4:]}>")


@kind("prefix not declared")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.triples:
        word = text.source(item.object)
        if item.object.kind == "name" and not word.startswith("<"):
            yield put(item.object, "my" + (word if not word.startswith(":") else "mil" + word))


@kind("declaration of a prefix missing")
def _(text: Text) -> Iterator[list[Edit]]:
    for prefix, (begin, end, _, _) in text.directives.items():
        uses = [
            t
            for t in {t for x in text.triples for t in (x.subject, x.predicate, x.object)}
            if t.kind == "name" and text.source(t).startswith(prefix + ":")
        ]
        if uses:
            yield [(begin, end, ""), *(edit for use in uses for edit in term(use))]


surplus(
    "property of another class",
    ("mil:City", "mil:Event", "mil:Craft", "mil:Milieu", "mil:Firm", "mil:Theorist", "mil:Building"),
    'mil:doi "10.1234/5"',
    "mil:firstLine 4",
    "mil:ground ground:exclusion",
)
surplus("class or thing as property", TOPICS, "mil:City city:kanazawa", "concept:innovation city:kanazawa")


@kind("deprecated property")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("mil:startDate"):
        yield put(item.predicate, text.write("mil:memberSince"))


@kind("inverse of the property that is kept")
def _(text: Text) -> Iterator[list[Edit]]:
    turned = {
        "mil:Milieu": "city:kanazawa mil:hasMilieu",
        "mil:Strategy": "city:kanazawa mil:hasPolicy",
        "mil:CraftPractice": "city:kanazawa mil:hasPractice",
        "mil:NetworkMembership": "city:kobe mil:hasMembership",
        "mil:Critique": "theorist:allen-scott mil:makesCritique",
        "mil:Aim": "policy:creative-city-model-project mil:hasAim",
    }
    for item in text.types(*turned):
        if item.subject.kind == "name":
            first, second = turned[item.object.name].split()
            words = f"{text.write(first)} {text.write(second)} {text.source(item.subject)}"
            yield sentence(text, words, inner=text.write(second))


@kind("subject and object swapped")
def _(text: Text) -> Iterator[list[Edit]]:
    turned = {
        "mil:Craft": ("mil:practises", "city:kanazawa"),
        "mil:Product": ("mil:makes", "firm:hakuichi"),
        "mil:Technique": ("mil:usesTechnique", "craft:bamboo-craft"),
        "mil:Material": ("mil:usesMaterial", "craft:bamboo-craft"),
        "mil:Theorist": ("mil:author", "work:landry-2000"),
        "mil:Feature": ("mil:hasFeature", "city:kanazawa"),
        "mil:City": ("mil:milieuOf", "milieu:creative-cafe-osaka"),
        "mil:Event": ("mil:turningPoint", "transition:kanazawa-new-phase"),
    }
    for item in text.types(*turned):
        predicate, other = turned[item.object.name]
        yield add(item, f"{OPEN}{OPEN}{text.write(predicate)}{CLOSE} {OPEN}{text.write(other)}{CLOSE}{CLOSE}")


@kind("two values where one may stand")
def _(text: Text) -> Iterator[list[Edit]]:
    once = {
        "mil:startDate": '"1999"^^xsd:gYear',
        "mil:latitude": "12.5",
        "mil:population": "77",
        "mil:countryCode": '"BX"',
        "mil:published": '"1999"^^xsd:gYear',
        "mil:holder": "person:kuniko-asano",
        "mil:field": "field:design",
        "mil:stepState": "state:adopted",
        "mil:rank": "rank:preferred",
        "mil:lastLine": "99",
        "mil:value": "38",
        "owl:annotatedTarget": "concept:innovation",
        "mil:practisedIn": "city:osaka",
        "mil:unit": "unit:firms",
    }
    for item in text.of(*once):
        yield also(item, text.value(once[item.predicate.name]))


@kind("two texts in one language")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("rdfs:label", "mil:statement", "mil:reason"):
        if text.source(item.object).endswith("@en"):
            yield also(item, '"Another wording"@en')


@kind("label not in English")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("rdfs:label"):
        if text.source(item.object).endswith("@en"):
            yield [*subject(item.subject), *put(item.object, text.source(item.object)[:-2] + "fr")]


@kind("two sources for a whole thing")
def _(text: Text) -> Iterator[list[Edit]]:
    axioms = {t.subject.begin for t in text.types("owl:Axiom")}
    for item in text.of("dcterms:source"):
        if item.subject.begin not in axioms:
            yield also(item, text.write("source:ccnj-about"))


@kind("no evidence")
def _(text: Text) -> Iterator[list[Edit]]:
    axioms = {t.subject.begin for t in text.types("owl:Axiom")}
    for item in text.of("dcterms:source"):
        if item.subject.begin not in axioms:
            yield [
                *subject(item.subject),
                *(e for t in text.about(item.subject) if t != item for e in statement(t)),
                *text.gone(item),
            ]


@kind("statement added without evidence")
def _(text: Text) -> Iterator[list[Edit]]:
    for end in ("mil:hasFeature feature:horizontal-network", "mil:promotes concept:night", "mil:population 12345"):
        predicate, thing = end.replace("concept:night", "concept:performance-space").split()
        written = text.write(thing) if ":" in thing else thing
        yield sentence(text, f"{text.write('city:bologna')} {text.write(predicate)} {written}")


@kind("evidence for what nobody states")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("owl:annotatedTarget"):
        near = {t.predicate.name: t for t in text.about(item.subject)}
        yield [*subject(item.subject), *mark(*item.sentence[:2]), *put(item.object, text.write("concept:consumption"))]
        other = near["owl:annotatedProperty"].object
        yield [
            *subject(item.subject),
            *mark(*item.sentence[:2]),
            *term(item.object),
            *put(other, text.write("mil:requires")),
        ]


@kind("evidence of others changed")
def _(text: Text) -> Iterator[list[Edit]]:
    for name in ("evidence:bdea4a002421c255", "evidence:81c441d0182995a0", "evidence:aa4a0825db681638"):
        yield sentence(text, f"{text.write(name)} {text.write('dcterms:source')} {text.write('source:ccnj-about')}")


@kind("value that contradicts an evidenced one")
def _(text: Text) -> Iterator[list[Edit]]:
    for words in (
        "membership:kanazawa-crafts-and-folk-art mil:startDate 2010",
        "city:kanazawa mil:geonamesId 99",
        "membership:asahikawa-design mil:field field:music",
        "practice:kaga-yuzen-in-kanazawa mil:startDate 1820",
    ):
        first, second, third = words.split()
        kinds = {"mil:startDate": f'"{third}"^^{text.write("xsd:gYear")}', "mil:geonamesId": f'"{third}"'}
        written = kinds.get(second) or text.write(third)
        yield sentence(text, f"{text.write(first)} {text.write(second)} {written}", inner=written)


@kind("ontology changed")
def _(text: Text) -> Iterator[list[Edit]]:
    for words in (
        "mil:Craft rdfs:subClassOf mil:Event",
        "mil:practises rdfs:domain mil:City",
        "mil:Craft rdfs:label mil:x",
        "mil:Teahouse rdf:type owl:Class",
        "mil:hosts rdf:type owl:ObjectProperty",
    ):
        first, second, third = words.split()
        written = '"handicraft"@en' if third == "mil:x" else text.write(third)
        yield sentence(text, f"{text.write(first)} {text.write(second)} {written}")


@kind("shapes changed")
def _(text: Text) -> Iterator[list[Edit]]:
    yield sentence(text, f"<https://w3id.org/milieu/shape/City> {text.write('sh:deactivated')} true")
    yield sentence(text, f"<https://w3id.org/milieu/shape/City-partOf> {text.write('sh:minCount')} 0")


@kind("import")
def _(text: Text) -> Iterator[list[Edit]]:
    yield sentence(text, f"<https://w3id.org/milieu/ontology> {text.write('owl:imports')} <https://example.org/other>")


@kind("things made one")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.types(*TOPICS):
        if item.subject.kind == "name":
            yield sentence(
                text, f"{text.source(item.subject)} {text.write('owl:sameAs')} {text.write('city:kanazawa')}"
            )


@kind("two classes that exclude each other")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.types(*TOPICS, "mil:Post", "mil:Passage", "mil:Aim"):
        yield [*statement(item), *also(item, text.write("mil:Indicator"))]


@kind("properties that exclude each other")
def _(text: Text) -> Iterator[list[Edit]]:
    against = {
        "mil:promotes": "mil:hinders",
        "mil:hasFeature": "mil:lacks",
        "mil:movesTo": "mil:movesFrom",
        "mil:influenceTo": "mil:influenceFrom",
    }
    for item in text.of(*against):
        new = f"{OPEN}{OPEN}{text.write(against[item.predicate.name])}{CLOSE} {OPEN}{text.source(item.object)}{CLOSE}{CLOSE}"
        yield [*statement(item), *term(item.object), *term(item.predicate), *add(item, new)]


@kind("thing part of itself")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("mil:partOf", "mil:unitOf", "mil:subIndicatorOf"):
        yield [*mark(item.predicate.begin, item.object.end), *put(item.object, text.source(item.subject))]
    for item in text.types("mil:Craft"):
        yield add(item, f"{OPEN}{text.write('mil:variantOf')} {OPEN}{text.source(item.subject)}{CLOSE}{CLOSE}")


@kind("end before the start")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("mil:endDate"):
        start = next(t for t in text.about(item.subject) if t.predicate.name == "mil:startDate")
        yield [*term(start.object), *put(item.object, f'"1850"^^{text.write("xsd:gYear")}')]
    for item in text.of("mil:lastLine"):
        start = next(t for t in text.about(item.subject) if t.predicate.name == "mil:firstLine")
        yield [*term(start.object), *put(item.object, "3")]


@kind("latitude and longitude swapped")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("mil:latitude"):
        other = next(t for t in text.about(item.subject) if t.predicate.name == "mil:longitude")
        yield [*put(item.object, text.source(other.object)), *swap(other.object, text.source(item.object))]


@kind("name of the thing not as names are written")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.types(*TOPICS):
        if len([t for t in text.triples if item.subject.name in (t.subject.name, t.object.name)]) == len(
            text.about(item.subject)
        ):
            prefix, _, slug = item.subject.name.partition(":")
            yield put(item.subject, text.write(f"{prefix}:{slug.replace('-', '_')}")) if "-" in slug else []
            yield put(item.subject, text.write(f"{prefix}:{slug.capitalize()}"))


@kind("name of the thing under another kind")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.types(*TOPICS):
        prefix, _, slug = item.subject.name.partition(":")
        if item.sentence[2] == len([t for t in text.triples if item.subject.name in (t.subject.name, t.object.name)]):
            yield [
                *term(item.object),
                *put(item.subject, text.write(f"{'craft' if prefix != 'craft' else 'city'}:{slug}")),
            ]


@kind("thing already there under another name")
def _(text: Text) -> Iterator[list[Edit]]:
    known = {
        "mil:City": "Kanazawa",
        "mil:Craft": "bamboo craft",
        "mil:Theorist": "Allen J. Scott",
        "mil:Firm": "Hakuichi Ltd.",
        "mil:Country": "Japan",
        "mil:Event": "bursting of the bubble economy",
        "mil:River": "Asano River",
    }
    for item in text.types(*known):
        for label in text.about(item.subject):
            if label.predicate.name == "rdfs:label" and text.source(label.object).endswith("@en"):
                yield [*subject(item.subject), *put(label.object, f'"{known[item.object.name]}"@en')]


# Syntax: the token at which reading stops, or that before it.
def after(text: Text, offset: int) -> tuple[str, int, int] | None:
    return next((t for t in text.tokens if t[1] >= offset), None)


@kind("semicolon missing")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.triples:
        found, following = after(text, item.pair[1]), None
        if found and text.text[found[1]] == ";":
            following = after(text, found[2])
        if found and following and text.text[following[1]] not in ".]":
            yield [*term(item.object), (found[1], found[2], ""), *mark(following[1], following[2])]


@kind("full stop missing")
def _(text: Text) -> Iterator[list[Edit]]:
    for _, end, _ in text.sentences:
        found = after(text, end)
        last = [t for t in text.tokens if t[2] <= end - 1][-1]
        if found:
            yield [*mark(last[1], last[2]), (end - 1, end, ""), *mark(found[1], found[2])]


@kind("closing quote missing")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.triples:
        word, rest = text.source(item.object), re.match(r"[^\r\n]*", text.text[item.object.end :])
        if re.match(r'"[^"]+"', word) and rest and '"' not in rest.group() and "'" not in rest.group():
            quote = item.object.begin + word.rindex('"')
            yield [
                *mark(item.object.begin, item.object.end + rest.end()),
                *term(item.object),
                *mark(item.object.begin, item.object.begin + 1),
                (quote, quote + 1, ""),
            ]


@kind("quotes of a word processor")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("rdfs:label"):
        found = re.fullmatch(r'"([^"]+)"(@\w+)', text.source(item.object))
        if found:
            yield swap(item.object, f"{OPEN}{OPEN}{OPEN}“{CLOSE}{found[1]}”{CLOSE}{found[2]}{CLOSE}")


@kind("escape that does not exist")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("rdfs:label", "mil:statement"):
        found = re.fullmatch(r'("[^"]+)"(@\w+)', text.source(item.object))
        if found:
            yield swap(item.object, f'{OPEN}{OPEN}{found[1]}{OPEN}\\q{CLOSE}"{CLOSE}{found[2]}{CLOSE}')


@kind("space or broken character in an IRI")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in things(text):
        name = item.object.name.replace(":", "/", 1)
        yield (
            put(item.object, f"<{ID}{name.replace('-', ' ', 1)}>")
            if "-" in name
            else put(item.object, f"<{ID}{name}|>")
        )


@kind("object missing")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.triples:
        found = after(text, item.object.end)
        if text.alone(item) and found:
            yield [*term(item.predicate), (item.object.begin, item.object.end, ""), *mark(found[1], found[2])]


@kind("bracket not closed")
def _(text: Text) -> Iterator[list[Edit]]:
    for item in text.of("rdf:type"):
        if item.subject.kind == "bracket":
            found = after(text, item.subject.end)
            assert found
            yield [*subject(item.subject), (item.subject.end - 1, item.subject.end, ""), *mark(found[1], found[2])]


@kind("literal as subject")
def _(text: Text) -> Iterator[list[Edit]]:
    yield [
        (
            len(text.text),
            len(text.text),
            f'\n{OPEN}"Kanazawa"{CLOSE} {text.write("mil:practises")} {text.write("craft:bamboo-craft")} .\n',
        )
    ]


@kind("triple inside a triple")
def _(text: Text) -> Iterator[list[Edit]]:
    inner = f"<<( {text.write('city:bologna')} {text.write('mil:practises')} {text.write('craft:bamboo-craft')} )>>"
    for item in text.types(*TOPICS):
        yield add(item, f"{text.write('mil:about')} {OPEN}{inner}{CLOSE}")


def apply(text: str, edits: list[Edit]) -> tuple[str, set[Span]]:
    """The text with the edits, and the places of what is marked in it."""
    parts, at = [], 0
    for begin, end, new in sorted(edits, key=lambda edit: (edit[0], edit[1] != edit[0] and 1)):
        parts += [text[at:begin], new]
        at = max(at, end)
    marked = "".join(parts) + text[at:]
    plain: list[str] = []
    stack: list[tuple[int, int]] = []
    places: set[Span] = set()
    line, column = 1, 1
    for char in marked:
        if char == OPEN:
            stack.append((line, column))
        elif char == CLOSE:
            places.add((*stack.pop(), line, column))
        else:
            plain.append(char)
            if char != "\ufeff":
                line, column = (line + 1, 1) if char == "\n" else (line, column + 1)
    return "".join(plain), places


def defects(seed: str = "blind", count: int = COUNT) -> list[tuple[str, Path, str, set[Span]]]:
    """The mistakes: kind, contribution, changed text and the places where it may be told; the same for a seed."""
    rng = random.Random(seed)
    texts = [Text(path, rng) for path in sorted(HOME.glob("*.ttl"))]
    choices: dict[str, list[tuple[Text, list[Edit]]]] = defaultdict(list)
    for name, mutator in KINDS.items():
        for text in texts:
            choices[name] += [(text, edits) for edits in mutator(text) if edits]
        rng.shuffle(choices[name])
    chosen: list[tuple[str, Path, str, set[Span]]] = []
    while len(chosen) < count and any(choices.values()):
        for name, rest in choices.items():
            if rest and len(chosen) < count:
                used = {path for other, path, _, _ in chosen if other == name}
                pick = next((i for i, (text, _) in enumerate(rest) if text.path not in used), 0)
                text, edits = rest.pop(pick)
                chosen.append((name, text.path, *apply(text.text, edits)))
    return chosen


def main() -> None:
    kg = milieu.open()
    noisy = {path: kg.validate(path).findings for path in sorted(HOME.glob("*.ttl"))}
    for path, findings in noisy.items():
        for finding in findings:
            print(f"untouched {path.name}: {finding.severity.name} {finding.code}: {finding.message}")
    found = exact = inside = 0
    made = defects()
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, path, text, places) in enumerate(made, start=1):
            file = Path(folder) / f"{number:03}-{path.name}"
            file.write_bytes(text.encode("utf-8"))
            told = [f for f in kg.validate(file).findings if f.severity.name in ("WARNING", "VIOLATION")]
            spans = [
                (f.place.line, f.place.column, f.place.end_line, f.place.end_column) if f.place else None for f in told
            ]
            hit = any(span in places for span in spans)
            found, exact = found + bool(told), exact + hit
            inside += any(a[:2] <= b[:2] and b[2:] <= a[2:] for a in places for b in spans if b)
            if not hit:
                print(f"{'inexact' if told else 'MISSED'} {number}: {name} in {path.name}, expected {sorted(places)}")
                for finding, span in zip(told, spans, strict=True):
                    print(f"    {finding.code} {span}: {finding.message}")
            if len(sys.argv) > 1:
                (Path(sys.argv[1]) / file.name).write_bytes(text.encode("utf-8"))
    kinds = len({name for name, *_ in made})
    shares = " | ".join(f"{number / len(made):.1%}" for number in (found, exact, inside))
    record(
        "blind",
        "| defects | found | at the exact place | there or inside it | findings on the untouched originals |\n"
        "| --- | --- | --- | --- | --- |\n"
        f"| {len(made)}, of {kinds} kinds | {shares} | {sum(map(len, noisy.values()))} |",
    )


if __name__ == "__main__":
    main()
