"""Django's sessions, sealed: what a browser is in the middle of is nobody's who reads the database.

A session holds, for a while, a TOTP secret that is being set up, the key of a password reset, a
form that waits for the person to prove themselves again. None of it may lie there in clear.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import SealBroken

_AAD = bind("web session")


class SessionStore(DatabaseStore):
    """Rows of ``django_session`` whose data is sealed under the field key."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return the session's data as text that only this desk reads."""
        raw = json.dumps(session_dict, separators=(",", ":")).encode()
        return base64.b64encode(seal(_key(), raw, aad=_AAD)).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Return what ``encode`` made; an empty session for anything else."""
        try:
            raw = unseal(_key(), base64.b64decode(session_data, validate=True), aad=_AAD)
        except (SealBroken, binascii.Error, ValueError):
            return {}
        data: dict[str, Any] = json.loads(raw)
        return data


def _key() -> bytes:
    return derive(settings.FIELD_KEY, "web session")
