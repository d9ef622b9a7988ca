"""What was typed as a page is left is kept; only what could not be kept holds somebody back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from tests.journeys import newest_tip
from tests.phone import Phone
from tests.servers import System

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]


@pytest.fixture
def tip(system: System) -> str:
    """The address of a child's tip that nobody has."""
    child = Phone(system.public_port)
    form = child.get("/r/cedar-middle")
    kept = {name: form.field(name) for name in ("token", "district")}
    told = {"tile": "bullying", "when": "past", "school": "Cedar Middle School"}
    assert child.post("/report", {**kept, **told, "text": "They call him names."}).code
    return f"/tips/{newest_tip(system, 'bullying')}"


def test_what_is_sent_at_once_is_no_draft(tip: str, desk: Callable[..., Page]) -> None:
    nadia = desk("nadia@lakeside.example", tip, viewport={"width": 1280, "height": 900})
    nadia.clock.install()
    saved: list[str] = []
    nadia.on("request", lambda one: saved.append(one.url) if one.url.endswith("/draft") else None)
    box = nadia.locator("#reply-text")
    box.press_sequentially("We read what you wrote")
    box.press("Control+Enter")
    expect(nadia.locator("#talk")).to_contain_text("We read what you wrote")
    expect(box).to_have_value("")
    # Past the pause after which a draft is saved.
    nadia.clock.run_for(5000)
    assert saved == []
    nadia.goto(tip)
    expect(box).to_have_value("")


def test_what_is_typed_as_the_page_is_left_is_kept(tip: str, desk: Callable[..., Page]) -> None:
    nadia = desk("nadia@lakeside.example", tip, viewport={"width": 1280, "height": 900})
    nadia.locator(".tip-head").get_by_role("button", name="Claim").click()
    held: list[str] = []

    def stay(dialog: Dialog) -> None:
        held.append(dialog.type)
        dialog.accept()

    nadia.on("dialog", stay)
    box, state = nadia.locator("#reply-text"), nadia.locator("[data-kept=reply]")

    # Left before the pause after the last key: it goes with the page, and nobody is asked.
    box.fill("We read what you wrote")
    nadia.goto("/queue")
    assert held == []
    nadia.goto(tip)
    expect(box).to_have_value("We read what you wrote")

    # Too long to outlive the page as it is sent, six bytes for each letter: leaving asks first.
    box.fill("نحن هنا " * 2000)
    nadia.goto("/queue")
    assert held == ["beforeunload"]
    held.clear()
    nadia.goto(tip)

    # It could not be kept: leaving asks, and what is typed goes again although no key came.
    def broken(route: Route) -> None:
        route.fulfill(status=503)

    nadia.route("**/draft", broken)
    box.fill("Where are you now?")
    expect(state).to_contain_text("Not saved")
    nadia.unroute("**/draft", broken)
    nadia.goto("/queue")
    assert held == ["beforeunload"]
    nadia.goto(tip)
    expect(box).to_have_value("Where are you now?")
    nadia.goto("/queue")
    assert held == ["beforeunload"], "kept meanwhile"
