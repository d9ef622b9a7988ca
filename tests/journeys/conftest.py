"""What the journeys share: windows of a small phone, and staff who are signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import sign_in
from tests.servers import System
from upstander.ui.tests.barriers import sideways

__all__ = ["PHONE", "Windows", "sideways"]

PHONE = {"width": 360, "height": 640}

#: Opens a window; the options are a browser context's.
Windows = Callable[..., Page]


@pytest.fixture
def window(system: System, chromium: Browser) -> Iterator[Windows]:
    """Open windows before the public site. Whatever the console complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(*, at: str = system.public, **options: Any) -> Page:
        context = chromium.new_context(base_url=at, **({"viewport": PHONE} | options))
        contexts.append(context)
        # Leaving leads elsewhere; no test goes there.
        context.route(re.compile(r"^https://"), lambda route: route.abort())
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "the server responded with a status" not in said.text
                else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def desk(window: Windows, system: System) -> Callable[..., Page]:
    """Give a function that signs somebody of the demo in and opens a page of the desk."""

    def signed_in(email: str, path: str = "/", **options: Any) -> Page:
        return sign_in(window(at=system.desk, locale="en-US", **options), system, email, path)

    return signed_in
