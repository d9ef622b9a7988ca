"""A referral ends by the family's word; a consent taken back closes the agency's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Windows, sideways
from tests.journeys.test_signing_in import link_in_mail
from tests.servers import System
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

STORY = "The heat is off, and nobody answers at the landlord's."
TOLD = "A family of three without heat asks for help."


def sound(page: Page) -> None:
    """Find no barrier, and nothing wider than the window."""
    assert sideways(page) == 0
    assert barriers(page) == []


def refer(nadia: Page) -> tuple[str, str]:
    """Take a contact and refer it with consent; return its address, and the four words."""
    nadia.goto("/contacts/new")
    sound(nadia)
    nadia.get_by_role("group", name="Is anybody in danger now?").get_by_text(
        "No sign of it"
    ).click()
    district = nadia.get_by_label("School district")
    district.select_option(label="Maple Valley Schools")
    nadia.get_by_label("What is most pressing").select_option("utilities")
    nadia.get_by_label("What they say, in their words").fill(STORY)
    nadia.get_by_role("button", name="Save and find help").click()
    expect(nadia.get_by_text(STORY).first).to_be_visible()
    sound(nadia)
    address = nadia.url
    nadia.get_by_role("link", name="Refer", exact=True).first.click()
    nadia.get_by_text("Yes: an adult, for themselves").click()
    nadia.get_by_label("What the agency is told").fill(TOLD)
    nadia.get_by_label("The agency's email for referrals").fill("intake@helping.example")
    nadia.get_by_label("May we ask whether it helped").select_option("call")
    nadia.get_by_label("At which number").fill("860-555-0143")
    sound(nadia)
    nadia.get_by_role("button", name="Refer", exact=True).click()
    words = nadia.locator("#words").inner_text()
    nadia.get_by_role("link", name="I have told them").click()
    return address, words


def agency_s_page(window: Windows, system: System, words: str) -> Page:
    """Open the agency's page by the link that was mailed."""
    link = link_in_mail(system, "intake@helping.example", r"/r/[\w-]+")
    agency = window(at=system.desk)
    agency.goto(link)
    agency.get_by_label("Four words").fill(words)
    agency.get_by_role("button", name="Open").click()
    expect(agency.get_by_text(TOLD)).to_be_visible()
    sound(agency)
    return agency


def test_referral_is_closed_by_the_family_s_yes(
    desk: Callable[..., Page], window: Windows, system: System
) -> None:
    nadia = desk("nadia@lakeside.example", "/contacts", viewport=PHONE)
    address, words = refer(nadia)
    agency = agency_s_page(window, system, words)
    agency.get_by_text("Has helped them").click()
    agency.get_by_role("button", name="Tell the center").click()
    expect(agency.get_by_text("The center knows now.")).to_be_visible()

    nadia.goto(address)
    expect(nadia.get_by_text("has helped them")).to_be_visible()
    nadia.get_by_role("button", name="They hold a place for an hour").click()
    nadia.get_by_role("button", name="The family says yes").click()
    expect(nadia.get_by_text("The family has said yes")).to_be_visible()
    sound(nadia)
    assert nadia.get_by_role("button", name="End this contact").count() == 0, (
        "the agency ends nothing"
    )
    nadia.get_by_text("What the family says", exact=True).click()
    nadia.get_by_role("group", name="Did it help? What they say").get_by_text(
        "Yes", exact=True
    ).click()
    nadia.locator("textarea[name=own]").fill("It is warm again.")
    nadia.get_by_role("button", name="Keep what they say").click()
    expect(nadia.get_by_text("It is warm again.").first).to_be_visible()
    nadia.get_by_role("button", name="End this contact").click()
    expect(nadia.get_by_text("Ended").first).to_be_visible()
    agency.goto(agency.url)
    expect(agency.get_by_role("heading", name="This referral is closed")).to_be_visible()


def test_consent_taken_back_closes_the_agency_s_page(
    desk: Callable[..., Page], window: Windows, system: System
) -> None:
    nadia = desk("nadia@lakeside.example", "/contacts", viewport=PHONE)
    address, words = refer(nadia)
    agency = agency_s_page(window, system, words)
    nadia.goto(address)
    nadia.get_by_role("button", name="They take their consent back").click()
    expect(nadia.get_by_text("Consent was withdrawn.")).to_be_visible()
    sound(nadia)
    agency.get_by_text("Got it", exact=True).click()
    agency.get_by_role("button", name="Tell the center").click()
    expect(agency.get_by_role("heading", name="This referral is closed")).to_be_visible()
    assert TOLD not in agency.content()
