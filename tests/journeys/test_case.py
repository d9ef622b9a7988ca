"""A team works a tip to a closed case, and looks again after it was closed."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, sideways
from tests.journeys.test_team_member import a_tip
from tests.servers import System
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]


def sound(page: Page) -> None:
    """Find no barrier, and nothing wider than the window."""
    assert sideways(page) == 0
    assert barriers(page) == []


def test_from_a_tip_to_a_closed_case_that_is_looked_at_again(
    system: System, desk: Callable[..., Page]
) -> None:
    ruth = desk("ruth@lakeside.example", "/queue", viewport={"width": 1440, "height": 900})
    child, tip = a_tip(system, ruth)
    miriam = desk("miriam@maple.example", f"/team/{tip}", viewport=PHONE)
    miriam.get_by_role("button", name="I have it").click()
    miriam.get_by_role("link", name="Open a case from this tip").click()
    miriam.get_by_label("Why is it opened?").fill("He needs more than one talk.")
    sound(miriam)
    miriam.get_by_role("button", name="Open the case").click()
    expect(miriam).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}"))
    case = miriam.url.split("?")[0].split("#")[0]

    # Support first: parents are offered once somebody has answered whether home is safe.
    doing = miriam.locator("section", has=miriam.locator("#doing"))
    kinds = doing.locator("#do-what")
    expect(kinds.locator("option[value=parents]")).to_have_count(0)
    doing.locator("summary", has_text="Add to the list").click()
    kinds.select_option("check_in")
    doing.get_by_role("button", name="Add to the list").click()
    expect(doing.get_by_text("Mark as done, or reassign")).to_be_visible()
    sound(miriam)
    doing.get_by_text("Mark as done, or reassign").click()
    doing.get_by_label("How did it go?").first.fill("We talked, and his mother came.")
    doing.get_by_role("button", name="Done").first.click()

    # Life was in danger: whoever leads asks, and somebody else closes.
    close(miriam)
    expect(miriam.get_by_text("A second person reviews it").first).to_be_visible()
    tomas = desk("tomas@maple.example", case.removeprefix(system.desk), viewport=PHONE)
    tomas.get_by_label("What you reviewed, or what is missing").fill("Both notes.")
    tomas.get_by_role("button", name="I agree: close it").click()
    expect(tomas.get_by_text("Look again, 7 days after closing").first).to_be_visible()
    sound(tomas)

    # What the reporter reads says how it stands, and nothing of what was written.
    talk = child.get("/talk/live").text
    assert "his mother" not in talk
    assert "more than one talk" not in talk


def close(page: Page) -> None:
    """Ask that a case be closed."""
    page.get_by_text("Close the case").click()
    page.get_by_label("How did it end?").select_option("resolved")
    page.get_by_label("What was the result, for the student and for others?").fill("He is better.")
    # A decision about 911 was asked for at the tip, and nobody has made it: that is said.
    undone = page.get_by_label(re.compile("Still open: "))
    if undone.count():
        undone.check()
    page.get_by_role("button", name="Close case").click()
