""" "Should I report?": whatever is pressed, a way to report stands there, and nothing is kept."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from bs4 import BeautifulSoup, Tag
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser

from upstander.base.languages import ENGLISH, LANGUAGES
from upstander.directory.actions.loading import load_services
from upstander.doors.tests.site import Site
from upstander.front import services
from upstander.front.bodies import Reader
from upstander.front.flood import Flood
from upstander.front.gate import Gate
from upstander.front.static import load_static
from upstander.front.tests.browser import browsing
from upstander.front.tests.wire import ask
from upstander.mandated.actions.confirming import confirm_fact, digest_of_law
from upstander.mandated.tests.releases import released
from upstander.mandated.worried import QUESTIONS
from upstander.states import law
from upstander.tips.tests.loops import apart
from upstander.ui.tests.barriers import barriers, cut, sideways

PREFIXES = ["" if code == ENGLISH.code else f"/{code}" for code in LANGUAGES]
CARELINE, EMERGENCY = "tel:1-800-842-2288", "tel:911"
MARK = "Not yet confirmed with the law"
MOST_BYTES = 12_000


@pytest.fixture(autouse=True)
def _services(site: Site) -> None:
    load_services()
    services._kept.clear()


def page_of(site: Site, prefix: str = "", more: str = "") -> BeautifulSoup:
    answer = site.get(f"{prefix}/d/maple-valley/ask{more}")
    assert answer.status_code == 200
    assert not answer.cookies
    return BeautifulSoup(answer.content, "html.parser")


def main_of(page: BeautifulSoup) -> Tag:
    found = page.select_one("main")
    assert found is not None
    return found


def links(part: Tag) -> set[str]:
    return {str(link["href"]) for link in part.select("a[href]")}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_way_through_the_questions_ends_at_a_way_to_report(site: Site, prefix: str) -> None:
    main = main_of(page_of(site, prefix))
    panels = {
        question.key: [one.extract() for one in main.select(f"details[name={question.key}]")]
        for question in QUESTIONS
    }
    assert [len(found) for found in panels.values()] == [len(one.answers) for one in QUESTIONS]
    # What stands below all answers stands there whatever is opened, or nothing is.
    always = links(main)
    assert CARELINE in always
    assert {f"{prefix}/report?d=maple-valley", f"{prefix}/d/maple-valley/ask/paper"} <= always
    ways = 0
    for opened in product(*([None, *found] for found in panels.values())):
        shown = [main, *(one for one in opened if one is not None)]
        assert all(CARELINE in links(one) for one in shown)
        assert released(" ".join(one.get_text(" ") for one in shown)) == []
        ways += 1
    assert ways == 4 * 5 * 5 * 4
    # Danger, and not knowing of it, lead to 911 first; no other answer leads away from it.
    for question in QUESTIONS:
        for answer, panel in zip(question.answers, panels[question.key], strict=True):
            if answer.emergency:
                assert [one["href"] for one in panel.select("a")][:2] == [EMERGENCY, CARELINE]
    danger = {answer.key for answer in QUESTIONS[0].answers if answer.emergency}
    assert danger == {"yes", "unknown"}


@pytest.mark.parametrize(
    "words",
    [
        "You don’t have to report this.",
        "That is not reportable.",
        "There is no need to call.",
        "No hace falta llamar.",
        "Usted no tiene que denunciar.",
        "لا حاجة إلى الإبلاغ",
        "ليس عليك أن تبلّغ",
    ],
)
def test_the_look_for_releases_finds_them(words: str) -> None:
    assert released(words)


@pytest.mark.parametrize("more", ["", "/paper"])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_nothing_can_be_typed_sent_or_kept_and_help_is_in_sight(
    site: Site, prefix: str, more: str
) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = page_of(site, prefix, more)
    reads = ("SELECT", "SET ROLE", "RESET ROLE")
    assert not [one["sql"] for one in asked if not one["sql"].lstrip().startswith(reads)]
    assert not page.select("form, input, textarea, select")
    assert released(page.get_text(" ")) == []
    assert {EMERGENCY, "tel:988"} <= links(page)
    assert CARELINE in links(main_of(page))
    assert site.post(f"{prefix}/d/maple-valley/ask{more}", {"danger": "no"}).status_code == 405


def test_another_district_s_page_is_none(site: Site) -> None:
    assert site.get("/d/nowhere/ask").status_code == 404
    assert site.get("/d/nowhere/ask/paper").status_code == 404


def test_the_safety_page_leads_to_it(site: Site) -> None:
    page = BeautifulSoup(site.get("/d/maple-valley").content, "html.parser")
    assert "/d/maple-valley/ask" in links(page)


@pytest.mark.django_db
def test_what_nobody_compared_with_the_law_says_so_until_somebody_has(site: Site) -> None:
    assert MARK in page_of(site).get_text()
    rules = law("us-ct").duties
    ada = site.cast.viewer("ada")
    for fact, of in (
        ("ways.careline", rules.phoned),
        ("duties.abuse.first", rules.phoned_first),
        ("duties.abuse.written", rules.phoned_for.written),
    ):
        confirm_fact(ada, "us-ct", fact, digest_of_law(of), stands=True)
    panels = [one.get_text() for one in page_of(site).select("details")]
    assert not [words for words in panels if MARK in words]
    # The State's words of its line are another fact, which nobody has confirmed.
    assert page_of(site).get_text().count(MARK) == 1
    confirm_fact(
        ada, "us-ct", "duties.abuse.first", digest_of_law(rules.phoned_first), stands=False
    )
    assert page_of(site).get_text().count(MARK) > 1


@pytest.mark.parametrize("prefix", PREFIXES)
def test_it_weighs_at_most_12_kb(site: Site, settings: Any, tmp_path: Path, prefix: str) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    files = load_static(settings.STATIC_ROOT, settings.STATIC_URL)
    at = Gate(WSGIHandler(), flood=Flood(), reader=Reader(tmp_path), static=files)
    page = site.get(f"{prefix}/d/maple-valley/ask", **{"accept-encoding": "gzip, deflate, br"})
    html = brotli.decompress(page.content).decode()
    needed = re.findall(r'(?:<script[^>]* src|<link[^>]* href|<img[^>]* src)="(/[^"]*)"', html)
    weight = len(page.content)
    for address in needed:
        weight += len(apart(ask(at, address, headers={"accept-encoding": "gzip"})).body)
    assert weight <= MOST_BYTES


@pytest.mark.browser
@pytest.mark.parametrize("prefix", PREFIXES)
def test_it_is_used_without_javascript_on_a_small_phone(
    chromium: Browser, site: Site, prefix: str
) -> None:
    for scripts in (False, True):
        with browsing(
            chromium, site, java_script_enabled=scripts, viewport={"width": 360, "height": 740}
        ) as page:
            page.goto(f"{prefix}/d/maple-valley/ask")
            for question in QUESTIONS:
                page.locator(f"details[name={question.key}] summary").last.click()
            assert page.locator("details[open]").count() == len(QUESTIONS)
            assert page.locator("details[open] a[href^='tel:1-800']").last.is_visible()
            assert page.locator(".strips a[href='tel:911']").is_visible()
            assert page.locator(".strips a[href='tel:988']").is_visible()
            if scripts:
                assert (barriers(page), sideways(page), cut(page)) == ([], 0, [])
            page.locator("a[href$='/ask/paper']").click()
            assert page.locator("main li").count() == 10
            if scripts:
                assert (barriers(page), sideways(page), cut(page)) == ([], 0, [])
            assert page.context.cookies() == []
