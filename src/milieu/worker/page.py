"""A page of a query's rows: the same query, with an offset and a limit."""

from __future__ import annotations

from milieu.sparql.pattern import Parser

__all__ = ["page_of"]


def page_of(text: str, offset: int, limit: int) -> str:
    r"""The query for `limit` rows from `offset` on; a query that is no SELECT is left as it is.

    A query with a LIMIT, OFFSET or VALUES of its own becomes the inner one of two.

    >>> page_of("SELECT ?s { ?s ?p ?o } ORDER BY ?s", 20, 10)
    'SELECT ?s { ?s ?p ?o } ORDER BY ?s\nOFFSET 20 LIMIT 10'
    >>> page_of("PREFIX a: <b:> SELECT ?s { ?s ?p ?o } LIMIT 50", 20, 10)
    'PREFIX a: <b:> SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 50\n} }\nOFFSET 20 LIMIT 10'
    """
    parser = Parser(text)
    if parser.form != "SELECT":
        return text
    parser.where()
    cut = f"\nOFFSET {offset} LIMIT {limit}"
    if not any(token.upper in ("LIMIT", "OFFSET", "VALUES") for token in parser.tokens[parser.end :]):
        return text + cut
    begin = parser.tokens[parser.begin].start
    return f"{text[:begin]}SELECT * {{ {{ {text[begin:]}\n}} }}{cut}"
