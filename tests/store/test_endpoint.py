"""Addresses of engines, and credentials: what is taken, and what is never repeated."""

from __future__ import annotations

from pathlib import Path

import pytest

from milieu.errors import StoreError
from milieu.store.endpoint import Credentials, Endpoint
from milieu.store.remote import RemoteStore


@pytest.mark.parametrize(
    "address",
    ["ftp://example.org/", "http://", "127.0.0.1:7878", "http://[::1/", "http://a b/", "http://host:port/", ""],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(StoreError, match="no address of a SPARQL engine"):
        Endpoint.parse(address)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(StoreError, match="holds a user name or a password") as fault:
        Endpoint.parse("sparql+https://ada:s3cret@engine.example/query")

    assert "s3cret" not in str(fault.value)


def test_credentials_come_from_a_file_or_the_environment(tmp_path: Path) -> None:
    (tmp_path / "pair").write_text("ada:s3:cret\n")
    (tmp_path / "token").write_text("t0ken\n")

    assert Credentials.find(tmp_path / "pair", {}) == Credentials("ada", "s3:cret")
    assert Credentials.find(tmp_path / "token", {}) == Credentials(token="t0ken")
    assert Credentials.find(None, {"MILIEU_STORE_USER": "ada", "MILIEU_STORE_PASSWORD": "x"}) == Credentials("ada", "x")
    assert not Credentials.find(None, {})
    with pytest.raises(StoreError, match="file of credentials cannot be read"):
        Credentials.find(tmp_path / "none", {})


def test_a_time_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILIEU_STORE_TIMEOUT", "soon")

    with pytest.raises(StoreError, match="'soon' is no number of seconds"):
        RemoteStore.open("http://127.0.0.1:1/query")
