"""A team's page on a small phone: what the brief says is read before anybody decides."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser

from conftest import Cast
from upstander.desk.tests.story import handed_off
from upstander.front.tests.browser import HOST, browsing

pytestmark = pytest.mark.browser

_SEEN = """() => {
    const words = document.createRange();
    words.selectNodeContents(document.querySelector(".brief"));
    const bar = document.querySelector(".answers-now").getBoundingClientRect();
    const lines = [...words.getClientRects()].filter(line => line.bottom <= bar.top);
    return {lines: lines.length, bar: bar.height / innerHeight, end: bar.bottom - innerHeight,
        wide: document.documentElement.scrollWidth - innerWidth};
}"""


@pytest.mark.parametrize("home", ["yes", "no"])
def test_the_brief_s_first_lines_stand_above_the_bar(
    cast: Cast, chromium: Browser, home: str
) -> None:
    tip = handed_off(cast, home_safe=home)
    desk: Any = SimpleNamespace(client=cast.client("tom"))
    cookies = {name: one.value for name, one in desk.client.cookies.items()}
    with browsing(chromium, desk, viewport={"width": 360, "height": 640}, locale="en-US") as page:
        page.context.add_cookies(
            [{"name": name, "value": value, "url": HOST} for name, value in cookies.items()]
        )
        page.goto(f"/team/{tip.tip_id}")
        seen = page.evaluate(_SEEN)
        assert seen["lines"] >= 2, seen
        assert seen["bar"] <= 0.2, seen
        assert seen["end"] <= 0, seen
        assert seen["wide"] <= 0, seen
        for button in page.locator(".answers-now button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 44, box
            assert button.evaluate("e => e.scrollWidth <= e.clientWidth")
