"""Rule files are read, or refused with their place."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from milieu.errors import FolderError
from milieu.folder import Folder
from milieu.reason.rules import parse_rule, read_rules
from reason.ontologies import ROOT, RULES

HEADER = '#+ summary: A test.\n#+ reason: "{x}"\n#+ kind: entailment\n'
BODY = "PREFIX : <http://example.org/>\nCONSTRUCT { ?x :above ?y }\nWHERE { ?x :below ?y }\n"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_runs_as_it_stands_on_any_engine(rule: object) -> None:
    assert list(Store().query((ROOT / rule.file).read_text(encoding="utf-8"))) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_reason_speaks_only_of_what_its_rule_knows(rule: object) -> None:
    import re

    text = (ROOT / rule.file).read_text(encoding="utf-8")  # type: ignore[attr-defined]
    known = set(re.findall(r"\?(\w+)", text)) | {"premises"}

    assert set(re.findall(r"\{(\w+)\}", rule.reason)) <= known  # type: ignore[attr-defined]


def test_a_rule_of_another_folder_joins_the_reasoning(tmp_path: Path) -> None:
    from milieu.reason import close
    from reason.ontologies import asserted, triples

    (tmp_path / "ontology" / "rules").mkdir(parents=True)
    (tmp_path / "ontology" / "rules" / "above.rq").write_text(HEADER + BODY.replace(":above ?y", ":above :y"))
    store = asserted(triples(":a :below :b ."))

    assert [str(t) for t in close(store, read_rules(Folder(tmp_path))).inferred] == [
        "<http://example.org/a> <http://example.org/above> <http://example.org/y>"
    ]


def test_a_fault_in_a_rule_names_its_line() -> None:
    with pytest.raises(FolderError, match=r"^above\.rq:6: expected"):
        parse_rule(
            HEADER + "PREFIX : <http://example.org/>\nCONSTRUCT { ?x :above ?y }\nWHERE { ?x :below",
            "above",
            "above.rq",
        )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BODY, "the header of a rule lacks summary, reason or kind"),
        (HEADER + "#+ priority: high\n" + BODY, "does not know the key 'priority'"),
        (HEADER.replace("entailment", "guess") + BODY, "does not know the kind 'guess'"),
        (HEADER + '#+ "\n' + BODY, "the header is not YAML"),
        (HEADER.replace("entailment", "clash") + BODY, "an entailment is a CONSTRUCT, a clash a SELECT"),
        (HEADER + BODY.replace("?x :above ?y", "?x :above ?y . ?y :under ?x"), "constructs exactly one triple"),
        (HEADER + BODY.replace("{ ?x :below ?y }", "{ ?x no:below ?y }"), "no:below is neither a variable nor an IRI"),
        (HEADER + BODY + "LIMIT 1", "nothing may follow the closing brace"),
        (HEADER + BODY.replace(":below ?y", ":below ?y FILTER(regex(?y, ?x))"), "a rule's FILTER cannot hold 'regex'"),
    ],
)
def test_what_is_no_rule_is_refused(text: str, message: str) -> None:
    with pytest.raises(FolderError, match=message.replace("?", r"\?").replace("(", r"\(")):
        parse_rule(text, "above", "above.rq")


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    for place in ("one", "other"):
        (tmp_path / "ontology" / "rules" / place).mkdir(parents=True)
        (tmp_path / "ontology" / "rules" / place / "above.rq").write_text(HEADER + BODY)
    with pytest.raises(FolderError, match="two rules are called 'above'"):
        read_rules(Folder(tmp_path))
