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


PREFIXES = "PREFIX : <http://example.org/>\nPREFIX owl: <http://www.w3.org/2002/07/owl#>\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + PREFIXES + "CONSTRUCT { ?x :p ?z }\nWHERE { ?x :p ?y }", r"r.rq:6: the CONSTRUCT speaks of \?z"),
        (HEADER + PREFIXES + "CONSTRUCT { :x :p :z }\nWHERE { }", "r.rq:6: a rule needs a pattern"),
        (
            HEADER + PREFIXES + "CONSTRUCT { ?x :p :z }\nWHERE { ?x :p ?y .\nFILTER(?q != ?x) }",
            "r.rq:8: a FILTER .* [?]q",
        ),
        (
            HEADER + PREFIXES + "CONSTRUCT { ?x :p ?y }\nWHERE { ?x <urn:p>+ ?y }",
            "r.rq:7: the path <urn:p>[+] leads by",
        ),
        (HEADER + PREFIXES + "CONSTRUCT { ?x :p ?y }\nWHERE { ?x :p|:q ?y }", "r.rq:7: the path :p[|]:q leads by :p"),
        (HEADER + PREFIXES + "CONSTRUCT { ?x :p ?y }\nWHERE { ?x :p/:q ?y }", "r.rq:7: the path :p/:q leads by :p"),
        (HEADER + PREFIXES + "CONSTRUCT { ?x :p ?y }\nWHERE { ?x ?q ?y }", "r.rq:7: any property at all can be [?]q"),
        (HEADER.replace('"{x}"', "[a]") + BODY, "r.rq:2: the header of a rule gives 'reason' no text"),
        (HEADER.replace("{x}", "{nope}") + BODY, "r.rq:2: the reason speaks of {nope}. Known are {x}, {y}"),
        (HEADER + "#+ repeat: z\n" + BODY, "r.rq:4: nothing can be repeated for 'z'"),
        (HEADER + BODY.replace("?x :below", "[] :below"), r"r.rq:6: a rule cannot hold '\['"),
        (
            HEADER.replace("entailment", "clash") + PREFIXES + "SELECT ?x ?v\nWHERE { ?x :p ?y }",
            "r.rq:6: the SELECT speaks of [?]v",
        ),
        (
            HEADER.replace("entailment", "clash") + PREFIXES + "SELECT ?x\nWHERE { ?x owl:inverseOf ?y }",
            "r.rq:6: a rule needs a pattern, a clash one about things",
        ),
    ],
)
def test_a_rule_that_could_not_run_is_refused_at_its_line(text: str, message: str) -> None:
    with pytest.raises(FolderError, match=message):
        parse_rule(text, "r", "r.rq")


def test_a_rule_may_write_its_words_out_and_its_variables_with_a_dollar() -> None:
    body = "CONSTRUCT { $x :in $z }\nWHERE { $z <http://www.w3.org/2000/01/rdf-schema#subClassOf> ?y . $x a ?y }"

    rule = parse_rule(HEADER + PREFIXES + body, "r", "r.rq")

    assert rule.head is not None
    assert rule.head[0] == "x"
    assert len(rule.schema) == len(rule.body) == 1
