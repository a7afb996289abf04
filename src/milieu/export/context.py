"""JSON-LD 1.1 that people can read: one object per thing, plain keys, and a context that says what they mean."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import IO, Any

import pyoxigraph as ox

from milieu.build.manifest import Build
from milieu.export.things import Names, Thing, Value, things
from milieu.namespaces import RDF, XSD, Prefixes

__all__ = ["export_context"]

_TYPE, _STRING = f"{RDF}type", f"{XSD}string"
# What JSON itself says: an integer or a truth value in its one canonical form (JSON-LD 1.1 API, section 8.6).
_NATIVE = (f"{XSD}integer", f"{XSD}boolean")
_CANONICAL = re.compile(r"0|-?[1-9][0-9]{0,14}|true|false")


@dataclass
class _Use:
    """How a property is used: with which kinds of values, and whether once per language at most."""

    kinds: set[str] = field(default_factory=set)
    one_per_language: bool = True

    @property
    def coercion(self) -> dict[str, str]:
        """What the context can say of all its values at once."""
        if self.kinds == {"@id"}:
            return {"@type": "@id"}
        if self.kinds == {"@language"} and self.one_per_language:
            return {"@container": "@language"}
        if len(self.kinds) == 1 and not self.kinds & {"@language", "@id", _STRING, *_NATIVE}:
            return {"@type": next(iter(self.kinds))}
        return {}


def export_context(build: Build, stream: IO[bytes], graphs: str = "all") -> int:
    """Write every thing as one object a line, sorted, and give their number. Memory stays flat.

    It holds the same statements as the other formats; the two graphs are written as one.
    """
    prefixes = Prefixes({prefix: space for prefix, space in build.prefixes.items() if _serves(prefix, space)})
    uses, classes = _surveyed(build, graphs)
    names = Names(prefixes, tuple(prefixes))
    terms = {prop: names.of(prop) for prop in sorted(uses)}
    context: dict[str, Any] = {prefix: prefixes[prefix] for prefix in sorted(prefixes)}
    for prop, name in terms.items():
        coercion = uses[prop].coercion
        context[name] = {"@id": prop, **coercion} if coercion else prop
    kinds = {kind: names.of(kind) for kind in sorted(classes)}
    context |= {name: kind for kind, name in kinds.items() if name != kind and ":" not in name}
    head = json.dumps({"@context": context}, ensure_ascii=False, indent=1)
    stream.write(f'{head[:-2]},\n "@graph": ['.encode())
    count = 0
    for thing in things(build, graphs):
        text = json.dumps(_object(thing, terms, kinds, uses, prefixes), ensure_ascii=False)
        stream.write((",\n" if count else "\n").encode() + text.encode())
        count += 1
    stream.write(b"\n]}\n")
    return count


def _serves(prefix: str, space: str) -> bool:
    # Only namespaces that end so are prefixes without more ado (JSON-LD 1.1, section 9.4).
    return bool(prefix) and space.endswith(("/", "#", "?", ":", "=", "&"))


def _surveyed(build: Build, graphs: str) -> tuple[dict[str, _Use], set[str]]:
    uses: dict[str, _Use] = {}
    classes: set[str] = set()
    for thing in things(build, graphs):
        for prop, values in thing.values.items():
            if prop == _TYPE:
                classes.update(value.value for value in values if isinstance(value, ox.NamedNode))
                continue
            use = uses.setdefault(prop, _Use())
            languages = [value.language for value in values if isinstance(value, ox.Literal) and value.language]
            use.kinds.update(map(_kind, values))
            use.one_per_language &= len(languages) == len(set(languages))
    return uses, classes


def _kind(value: Value) -> str:
    if not isinstance(value, ox.Literal):
        return "@id"
    return "@language" if value.language else value.datatype.value


def _object(
    thing: Thing, terms: dict[str, str], kinds: dict[str, str], uses: dict[str, _Use], prefixes: Prefixes
) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": _id(thing.node, prefixes)}
    types = [kinds.get(value.value, str(value)) for value in thing.values.get(_TYPE, ())]
    if types:
        found["@type"] = types[0] if len(types) == 1 else types
    for prop, values in thing.values.items():
        if prop == _TYPE:
            continue
        coercion = uses[prop].coercion
        if "@container" in coercion:
            found[terms[prop]] = {value.language: value.value for value in values}  # type: ignore[union-attr]
            continue
        plain = [_plain(value, coercion, prefixes) for value in values]
        found[terms[prop]] = plain[0] if len(plain) == 1 else plain
    return found


def _id(node: ox.NamedNode | ox.BlankNode, prefixes: Prefixes) -> str:
    if isinstance(node, ox.BlankNode):
        return str(node)
    compact = prefixes.compact(node.value)
    return compact[1:-1] if compact.startswith("<") else compact


def _plain(value: Value, coercion: dict[str, str], prefixes: Prefixes) -> Any:
    if not isinstance(value, ox.Literal):
        return _id(value, prefixes) if coercion else {"@id": _id(value, prefixes)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = value.datatype.value
    if coercion.get("@type") == datatype or datatype == _STRING:
        return value.value
    if datatype in _NATIVE and _CANONICAL.fullmatch(value.value):
        return json.loads(value.value)
    return {"@value": value.value, "@type": datatype}
