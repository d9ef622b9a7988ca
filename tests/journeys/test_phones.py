"""Nobody waits on silence, seen by the child, the counselor, and those whose phones ring.

The phones are the demo's own (`upstander/carriers/simulator`), pressed by hand in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as MissedCall

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
def system(system_alone: System) -> System:
    """A phone rings for one alert at a time, and others' would come first."""
    return system_alone


@pytest.fixture
def called_at_once(system: System) -> Iterator[None]:
    """All have set for themselves that life safety rings at once; the floor is a minute."""
    with system.sign_in(Role.OWNER) as owner:
        owner.execute(
            "INSERT INTO oncall_ownrule (person_id, priority, channel, after_seconds)"
            " SELECT id, 'life_safety', 'voice', 0 FROM people_person WHERE email = ANY(%s)"
            " ON CONFLICT DO NOTHING",
            [list(LINES)],
        )
    yield
    # Who has rules of their own is told by those alone; other journeys read mail.
    with system.sign_in(Role.OWNER) as owner:
        owner.execute(
            "DELETE FROM oncall_ownrule WHERE channel = 'voice' AND after_seconds = 0 AND person_id"
            " IN (SELECT id FROM people_person WHERE email = ANY(%s))",
            [list(LINES)],
        )


def told_of(phones: Page, reference: str) -> Locator:
    """Return the phones that got a text about a tip."""
    text = phones.locator(".text:not(.mine)", has_text=reference)
    return phones.locator(".phone", has=text)


def ring_anew(system: System, reference: str) -> None:
    """Let one alert's steps begin anew, as they do after ten minutes by themselves.

    Its own alone: a phone rings for one at a time, and others' would come before it.
    """
    with system.sign_in(Role.OWNER) as owner:
        owner.execute(
            "UPDATE escalations_step SET due_at = now()"
            " WHERE target = 'holders' AND cause = 'policy' AND state = 'due' AND alert_id"
            " IN (SELECT id FROM escalations_alert WHERE reference = %s)",
            [reference],
        )


def press(
    system: System,
    phone: Locator,
    reference: str,
    code: str,
    keys: dict[str, str | re.Pattern[str]],
) -> None:
    """Answer the call about that alert, press keys one after another, and hear each one's answer.

    Other tests' alerts may ring the same phone: those calls are declined. A phone rings 25 seconds
    and waits six for a key: on a slow machine either may be over before this looks, and it rings
    again.
    """
    call = phone.locator(".call")
    said = call.locator(".lines .voice")
    for _ in range(10):
        try:
            call.get_by_role("button", name="Answer").click()
            said.first.wait_for(timeout=5_000)
            heard = said.first.inner_text(timeout=5_000)
            if code not in heard.replace(" ", ""):
                call.get_by_role("button", name="Hang up").click(timeout=5_000)
                continue
            assert "life safety" in heard
            assert TEXT[:20] not in heard
            for key, answer in keys.items():
                call.get_by_role("button", name=key, exact=True).click(timeout=5_000)
                expect(phone).to_contain_text(answer)
        except MissedCall:
            ring_anew(system, reference)
            continue
        return
    pytest.fail(f"{keys} could not be pressed in ten calls")


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
    student.locator("form .button-primary").first.click()
    expect(student.locator("#return-code")).to_be_visible()

    nadia = desk("nadia@lakeside.example", "/queue?state=unclaimed", viewport=DESK)
    tip = newest_tip(system, "suicide")
    nadia.goto(f"/tips/{tip}")
    nadia.get_by_role("button", name="Claim").click()
    expect(nadia.locator(".tip-head")).to_contain_text("You have it")
    expect(nadia.get_by_text(TEXT)).to_be_visible()
    nadia.goto(f"/tips/{tip}/handoff")
    nadia.get_by_label("Brief for them").fill("A girl of grade 8, said goodbye. Find her first.")
    nadia.get_by_role("button", name="Hand off now").click()
    expect(nadia.get_by_text("Handed off.")).to_be_visible()
    reference = nadia.get_by_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$")).first.inner_text()

    # Whoever is on call tonight; the text says that something is, and nothing of what.
    expect(told_of(phones, reference).first).to_be_visible()
    first = phones.locator(f"#{told_of(phones, reference).first.get_attribute('id')}")
    text = first.locator(".text:not(.mine)", has_text=reference).first.inner_text()
    found = re.search(r"LIFE SAFETY ([A-Z][A-Z0-9]{3})", text)
    assert found
    for word in ("guitar", "Monday", "grade 8", "Cedar"):
        assert word not in text

    # The first can't; the next is asked at once, and has it by a digit that nobody else knows.
    press(system, first, reference, found[1], {"0": "you can't"})
    banner = nadia.locator("[data-part=banner]")
    expect(banner).to_contain_text("asked")
    expect(banner).not_to_contain_text("has it")
    student.goto("/talk/live?still=1")
    expect(student.locator("main")).to_contain_text("We are contacting your school’s team")
    others = told_of(phones, reference).and_(phones.locator(f":not(#{first.get_attribute('id')})"))
    expect(others.first).to_be_visible()
    name = others.first.get_attribute("id") or ""
    second = phones.locator(f"#{name}")
    digit = DIGITS[name.removeprefix("phone-")]
    wrong = str((int(digit) + 3) % 9 + 1)
    # "You have the first one" where another waits too: a first try of this test left it.
    has_it = re.compile("You have (it|the first one)")
    press(system, second, reference, found[1], {wrong: "not your digit", digit: has_it})

    # The desk sees who, without a press; now the child hears that somebody has it, and no name.
    who = second.locator("h2").inner_text()
    expect(banner).to_contain_text(who)
    student.goto("/talk/live?still=1")
    read = student.locator("main").inner_text()
    assert "Your school’s team has it" in read
    assert who not in read

    # Whoever is of another district heard nothing of all this.
    assert reference not in phones.locator(".phone", has_text="Ilse Brandt").inner_text()
    assert not Axe().run(phones).response["violations"]
    phones.set_viewport_size({"width": 360, "height": 640})
    assert sideways(phones) <= 0
