"""What must follow does, what must clash does, and every rule of ours is among them.

A file in `entail/` names after `#>` all that follows from it; a file in `clash/` is free of contradiction without its
last statement. Those in `rules/` are called as the rule they are about; those in `milieu/` add to our own ontology.
"""

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from milieu.folder import Folder
from milieu.reason import Closure, close
from reason.ontologies import ROOT, RULES, asserted

HERE = Path(__file__).parent
ENTAIL, CLASH = sorted(HERE.glob("entail/*/*.ttl")), sorted(HERE.glob("clash/*/*.ttl"))


def read(text: str) -> list[Triple]:
    return [quad.triple for quad in parse(text.encode(), format=RdfFormat.TURTLE)]


def announced(text: str) -> list[Triple]:
    lines = (line for line in text.splitlines() if line.startswith(("@", "#>")))
    return read("\n".join(line.removeprefix("#> ") for line in lines))


def ontology(path: Path) -> list[Triple]:
    if path.parent.name == "rules":
        return []
    return [quad.triple for file in Folder(ROOT).ontology for quad in parse(path=file, format=RdfFormat.TURTLE)]


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", ENTAIL, ids=name)
def test_what_must_follow_follows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    closure = close(asserted([*ontology(path), *read(text)]), RULES)

    assert {str(triple) for triple in announced(text)} <= {str(triple) for triple in closure.inferred}
    assert closure.clashes == ()


@pytest.mark.parametrize("path", [path for path in ENTAIL if path.parent.name == "rules"], ids=name)
def test_nothing_follows_but_what_must(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert {str(triple) for triple in close(asserted(read(text)), RULES).inferred} == set(map(str, announced(text)))


@pytest.mark.parametrize("path", [path for path in ENTAIL if path.parent.name == "rules"], ids=name)
def test_the_rule_is_what_proves_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    conclusions = announced(text)
    closure = close(asserted(read(text)), [rule for rule in RULES if rule.name == path.stem or needed(rule.name)])
    proofs = [closure.prover.prove(triple) for triple in conclusions]

    assert path.stem in {rule for proof in proofs if proof for rule in rules_in(proof)}


@pytest.mark.parametrize("path", CLASH, ids=name)
def test_what_must_clash_clashes_by_its_last_statement(path: Path) -> None:
    text = path.read_text(encoding="utf-8").strip()
    before = text[: text.rindex("\n")]
    axioms = ontology(path)
    clean = close(asserted([*axioms, *read(before)]), RULES)
    closure = close(asserted([*axioms, *read(text)]), RULES)

    assert clean.clashes == ()
    assert closure.clashes != ()
    if path.parent.name == "rules":
        assert path.stem in {clash.rule for clash in closure.clashes}


@pytest.mark.parametrize("path", CLASH, ids=name)
def test_adding_the_last_statement_alone_finds_the_clash(path: Path) -> None:
    text = path.read_text(encoding="utf-8").strip()
    before = read(text[: text.rindex("\n")])
    old = [*ontology(path), *before]
    new = [triple for triple in read(text) if str(triple) not in set(map(str, before)) and "_:" not in str(triple)]
    store = asserted(old)
    program = close(store, RULES).program

    assert all_premises(close(store, program, added=new, write=False)) != set()


@pytest.mark.parametrize("path", CLASH, ids=name)
def test_a_clash_tells_which_asserted_statements_are_at_odds(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    store = asserted([*ontology(path), *read(text)])
    given = {str(quad.triple) for quad in store}
    for clash in close(store, RULES).clashes:
        finding = clash.finding()

        assert clash.asserted
        assert {str(triple) for triple in clash.asserted} <= given
        assert finding.code == f"clash:{clash.rule}"
        assert "something" not in finding.message


def test_every_rule_has_its_file() -> None:
    written = {path.stem for path in (*ENTAIL, *CLASH) if path.parent.name == "rules"}

    assert written == {rule.name for rule in RULES}


def all_premises(closure: Closure) -> set[frozenset[str]]:
    return {frozenset(map(str, clash.premises)) for clash in closure.clashes}


def needed(rule: str) -> bool:
    """Rules without which some others have nothing to go on."""
    return rule in {"subclass", "equivalent-class-down", "inverse-of"}


def rules_in(proof: object) -> set[str]:
    found = {proof.rule} if proof.rule else set()  # type: ignore[attr-defined]
    for part in (*proof.premises, *proof.axioms):  # type: ignore[attr-defined]
        found |= rules_in(part)
    return found


def test_the_page_shows_every_rule_with_its_example() -> None:
    page = (ROOT / "docs" / "reasoning.md").read_text(encoding="utf-8")
    examples = {
        path.stem: path.read_text(encoding="utf-8") for path in (*ENTAIL, *CLASH) if path.parent.name == "rules"
    }
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL))

    assert sorted(sections) == sorted(examples)
    for rule in RULES:
        given = [line for line in examples[rule.name].splitlines() if line and not line.startswith(("@", "#>"))]
        following = [line for line in examples[rule.name].splitlines() if line.startswith("#>")]
        block = "\n".join([*given, *following])

        assert sections[rule.name].strip() == f"{rule.summary} `{rule.spec}`\n\n```turtle\n{block}\n```"
