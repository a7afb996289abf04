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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from milieu.errors import FolderError
from milieu.folder import Folder
from milieu.reason.atoms import TYPE, Atom, Slot, is_schema
from milieu.reason.filters import Filter

__all__ = ["Rule", "Statement", "parse_rule", "read_rules"]

_TOKEN = re.compile(
    r"""\s+ | \#[^\n]* | (?P<token>
        <[^<>\s]*> | [?$]\w+ | "(?:[^"\\]|\\.)*" | \d+ | && | \|\| | != | [A-Za-z][\w.\-]*:[\w\-]* | :[\w\-]*
      | [A-Za-z]\w* | [(){}.;,/|*+?^!=] )""",
    re.VERBOSE,
)
_KEYS = {"summary", "reason", "spec", "kind", "repeat"}


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple pattern as it was written; `predicate` may be a property path, `obj` a list of variables."""

    subject: str
    predicate: str
    obj: str

    @property
    def text(self) -> str:
        """The pattern as SPARQL."""
        return f"{self.subject} {self.predicate} {self.obj} ."


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
    tokens = _Tokens(text, file)
    prefixes = dict(_prologue(tokens))
    prologue = "".join(f"PREFIX {prefix} {iri}\n" for prefix, iri in prefixes.items())
    form = tokens.take().upper()
    if form not in ("CONSTRUCT", "SELECT") or (form == "CONSTRUCT") != (header["kind"] == "entailment"):
        raise tokens.fault("an entailment is a CONSTRUCT, a clash a SELECT")
    head: list[Statement] = []
    if form == "CONSTRUCT":
        head, _ = _group(tokens)
        if len(head) != 1:
            raise tokens.fault("a rule constructs exactly one triple")
    else:
        while tokens.peek().startswith(("?", "$", "*")):
            tokens.take()
    if tokens.peek().upper() == "WHERE":
        tokens.take()
    statements, filters = _group(tokens)
    if tokens.peek():
        raise tokens.fault("nothing may follow the closing brace of a rule")

    schema: list[Statement] = []
    body: list[Atom] = []
    for statement in statements:
        if _about_schema(statement, prefixes):
            schema.append(statement)
        else:
            body.append(_atom(statement, prefixes, tokens))
    known = {f"{match}" for statement in schema for match in re.findall(r"[?$]\w+", statement.text)}
    questions = tuple(text for text in filters if set(re.findall(r"[?$]\w+", text)) <= known)
    try:
        tests = [
            Filter.parse(text, lambda word: _slot(word, prefixes, tokens)) for text in filters if text not in questions
        ]
    except ValueError as fault:
        raise tokens.fault(str(fault)) from None
    return Rule(
        name=name,
        file=file,
        head=_atom(head[0], prefixes, tokens) if head else None,
        schema=tuple(schema),
        questions=questions,
        body=tuple(body),
        tests=tuple(tests),
        prefixes=prologue,
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
    unknown = set(found) - _KEYS
    if unknown or found["kind"] not in ("entailment", "clash"):
        what = f"the key {min(unknown)!r}" if unknown else f"the kind {found['kind']!r}"
        raise FolderError(
            f"the header of a rule does not know {what}",
            place=file,
            remedy=f"Keys are {', '.join(sorted(_KEYS))}; kinds are entailment and clash.",
        )
    return found


class _Tokens:
    """The tokens of a rule, read one after the other."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.found = [(m["token"], m.start()) for m in _TOKEN.finditer(text) if m["token"]]
        self.at = 0

    def peek(self) -> str:
        return self.found[self.at][0] if self.at < len(self.found) else ""

    def take(self, *expected: str) -> str:
        token = self.peek()
        if not token or (expected and token not in expected):
            raise self.fault(f"expected {' or '.join(expected) or 'more'} here, found {token or 'the end'}")
        self.at += 1
        return token

    def fault(self, message: str) -> FolderError:
        offset = self.found[min(self.at, len(self.found) - 1)][1] if self.found else 0
        line = self.text.count("\n", 0, offset) + 1
        remedy = "A rule is a CONSTRUCT or SELECT over triple patterns and FILTERs; see docs/reasoning.md."
        return FolderError(message, place=f"{self.file}:{line}", remedy=remedy)


def _prologue(tokens: _Tokens) -> Iterator[tuple[str, str]]:
    while tokens.peek().upper() == "PREFIX":
        tokens.take()
        yield tokens.take(), tokens.take()


def _group(tokens: _Tokens) -> tuple[list[Statement], list[str]]:
    statements: list[Statement] = []
    filters: list[str] = []
    tokens.take("{")
    while tokens.peek() != "}":
        if tokens.peek().upper() == "FILTER":
            tokens.take()
            filters.append(" ".join(_bracketed(tokens)[1:-1]))
        else:
            statements.extend(_statements(tokens))
        if tokens.peek() == ".":
            tokens.take()
    tokens.take("}")
    return statements, filters


def _statements(tokens: _Tokens) -> Iterator[Statement]:
    subject = tokens.take()
    while True:
        predicate = "".join(_path(tokens))
        yield Statement(subject, predicate, " ".join(_bracketed(tokens)) if tokens.peek() == "(" else tokens.take())
        if tokens.peek() != ";":
            return
        tokens.take()


def _path(tokens: _Tokens) -> Iterator[str]:
    yield tokens.take()
    while tokens.peek() and tokens.peek() in "/|*+?":
        operator = tokens.take()
        yield operator
        if operator in "/|":
            yield tokens.take()


def _bracketed(tokens: _Tokens) -> list[str]:
    found = [tokens.take("(")]
    depth = 1
    while depth:
        token = tokens.take()
        depth += {"(": 1, ")": -1}.get(token, 0)
        found.append(token)
    return found


def _about_schema(statement: Statement, prefixes: Mapping[str, str]) -> bool:
    if statement.obj.startswith("(") or re.search(r"[/|*+?]\Z|[/|]", _without_iris(statement.predicate)):
        return True
    predicate = _named(statement.predicate, prefixes)
    return predicate is not None and is_schema(predicate, _named(statement.obj, prefixes) or "")


def _without_iris(text: str) -> str:
    return "" if text.startswith(("<", "?", "$")) else text


def _named(word: str, prefixes: Mapping[str, str]) -> NamedNode | None:
    if word == "a":
        return TYPE
    if word.startswith("<"):
        return NamedNode(word[1:-1])
    prefix, colon, local = word.partition(":")
    namespace = prefixes.get(prefix + ":") if colon else None
    return NamedNode(namespace[1:-1] + local) if namespace else None


def _slot(word: str, prefixes: Mapping[str, str], tokens: _Tokens) -> Slot:
    if word.startswith(("?", "$")):
        return word[1:]
    named = _named(word, prefixes)
    if named is None:
        raise tokens.fault(f"{word} is neither a variable nor an IRI nor a name with a declared prefix")
    return named


def _atom(statement: Statement, prefixes: Mapping[str, str], tokens: _Tokens) -> Atom:
    parts: Sequence[str] = (statement.subject, statement.predicate, statement.obj)
    subject, predicate, obj = (_slot(part, prefixes, tokens) for part in parts)
    return subject, predicate, obj
