"""The parser that takes the pattern of a query apart, as far as `milieu.sparql.algebra` needs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from milieu.errors import QueryError
from milieu.namespaces import RDF
from milieu.sparql.node import Node
from milieu.sparql.tokens import Token, place, settled_tokens

__all__ = ["Parser", "prologue_end"]

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_DECLARATIONS = {"BASE": 2, "PREFIX": 3, "VERSION": 2}  # with their numbers of tokens
_MODIFIERS = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")


class _SurpriseError(Exception):
    """Something that the parser does not take apart."""


class Parser:
    """A recursive descent over the tokens of one query.

    `form` is its form, `begin` the index of that word, `projected` the columns of a SELECT (None for `*`) and `end` the
    index of the token after the WHERE clause; the last two are known once `where` was called.

    Raises `QueryError` when the text is no query.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = settled_tokens(text)
        self.index = 0
        self.fresh = 0
        self.label = "_:anon"
        while self.label in text:
            self.label += "x"
        self.index = prologue_end(self.tokens)
        if self._upper not in _FORMS:
            token = self._token
            raise QueryError(
                f"{token.text!r} begins no query" if token else "there is no query",
                place=place(token) if token else None,
                remedy="Begin with SELECT, ASK, CONSTRUCT or DESCRIBE.",
            )
        self.begin = self.index
        self.form = self._upper
        self.end = len(self.tokens)
        self.projected: list[str] | None = None

    @property
    def _token(self) -> Token | None:
        return self.tokens[self.index] if self.index < len(self.tokens) else None

    @property
    def _upper(self) -> str:
        return self.tokens[self.index].upper if self.index < len(self.tokens) else ""

    @property
    def _kind(self) -> str:
        return self.tokens[self.index].kind if self.index < len(self.tokens) else ""

    def _take(self, *expected: str) -> Token:
        """The token here, which must be one of these when any are named."""
        token = self._token
        if token is None or (expected and token.upper not in expected):
            raise _SurpriseError
        self.index += 1
        return token

    def _node(
        self,
        kind: str,
        begin: int,
        children: tuple[Node, ...] = (),
        *,
        terms: tuple[str, ...] = (),
        name: str = "",
        variables: Iterable[str] = (),
        weight: int = 0,
    ) -> Node:
        """A node from the token at `begin` to the last one taken."""
        first, last = self.tokens[begin], self.tokens[max(begin, self.index - 1)]
        text = " ".join(terms) or self.text[first.start : last.end]
        bound = tuple(dict.fromkeys(variables))
        return Node(kind, text, first.start, last.end, first.line, first.column, children, terms, name, bound, weight)

    # Query forms (rules 2 to 12).

    def where(self) -> Node:
        """The WHERE clause as a group. Raises `QueryError` when its brackets do not match."""
        self.index = self.begin
        try:
            return self._query()
        except (_SurpriseError, RecursionError):
            token = self._token or self.tokens[-1]
            raise QueryError(
                f"the query cannot be taken apart at {token.text!r}", place=place(token), remedy="Check its brackets."
            ) from None

    def _query(self) -> Node:
        head = self._take().upper
        if head == "SELECT":
            self.projected = self._projection()
        elif head == "CONSTRUCT" and self._upper == "{":
            self._skip("{", "}")
        while self._token and self._upper not in ("{", *_MODIFIERS):
            self.index += 1
        begin = min(self.index, len(self.tokens) - 1)
        where = self._group() if self._upper == "{" else self._node("group", begin)
        self.end = self.index
        trailing = self._trailing()
        if trailing is None:
            return where
        return self._node("group", begin, (*where.children, trailing))

    def _trailing(self) -> Node | None:
        """The VALUES block among the modifiers; what ends them is not taken."""
        found = None
        while self._token and self._upper != "}":
            if self._upper == "VALUES":
                found = self._values()
            elif self._upper == "(":
                self._skip("(", ")")
            else:
                self.index += 1
        return found

    def _projection(self) -> list[str] | None:
        """The variables after SELECT, or None for `*`."""
        names: list[str] = []
        star = False
        while self._upper not in ("{", "WHERE", "FROM"):
            if self._upper == "(":
                self._expression()
                names.append(self.tokens[self.index - 2].text[1:])
                continue
            token = self._take()
            star = star or token.upper == "*"
            if token.kind == "variable":
                names.append(token.text[1:])
        return None if star else names

    def _subselect(self) -> Node:
        begin = self.index
        self._take("SELECT")
        names = self._projection()
        while self._upper != "{":
            self._take()
        where = self._group()
        trailing = self._trailing()
        children = (where, trailing) if trailing else (where,)
        scope = [name for child in children for name in child.scope()]
        return self._node("subselect", begin, children, variables=scope if names is None else names)

    # Groups (rules 53 to 68).

    def _group(self) -> Node:
        begin = self.index
        self._take("{")
        children: list[Node] = []
        if self._upper == "SELECT":
            children.append(self._subselect())
        while self._upper != "}":
            if self._token is None:
                raise _SurpriseError
            start = self.index
            try:
                if self._upper == ".":
                    self.index += 1
                else:
                    children += self._element()
            except _SurpriseError:
                self.index = start
                children.append(self._opaque())
        self._take("}")
        return self._node("group", begin, tuple(children))

    def _opaque(self) -> Node:
        begin = self.index
        while self._upper != "}":
            if self._upper == "{":
                self._skip("{", "}")
            else:
                self._take()
        weight = sum(token.kind not in ("punct", "word") for token in self.tokens[begin : self.index])
        return self._node("opaque", begin, weight=weight)

    def _element(self) -> list[Node]:
        begin, word = self.index, self._upper
        if word in ("OPTIONAL", "MINUS"):
            self._take()
            return [self._node(word.lower(), begin, self._group().children)]
        if word in ("GRAPH", "SERVICE"):
            self._take()
            if self._upper == "SILENT":
                self._take()
            name = self._term("iri", "pname", "variable")
            return [self._node(word.lower(), begin, self._group().children, name=name, variables=_names(name))]
        if word == "FILTER":
            self._take()
            return [self._node("filter", begin, self._constraint())]
        if word == "BIND":
            self._take()
            inside = self._expression()
            return [self._node("bind", begin, inside, variables=(self.tokens[self.index - 2].text[1:],))]
        if word == "VALUES":
            return [self._values()]
        if word == "{":
            groups = [self._group()]
            while self._upper == "UNION":
                self._take()
                groups.append(self._group())
            return groups if len(groups) == 1 else [self._node("union", begin, tuple(groups))]
        return self._same_subject()

    def _constraint(self) -> tuple[Node, ...]:
        while self._upper not in ("(", "{"):
            if self._kind not in ("word", "iri", "pname"):
                raise _SurpriseError
            self._take()
        return (self._group(),) if self._upper == "{" else self._expression()

    def _expression(self) -> tuple[Node, ...]:
        """Past a bracketed expression; the groups of the EXISTS in it."""
        groups: list[Node] = []
        depth = 0
        while True:
            if self._upper == "{":
                groups.append(self._group())
                continue
            token = self._take()
            depth += (token.upper == "(") - (token.upper == ")")
            if depth == 0:
                return tuple(groups)

    def _values(self) -> Node:
        begin = self.index
        self._take("VALUES")
        names = []
        while self._upper != "{":
            token = self._take()
            if token.kind == "variable":
                names.append(token.text[1:])
        self._skip("{", "}")
        return self._node("values", begin, variables=names)

    def _skip(self, opening: str, closing: str) -> None:
        depth = 0
        while True:
            token = self._take()
            depth += (token.upper == opening) - (token.upper == closing)
            if depth == 0:
                return

    # Triples (rules 75 to 111).

    def _same_subject(self) -> list[Node]:
        found: list[Node] = []
        begin = self.index
        bracketed = self._upper in ("(", "[")
        subject = self._graph_node(found)
        if not (bracketed and self._ended):
            self._property_list(subject, begin, found)
        return found

    @property
    def _ended(self) -> bool:
        """Whether no verb can follow here."""
        token = self._token
        return token is None or token.upper in (".", "}", "]", "{") or (token.kind == "word" and token.text != "a")

    def _property_list(self, subject: str, begin: int, found: list[Node]) -> None:
        while True:
            verb, steps = self._verb()
            while True:
                value = self._graph_node(found)
                terms = (subject, verb, value)
                bound = [name for term in terms for name in _names(term)]
                found.append(self._node("triple", begin, terms=terms, variables=bound, weight=steps))
                if self._upper != ",":
                    break
                self._take(",")
                begin = self.index
            if self._upper != ";":
                return
            while self._upper == ";":
                self._take(";")
            begin = self.index
            if self._ended:
                return

    def _term(self, *kinds: str) -> str:
        if self._kind not in kinds:
            raise _SurpriseError
        return self._take().text

    def _graph_node(self, found: list[Node]) -> str:
        """A term; the triples of what `[…]` and `(…)` stand for are added to those found."""
        begin = self.index
        if self._upper == "[":
            self._take("[")
            subject = self._blank()
            if self._upper != "]":
                self._property_list(subject, self.index, found)
            self._take("]")
            return subject
        if self._upper == "(":
            self._take("(")
            return self._collection(begin, found)
        if self._upper in ("+", "-"):
            return self._take().text + self._term("number")
        if self._kind == "word":
            return self._take("TRUE", "FALSE").text
        text = self._term("iri", "pname", "variable", "bnode", "string", "number")
        if self.tokens[begin].kind == "string":
            if self._kind == "language":
                return text + self._take().text
            if self._upper == "^^":
                return text + self._take().text + self._term("iri", "pname")
        return text

    def _collection(self, begin: int, found: list[Node]) -> str:
        head = before = ""
        while self._upper != ")":
            value = self._graph_node(found)
            here = self._blank()
            for terms in [(before, f"<{RDF}rest>", here)] * bool(before) + [(here, f"<{RDF}first>", value)]:
                found.append(self._node("triple", begin, terms=terms, variables=_names(terms[2]), weight=1))
            head, before = head or here, here
        self._take(")")
        nil = f"<{RDF}nil>"
        if before:
            found.append(self._node("triple", begin, terms=(before, f"<{RDF}rest>", nil), weight=1))
        return head or nil

    def _blank(self) -> str:
        self.fresh += 1
        return f"{self.label}{self.fresh}"

    # Paths (rules 88 to 96).

    def _verb(self) -> tuple[str, int]:
        """The predicate or path here, and its number of steps."""
        if self._kind == "variable":
            return self._take().text, 1
        begin = self.index
        steps = self._path()
        return "".join(token.text for token in self.tokens[begin : self.index]), steps

    def _path(self) -> int:
        steps = 0
        while True:
            while self._upper in ("^", "!"):
                self._take()
            if self._upper == "(":
                self._take()
                steps += 0 if self._upper == ")" else self._path()
                self._take(")")
            elif self._token is not None and self._token.text == "a":
                self._take()
                steps += 1
            else:
                self._term("iri", "pname")
                steps += 1
            while self._upper in ("*", "+", "?"):
                self._take()
            if self._upper not in ("/", "|"):
                return steps
            self._take()


def _names(term: str) -> tuple[str, ...]:
    return (term[1:],) if term[0] in "?$" else ()


def prologue_end(found: Sequence[Token]) -> int:
    """How many of a query's tokens are its BASE, PREFIX and VERSION declarations (SPARQL 1.2 Query, rules 4 to 8).

    >>> from milieu.sparql.tokens import tokens
    >>> prologue_end(tokens('VERSION "1.2" PREFIX a: <b:> ASK {}'))
    5
    """
    index = 0
    while index < len(found) and (length := _DECLARATIONS.get(found[index].upper)):
        index += length
    return min(index, len(found))
