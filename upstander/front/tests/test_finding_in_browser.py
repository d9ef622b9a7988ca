"""Finding a service in a real browser, on a small phone: nothing bars the way, and it is short."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from pytest_django import DjangoDbBlocker

from upstander.doors.tests.site import Site
from upstander.front.tests import test_hsds
from upstander.front.tests.browser import browsing
from upstander.front.tests.test_finding import PREFIXES
from upstander.ui.tests.barriers import barriers, cut, sideways

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
neighborhood = test_hsds._neighborhood


@pytest.fixture(scope="module")
def loaded(
    chromium: Browser, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The demo's neighborhood, over the connection that tests have once a browser runs."""
    with test_hsds.the_neighborhood(django_db_blocker):
        yield


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_pages_bar_nobody(chromium: Browser, site: Site, prefix: str) -> None:
    with browsing(chromium, site, viewport=PHONE, reduced_motion="reduce") as page:
        page.goto(f"{prefix}/find?d=maple-valley")
        assert (barriers(page), sideways(page), cut(page, "main")) == ([], 0, [])
        page.locator("button[value=suicide]").click()
        page.locator(".found h2").first.wait_for()
        assert (barriers(page), sideways(page), cut(page, "main")) == ([], 0, [])
        page.locator("button[name=print]").click()
        page.locator(".large h2").first.wait_for()
        assert (barriers(page), sideways(page)) == ([], 0)


def test_a_parent_finds_food_that_is_open_now(chromium: Browser, site: Site) -> None:
    """In Spanish, on a small phone without JavaScript: three presses, and one word to write."""
    with browsing(chromium, site, viewport=PHONE, java_script_enabled=False) as page:
        page.goto("/es/d/maple-valley")
        page.locator("main a[href='/es/find?d=maple-valley']").click()
        page.get_by_label("Ciudad o código postal").fill("Maple Valley")
        page.get_by_role("button", name="Comida", exact=True).click()
        first = page.locator(".found > li").first
        said = " ".join(first.inner_text().split())
        assert said.split(" · ")[0].endswith(("Abierto hasta: 5:00 p.m.", "Abierto ahora"))
        assert "millas" in said
        assert "Hablan Español" in said
        assert first.locator("a[href^='tel:']").count() == 1
