"""A counselor's page whose presses, loads and scrolls are counted, and tips that are sent to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.journeys import sign_in
from tests.phone import Phone
from tests.servers import System
from tests.waiting import until
from upstander.config.database import Role

type Desk = Callable[[ViewportSize], Page]
SCREEN: ViewportSize = {"width": 1440, "height": 900}
WORDS = "My friend in grade 8 wrote goodbye to everyone and has her mother's pills."

#: What of an element can be seen and pressed: its middle, without anything being scrolled.
SEEN = """e => {
    const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
    if (r.x < 0 || r.y < 0 || r.right > innerWidth || r.bottom > innerHeight) return null;
    const hit = document.elementFromPoint(x, y);
    return hit && (e.contains(hit) || hit.closest('label') === e.closest('label')) ? [x, y] : null;
}"""
#: Presses that a person made, and where anything stands that can be scrolled.
_COUNT = """
    window.presses = 0;
    addEventListener('click', e => { if (e.isTrusted && e.detail) window.presses += 1; }, true);
"""
SCROLLED = """() => scrollY + [...document.querySelectorAll('.tip-panel')]
    .reduce((sum, e) => sum + Math.abs(e.scrollTop), 0)"""


class Counted:
    """A page whose presses, loads and scrolls are counted from its first load on."""

    def __init__(self, page: Page) -> None:
        self.page, self.loads = page, 0
        page.add_init_script(_COUNT)
        page.on("framenavigated", self._loaded)

    def _loaded(self, frame: Any) -> None:
        self.loads += frame == self.page.main_frame

    @property
    def presses(self) -> int:
        """How many presses of the mouse there were since the page was loaded."""
        return int(self.page.evaluate("window.presses"))

    def press(self, what: Locator) -> None:
        """Press something where it is seen: it must be in sight, and nothing may lie over it."""
        expect(what).to_be_visible()
        at = what.evaluate(SEEN)
        assert at is not None, f"not in sight: {what}"
        assert self.page.evaluate(SCROLLED) == 0
        self.page.mouse.click(*at)

    def choose(self, field: str, value: str) -> None:
        """Choose one of a list that is seen; it is an answer, and counts as none of the presses."""
        chosen = self.page.locator(f"#id_{field}")
        assert chosen.evaluate(SEEN) is not None, f"not in sight: {field}"
        chosen.select_option(value)


def tell(system: System, text: str, **answers: str) -> tuple[Phone, str]:
    """Send a tip from a phone of its own; return the phone and the tip's id."""
    before = tips_in(system)
    child = Phone(system.public_port)
    form = child.get("/r/cedar-middle")
    kept = {name: form.field(name) for name in ("token", "district")}
    given = {"who": "someone", "when": "now", "tile": "suicide", "school": "Cedar Middle School"}
    assert child.post("/report", {**kept, **given, **answers, "text": text}).code
    assert until(lambda: tips_in(system) > before)
    return child, (tips_in(system) - before).pop()


def tips_in(system: System) -> set[str]:
    """Return every tip's id."""
    with system.sign_in(Role.OWNER) as owner:
        return {str(row[0]) for row in owner.execute(b"SELECT id FROM tips_tip").fetchall()}


@pytest.fixture(scope="module")
def desk(system: System, chromium: Browser) -> Iterator[Desk]:
    """Pages of a counselor who has signed in once; what the console complains of fails the test."""
    context = chromium.new_context(base_url=system.desk, locale="en-US")
    complaints: list[str] = []
    sign_in(context.new_page(), system, "nadia@lakeside.example", "/queue/mine").close()

    def opened(screen: ViewportSize) -> Page:
        for one in context.pages:
            one.close()
        page = context.new_page()
        page.set_viewport_size(screen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    context.close()
    assert complaints == []
