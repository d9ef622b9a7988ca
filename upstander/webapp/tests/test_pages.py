"""What each page of the app says, lets in and links."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override

from upstander.base.languages import LANGUAGES
from upstander.doors.tests.site import Site, text_of
from upstander.front.gate import _TIPS
from upstander.front.tests.test_headers import EVERYWHERE
from upstander.webapp.tests.sealing import said

_OPENED = ("manifest-src", "worker-src", "connect-src")


def lets_in(site: Site, path: str) -> set[str]:
    """Return which of an app's directives a page has; each for this site alone."""
    policy = site.get(path)["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    found = dict(re.findall(r"([a-z]+-src) ([^;]*)", policy))
    assert all(found[name] == "'self'" for name in _OPENED if name in found)
    return found.keys() & set(_OPENED)


def test_only_app_pages_let_an_app_in(site: Site) -> None:
    for path in (*EVERYWHERE, "/app", "/app/help", "/es/app"):
        assert lets_in(site, path) == set(), path
        assert 'rel="manifest"' not in text_of(site.get(path)), path
    for prefix in ("", "/es", "/ar"):
        assert lets_in(site, f"{prefix}/app/plain") == {"manifest-src", "worker-src"}
        assert lets_in(site, f"{prefix}/app/report") == {"worker-src", "connect-src"}
        assert lets_in(site, f"{prefix}/app/worker.js") == {"connect-src"}


@pytest.mark.parametrize("prefix", ["", "/es", "/ar"])
def test_manifest_is_a_looks_own(site: Site, prefix: str) -> None:
    looks = {}
    for look in ("named", "plain"):
        page = text_of(site.get(f"{prefix}/app/{look}?d=maple-valley"))
        (address,) = re.findall(r'<link rel="manifest" href="([^"]*)"', page)
        response = site.get(address)
        assert response["Content-Type"] == "application/manifest+json"
        looks[look] = said(response)
        assert {icon["sizes"] for icon in looks[look]["icons"]} == {"192x192", "512x512"}
        assert [icon.get("purpose") for icon in looks[look]["icons"]].count("maskable") == 2
        assert looks[look]["start_url"] == f"{prefix}/app/report?d=maple-valley"
        assert len(looks[look]["shortcuts"]) == 3
        assert looks[look]["share_target"]["method"] == "POST"
        assert looks[look]["dir"] == ("rtl" if prefix == "/ar" else "ltr")
        assert looks[look]["lang"] == (prefix.strip("/") or "en")
    assert looks["named"]["id"] != looks["plain"]["id"]
    assert looks["named"]["name"] == "Upstander"
    assert "upstander" not in str({**looks["plain"], "icons": ""}).lower()
    assert site.get("/app/other").status_code == 404
    assert site.get("/app/other.webmanifest").status_code == 404


def test_kept_pages_hold_nothing_of_a_reader(site: Site) -> None:
    """What a worker keeps is the same for everybody: no token, no code, no conversation."""
    site.send()
    site.client.cookies.clear()
    for path in ("/app/report", "/app/help", "/app/worker.js"):
        before = site.get(path)
        assert before.content == site.get(path).content
        assert "Set-Cookie" not in before
    assert 'name="token" value=""' in text_of(site.get("/app/report"))


def test_worker_is_another_when_its_pages_are(site: Site) -> None:
    worker = site.get("/app/worker.js").content
    assert worker != site.get("/app/worker.js?d=maple-valley").content
    assert worker != site.get("/es/app/worker.js").content
    assert b"/app/report" in worker


def test_gate_counts_what_the_app_sends_as_tips() -> None:
    for language in LANGUAGES:
        with override(language):
            assert reverse("app_report", urlconf="upstander.config.urls_public").endswith(_TIPS)


def test_shared_picture_without_a_worker_is_not_taken(site: Site) -> None:
    response = site.post("/app/share", {"file": "x"})
    assert (response.status_code, response["Location"]) == (303, "/app/report")
    assert site.get("/app/talk")["Location"] == "/back"


def test_app_says_so_when_no_key_can_be_made(site: Site, tmp_path: Any, settings: Any) -> None:
    (tmp_path / "file").write_text("no folder")
    settings.APP_KEYS = type(settings.APP_KEYS)(tmp_path / "file")
    assert site.get("/app/report").status_code == 503
    assert site.get("/report").status_code == 200


def test_assetlinks_vouch_for_what_was_named(site: Site, settings: Any) -> None:
    assert site.get("/.well-known/assetlinks.json").status_code == 404
    settings.ANDROID_PACKAGE, settings.ANDROID_CERTIFICATE = "org.example.upstander", "AA:BB"
    response = site.get("/.well-known/assetlinks.json")
    assert response["Content-Type"] == "application/json"
    (vouched,) = said(response)
    assert vouched["target"]["package_name"] == "org.example.upstander"
    assert vouched["target"]["sha256_cert_fingerprints"] == ["AA:BB"]
