"""A driver without an account completes a course by link, on a small phone without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Windows, sideways
from tests.servers import System
from tests.waiting import until
from upstander.training.courses.loading import courses
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

NAME = "Dana Q. Rider"
FILE = (
    "number,name,email,school,job,hired_on\n"
    f"D-7731,{NAME},,Cedar Middle School,bus driver,2024-08-26\n"
)


def a_link(cleo: Page) -> str:
    """Read a driver in, wait until the worker has seen what they owe, make a link to it."""
    cleo.get_by_label("CSV file").set_input_files(
        {"name": "drivers.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    )
    cleo.get_by_role("button", name="Preview").click()
    cleo.get_by_role("button", name="Save", exact=True).click()
    driver = cleo.get_by_role("link", name=NAME)

    def is_late() -> bool:
        cleo.goto("/training")
        return driver.count() > 0

    assert until(is_late, pause=0.5), "the worker sees to what the driver owes"
    driver.first.click()
    cleo.get_by_role("button", name="Make a link to mandated-reporter").click()
    shown: str = cleo.get_by_text(re.compile(r"https?://\S+/training/link/")).inner_text()
    return re.sub(r"^https?://[^/]+", "", shown)


def answer(card: Locator, right: str) -> None:
    """Choose an answer by its words."""
    card.get_by_text(right, exact=True).click()


def test_driver_without_an_account_completes_by_link(
    desk: Callable[..., Page], window: Windows, system: System
) -> None:
    cleo = desk("cleo@maple.example", "/training/employees")
    link = a_link(cleo)
    course = courses()["mandated-reporter"]
    said = {card.texts["es"].text: card for card in course.cards}

    phone = window(at=system.desk, locale="es-US", java_script_enabled=False)
    phone.goto(link)
    assert sideways(phone) == 0
    phone.get_by_role("link", name="Español").click()
    for part in course.parts["es"]:
        expect(phone.get_by_role("heading", name=part.heading, level=1)).to_be_visible()
        assert sideways(phone) == 0
        way_on = phone.get_by_role("link", name="Siguiente")
        if way_on.count():
            way_on.click()
    phone.get_by_role("link", name="Hacer el cuestionario").click()
    assert sideways(phone) == 0
    cards = phone.get_by_role("group").all()
    assert len(cards) == 12
    for card in cards:
        one = said[card.locator("legend").inner_text()]
        answer(card, one.texts["es"].choices[one.right - 1])
    phone.get_by_role("button", name="Enviar mis respuestas").click()
    expect(phone.get_by_role("heading", name="Certificado")).to_be_visible()
    assert NAME not in phone.content()
    phone.get_by_label("¿De quién es?").fill(NAME.upper())
    phone.get_by_role("button", name="Comprobar el nombre").click()
    expect(phone.get_by_text("Este certificado es de")).to_be_visible()
    assert sideways(phone) == 0

    seen = window(at=system.desk, locale="es-US")
    seen.goto(phone.url)
    assert barriers(seen) == []
    seen.goto(link)
    expect(seen.get_by_role("heading", name="This link is over")).to_be_visible()
    cleo.reload()
    expect(cleo.get_by_text("here, by a link").first).to_be_visible()
