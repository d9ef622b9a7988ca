"""The queue by keys: j and k reach every row, and c says why it takes none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import newest_tip
from tests.phone import Phone
from tests.servers import System

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow, pytest.mark.soak]

#: Where the focus is, and the rows that can be seen, as they stand.
_ROW: Final = "document.activeElement.closest('.row')"
_SEEN: Final = "[...document.querySelectorAll('.rows .row')].filter(row => row.offsetParent)"
_NEXT: Final = f"by => ({_SEEN}[{_SEEN}.indexOf({_ROW}) + by] || {{id: null}}).id"

Desk = Callable[..., Page]


@pytest.fixture(scope="module")
def system(system_alone: System) -> System:
    """Others' tips would fold with these, and lie before them."""
    return system_alone


def send(system: System, tile: str, text: str) -> str:
    child = Phone(system.public_port)
    form = child.get("/r/birch-high")
    kept = {name: form.field(name) for name in ("token", "district", "school")}
    given = {"tile": tile, "who": "someone", "when": "soon", "text": text}
    assert child.post("/report", {**kept, **given}).code
    return f"tip-{newest_tip(system, tile)}"


def test_every_row_is_reached_past_a_fold_and_past_what_is_hidden(
    system: System, desk: Desk
) -> None:
    for words in ("He was pushed.", "She cries at lunch.", "he was  pushed."):
        send(system, "bullying", words)
    page = desk("nadia@lakeside.example", "/queue")
    fold = page.locator("#rows > .row", has=page.locator(".row-fold")).first
    expect(fold).to_be_visible()
    # One beside it is hidden, as a filter or a call that is over hides one.
    fold.evaluate("row => (row.nextElementSibling || row.previousElementSibling).hidden = true")
    folded, walked = fold.get_attribute("id"), []
    for key, by in (("j", 1), ("k", -1)):
        # Tips of others come and move meanwhile: what is next is looked at anew each time.
        while (wanted := page.evaluate(_NEXT, by)) is not None:
            page.keyboard.press(key)
            assert page.evaluate(f"{_ROW}?.id") == wanted
            walked.append(wanted)
    below = walked.index(folded)
    assert walked[below + 1] != folded
    assert len(walked) > below + 2


def test_of_a_row_that_somebody_has_c_says_who(system: System, desk: Desk) -> None:
    tip = send(system, "drugs", "There is a bag in the locker.")
    ben = desk("ben@lakeside.example", f"/tips/{tip.removeprefix('tip-')}")
    ben.get_by_role("button", name="Claim").first.click()
    expect(ben.locator("#reply-text")).to_be_visible()
    page = desk("nadia@lakeside.example", "/queue")
    said = page.locator("#pressed")
    expect(said).to_be_hidden()
    page.keyboard.press("c")
    expect(said).to_have_text("Select a tip first: press j")
    page.locator(f"#{tip} .row-title a").first.focus()
    page.keyboard.press("c")
    expect(said).to_have_text("This tip can’t be claimed: Ben Castellano has it")
    expect(said).to_be_in_viewport()
    expect(page.locator("#live")).to_have_text("This tip can’t be claimed: Ben Castellano has it")
    page.keyboard.press("j")
    expect(said).to_be_hidden()
    expect(page).to_have_url(re.compile("/queue$"))
