"""What an engine's refusal means, in words: the HTTP status and the first of what it says."""

from __future__ import annotations

import re
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError

from milieu.errors import MilieuError, QueryError, StoreError

if TYPE_CHECKING:
    from milieu.store.endpoint import Credentials

__all__ = ["refusal"]

_TAG = re.compile(r"<[^>]*>")
_MOST = 300


def refusal(fault: HTTPError, credentials: Credentials, address: str) -> MilieuError:
    """The error for a reply whose status is no success; `QueryError` when the engine does not take the query.

    Credentials are never part of it.
    """
    with fault:
        said = _said(fault)
    also = f": {said}" if said else ""
    if 300 <= fault.code < 400:
        return StoreError(
            f"the address leads to another one, {_printable(fault.headers.get('Location', ''))}, and is not followed",
            place=address,
            remedy="If you trust that one, name it instead.",
        )
    if fault.code in {401, 403}:
        given = "MILIEU_STORE_USER and MILIEU_STORE_PASSWORD, MILIEU_STORE_TOKEN, or --credentials FILE"
        if credentials:
            wanted, remedy = "the engine does not accept these credentials", "Check them and what they permit."
        elif fault.code == 401:
            wanted, remedy = "the engine wants credentials", f"Give {given}."
        else:
            wanted, remedy = "the engine does not allow this", f"If it is not for reading only, give {given}."
        return StoreError(f"{wanted} ({fault.code})", place=address, remedy=remedy)
    if fault.code == 400:
        return QueryError(f"the engine does not take this request{also}", place=address)
    if fault.code in {404, 405, 501}:
        return StoreError(
            f"there is no such SPARQL endpoint ({fault.code})", place=address, remedy="Check the address and its path."
        )
    if fault.code in {413, 414}:
        return StoreError(f"the engine finds the request too long ({fault.code})", place=address)
    return StoreError(
        f"the engine failed ({fault.code}){also}", place=address, remedy="Try once more; its own log knows the cause."
    )


def _said(fault: HTTPError) -> str:
    try:
        body = fault.read(20 * _MOST).decode("utf-8", "replace")
    except (OSError, HTTPException, ValueError):
        return ""
    words = " ".join(_printable(_TAG.sub(" ", body)).split())
    return words if len(words) <= _MOST else f"{words[:_MOST]}…"


def _printable(text: str) -> str:
    """The text without what could steer a terminal."""
    return "".join(
        letter if letter.isprintable() or letter.isspace() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
