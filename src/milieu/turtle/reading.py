"""A tolerant walk through a Turtle, TriG, N-Triples or N-Quads text that notes where each triple is written.

One method per state; each takes a token and returns the state for the next. The states and the order in which triples
appear follow the grammar (Turtle, section 6.5; TriG, section 4) as pyoxigraph reads it, so that both yield the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pyoxigraph as ox

from milieu.namespaces import RDF, XSD
from milieu.turtle.tokens import Kind, pattern, quotes, unescape

__all__ = ["Reading", "Record", "Term"]

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | int
"""A term as pyoxigraph's, but a blank node is a number."""
Record: TypeAlias = tuple[Term, Term, Term, int, int, int, int, int, int, int]
"""Subject, predicate, object; their starts and ends in turn, an end of -1 being that of a bracket; the statement."""

_State: TypeAlias = Callable[[int, int, int], "_State"]
_Placed: TypeAlias = tuple[Term, int, int]

_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("type", "first", "rest", "nil"))
_INTEGER, _DECIMAL, _DOUBLE, _BOOLEAN = (
    ox.NamedNode(XSD + name) for name in ("integer", "decimal", "double", "boolean")
)
_NOWHERE: _Placed = (_NIL, 0, 0)

# Plain numbers: an attribute look-up and a comparison of enums, for every token, would double the time.
_NAME, _MARK, _STRING, _IRI, _AT, _CARETS, _NUMBER, _WORD, _NODE, _RDF12, _BRACE = map(int, list(Kind)[:11])
_IRIS = (_NAME, _IRI)
_NODES = (_NAME, _IRI, _NODE)


