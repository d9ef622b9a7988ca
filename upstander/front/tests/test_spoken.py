"""The start leads to the language that a phone is set to; everywhere else the address rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from upstander.front.tests.wire import Behind, ask, gate
from upstander.tips.tests.loops import apart

SPANISH = "es-US,es;q=0.9,en;q=0.8"


@pytest.fixture(autouse=True)
def _public_site(settings: Any) -> None:
    settings.ROOT_URLCONF = "upstander.config.urls_public"


def answered(tmp_path: Path, path: str, spoken: str, whence: str = "none") -> dict[str, Any]:
    behind = Behind()
    headers = {"accept-language": spoken} | ({"sec-fetch-site": whence} if whence else {})
    got = apart(ask(gate(behind, tmp_path), path, headers=headers))
    return {"got": got, "seen": behind.seen}


@pytest.mark.parametrize(
    ("spoken", "leads"),
    [
        (SPANISH, "/es/"),
        ("ar", "/ar/"),
        ("ES-mx", "/es/"),
        ("fr, ar;q=0.7, en;q=0.2", "/ar/"),
        ("en-US,en;q=0.9,es;q=0.8", ""),
        ("es;q=0.1, en;q=0.9", ""),
        *(
            (nothing, "")
            for nothing in ("", "*", "fr", "de,fr;q=0.5", "//evil.example", "es" * 999)
        ),
    ],
)
def test_a_phone_s_own_language_is_where_the_start_leads(
    tmp_path: Path, spoken: str, leads: str
) -> None:
    found = answered(tmp_path, "/", spoken)
    got = found["got"]
    assert "Accept-Language" in got.headers.get("vary", "")
    if not leads:
        assert got.status == 200
        assert "HTTP_ACCEPT_LANGUAGE" not in found["seen"][0]
        return
    assert (got.status, got.headers["location"]) == (302, leads)
    assert got.headers["cache-control"] == "no-store"
    assert "set-cookie" not in got.headers
    assert not found["seen"], "no view is asked"


@pytest.mark.parametrize("path", ["/es/", "/ar/", "/d/maple-valley", "/r/cedar", "/report", "//"])
def test_an_address_that_says_more_is_answered_as_it_is(tmp_path: Path, path: str) -> None:
    assert answered(tmp_path, path, SPANISH)["got"].status == 200


@pytest.mark.parametrize("whence", ["same-origin", ""])
def test_whoever_presses_english_gets_it(tmp_path: Path, whence: str) -> None:
    """A link of the site itself, or a browser that does not say: no loop."""
    assert answered(tmp_path, "/", SPANISH, whence)["got"].status == 200


def test_a_link_from_a_school_s_own_page_leads_there_too(tmp_path: Path) -> None:
    assert answered(tmp_path, "/", SPANISH, "cross-site")["got"].status == 302
