"""A student who wants to talk, not report: by phone, in Spanish and Arabic, with no JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys import newest_talk
from tests.journeys.conftest import Windows
from tests.journeys.test_student import in_its_language
from tests.servers import System

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

#: What it writes, what can't stay there, the words of the yes, and what it is told.
SAID = {
    "/es": (
        "No puedo dormir.",
        "Si una vida peligra",
        "Sí, pueden saberlo.",
        "porque dijiste que sí",
    ),
    "/ar": ("لا أستطيع النوم.", "حياة في خطر", "نعم، يمكنهم أن يعرفوا.", "لأنك وافقت"),
}
SCHOOL_S = {"/es": "equipo de tu escuela", "/ar": "فريق مدرستك"}


def barriers(page: Page) -> list[str]:
    """Return what axe finds."""
    return [one["id"] for one in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("prefix", SAID)
def test_a_talk_is_the_centers_until_the_child_says_yes(
    window: Windows, system: System, desk: Callable[..., Page], prefix: str
) -> None:
    text, cant_stay, yes, told = SAID[prefix]
    # With a script, for axe alone: the same pages without one are the student's below.
    look = window()
    look.goto(f"{prefix}/report/talk?d=maple-valley")
    assert barriers(look) == []
    page = window(java_script_enabled=False)
    page.goto(f"{prefix}/d/maple-valley")
    page.locator("main a[href*='/report/talk']").click()
    in_its_language(page, prefix)
    expect(page.locator("main h1 + p")).to_contain_text(cant_stay)
    page.locator("#q-text").fill(text)
    page.locator("input[name=who][value=me]").check(force=True)
    page.locator("form .button-primary").first.click()
    in_its_language(page, prefix)
    assert len(page.locator("#return-code").inner_text().split()) == 7
    expect(page.locator("#next")).to_contain_text(cant_stay)
    assert SCHOOL_S[prefix] not in page.content()

    # The center's queue has it as a talk, by a filter of its own, and hands nothing off.
    nadia = desk("nadia@lakeside.example", "/queue?state=talks")
    expect(nadia.locator("li.row .row-talk").first).to_be_visible()
    tip = newest_talk(system)
    nadia.goto(f"/tips/{tip}")
    nadia.get_by_role("button", name="Claim").first.click()
    expect(nadia.locator(".tip-head")).to_contain_text("You have it")
    nadia.goto(f"/tips/{tip}/handoff")
    assert barriers(nadia) == []
    _hand_off(nadia)
    expect(nadia.get_by_text("can’t have said yes yet")).to_be_visible()

    # She asks with the prepared question; the child says yes; now it goes, and the child is told.
    nadia.goto(f"/tips/{tip}")
    asked = "¿Puede saberlo tu escuela?"
    nadia.locator("#reply textarea, textarea[name=text]").first.fill(asked)
    nadia.get_by_role("button", name="Send to the reporter").click()
    # A yes that comes before the question is none.
    expect(nadia.locator(".bubble", has_text=asked).first).to_be_visible()
    page.locator("#message-text").fill(yes)
    page.locator("#talk-form .button-primary").first.click()
    expect(page.frame_locator("#live-frame").locator(".talk")).to_contain_text(yes)
    nadia.goto(f"/tips/{tip}/handoff")
    _hand_off(nadia)
    expect(nadia.get_by_text("Below you can see who has been asked")).to_be_visible()
    page.goto(f"{prefix}/talk")
    frame = page.frame_locator("#live-frame")
    expect(frame.locator(".told")).to_contain_text(told)
    expect(frame.locator(".talk")).to_contain_text(yes)
    in_its_language(page, prefix)


def _hand_off(desk: Page) -> None:
    desk.locator("input[name=ground][value=yes]").check(force=True)
    desk.locator("input[name=teams]").first.check(force=True)
    # Who would get it stands beside the form before it can go.
    expect(desk.locator("[data-who]")).not_to_contain_text("No team is chosen yet")
    desk.locator("textarea[name=brief]").fill("Somebody who cannot sleep and asks for company.")
    desk.get_by_role("button", name="Hand off now").click()
    desk.wait_for_load_state()
