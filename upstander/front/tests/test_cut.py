"""On a small phone every word of the reporter's pages can be read: none is cut or on another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from conftest import Cast
from upstander.directory.actions.loading import load_services
from upstander.doors.tests.site import WORDS, Site
from upstander.doors.texts.shown import ShownLine
from upstander.front import services, views
from upstander.front.tests.browser import browsing
from upstander.tips.actions.adult_links import make_link
from upstander.ui.tests.barriers import cut

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("prefix", ["", "/es", "/ar"])
def test_no_word_of_the_reporters_pages_is_cut(
    chromium: Browser, site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    line = ShownLine("+18605550170", "(860) 555-0170", calls=True)
    monkeypatch.setattr(views, "line_of", lambda _district: line)
    load_services()
    services._kept.clear()
    link = make_link(
        cast.viewer("tara"), district_id=cast.maple.pk, school_id=cast.cedar.pk, note="Bus 4"
    )
    found: dict[str, list[str]] = {}

    with browsing(chromium, site, java_script_enabled=False, viewport=PHONE) as page:

        def look(name: str, then: Callable[[], object] | None = None) -> None:
            if then is not None:
                then()
            page.wait_for_load_state()
            if wrong := cut(page):
                found[name] = wrong

        def press(at: str) -> Callable[[], object]:
            return page.locator(at).first.click

        page.goto(f"{prefix}/d/maple-valley")
        # A number is read as one, from left to right, in every language.
        (number,) = page.locator(f"main a[href='tel:{line.number}']").all()
        assert number.inner_text() == line.words
        assert number.evaluate("a => a.getClientRects().length") == 1, "on one line"
        assert number.evaluate("a => getComputedStyle(a.firstElementChild).direction") == "ltr"
        # On paper nobody can unfold anything.
        step = page.locator("details ol li").first
        assert not step.is_visible()
        page.emulate_media(media="print")
        assert step.is_visible()
        assert not page.locator("[data-leave]").is_visible()
        page.emulate_media(media="screen")
        for path in (
            "/",
            "/d/maple-valley",
            "/report?d=maple-valley",
            "/report/talk",
            "/r/cedar",
            f"/adult/{link}",
            "/back",
            "/talk/live",
            "/nothing",
        ):
            page.goto(prefix + path)
            look(path)
        page.goto(f"{prefix}/d/maple-valley")
        look("what happens", press("details summary"))
        for mark in (".helps header a", ".helps li > a"):
            page.goto(f"{prefix}/d/maple-valley")
            look(f"help {mark}", press(mark))
        page.goto(f"{prefix}/report?d=maple-valley")
        look("what is kept", press("summary"))
        page.locator("#q-text").fill("   ")
        look("an error", press("form .button-primary"))
        page.locator("#q-text").fill(WORDS)
        page.locator("input[name=when][value=now]").check()
        page.locator("form .button-primary").first.click()
        page.locator("#return-code").wait_for()
        page.frame_locator("#live-frame").get_by_text(WORDS).wait_for()
        look("thank you")
        # The first thing that is read there: one's own words, and where they stand.
        inside = page.frame("live")
        assert inside is not None
        if wrong := cut(inside):
            found["the frame"] = wrong
        assert inside.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        for path in ("/talk?said=message", "/talk/live?still=1", "/talk/live?since=1"):
            page.goto(prefix + path)
            look(path)
        look("hide?", press(".hide-link"))
        page.goto(f"{prefix}/talk")
        page.locator("details summary").click()
        look("ended", press("details button"))
        page.goto(f"{prefix}/back")
        page.locator("#code").fill("seven wrong words")
        look("wrong words", press("form .button-primary"))
    assert found == {}
