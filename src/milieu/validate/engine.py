"""The seam over two SHACL engines: a Rust one for the verdict, pySHACL as the reference that explains it.

Both are given N-Triples as bytes and answer with the same `Result` values, so that nothing else in Milieu knows
which of them spoke. Neither fetches, infers or runs anything that the shapes do not say (SHACL, section 3.4).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Protocol

from milieu.errors import FolderError, MissingError
from milieu.namespaces import RDF, SH

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["Engine", "EngineName", "Result", "Session", "Shifty", "in_order", "prepare", "results", "verdict"]

EngineName = Literal["shifty", "pyshacl"]

_COMPILED = "shifty._shifty"
# The data's own graph only, without rules (SHACL, section 3.4): shapes are never part of what they validate.
_ITS_OWN = {"data_format": "turtle", "graph_mode": "data", "run_infer": False}
_COMPONENT = re.compile(rf"<{re.escape(SH)}(\w+)ConstraintComponent>\Z")


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result (SHACL, section 3.6.2), its terms in N-Triples syntax.

    `path` is a SPARQL property path, so that complex ones keep their structure: `^<http://…/a>/<http://…/b>*`.
    `constraint` is the SPARQL constraint that spoke, if one did; `detail` holds the results that led to this one.

    >>> a = "<https://example.org/a>"
    >>> Result(a, None, None, a, "<http://www.w3.org/ns/shacl#MinCountConstraintComponent>", "").code
    'sh:minCount'
    """

    focus: str
    path: str | None
    value: str | None
    source_shape: str
    component: str
    severity: str
    constraint: str | None = None
    messages: tuple[str, ...] = ()
    detail: tuple[Result, ...] = ()

    @property
    def code(self) -> str:
        """The constraint as people write it, `sh:minCount`; the component's own IRI when it is not one of SHACL's."""
        known = _COMPONENT.match(self.component)
        if not known:
            return self.component
        name = known.group(1)
        return "sh:sparql" if name == "SPARQL" else f"sh:{name[0].lower()}{name[1:]}"

    @property
    def key(self) -> tuple[str, str, str, str, str, str]:
        """What makes two results the same to SHACL: everything but their words and details."""
        return (self.focus, self.path or "", self.value or "", self.source_shape, self.component, self.severity)


def in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """The results in the one order that both engines use."""
    return tuple(sorted(results, key=lambda result: (result.key, result.constraint or "", result.messages)))


class Engine(Protocol):
    """Shapes made ready once, to be held against many graphs."""

    def conforms(self, data: bytes) -> bool:
        """Whether validation gives no result at all, of whatever severity."""
        ...

    def failing(self, data: bytes) -> set[str]:
        """The focus nodes that give a result, in N-Triples syntax."""
        ...

    def results(self, data: bytes) -> list[Result]:
        """The results of validation, sorted."""
        ...


def prepare(name: EngineName, shapes: bytes) -> Engine:
    """The engine of that name with the shapes, N-Triples or Turtle, made ready.

    Raises `FolderError` when the shapes are ill-formed, `MissingError` when the engine is not installed.
    """
    if name == "shifty":
        return Shifty(shapes)
    from milieu.validate.reference import PyShacl

    return PyShacl(shapes)


def verdict(data: bytes, shapes: bytes, *, engine: EngineName = "shifty") -> bool:
    """Whether the data gives no validation result, as one engine sees it.

    >>> shapes = b"@prefix sh: <http://www.w3.org/ns/shacl#> . <s:> sh:targetNode <a:> ; sh:nodeKind sh:Literal ."
    >>> verdict(b"", shapes)
    False
    """
    return prepare(engine, shapes).conforms(data)


def results(data: bytes, shapes: bytes, *, engine: EngineName = "pyshacl") -> list[Result]:
    """The validation results of the data, as one engine sees it."""
    return prepare(engine, shapes).results(data)


class Shifty:
    """The Rust engine, PyPI's `pyshifty`; its results flatten complex paths (see `milieu.validate.reference`)."""

    def __init__(self, shapes: bytes) -> None:
        validator = _shifty().PreparedValidator
        try:
            # Bytes only: the engine fetches strings that look like addresses.
            self._validator = validator(bytes(shapes), shapes_format="turtle")
        except ValueError as fault:
            raise _ill_formed(fault) from None

    def conforms(self, data: bytes) -> bool:
        """Whether validation gives no result at all, of whatever severity."""
        return not self.failing(data)

    def failing(self, data: bytes) -> set[str]:
        """The focus nodes that give a result; for which of the shapes is not told reliably."""
        run = self._validator.validate_algebra(bytes(data), **_ITS_OWN, sort_results=False, on_unsupported="error")
        if run.conforms != (not run.violations):
            raise _ill_formed(RuntimeError("the engine pyshifty contradicts itself"))
        return {_term(violation.focus_node) for violation in run.violations}

    def results(self, data: bytes) -> list[Result]:
        """The results of validation, sorted; a path that is not a plain property is given as its blank node."""
        import pyoxigraph

        run = self._validator.validate_w3c(bytes(data), **_ITS_OWN, sort_results=False, on_unsupported="error")
        text = run._report_ntriples  # noqa: SLF001
        report = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_TRIPLES)
        return _read_report(quad.triple for quad in report)


