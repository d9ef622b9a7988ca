"""Two nights of advocates, by the database's own clock: called to a hospital; a plan, and left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client as Requests
from playwright.sync_api import Browser, Page, expect

from conftest import Cast
from tests.journeys.conftest import PHONE
from tests.journeys.test_advocates import WIDE, sound
from upstander.base.moment import database_now
from upstander.escalations.tests.alerts import Carrier, Clock, carrier, clock
from upstander.front.tests.browser import HOST, browsing
from upstander.helplines.models import Accompaniment, Client
from upstander.helplines.plan import texts
from upstander.helplines.tests.setup import WHERE, agency, client_of, paged, sweep

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]
__all__ = ["carrier", "clock"]
ENTRANCE = "Side entrance on Mill Street"
TYPED = {
    "Si me voy": "A casa de mi tía Encarnación",
    "Mi teléfono y mis cuentas": "La tableta de mi hermana",
}


@contextmanager
def window(chromium: Browser, client: Requests, **options: Any) -> Iterator[Page]:
    """Open a window of a browser in which somebody is signed in, or nobody."""
    site: Any = SimpleNamespace(client=client)
    kept = [{"name": name, "value": one.value, "url": HOST} for name, one in client.cookies.items()]
    with browsing(chromium, site, **options) as page:
        page.context.add_cookies(kept)  # type: ignore[arg-type]
        yield page


def at_night(clock: Clock, zone: ZoneInfo) -> None:
    """Let it be two in the morning there."""
    local = database_now().astimezone(zone)
    night = (local + timedelta(days=1)).replace(hour=2, minute=0, second=0)
    clock.move((night - local).total_seconds())
    assert database_now().astimezone(zone).hour == 2


def test_advocate_is_called_to_a_hospital_at_two_in_the_morning(
    chromium: Browser, cast: Cast, clock: Clock, carrier: Carrier
) -> None:
    here = agency(cast)
    zone = ZoneInfo(here.district.time_zone)
    at_night(clock, zone)
    client = client_of(here)
    with window(chromium, cast.client("ines"), viewport=WIDE) as desk:
        desk.goto(f"/clients/{client}/along")
        desk.get_by_role("group", name="To which place").get_by_text("hospital", exact=True).click()
        desk.get_by_label("Where exactly").fill(WHERE)
        desk.get_by_label("Who may know that an advocate is coming").fill("Only the charge nurse")
        sound(desk)
        desk.get_by_role("button", name="Ask for an advocate").click()
        expect(desk.get_by_role("heading", name="Can you go?")).to_be_visible()
        sound(desk)
    one = Accompaniment.objects.get()
    assert one.begins_at.astimezone(zone).hour == 2
    sweep()
    (silent,) = paged(one.pk)
    clock.move(181)
    sweep()
    (asked,) = paged(one.pk) - {silent}
    who = next(name for name in ("wren", "joss", "ines") if here.id_of(name) == asked)

    page = f"/accompaniments/{one.pk}"
    with window(chromium, cast.client(who), viewport=PHONE) as phone:
        phone.goto(page)
        sound(phone)
        phone.get_by_role("button", name="I go").click()
        phone.get_by_role("link", name="Tell somebody there").click()
        sound(phone)
        phone.get_by_role("group", name="Who may know").get_by_text("the hospital’s staff").click()
        phone.get_by_label("Entrance that the advocate will use").fill(ENTRANCE)
        phone.get_by_label("Their email address at work").fill("desk@harbor.example")
        phone.get_by_label("The client said yes to this").check()
        phone.get_by_role("button", name="Send the link").click()
        words = phone.locator("#words").inner_text()
        sound(phone)
        link = re.search(r"/n/[\w-]+", str(mail.outbox[-1].body))
        assert link is not None

        with window(chromium, Requests(HTTP_HOST="localhost"), viewport=PHONE) as nurse:
            nurse.goto(link[0])
            sound(nurse)
            nurse.get_by_label("Four words").fill(words)
            nurse.get_by_role("button", name="Open").click()
            expect(nurse.get_by_role("heading", name=f"{who.capitalize()} comes")).to_be_visible()
            expect(nurse.get_by_text(ENTRANCE)).to_be_visible()
            sound(nurse)

            phone.goto(page)
            sound(phone)
            phone.get_by_role("button", name="Arrived").click()
            phone.get_by_role("button", name="Left").click()
            expect(phone.get_by_role("button", name="Safe home")).to_be_visible()
            nurse.goto(link[0])
            expect(nurse.get_by_role("heading", name="This link has ended")).to_be_visible()
            sound(nurse)
        phone.get_by_role("button", name="Safe home").click()
        expect(phone.get_by_text("Safe home", exact=True).first).to_be_visible()
        sound(phone)
    one.refresh_from_db()
    assert (one.state, one.held_by) == (Accompaniment.State.SAFE, asked)


class Watched:
    """Somebody's requests, and what they were answered with."""

    def __init__(self, client: Requests) -> None:
        self.client, self.cookies, self.answers = client, client.cookies, list[Any]()

    def generic(self, *args: Any, **more: Any) -> Any:
        """Ask, and keep the answer."""
        self.answers.append(self.client.generic(*args, **more))
        return self.answers[-1]


