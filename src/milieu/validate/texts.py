"""Step 2, texts: those that say nothing, and letters in them that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Severity
from milieu.namespaces import RDF, RDFS, SKOS, XSD
from milieu.validate.case import Case

__all__ = ["check_texts", "seen"]

_NAMES = frozenset({f"{RDFS}label", *(f"{SKOS}{name}" for name in ("prefLabel", "altLabel", "hiddenLabel"))})
_TEXTS = frozenset({f"{XSD}string", f"{RDF}langString"})
# Blanks without width, separators, fillers, tags and letters of private use. What joins letters (U+200C, U+200D) and
# chooses their form belongs to words in Persian or Hindi; what turns their direction is refused with the syntax.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\u2800\u3164"
    "\ue000-\uf8ff\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
# Scripts without spaces between words: there U+200B says where a line may break (Unicode, section 23.2).
_UNSPACED = re.compile("[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff]")
_JOINERS = re.compile("[\u200c\u200d]")
_OTHERS = {"\u2028": "line separator", "\u2029": "paragraph separator"}
_SHOWN = 3


def seen(text: str) -> str:
    r"""A text as readers see it: by this names are compared.

    >>> seen("Kana\u200bzawa")
    'Kanazawa'
    """
    return _JOINERS.sub("", _UNSEEN.sub("", text))


def check_texts(case: Case) -> Iterator[Finding]:
    """Findings for empty texts and letters that nobody sees; in names violations, for these tell things apart."""
    for triple in case.triples:
        text = triple.object
        if not isinstance(text, ox.Literal) or text.datatype.value not in _TEXTS:
            continue
        is_name = triple.predicate.value in _NAMES
        severity = Severity.VIOLATION if is_name else Severity.WARNING
        value = text.value.replace("\u200b", "") if _UNSPACED.search(text.value) else text.value
        plain = _UNSEEN.sub("", value)
        if not plain.strip():
            located = case.locate(triple)
            message = f"This {'name' if is_name else 'text'} is empty."
            remedy = "Write the name, or leave it out." if is_name else "Write the text, or leave it out."
            yield case.say(
                "empty-text", message, remedy, triple, located.object if located else None, severity=severity
            )
        elif plain != value:
            yield _unseen(case, triple, text, plain, severity)


def _unseen(case: Case, triple: ox.Triple, text: ox.Literal, plain: str, severity: Severity) -> Finding:
    letters = list(dict.fromkeys(_UNSEEN.findall(text.value)))
    names = " and ".join(f"U+{ord(letter):04X} ({_name(letter)})" for letter in letters[:_SHOWN])
    located = case.locate(triple)
    whole = located.object if located else None
    written = ox.Literal(plain, language=text.language) if text.language else ox.Literal(plain)
    return case.say(
        "invisible-letter",
        f"Nobody sees {names} in this text." + (" And more." if len(letters) > _SHOWN else ""),
        f"Write {written}.",
        triple,
        case.placed.letter(triple, letters[0]) or whole,
        fix=Fix(whole, str(written), f"Write {written}.", safe=False) if whole else None,
        severity=severity,
    )


def _name(letter: str) -> str:
    return _OTHERS.get(letter) or unicodedata.name(letter, "of private use").lower()