class Reading:
    """What a text states: `records` of triples with their spans; where brackets and statements end; labels' numbers."""

    def __init__(
        self, text: str, base: str | None = None, prefixes: Mapping[str, str] | None = None, *, lines: bool = False
    ) -> None:
        self.records: list[Record] = []
        self.closes: dict[int, int] = {}
        self.statements: dict[int, int] = {}
        self.labels: dict[str, int] = {}
        self._text = text
        self._base = base
        # In N-Triples and N-Quads a statement is a line and may end with the name of a graph.
        self._by_line = lines
        self._prefixes = dict(prefixes or {})
        self._named: dict[str, ox.NamedNode | None] = {}
        self._count = 0
        self._begun = 0
        self._last = 0
        self._subject = _NOWHERE
        self._verb = _NOWHERE
        self._string = ("", 0, 0)
        self._bracket = 0
        self._declared: str | None = None
        self._directive_dot = False
        self._wrong = 0
        # What encloses the current subject: the closing mark, whether it stands as an object, and what to return to.
        self._frames: list[tuple[str, bool, _Placed, _Placed, Term]] = []
        self._run()

    def _run(self) -> None:
        state: _State = self._statement
        records = self.records
        known = 0
        for match in pattern().finditer(self._text, 1 if self._text.startswith("\ufeff") else 0):
            kind = match.lastindex
            if kind is None:
                break
            if len(records) - known > 1:
                # pyoxigraph hands out the triples that one token completes last first.
                records[known:] = records[: known - 1 if known else None : -1]
            known = len(records)
            start, end = match.span(kind)
            state = state(kind, start, end)
            self._last = end
        if state == self._suffix:
            self._suffix(0, self._last, self._last)
        if len(records) - known > 1:
            records[known:] = records[: known - 1 if known else None : -1]

    # Statements and directives

    def _statement(self, kind: int, start: int, end: int) -> _State:
        self._begun = start
        if kind in _NODES:
            return self._subject_is(self._term(kind, start, end), start, end)
        if kind == _MARK:
            mark = self._text[start]
            if mark == "[":
                self._bracket = start
                return self._subject_bracket
            if mark == "(":
                self._bracket = start
                return self._subject_list
            return self._error(start)
        if kind == _BRACE:
            return self._statement
        if kind in (_AT, _WORD):
            word = self._text[start:end].lower()
            if word in ("@prefix", "prefix"):
                self._directive_dot = word[0] == "@"
                return self._prefix_name
            if word in ("@base", "base"):
                self._directive_dot = word[0] == "@"
                self._declared = None
                return self._namespace
            if word == "graph":
                return self._graph_name
        return self._error(start)

    def _prefix_name(self, kind: int, start: int, end: int) -> _State:
        if kind != _NAME or self._text[end - 1] != ":":
            return self._error(start)
        self._declared = self._text[start : end - 1]
        return self._namespace

    def _namespace(self, kind: int, start: int, end: int) -> _State:
        node = self._term(kind, start, end) if kind == _IRI else None
        if not isinstance(node, ox.NamedNode):
            return self._error(start)
        if self._declared is None:
            self._base = node.value
        else:
            self._prefixes[self._declared] = node.value
        self._named.clear()
        return self._dot if self._directive_dot else self._statement

    def _graph_name(self, kind: int, _start: int, _end: int) -> _State:
        return self._graph_name if kind == _MARK else self._statement

    def _dot(self, kind: int, start: int, end: int) -> _State:
        if kind == _MARK and self._text[start] == ".":
            return self._finish(end)
        return self._statement(kind, start, end)

    def _finish(self, end: int) -> _State:
        self.statements[self._begun] = end
        self._frames.clear()
        return self._statement

    def _error(self, at: int) -> _State:
        self._frames.clear()
        self._wrong = at
        return self._skip

    def _skip(self, kind: int, start: int, end: int) -> _State:
        if kind == _MARK and self._text[start] == ".":
            return self._finish(end)
        if self._by_line and "\n" in self._text[self._wrong : start]:
            self._finish(self._last)
            return self._statement(kind, start, end)
        return self._skip

    # Subjects

    def _subject_is(self, term: Term | None, start: int, end: int) -> _State:
        if term is None:
            return self._error(start)
        self._subject = (term, start, end)
        return self._predicate

    def _subject_bracket(self, kind: int, start: int, end: int) -> _State:
        self._subject = (self._new(), self._bracket, -1)
        if kind == _MARK and self._text[start] == "]":
            self.closes[self._bracket] = end
            return self._predicate
        self._frames.append(("]", False, self._subject, _NOWHERE, _NIL))
        return self._predicate(kind, start, end)

    def _after_subject_bracket(self, kind: int, start: int, end: int) -> _State:
        if (kind == _MARK and self._text[start] == ".") or kind == _BRACE:
            return self._after(kind, start, end)
        return self._predicate(kind, start, end)

    def _subject_list(self, kind: int, start: int, end: int) -> _State:
        if kind == _MARK and self._text[start] == ")":
            self.closes[self._bracket] = end
            return self._subject_is(_NIL, self._bracket, end)
        root: _Placed = (self._new(), self._bracket, -1)
        self._frames.append((")", False, root, _NOWHERE, root[0]))
        self._subject = root
        return self._item(kind, start, end)

    # Predicates

    def _predicate(self, kind: int, start: int, end: int) -> _State:
        if kind in _IRIS:
            term = self._term(kind, start, end)
        elif kind == _WORD and self._text[start:end] == "a":
            term = _TYPE
        elif kind == _BRACE and self._text[start] == "{" and not self._frames:
            return self._statement
        else:
            term = None
        if term is None:
            return self._error(start)
        self._verb = (term, start, end)
        return self._object

    def _semicolon(self, kind: int, start: int, end: int) -> _State:
        if kind == _BRACE:
            return self._after(kind, start, end)
        if kind == _MARK:
            if self._text[start] == ";":
                return self._semicolon
            if self._text[start] in ".]":
                return self._after(kind, start, end)
        return self._predicate(kind, start, end)

    # Objects

    def _object(self, kind: int, start: int, end: int) -> _State:
        if kind in _NODES:
            term = self._term(kind, start, end)
            if term is None:
                return self._error(start)
            self._emit(term, start, end)
            return self._after
        if kind == _STRING:
            inside = quotes(self._text[start:end])
            self._string = (unescape(self._text[start + inside : end - inside]), start, end)
            return self._suffix
        if kind == _NUMBER:
            number = self._text[start:end]
            kind_of = _DOUBLE if "e" in number or "E" in number else _DECIMAL if "." in number else _INTEGER
            self._emit(ox.Literal(number, datatype=kind_of), start, end)
            return self._after
        if kind == _MARK:
            self._bracket = start
            if self._text[start] == "[":
                return self._object_bracket
            if self._text[start] == "(":
                return self._object_list
        if kind == _WORD and self._text[start:end] in ("true", "false"):
            self._emit(ox.Literal(self._text[start:end], datatype=_BOOLEAN), start, end)
            return self._after
        return self._error(start)

    def _suffix(self, kind: int, start: int, end: int) -> _State:
        if kind == _CARETS:
            return self._datatype
        value, begun, ended = self._string
        if kind == _AT:
            try:
                language, _, direction = self._text[start + 1 : end].lower().partition("--")
                towards = ox.BaseDirection(direction) if direction else None
                literal = ox.Literal(value, language=language, direction=towards)
            except ValueError:
                return self._error(start)
            self._emit(literal, begun, end)
            return self._after
        self._emit(ox.Literal(value), begun, ended)
        return self._after(kind, start, end)

    def _datatype(self, kind: int, start: int, end: int) -> _State:
        term = self._term(kind, start, end) if kind in _IRIS else None
        if not isinstance(term, ox.NamedNode):
            return self._error(start)
        value, begun, _ = self._string
        try:
            literal = ox.Literal(value, datatype=term)
        except ValueError:
            return self._error(start)
        self._emit(literal, begun, end)
        return self._after

    def _object_bracket(self, kind: int, start: int, end: int) -> _State:
        opened = self._bracket
        node = self._new()
        if kind == _MARK and self._text[start] == "]":
            self.closes[opened] = end
            self._emit(node, opened, end)
            return self._after
        self._frames.append(("]", True, self._subject, self._verb, node))
        self._subject = (node, opened, -1)
        return self._predicate(kind, start, end)

    def _object_list(self, kind: int, start: int, end: int) -> _State:
        opened = self._bracket
        if kind == _MARK and self._text[start] == ")":
            self.closes[opened] = end
            self._emit(_NIL, opened, end)
            return self._after
        root = self._new()
        self._emit(root, opened, -1)
        self._frames.append((")", True, self._subject, self._verb, opened))
        self._subject = (root, opened, -1)
        return self._item(kind, start, end)

    def _item(self, kind: int, start: int, end: int) -> _State:
        self._verb = (_FIRST, start, end)
        return self._object(kind, start, end)

    # After an object

    def _after(self, kind: int, start: int, end: int) -> _State:
        mark = self._text[start:end] if kind in (_MARK, _BRACE) else ""
        if self._frames:
            closer = self._frames[-1][0]
            if closer == ")":
                return self._next_item(kind, start, end)
            if mark == "]":
                return self._close_bracket(end)
            if mark == ".":
                return self._error(start)
        elif mark in (".", "}"):
            return self._finish(end)
        if mark == ";":
            return self._semicolon
        if mark == ",":
            return self._object
        if self._by_line and kind in (_IRI, _NODE):
            return self._dot
        if kind in (_RDF12, _BRACE) or self._frames:
            return self._error(start)
        # The dot is missing: what follows begins a statement.
        self._finish(self._last)
        return self._statement(kind, start, end)

    def _close_bracket(self, end: int) -> _State:
        _, as_object, subject, verb, node = self._frames.pop()
        opened = self._subject[1]
        self.closes[opened] = end
        self._subject, self._verb = subject, verb
        if not as_object:
            return self._after_subject_bracket
        self._emit(node, opened, end)
        return self._after

    def _next_item(self, kind: int, start: int, end: int) -> _State:
        if kind == _MARK and self._text[start] == ")":
            self._verb = (_REST, start, end)
            self._emit(_NIL, start, end)
            _, as_object, subject, verb, opened = self._frames.pop()
            if as_object:
                self.closes[opened if isinstance(opened, int) else 0] = end
                self._subject, self._verb = subject, verb
                return self._after
            self.closes[subject[1]] = end
            self._subject = subject
            return self._predicate
        node = self._new()
        span = (start, -1) if kind == _MARK else (start, end)
        self._verb = (_REST, *span)
        self._emit(node, *span)
        self._subject = (node, *span)
        return self._item(kind, start, end)

    # Terms

    def _emit(self, term: Term, start: int, end: int) -> None:
        subject, s, s_end = self._subject
        verb, p, p_end = self._verb
        self.records.append((subject, verb, term, s, s_end, p, p_end, start, end, self._begun))

    def _new(self) -> int:
        self._count += 1
        return self._count

    def _term(self, kind: int, start: int, end: int) -> Term | None:
        token = self._text[start:end]
        if kind == _NODE:
            if token not in self.labels:
                self.labels[token] = self._new()
            return self.labels[token]
        if token not in self._named:
            self._named[token] = self._name(token) if kind == _NAME else self._iri(token[1:-1])
        return self._named[token]

    def _name(self, token: str) -> ox.NamedNode | None:
        prefix, _, local = token.partition(":")
        if prefix not in self._prefixes:
            return None
        try:
            return ox.NamedNode(self._prefixes[prefix] + unescape(local))
        except ValueError:
            return None

    def _iri(self, iri: str) -> ox.NamedNode | None:
        if self._base is None:
            try:
                return ox.NamedNode(unescape(iri))
            except ValueError:
                return None
        # pyoxigraph itself resolves against the base (RFC 3986, section 5): the same IRI by the same rules.
        line = f"<{iri}> <x:> <x:> ."
        try:
            subject = next(ox.parse(line, format=ox.RdfFormat.TURTLE, base_iri=self._base)).subject
        except SyntaxError:
            return None
        return subject if isinstance(subject, ox.NamedNode) else None
