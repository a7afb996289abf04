"""Writes what is generated and checked in; `--check` only tells what is out of date, and ends with 1 then."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def cli() -> str:
    """docs/cli.md: the help of every command, as the command prints it."""
    from milieu.cli import COMMANDS
    from milieu.cli.options import parser_of, top_parser

    parts = [
        "# The command line",
        "",
        "What `milieu --help` and `milieu COMMAND --help` print; written by `make docs` and checked by the tests.",
        "",
        "```text",
        top_parser().format_help().rstrip(),
        "```",
    ]
    for name in COMMANDS:
        parts += ["", f"## milieu {name}", "", "```text", parser_of(name).format_help().rstrip(), "```"]
    return "\n".join(parts) + "\n"


def ontology() -> str:
    """docs/ontology.md: every term with its definition, by module, as the ontology's own files say."""
    import milieu

    kg = milieu.open()
    header = kg.sparql("""SELECT ?title ?description ?version ?licence WHERE {
      ?o owl:imports ?module ; dcterms:title ?title ; dcterms:description ?description ; owl:versionInfo ?version ;
         dcterms:license ?licence . FILTER(LANG(?title) = "en" && LANG(?description) = "en") } LIMIT 1""").rows[0]
    parts = [
        "# The ontology",
        "",
        "Every term of `ontology/modules/`, by module; written by `make docs` from those files and checked by the tests.",
        "",
        f"{header['description']}",
        "",
        f"Version {header['version']}, namespace <https://w3id.org/milieu/ontology#>, prefix `mil:`.",
        "",
        f"Licence: <{header['licence']}>.",
    ]
    modules = kg.sparql("""SELECT ?module ?title WHERE {
      ?top owl:imports ?module . ?module dcterms:title ?title FILTER(LANG(?title) = "en") } ORDER BY ?module""").rows
    names = [str(module["module"]).rsplit("/", 1)[-1] for module in modules]
    parts += ["", "Modules: " + " · ".join(f"[{name}](#{name})" for name in names)]
    for module, name in zip(modules, names, strict=True):
        parts += ["", f"## {name.capitalize()}", "", f"{module['title']} · `ontology/modules/{name}.ttl`"]
        for kind, heading in (("Class", "Class"), ("ObjectProperty", "Property"), ("DatatypeProperty", "Property")):
            for term in kg.sparql(
                _TERMS.replace("?_module", f"<{module['module']}>").replace("?_kind", f"owl:{kind}")
            ).rows:
                parts += ["", f"### {kg.prefixes.compact(str(term['term']))}", "", *_term(kg, heading, term)]
    return "\n".join(parts) + "\n"


_TERMS = """SELECT ?term ?label ?ja ?definition ?example ?deprecated
  (GROUP_CONCAT(DISTINCT STR(?superTerm); separator=" ") AS ?above)
  (GROUP_CONCAT(DISTINCT STR(?domainTerm); separator=" ") AS ?domain)
  (GROUP_CONCAT(DISTINCT STR(?rangeTerm); separator=" ") AS ?range)
WHERE {
  GRAPH <https://w3id.org/milieu/graph/asserted> {
    ?term a ?_kind ; rdfs:isDefinedBy ?_module ; rdfs:label ?label ; skos:definition ?definition .
    FILTER(LANG(?label) = "en" && LANG(?definition) = "en")
    OPTIONAL { ?term rdfs:label ?ja FILTER(LANG(?ja) = "ja") }
    OPTIONAL { ?term skos:example ?example }
    OPTIONAL { ?term owl:deprecated ?deprecated }
    OPTIONAL { ?term rdfs:subClassOf|rdfs:subPropertyOf ?superTerm FILTER(ISIRI(?superTerm)) }
    OPTIONAL { ?term rdfs:domain ?domainTerm FILTER(ISIRI(?domainTerm)) }
    OPTIONAL { ?term rdfs:range ?rangeTerm FILTER(ISIRI(?rangeTerm)) }
  }
} GROUP BY ?term ?label ?ja ?definition ?example ?deprecated ORDER BY ?term"""


def _term(kg: object, heading: str, term: dict[str, object]) -> list[str]:
    compact = kg.prefixes.compact  # type: ignore[attr-defined]
    names = f"“{term['label']}”" + (f", {term['ja']}" if term["ja"] else "")
    lines = [f"{heading} · {names}" + (" · **deprecated**" if term["deprecated"] else ""), "", str(term["definition"])]
    if term["example"]:
        lines += ["", f"*Example:* {term['example']}"]
    facts = []
    for key, words in (("above", "a kind of"), ("domain", "of"), ("range", "to")):
        iris = [_linked(compact(iri)) for iri in sorted(str(term[key] or "").split())]
        if iris:
            facts.append(f"{words} {', '.join(iris)}")
    return [*lines, *(["", "; ".join(facts)] if facts else [])]


