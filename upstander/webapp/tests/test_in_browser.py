"""Sealing in a real browser, and what bars somebody's way on the app's pages."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from upstander.doors.tests.site import Site
from upstander.front.tests.browser import browsing
from upstander.ui.tests.barriers import barriers, sideways
from upstander.vault.month_keys import INFO

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: RFC 9180, A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence 0.
RFC = {
    "info": "4f6465206f6e2061204772656369616e2055726e",
    "skEm": "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
    "enc": "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac9"
    "8536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4",
    "pkRm": "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a82"
    "6a779b4cf969b8a0e539c7f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0",
    "pt": "4265617574792069732074727574682c20747275746820626561757479",
    "aad": "436f756e742d30",
    "ct": "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f90"
    "76ac232e3ab2523f39513434",
}
_SEAL = """async ({rfc, jwk}) => {
  const raw = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));
  const curve = {name: "ECDH", namedCurve: "P-256"};
  const given = rfc.aad && {
    aead: 1, aad: raw(rfc.aad),
    pair: {
      privateKey: await crypto.subtle.importKey("jwk", jwk, curve, false, ["deriveBits"]),
      publicKey: await crypto.subtle.importKey("raw", raw(rfc.enc), curve, true, []),
    },
  };
  const sealed = await hpke.seal(raw(rfc.pkRm), raw(rfc.info), raw(rfc.pt), given);
  return Array.from(sealed, (byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


def test_page_seals_as_the_rfc_does(chromium: Browser, site: Site) -> None:
    def part(hexed: str) -> str:
        return urlsafe_b64encode(bytes.fromhex(hexed)).decode().rstrip("=")

    jwk = {"kty": "EC", "crv": "P-256", "d": part(RFC["skEm"])}
    jwk |= {"x": part(RFC["enc"][2:66]), "y": part(RFC["enc"][66:])}
    with browsing(chromium, site) as page:
        page.goto("/app/report")
        assert page.evaluate(_SEAL, {"rfc": RFC, "jwk": jwk}) == RFC["enc"] + RFC["ct"]


def test_server_opens_what_the_page_seals(chromium: Browser, site: Site) -> None:
    key = settings.APP_KEYS.current()
    plain = json.dumps({"text": "Zoë, نحن هنا"}).encode()
    ours = {"pkRm": key.point.hex(), "info": INFO.hex(), "pt": plain.hex()}
    with browsing(chromium, site) as page:
        page.goto("/app/report")
        first, second = (page.evaluate(_SEAL, {"rfc": ours}) for _ in range(2))
    assert first != second, "another ephemeral key each time"
    assert settings.APP_KEYS.open(key.month, bytes.fromhex(first)) == plain


@pytest.mark.parametrize("prefix", ["", "/es", "/ar"])
def test_app_pages_bar_nobodys_way(chromium: Browser, site: Site, prefix: str) -> None:
    with browsing(chromium, site, viewport={"width": 360, "height": 640}) as page:
        for path in ("/app", "/app/named", "/app/plain", "/app/help", "/app/report"):
            page.goto(prefix + path)
            if path == "/app/report":
                # Every state at once, as the page's script would show each.
                page.evaluate(
                    "document.querySelectorAll('template').forEach((one) =>"
                    " document.getElementById('app-shelf').append(one.content.cloneNode(true)))"
                )
            assert barriers(page) == [], path
            assert sideways(page) <= 0, path
