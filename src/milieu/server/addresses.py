"""Addresses: which local path stands for which IRI, so that a deployment only needs a redirect from the real ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

__all__ = ["Addresses"]

_KIND = re.compile(r"(?P<base>https?://[^?#]+?)/id/(?P<kind>[^/?#]+)/\Z")
_SAFE = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Addresses:
    """The base that the IRIs of a folder share, and the IRI of its ontology.

    >>> addresses = Addresses("https://example.org/atlas", "https://example.org/atlas/ontology")
    >>> addresses.iri("/id/city/kanazawa")
    'https://example.org/atlas/id/city/kanazawa'
    >>> addresses.path("https://example.org/atlas/ontology#City")
    '/ontology#City'
    """

    base: str
    ontology: str

    @classmethod
    def of(cls, prefixes: Mapping[str, str], ontology: str) -> Addresses:
        """The addresses of a folder: its things are at BASE/id/KIND/SLUG, as its prefixes tell.

        A folder without such prefixes has the place of its ontology as base.
        """
        bases = Counter(found["base"] for space in prefixes.values() if (found := _KIND.match(space)))
        # The base under which most kinds are; the shorter of two with as many.
        ranked = sorted(bases, key=lambda base: (-bases[base], len(base), base))
        return cls(ranked[0] if ranked else ontology.rstrip("#/").rpartition("/")[0], ontology.rstrip("#"))

    def iri(self, path: str) -> str:
        """The IRI that a local path stands for; the path as it came, with its escapes."""
        return f"{self.base}{unquote(path)}"

    def path(self, iri: str) -> str | None:
        """The local path that stands for an IRI, or None when it belongs to others."""
        if not iri.startswith(f"{self.base}/"):
            return None
        where, mark, fragment = iri[len(self.base) :].partition("#")
        return quote(where, safe=_SAFE) + (f"#{quote(fragment, safe=_SAFE)}" if mark else "")

    def page(self, iri: str) -> str | None:
        """The local address of the page about an IRI: `/doc/…` for a thing, the place in the ontology for a term."""
        if iri.startswith((f"{self.ontology}#", f"{self.ontology}/")) or iri == self.ontology:
            return "/ontology" + quote(iri[len(self.ontology) :], safe=f"{_SAFE}#")
        path = self.path(iri)
        if path is None:
            return None
        if path.startswith("/id/") and "#" not in path:
            return f"/doc/{path[4:]}"
        return f"/about?iri={quote(iri, safe='')}"
