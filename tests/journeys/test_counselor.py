"""A counselor's night by keyboard alone: hear of a tip, claim, answer, judge, hand off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import newest_tip, sign_in
from tests.phone import Phone
from tests.servers import System
from upstander.ui.tests.barriers import barriers, sideways

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

WORDS = "My friend in grade 8 says she does not want to be here tomorrow."


@pytest.fixture(scope="module")
def desks(system: System, chromium: Browser) -> Iterator[tuple[Page, Page]]:
    """Two counselors who have signed in, each in a browser of their own."""
    contexts = [
        chromium.new_context(
            base_url=system.desk, locale="en-US", viewport={"width": 1280, "height": 900}
        )
        for _ in range(2)
    ]
    complaints: list[str] = []
    pages = []
    for context, email in zip(
        contexts, ("nadia@lakeside.example", "ben@lakeside.example"), strict=True
    ):
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        sign_in(page, system, email, "/queue")
        expect(page.get_by_role("heading", name="Queue")).to_be_visible()
        pages.append(page)
    yield pages[0], pages[1]
    for context in contexts:
        context.close()
    assert complaints == []


def walk_to(page: Page, row: str) -> None:
    """Press ``j`` until the focus is on a row."""
    for _ in range(80):
        page.keyboard.press("j")
        if page.evaluate("document.activeElement.closest('.row')?.id") == row:
            return
    pytest.fail(f"the keys never came to {row}")


def test_a_night_by_keyboard(system: System, desks: tuple[Page, Page]) -> None:
    nadia, ben = desks
    child = Phone(system.public_port)
    form = child.get("/r/cedar-middle")
    answers = {"who": "someone", "when": "now", "tile": "suicide", "school": "Cedar Middle School"}
    kept = {name: form.field(name) for name in ("token", "district")}
    thanks = child.post("/report", {**kept, **answers, "text": WORDS})
    assert thanks.code

    # It is on both screens at once, read out, and in the title.
    row = nadia.locator(".row[data-alarm]", has_text="1 unanswered").first
    expect(nadia.locator("#live")).to_contain_text("New life-safety tip")
    expect(nadia).to_have_title(re.compile(r"^\(\d+\) LIFE SAFETY"))
    fresh = f"tip-{newest_tip(system, 'suicide')}"
    expect(ben.locator(f"#{fresh}")).to_be_visible()
    assert WORDS not in nadia.content()
    assert row.count()

    # Claim with the keyboard; the colleague sees who has it.
    nadia.wait_for_timeout(500)
    walk_to(nadia, fresh)
    nadia.keyboard.press("c")
    expect(nadia).to_have_url(re.compile(r"/tips/[0-9a-f-]+#reply$"))
    expect(ben.locator(f"#{fresh}")).to_contain_text("Nadia Okafor has it")
    expect(ben.locator(f"#{fresh} .row-here")).to_contain_text("open at Nadia Okafor")

    # Prompts go into the box and are sent only by a press of their own.
    expect(nadia.get_by_text(WORDS)).to_be_visible()
    box = nadia.locator("#reply-text")
    nadia.keyboard.press("1")
    # The box has the focus, where it can be worded on and sent; Escape leaves it.
    expect(box).to_be_focused()
    nadia.keyboard.press("Escape")
    nadia.keyboard.press("2")
    expect(box).to_be_focused()
    expect(box).to_have_value(re.compile("real person.*\nAre you safe to write", re.DOTALL))
    expect(nadia.locator("[data-kept=reply]")).to_have_text("Draft saved")
    assert "safe to write" not in child.get("/talk/live").text
    nadia.keyboard.press("Control+Enter")
    expect(nadia.locator(".bubble-mine")).to_contain_text("Are you safe to write?")
    expect(box).to_have_value("")
    talk = child.get("/talk/live")
    assert "Are you safe to write?" in talk.text

    # The answer comes while she types, and costs her neither a letter nor her place.
    nadia.keyboard.press("r")
    nadia.keyboard.type("Where is")
    child.post("/talk/message", {"text": "In the library now."})
    expect(nadia.get_by_text("In the library now.")).to_be_visible()
    expect(box).to_have_value("Where is")
    expect(box).to_be_focused()
    expect(nadia.locator("#live")).to_have_text("New message from the reporter")

    # A colleague reads nothing of what she has begun, unless he takes the tip over.
    nadia.keyboard.press("Escape")
    expect(nadia.locator("[data-kept=reply]")).to_have_text("Draft saved")
    ben.goto(nadia.url.split("#", maxsplit=1)[0])
    expect(ben.locator("#talk").get_by_text("In the library now.")).to_be_visible()
    expect(ben.get_by_text("Nadia Okafor started a reply")).to_have_count(0)

    # Judge: the suggestion follows what is ticked; she decides.
    nadia.keyboard.press("a")
    expect(nadia.locator("#id_category")).to_be_visible()
    nadia.locator("#id_category").select_option("suicide_ideation")
    nadia.locator("#id_means").select_option("at_hand")
    expect(nadia.locator("#suggestion")).to_contain_text("Means of harm are within reach.")
    nadia.locator("[name=priority][value=life_safety]").check()
    nadia.get_by_role("button", name="Save assessment").first.focus()
    nadia.keyboard.press("Enter")
    expect(nadia.locator("[data-part=judgement]").get_by_text("At hand")).to_be_visible()

    # Hand off: who gets it is shown beside the brief, and it goes.
    nadia.keyboard.press("h")
    expect(nadia.get_by_text("Grace Hallam, Miriam Vale")).to_be_visible()
    nadia.get_by_label("Brief for them").fill("A student of grade 8, library, now. Find her first.")
    nadia.get_by_role("button", name="Hand off now").focus()
    nadia.keyboard.press("Enter")
    expect(nadia.get_by_text("Handed off.")).to_be_visible()
    # Whoever is on call at the school; who that is, the demo's plan says.
    expect(nadia.locator("[data-part=banner]")).to_contain_text(re.compile("[1-9] asked"))
    nadia.keyboard.press("q")
    expect(nadia).to_have_url(re.compile("/queue$"))


def test_nothing_bars_the_way(desks: tuple[Page, Page]) -> None:
    page, _ = desks
    page.set_viewport_size({"width": 360, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    page.goto("/queue?state=claimed")
    tip = page.locator(".row-title a").first.get_attribute("href")
    for address in (
        "/queue",
        "/queue/mine",
        "/queue?find=XXXX-XXXX",
        f"{tip}",
        f"{tip}/assess",
        f"{tip}/handoff",
        f"{tip}/keep-out",
        f"{tip}/close",
    ):
        page.goto(address)
        assert barriers(page) == []
        assert sideways(page) <= 0, address
        page.emulate_media(color_scheme="dark")
        assert barriers(page, colours=True) == []
        page.emulate_media(color_scheme="light")