def _linked(name: str) -> str:
    """A term's name, with a link to its place in the page when it is one of ours."""
    return f"[`{name}`](#{name.replace(':', '').lower()})" if name.startswith("mil:") else f"`{name}`"


def coverage() -> str:
    """docs/coverage.md: which statements carry each fact of the two documents, and how a sample of them was checked."""
    import csv

    import milieu
    from milieu.check.coverage import coverage as covered
    from milieu.check.coverage import read_facts

    kg = milieu.open()
    found = covered(kg, read_facts(ROOT / "docs" / "coverage.csv"))
    with (ROOT / "docs" / "sample.csv").open(encoding="utf-8", newline="") as stream:
        sample = list(csv.DictReader(stream))
    mended = [row for row in sample if row["mended"]]
    parts = [
        "# Coverage",
        "",
        "Which statements of the graph carry each fact of the two documents it is built from. A statement carries a fact",
        "when the passage it rests on overlaps the lines of the fact; `make docs` finds them by program and the tests check",
        "that this page is up to date. `docs/coverage.csv` lists the facts.",
        "",
        "## A sample, read against the documents",
        "",
        f"{len(sample)} statements, drawn at random among those that rest on a passage, were compared with the lines of",
        f"their passage, one by one. {len(sample) - len(mended)} were right; {len(mended)} were mended.",
        "",
        "| statement | passage | found | mended |",
        "| --- | --- | --- | --- |",
        *(f"| {_cell(row['statement'])} | {row['passage']} | {row['found']} | {row['mended']} |" for row in sample),
        "",
        "## The facts",
        "",
        "| fact | lines | what it says | carried by |",
        "| --- | --- | --- | --- |",
    ]
    for each in found:
        fact = each.fact
        lines = f"{fact.first}" if fact.first == fact.last else f"{fact.first}-{fact.last}"
        shown = "<br>".join(_cell(statement) for statement in each.statements[:5])
        more = f"<br>and {len(each.statements) - 5} more on these lines" if len(each.statements) > 5 else ""
        said = fact.gist
        if fact.kind == "heading":
            said += " *(a heading)*"
        elif fact.kind:
            said += f" *(repeats {fact.repeats})*"
        parts.append(f"| {fact.id} | {lines} | {said.replace('|', ' ')} | {shown}{more} |")
    total = sum(1 for each in found if each.statements)
    return "\n".join([*parts, "", f"covered: {total}/{len(found)}"]) + "\n"


def readme() -> str:
    """README.md with its table of counts, taken from the graph."""
    import milieu

    kg = milieu.open()
    counts = kg.build.manifest["counts"]
    rows = kg.sparql("""SELECT ?class ?label (COUNT(DISTINCT ?thing) AS ?things) WHERE {
      GRAPH <https://w3id.org/milieu/graph/asserted> {
        ?thing a ?class . ?class rdfs:label ?label ; rdfs:isDefinedBy ?module . FILTER(LANG(?label) = "en") } }
      GROUP BY ?class ?label ORDER BY DESC(?things) ?class LIMIT 24""").rows
    lines = [
        f"{counts['asserted']:,} asserted statements and {counts['inferred']:,} that follow from them, about:",
        "",
        "| things | | things | | things | |",
        "| --- | --: | --- | --: | --- | --: |",
    ]
    cells = [f"{row['label']} | {row['things']:,}" for row in rows]
    third = -(-len(cells) // 3)
    lines += [f"| {' | '.join(cells[number::third])} |" for number in range(third)]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- counts -->\n")
    _, _, after = rest.partition("<!-- /counts -->\n")
    return f"{before}<!-- counts -->\n" + "\n".join(lines) + f"\n<!-- /counts -->\n{after}"


def _cell(statement: str) -> str:
    text = statement.replace("|", "&#124;").replace("`", "'")
    return f"`{text if len(text) <= 160 else text[:159] + '…'}`"


PAGES: dict[str, Callable[[], str]] = {
    "README.md": readme,
    "docs/cli.md": cli,
    "docs/coverage.md": coverage,
    "docs/ontology.md": ontology,
}
"""Every generated file, and what writes it."""


def main(words: list[str]) -> int:
    """Write or check, and give the exit status."""
    import os

    os.environ["COLUMNS"] = "100"  # argparse folds its help at the width of the terminal
    stale = [name for name, write in PAGES.items() if not _same(ROOT / name, write())]
    if "--check" in words:
        for name in stale:
            print(f"{name} is out of date: run 'make docs'.", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
        print(name)
    return 0


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
