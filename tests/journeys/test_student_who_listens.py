"""A student who doesn't read has the form read aloud and sends it, by keys alone, both ways."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows
from tests.journeys.test_student_by_ear import in_order, sound, tree
from tests.servers import System
from upstander.doors.recordings import hash_of
from upstander.ui.tests.barriers import barriers, sideways

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

#: A tenth of a second of silence: eight bits, 8 kHz.
SILENCE = (
    b"RIFF\x44\x03\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00"
    b"\x01\x00\x08\x00data\x20\x03\x00\x00" + b"\x80" * 800
)
#: What is asked and what is said of it, by the address's beginning.
LINES = {
    "": ("Listen:", "Who needs help?", "Me", "Attack or weapon", "Send it"),
    "/ar": ("استمع:", "من يحتاج إلى المساعدة؟", "أنا", "هجوم أو سلاح", "إرسال"),
}
_FOCUSED = "document.activeElement"


@pytest.fixture(params=LINES)
def prefix(request: pytest.FixtureRequest, system: System) -> str:
    """A language in which some lines were recorded."""
    prefix = str(request.param)
    folder = system.home.recordings / (prefix.strip("/") or "en")
    folder.mkdir(parents=True, exist_ok=True)
    for line in LINES[prefix][1:]:
        (folder / f"{hash_of(line)}.wav").write_bytes(SILENCE)
    return prefix


def step_to(page: Page, what: str) -> None:
    """Press Tab until what has the focus matches a selector."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(f"what => {_FOCUSED}.matches(what)", what):
            return
    pytest.fail(f"Tab never came to {what}")


def test_form_is_heard_and_sent_by_keys_alone(window: Windows, prefix: str) -> None:
    listen, question, me, attack, send = LINES[prefix]
    page = window(locale="en-US")
    page.goto(f"{prefix}/report?d=maple-valley")
    step_to(page, "a.to-hear")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("hear=yes$"))
    assert "maple-valley" in page.url
    assert sideways(page) <= 0
    assert barriers(page) == []

    nodes = tree(page)
    sound(nodes)
    # Each line, then what plays it; the names of what is filled in are as they always are.
    in_order(
        nodes,
        [
            ("group", question),
            ("link", f"{listen} {question}"),
            ("radio", me),
            ("link", f"{listen} {me}"),
            ("radio", attack),
            ("link", f"{listen} {attack}"),
            ("button", send),
            ("link", f"{listen} {send}"),
        ],
    )
    assert ("radio", attack) in {(role, name) for role, name, _ in nodes}

    step_to(page, "textarea[name=text]")
    page.keyboard.type("He hides a knife.")
    step_to(page, f"a.hear[aria-label='{listen} {question}']")
    with page.expect_response("**/heard/**") as heard:
        page.keyboard.press("Enter")
    assert heard.value.status in (200, 206)
    assert "cookie" not in heard.value.request.headers
    step_to(page, "input[name=who]")
    page.keyboard.press("Space")
    # What plays an answer comes after it, and the way out before everything.
    step_to(page, f"a.hear[aria-label='{listen} {attack}']")
    expect(page.locator("[data-leave]")).to_be_in_viewport(ratio=1)
    step_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    page.locator("#return-code").wait_for()


def test_without_a_script_a_frame_plays_it(window: Windows, prefix: str) -> None:
    page = window(java_script_enabled=False)
    page.goto(f"{prefix}/report?hear=yes")
    page.locator("#q-text").fill("Half a sentence")
    with page.context.expect_event("response", lambda one: "/heard/" in one.url):
        page.locator("a.hear").first.click()
    expect(page.locator("#q-text")).to_have_value("Half a sentence")
    expect(page.locator("[data-leave]")).to_be_in_viewport(ratio=1)
    assert len(page.context.pages) == 1