@pytest.mark.parametrize("by", ["x", "Shift", "press", "no script"])
def test_plan_is_printed_and_left(chromium: Browser, cast: Cast, by: str) -> None:
    here = agency(cast)
    client = client_of(here, channel="", hours="", words="")
    watched: Any = Watched(cast.client("wren"))
    scripts = by != "no script"
    with window(chromium, watched, viewport=WIDE, java_script_enabled=scripts) as page:
        elsewhere = "<!doctype html><title>Weather</title><p>Sunny.</p>"
        page.route(
            settings.NEUTRAL_URL,
            lambda route: route.fulfill(body=elsewhere, content_type="text/html"),
        )
        page.goto(f"/clients/{client}")
        expect(page.get_by_text("Don’t get in touch.")).to_be_visible()
        page.goto(f"/clients/{client}/plan")
        for label, text in TYPED.items():
            page.get_by_label(label).fill(text)
        with page.expect_popup() as opened:
            page.get_by_role("button", name="Print it for them").click()
        opened.value.close()
        printed = next(one for one in watched.answers if one["Content-Type"] == "application/pdf")
        if by == "press":
            page.get_by_role("link", name="Leave this page").click()
        elif by == "no script":
            page.get_by_role("link", name="Leave this page").press("Enter")
        elif by == "Shift":
            for _ in range(3):  # also while something is typed
                page.keyboard.press("Shift")
        else:
            page.keyboard.press("Escape")
            page.keyboard.press("x")
        expect(page.get_by_text("Sunny.")).to_be_visible()
        history = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
        entries = [(one["url"], one["title"]) for one in history["entries"]]
        assert {title for url, title in entries if url.startswith(HOST)} == {"Notes"}
        left = [url for url, _ in entries if url.endswith("/plan")]
        assert len(left) == (0 if scripts else 1), "its place in the history is taken"

    made = pypdfium2.PdfDocument(printed.content)
    cover, inside = (made[n].get_textpage().get_text_bounded() for n in (0, 1))
    assert cover.split() == texts()["cover"].texts["es"].split() == ["Notas"]
    for text in TYPED.values():
        assert text in inside
    assert 'filename="notes.pdf"' in printed["Content-Disposition"]
    assert Client.objects.get().plan is None
    rows = every_row()
    assert str(client) in rows
    for text in TYPED.values():
        for word in (text, text.encode().hex(), text.split()[-1]):
            assert word not in rows


def every_row() -> str:
    """Return all rows of all tables as the database's owner reads them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_type = 'BASE TABLE'"
        )
        found = []
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t')
            found.append(str(cursor.fetchone()))
    return "\n".join(found)
