"""A client's pre-screen, an intake by their yes, the office's conflict check, and a deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, sideways
from tests.journeys.test_signing_in import link_in_mail
from tests.servers import System
from upstander.config.database import Role
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

WIDE = {"width": 1440, "height": 900}
OWN, OTHER, TOLD = "Marisol Arroyo", "Hector Arroyo", "He changed the locks."


def sound(page: Page) -> None:
    """Find no barrier, and nothing wider than the window."""
    assert sideways(page) == 0
    assert barriers(page) == []


def test_intake_goes_from_an_advocate_to_legal_aid(
    desk: Callable[..., Page], system: System
) -> None:
    selma = desk("selma@willow.example", "/clients", viewport=PHONE)
    selma.get_by_role("link", name="New client").click()
    selma.get_by_label("A name of their choosing").fill("Wisp")
    selma.get_by_role("button", name="Open a folder").click()
    selma.get_by_role("link", name="Legal aid, and what falls due").click()
    sound(selma)
    with system.sign_in(Role.OWNER) as database:
        [(now,)] = database.execute("SELECT api.clock_now()").fetchall()
    today = now.date()
    selma.get_by_label("When are they in court?").fill(str(today + dt.timedelta(days=3)))
    selma.get_by_label("What it is about").select_option(label="restraining order")
    selma.get_by_label("County they live in").select_option(label="Hartford")
    selma.get_by_label("How many people live on that income").fill("2")
    selma.get_by_label("Income of the household").fill("18000")
    selma.get_by_role("button", name="Save").click()
    expect(selma.get_by_text("Call now.")).to_be_visible()
    expect(selma.get_by_text("Not yet confirmed")).to_be_visible()
    sound(selma)

    selma.get_by_role("textbox", name="What is due").fill("Papers to the clerk")
    due = dt.datetime.combine(today + dt.timedelta(days=3), dt.time(10))
    selma.get_by_label("By when").fill(due.strftime("%Y-%m-%dT%H:%M"))
    selma.get_by_role("button", name="Note it").click()
    expect(selma.get_by_text("Papers to the clerk")).to_be_visible()
    sound(selma)

    selma.get_by_label("The office’s email for intakes").fill("intake@aid.example")
    selma.get_by_label("Their own name").fill(OWN)
    selma.get_by_label("The other side’s names").fill(OTHER)
    selma.get_by_label("What else they let you tell").fill(TOLD)
    selma.get_by_label("They said yes to each of these").check()
    selma.get_by_role("button", name="Send the intake").click()
    words = selma.locator("#words").inner_text()
    sound(selma)
    selma.get_by_role("link", name="Back to their folder").click()
    expect(selma.get_by_text("It is not opened yet.")).to_be_visible()
    sound(selma)

    ambrose = desk(
        "ambrose@aid.example",
        link_in_mail(system, "intake@aid.example", r"/legal-intakes\?link=[\w-]+"),
        viewport=WIDE,
    )
    sound(ambrose)
    ambrose.get_by_label("Four words").fill(words)
    ambrose.get_by_role("button", name="Open").click()
    expect(ambrose.get_by_text(OTHER)).to_be_visible()
    expect(ambrose.get_by_text(TOLD)).to_have_count(0)
    sound(ambrose)
    ambrose.get_by_role("button", name="Nothing conflicts: take them on").click()
    expect(ambrose.get_by_text(TOLD)).to_be_visible()
    expect(ambrose.get_by_text("Don’t get in touch.")).to_be_visible()
    sound(ambrose)

    selma.reload()
    expect(selma.get_by_text("It opens no more")).to_be_visible()
    selma.goto("/clients")
    expect(selma.get_by_role("link", name="Due for a client").first).to_be_visible()
