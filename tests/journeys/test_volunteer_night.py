"""A volunteer’s night: a supervisor’s word, a client, a hand-over to the backup, a break."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.journeys.conftest import sideways
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

SIZES: tuple[ViewportSize, ...] = ({"width": 1440, "height": 900}, {"width": 360, "height": 800})


def sound(page: Page) -> None:
    """Find no barrier and nothing wider than the window, on a desk and on a small phone."""
    for size in SIZES:
        page.set_viewport_size(size)
        assert sideways(page) == 0
        assert barriers(page) == []


def test_volunteer_hands_over_and_rests(desk: Callable[..., Page]) -> None:
    odette = desk("odette@willow.example", "/volunteers", viewport=SIZES[0])
    sound(odette)
    odette.get_by_role("button", name="Is a volunteer").first.click()
    expect(odette.get_by_text("Volunteer, takes no contacts yet")).to_be_visible()
    sound(odette)

    selma = desk("selma@willow.example", "/clients/new", viewport=SIZES[0])
    selma.get_by_label("A name of their choosing").fill("Wick")
    selma.get_by_role("button", name="Open a folder").click()
    expect(selma.get_by_text("No supervisor has recorded yet").first).to_be_visible()
    sound(selma)
    odette.get_by_role("button", name="May take contacts").click()
    expect(odette.get_by_text("Volunteer, may take contacts")).to_be_visible()
    selma.get_by_role("button", name="Open a folder").click()
    expect(selma.get_by_role("heading", name="Wick")).to_be_visible()
    sound(selma)

    selma.get_by_role("button", name="Hand over to the backup").click()
    expect(selma.get_by_text("It stays yours until somebody says").first).to_be_visible()
    sound(selma)
    odette.goto(selma.url)
    odette.get_by_role("button", name="I have it").click()
    expect(odette.get_by_text("You have it.").first).to_be_visible()
    expect(odette.get_by_role("heading", name="Wick")).to_be_visible()

    selma.goto("/oncall")
    selma.get_by_role("button", name="I need a break").click()
    expect(selma.get_by_role("button", name="I am back")).to_be_visible()
    sound(selma)
    selma.get_by_role("button", name="I am back").click()
    expect(selma.get_by_role("button", name="I need a break")).to_be_visible()
    odette.goto("/volunteers")
    odette.get_by_role("button", name="Is staff").first.click()
    expect(odette.get_by_role("button", name="Is a volunteer").first).to_be_visible()