class Session:
    """A graph that the Rust engine has read once, to be asked for one target shape after the other.

    Until a call returns, the engine keeps all that it finds out; about a single shape that is little.
    """

    def __init__(self, data: bytes, shapes: bytes) -> None:
        """Read N-Triples. Raises `FolderError` when the shapes are ill-formed or beyond the engine."""
        try:
            self._session = _shifty().EvidenceSession(
                bytes(shapes), shapes_format="turtle", data=bytes(data), **_ITS_OWN
            )
        except ValueError as fault:
            raise _ill_formed(fault) from None
        unsupported = [told for told in self._session.diagnostics if told.startswith("[unsupported]")]
        if unsupported:
            raise _ill_formed(RuntimeError("; ".join(unsupported)))

    def failing(self, shape: str) -> set[str]:
        """The focus nodes, in N-Triples syntax, that give a result for the target shape with that IRI."""
        run, pairs = self._session.find_failures([shape])
        if run.conforms != (not pairs):
            raise _ill_formed(RuntimeError("the engine pyshifty contradicts itself"))
        return {_term(pair.focus) for pair in pairs}


def _term(text: str) -> str:
    return text if text.startswith(('"', "_:", "<")) else f"<{text}>"


def _read_report(triples: Iterable[ox.Triple]) -> list[Result]:
    nodes: dict[str, dict[str, list[str]]] = {}
    for triple in triples:
        properties = nodes.setdefault(str(triple.subject), {})
        properties.setdefault(triple.predicate.value, []).append(str(triple.object))

    def one(node: str, name: str) -> str | None:
        return next(iter(nodes[node].get(SH + name, ())), None)

    def read(node: str) -> Result:
        return Result(
            focus=one(node, "focusNode") or "",
            path=one(node, "resultPath"),
            value=one(node, "value"),
            source_shape=one(node, "sourceShape") or "",
            component=one(node, "sourceConstraintComponent") or "",
            severity=one(node, "resultSeverity") or "",
            constraint=one(node, "sourceConstraint"),
            messages=tuple(sorted(nodes[node].get(SH + "resultMessage", ()))),
            detail=in_order(read(part) for part in nodes[node].get(SH + "detail", ())),
        )

    reports = [node for node, found in nodes.items() if f"<{SH}ValidationReport>" in found.get(RDF + "type", ())]
    return list(in_order(read(node) for report in reports for node in nodes[report].get(SH + "result", ())))


@cache
def _shifty() -> Any:
    """The compiled module of pyshifty by itself: the Python around it takes far longer to import than to validate."""
    from importlib.machinery import PathFinder
    from importlib.util import find_spec, module_from_spec
    from pathlib import Path

    remedy = "Install it: pip install pyshifty."
    package = find_spec("shifty")
    if package is None:
        raise MissingError("the SHACL engine pyshifty is not installed", remedy=remedy)
    # PyPI's `shifty` is an unrelated package with the same import name. What pip wrote beside the package tells whose
    # it is; asking importlib.metadata would take as long as the import itself.
    places = list(package.submodule_search_locations or ())
    compiled = PathFinder.find_spec(_COMPILED, places) if places else None
    named = any(True for place in places for _ in Path(place).parent.glob("pyshifty-*.dist-info"))
    if compiled is None or compiled.loader is None or not named:
        raise MissingError(
            "the package imported as 'shifty' is not pyshifty's", remedy=f"pip uninstall shifty. {remedy}"
        )
    if _COMPILED not in sys.modules:
        module = module_from_spec(compiled)
        compiled.loader.exec_module(module)
        sys.modules[_COMPILED] = module  # Whoever imports the package finds the same.
    return sys.modules[_COMPILED]


def _ill_formed(fault: Exception) -> FolderError:
    return FolderError(
        f"the SHACL shapes cannot be used ({fault})", place="ontology/shapes", remedy="Correct the shape named there."
    )
