"""More than two hundred contributions that mean harm: each is refused, readably, in bounded time and space.

They are judged one after the other by a process of its own, which an alarm ends when one takes longer than 30 s.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import milieu
from hostile.cases import HEAD, cases

HERE = Path(__file__).parent
CODES = {name: codes for name, _, _, codes in cases()}
# A text in quotes is valid JSON-LD that says nothing, which harms nobody; and there is nothing in it to accept.
EMPTY = {"JSON-LD not an object"}
GIB = 1024 * 1024


@cache
def told() -> dict[str, dict]:
    _ = milieu.open().build  # once, not within the time of the first
    words = [sys.executable, str(HERE / "judge.py")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(Path(milieu.__file__).parents[1]), str(HERE.parent)]),
    }
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False, timeout=600)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    begun = [row["begun"] for row in rows if "begun" in row]
    found = {row["name"]: row for row in rows if "name" in row}
    assert done.returncode == 0, f"{begun[-1]} ended the process ({done.returncode}): {done.stderr[-2000:]}"
    return found


def test_there_are_more_than_two_hundred() -> None:
    assert len(CODES) >= 200


@pytest.mark.xdist_group("hostile")
def test_none_is_accepted() -> None:
    assert {name for name, row in told().items() if row["conforms"]} == EMPTY
    assert told().keys() == CODES.keys()


@pytest.mark.xdist_group("hostile")
def test_each_is_refused_for_its_own_reason() -> None:
    wrong = {
        name: told()[name]["codes"] for name, codes in CODES.items() if codes and not codes & set(told()[name]["codes"])
    }

    assert wrong == {}


@pytest.mark.xdist_group("hostile")
def test_every_reason_is_a_sentence_of_a_readable_length() -> None:
    wrong = {
        name: row["messages"]
        for name, row in told().items()
        if row["longest"] > 2100 or any(not text.strip() for text in row["messages"])
    }

    assert wrong == {}


@pytest.mark.xdist_group("hostile")
def test_no_report_has_more_findings_than_anyone_reads() -> None:
    assert max(row["findings"] for row in told().values()) <= 501


@pytest.mark.xdist_group("hostile")
def test_none_reaches_for_the_network() -> None:
    assert {name: row["reached"] for name, row in told().items() if row["reached"]} == {}


@pytest.mark.xdist_group("hostile")
def test_none_takes_more_than_a_gibibyte() -> None:
    assert max(row["peak"] for row in told().values()) < GIB


JSONLD = """{
  "@context": {"mil": "https://w3id.org/milieu/ontology#"}, "@id": "https://w3id.org/milieu/id/city/new",
  "@type": "mil:City", "mil:population": 7, "@graph": [{"@id": "https://w3id.org/milieu/id/city/hidden"}]
}"""
RDFXML = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <City xmlns="https://w3id.org/milieu/ontology#" rdf:about="https://w3id.org/milieu/id/city/new"/>
</rdf:RDF>"""
NTRIPLES = '<https://w3id.org/milieu/id/city/new> <https://w3id.org/milieu/ontology#population> "7" .'
TURTLE = HEAD + 'city:new a mil:City ; rdfs:label "New"@en ; mil:population 7 .'


@pytest.mark.parametrize(
    ("kind", "text"), [("turtle", TURTLE), ("jsonld", JSONLD), ("ntriples", NTRIPLES), ("rdfxml", RDFXML)]
)
def test_what_is_judged_is_what_was_parsed_term_for_term(kind: str, text: str) -> None:
    from milieu.turtle.parse import parse
    from milieu.validate.contribution import Contribution
    from milieu.validate.gate import examine

    graph = milieu.open()
    examined = examine(graph.folder, graph.build, [Contribution("new", text.encode(), kind)])

    assert set(examined.triples) == {quad.triple for quad in parse(text, "new", kind).quads}
