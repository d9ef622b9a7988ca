"""Nobody waits on silence, seen by the child, the counselor, and those whose phones ring.

The phones are the demo's own (`upstander/carriers/simulator`), pressed by hand in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.journeys import newest_tip
from tests.journeys.conftest import Windows, sideways
from tests.servers import System
from upstander.command.demo_phones import LINES
from upstander.config.database import Role

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

TEXT = "She gave her guitar away and said that we won't see her on Monday."
DESK = {"width": 1280, "height": 900}
DIGITS = {line.number[1:]: line.digit for line in LINES.values()}


@pytest.fixture(scope="module")
def system(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A demo for this alone: a phone rings for one alert at a time, and others' come first."""
    running = System(tmp_path_factory.mktemp("phones") / "home")
    running.start(like=demo_home)
    yield running
    running.stop()


@pytest.fixture
def called_at_once(system: System) -> Iterator[None]:
    """All have set for themselves that life safety rings at once; the floor is a minute."""
    with system.sign_in(Role.OWNER) as owner:
        owner.execute(
            "INSERT INTO oncall_ownrule (person_id, priority, channel, after_seconds)"
            " SELECT id, 'life_safety', 'voice', 0 FROM places_person WHERE email = ANY(%s)"
            " ON CONFLICT DO NOTHING",
            [list(LINES)],
        )
    yield
    # Who has rules of their own is told by those alone; other journeys read mail.
    with system.sign_in(Role.OWNER) as owner:
        owner.execute(
            "DELETE FROM oncall_ownrule WHERE channel = 'voice' AND after_seconds = 0 AND person_id"
            " IN (SELECT id FROM places_person WHERE email = ANY(%s))",
            [list(LINES)],
        )


def told_of(phones: Page, reference: str) -> Locator:
    """Return the phones that got a text about a tip."""
    text = phones.locator(".text:not(.mine)", has_text=reference)
    return phones.locator(".phone", has=text)


def press(phone: Locator, code: str, key: str, answer: str) -> None:
    """Answer the call about that alert, press a key, and hear the answer.

    Other tests' alerts may ring the same phone: those calls are declined.
    """
    call = phone.locator(".call")
    said = call.locator(".lines .voice")
    for _ in range(10):
        call.get_by_role("button", name="Answer").click(timeout=60_000)
        expect(said.first).to_be_visible()
        if code in said.first.inner_text().replace(" ", ""):
            break
        call.get_by_role("button", name="Hang up").click()
    expect(said.first).to_contain_text("life safety")
    assert TEXT[:20] not in said.first.inner_text()
    call.get_by_role("button", name=key, exact=True).click()
    expect(phone).to_contain_text(answer)


def test_phones_ring_until_one_has_it(
    system: System, window: Windows, desk: Callable[..., Page], called_at_once: None
) -> None:
    phones = window(at=system.phones, viewport=DESK)
    phones.goto("/")
    student = window(java_script_enabled=False)
    student.goto("/r/cedar-middle")
    student.locator("input[name=tile][value=suicide]").check(force=True)
    student.locator("input[name=when][value=soon]").check(force=True)
    student.locator("#q-text").fill(TEXT)
    student.locator("form .button-primary").click()
    expect(student.locator("#return-code")).to_be_visible()

    nadia = desk("nadia@lakeside.example", "/queue?state=unclaimed", viewport=DESK)
    tip = newest_tip(system, "suicide")
    nadia.goto(f"/tips/{tip}")
    nadia.get_by_role("button", name="Claim").click()
    expect(nadia.get_by_text(TEXT)).to_be_visible()
    nadia.goto(f"/tips/{tip}/handoff")
    nadia.get_by_label("Brief for them").fill("A girl of grade 8, said goodbye. Find her first.")
    nadia.get_by_role("button", name="See who would get it").click()
    nadia.get_by_role("button", name="Hand off now").click()
    expect(nadia.get_by_text("Handed off.")).to_be_visible()
    reference = nadia.get_by_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$")).first.inner_text()

    # Whoever is on call tonight; the text says that something is, and nothing of what.
    expect(told_of(phones, reference).first).to_be_visible(timeout=60_000)
    first = phones.locator(f"#{told_of(phones, reference).first.get_attribute('id')}")
    text = first.locator(".text:not(.mine)", has_text=reference).first.inner_text()
    found = re.search(r"LIFE SAFETY ([A-Z][A-Z0-9]{3})", text)
    assert found
    for word in ("guitar", "Monday", "grade 8", "Cedar"):
        assert word not in text

    # The first can't; the next is asked at once, and has it by a digit that nobody else knows.
    press(first, found[1], "0", "you can't")
    banner = nadia.locator("[data-part=banner]")
    expect(banner).to_contain_text("asked")
    expect(banner).not_to_contain_text("has it")
    student.goto("/talk/live?still=1")
    expect(student.locator("main")).to_contain_text("We are contacting your school’s team")
    others = told_of(phones, reference).and_(phones.locator(f":not(#{first.get_attribute('id')})"))
    expect(others.first).to_be_visible(timeout=60_000)
    name = others.first.get_attribute("id") or ""
    second = phones.locator(f"#{name}")
    digit = DIGITS[name.removeprefix("phone-")]
    press(second, found[1], str((int(digit) + 3) % 9 + 1), "not your digit")
    second.locator(".call").get_by_role("button", name=digit, exact=True).click()
    expect(second).to_contain_text("You have it")

    # The desk sees who, without a press; now the child hears that somebody has it, and no name.
    who = second.locator("h2").inner_text()
    expect(banner).to_contain_text(who, timeout=60_000)
    student.goto("/talk/live?still=1")
    read = student.locator("main").inner_text()
    assert "Your school’s team has it" in read
    assert who not in read

    # Whoever is of another district heard nothing of all this.
    assert reference not in phones.locator(".phone", has_text="Ilse Brandt").inner_text()
    assert not Axe().run(phones).response["violations"]
    phones.set_viewport_size({"width": 360, "height": 640})
    assert sideways(phones) <= 0
