"""Headers and lengths of every page."""

from __future__ import annotations

import gzip
import re

import brotli  # type: ignore[import-untyped]
import pytest

from upstander.doors.tests.site import Site
from upstander.front.middleware import STEP

pytestmark = pytest.mark.usefixtures("either_intake")

EVERYWHERE = ["/", "/report", "/r/cedar", "/d/maple-valley", "/back", "/talk/live", "/nothing"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_page_closes_every_door(site: Site, path: str) -> None:
    response = site.get(path)
    policy = dict(
        part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "http" not in response["Content-Security-Policy"]
    assert policy["frame-ancestors"] == ("'self'" if path == "/talk/live" else "'none'")
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert int(response["Content-Length"]) == len(response.content)


@pytest.mark.parametrize("path", EVERYWHERE)
def test_no_page_loads_or_runs_anything_from_elsewhere_or_inline(site: Site, path: str) -> None:
    page = site.get(path).content.decode()
    for address in re.findall(r'(?:src|<link[^>]*href)="([^"]*)"', page):
        assert address.startswith(("/static/", "/talk/live", "data:image/svg+xml,"))
    assert not re.search(r"<style|style=|<script(?![^>]*src)| on\w+=", page)


def test_private_pages_are_steps_long_and_never_compressed(site: Site) -> None:
    thanks = site.send(text="x")
    live = site.get("/talk/live", **{"accept-encoding": "gzip, br"})
    again = site.get("/talk", **{"accept-encoding": "gzip, br"})
    wrong = site.send(text="", place="y" * 300)
    for response in (thanks, live, again, wrong):
        assert len(response.content) % STEP == 0
        assert "Content-Encoding" not in response
        assert response["X-Robots-Tag"] == "noindex"


def test_the_length_of_the_conversation_does_not_show_a_short_answer(site: Site) -> None:
    site.send(text="x")
    before = {len(site.get("/talk/live").content) for _ in range(20)}
    site.post("/talk/message", {"text": "A short message, such as an answer.", "once": "1"})
    after = {len(site.get("/talk/live").content) for _ in range(20)}
    assert len(before | after) <= 2


@pytest.mark.parametrize("path", ["/report", "/d/maple-valley", "/", "/back"])
def test_pages_without_a_reporters_word_are_packed_as_the_browser_likes(
    site: Site, path: str
) -> None:
    token = re.compile(rb'name="token" value="[^"]*"')
    plain = token.sub(b"", site.get(path).content)
    packed = site.get(path, **{"accept-encoding": "gzip, deflate"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed["Vary"] == "Accept-Encoding"
    assert token.sub(b"", gzip.decompress(packed.content)) == plain
    best = site.get(path, **{"accept-encoding": "gzip, deflate, br"})
    unpack = brotli.decompress if best["Content-Encoding"] == "br" else gzip.decompress
    assert token.sub(b"", unpack(best.content)) == plain


def test_answers_are_not_logged_one_by_one(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.get("/nothing")
    site.send(text="")
    site.post("/back", {"code": "wrong"})
    assert not caplog.records
