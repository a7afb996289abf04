"""One site over the lighthouses that really listens, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from server.serving import serving, site_of


@pytest.fixture(scope="package")
def root() -> Iterator[str]:
    """The address of a site over the lighthouses."""
    with serving(site_of()) as address:
        yield address


@pytest.fixture
def web(root: str) -> Iterator[httpx.Client]:
    """A client of that site; it follows no redirects."""
    with httpx.Client(base_url=root, timeout=30, headers={"Accept": "*/*"}) as client:
        yield client
