"""A call to 911 and the question about names are done where the tip's words stand."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys import one_page
from tests.journeys.one_page import SCREEN, WORDS, Counted, Desk, tell
from tests.servers import System
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

desk = one_page.desk


def test_a_call_to_911_is_decided_and_recorded_without_leaving(system: System, desk: Desk) -> None:
    _, tip = tell(system, WORDS, place="14 Elm Street, upstairs")
    page = desk(SCREEN)
    counted = Counted(page)
    page.goto(f"/tips/{tip}")
    counted.press(page.get_by_role("button", name="Call: what to say"))
    expect(page.locator("#said")).to_contain_text("nobody has called yet")
    form = page.get_by_role("form", name="I called")
    form.locator("[name=line]").select_option(index=1)
    form.get_by_role("button", name="Record my call").click()
    expect(page.locator("#said")).to_contain_text("You will be asked whether help arrived.")
    expect(form).to_have_count(0)
    expect(page.locator("[data-part=four-911]")).to_contain_text("14 Elm Street, upstairs")
    expect(page.get_by_text(WORDS)).to_be_in_viewport(ratio=1)
    assert counted.loads == 1


def test_named_person_is_asked_about_and_stops_nothing(system: System, desk: Desk) -> None:
    _, tip = tell(system, "Miriam Vale shouts at her every day.")
    page = desk(SCREEN)
    counted = Counted(page)
    page.goto(f"/tips/{tip}")
    counted.press(page.locator(".tip-head").get_by_role("button", name="Claim"))
    expect(page.locator(".tip-head")).to_contain_text("You have it")
    counted.press(page.locator(".tip-head").get_by_role("link", name="Hand off"))
    expect(page.locator("[data-panel=handoff]")).to_contain_text("Miriam Vale")
    assert page.locator("[name=meant_people]:checked, [name=meant]:checked").count() == 0
    counted.press(page.get_by_role("button", name="Hand off now"))
    expect(page.locator("#said")).to_contain_text("Handed off.")
    waits = page.locator("[data-part=named]")
    expect(waits).to_contain_text("Miriam Vale")
    expect(waits).to_contain_text("because of")
    assert counted.presses == 3
    waits.get_by_text("No: they are only mentioned").click()
    waits.get_by_role("button", name="Save the answer").click()
    expect(waits).not_to_contain_text("Miriam Vale")
    assert counted.loads == 1
    assert barriers(page) == []


def test_what_is_known_is_taken_into_the_assessment_by_a_press(system: System, desk: Desk) -> None:
    _, tip = tell(system, WORDS, place="14 Elm Street, upstairs")
    page = desk(SCREEN)
    page.goto(f"/tips/{tip}/assess")
    expect(page.locator("#id_place_now")).to_have_value("")
    expect(page.locator("#id_imminence")).to_have_value("")
    page.get_by_role("button", name="14 Elm Street, upstairs").click()
    expect(page.locator("#id_place_now")).to_have_value("14 Elm Street, upstairs")
    page.get_by_role("button", name="How soon: now (the reporter says)").click()
    expect(page.locator("#id_imminence")).to_have_value("now")
    expect(page.locator("[data-take]")).to_have_count(0)
