"""What parsing a contribution came to, in short."""

from __future__ import annotations

from milieu.finding import Finding
from milieu.turtle.parse import Parsed, parse

PREFIXES = "@prefix c: <http://c/> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
TABLE = {"c": "http://c/", "city": "http://city/", "skos": "http://skos/"}
XML = (
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:c="http://c/">\n'
    '<c:City r:about="http://c/金沢">\n  <c:name>Kanazawa</c:name>\n'
    "  <c:near><c:City><c:name>Nara</c:name></c:City></c:near>\n"
    "</c:City></r:RDF>"
)


def read(text: str, kind: str = "turtle") -> Parsed:
    return parse(PREFIXES + text if kind in ("turtle", "trig") else text, "new.ttl", kind, prefixes=TABLE)


def told(parsed: Parsed) -> list[tuple[str, str]]:
    """Code and stretch of every finding; lines count from below the two prefixes of a Turtle text."""
    return [(finding.code, stretch(finding)) for finding in parsed.findings]


def stretch(finding: Finding) -> str:
    place = finding.place
    assert place is not None
    return f"{place.line}:{place.column}-{place.end_line}:{place.end_column}"


def objects(parsed: Parsed) -> list[str]:
    return [str(quad.object) for quad in parsed.quads]
