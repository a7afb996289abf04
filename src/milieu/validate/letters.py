"""Letters that look like others: names that mix alphabets, or are written in letters of another width.

A Cyrillic `а` in `city:kanazawa` makes it another name, which no reader can tell from the first. In the spirit of
Unicode's technical standard 39 a name may be in any script, and Japanese, Chinese and Korean go with Latin letters;
but the alphabets whose letters look alike are not mixed within one. Texts and labels are not looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Place, Severity
from milieu.validate.case import Case
from milieu.validate.schema import local_name, space_of

if TYPE_CHECKING:
    from milieu.turtle.locate import Located

__all__ = ["CODE", "Odd", "check_letters", "odd_letters"]

CODE = "look-alike-letter"

# Alphabets with letters that people take for those of another.
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "COPTIC", "CHEROKEE", "LISU"})
_LATIN = "LATIN"
_WORD = re.compile(r"[^/#:?&=.,;+@!()~%\s]+")
_HOST = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#]*")
_SHOWN = 3
# What each looks like in print; names are written in small letters.
_ALIKE = (
    str.maketrans("авԁеһіјкӏмнопрԛѕтуѵԝхсьг", "abdehijklmhonpqstyvwxcbr")
    | str.maketrans("αβεηικνορτυωχϲγ", "abenikvoptuwxcy")
    | str.maketrans("օսհոցյգ", "ouhngjq")
)


@dataclass(frozen=True, slots=True)
class Odd:
    """A name with letters that look like others: those letters, and the name in plain ones."""

    letters: tuple[str, ...]
    plain: str | None
    """None when some letter looks like no plain one."""
    mixed: str | None
    """The alphabet of the others; None when the letters are plain ones of another width or style."""


def odd_letters(name: str) -> Odd | None:
    r"""The letters of a name, or of an IRI between its marks, that look like others; None when there are none.

    >>> odd_letters("k\u0430nazawa")
    Odd(letters=('а',), plain='kanazawa', mixed='Latin')
    >>> odd_letters("金沢-kanazawa"), odd_letters("Казань")
    (None, None)
    """
    if name.isascii():
        return None
    odd: dict[str, None] = {}
    mixed = None
    for match in _WORD.finditer(name):
        letters = [letter for letter in match[0] if not letter.isascii() and letter.isalnum()]
        styled = [letter for letter in letters if _is_styled(letter)]
        scripts = {letter: script for letter in match[0] if (script := _script(letter)) in _ALPHABETS}
        odd |= dict.fromkeys(styled)
        if len(set(scripts.values())) > 1:
            found = [scripts[letter] for letter in match[0] if letter in scripts]
            # Most of them tell what the others are among; when in doubt, the Latin ones.
            most = max(dict.fromkeys(found), key=lambda script: (found.count(script), script == _LATIN))
            mixed = most.title()
            odd |= dict.fromkeys(letter for letter, script in scripts.items() if script != most)
    if not odd:
        return None
    return Odd(tuple(odd), _plain(name), mixed if any(not _is_styled(letter) for letter in odd) else None)


def check_letters(case: Case) -> Iterator[Finding]:
    """A warning for each name with letters that look like others, at its first place, the others beside it."""
    found: dict[str, tuple[Odd, list[Place]]] = {}
    for triple in case.triples:
        terms = (triple.subject, triple.predicate, triple.object)
        odds = [_odd(case, term.value) if isinstance(term, ox.NamedNode) else None for term in terms]
        located = case.locate(triple) if any(odds) else None
        for number, (term, odd) in enumerate(zip(terms, odds, strict=True)):
            if odd and isinstance(term, ox.NamedNode):
                places = found.setdefault(term.value, (odd, []))[1]
                place = _place(located, number)
                if place and place not in places:
                    places.append(place)
    for iri, (odd, places) in found.items():
        yield _finding(case, iri, odd, places)


def _odd(case: Case, iri: str) -> Odd | None:
    """What is odd about an IRI; when it is all in another alphabet, that it looks like one that the graph has."""
    if iri.isascii():
        return None
    odd, plain = odd_letters(iri), _plain(iri)
    if not any((name or "").startswith(tuple(case.schema.prefixes.values())) for name in (iri, plain)):
        # What stands at a host of others is called what they call it.
        host = _HOST.match(iri)
        found = odd_letters(host[0]) if host else None
        return replace(found, plain=found.plain and found.plain + iri[len(host[0]) :]) if host and found else None
    if not odd and plain and _is_known(case, plain):
        return Odd(tuple(dict.fromkeys(letter for letter in iri if not letter.isascii())), plain, None)
    return odd


def _is_known(case: Case, iri: str) -> bool:
    return case.schema.knows(iri) or case.schema.knows_property(iri) or case.schema.knows_class(iri)


def _place(located: Located | None, number: int) -> Place | None:
    return (located.subject, located.predicate, located.object)[number] if located else None


def _finding(case: Case, iri: str, odd: Odd, places: list[Place]) -> Finding:
    prefixes = case.schema.prefixes
    space = prefixes.compact(space_of(iri))
    name = space + local_name(iri) if space.endswith(":") else f"<{iri}>"
    shown = " and ".join(f"{letter} ({_described(letter)})" for letter in odd.letters[:_SHOWN])
    more = f" and {len(odd.letters) - _SHOWN} more" if len(odd.letters) > _SHOWN else ""
    among = f" among {odd.mixed} letters" if odd.mixed else ", not in plain letters"
    remedy, fix = "Write it in the letters of one alphabet.", None
    known = odd.plain is not None and _is_known(case, odd.plain)
    if odd.plain and (known or odd.mixed in (None, "Latin")):
        plain = prefixes.compact(odd.plain)
        remedy = f"Did you mean {case.demands.name(f'<{odd.plain}>')}?" if known else f"Write {plain}."
        safe = known and len(places) == 1 and not case.describes(iri)
        fix = Fix(places[0], plain, f"Write {plain}.", safe=safe) if places else None
    return Finding(
        Severity.WARNING,
        CODE,
        f"{name} is written with {shown}{more}{among}.",
        remedy,
        value=f"<{iri}>",
        place=places[0] if places else None,
        fix=fix,
        related=tuple(places[1:]),
    )


def _is_styled(letter: str) -> bool:
    """Whether this is a plain letter or digit of another width or style, such as those of Japanese keyboards."""
    return not letter.isascii() and unicodedata.normalize("NFKC", letter).isascii()


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0] if letter.isalpha() else ""


def _plain(name: str) -> str | None:
    """The name in plain letters that look the same; None when some letter looks like none."""
    letters = (unicodedata.normalize("NFKC", letter) if _is_styled(letter) else letter for letter in name)
    plain = "".join(letter if letter.isascii() else _alike(letter) for letter in letters)
    return plain if plain.isascii() else None


def _alike(letter: str) -> str:
    small = letter.lower()
    like = small.translate(_ALIKE)
    return like.upper() if small != letter else like


def _described(letter: str) -> str:
    words = unicodedata.name(letter, "a letter without a name").lower().split(" ")
    name = " ".join(word.title() if word.upper() in _ALPHABETS else word for word in words)
    return f"U+{ord(letter):04X}, {name}"
