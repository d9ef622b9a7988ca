"""What the tests of the components share: the gallery served without a server."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from upstander.ui.loading import LOADERS
from upstander.ui.tests import gallery

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'"
)
"""The strictest policy that both sites' pages must work under."""


@pytest.fixture
def on_gallery(settings: Any) -> None:
    """Serve the gallery's pages in place of the site's, with nothing that asks a database."""
    settings.ROOT_URLCONF = "upstander.ui.tests.gallery"
    settings.MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware"]
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [gallery.TEMPLATES],
            "OPTIONS": {
                "loaders": LOADERS,
                "context_processors": ["django.template.context_processors.request"],
            },
        }
    ]


def answer(route: Route) -> None:
    """Answer a browser's request from Django's test client or the static files, never the net."""
    address = route.request.url.removeprefix("http://gallery.test")
    path = address.split("?", 1)[0]
    if address.startswith("http"):
        route.abort()
    elif path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        route.fulfill(path=Path(str(found))) if found else route.abort()
    else:
        response = Client().get(
            address, headers={"accept-language": route.request.headers.get("accept-language", "en")}
        )
        route.fulfill(
            status=response.status_code,
            body=response.content,
            headers={"content-type": "text/html; charset=utf-8", "content-security-policy": CSP},
        )


def blank(browser: Browser, **options: Any) -> Page:
    """Give an empty page that can reach the gallery; `options` make its context."""
    context = browser.new_context(base_url="http://gallery.test", **options)
    context.route("**/*", answer)
    return context.new_page()


def open_page(browser: Browser, address: str, **options: Any) -> Page:
    """Open `address` of the gallery in a context of its own made with `options`."""
    page = blank(browser, **options)
    page.goto(address)
    return page
