"""The main job in real browsers: told, answered, handed off, taken, closed, and read by the child.

The student has no JavaScript; the team member a phone of 360 pixels.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Windows
from tests.servers import System
from upstander.config.database import Role
from upstander.ui.tests.barriers import barriers, sideways

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

TEXT = "Three older boys wait for a boy of grade 7 behind the gym after school."


def sound(page: Page) -> None:
    """Nothing bars the way, and nothing sticks out."""
    assert barriers(page) == []
    assert sideways(page) <= 0, page.url


def newest_tip(system: System) -> str:
    with system.sign_in(Role.OWNER) as owner:
        row = owner.execute(
            "SELECT id FROM tips_tip WHERE tile = 'fight' ORDER BY received_at DESC LIMIT 1"
        ).fetchone()
    assert row is not None
    return str(row[0])


def test_told_answered_handed_off_closed_and_read(
    system: System, window: Windows, desk: Callable[..., Page]
) -> None:
    student = window(java_script_enabled=False)
    student.goto("/r/cedar-middle")
    student.locator("input[name=tile][value=fight]").check(force=True)
    student.locator("input[name=home_safe][value=yes]").check(force=True)
    student.locator("#q-text").fill(TEXT)
    student.locator("form .button-primary").first.click()
    words = student.locator("#return-code").inner_text()
    frame = student.frame_locator("#live-frame")
    expect(frame.get_by_role("heading", level=1)).to_have_text(re.compile("Waiting"))
    tip = newest_tip(system)

    # The counselor claims, answers, and hands it to the school.
    counselor = desk(
        "ben@lakeside.example", f"/tips/{tip}", viewport={"width": 1280, "height": 900}
    )
    counselor.get_by_role("button", name="Claim").click()
    expect(counselor.locator(".tip-head")).to_contain_text("You have it")
    expect(counselor.get_by_text(TEXT)).to_be_visible()
    counselor.wait_for_load_state()  # keys are heard from then on
    counselor.locator("#reply-text").fill("Thank you. When did you see them last?")
    counselor.locator("#reply-text").press("Control+Enter")
    expect(counselor.locator(".bubble-mine")).to_contain_text("When did you see them last?")
    # It comes to the student who only waits, and the words to come back stay in sight.
    expect(frame.get_by_text("When did you see them last?")).to_be_visible()
    assert student.locator("#return-code").inner_text() == words
    student.locator("#message-text").fill("Just now.")
    student.locator("form[action*='/talk/message'] button").first.click()
    expect(counselor.get_by_text("Just now.")).to_be_visible()
    counselor.goto(f"/tips/{tip}/handoff")
    counselor.get_by_label("Brief for them").fill("Three older boys, behind the gym, now.")
    counselor.get_by_role("button", name="Hand off now").click()
    expect(counselor.get_by_text("Handed off.")).to_be_visible()

    # The team member's phone: a mail without a word of it, then the list, then the tip.
    member = desk("tomas@maple.example", "/outbox", viewport=PHONE)
    mail = member.locator(".mails li").first
    expect(mail).to_be_visible()
    assert TEXT not in member.content()
    assert "gym" not in mail.inner_text()
    sound(member)
    member.goto("/team")
    sound(member)
    row = member.locator(f".row:has(a[href='/team/{tip}'])")
    row.get_by_role("button", name="I have it").click()
    member.goto(f"/team/{tip}")
    expect(member.get_by_text("Three older boys, behind the gym, now.")).to_be_visible()
    assert TEXT not in member.content(), "the child's own words stay at the center"
    sound(member)
    for button in member.locator("main button:visible, main summary:visible").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44, button.inner_text()
    member.locator("form[action$='/next'] button[name=step]").first.click()
    expect(member.locator("[aria-labelledby=next]")).to_be_visible()
    member.locator("#reply").fill("A teacher is walking there now.")
    member.get_by_role("button", name="Send to the reporter").click()
    member.locator("#note").fill("Spoke with all three at 3:10.")
    member.get_by_role("button", name="Save note").click()
    expect(member.get_by_text("Spoke with all three at 3:10.")).to_be_visible()
    sound(member)
    member.locator("#close summary").click()
    member.locator("#close input[value=support_given]").check(force=True)
    member.locator("#close-why").fill("Parents told; they walk home with a teacher this week.")
    member.get_by_role("button", name="Close tip").click()
    expect(
        member.get_by_text("Closed. The reporter will see a short message about it.")
    ).to_be_visible()
    sound(member)
    member.goto("/team?closed=1")
    sound(member)

    # The student comes back from another phone and reads how it ended, and nothing else.
    later = window(java_script_enabled=False)
    later.goto("/back")
    later.locator("#code").fill(words)
    later.locator("main .button-primary").click()
    later.goto("/talk/live?still=1")
    read = later.locator("main").inner_text()
    assert "closed" in later.get_by_role("heading", level=1).inner_text().lower()
    assert "A teacher is walking there now." in read
    for secret in (
        "Spoke with all three",
        "Three older boys, behind",
        "Parents told",
        "Tomás",
        "Ben",
    ):
        assert secret not in read
