"""Every page of the desk that can be opened, looked at by axe, on a phone and on a desk's screen.

The addresses come from the URLconf, so that a page added later is looked at too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.addresses import Address, walk
from tests.journeys.conftest import PHONE
from tests.servers import System
from upstander.config import urls_desk
from upstander.config.database import Role as LoginRole
from upstander.directory.tests.feeds import feed, service
from upstander.people.permissions import GRANTED
from upstander.people.roles import Role
from upstander.ui.tests.barriers import barriers, sideways

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

#: Who opens which pages: the first to whom an address belongs.
PEOPLE = (
    "nadia@lakeside.example",
    "ruth@lakeside.example",
    "miriam@maple.example",
    "dana@maple.example",
    "admin@lakeside.example",
    "officer@maple-police.example",
    "terry@maple.example",
    "cleo@maple.example",
    "monitor@childadvocate.example",
)
#: No pages: files, streams, and what only answers a press; a page that ends the session.
NO_PAGES = {
    "here",
    "record_export",
    "poster",
    "triage:file",
    "triage:thumbnail",
    "triage:suggest",
    "triage:draft",
    "tip_parts",
    "tip_handoff_who",
    "account_logout",
    "mfa_download_recovery_codes",
}
#: The innermost things that reach over the window's edge.
_WIDEST = """[...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter((e, _, all) => !all.some(other => other !== e && e.contains(other)))
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120))"""

_CEDAR = (
    "SELECT t.id FROM people_team t JOIN places_school s ON s.id = t.school_id"
    " WHERE s.slug = 'cedar-middle' AND t.kind = 'school'"
)


def values_for(system: System, email: str) -> dict[str, Any]:
    """Return rows of the demo by the names that addresses have for them."""
    with system.sign_in(LoginRole.OWNER) as owner:

        def one(sql: str) -> Any:
            row = owner.execute(sql.encode()).fetchone()
            return row[0] if row else None

        return {
            "tip_id": one("SELECT id FROM tips_tip WHERE tile = 'other' ORDER BY received_at"),
            "team_id": one(
                "SELECT team_id FROM people_membership m JOIN people_person p ON p.id = m.person_id"
                f" WHERE p.email = '{email}'"
            ),
            "person_id": one("SELECT id FROM people_person WHERE email = 'grace@maple.example'"),
            "district_id": one("SELECT id FROM places_district WHERE slug = 'maple-valley'"),
            "school_id": one("SELECT id FROM places_school WHERE slug = 'cedar-middle'"),
            "center_id": one("SELECT id FROM places_center"),
            # The pages that somebody of another team reads, too.
            "oncall:plan": {"team_id": one(_CEDAR)},
            "oncall:ask_swap": {"team_id": one(_CEDAR)},
            "layer_id": one(
                f"SELECT y.id FROM oncall_layer y JOIN oncall_schedule s ON s.id = y.schedule_id"
                f" WHERE s.team_id = ({_CEDAR}) ORDER BY y.id"
            ),
            "case_id": one("SELECT id FROM cases_case ORDER BY opened_at"),
            "duty_id": one("SELECT id FROM mandated_duty WHERE written_at IS NULL"),
            "entry_id": one("SELECT id FROM register_entry"),
            # One of the demo's neighborhood: nowhere was it read that one could open.
            "service": "greenway-soup-kitchen",
            "source": one("SELECT id FROM directory_source"),
            "form_key": "dcf-136",
            "link": "no-such-link",
        }


def path_of(address: Address, values: dict[str, Any]) -> str | None:
    """Fill an address in; None when the demo has no such thing or it is no page."""
    own = {
        "places:center": "center_id",
        "places:district": "district_id",
        "places:school": "school_id",
    }.get(address.name)
    known = {**values, "pk": values[own]} if own else values
    if address.name in NO_PAGES or not set(address.converters) <= {
        k for k, v in known.items() if v
    }:
        return None
    return None if "(?P" in address.route else address.path(known)


def roles_of(system: System, email: str) -> set[Role]:
    """Return what somebody of the demo is."""
    with system.sign_in(LoginRole.OWNER) as owner:
        rows = owner.execute(
            "SELECT m.role FROM people_membership m JOIN people_person p ON p.id = m.person_id"
            " WHERE p.email = %s",
            [email],
        ).fetchall()
    return {Role(role) for (role,) in rows}


def pages_of(system: System, page: Page, email: str, looked: set[str]) -> Iterator[tuple[str, str]]:
    """Give (name, path) of each page that somebody can open and nobody before them could."""
    values, roles = values_for(system, email), roles_of(system, email)
    for address in walk(urls_desk.urlpatterns):
        path = path_of(address, values)
        needs = getattr(address.view, "permission", None)
        may = needs is None or any(needs in GRANTED[role] for role in roles)
        if path is None or address.name in looked or not may:
            continue
        answer = page.request.get(f"{system.desk}{path}", max_redirects=0)
        if answer.status == 200:
            looked.add(address.name)
            if answer.headers["content-type"].startswith("text/html"):
                yield address.name, path


def bring(page: Page) -> None:
    """Let services in, and let new, changed and wrong ones of the same source wait for a yes."""
    first = feed(service(1))
    page.goto("/services/import")
    page.locator("[name=name]").fill("A list")
    for entries in (first, [*feed(service(1, description="More."), service(2)), {"id": "none"}]):
        raw = json.dumps(entries).encode()
        page.locator("[name=upload]").set_input_files(
            {"name": "feed.json", "mimeType": "application/json", "buffer": raw}
        )
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
        if entries is first:
            page.get_by_role("button", name="Yes, import").click()
            expect(page.get_by_text("Nothing changed")).to_be_visible()
    expect(page.get_by_text("wrong, and left out")).to_be_visible()


def faults(page: Page) -> list[str]:
    """Look at a page as it is on a phone, then for what sticks out on other screens."""
    found = barriers(page)
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 740})
        if sideways(page) > 0:
            found.append(f"at {width} sticks out: {page.evaluate(_WIDEST)}")
    page.set_viewport_size({"width": 360, "height": 740})
    if sideways(page) > 0:
        found.append(f"sticks out: {page.evaluate(_WIDEST)}")
    return found


@pytest.mark.parametrize("email", PEOPLE)
def test_the_whole_menu_stands_on_a_small_desk(desk: Callable[..., Page], email: str) -> None:
    page = desk(email, "/me/contact", viewport={"width": 1440, "height": 768})
    cut = "nav => nav.scrollHeight - nav.clientHeight"
    assert page.locator(".rail nav").evaluate(cut) <= 0


def test_menu_opens_on_a_phone_without_javascript(desk: Callable[..., Page]) -> None:
    page = desk("selma@willow.example", viewport=PHONE, java_script_enabled=False)
    entry = page.locator(".rail nav").get_by_role("link", name="Clients")
    expect(page.get_by_role("heading", name="Clients")).to_be_visible()
    expect(entry).to_be_hidden()
    page.locator(".rail summary").click()
    expect(entry).to_be_visible()
    assert sideways(page) <= 0


def test_the_paper_of_a_tip_has_no_tabs_and_one_place(desk: Callable[..., Page]) -> None:
    page = desk("nadia@lakeside.example", "/queue", viewport={"width": 1440, "height": 900})
    page.locator("a[href^='/tips/']").first.click()
    expect(page.locator(".tip-tabs")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".tip-tabs")).to_be_hidden()
    assert page.locator("dt:visible", has_text=re.compile("^Where$")).count() == 1


@pytest.mark.timeout(900)  # more than a minute where nothing else runs
def test_no_page_of_the_desk_bars_anybodys_way(system: System, desk: Callable[..., Page]) -> None:
    wrong: dict[str, list[str]] = {}
    looked: set[str] = set()
    for email in PEOPLE:
        page = desk(email, viewport={"width": 360, "height": 740})
        if email == "admin@lakeside.example":
            bring(page)
        for name, path in pages_of(system, page, email, looked):
            page.goto(path)
            if found := faults(page):
                wrong[name] = found
        page.context.close()
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())
    assert looked > {
        "cases:list",
        "cases:case",
        "new_case",
        "guides:threat",
        "guides:suicide",
        "guides:plan",
        "guides:texts",
        "mandated:suspect",
        "mandated:own",
        "mandated:duty",
        "mandated:ledger",
        "mandated:monitor",
        "mandated:proofs",
        "mandated:rules",
        "written:report",
        "written:forms",
        "written:mapping",
        "register:list",
        "retention:retention",
        "accountability:equity",
        "sealing",
        "directory:import",
        "directory:source",
        "directory:confirm",
        "directory:edit",
    }
