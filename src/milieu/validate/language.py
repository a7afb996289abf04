"""Step 2, languages: tags that name no language, and texts that are plainly in another one (BCP 47)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from milieu.finding import Finding, Fix, Severity
from milieu.validate.case import Case

__all__ = ["check_languages"]

# ISO 639-1.
_KNOWN = frozenset(
    re.findall(
        r"\w+",
        """
        aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
        ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii
        ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi
        mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw
        sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk
        ur uz ve vi vo wa wo xh yi yo za zh zu
        """,
    )
)
# What people write instead: countries, and codes of three letters where there is one of two.
_MEANT = {
    "jp": "ja",
    "jap": "ja",
    "jpn": "ja",
    "eng": "en",
    "uk-en": "en-GB",
    "us": "en",
    "gb": "en",
    "cn": "zh",
    "chn": "zh",
    "zho": "zh",
    "chi": "zh",
    "kor": "ko",
    "ger": "de",
    "deu": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "gr": "el",
    "cz": "cs",
    "dk": "da",
    "ua": "uk",
    "rus": "ru",
    "ara": "ar",
}
_SPOKEN = {"en": "English", "ja": "Japanese"}


def check_languages(case: Case) -> Iterator[Finding]:
    """Findings for language tags that nobody knows, and doubts about texts in another script than their language's."""
    for triple in case.triples:
        literal = triple.object
        if not isinstance(literal, ox.Literal) or not literal.language:
            continue
        primary, *parts = literal.language.lower().split("-")
        unknown = primary not in _KNOWN and (len(primary) != 3 or primary in _MEANT)
        other = "" if unknown or "latn" in parts else _other(primary, literal.value)
        if not unknown and not other:
            continue  # Looking for places takes longer than all of this, and few texts are in doubt.
        located = case.locate(triple)
        place = located.object if located else None
        shown = case.demands.compact(str(literal))
        if unknown:
            meant = _MEANT.get(primary) or ("ja" if _is_kana(literal.value) else "")
            remedy = f"Did you mean @{meant}?" if meant else "Language tags are such as @en, @ja or @zh-hant."
            tagged = str(ox.Literal(literal.value, language=meant)) if meant else ""
            fix = Fix(place, tagged, f"Write @{meant}.", safe=primary in _MEANT) if place and meant else None
            yield case.say(
                "unknown-language", f"{shown}: there is no language {literal.language}.", remedy, triple, place, fix=fix
            )
        else:
            tagged = str(ox.Literal(literal.value, language=other))
            yield case.say(
                "wrong-language",
                f"{shown} is not {_SPOKEN[primary]}.",
                f"Did you mean @{other}?",
                triple,
                place,
                fix=Fix(place, tagged, f"Write @{other}.", safe=False) if place else None,
                severity=Severity.WARNING,
            )


def _other(language: str, text: str) -> str:
    """The other language of the two that a text is in, as far as letters tell; empty when nothing speaks for it."""
    if language == "en":
        return "ja" if _is_kana(text) else ""
    return "en" if language == "ja" and text.isascii() and any(letter.islower() for letter in text) else ""


def _is_kana(text: str) -> bool:
    """Japanese, as far as letters tell: kana, or Chinese characters without a Latin letter."""
    if any("\u3040" <= letter <= "\u30ff" for letter in text):
        return True
    return any("\u4e00" <= letter <= "\u9fff" for letter in text) and not any(
        letter.isascii() and letter.isalpha() for letter in text
    )
