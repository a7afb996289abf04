"""What a SPARQL constraint reads, as steps of an automaton from `$this`.

A triple pattern is bounded when a chain of shared variables and constant properties leads to it from `$this` (or from
another variable that SHACL binds beforehand). A chain may only run over variables that the part of the query it is in
binds for certain: where an optional variable stays unbound, a pattern with it matches the whole graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from milieu.namespaces import RDF
from milieu.validate.automaton import Use, Walker
from milieu.validate.path import Choice, Inverse, Path, Repeat, Sequence, Step, plain, sparql

__all__ = ["Roots", "read_pattern"]


@dataclass(frozen=True)
class Roots:
    """The variables that are bound beforehand: to the nodes of a state, or to a constant in N-Triples syntax."""

    states: Mapping[str, int]
    constants: Mapping[str, str] = field(default_factory=dict)


def read_pattern(text: str, roots: Roots, walker: Walker) -> str | None:
    """Add to the automaton what a query reads; the reason when that has no bound.

    Raises `ValueError` when the text is not a query.
    """
    faults: list[str] = []
    # Reading goes where the way there is narrow, the search for focus nodes where the way back is: what matters most
    # to it is that a change to a hub does not fan out to all that hangs on it.
    for walker.use in (Use.READ, Use.FIND):
        reading = _Reading(roots, walker)
        reading.query(text)
        faults = reading.faults
    walker.use = Use.BOTH
    return faults[0] if faults else None


@dataclass(frozen=True)
class _Reach:
    """How a variable is reached: the state of its nodes, and a guess of how many nodes a walk meets on the way."""

    state: int
    cost: float = 1.0


_Known = dict[str, _Reach]
_Triple = tuple[Any, Any, Any]

# What is read does not depend on these.
_TRANSPARENT = {"SelectQuery", "AskQuery", "Project", "Distinct", "Reduced", "OrderBy", "AggregateJoin", "Group"}

# Guesses, since a shape is compiled before any data: few objects per subject, many subjects per object, and a class
# has the most.
_FEW, _MANY, _MOST = 1.5, 20.0, 1000.0


@dataclass
class _Group:
    """The parts of a conjunction, whatever groups they were written in."""

    triples: list[_Triple] = field(default_factory=list)
    unions: list[list[Any]] = field(default_factory=list)
    selects: list[Any] = field(default_factory=list)
    # What is evaluated for each solution of something else: OPTIONAL, MINUS, EXISTS; with the variables it may rely on.
    dependent: list[tuple[Any, Any, set[str]]] = field(default_factory=list)


class _Reading:
    def __init__(self, roots: Roots, walker: Walker) -> None:
        self.faults: list[str] = []
        self._roots = {name: _Reach(state) for name, state in roots.states.items()}
        self._constants = roots.constants
        self._walker = walker

    def query(self, text: str) -> None:
        from rdflib.plugins.sparql.algebra import translateQuery
        from rdflib.plugins.sparql.parser import parseQuery

        try:
            algebra = translateQuery(parseQuery(text)).algebra
        except Exception as fault:  # The parser raises pyparsing's own kinds, and bare ones for what it cannot resolve.
            raise ValueError(str(fault)) from None
        if algebra.datasetClause:
            self._give_up("FROM names other graphs")
        self._group(algebra.p, self._roots)

    def _give_up(self, reason: str) -> None:
        self.faults.append(reason)
        self._walker.predicates.add(None)

    def _group(self, node: Any, known: _Known) -> _Known:
        """Attach a group to what is known; what is known then."""
        group = _Group()
        self.flatten(node, group)
        known = dict(known)
        while any(attach(group, known) for attach in (self._attach_triples, self._attach_union, self._attach_select)):
            pass
        for triple in group.triples:
            self.faults.append(
                f"the pattern {_spelt(triple)} is not joined to $this by variables that are surely bound"
            )
            self._walker.predicates.update(_predicates(triple[1]))
        for rest in (*group.selects, *(branch for union in group.unions for branch in union)):
            self._group(rest, {})
        for pattern, expression, scope in group.dependent:
            within = {name: reach for name, reach in known.items() if name in scope or name in self._roots}
            if pattern is not None:
                within = self._group(pattern, within)
            for exists in _exists(expression):
                self._group(exists, within)
        return known

    def flatten(self, node: Any, group: _Group) -> None:
        """Sort the parts of a pattern into a group."""
        match node.name:
            case "BGP":
                group.triples.extend((s, self._predicate(p), o) for s, p, o in node.triples)
            case "Join":
                self.flatten(node.p1, group)
                self.flatten(node.p2, group)
            case "LeftJoin" | "Minus":
                self.flatten(node.p1, group)
                group.dependent.append((node.p2, node.get("expr"), _certain(node.p1)))
            case "Union":
                group.unions.append([node.p1, node.p2])
            case "Filter" | "Extend":
                self.flatten(node.p, group)
                group.dependent.append((None, node.expr, _certain(node.p)))
            case "ToMultiSet":
                if node.p.name != "values":
                    group.selects.append(node.p)
            case name if name in _TRANSPARENT:
                self.flatten(node.p, group)
            case "Slice":
                self._give_up("LIMIT and OFFSET make the answer depend on the order of the whole graph")
                self.flatten(node.p, group)
            case "Graph":
                self._give_up("GRAPH reads other graphs")
            case _:
                self._give_up(f"{node.name} is not followed")

    def _attach_triples(self, group: _Group, known: _Known) -> bool:
        """Attach the triple pattern with the narrowest way, if any can be attached."""
        best: tuple[float, _Triple, bool] | None = None
        for triple in group.triples:
            for forwards in (True, False):
                cost = self._cost(triple, forwards, known)
                if cost is not None and (best is None or cost < best[0]):
                    best = (cost, triple, forwards)
        if best is None:
            return False
        cost, triple, forwards = best
        group.triples.remove(triple)
        self._attach(triple, forwards, known, cost)
        return True

    def _cost(self, triple: _Triple, forwards: bool, known: _Known) -> float | None:
        near, predicate, far = triple if forwards else triple[::-1]
        start = known.get(self._variable(near) or "")
        path = _path(predicate)
        # A property that may be any is only read forwards: backwards it would meet what marks the focus nodes.
        if start is None or path is None or (not forwards and None in _predicates(predicate)):
            return None
        out, into = _degrees(path)
        if self._walker.use is Use.READ:
            return start.cost * (out if forwards else into)
        end = self._variable(far)
        # A walk back begins at the near end when the far one is known otherwise.
        return start.cost * ((into if forwards else out) if end and end not in known else 1.0)

    def _attach(self, triple: _Triple, forwards: bool, known: _Known, cost: float) -> None:
        near, predicate, far = triple if forwards else triple[::-1]
        start = known[self._variable(near) or ""]
        path = _path(predicate)
        assert path is not None
        path = plain(path if forwards else Inverse(path))
        end = self._variable(far)
        if end is None and isinstance(path, Step):
            self._walker.step(start.state, path.predicate, path.inverse, self._constant(far))
            return
        state = self._walker.path(start.state, path)
        if end is not None and end not in known:
            known[end] = _Reach(state, cost)

    def _attach_union(self, group: _Group, known: _Known) -> bool:
        for union in group.unions:
            if all(any(name in known for name in _mentioned(branch)) for branch in union):
                group.unions.remove(union)
                ends = [self._group(branch, known) for branch in union]
                for name in set.intersection(*(_certain(branch) for branch in union)) - set(known):
                    if all(name in end for end in ends):
                        reaches = [end[name] for end in ends]
                        joined = self._walker.join(reach.state for reach in reaches)
                        known[name] = _Reach(joined, sum(reach.cost for reach in reaches))
                return True
        return False

    def _attach_select(self, group: _Group, known: _Known) -> bool:
        for select in group.selects:
            shared = _projected(select)
            within = {name: reach for name, reach in known.items() if name in shared or name in self._roots}
            if any(name in within for name in _mentioned(select)):
                group.selects.remove(select)
                ends = self._group(select, within)
                sure = shared & _certain(select)
                known.update({name: reach for name, reach in ends.items() if name in sure and name not in known})
                return True
        return False

    def _predicate(self, term: Any) -> Any:
        """A predicate, with the parameter of a component that may stand for it put in its place."""
        from rdflib import URIRef

        constant = self._constants.get(str(term)) if _is_name(term) else None
        return URIRef(constant[1:-1]) if constant else term

    def _variable(self, term: Any) -> str | None:
        """The name of a variable, or of a blank node, which is one too; None for a constant."""
        from rdflib import BNode, Variable

        if isinstance(term, BNode):
            return f"_:{term}"
        return str(term) if isinstance(term, Variable) and str(term) not in self._constants else None

    def _constant(self, term: Any) -> str:
        from rdflib import Variable

        from milieu.validate.reference import n_triples

        return self._constants[str(term)] if isinstance(term, Variable) else n_triples(term)


def _certain(node: Any) -> set[str]:
    """The variables that every solution of a pattern binds."""
    match node.name:
        case "BGP":
            return {name for triple in node.triples for name in _names(triple)}
        case "Join":
            return _certain(node.p1) | _certain(node.p2)
        case "Union":
            return _certain(node.p1) & _certain(node.p2)
        case "LeftJoin" | "Minus":
            return _certain(node.p1)
        case "Project":
            return _certain(node.p) & {str(name) for name in node.PV}
        case "ToMultiSet":
            return set() if node.p.name == "values" else _certain(node.p)
        case "AggregateJoin":
            # Grouping renames what it keeps; nothing is taken for sure beyond the variables grouped by.
            return {str(name) for name in node.p.expr or () if _is_name(name)} & _certain(node.p.p)
        case "Extend":
            # rdflib gives variables that are grouped by their values back through a sample of each group.
            return _certain(node.p) | ({str(node.var)} if str(node.expr).startswith("__agg_") else set())
        case "Graph" | "ServiceGraphPattern":
            return set()
        case _:
            return _certain(node.p)


def _mentioned(node: Any) -> set[str]:
    """The variables in the triple patterns that a pattern needs, optional ones left out."""
    group = _Group()
    _Reading(Roots({}), Walker()).flatten(node, group)
    found = {name for triple in group.triples for name in _names(triple)}
    for part in (*group.selects, *(branch for union in group.unions for branch in union)):
        found |= _mentioned(part)
    return found


def _projected(node: Any) -> set[str]:
    """The variables that a sub-select shares with what is around it; when it groups, only those it groups by."""
    while node.name != "Project":
        node = node.p
    names = {str(name) for name in node.PV}
    while node.name in ("Project", "Distinct", "Reduced", "OrderBy", "Extend", "Filter", "Slice"):
        node = node.p
    if node.name == "AggregateJoin":
        names &= {str(name) for name in node.p.expr or () if _is_name(name)}
    return names


def _exists(expression: Any) -> Iterator[Any]:
    """The patterns of EXISTS and NOT EXISTS anywhere in an expression."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(expression, CompValue):
        if expression.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            # rdflib keeps the translated pattern as an attribute, beside the written one among its items.
            yield expression.graph
            return
        expression = list(expression.values())
    if isinstance(expression, list | tuple):
        for part in expression:
            yield from _exists(part)


