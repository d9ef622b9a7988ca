"""The reporter's site in a real browser: without JavaScript, small, and by assistive means."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from conftest import Cast
from upstander.directory.actions.loading import load_services
from upstander.doors.tests.site import WORDS, Site
from upstander.front import services
from upstander.front.tests.browser import browsing
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip
from upstander.ui.tests.barriers import barriers, sideways

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 640}


def reply(cast: Cast, words: str) -> None:
    """A counselor answers the newest tip."""
    alice = cast.viewer("alice")
    tip = Tip.objects.latest("received_at").pk
    claim_tip(alice, tip)
    add_reply(open_tip(alice, tip), words)


def look_again(page: Page) -> None:
    """Let the time pass after which the conversation's frame is loaded anew."""
    frame = page.frame(name="live")
    assert frame is not None
    frame.goto(frame.url)


def test_a_student_without_javascript_tells_answers_and_comes_back(
    chromium: Browser, site: Site, cast: Cast
) -> None:
    with browsing(chromium, site, java_script_enabled=False, viewport=PHONE) as page:
        page.goto("/d/maple-valley")
        page.get_by_role("link", name="Tell us what is wrong").click()
        page.get_by_role("radio", name="Wanting to die or hurting yourself").check()
        page.get_by_role("textbox", name="What happened?").fill(WORDS)
        page.get_by_role("button", name="Send it now").click()
        code = page.locator("#return-code").inner_text()
        assert len(code.split()) == 7
        frame = page.frame_locator("#live-frame")
        frame.get_by_text(WORDS).wait_for()

        reply(cast, "Thank you for telling us. Are you safe now?")
        # The frame looks by itself after some seconds (tests/journeys/test_whole_story.py waits
        # for that), and the page around it stays.
        look_again(page)
        frame.get_by_text("Are you safe now?").wait_for()
        assert page.locator("#return-code").inner_text() == code

        page.get_by_role("radio", name="Yes").first.check()
        page.get_by_role("button", name="Send these answers").click()
        assert page.locator("#return-code").inner_text() == code
        page.get_by_label("Write to them").fill("I am at home.")
        page.get_by_role("button", name="Send", exact=True).click()
        assert page.locator("#return-code").inner_text() == code
        page.frame_locator("#live-frame").get_by_text("I am at home.").wait_for()
        page.wait_for_load_state()
        # A post opens at the conversation, below the red box; 911 and 988 stay in the page's strip.
        strip, said = page.locator(".strips"), page.get_by_text("Your message is below.")
        assert page.locator("#conversation").bounding_box()["y"] >= 0  # type: ignore[index]
        assert page.evaluate("scrollY") > 0
        for shown in (strip.locator("a[href='tel:911']"), strip.locator("a[href='tel:988']"), said):
            box = shown.bounding_box()
            assert box is not None
            assert 0 <= box["y"] < PHONE["height"] - box["height"]

    with browsing(chromium, site, java_script_enabled=False, viewport=PHONE) as page:
        page.goto("/")
        page.get_by_role("link", name="I have my words").click()
        page.get_by_label("Your seven words").fill(code.upper())
        page.get_by_role("button", name="Open it").click()
        page.frame_locator("#live-frame").get_by_text("I am at home.").wait_for()
        assert "talk" in {cookie["name"] for cookie in page.context.cookies()}


def test_reloading_the_thank_you_page_keeps_code_and_tip(chromium: Browser, site: Site) -> None:
    with browsing(chromium, site, java_script_enabled=False) as page:
        page.goto("/report")
        page.locator("#q-text").fill(WORDS)
        page.get_by_role("button", name="Send it now").click()
        code = page.locator("#return-code").inner_text()
        page.reload()
        assert page.locator("#return-code").inner_text() == code
        assert Tip.objects.count() == 1
        assert page.url.endswith("/report")


def test_with_javascript_a_new_answer_is_said_aloud_and_the_code_copied(
    chromium: Browser, site: Site, cast: Cast
) -> None:
    with browsing(chromium, site) as page:
        page.goto("/report?d=maple-valley")
        page.locator("#q-text").fill(WORDS)
        page.get_by_role("button", name="Send it now").click()
        page.frame_locator("#live-frame").get_by_text(WORDS).wait_for()
        page.wait_for_load_state()
        assert page.get_by_role("button", name="Copy").is_visible() or page.evaluate(
            "!navigator.clipboard"
        )
        assert page.get_by_role("button", name="Print").is_visible()
        page.wait_for_timeout(300)
        reply(cast, "Where are you?")
        look_again(page)
        page.get_by_text("There is a new answer in the conversation.").wait_for(state="attached")


