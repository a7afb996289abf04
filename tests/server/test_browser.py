"""The pages in a real browser: Chromium, driven from outside, with nothing but this machine to talk to."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("MILIEU_REQUIRE_ALL"), reason="Chromium is not installed"
)
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PAGES = ["/", "/queries/lights-on", "/doc/light/high-rock", "/ontology", "/search?q=rock", "/validate", "/export"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser, root: str) -> Iterator[Page]:
    context = browser.new_context(base_url=root)
    made = context.new_page()
    yield made
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_their_window_and_ask_nobody_else(page: Page, root: str, width: int) -> None:
    asked: set[str] = set()
    said: list[str] = []
    page.on("request", lambda request: asked.add("/".join(request.url.split("/")[:3])))
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": width, "height": 800})
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    assert asked == {root}
    assert said == []


def test_a_query_is_asked_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/queries/lights-on")
    page.focus("#p-least")
    page.keyboard.press("Control+A")
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    page.wait_for_url("**least=20**")

    assert page.locator("tbody tr").count() == 1
    assert page.locator("tbody a").first.inner_text() == "High Rock"


def test_the_first_tab_leads_past_the_header(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"


def test_triples_are_validated_in_the_page(page: Page) -> None:
    page.goto("/validate")
    page.fill("#data", "<https://example.org/id/light/bell> a <https://example.org/lighthouses#Light> .")
    page.get_by_role("button", name="Validate").click()

    assert page.locator(".report h2").inner_text() == "These triples may not join yet"
    assert "A light needs a name." in page.locator(".report").inner_text()
