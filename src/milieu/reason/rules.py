"""The rules of a folder: each is a SPARQL file in `ontology/rules/` that says how one statement follows from others.

A rule file is a CONSTRUCT of one triple (an entailment) or a SELECT of the offending terms (a clash) over triple
patterns and FILTERs, with a header of `#+ ` lines that hold YAML: `summary` and `reason` in plain words (`{x}` stands
for the label of `?x`), `spec` (the name of the rule in OWL 2 Profiles, section 4.3), `kind`, and, where a list may be
longer than the one written, `repeat`: its last member; the patterns that mention it are repeated for each further one.
Every file runs as it stands on any SPARQL engine.

The patterns of a rule are of two sorts. Those about the ontology (`?low rdfs:subClassOf ?high`, lists, paths) are
answered once, when the rules are compiled (`milieu.reason.program`); those about things are joined again and again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyoxigraph import NamedNode, Store

from milieu.errors import FolderError
from milieu.folder import Folder
from milieu.namespaces import OWL
from milieu.reason.atoms import TYPE, Atom, Slot, is_schema, variables
from milieu.reason.filters import Filter
from milieu.reason.grammar import Statement, Tokens, group, prologue

__all__ = ["Rule", "Statement", "parse_rule", "read_rules"]

_KEYS = {"summary", "reason", "spec", "kind", "repeat"}


@dataclass(frozen=True)
class Rule:
    """One rule file, read.

    `schema` are the patterns about the ontology, `body` those about things; `questions` and `tests` are the FILTERs on
    the former and on the latter. A clash has no `head`.
    """

    name: str
    file: str
    summary: str
    reason: str
    spec: str
    kind: str
    head: Atom | None
    schema: tuple[Statement, ...]
    questions: tuple[str, ...]
    body: tuple[Atom, ...]
    tests: tuple[Filter, ...]
    repeat: str | None
    prefixes: str

    @property
    def about_schema(self) -> bool:
        """Whether what follows is itself about the ontology, such as a class above a class above."""
        return self.head is not None and not self.body and is_schema(*self.head[1:])

    @property
    def text(self) -> str:
        """The patterns about the ontology, as the body of a SPARQL query."""
        return "\n".join([statement.text for statement in self.schema] + [f"FILTER({test})" for test in self.questions])


def read_rules(folder: Folder) -> tuple[Rule, ...]:
    """The rules of a folder, by name. Raises `FolderError`, with file and line, for a file that is no rule.

    >>> rules = {rule.name: rule for rule in read_rules(Folder.find())}
    >>> rules["subclass"].spec, len(rules["subclass"].body)
    ('cax-sco', 1)
    """
    rules: dict[str, Rule] = {}
    for path in folder.rules:
        rule = parse_rule(folder.read(path), path.stem, folder.relative(path))
        if rule.name in rules:
            raise FolderError(
                f"two rules are called {rule.name!r}: {rules[rule.name].file} and this",
                place=rule.file,
                remedy="Give one of the files another name.",
            )
        rules[rule.name] = rule
    return tuple(rules[name] for name in sorted(rules))


def parse_rule(text: str, name: str, file: str) -> Rule:
    """The rule that a text holds. Raises `FolderError` when it holds none."""
    header = _header(text, file)
    tokens = Tokens(text, file)
    prefixes = dict(prologue(tokens))
    declared = "".join(f"PREFIX {prefix} {iri}\n" for prefix, iri in prefixes.items())
    begin = tokens.line
    form = tokens.take().upper()
    if form not in ("CONSTRUCT", "SELECT") or (form == "CONSTRUCT") != (header["kind"] == "entailment"):
        raise tokens.fault("an entailment is a CONSTRUCT, a clash a SELECT")
    head: list[Statement] = []
    selected: list[str] = []
    if form == "CONSTRUCT":
        head, _ = group(tokens)
        if len(head) != 1:
            raise tokens.fault("a rule constructs exactly one triple")
    else:
        while tokens.peek().startswith(("?", "*")):
            selected.append(tokens.take())
    if tokens.peek().upper() == "WHERE":
        tokens.take()
    statements, filters = group(tokens)
    if tokens.peek():
        raise tokens.fault("nothing may follow the closing brace of a rule")

    schema: list[Statement] = []
    body: list[Atom] = []
    for statement in statements:
        if _about_schema(statement, prefixes):
            schema.append(statement)
        else:
            body.append(_atom(statement, prefixes, tokens))
    known = {name for statement in schema for name in _variables(statement.text)}
    everywhere = known | {f"?{name}" for atom in body for name in variables(atom)}
    if not statements or (form == "SELECT" and not body):
        raise tokens.fault("a rule needs a pattern, a clash one about things", begin)
    for statement in head:
        _bound(_variables(statement.text), everywhere, "the CONSTRUCT", tokens, statement.line)
    _bound([name for name in selected if name != "*"], everywhere, "the SELECT", tokens, begin)
    questions, tests = [], []
    for text_of, line in filters:
        _bound(_variables(text_of), everywhere, "a FILTER", tokens, line)
        if set(_variables(text_of)) <= known:
            questions.append(text_of)
            continue
        try:
            tests.append(Filter.parse(text_of, lambda word: _slot(word, prefixes, tokens)))
        except ValueError as fault:
            raise tokens.fault(str(fault), line) from None
    _check_predicates(statements, schema, prefixes, known, tokens)
    _check_header(header, schema, body, everywhere, tokens)
    _check_syntax(text, tokens)
    return Rule(
        name=name,
        file=file,
        head=_atom(head[0], prefixes, tokens) if head else None,
        schema=tuple(schema),
        questions=tuple(questions),
        body=tuple(body),
        tests=tuple(tests),
        prefixes=declared,
        summary=header["summary"],
        reason=header["reason"],
        spec=header.get("spec", ""),
        kind=header["kind"],
        repeat=header.get("repeat"),
    )


def _header(text: str, file: str) -> Mapping[str, str]:
    import yaml

    lines = "\n".join(line[3:] for line in text.splitlines() if line.startswith("#+ "))
    try:
        found: Any = yaml.load(lines, Loader=yaml.BaseLoader)  # noqa: S506 (BaseLoader reads nothing but strings)
    except yaml.YAMLError as fault:
        raise FolderError("the header is not YAML", place=file, remedy=f"Mend it: {fault}.") from None
    if not isinstance(found, dict) or not {"summary", "reason", "kind"} <= set(found):
        raise FolderError("the header of a rule lacks summary, reason or kind", place=file, remedy="Add `#+ ` lines.")
    odd = next((key for key, value in found.items() if not isinstance(value, str)), None)
    if odd is not None:
        raise FolderError(
            f"the header of a rule gives {odd!r} no text",
            place=f"{file}:{_line_of(text, odd)}",
            remedy="Write one text after the colon, in quotation marks when it holds any of [ ] { } : #.",
        )
    unknown = set(found) - _KEYS
    if unknown or found["kind"] not in ("entailment", "clash"):
        what = f"the key {min(unknown)!r}" if unknown else f"the kind {found['kind']!r}"
        raise FolderError(
            f"the header of a rule does not know {what}",
            place=file,
            remedy=f"Keys are {', '.join(sorted(_KEYS))}; kinds are entailment and clash.",
        )
    return found


def _about_schema(statement: Statement, prefixes: Mapping[str, str]) -> bool:
    if statement.obj.startswith("(") or len(_steps(statement.predicate)) > 1:
        return True
    predicate = _named(statement.predicate, prefixes)
    return predicate is not None and is_schema(predicate, _named(statement.obj, prefixes) or "")


def _steps(path: str) -> list[str]:
    """The names and operators of a property path."""
    return re.findall(r"<[^>]*>|\A\?\w+|[^/|*+?^!()<>]+|[/|*+?^!()]", path)


def _variables(text: str) -> list[str]:
    return re.findall(r"(?<!\S)\?\w+|(?<=[(!])\?\w+", re.sub(r"<[^<>\s]*>", "", text))


def _bound(names: Sequence[str], known: Collection[str], where: str, tokens: Tokens, line: int) -> None:
    loose = next((name for name in names if name not in known), None)
    if loose is not None:
        remedy = f"Add a pattern with {loose}, or mend its name."
        raise tokens.fault(f"{where} speaks of {loose}, which no pattern of the WHERE has", line, remedy)


def _check_predicates(
    statements: Sequence[Statement],
    schema: Sequence[Statement],
    prefixes: Mapping[str, str],
    known: Collection[str],
    tokens: Tokens,
) -> None:
    """Refuses paths over things, and predicates that the ontology does not tell."""
    same = any(_named(part.predicate, prefixes) == NamedNode(OWL + "sameAs") for part in statements)
    free = set()
    for part in statements:
        steps = _steps(part.predicate)
        if len(steps) > 1:
            for name in (step for step in steps if step not in "/|*+?^!()"):
                term = _named(name, prefixes)
                if term is None or not is_schema(term, ""):
                    raise tokens.fault(
                        f"the path {part.predicate} leads by {name}, which is about things",
                        part.line,
                        "Only words about the ontology can stand in a path; write a rule for each step.",
                    )
        elif part not in schema and steps[0].startswith("?") and steps[0] not in known:
            free.add(steps[0])
            if not same or len(free) > 1:
                raise tokens.fault(
                    f"any property at all can be {steps[0]}",
                    part.line,
                    f"Say by a pattern about the ontology which it is, such as {steps[0]} a owl:SymmetricProperty.",
                )


def _check_header(
    header: Mapping[str, str],
    schema: Sequence[Statement],
    body: Sequence[Atom],
    known: Collection[str],
    tokens: Tokens,
) -> None:
    """Refuses a header that speaks of what the patterns do not have."""
    for name in re.findall(r"\{([^{}]*)\}", header["reason"]):
        if name != "premises" and f"?{name}" not in known:
            names = ", ".join(sorted(f"{{{each[1:]}}}" for each in known))
            remedy = f"Known are {names} and {{premises}}."
            raise tokens.fault(f"the reason speaks of {{{name}}}", _line_of(tokens.text, "reason"), remedy)
    lists = [part.obj.strip("() ").split() for part in schema if part.obj.startswith("(")]
    if len(lists) > 1 or any(word == "(" for words in lists for word in words):
        line = max(part.line for part in schema if part.obj.startswith("("))
        raise tokens.fault("a rule can hold one list, with none inside it", line)
    repeat = header.get("repeat")
    if repeat is not None:
        words = lists[0] if lists else []
        used = any(repeat in variables(atom) for atom in body)
        if not words or words[-1] != f"?{repeat}" or not used or not all(word[0] == "?" for word in words):
            raise tokens.fault(
                f"nothing can be repeated for {repeat!r}",
                _line_of(tokens.text, "repeat"),
                "Name the last variable of the rule's list, which a pattern about things must use.",
            )


def _check_syntax(text: str, tokens: Tokens) -> None:
    """Refuses what no SPARQL engine would run."""
    try:
        _empty().query(text)
    except SyntaxError as fault:
        found = re.search(r"at (\d+):\d+: (.*)", str(fault), re.DOTALL)
        line, why = (int(found[1]), found[2]) if found else (1, str(fault))
        raise tokens.fault(f"this is no SPARQL: {why}", line) from None


@cache
def _empty() -> Store:
    return Store()


def _line_of(text: str, key: str) -> int:
    """The line of a header that begins with a key."""
    lines = text.splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.startswith(f"#+ {key}:")), 1)


def _named(word: str, prefixes: Mapping[str, str]) -> NamedNode | None:
    if word == "a":
        return TYPE
    prefix, colon, local = word.partition(":")
    namespace = prefixes.get(prefix + ":") if colon else None
    iri = word[1:-1] if word.startswith("<") else namespace[1:-1] + local if namespace else ""
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def _slot(word: str, prefixes: Mapping[str, str], tokens: Tokens) -> Slot:
    if word.startswith("?"):
        return word[1:]
    named = _named(word, prefixes)
    if named is None:
        raise tokens.fault(f"{word} is neither a variable nor an IRI nor a name with a declared prefix")
    return named


def _atom(statement: Statement, prefixes: Mapping[str, str], tokens: Tokens) -> Atom:
    parts: Sequence[str] = (statement.subject, statement.predicate, statement.obj)
    subject, predicate, obj = (_slot(part, prefixes, tokens) for part in parts)
    return subject, predicate, obj
