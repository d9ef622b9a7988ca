"""A teacher isn't sure: they ask, keep it for themselves, and it becomes their own report."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Windows, sideways
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

SEEN = "He flinches when the door opens, and his lunch is never there."


def sound(page: Page) -> None:
    """Find no barrier, and nothing wider than the window."""
    assert sideways(page) == 0
    assert barriers(page) == []


def test_what_a_teacher_asks_becomes_their_duty_and_nobody_else_s_until_then(
    desk: Callable[..., Page],
) -> None:
    terry = desk("terry@maple.example", "/suspect", viewport=PHONE)
    terry.get_by_role("link", name="Not sure? Should I report?").click()
    expect(terry.get_by_text("Asking here is not reporting.").first).to_be_visible()
    terry.get_by_text("Something feels wrong, and I can’t say what").click()
    panel = terry.locator("details[open]")
    expect(panel.get_by_role("link", name=re.compile("Careline"))).to_be_visible()
    expect(panel.get_by_text("Asking here is not reporting.")).to_be_visible()
    sound(terry)
    terry.get_by_label("What you saw or heard, and what you are unsure of").fill(SEEN)
    terry.get_by_role("button", name="Keep it for me alone").click()
    expect(terry.get_by_role("heading", name="What you asked yourself")).to_be_visible()
    expect(terry.get_by_text(SEEN)).to_be_visible()
    sound(terry)
    address = terry.url

    # The principal's own page knows of none, and theirs is nowhere.
    paula = desk("paula@maple.example", "/consults", viewport={"width": 1440, "height": 900})
    expect(paula.get_by_role("heading", name="What you kept")).to_have_count(0)
    assert paula.request.get(address).status == 404

    terry.get_by_role("link", name="I suspect: begin my report with this").click()
    expect(terry.get_by_label("What you saw or heard")).to_have_value(SEEN)
    terry.get_by_text("Suspected abuse or neglect of a child").first.click()
    terry.get_by_role("group", name="Who on staff is it about?").get_by_text(
        "No one on staff"
    ).click()
    terry.locator("label:has([name=since][value=now])").click()
    terry.get_by_role("button", name="I suspect: begin my report").click()
    expect(terry.get_by_role("heading", name="1. Report now")).to_be_visible()
    expect(terry.get_by_text("Asked themselves first whether to report")).to_be_visible()
    expect(terry.get_by_text(SEEN)).to_be_visible()
    terry.goto(address)
    expect(terry.get_by_role("link", name="It became your report: open it")).to_be_visible()


def test_a_neighbor_without_javascript_reads_in_spanish_and_prints_a_paper(
    window: Windows,
) -> None:
    page = window(viewport=PHONE, java_script_enabled=False)
    page.goto("/es/d/maple-valley")
    page.get_by_role("link", name="¿Debo denunciar?").click()
    page.get_by_text("Algo no está bien y no sé decir qué").click()
    panel = page.locator("details[open]")
    expect(panel.locator("a[href='tel:1-800-842-2288']")).to_be_visible()
    for number in ("911", "988"):
        expect(page.locator(f".strips a[href='tel:{number}']")).to_be_visible()
    page.get_by_role("link", name="Una hoja para anotarlo, solo para usted").click()
    expect(page.get_by_role("heading", name="Lo que vi u oí")).to_be_visible()
    assert page.locator("input, textarea").count() == 0
    assert page.context.cookies() == []