def test_leaving_takes_the_page_out_of_the_history(chromium: Browser, site: Site) -> None:
    with browsing(chromium, site) as page:
        page.goto("/d/maple-valley")
        page.goto("/report")
        page.locator("#q-text").fill(WORDS)
        page.get_by_role("button", name="Send it now").click()
        page.locator("#return-code").wait_for()
        with page.expect_request(lambda asked: "/leave" in asked.url):
            page.get_by_role("link", name="Leave this page").click()


@pytest.mark.parametrize("prefix", ["", "/es", "/ar"])
def test_no_page_has_an_accessibility_fault_or_sticks_out(
    chromium: Browser, site: Site, cast: Cast, prefix: str
) -> None:
    load_services()
    services._kept.clear()
    found: dict[str, object] = {}

    def look(page: Page, name: str) -> None:
        if wrong := barriers(page):
            found[name] = wrong
        if (pixels := sideways(page)) > 0:
            found[f"{name} sticks out"] = pixels
        if not prefix:  # the dark colours are the same in every language
            page.emulate_media(color_scheme="dark")
            if wrong := barriers(page, colours=True):
                found[f"{name} in the dark"] = wrong
            page.emulate_media(color_scheme="light")

    # Without motion: colours on their way from one scheme to the other are neither's.
    with browsing(
        chromium, site, viewport=PHONE, color_scheme="light", reduced_motion="reduce"
    ) as page:
        for path in ("/", "/d/maple-valley", "/report", "/r/cedar", "/back", "/nothing"):
            page.goto(f"{prefix}{path}")
            look(page, path)
        page.goto(f"{prefix}/report?d=maple-valley")
        page.locator("#q-text").fill("   ")
        page.locator("form .button-primary").first.click()
        look(page, "an error")
        page.locator("#q-text").fill(WORDS)
        page.locator("input[name=tile][value=attack]").check()
        page.locator("form .button-primary").first.click()
        page.locator("#return-code").wait_for()
        page.frame_locator("#live-frame").get_by_text(WORDS).wait_for()
        look(page, "thank you")
        code = page.locator("#return-code").inner_text()
        reply(cast, "Where is the person now?")
        page.goto(f"{prefix}/talk/live?still=1")
        look(page, "the frame")
        page.locator(".hide-link").first.click()
        look(page, "hide?")
        page.goto(f"{prefix}/talk?said=message")
        look(page, "talk")
        page.locator("summary").click()
        page.locator("details button").click()
        look(page, "ended")
        page.goto(f"{prefix}/back")
        page.locator("#code").fill("seven wrong words")
        page.locator("form .button-primary").first.click()
        look(page, "wrong words")
        page.locator("#code").fill(code)
        page.locator("form .button-primary").first.click()
        page.locator("#live-frame").wait_for()
    assert found == {}


def test_at_twice_the_size_everything_is_still_there(chromium: Browser, site: Site) -> None:
    load_services()
    services._kept.clear()
    # A window of 1280 pixels zoomed to 200 % and to 400 % (WCAG 1.4.10).
    for width in (640, 320):
        with browsing(chromium, site, viewport={"width": width, "height": 512}) as page:
            for path in ("/report", "/back", "/d/maple-valley"):
                page.goto(path)
                assert sideways(page) <= 0, (width, path)


def test_a_screen_reader_finds_its_way(chromium: Browser, site: Site) -> None:
    with browsing(chromium, site, java_script_enabled=False) as page:
        page.goto("/report")
        assert page.get_by_role("group", name="Who needs help?").count() == 1
        assert (
            page.get_by_role("group", name="What is it about?").get_by_role("radio").count() == 15
        )
        box = page.get_by_role("textbox", name="What happened?")
        assert (
            "A few lines are enough"
            in page.locator(f"#{box.get_attribute('aria-describedby')}").inner_text()
        )
        box.fill(WORDS)
        page.get_by_role("button", name="Send it now").click()
        assert page.get_by_role("heading", level=1).inner_text().startswith("Thank you.")
        assert page.locator("iframe").get_attribute("title")
