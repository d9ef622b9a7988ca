"""The gallery in a real browser: seen, read out, pressed."""

import itertools
import re
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, Page, expect
from pypdfium2 import PdfDocument

from upstander.ui.tests.barriers import barriers, sideways
from upstander.ui.tests.conftest import blank, open_page

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("on_gallery")]

PAGES = (
    "form",
    "form?wrong",
    "talk",
    "safety",
    "error/public/503",
    "queue",
    "tip",
    "parts",
    "sign_in",
    "error/desk/404",
)
#: Either width in one language and, first, in one scheme; the other scheme's colours follow.
LOOKS = [
    {"viewport": {"width": 360, "height": 740}, "locale": "en", "color_scheme": "light"},
    {"viewport": {"width": 1440, "height": 900}, "locale": "ar", "color_scheme": "dark"},
]


@pytest.mark.parametrize(("name", "look"), list(itertools.product(PAGES, LOOKS)))
def test_page_bars_nobody_and_obeys_the_strictest_policy(
    chromium: Browser, name: str, look: dict[str, Any]
) -> None:
    said: list[str] = []
    # Without motion: colours on their way from one scheme to the other are neither's.
    page = blank(chromium, reduced_motion="reduce", **look)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"/gallery/{name}")
    assert barriers(page) == []
    assert sideways(page) <= 0
    page.emulate_media(color_scheme="dark" if look["color_scheme"] == "light" else "light")
    assert barriers(page, colours=True) == []
    status = re.search(r"\d+$", name)
    assert [line for line in said if not (status and status[0] in line)] == []
    page.context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_holds_when_zoomed_and_with_text_twice_as_big(chromium: Browser, name: str) -> None:
    # 320 pixels are what a zoom of 400 % leaves of a window of 1280.
    page = open_page(chromium, f"/gallery/{name}", viewport={"width": 320, "height": 400})
    assert sideways(page) <= 0
    page.set_viewport_size({"width": 720, "height": 900})
    page.evaluate(
        "for (const s of document.styleSheets) s.insertRule('html{font-size:200%!important}')"
    )
    assert sideways(page) <= 0
    page.context.close()


@pytest.mark.parametrize("name", ["form", "talk", "safety", "error/public/503"])
def test_targets_on_the_reporters_pages_are_big_enough(chromium: Browser, name: str) -> None:
    page = open_page(chromium, f"/gallery/{name}", viewport={"width": 360, "height": 740})
    small = page.evaluate(
        """[...document.querySelectorAll('a, button, select, textarea, summary, .choice, .tile')]
        .filter(e => e.offsetParent && !e.closest('p.words, .skip') && !e.matches('.skip'))
        .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 44 || box.width < 44).map(([html]) => html)"""
    )
    assert small == []
    page.context.close()


def test_first_load_of_the_form_is_light(chromium: Browser) -> None:
    page = blank(chromium)
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(brotli.compress(response.body()))))
    page.goto("/gallery/form", wait_until="networkidle")
    assert len(sizes) <= 3
    assert sum(sizes) < 20_000
    page.context.close()


def left(page: Page) -> list[str]:
    """Watch which addresses the page is left for."""
    gone: list[str] = []
    page.on("request", lambda r: gone.append(r.url) if r.is_navigation_request() else None)
    return gone


