"""The parameters of an address or a form, treated the same everywhere.

One that is given twice is refused, as nobody knows which was meant; an empty one is as none, as forms send those that
were left empty; a value out of its bounds is refused. A name that is not known is refused where it would be a slip, and
passed over at `/sparql` and at the addresses of things, to which clients add parameters of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from milieu.server.fault import RequestError
from milieu.spelling import nearest

__all__ = ["Fields", "asked", "one", "parameters", "truth", "whole"]

Fields = Mapping[str, list[str]]
"""The values of each parameter, in their order."""

_MOST_FIELDS = 200
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def parameters(text: str) -> dict[str, list[str]]:
    """The fields of a query string or form. Raises `RequestError` when they are not UTF-8, or far too many."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise RequestError(400, "the parameters are not UTF-8 text") from None
    except ValueError:
        raise RequestError(400, f"there are more than {_MOST_FIELDS} parameters") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def asked(request: Request, known: Collection[str] | None = None) -> dict[str, list[str]]:
    """The fields of the address of a request. Raises `RequestError` for a name that is none of the `known`."""
    fields = parameters(request.scope["query_string"].decode("latin-1"))
    for name in fields if known is not None else ():
        if name not in (known or ()):
            like = nearest(name, known or ())
            takes = f"It takes {', '.join(known)}." if known else "It takes none."
            raise RequestError(
                400, f"there is no parameter {name!r} here", remedy=f"Did you mean {like}?" if like else takes
            )
    return fields


def one(fields: Fields, name: str) -> str | None:
    """The value of a parameter, or None when it is not given or empty. Raises `RequestError` when there are several.

    >>> one({"format": ["csv"], "page": [""]}, "format"), one({"format": ["csv"], "page": [""]}, "page")
    ('csv', None)
    """
    values = fields.get(name, [])
    if len(values) > 1:
        raise RequestError(400, f"the parameter {name!r} is given {len(values)} times", remedy="Give it once.")
    return values[0] or None if values else None


def whole(fields: Fields, name: str, default: int, most: int) -> int:
    """A number from 1 to `most`. Raises `RequestError` for anything else.

    >>> whole({"limit": ["5"]}, "limit", 20, 200), whole({}, "limit", 20, 200)
    (5, 20)
    """
    text = one(fields, name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= most:
        raise RequestError(400, f"{name}={text!r} is no number from 1 to {most}", remedy="Give one.")
    return number


def truth(fields: Fields, name: str) -> bool:
    """Yes or no; no when it is not given. Raises `RequestError` for anything else.

    >>> truth({"full": ["1"]}, "full"), truth({}, "full")
    (True, False)
    """
    text = one(fields, name)
    if text is None:
        return False
    if text.lower() not in _TRUTHS:
        raise RequestError(400, f"{name}={text!r} is neither yes nor no", remedy="Give true or false.")
    return _TRUTHS[text.lower()]
