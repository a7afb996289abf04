"""The reading of stored queries: the header taken apart and checked against the text below it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from milieu.errors import QueryError
from milieu.query.expectation import Expectation, read_expectation
from milieu.query.front import Entry, read_front
from milieu.query.header import DISPLAYS, SEVERITIES, StoredQuery
from milieu.query.parameter import TYPES, Parameter, serialise
from milieu.sparql.algebra import form as form_of
from milieu.sparql.algebra import variables
from milieu.sparql.bind import check_binding, slots
from milieu.sparql.prefixes import undeclared
from milieu.sparql.term import read_term
from milieu.spelling import nearest

if TYPE_CHECKING:
    from pathlib import PurePath

    from milieu.namespaces import Prefixes

__all__ = ["read_stored"]

_KEYS = ("summary", "description", "tags", "parameters", "expect", "display")
_CHECK_KEYS = ("problem", "remedy", "severity")
_TEXTS = ("description", "problem", "remedy")
_PARAMETER_KEYS = ("type", "class", "default", "description", "optional", "choices")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_PARAMETER_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
# The options of the command line and of the web have these names.
_TAKEN = ("cache", "explain", "format", "graph", "help", "output", "page", "per", "quiet", "store")


def read_stored(place: PurePath, text: str, prefixes: Prefixes) -> StoredQuery:
    """What `milieu.query.header.read` gives, for a path from the top of the folder."""
    front = read_front(place.as_posix(), text)
    check = place.parent.name == "checks"
    if not _NAME.match(place.stem):
        raise front.fault(f"{place.stem!r} is no name for a query", "Use lower-case letters, digits and hyphens.")
    keys = front.mapping((*_KEYS, *(_CHECK_KEYS if check else ())))
    if "summary" not in keys or not keys["summary"].text().strip():
        raise front.fault("the query has no summary", "Begin the file with '#+ summary: What it answers'.")
    declared = keys["parameters"].mapping() if "parameters" in keys else {}
    parameters = tuple(_parameter(name, entry, prefixes) for name, entry in declared.items())
    form, columns = _body(front, text, parameters, declared, prefixes)
    texts: dict[str, str] = {name: keys[name].text().strip() for name in _TEXTS if name in keys}
    if "display" in keys:
        texts["display"] = keys["display"].text(DISPLAYS)
    if "severity" in keys:
        texts["severity"] = keys["severity"].text(SEVERITIES)
    expect = _expectations(keys["expect"], form, columns, prefixes, parameters) if "expect" in keys else ()
    return StoredQuery(
        name=place.stem,
        path=place.as_posix(),
        summary=keys["summary"].text().strip(),
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        form=form,
        columns=columns,
        tags=tuple(tag.text() for tag in keys["tags"].entries()) if "tags" in keys else (),
        parameters=parameters,
        slots=tuple(slots(text, [parameter.name for parameter in parameters])),
        expected=tuple(each.to_json() for each in expect),
        **texts,
    )


def _parameter(name: str, entry: Entry, prefixes: Prefixes) -> Parameter:
    if not _PARAMETER_NAME.match(name) or name in _TAKEN:
        raise entry.fault(f"{name!r} is no name for a parameter", "Use another, of lower-case letters, digits and _.")
    keys = entry.mapping(_PARAMETER_KEYS)
    kind = keys["type"].text(TYPES) if "type" in keys else "string"
    for key, its in (("class", "iri"), ("choices", "string")):
        if key in keys and kind != its:
            raise keys[key].fault(f"{key!r} is for parameters of type {its}", f"The type of {name!r} is {kind}.")
    optional = "optional" in keys and keys["optional"].truth()
    if optional and "default" in keys:
        raise keys["optional"].fault(f"{name!r} has a default and is optional", "Keep one of the two.")
    parameter = Parameter(
        name=name,
        type=kind,
        description=keys["description"].text().strip() if "description" in keys else "",
        default=keys["default"].text() if "default" in keys else None,
        required=not optional and "default" not in keys,
        class_iri=_class(keys["class"], prefixes) if "class" in keys else None,
        choices=tuple(choice.text() for choice in keys["choices"].entries()) if "choices" in keys else (),
    )
    if parameter.default is not None:
        try:
            serialise(parameter, parameter.default, prefixes=prefixes)
        except QueryError as fault:
            remedy = "Write the IRI or its prefixed name." if kind == "iri" else fault.remedy or ""
            raise keys["default"].fault(f"the default of {name!r}: {fault.message}", remedy) from None
    return parameter


def _class(entry: Entry, prefixes: Prefixes) -> str:
    term = read_term(entry.text(), prefixes.expand)
    if term is None or term.kind != "iri":
        raise entry.fault(f"{entry.text()!r} is not an IRI", "Write one such as mil:City, with a prefix of the folder.")
    return term.value


def _body(
    front: Entry, text: str, parameters: tuple[Parameter, ...], declared: Mapping[str, Entry], prefixes: Prefixes
) -> tuple[str, tuple[str, ...]]:
    """The form and columns of the query, when its parameters and prefixes are right."""
    names = [parameter.name for parameter in parameters]
    optional = [parameter.name for parameter in parameters if parameter.optional]
    for message, line, column in check_binding(text, names, optional):
        unused = next(
            (entry for name, entry in declared.items() if message.startswith(f"the parameter {name!r}")), None
        )
        if unused:
            raise unused.fault(message, "Remove it, or use it in the query with ?_ before its name.")
        raise Entry("", front.path, line, column).fault(message)
    try:
        form, columns = form_of(text), variables(text)
    except QueryError as fault:
        line, column = re.findall(r"\d+", fault.place or "line 1, column 1")
        raise Entry("", front.path, int(line), int(column)).fault(fault.message, fault.remedy or "") from None
    _check_prefixes(front.path, text, prefixes)
    return form, tuple(columns) if form in ("SELECT", "ASK") else ("subject", "predicate", "object")


def _check_prefixes(path: str, text: str, prefixes: Prefixes) -> None:
    token = undeclared(text, prefixes)
    if token:
        prefix = token.text.partition(":")[0]
        like = nearest(prefix, prefixes)
        remedy = f"Did you mean {like}:?" if like else "Declare it in the query, or in the folder's header."
        raise Entry("", path, token.line, token.column).fault(f"the prefix {prefix}: is not declared", remedy)


def _expectations(
    entry: Entry, form: str, columns: tuple[str, ...], prefixes: Prefixes, parameters: tuple[Parameter, ...]
) -> tuple[Expectation, ...]:
    found: list[Expectation] = []
    for each in entry.entries() if isinstance(entry.value, list) else [entry]:
        expectation = read_expectation(each, form, columns, prefixes)
        given = dict(expectation.given)
        for name in given.keys() - {parameter.name for parameter in parameters}:
            raise each.fault(f"the query has no parameter {name!r}", "Declare it, or leave it out of 'given'.")
        for parameter in parameters:
            if parameter.name in given and parameter.type != "iri":
                try:
                    serialise(parameter, given[parameter.name], prefixes=prefixes)
                except QueryError as fault:
                    raise each.fault(f"{parameter.name}: {fault.message}", fault.remedy or "") from None
            if parameter.required and parameter.name not in given:
                raise each.fault(
                    f"what is expected needs a value for {parameter.name!r}", f"Add given: {{{parameter.name}: …}}."
                )
        found.append(expectation)
    return tuple(found)
