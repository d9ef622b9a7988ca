"""Sealing as the page does, by the server's own library."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.http import HttpResponse

from upstander.doors.tests.site import WORDS
from upstander.vault.month_keys import INFO, SUITE


def sealed(**said: object) -> dict[str, str]:
    """Return what the app sends for a form with these fields."""
    return sealed_raw(json.dumps({"token": "t" * 24, "lang": "en", "text": WORDS, **said}).encode())


def sealed_raw(plain: bytes) -> dict[str, str]:
    """Return what the app would send if it had sealed these very bytes."""
    key = settings.APP_KEYS.current()
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key.point)
    blob = SUITE.encrypt(plain, public, info=INFO)
    return {"month": key.month, "sealed": b64encode(blob).decode()}


def said(response: HttpResponse) -> Any:
    """Return what a response says in JSON."""
    return json.loads(response.content)
