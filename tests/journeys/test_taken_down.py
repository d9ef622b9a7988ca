"""What a child said, taken down by an adult: a teacher on the desk, a driver by a link.

The center reads the child's exact words apart from the adult's; the child comes back by the seven
words and reads their own alone; whoever made the link meets none of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import newest_tip
from tests.journeys.conftest import PHONE, Windows, sideways
from tests.journeys.test_student import loaded
from tests.servers import System
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

WIDE = {"width": 1440, "height": 900}
SAID = "He said: after Friday nobody will have to listen to me."
OWN = "He waited until the others had gone. He was pale."
SLIP = "please do not send me home today"


def sound(page: Page) -> None:
    """Find no barrier, and nothing wider than the window."""
    assert sideways(page) == 0
    assert barriers(page) == []


def test_a_teacher_takes_words_down_and_their_own_duty_stays(
    system: System, desk: Callable[..., Page], window: Windows
) -> None:
    terry = desk("terry@maple.example", "/take-down", viewport=WIDE)
    sound(terry)
    terry.get_by_role("group", name="Where do the words come from?").get_by_text(
        "A child told me"
    ).click()
    terry.get_by_label("The exact words").fill(SAID)
    terry.get_by_label("In your own words").fill(OWN)
    terry.get_by_role("group", name="What is it about?").get_by_text("Threat, plan").click()
    terry.get_by_role("group", name="Do you suspect").get_by_text("Yes").click()
    terry.get_by_role("button", name="Send it to the center").click()
    expect(terry.get_by_role("heading", name="The crisis center has it")).to_be_visible()
    sound(terry)
    code = terry.locator("#return-code").inner_text()
    assert len(code.split()) == 7

    # Their own report is another thing, and begins with what they wrote.
    terry.get_by_role("button", name="I suspect: go on").click()
    expect(terry.get_by_label("The child’s own first words, exactly")).to_have_value(SAID)
    expect(terry.get_by_label("What you saw or heard")).to_have_value(OWN)
    # What they took down is not opened to them by that.
    assert terry.request.get("/queue").status == 403

    # The child has the words, on a phone of their own.
    child = window()
    child.goto("/back")
    child.locator("#code").fill(code)
    child.keyboard.press("Tab")
    child.get_by_role("button", name=re.compile("Open")).first.click()
    live = child.frame_locator("#live-frame")
    expect(live.get_by_text(SAID)).to_be_visible()
    expect(live.get_by_text(OWN)).to_have_count(0)

    # The center has both, apart.
    nadia = desk("nadia@lakeside.example", f"/tips/{newest_tip(system, 'threat')}", viewport=WIDE)
    expect(nadia.get_by_text("taken down by an adult").first).to_be_visible()
    expect(nadia.get_by_text(SAID)).to_be_visible()
    expect(nadia.locator(".bubble-note", has_text=OWN)).to_contain_text("Terry Voss")
    sound(nadia)


def test_a_driver_does_it_once_by_a_link_and_its_maker_sees_nothing(
    desk: Callable[..., Page], window: Windows
) -> None:
    owen = desk("owen@maple.example", "/take-down/links", viewport=WIDE)
    owen.get_by_label("Who is it for?").fill("Driver of bus 4")
    owen.get_by_role("button", name="Make a link").click()
    link = owen.locator("#adult-link").inner_text().strip()
    before = owen.get_by_role("region", name="Links you made").inner_text()
    sound(owen)

    driver = window(viewport=PHONE, java_script_enabled=False)
    sizes = loaded(driver, link)
    assert 1 <= len(sizes) <= 3, sizes
    assert sum(sizes.values()) <= 12_000, sizes
    driver.get_by_label("The exact words").fill(SLIP)
    driver.get_by_role("group", name="What is it about?").get_by_text("Not safe at home").click()
    driver.get_by_role("group", name="Do you suspect").get_by_text("Yes").click()
    driver.get_by_role("button", name="Send it").last.click()
    expect(driver.get_by_role("heading", name="The crisis center has it")).to_be_visible()
    # The line to phone, and by when, and that this was not it.
    told = driver.get_by_role("alert").or_(driver.locator(".notice-error")).first
    expect(told).to_contain_text("1-800-842-2288")
    expect(told).to_contain_text("12 hours")
    expect(told).to_contain_text("not that report")
    assert driver.context.cookies() == []

    # A second time it takes nothing, and no word is lost.
    driver.goto(link)
    driver.get_by_label("The exact words").fill("And one thing more.")
    driver.get_by_role("group", name="Do you suspect").get_by_text("No", exact=True).click()
    driver.get_by_role("button", name="Send it").last.click()
    expect(driver.get_by_role("heading", name="does not open any more")).to_be_visible()
    expect(driver.locator("textarea[name=text]")).to_have_value("And one thing more.")

    # Whoever made it: the same list as before, and nothing else anywhere.
    owen.goto("/take-down/links")
    assert owen.get_by_role("region", name="Links you made").inner_text() == before
    owen.goto("/team")
    expect(owen.get_by_text(SLIP)).to_have_count(0)


def test_the_links_page_has_no_barrier_in_any_language(
    desk: Callable[..., Page], window: Windows
) -> None:
    owen = desk("owen@maple.example", "/take-down/links", viewport=WIDE)
    owen.get_by_label("Who is it for?").fill("A coach")
    owen.get_by_role("button", name="Make a link").click()
    link = owen.locator("#adult-link").inner_text().strip()
    for language in ("", "/es", "/ar"):
        page = window()
        page.goto(link.replace("/adult/", f"{language}/adult/"))
        sound(page)