def _names(triple: _Triple) -> Iterator[str]:
    from rdflib import BNode

    for term in triple:
        if _is_name(term):
            yield f"_:{term}" if isinstance(term, BNode) else str(term)


def _is_name(term: Any) -> bool:
    from rdflib import BNode, Variable

    return isinstance(term, BNode | Variable)


def _path(predicate: Any) -> Path | None:
    """A predicate or path of rdflib's as one of ours; None when it cannot be followed."""
    from rdflib import URIRef, Variable, paths

    if isinstance(predicate, Variable):
        return Step(None)
    if isinstance(predicate, URIRef):
        return Step(f"<{predicate}>")
    if isinstance(predicate, paths.NegatedPath):
        return Step(None) if all(isinstance(arg, URIRef) for arg in predicate.args) else None
    if isinstance(predicate, paths.InvPath):
        part = _path(predicate.arg)
        return Inverse(part) if part else None
    if isinstance(predicate, paths.MulPath):
        part = _path(predicate.path)
        return Repeat(part, 0 if predicate.zero else 1, predicate.more) if part else None
    parts = tuple(part for part in map(_path, predicate.args) if part)
    if len(parts) != len(predicate.args):
        return None
    return Sequence(parts) if isinstance(predicate, paths.SequencePath) else Choice(parts)


def _steps(path: Path) -> Iterator[Step]:
    match path:
        case Step():
            yield path
        case Sequence(parts) | Choice(parts):
            for part in parts:
                yield from _steps(part)
        case Inverse(part) | Repeat(part, _, _):
            yield from _steps(part)


def _predicates(predicate: Any) -> set[str | None]:
    path = _path(predicate)
    return {step.predicate for step in _steps(path)} if path else {None}


def _degrees(path: Path) -> tuple[float, float]:
    """How many nodes a path may lead to from its beginning, and from its end."""
    out = into = 1.0
    for step in _steps(plain(path)):
        most = _MOST if step.predicate == f"<{RDF}type>" else _MANY
        ahead, behind = (most, _FEW) if step.inverse else (_FEW, most)
        out, into = out * ahead, into * behind
    return out, into


def _spelt(triple: _Triple) -> str:
    subject, predicate, value = triple
    path = _path(predicate)
    if isinstance(path, Step) and path.predicate is None:
        path = None
    return f"{subject.n3()} {sparql(path) if path else '?any'} {value.n3()}"
