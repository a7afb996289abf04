"""The one layout of a Turtle file, so that a difference between two versions shows only what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.errors import FormatError
from milieu.turtle.attempt import attempt
from milieu.turtle.comments import Comments, comments_of
from milieu.turtle.evidence import mint_evidence
from milieu.turtle.layout import COMMENT, Layout
from milieu.turtle.locate import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from milieu.namespaces import Prefixes

__all__ = ["format_quads", "format_turtle"]


def format_turtle(text: str, prefixes: Prefixes, *, all_prefixes: bool = False) -> str:
    """The text in the one layout: what it states is kept, lexical forms included, and so is every comment.

    The comments at its head stay there; another one stands above the subject that it stood above, in or behind.
    Only the prefixes that are used are declared, unless `all_prefixes` asks for the whole table, as the header needs.
    Blank evidence gets names (see `mint_evidence`). The same triples always give the same text, and formatting a
    formatted text changes nothing. Raises `FormatError`, with the place, when the text is not valid Turtle.

    >>> from milieu.namespaces import Prefixes
    >>> print(format_turtle("@prefix c: <http://c/>. c:kyoto c:near c:osaka,c:nara.", Prefixes({"c": "http://c/"})))
    @prefix c: <http://c/> .
    <BLANKLINE>
    c:kyoto
        c:near c:nara, c:osaka .
    <BLANKLINE>
    """
    text = text.removeprefix("\ufeff")
    read = attempt(text, ox.RdfFormat.TURTLE)
    if read.errors:
        error = read.errors[0]
        raise FormatError(
            f"the text is not valid Turtle: {str(error.args[0]).partition(': ')[2]}",
            place=f"line {error.lineno}, column {error.offset}",
            remedy="Validate it first; only what can be read can be formatted.",
        )
    if any(isinstance(quad.object, ox.Triple) for quad in read.quads):
        raise FormatError(
            "the text has triple terms or annotations of RDF 1.2", remedy="Write each as a node of its own."
        )
    if "#" not in text:
        return _written(read.quads, prefixes, Comments(), all_prefixes=all_prefixes)
    locator = locate(text, "", read.quads)
    comments = comments_of(text, locator.reading)
    names = {number: node for node, number in locator.numbers.items()}
    notes = [
        ox.Quad(names.get(subject, subject), COMMENT, ox.Literal("\n".join(lines)))  # type: ignore[arg-type]
        for subject, lines in comments.of.items()
    ]
    return _written([*read.quads, *notes], prefixes, comments, all_prefixes=all_prefixes)


def format_quads(quads: Iterable[ox.Quad], prefixes: Prefixes) -> str:
    r"""Quads as Turtle in the one layout; their graphs do not matter.

    >>> from milieu.namespaces import Prefixes
    >>> kyoto = ox.Quad(ox.NamedNode("http://c/kyoto"), ox.NamedNode("http://c/since"), ox.Literal("794"))
    >>> format_quads([kyoto], Prefixes({}))
    '<http://c/kyoto>\n    <http://c/since> "794" .\n'
    """
    return _written(quads, prefixes, Comments(), all_prefixes=False)


def _written(quads: Iterable[ox.Quad], prefixes: Prefixes, comments: Comments, *, all_prefixes: bool) -> str:
    layout = Layout(mint_evidence(quads, prefixes), prefixes)
    blocks = layout.blocks()
    used = sorted(prefixes if all_prefixes else layout.spelling.used)
    declarations = [f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in used]
    parts = [_paragraph(comments.head), "".join(declarations), *blocks, _paragraph(comments.tail)]
    return "\n".join(part for part in parts if part)


def _paragraph(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
