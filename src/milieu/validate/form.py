"""The form that a regular expression prescribes, in words: for those who never wrote one."""

from __future__ import annotations

import re

__all__ = ["form_of"]

_ATOM = re.compile(
    r"\[(?P<parts>[^\]\\^]+)\]\+\((?:\?:)?(?P<joint>\\?[^\w\s\\(\[|])\[(?P=parts)\]\+\)(?P<often>[*+])"
    r"|(?P<anchor>[\^$])|\[(?P<set>\^?\]?(?:\\.|[^\]\\])*)\]|\\(?P<escape>.)|(?P<any>\.)"
    r"|\((?:\?:)?(?P<words>[\w\-/:.|]+)\)|(?P<plain>[^\\\[\](){}*+?.|^$])",
    re.DOTALL,
)
_TIMES = re.compile(r"\{(\d+)(?:(,)(\d*))?\}|[*+?]")
_SETS = {
    "A-Z": "capital letters",
    "a-z": "small letters",
    "A-Za-z": "letters",
    "a-zA-Z": "letters",
    "0-9": "digits",
    "1-9": "digits from 1 to 9",
    "d": "digits",
    "w": "letters, digits or _",
    "s": "spaces",
    "S": "characters other than spaces",
    ".": "characters",
}
_RANGE = re.compile(r"A-Za-z|a-zA-Z|A-Z|a-z|[01]-9|\\d|\\w|\\s")
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ONES = {"letters": "letter", "digits": "digit", "spaces": "space", "characters": "character"}


def form_of(pattern: str) -> str | None:
    """What a text of that form consists of, or None when the expression is not as plain as that.

    >>> form_of("^[A-Z]{2}[0-9]+$")
    'two capital letters, then one or more digits'
    >>> form_of(r"^https://e.org/id/(?:city|town)/[a-z0-9-]+$")
    '"https://e.org/id/", then "city" or "town", then "/", then one or more small letters, digits or "-"'
    >>> form_of("^(?=a)b") is None
    True
    """
    parts: list[str] = []
    plain = ""
    at = 0
    while at < len(pattern):
        atom = _ATOM.match(pattern, at)
        if atom is None or (atom["anchor"] and at not in (0, len(pattern) - 1)):
            return None
        at = atom.end()
        if atom["anchor"]:
            continue
        times = _TIMES.match(pattern, at)
        escape = atom["escape"]
        letter = atom["plain"] or (escape if escape and not escape.isalnum() else None)
        # In practice a dot between letters is that of an address.
        if atom["any"] and not times and plain:
            letter = "."
        if letter and not times:
            plain += letter
            continue
        what = _what(atom, letter)
        if what is None or (times and atom["parts"]):
            return None
        if plain:
            parts.append(f'"{plain}"')
            plain = ""
        parts.append(what if atom["parts"] else _counted(what, times))
        at = times.end() if times else at
        if pattern.startswith(("?", "+"), at):
            return None  # lazy or possessive
    if plain:
        parts.append(f'"{plain}"')
    if not parts:
        return None
    begins, ends = pattern.startswith("^"), pattern.endswith("$")
    form = ", then ".join(parts)
    if begins and ends:
        return form
    return f"{form} at the beginning" if begins else f"{form} at the end" if ends else f"{form} somewhere"


def _what(atom: re.Match[str], letter: str | None) -> str | None:
    """What one part of an expression stands for, in the plural where there is one."""
    if letter:
        return f'"{letter}"'
    if atom["parts"]:
        parts, wanted = _members(atom["parts"]), "" if atom["often"] == "+" else "where wanted "
        joint = atom["joint"].lstrip("\\")
        return parts and f'{parts}, {wanted}in parts joined by "{joint}"'
    if atom["words"]:
        return " or ".join(f'"{word}"' for word in atom["words"].split("|"))
    if atom["any"]:
        return _SETS["."]
    if atom["escape"]:
        return _SETS.get(atom["escape"])
    inside = atom["set"]
    if inside and inside.startswith("^"):
        others = _members(inside[1:])
        return others and f"characters other than {others}"
    return _members(inside) if inside else None


def _members(inside: str) -> str | None:
    """The letters of a set, without its brackets."""
    named = [_SETS[found[0].lstrip("\\")] for found in _RANGE.finditer(inside)]
    rest = _RANGE.sub("", inside).replace("\\", "")
    if "-" in rest.strip("-"):
        return None  # a range of other letters
    named += ["spaces" if one == " " else f'"{one}"' for one in dict.fromkeys(rest)]
    return f"{', '.join(named[:-1])} or {named[-1]}" if len(named) > 1 else "".join(named) or None


def _counted(what: str, times: re.Match[str] | None) -> str:
    if times is None:
        low = high = 1
    elif times[1]:
        low = int(times[1])
        high = low if not times[2] else int(times[3]) if times[3] else -1
    else:
        low, high = {"*": (0, -1), "+": (1, -1), "?": (0, 1)}[times[0]]
    if (low, high) == (1, 1):
        return _one(what)
    if (low, high) == (0, 1):
        return f"perhaps {_one(what)}"
    if low == high:
        return f"{_number(low)} {what}"
    if high < 0:
        return f"any number of {what}" if low == 0 else f"{_number(low)} or more {what}"
    return f"{_number(low)} to {_number(high)} {what}"


def _one(what: str) -> str:
    if what.startswith('"'):
        return what
    words = what.split(" ")
    if len(words) <= 2 and words[-1] in _ONES:
        return f"one {' '.join([*words[:-1], _ONES[words[-1]]])}"
    return f"one of {what}"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)
