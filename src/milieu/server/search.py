"""Search: things by their names in any language, whatever the case, the accents or a slip of the finger."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import threading
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from milieu.namespaces import OWL, RDF, SKOS
from milieu.server.addresses import Addresses
from milieu.server.edition import LABELS, Edition
from milieu.server.fault import RequestError
from milieu.server.media import HTML, choose
from milieu.server.parameters import asked, one, whole
from milieu.server.site import Site

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milieu.store.remote import RemoteStore

__all__ = ["MOST", "Hit", "Index", "folded", "search", "slug_words"]

_NAMING = (*LABELS, f"{SKOS}altLabel", f"{SKOS}hiddenLabel", f"{SKOS}notation")
MOST = 200
"""Things that one search gives."""
_FORMATS = {"json": ("application/json",), "html": (HTML,)}
_MOST_NAMES = 1_000_000
_LONGEST = 200
_ALIKE = 0.6
_SOUND_MARKS = "\u3099\u309a"


@dataclass(frozen=True)
class Hit:
    """A thing that was found, and the name it was found by."""

    iri: str
    name: str


class Index:
    """The names of things, folded and cut into threes of letters by SQLite, in memory.

    >>> index = Index([("https://example.org/id/city/kanazawa", "金沢"), ("https://example.org/id/city/graz", "Graz")])
    >>> [hit.iri for hit in index.find("graz")], [hit.name for hit in index.find("金沢")]
    (['https://example.org/id/city/graz'], ['金沢'])
    """

    def __init__(self, names: list[tuple[str, str]]) -> None:
        self._lock = threading.Lock()
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(
            "CREATE VIRTUAL TABLE name USING fts5(folded, iri UNINDEXED, text UNINDEXED, tokenize='trigram')"
        )
        rows = ((folded(text), iri, text) for iri, text in names)
        self._base.executemany("INSERT INTO name (folded, iri, text) VALUES (?, ?, ?)", rows)

    @classmethod
    def of(cls, store: ox.Store, addresses: Addresses) -> Index:
        """The index of what a store names: things, concepts and terms, but no evidence."""
        hidden = {
            quad.subject.value
            for quad in store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{OWL}Axiom"), None)
            if isinstance(quad.subject, ox.NamedNode)
        }
        names = {
            (quad.subject.value, quad.object.value)
            for naming in _NAMING
            for quad in store.quads_for_pattern(None, ox.NamedNode(naming), None, None)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
        }
        slugs = {(iri, slug_words(iri)) for iri, _ in names}
        return cls(sorted((iri, name) for iri, name in names | slugs if iri not in hidden and addresses.page(iri)))

    @classmethod
    def of_engine(cls, store: RemoteStore, addresses: Addresses) -> Index:
        """The same of what a distant engine names, as far as a million names go."""
        naming = " ".join(f"<{name}>" for name in _NAMING)
        rows = store.query(
            f"SELECT ?thing ?name WHERE {{ VALUES ?naming {{ {naming} }} ?thing ?naming ?name "
            f"FILTER(ISIRI(?thing) && ISLITERAL(?name)) "
            f"FILTER NOT EXISTS {{ ?thing <{RDF}type> <{OWL}Axiom> }} }} LIMIT {_MOST_NAMES}"
        )
        names = {(row["thing"].value, row["name"].value) for row in rows}  # type: ignore[union-attr]
        slugs = {(iri, slug_words(iri)) for iri, _ in names}
        return cls(sorted((iri, name) for iri, name in names | slugs if addresses.page(iri)))

    def find(self, text: str, most: int = 20, kind: str | None = None) -> list[Hit]:
        """The things whose names hold the text, the most exact first; when none does, those most like it.

        `kind` keeps only IRIs that begin so.
        """
        wanted = folded(text)[:_LONGEST]
        if not wanted:
            return []
        with self._lock:
            return self._holding(wanted, most, kind) or self._like(wanted, most, kind)

    def close(self) -> None:
        """Give the memory back."""
        self._base.close()

    def _holding(self, wanted: str, most: int, kind: str | None) -> list[Hit]:
        escaped = re.sub(r"([\\%_])", r"\\\1", wanted)
        rows = self._base.execute(
            r"""SELECT iri, text, min(CASE WHEN folded = ?1 THEN 0 WHEN folded LIKE ?2 || '%' ESCAPE '\' THEN 1
                  WHEN folded LIKE '% ' || ?2 || '%' ESCAPE '\' THEN 2 ELSE 3 END) AS rank
                FROM name WHERE folded LIKE '%' || ?2 || '%' ESCAPE '\' AND substr(iri, 1, length(?4)) = ?4
                GROUP BY iri ORDER BY rank, length(text), text, iri LIMIT ?3""",
            (wanted, escaped, most, kind or ""),
        )
        return [Hit(iri, name) for iri, name, _ in rows]

    def _like(self, wanted: str, most: int, kind: str | None) -> list[Hit]:
        threes = list(dict.fromkeys(wanted[place : place + 3] for place in range(len(wanted) - 2)))
        if not threes:
            return []
        query = " OR ".join('"' + three.replace('"', '""') + '"' for three in threes)
        rows = self._base.execute(
            "SELECT iri, text, folded FROM name WHERE name MATCH ?1 AND substr(iri, 1, length(?2)) = ?2 "
            "ORDER BY rank LIMIT 200",
            (query, kind or ""),
        )
        found: dict[str, tuple[float, Hit]] = {}
        for iri, name, text in rows:
            alike = SequenceMatcher(None, wanted, text, autojunk=False).ratio()
            if alike >= _ALIKE and alike > found.get(iri, (0.0,))[0]:
                found[iri] = (alike, Hit(iri, name))
        ranked = sorted(found.values(), key=lambda pair: (-pair[0], pair[1].name, pair[1].iri))
        return [hit for _, hit in ranked[:most]]


def folded(text: str) -> str:
    """A text as it is compared: no case, accents, width or surplus space; katakana as hiragana.

    >>> folded("  ŌSAKA  Zürich "), folded("カナザワ")
    ('osaka zurich', 'かなざわ')
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(mark for mark in parts if not unicodedata.combining(mark) or mark in _SOUND_MARKS)
    joined = unicodedata.normalize("NFC", kept)
    kana = "".join(chr(ord(letter) - 0x60) if "ァ" <= letter <= "ヶ" else letter for letter in joined)
    return " ".join(kana.split())


def slug_words(iri: str) -> str:
    """The end of an IRI as words, by which a thing is found as well.

    >>> slug_words("https://example.org/id/city/new-york")
    'new york'
    """
    return re.split(r"[/#]", iri)[-1].replace("-", " ")


async def search(request: Request) -> Response:
    """What `?q=` finds: JSON, or a page for people. `?kind=city` keeps one kind, `?limit=` says how many at most."""
    site: Site = request.app.state.site
    edition = site.edition
    fields = asked(request, ("q", "kind", "limit", "format"))
    text = one(fields, "q") or ""
    most = whole(fields, "limit", 20, MOST)
    chosen = choose(request.headers.get("accept"), _FORMATS, one(fields, "format"))
    if chosen is None:
        raise RequestError(406, "what is found is not written in that format", remedy="There are json and html.")
    kind = one(fields, "kind")
    under = f"{edition.addresses.base}/id/{kind}/" if kind else None
    hits = await asyncio.to_thread(lambda: edition.index.find(text, most, under))
    await edition.learn(hit.iri for hit in hits)
    if chosen[0] == "html":
        from milieu.server.pages import found_page

        return found_page(request, text, hits)
    store = await asyncio.to_thread(edition.near, [hit.iri for hit in hits])
    content = {"q": text, "results": [_result(edition, store, hit) for hit in hits]}
    return Response(json.dumps(content, ensure_ascii=False), headers={"Vary": "Accept"}, media_type="application/json")


def _result(edition: Edition, store: ox.Store, hit: Hit) -> dict[str, object]:
    types = store.quads_for_pattern(ox.NamedNode(hit.iri), ox.NamedNode(f"{RDF}type"), None, None)
    kinds = sorted({quad.object.value for quad in types if isinstance(quad.object, ox.NamedNode)})
    return {"iri": hit.iri, "name": edition.name(hit.iri) or hit.name, "match": hit.name, "types": kinds}
