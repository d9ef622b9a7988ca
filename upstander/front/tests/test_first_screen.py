"""What stands where on a phone: the box first, the way out beside nothing, the newest in sight."""

from __future__ import annotations

from itertools import pairwise, product

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings

from conftest import Cast
from upstander.doors.tests.site import WORDS, Site
from upstander.front.tests.browser import browsing
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.browser

PREFIXES = ["", "/es", "/ar"]
PHONE = {"width": 360, "height": 740}

#: Boxes of everything that is read or chosen, as (what, left, top, right, bottom) of the window.
_BOXES = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const add = (what, box) => { if (box.width > 1 && box.height > 1)
    found.push([what, box.left, box.top, box.right, box.bottom]); };
  const out = document.querySelector("[data-leave]");
  for (let node; (node = walker.nextNode());) {
    if (!node.data.trim() || out.contains(node)) continue;
    if (node.parentElement.closest(".hide, .skip")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) add(node.data.trim(), box);
  }
  for (const one of document.querySelectorAll("input:not([type=hidden]), textarea, button, label"))
    if (!one.matches(".hide")) add(one.name || one.outerHTML, one.getBoundingClientRect());
  return found;
}"""


def foot(page: Page, at: str) -> float:
    """Return where an element ends, from the top of the page, once its styles are there."""
    page.locator(at).first.wait_for()
    page.wait_for_load_state("load")
    box = page.locator(at).first.bounding_box()
    assert box is not None, at
    return box["y"] + box["height"]


def covered(page: Page) -> list[str]:
    """Return what the way out lies upon now, were it by a pixel, and stands out beside it."""
    box = page.locator("[data-leave]").bounding_box()
    assert box is not None
    left, top, right, bottom = box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]
    return [
        what
        for what, x, y, to_x, to_y in page.evaluate(_BOXES)
        if x < right
        and to_x > left
        and y < bottom
        and to_y > top
        # What is scrolled under a strip as wide as the window is out of sight, like all above it.
        and not page.evaluate(
            "([x, y]) => document.elementsFromPoint(x, y).some(e => e.matches('.leave-strip'))"
            " && !document.elementsFromPoint(x, y)[0].closest('main, .top, .crisis, footer')",
            [(max(x, left) + min(to_x, right)) / 2, (max(y, top) + min(to_y, bottom)) / 2],
        )
    ]


@pytest.mark.parametrize("demo", [False, True])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_box_and_send_are_on_the_first_screen(
    chromium: Browser, site: Site, settings: Settings, prefix: str, demo: bool
) -> None:
    settings.DEMO = demo  # a line more at the top
    with browsing(chromium, site, java_script_enabled=False, viewport=PHONE) as page:
        for path in ("/report", "/r/cedar", "/report/talk", "/r/cedar/talk"):
            page.goto(prefix + path)
            assert page.locator(".demo").count() == demo
            box, send = foot(page, "#q-text"), foot(page, "form .button-primary")
            assert box < send <= PHONE["height"], path
            if "talk" in path:
                # What can't stay there is read first.
                assert foot(page, "main h1 + .before") < box


@pytest.mark.parametrize("prefix", PREFIXES)
def test_thanks_and_words_are_on_the_first_screen(
    chromium: Browser, site: Site, prefix: str
) -> None:
    for when, javascript in (
        ("past", False),
        ("past", True),
        ("", False),
        ("", True),
        ("now", True),
    ):
        with browsing(chromium, site, java_script_enabled=javascript, viewport=PHONE) as page:
            page.goto(f"{prefix}/report?d=maple-valley")
            page.locator("#q-text").fill(WORDS)
            if when:
                page.locator(f"input[name=when][value={when}]").check()
            page.locator("form .button-primary").first.click()
            end = foot(page, "#return-code")
            assert end < page.locator("#live-frame").bounding_box()["y"]  # type: ignore[index]
            if when == "now":
                # Whom to call stands before the words, and both begin on the first screen.
                danger, heading = foot(page, "main .notice-error"), foot(page, "#code-title")
                assert danger < heading < PHONE["height"]
                continue
            assert end <= PHONE["height"]
            if not when:
                assert end < foot(page, "main .notice-error"), "right under the words"
            if page.locator("[data-copy]").is_visible():
                assert foot(page, "[data-copy]") <= PHONE["height"]


@pytest.mark.parametrize(
    ("prefix", "width"),
    [*product(PREFIXES, (320, 360)), ("", 768), ("/ar", 1440)],
)
def test_the_way_out_covers_nothing_and_is_always_there(
    chromium: Browser, site: Site, prefix: str, width: int
) -> None:
    with browsing(
        chromium, site, viewport={"width": width, "height": 740}, reduced_motion="reduce"
    ) as page:
        page.goto(f"{prefix}/report?d=maple-valley")
        page.locator("#q-text").fill(WORDS)
        page.locator("form .button-primary").first.click()
        page.locator("#return-code").wait_for()
        page.wait_for_load_state()  # what answers a press is there before its styles are
        seen = {"thank you": page.url}
        for path in ("/", "/d/maple-valley", "/report", "/back", "/talk", "/nothing"):
            seen[path] = f"{prefix}{path}"
        for name, path in seen.items():
            if name != "thank you":
                page.goto(path)
            # What is scrolled away goes under a strip as wide as the window, never beside a button.
            strips = page.locator(".strips").bounding_box()
            assert strips is not None
            assert strips["width"] == page.evaluate("document.documentElement.clientWidth")
            tall = page.evaluate("document.documentElement.scrollHeight")
            for top in range(0, max(tall - 740, 1) + 370, 370):
                page.evaluate(f"scrollTo(0, {top})")
                box = page.locator("[data-leave]").bounding_box()
                assert box is not None
                assert 0 <= box["y"] <= 740 - box["height"], (name, top)
                assert box["height"] >= 44, "big enough for a thumb"
                assert covered(page) == [], (name, top)
            # Nothing that is moved to by keyboard stops under the strips.
            page.evaluate("scrollTo(0, 0)")
            under = page.evaluate(
                """() => [...document.querySelectorAll("main :is(a, button, input, textarea)")]
                  .filter(one => one.offsetParent && !one.matches("[type=hidden], .hide"))
                  .map(one => {
                    one.focus(); one.scrollIntoView({block: "start"});
                    return [one.outerHTML.slice(0, 80), one.getBoundingClientRect().top
                      - document.querySelector(".crisis").getBoundingClientRect().bottom]; })
                  .filter(([, free]) => free < -1)"""
            )
            assert under == [], name


def test_leaving_empties_the_page(chromium: Browser, site: Site) -> None:
    with browsing(chromium, site) as page:
        page.goto("/report")
        page.locator("#q-text").fill(WORDS)
        page.route("**/leave", lambda route: route.fulfill(status=204))
        page.locator("[data-leave]").click()
        page.wait_for_timeout(100)
        assert page.evaluate("document.querySelectorAll('textarea, input, main').length") == 0
        assert page.title().strip("\u200b") == ""


@pytest.mark.parametrize("javascript", [False, True])
def test_a_change_of_language_keeps_all_and_leaves_nothing(
    chromium: Browser, site: Site, javascript: bool
) -> None:
    typed = {"#q-text": "Linea 1\nسطر 2", "#q-place": "Gym", "#q-not_see": "Coach Ñ"}
    with browsing(chromium, site, java_script_enabled=javascript, viewport=PHONE) as page:
        page.goto("/report?d=maple-valley")
        for at, words in typed.items():
            page.locator(at).fill(words)
        for name, value in (("who", "me"), ("tile", "suicide"), ("home_safe", "no")):
            page.locator(f"input[name={name}][value={value}]").check()
        token = page.locator("input[name=token]").get_attribute("value")
        for language in ("es", "ar", "en"):
            page.locator(f"nav.languages button[value={language}]").click()
            assert page.locator("html").get_attribute("lang") == language
            for at, words in typed.items():
                assert page.locator(at).input_value() == words
            for name, value in (("who", "me"), ("tile", "suicide"), ("home_safe", "no")):
                assert page.locator(f"input[name={name}][value={value}]").is_checked()
            assert page.locator("input[name=token]").get_attribute("value") == token
        assert page.context.cookies() == []
        if javascript:
            assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        assert not Tip.objects.exists()
        # Enter in a field sends the form, whatever stands before it on the page.
        page.locator("#q-place").press("Enter")
        page.locator("#return-code").wait_for()
        code = page.locator("#return-code").inner_text()
        page.locator("#message-text").fill("Still here.")
        page.locator("input[name=means][value=yes]").check()
        page.locator("nav.languages button[value=ar]").click()
        assert page.locator("html").get_attribute("lang") == "ar"
        assert page.locator("#message-text").input_value() == "Still here."
        assert page.locator("input[name=means][value=yes]").is_checked()
        assert page.locator("#return-code").inner_text() == code


@pytest.mark.parametrize("javascript", [False, True])
def test_the_newest_is_in_sight_and_read_last(
    chromium: Browser, site: Site, cast: Cast, javascript: bool
) -> None:
    with browsing(chromium, site, java_script_enabled=javascript, viewport=PHONE) as page:
        page.goto("/report?d=maple-valley")
        page.locator("#q-text").fill(WORDS)
        page.locator("form .button-primary").first.click()
        alice, tip = cast.viewer("alice"), Tip.objects.get().pk
        claim_tip(alice, tip)
        opened = open_tip(alice, tip)
        for number in range(8):
            add_reply(opened, f"Reply number {number}. " + "Some more words of it. " * 4)
        page.goto("/talk")
        frame = page.frame_locator("#live-frame")
        newest = frame.get_by_text("Reply number 7.")
        newest.wait_for()
        page.wait_for_timeout(300)
        inside = page.locator("#live-frame").bounding_box()
        last, first = newest.bounding_box(), frame.get_by_text(WORDS).bounding_box()
        assert inside is not None
        assert last is not None
        assert first is not None
        assert inside["y"] <= last["y"]
        assert last["y"] + last["height"] <= inside["y"] + inside["height"]
        assert last["y"] + last["height"] <= PHONE["height"], "on the first screen"
        assert first["y"] < inside["y"], "the oldest is above, to be scrolled to"
        heard = frame.locator("body").aria_snapshot()
        order = [heard.index(WORDS)] + [heard.index(f"Reply number {n}.") for n in range(8)]
        assert all(before < after for before, after in pairwise(order))
        assert page.evaluate("scrollY") == 0, "the page around the frame has not moved"

        page.goto("/talk/live?still=1")
        start = page.get_by_text(WORDS).bounding_box()
        assert start is not None
        assert 0 <= start["y"] < PHONE["height"], "to read in, it begins at the beginning"
