"""An agency of advocates: a plan is made and printed, and an advocate goes to a hospital."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, sideways
from tests.translated import english_in
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

WIDE = {"width": 1440, "height": 900}


def sound(page: Page) -> None:
    """Find no barrier, and nothing wider than the window."""
    assert sideways(page) == 0
    assert barriers(page) == []


def test_advocate_plans_and_goes_along(desk: Callable[..., Page]) -> None:
    odette = desk("odette@willow.example", "/clients", viewport=WIDE)
    expect(odette.get_by_role("link", name="Heron")).to_be_visible()
    sound(odette)
    odette.get_by_role("link", name="New client").click()
    sound(odette)
    odette.get_by_label("A name of their choosing").fill("Moth")
    odette.get_by_label("Language they speak").select_option(label="Spanish")
    odette.get_by_role("button", name="Open a folder").click()
    expect(odette.get_by_text("Don’t get in touch.")).to_be_visible()
    sound(odette)

    odette.get_by_role("link", name="Safety plan").click()
    odette.get_by_label("Si me voy").fill("A casa de mi tía")
    sound(odette)
    with odette.expect_popup() as opened:
        odette.get_by_role("button", name="Print it for them").click()
    opened.value.close()
    odette.get_by_label("They want it kept in their folder").check()
    odette.get_by_role("button", name="Save the plan").click()
    expect(odette.get_by_label("Si me voy")).to_have_value("A casa de mi tía")

    odette.get_by_role("link", name="Moth").click()
    odette.get_by_role("link", name="Arrange accompaniment").click()
    odette.get_by_role("group", name="To which place").get_by_text("hospital", exact=True).click()
    odette.get_by_label("Where exactly").fill("Harbor General, north entrance")
    odette.get_by_label("Who may know that an advocate is coming").fill("Only the charge nurse")
    sound(odette)
    odette.get_by_role("button", name="Ask for an advocate").click()
    expect(odette.get_by_role("heading", name="Can you go?")).to_be_visible()
    sound(odette)
    path = re.sub(r"^https?://[^/]+", "", odette.url)

    selma = desk("selma@willow.example", path, viewport=PHONE)
    selma.get_by_role("button", name="I go").click()
    for pressed in ("Arrived", "Left", "Safe home"):
        expect(selma.get_by_role("button", name=pressed)).to_be_visible()
        sound(selma)
        selma.get_by_role("button", name=pressed).click()
    expect(selma.get_by_text("Safe home", exact=True).first).to_be_visible()
    sound(selma)


@pytest.mark.parametrize("window_of", [PHONE, WIDE], ids=["phone", "wide"])
def test_advocate_reads_her_pages_in_spanish(
    desk: Callable[..., Page], window_of: dict[str, int]
) -> None:
    odette = desk("odette@willow.example", "/people/me/", viewport=window_of)

    def choose(language: str) -> None:
        odette.goto("/people/me/")
        odette.locator("select[name=language]").select_option(language)
        odette.locator("main form").filter(has=odette.locator("select[name=language]")).get_by_role(
            "button"
        ).first.click()
        expect(odette.locator("select[name=language]")).to_have_value(language)

    def whole() -> None:
        expect(odette.get_by_text("Esta traducción aún no ha sido revisada.")).to_be_visible()
        assert english_in(odette.content()) == []
        sound(odette)

    choose("es")
    odette.goto("/clients")
    whole()
    odette.get_by_role("link", name="Nuevo cliente").click()
    odette.get_by_role("button", name="Abrir un expediente").click()
    whole()  # what is missing is said in Spanish too
    odette.get_by_label("Un nombre que la persona elija").fill("Cierva")
    odette.get_by_label("Idioma que habla").select_option(label="Español")
    odette.get_by_role("button", name="Abrir un expediente").click()
    expect(odette.get_by_text("No se comunique con la persona.")).to_be_visible()
    whole()
    odette.get_by_role("link", name="Plan de seguridad").click()
    odette.get_by_role("button", name="Guardar el plan").click()
    expect(odette.get_by_text("No se guardó: pregunte")).to_be_visible()
    whole()
    odette.get_by_role("link", name="Cierva").click()
    odette.get_by_role("link", name="Acompañar a la persona").click()
    odette.get_by_role("group", name="A qué lugar").get_by_text("tribunal", exact=True).click()
    odette.get_by_label("Dónde exactamente").fill("Calle Main 12, entrada norte")
    odette.get_by_label("Quién puede saber").fill("Nadie")
    whole()
    odette.get_by_role("button", name="Pedir una defensora o un defensor").click()
    odette.get_by_role("button", name="Voy yo").click()
    for pressed in ("Llegada", "Salida", "A salvo en casa"):
        whole()
        odette.get_by_role("button", name=pressed).click()
    expect(odette.get_by_text("A salvo en casa", exact=True).first).to_be_visible()
    odette.get_by_role("link", name="Leer esta página en inglés").click()
    expect(odette.get_by_text("Safe home", exact=True).first).to_be_visible()
    sound(odette)
    choose("en")
