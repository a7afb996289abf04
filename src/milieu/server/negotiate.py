"""Content negotiation: which of some media types an Accept header likes best (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["joined", "negotiate"]

Lines = list[tuple[bytes, bytes]]
_LISTS = frozenset({b"accept", b"accept-language", b"accept-encoding", b"if-match", b"if-none-match"})


def joined(lines: Lines) -> Lines:
    """Header lines with those of one list as one line (RFC 9110, section 5.3); other repeated ones stay as they are.

    >>> joined([(b"accept", b"text/csv;q=0.1"), (b"host", b"localhost"), (b"accept", b"text/html")])
    [(b'accept', b'text/csv;q=0.1, text/html'), (b'host', b'localhost')]
    """
    found: Lines = []
    places: dict[bytes, int] = {}
    for name, value in lines:
        if name in places:
            place = places[name]
            found[place] = (name, found[place][1] + b", " + value)
            continue
        if name in _LISTS:
            places[name] = len(found)
        found.append((name, value))
    return found


def negotiate(accept: str | None, offers: Iterable[str]) -> str | None:
    """The best of the offers, or None when the header wants none of them.

    The quality that the header gives decides, then how exactly it names the type, then the order of the offers.
    Parameters other than `q` (`version=1.2`, `charset=utf-8`) are tolerated. A header that is missing or cannot be
    read wants anything.

    >>> negotiate("text/turtle;q=0.5, application/ld+json", ["text/turtle", "application/ld+json"])
    'application/ld+json'
    >>> negotiate("text/*, application/json;q=0.1", ["application/json", "text/csv"])
    'text/csv'
    >>> negotiate("image/png", ["text/csv"]) is None
    True
    """
    ranges = [each for part in _split(accept or "", ",") if (each := _range(part))]
    if not ranges:
        return next(iter(offers), None)
    best: tuple[float, int] = (0.0, 0)
    chosen = None
    for offer in offers:
        liked = _liking(offer, ranges)
        if liked[0] > 0 and liked > best:
            best, chosen = liked, offer
    return chosen


def _liking(offer: str, ranges: list[tuple[str, str, float]]) -> tuple[float, int]:
    """The quality of an offer and how exactly it is named; the most exact range that fits decides."""
    main, _, sub = offer.partition("/")
    found = (0.0, -1)
    for wanted_main, wanted_sub, quality in ranges:
        exactness = (wanted_main != "*") + (wanted_sub != "*")
        fits = wanted_main in ("*", main) and wanted_sub in ("*", sub)
        if fits and (exactness, quality) > (found[1], found[0]):
            found = (quality, exactness)
    return found


def _range(part: str) -> tuple[str, str, float] | None:
    name, *parameters = (piece.strip() for piece in _split(part, ";"))
    main, slash, sub = name.lower().partition("/")
    if main == "*" and not slash:
        sub = "*"  # Java's URL connection sends a bare star
    if not main or not sub:
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return main, sub, quality if quality == quality else 0.0


def _split(text: str, mark: str) -> list[str]:
    """The parts between marks that stand outside quotes."""
    if '"' not in text:
        return text.split(mark)
    parts, quoted = [""], False
    for letter in text:
        quoted ^= letter == '"'
        if letter == mark and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
