"""The address of a SPARQL engine, and the credentials that go with it and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from milieu.errors import StoreError

__all__ = ["Credentials", "Endpoint"]

_SCHEMES = {"sparql+http": "http", "sparql+https": "https", "http": "http", "https": "https"}


@dataclass(frozen=True)
class Credentials:
    """A user with a password, or a token; never shown."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def find(
        cls, file: str | os.PathLike[str] | None = None, environment: Mapping[str, str] = os.environ
    ) -> Credentials:
        """Those of a file, whose one line is `user:password` or a token, else those of the environment.

        There they are `MILIEU_STORE_USER` with `MILIEU_STORE_PASSWORD`, or `MILIEU_STORE_TOKEN`; or
        `MILIEU_STORE_CREDENTIALS` names the file. Raises `StoreError` when the file cannot be read.
        """
        named = file or environment.get("MILIEU_STORE_CREDENTIALS")
        if not named:
            user, password = environment.get("MILIEU_STORE_USER", ""), environment.get("MILIEU_STORE_PASSWORD", "")
            return cls(user, password, environment.get("MILIEU_STORE_TOKEN", ""))
        try:
            line = Path(named).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise StoreError(
                "the file of credentials cannot be read",
                place=str(named),
                remedy="It holds one line: user:password, or a token.",
            ) from None
        user, colon, password = line.partition(":")
        return cls(user, password) if colon else cls(token=line)

    def __bool__(self) -> bool:
        return bool(self.user or self.token)


@dataclass(frozen=True)
class Endpoint:
    """Where an engine takes queries and updates, and where it keeps graphs if it speaks the Graph Store Protocol.

    >>> Endpoint.parse("sparql+http://127.0.0.1:7878/query").update
    'http://127.0.0.1:7878/update'
    """

    query: str
    update: str
    graph_store: str = ""
    credentials: Credentials = Credentials()

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        update: str | None = None,
        graph_store: str | None = None,
        credentials: Credentials | None = None,
    ) -> Endpoint:
        """The endpoint at `sparql+http://…`, `sparql+https://…` or the same without `sparql+`.

        Updates go to the same address, but to `…/update` when it ends in `/query`. Raises `StoreError` for whatever is
        no such address, and for a password in one: other people on the machine can read the command line.
        """
        query = _address(text)
        beside = f"{query[: -len('/query')]}/update" if query.endswith("/query") else query
        return cls(
            query,
            _address(update) if update else beside,
            _address(graph_store) if graph_store else "",
            Credentials.find() if credentials is None else credentials,
        )

    def __str__(self) -> str:
        return self.query


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in _SCHEMES or not host or any(ord(letter) <= 32 for letter in text):
        raise StoreError(
            "this is no address of a SPARQL engine",
            place=text,
            remedy="Write one such as sparql+http://127.0.0.1:7878/query.",
        )
    if parts.username is not None or parts.password is not None:
        raise StoreError(
            "the address holds a user name or a password",
            place=f"{parts.scheme}://…@{host}",
            remedy="Put them into MILIEU_STORE_USER and MILIEU_STORE_PASSWORD, or into a file (--credentials).",
        )
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, parts.path or "/", parts.query, ""))
