"""Mobile crisis from a call to the child: a dispatcher, a clinician's phone, the family's link."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys.conftest import PHONE, Windows, sideways
from tests.servers import System
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

WIDE = {"width": 1440, "height": 900}
SMALL: ViewportSize = {"width": 360, "height": 640}


def sound(page: Page) -> None:
    """Find no barrier, and nothing wider than the window."""
    assert sideways(page) == 0
    assert barriers(page) == []


def test_somebody_is_with_the_child_after_a_call(
    system: System, desk: Callable[..., Page], window: Windows, chromium: Browser
) -> None:
    vera = desk("vera@river.example", "/callouts", viewport=WIDE)
    sound(vera)
    vera.get_by_role("link", name="New callout").click()
    vera.get_by_role("group", name="Is a life in danger now?").get_by_text("No", exact=True).click()
    vera.get_by_label("Town").select_option(label="Maple Valley")
    vera.get_by_label("Where the child is now").fill("12 Orchard Lane, Maple Valley")
    vera.get_by_label("What is happening").fill("Cries and hits her head against the wall.")
    vera.get_by_label("Weapons within reach").fill("Kitchen knives")
    sound(vera)
    vera.get_by_role("button", name="Ask for somebody").click()
    vera.get_by_label("Who consents?").select_option("guardian")
    vera.get_by_role("button", name="Somebody goes now").click()
    expect(vera.get_by_role("heading", name="Can you go?")).to_be_visible()
    sound(vera)
    path = re.sub(r"^https?://[^/]+", "", vera.url)

    imani = desk("imani@river.example", path, viewport=PHONE)
    sound(imani)
    imani.get_by_role("button", name="I go").click()
    expect(imani.get_by_text("Kitchen knives")).to_be_visible()
    imani.get_by_role("button", name="On the way").click()

    vera.goto(path)
    vera.get_by_text("A link for the family").click()
    vera.get_by_role("button", name="Make the link").click()
    link = vera.locator("#family-link").inner_text()
    family = window(at=system.desk, locale="en-US", java_script_enabled=False)
    family.goto(re.sub(r"^https?://[^/]+", "", link))
    expect(family.get_by_role("heading", name="Imani comes to you")).to_be_visible()
    assert sideways(family) == 0
    family.get_by_role("button", name="It got worse").click()
    expect(family.get_by_text("Our desk knows")).to_be_visible()

    imani.reload()
    imani.get_by_role("button", name="Arrived").click()
    expect(imani.get_by_role("heading", name="With the child", level=2)).to_be_visible()
    sound(imani)
    vera.goto("/callouts")
    expect(vera.get_by_text("The family says it got worse")).to_be_visible()
    sound(vera)
    _alarm(imani, vera, path, chromium, window, system)


def _alarm(
    imani: Page, vera: Page, path: str, chromium: Browser, window: Windows, system: System
) -> None:
    """Press it without a network, with one, and without JavaScript; end it from the desk."""
    inside = imani.context.storage_state()
    cut_off = chromium.new_context(base_url=system.desk, viewport=SMALL, storage_state=inside)
    alone = cut_off.new_page()
    alone.goto(path)
    first = alone.get_by_role("link", name="I need the desk")
    expect(first).to_be_in_viewport()
    cut_off.set_offline(True)
    first.click()
    alone.get_by_role("button", name="Yes, now").click()
    expect(alone.get_by_text("Not sent: call 911. Trying again.")).to_be_visible()
    vera.goto(path)
    expect(vera.get_by_text("Silent alarm of Imani Cole")).to_have_count(0)
    cut_off.set_offline(False)
    expect(alone.get_by_text("Sent: the desk has it")).to_be_visible()
    cut_off.close()
    vera.goto("/callouts")
    expect(vera.get_by_text("Silent alarm: decide about police")).to_be_visible()
    sound(vera)
    vera.goto(path)
    expect(vera.get_by_text("Silent alarm of Imani Cole")).to_be_visible()
    sound(vera)
    vera.get_by_label("Outcome").select_option("police")
    vera.get_by_role("button", name="Handled").click()
    expect(vera.get_by_text("Silent alarm of Imani Cole")).to_have_count(0)
    plain = window(at=system.desk, storage_state=inside, java_script_enabled=False)
    plain.goto(path)
    second = plain.get_by_role("link", name="I need the desk")
    expect(second).to_be_in_viewport()
    second.click()
    plain.get_by_role("button", name="Yes, now").click()
    expect(plain.get_by_text("Sent: the desk has it since")).to_be_visible()
    assert sideways(plain) == 0
    imani.reload()
    sound(imani)


@pytest.mark.parametrize(
    ("prefix", "ask"), [("", "Ask for somebody"), ("/es", "Pedir"), ("/ar", "اطلب")]
)
def test_parent_asks_on_the_website_without_javascript(
    desk: Callable[..., Page], window: Windows, prefix: str, ask: str
) -> None:
    seen = window(viewport=PHONE)
    seen.goto(f"{prefix}/d/maple-valley/come")
    assert barriers(seen) == []
    parent = window(java_script_enabled=False, viewport=PHONE)
    parent.goto(f"{prefix}/d/maple-valley")
    parent.locator(f"a[href='{prefix}/d/maple-valley/come']").click()
    assert sideways(parent) == 0
    parent.locator("input[name=danger][value=no]").check()
    parent.locator("select[name=town]").select_option("Maple Valley")
    parent.locator("input[name=where]").fill("7 Orchard Lane")
    parent.locator("textarea[name=text]").fill("Won’t come out of the bathroom.")
    parent.locator("input[name=who][value=guardian]").check()
    parent.locator("input[name=may][value=come]").check()
    parent.locator("input[name=phone]").fill("banana")
    parent.get_by_role("button", name=ask).last.click()
    expect(parent.locator(".field-wrong input[name=phone]")).to_have_value("banana")
    expect(parent.locator("textarea[name=text]")).to_have_value("Won’t come out of the bathroom.")
    assert sideways(parent) == 0
    parent.locator("input[name=phone]").fill("860-555-0134")
    parent.get_by_role("button", name=ask).last.click()
    link = parent.locator("#family-link")
    expect(link).to_be_visible()
    assert sideways(parent) == 0
    link.click()
    expect(parent.locator("a[href='tel:911'], main strong").first).to_be_visible()
    assert sideways(parent) == 0

    vera = desk("vera@river.example", "/callouts", viewport=WIDE)
    expect(vera.get_by_text("Waits for triage").first).to_be_visible()
