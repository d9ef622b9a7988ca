"""A real browser before the site of the tests: requests go to Django's test client, to no net."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from django.db import connections
from playwright.sync_api import Browser, Page, Route

from upstander.doors.tests.site import Site

HOST = "http://127.0.0.1"


@contextmanager
def browsing(chromium: Browser, site: Site, **options: Any) -> Iterator[Page]:
    """Open a browser window on ``site``; ``options`` as for a context (viewport, JavaScript …)."""
    context = chromium.new_context(base_url=HOST, **options)

    ours = connections["default"]

    def answer(route: Route) -> None:
        # Playwright calls in a context of its own, where Django would open a second connection,
        # which does not see what the test's transaction has written.
        connections["default"] = ours
        asked = route.request
        parts = urlsplit(asked.url)
        if f"{parts.scheme}://{parts.netloc}" != HOST:
            route.abort()
            return
        if parts.path.startswith("/static/"):
            found = finders.find(parts.path.removeprefix("/static/"))
            route.fulfill(path=Path(str(found))) if found else route.abort()
            return
        headers = asked.all_headers()
        site.client.cookies.clear()
        for pair in headers.get("cookie", "").split("; "):
            name, _, value = pair.partition("=")
            if name:
                site.client.cookies[name] = value
        response = site.client.generic(
            asked.method,
            f"{parts.path}?{parts.query}" if parts.query else parts.path,
            asked.post_data_buffer or b"",
            content_type=headers.get("content-type", ""),
            headers={"sec-fetch-site": headers.get("sec-fetch-site", "same-origin")},
        )
        sent = {name.lower(): value for name, value in response.items()}
        sent.pop("content-length", None)
        if response.cookies:
            sent["set-cookie"] = "\n".join(m.OutputString() for m in response.cookies.values())
        status, body = response.status_code, response.content
        if "location" in sent:
            # Where a page leads that came from us and no net, not every chromium asks us again.
            target = sent.pop("location")
            status, body = 200, f'<meta http-equiv="refresh" content="0; url={target}">'.encode()
            sent["content-type"] = "text/html"
        route.fulfill(status=status, headers=sent, body=body)

    context.route("**/*", answer)
    try:
        yield context.new_page()
    finally:
        context.close()