def test_shift_three_times_leaves_and_blanks_the_page(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/form")
    page.route("https://www.weather.gov/", lambda route: route.fulfill(status=204))  # stay here
    gone = left(page)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_timeout(100)
    assert gone == ["https://www.weather.gov/"]
    assert page.evaluate("document.documentElement.hidden")
    page.context.close()


def test_shift_while_writing_capitals_stays(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/form")
    gone = left(page)
    page.get_by_label("What happened?").focus()
    for letter in "ABCD":
        page.keyboard.press(f"Shift+{letter}")
    page.wait_for_timeout(100)
    assert gone == []
    assert page.get_by_label("What happened?").input_value() == "ABCD"
    page.context.close()


def test_leaving_works_without_javascript(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/form", java_script_enabled=False)
    gone = left(page)
    page.get_by_role("link", name="Leave this page").click()
    assert gone == ["https://www.weather.gov/"]
    page.context.close()


def test_double_press_sends_once_and_a_later_retry_passes(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/form")
    page.clock.install()
    sent: list[str] = []

    def never(route: Any) -> None:  # a line so slow that no answer comes
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/gallery/form", never)
    page.get_by_label("What happened?").fill("He wrote it again.")
    button = page.get_by_role("button", name="Send it")
    button.click()
    button.click()
    assert sent == ["POST"]
    expect(button).to_be_enabled()
    page.clock.fast_forward(5_100)
    button.click()
    assert sent == ["POST", "POST"]
    page.context.close()


def test_offline_keeps_the_words_on_the_page_and_says_so(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/form")
    page.get_by_label("What happened?").fill("He wrote it again.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent")
    assert page.get_by_label("What happened?").input_value() == "He wrote it again."
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.context.close()


def test_keys_are_listed_pressed_and_turned_off(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/queue")
    page.keyboard.press("?")
    listed = page.locator("dialog[open] dl.keys")
    expect(listed).to_contain_text("Claim")
    expect(listed).to_contain_text("Find")
    off = page.get_by_label("Turn single keys off")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Find")).to_be_focused()
    page.keyboard.type("c?")
    expect(page.get_by_label("Find")).to_have_value("c?")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    off.check()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_label("Find")).not_to_be_focused()
    page.context.close()


def test_a_hidden_dialogs_keys_do_not_work(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/tip")
    page.keyboard.press("h")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.context.close()


def test_chosen_colours_stay(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/queue", color_scheme="light")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    switch = page.get_by_role("button", name="Dark mode")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(ground) != light
    page.reload()
    assert page.evaluate(ground) != light
    page.get_by_role("button", name="Dark mode").click()
    assert page.evaluate(ground) == light
    page.context.close()


def test_countdown_runs_and_turns_late(chromium: Browser) -> None:
    page = blank(chromium)
    page.clock.install()
    page.goto("/gallery/queue")
    first = page.locator(".countdown").first
    expect(first).to_contain_text(re.compile(r"4:[0-3]\d"))
    page.clock.fast_forward("06:00")
    expect(first).to_contain_text(re.compile(r"\+1:[23]\d late"))
    page.context.close()


def test_printed_words_to_come_back_tell_no_story(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/talk", color_scheme="dark")
    page.emulate_media(media="print")
    printed = page.inner_text("body")
    assert "candle" in printed
    assert "knife" not in printed
    assert "911" not in printed
    page.context.close()


def test_printed_tip_gives_exact_times_on_white(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/tip", color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(255, 255, 255)"
    )
    after = page.evaluate("getComputedStyle(document.querySelector('time.ago'), '::after').content")
    assert re.search(r"\d{4}", after)
    assert not page.get_by_role("navigation").is_visible()
    page.context.close()


@pytest.mark.parametrize("name", ["tip", "queue", "parts"])
def test_each_sheet_of_paper_says_what_it_is_by_whom_and_when_and_has_no_button(
    chromium: Browser, name: str
) -> None:
    page = open_page(chromium, f"/gallery/{name}", color_scheme="dark")
    title = page.title().removesuffix(" – Upstander")
    made = PdfDocument(page.pdf(format="Letter"))
    sheets = [sheet.get_textpage().get_text_range() for sheet in made]
    for at, sheet in enumerate(sheets, 1):
        assert f"Upstander: {title}" in sheet
        assert re.search(r"Printed by Ana Ruiz \(Night desk\), as of .*20\d\d, .* [A-Z]{3}", sheet)
        assert f"Page {at} of {len(sheets)}" in sheet
        assert len(sheet) > 300, "no sheet is empty but for its edges"
    page.emulate_media(media="print")
    assert page.locator("main :is(button, input, select, textarea):visible").count() == 0
    page.context.close()


def test_the_paper_that_somebody_comes_in_by_names_nobody(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/sign_in")
    [sheet] = PdfDocument(page.pdf(format="Letter"))
    assert not re.search(r"Ana Ruiz|Printed|Page 1", sheet.get_textpage().get_text_range())
    page.context.close()


def test_on_a_laptop_no_entry_and_no_table_of_half_a_page_is_cut(chromium: Browser) -> None:
    page = open_page(chromium, "/gallery/queue", viewport={"width": 1280, "height": 768})
    cut = page.evaluate(
        """() => {
          const entry = document.querySelector('.rail nav a span')
          entry.textContent = 'How all of these reports were made'
          const main = document.querySelector('main')
          const cells = '<td>text message</td><td class="whole">Some failures</td>'
          main.innerHTML = `<div class="split split-even">${
            `<section><table class="table"><tr><th>provider</th>${cells}
             <td><time>Jan. 16, 2026, 10:25 a.m.</time></td></tr></table></section>`.repeat(2)
          }</div>`
          const ends = (one) => one.getBoundingClientRect().right
          const past = [...main.querySelectorAll('table')]
            .filter((one) => ends(one) > ends(one.parentElement) + 1)
          const range = document.createRange()
          range.selectNodeContents(entry)
          if (ends(range) > ends(entry.closest('nav'))) past.push(entry)
          return past.map((one) => one.textContent)
        }"""
    )
    assert cut == []
    page.context.close()
