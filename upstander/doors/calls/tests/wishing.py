"""A child in their conversation on the website who asks to be called, for tests."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cast
from upstander.desk.tests.tips import a_tip
from upstander.doors.actions import calls
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import CallDoor
from upstander.doors.tests.site import Site as Browser
from upstander.doors.tests.site import hidden_in, text_of
from upstander.tips.opening import open_tip
from upstander.tips.reporter import Filed

TYPED, NUMBER = "(860) 555-0177", "+18605550177"
WHEN = "after four when I walk the dog"


@pytest.fixture
def child(door: CallDoor, cast: Cast) -> tuple[Browser, Filed]:
    """A child in the conversation that they began on the website, where a line takes calls."""
    browser, filed = Browser(cast), a_tip(cast)
    assert browser.post("/back", {"code": filed.code}).status_code == 303
    return browser, filed


def wish(browser: Browser, number: str = TYPED, when: str = WHEN, **more: str) -> Any:
    """Ask to be called, as the page's form does."""
    form = hidden_in(text_of(browser.get("/talk/call")))
    form.pop("take_back", None)
    return browser.post("/talk/call", {**form, "number": number, "when": when, **more})


def rung(door: CallDoor, filed: Filed) -> tuple[dict[str, str], dict[str, str]]:
    """Let alice call them back and press 1; return her phone's leg and theirs, which rings."""
    calls.call_back(open_tip(door.cast.viewer("alice"), filed.tip_id))
    door.work()
    mine = door.switch.rung(EARS["alice"])[-1]
    door.leg(mine, "1")
    door.work()
    return mine, door.switch.rung(NUMBER)[-1]


def gone(door: CallDoor, *legs: dict[str, str], how: str = "completed") -> None:
    """Let phones be hung up, or dropped."""
    for leg in legs:
        door.leg_says(leg, how)
    door.work()


def frame(browser: Browser) -> str:
    """Return what the child's conversation says."""
    return text_of(browser.get("/talk/live"))
