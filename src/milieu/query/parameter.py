"""The parameters of a stored query: what may be given for one, and the term that stands for it in SPARQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping

from milieu.errors import QueryError
from milieu.namespaces import XSD, Prefixes
from milieu.sparql.text import iri_text, is_iri, string_text
from milieu.spelling import nearest

__all__ = ["LAST_YEAR", "TYPES", "Parameter", "Things", "serialise"]

TYPES = ("iri", "string", "integer", "year", "language", "boolean")
"""What a parameter may be."""
LAST_YEAR = 9999
"""The last year that is taken, and the first one before our era."""

Things = Callable[[str], Iterable[tuple[str, str]]]
"""Gives the things of a class (its IRI) and their labels: one pair per label."""

_INTEGER = r"[+-]?[0-9]{1,19}\Z"
_YEAR = r"(-?)([0-9]{1,9})\Z"
_LANGUAGE = r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*\Z"
_BOOLEANS = {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}
_SHOWN = 5


class Parameter:
    """One parameter: its type (one of `TYPES`), and what is taken when it is not given.

    A `required` one has no default and must be given; one with neither default nor `required` is optional and stays an
    unbound variable. `class_iri` is for type iri: the value must be one of its things. `choices` are for type string.

    >>> Parameter("field", "iri", class_iri="https://example.org/#Field", required=True).optional
    False
    """

    def __init__(
        self,
        name: str,
        type: str = "string",  # noqa: A002 - the word of the header
        description: str = "",
        default: str | None = None,
        required: bool = False,
        class_iri: str | None = None,
        choices: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.type = type
        self.description = description
        self.default = default
        self.required = required
        self.class_iri = class_iri
        self.choices = choices

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parameter) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.name, self.type, self.default))

    @property
    def optional(self) -> bool:
        """Whether the query runs without a value for it."""
        return self.default is None and not self.required

    def to_json(self) -> dict[str, object]:
        """The parameter as JSON values; what it does not have is left out.

        >>> Parameter("n", "integer", default="5").to_json()
        {'name': 'n', 'type': 'integer', 'required': False, 'default': '5'}
        """
        content: dict[str, object] = {"name": self.name, "type": self.type, "required": self.required}
        if self.default is not None:
            content["default"] = self.default
        more = {"description": self.description, "class": self.class_iri, "choices": list(self.choices)}
        return content | {key: value for key, value in more.items() if value}

    @classmethod
    def from_json(cls, content: Mapping[str, object]) -> Parameter:
        """The parameter that `to_json` wrote."""
        choices = content.get("choices", ())
        return cls(
            name=str(content["name"]),
            type=str(content["type"]),
            description=str(content.get("description", "")),
            default=None if content.get("default") is None else str(content["default"]),
            required=bool(content["required"]),
            class_iri=None if content.get("class") is None else str(content["class"]),
            choices=tuple(str(choice) for choice in choices) if isinstance(choices, list | tuple) else (),
        )


def serialise(
    parameter: Parameter,
    value: str | int | bool,
    *,
    prefixes: Prefixes,
    things: Things = lambda _: (),
    named: Callable[[str, str], Iterable[str]] = lambda *_: (),
    holds: Callable[[str, str], bool] = lambda *_: False,
) -> str:
    """The SPARQL term for a value: one token or literal that can be read as nothing else.

    A thing is given by IRI, prefixed name, slug (the end of its IRI) or label in any language, whatever its case and
    accents; IRIs are written in full, so that no prefix in the query changes them. Years become `xsd:gYear`, languages
    strings in lower case. So that things need not all be listed, `holds` tells whether one (its IRI) is of a class, and
    `named` which of a class have exactly a label, which goes before slugs and other cases.
    Raises `QueryError` for any other value, with what is allowed and the nearest to it.

    >>> year = Parameter("since", "year")
    >>> serialise(year, 2009, prefixes=Prefixes({}))
    '"2009"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    >>> field = Parameter("field", "iri", class_iri="https://example.org/#Field")
    >>> fields = lambda class_iri: [("https://example.org/field/design", "Design")]
    >>> serialise(field, "Design", prefixes=Prefixes({}), things=fields)
    '<https://example.org/field/design>'
    """
    if not isinstance(value, str | int):
        raise _wrong(parameter, str(value), _EXPECTED.get(parameter.type, "a text"))
    if parameter.type == "iri":
        return iri_text(_iri(parameter, str(value).strip(), prefixes, things, named, holds))
    if parameter.type == "string":
        text = ("true" if value else "false") if isinstance(value, bool) else str(value)
        if parameter.choices and text not in parameter.choices:
            raise _wrong(parameter, text, "one of " + ", ".join(parameter.choices), parameter.choices)
        return string_text(text)
    if isinstance(value, bool) and parameter.type != "boolean":
        raise _wrong(parameter, str(value).lower(), _EXPECTED[parameter.type])
    term = _SIMPLE[parameter.type](str(value).strip())
    if term is None:
        raise _wrong(parameter, str(value), _EXPECTED[parameter.type])
    return term


def _integer(text: str) -> str | None:
    number = int(text) if re.match(_INTEGER, text) else 2**63
    # Engines keep xsd:integer in 64 bits, and a larger one would compare with nothing.
    return str(number) if -(2**63) <= number < 2**63 else None


def _year(text: str) -> str | None:
    match = re.match(_YEAR, text)
    if not match:
        return None
    number = int(match[2])
    if number > LAST_YEAR:  # more digits are a slip of the finger, not a year of ours
        return None
    return string_text(f"{match[1] if number else ''}{number:04}", datatype=XSD + "gYear")


def _language(text: str) -> str | None:
    return string_text(text.lower()) if re.match(_LANGUAGE, text) else None


_SIMPLE: dict[str, Callable[[str], str | None]] = {
    "integer": _integer,
    "year": _year,
    "language": _language,
    "boolean": lambda text: _BOOLEANS.get(text.lower()),
}
_EXPECTED = {
    "integer": "a whole number such as 5",
    "year": "a year such as 2009",
    "language": "a language tag such as en or ja",
    "boolean": "true or false",
}


def _iri(
    parameter: Parameter,
    value: str,
    prefixes: Prefixes,
    things: Things,
    named: Callable[[str, str], Iterable[str]],
    holds: Callable[[str, str], bool],
) -> str:
    iri = _expanded(value, prefixes)
    # The default was written by the author of the query, and its expectations are tested: no need to look it up.
    if iri and (parameter.class_iri is None or value == parameter.default):
        return iri
    if iri and parameter.class_iri and holds(iri, parameter.class_iri):
        return iri
    if parameter.class_iri is None:
        raise _unknown_name(parameter, value, prefixes)
    found = set(named(value, parameter.class_iri))
    if found:
        return _only(found, parameter, value, prefixes)
    pairs = list(things(parameter.class_iri))
    known = dict.fromkeys(thing for thing, _ in pairs)
    if iri in known:
        return iri
    for reading in (lambda text: text, _folded):
        wanted = reading(value)
        found = {thing for thing, label in pairs if reading(label) == wanted}
        found |= {thing for thing in known if reading(_slug(thing)) == wanted}
        if found:
            return _only(found, parameter, value, prefixes)
    labels = [label for _, label in pairs] + [_slug(thing) for thing in known] + [prefixes.compact(t) for t in known]
    shown = ", ".join([prefixes.compact(thing) for thing in sorted(known)][:_SHOWN])
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    expected = (
        f"one of {shown}{more}" if known else f"of the class {prefixes.compact(parameter.class_iri)}, which is empty"
    )
    raise _wrong(parameter, value, expected, labels)


def _only(found: Collection[str], parameter: Parameter, value: str, prefixes: Prefixes) -> str:
    if len(found) > 1:
        names = ", ".join(prefixes.compact(thing) for thing in sorted(found))
        raise QueryError(f"{value!r} may be any of {names}", place=f"parameter {parameter.name}", remedy="Name one.")
    return next(iter(found))


def _expanded(value: str, prefixes: Prefixes) -> str | None:
    """The IRI that this spells: `<…>`, a prefixed name, or an IRI in full."""
    bracketed = value[1:-1] if value.startswith("<") and value.endswith(">") else None
    iri = bracketed or prefixes.expand(value) or value
    plain = bracketed is not None or iri != value or "://" in value or value.startswith("urn:")
    return iri if plain and is_iri(iri) else None


def _unknown_name(parameter: Parameter, value: str, prefixes: Prefixes) -> QueryError:
    prefix, colon, local = value.partition(":")
    like = nearest(prefix, prefixes) if colon else None
    remedy = (
        f"Did you mean {like}:{local}?" if like else "Give an IRI in full, or a prefixed name such as city:kanazawa."
    )
    return QueryError(f"{value!r} is not an IRI", place=f"parameter {parameter.name}", remedy=remedy)


def _wrong(parameter: Parameter, value: str, expected: str, known: Iterable[str] = ()) -> QueryError:
    like = nearest(value, known)
    return QueryError(
        f"{value!r} is not {expected}",
        place=f"parameter {parameter.name}",
        remedy=f"Did you mean {like!r}?" if like else "Give one.",
    )


def _slug(iri: str) -> str:
    return re.split(r"[/#:]", iri)[-1]


def _folded(text: str) -> str:
    """The text without case, accents and surplus space. Kana keep their sound marks: カ and ガ are other letters."""
    import unicodedata

    parts = unicodedata.normalize("NFKD", text.casefold())
    kept = (mark for mark in parts if not unicodedata.combining(mark) or mark in "\u3099\u309a")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
