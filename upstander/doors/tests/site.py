"""The reporter's site for tests: a browser whose requests run as the public role."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from conftest import Cast
from upstander.base.languages import LANGUAGES
from upstander.doors.web import report, snapshot, talk_page

#: The public process's own, outermost first (config/settings.py).
MIDDLEWARE = [
    "upstander.front.middleware.PublicHeaders",
    "upstander.front.middleware.PathLanguage",
    "django.middleware.common.CommonMiddleware",
]

FORM = "application/x-www-form-urlencoded"
WORDS = "A boy in my grade wrote that he will bring a knife."


class AsPublic:
    """Take on ``upstander_public`` for a request, as the public process would have signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as the public role."""
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE upstander_public")
        try:
            return self.get_response(request)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


class Site:
    """A reporter at a browser."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.client = Client(headers={"host": "127.0.0.1"})

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Open an address, following nothing."""
        return _whole(self.client.get(path, headers=headers))

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> HttpResponse:
        """Send a form as a browser without JavaScript does."""
        body = "&".join(f"{quote_plus(k)}={quote_plus(v)}" for k, v in fields.items())
        return self.post_raw(path, body.encode(), **headers)

    def post_raw(self, path: str, body: bytes, kind: str = FORM, **headers: str) -> HttpResponse:
        """Send these very bytes."""
        return _whole(self.client.generic("POST", path, body, content_type=kind, headers=headers))

    def form(self, path: str = "/report") -> dict[str, str]:
        """Return what the form at ``path`` holds before anything is typed."""
        page = text_of(self.get(path))
        school = re.search(r'name="school"[^>]* value="([^"]+)"', page)
        return hidden_in(page) | ({"school": school[1]} if school else {})

    def send(self, path: str = "/report", text: str = WORDS, **answers: str) -> HttpResponse:
        """Fill the form in and send it."""
        prefix = re.match(f"/({'|'.join(LANGUAGES)})/", path)
        action = f"{prefix[0] if prefix else '/'}report"
        return self.post(action, {**self.form(path), "text": text, **answers})


def _whole(response: Any) -> HttpResponse:
    assert isinstance(response, HttpResponse)
    return response


def text_of(response: HttpResponse) -> str:
    """Return the page as a reader sees it in the source, entities resolved."""
    return html.unescape(response.content.decode())


def hidden_in(page: str) -> dict[str, str]:
    """Return the hidden fields of a page."""
    hidden = r'<input type="hidden" name="([^"]*)" value="([^"]*)"(?: form="[^"]*")?>'
    return dict(re.findall(hidden, page))


def code_in(response: HttpResponse) -> str:
    """Return the return code that a page shows."""
    found = re.search(r'id="return-code"[^>]*>(.*?)</p>', response.content.decode(), re.DOTALL)
    assert found is not None, "the page shows no return code"
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


@pytest.fixture
def site(cast: Cast, settings: Any) -> Site:
    """The reporter's site with the cast behind it."""
    settings.ROOT_URLCONF = "upstander.config.urls_public"
    settings.MIDDLEWARE = ["upstander.doors.tests.site.AsPublic", *MIDDLEWARE]
    snapshot._last.clear()
    report.forms.clear()
    talk_page.talks.clear()
    return Site(cast)
