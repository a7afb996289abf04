"""The pattern of a query as a small tree, so that an answer can be explained (SPARQL 1.1, section 19.8).

The text is taken apart no further than explanations need: triple patterns with their paths, the groups around them, and
what binds variables. Expressions stay text. Whatever is unknown becomes an `opaque` node that ends with its group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from milieu.sparql.node import Node
from milieu.sparql.pattern import Parser

__all__ = ["Node", "empty_because", "form", "patterns", "variables"]


def form(text: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE. Raises `QueryError` when the text is no query.

    >>> form("PREFIX mil: <https://example.org/#> ask { ?x a mil:City }")
    'ASK'
    """
    return Parser(text).form


def variables(text: str) -> list[str]:
    """The columns of a SELECT query, without `?`; none for the other forms.

    >>> variables("SELECT ?city (COUNT(*) AS ?n) { ?city ?p ?o } GROUP BY ?city")
    ['city', 'n']
    >>> variables("SELECT * { ?city <https://example.org/name> ?name MINUS { ?x ?y ?z } }")
    ['city', 'name']
    """
    parser = Parser(text)
    where = parser.where()
    if parser.form != "SELECT":
        return []
    return where.scope() if parser.projected is None else parser.projected


def patterns(text: str) -> Node:
    """The WHERE clause as a group; a VALUES block after it is its last child, and no WHERE gives an empty group.

    Raises `QueryError` when the text is no query, or its brackets do not match.

    >>> [(node.kind, node.text) for node in patterns("ASK { ?x a <a:b> ; <a:p>/<a:q> ?y FILTER(?y > 1) }").children]
    [('triple', '?x a <a:b>'), ('triple', '?x <a:p>/<a:q> ?y'), ('filter', 'FILTER(?y > 1)')]
    """
    return Parser(text).where()


def empty_because(text: str, ask: Callable[[str], bool]) -> str | None:
    """Why a query has no answer: the first piece of its pattern that leaves nothing, with its line.

    `ask` is given ASK queries, each with one piece more than the one before, filters last in their group. None means
    that the pattern does match and nothing after it takes the rows away.

    >>> print(empty_because("ASK { ?x a ?y }", lambda query: False))
    line 1: no statement matches `?x a ?y`
    """
    parser = Parser(text)
    where = parser.where()
    prologue = text[: parser.tokens[parser.begin].start]

    def holds(body: str) -> bool:
        return ask(f"{prologue}ASK {{ {body} }}")

    stages = list(_stages(where))
    if stages and not holds(stages[-1][1]):
        for node, body, alone in stages:
            if not holds(body):
                return _blame(node, node.kind != "triple" or holds(alone))
    for token in parser.tokens[parser.end :]:
        if token.upper in ("HAVING", "OFFSET", "LIMIT"):
            return f"line {token.line}: the pattern matches, but {token.upper} leaves no row"
    return None


def _stages(group: Node) -> Iterator[tuple[Node, str, str]]:
    """Each piece of a group that can leave nothing, with the pattern up to it, and by itself."""
    before = ""
    # A filter holds for its whole group wherever it stands (section 5.2.2).
    for node in sorted(group.children, key=lambda child: child.kind == "filter"):
        piece = f"{node.text} ." if node.kind == "triple" else node.text
        if node.kind in ("group", "graph"):
            opening = f"GRAPH {node.name} {{" if node.kind == "graph" else "{"
            for inner, body, alone in _stages(node):
                yield inner, f"{before} {opening} {body} }}", f"{opening} {alone} }}"
        elif node.kind not in ("optional", "bind"):
            yield node, f"{before} {piece}", piece
        before = f"{before} {piece}"


def _blame(node: Node, alone: bool) -> str:
    if node.kind == "triple":
        text = " ".join("[]" if term.startswith("_:anon") else term for term in node.terms)
        if not alone:
            return f"line {node.line}: no statement matches `{text}`"
        return f"line {node.line}: `{text}` matches nothing together with what is asked before it"
    words = {"subselect": "the inner SELECT", "opaque": "this part of the pattern", "group": "the group"}
    return f"line {node.line}: {words.get(node.kind, node.kind.upper())} leaves nothing"
