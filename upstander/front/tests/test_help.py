"""Who helps, on the safety page and on the pages behind it: short, honest, and nothing lost."""

from __future__ import annotations

import gzip
import re
from datetime import date
from html import unescape
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser

from upstander.base.languages import ENGLISH, LANGUAGES
from upstander.directory.actions.loading import load_services
from upstander.directory.models import Kind, LineFailure, Service
from upstander.directory.queries import public_cards
from upstander.directory.tests.made import another_of
from upstander.doors.tests.site import Site, text_of
from upstander.front import services
from upstander.front.tests.browser import browsing
from upstander.ui.tests.barriers import barriers, sideways

PREFIXES = ["" if code == ENGLISH.code else f"/{code}" for code in LANGUAGES]
PHONE = {"width": 360, "height": 740}
SCREENS, MOST_BYTES, MOST_REQUESTS = 5, 12_000, 3
PAGE = "/d/maple-valley"


@pytest.fixture(autouse=True)
def _services(site: Site) -> None:
    services._kept.clear()
    load_services()


def forty_more() -> None:
    """Forty services more, five for each need, each with a long name."""
    service = Service.objects.get(slug="national-dv-hotline")
    for number in range(40):
        kind = Kind.values[number % len(Kind.values)]
        another_of(service, f"more-{number}", kind=kind, position=200 + number, adds=f" {number}")


def confirm_all() -> None:
    Service.objects.update(confirmed=True, assured_on=date(2026, 3, 4))


def rows(page: str) -> list[Tag]:
    return BeautifulSoup(page, "html.parser").select(".helps li:has(.button)")


def words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


@pytest.mark.browser
@pytest.mark.parametrize("prefix", PREFIXES)
def test_it_is_five_screens_long_whatever_is_added(
    chromium: Browser, site: Site, prefix: str
) -> None:
    high: dict[str, float] = {}
    with browsing(chromium, site, java_script_enabled=False, viewport=PHONE) as page:
        for name, add in (("now", None), ("40 more", forty_more), ("all confirmed", confirm_all)):
            if add:
                add()
            services._kept.clear()
            page.goto(prefix + PAGE)
            high[name] = page.evaluate("document.documentElement.scrollHeight") / PHONE["height"]
            assert sideways(page) <= 0
    assert max(high.values()) <= SCREENS, high


@pytest.mark.browser
@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_pages_behind_it_bar_nobody(chromium: Browser, site: Site, prefix: str) -> None:
    with browsing(chromium, site, viewport=PHONE, reduced_motion="reduce") as page:
        page.goto(prefix + PAGE)
        page.locator(".helps li > a:not(.button)").nth(2).click()
        page.locator(".card").wait_for()
        assert barriers(page) == []
        assert sideways(page) <= 0
        page.locator("main a[href*='/help/']").click()
        assert page.locator(".card").count() > 3
        assert barriers(page) == []


@pytest.mark.parametrize("prefix", PREFIXES)
def test_it_weighs_12_kb_in_3_requests(site: Site, prefix: str) -> None:
    forty_more()
    answer = site.get(prefix + PAGE, **{"accept-encoding": "gzip, deflate, br"})
    unpack = brotli.decompress if answer["Content-Encoding"] == "br" else gzip.decompress
    html = unpack(answer.content).decode()
    needed = re.findall(r'(?:<script[^>]* src|<link[^>]* href|<img[^>]* src)="(/[^"]*)"', html)
    assert 1 + len(needed) <= MOST_REQUESTS
    weight = len(answer.content)
    for address in needed:
        file = Path(str(finders.find(address.removeprefix("/static/"))))
        weight += len(gzip.compress(file.read_bytes()))
    assert weight <= MOST_BYTES


def test_what_nobody_confirmed_is_never_open_and_is_said_once_before(site: Site) -> None:
    Service.objects.filter(slug="careline").update(confirmed=True, assured_on=date(2026, 3, 4))
    page = text_of(site.get(PAGE))
    assert page.count("Not yet confirmed") == 1
    assert page.index("Not yet confirmed") < page.index("Open now")
    confirmed = {c.name for c in public_cards("maple-valley", "en") if c.confirmed}
    said = {words(row.a) for row in rows(page) if row.a and "open" in words(row).lower()}
    assert said == confirmed == {"911", "988 Suicide and Crisis Lifeline", "DCF Careline"}
    confirm_all()
    services._kept.clear()
    assert "Not yet confirmed" not in text_of(site.get(PAGE))


def test_staff_and_visitors_find_their_line(site: Site) -> None:
    page = BeautifulSoup(site.get(PAGE).content, "html.parser")
    said = page.find(string=re.compile("For staff, parents and visitors too"))
    assert said is not None
    assert said.parent is not None
    (home,) = said.parent.select('a[href^="#"]')
    heading = page.select_one(str(home["href"]))
    assert heading is not None
    assert words(heading) == "Violence at home or by a partner"


@pytest.mark.parametrize("prefix", PREFIXES)
def test_each_service_keeps_all_that_is_known_of_it(site: Site, prefix: str) -> None:
    forty_more()
    front = BeautifulSoup(site.get(prefix + PAGE).content, "html.parser")
    reached = {str(a["href"]) for a in front.select(".helps a[href*='/help/']")}
    for path in tuple(reached):
        behind = BeautifulSoup(site.get(path).content, "html.parser")
        reached |= {str(a["href"]) for a in behind.select("main a[href*='/help/']")}
    shown = {path: unescape(site.get(path).content.decode()) for path in reached}
    for card in public_cards("maple-valley", prefix.strip("/") or "en"):
        page = next(page for page in shown.values() if f'id="service-{card.slug}"' in page)
        for fact in (
            card.name,
            card.description,
            card.what_happens,
            card.cost,
            card.languages,
            card.police,
            card.must_report,
            card.source_url,
            *card.hours,
            *(line.label for line in card.lines + card.other_lines),
        ):
            assert fact in page, (card.slug, fact)
        # Who looks through a phone's history must not learn what somebody needed.
        assert all(card.slug not in path.rpartition("/")[2] for path in reached)


def test_the_hours_of_a_week_are_said_as_runs_of_days() -> None:
    cards = {card.slug: card for card in public_cards("maple-valley", "en")}
    card = cards["statewide-legal-services"]
    assert card.hours == ("Monday to Friday: 9:00 a.m. to 12:00 p.m., 1:00 p.m. to 2:00 p.m.",)


def test_an_address_of_nothing_is_not_there(site: Site) -> None:
    assert site.get(f"{PAGE}/help/00000000").status_code == 404
    assert site.get("/d/nowhere/help/00000000").status_code == 404


def buttons(page: str) -> list[Tag]:
    return BeautifulSoup(page, "html.parser").select("form[action$='/failed'] button")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_number_that_did_not_work_is_one_press(site: Site, prefix: str) -> None:
    card = next(c for c in public_cards("maple-valley", "en") if c.slug == "careline")
    path = f"{prefix}{PAGE}/help/{card.mark}"
    pressed = buttons(site.get(path).content.decode())
    assert [one["value"] for one in pressed] == [line.id for line in card.lines]
    answer = site.post(f"{path}/failed", {"line": str(pressed[1]["value"])})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert {"tel:911", "tel:988"} <= {
        str(a["href"]) for a in BeautifulSoup(answer.content, "html.parser").select("main a")
    }
    kept = LineFailure.objects.get()
    assert (kept.service.slug, str(kept.line), kept.count) == ("careline", card.lines[1].id, 1)
    # The public page says nothing of it: who presses can't take a number from anybody.
    services._kept.clear()
    assert site.get(path).content == site.get(path).content


def test_what_nobody_shows_can_not_be_pressed(site: Site) -> None:
    cards = {c.slug: c for c in public_cards("maple-valley", "en")}
    other = cards["988"].lines[0].id
    for mark, line, status in (
        (cards["careline"].mark, other, 200),
        (cards["careline"].mark, "1; DROP TABLE", 200),
        (cards["careline"].mark, "", 200),
        ("00000000", other, 404),
    ):
        assert site.post(f"{PAGE}/help/{mark}/failed", {"line": line}).status_code == status
    assert site.get(f"{PAGE}/help/{cards['988'].mark}/failed").status_code == 405
    assert not LineFailure.objects.exists()
