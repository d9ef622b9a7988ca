"""The link by which a page is answered without signing in: who, to what, until when, signed.

It opens nothing. Whoever holds it can say "I have it" for that person to that one alert.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from upstander.base.moment import database_second
from upstander.people.links import LinkOver
from upstander.vault.envelopes import bind

#: Seconds that a link can be used.
LIFE = 24 * 3600
_MAC = 16


class NoSuchLink(Exception):
    """The link was never ours, or was changed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked about what."""

    person_id: int
    for_id: UUID


def sign(person_id: int, for_id: UUID, *, now: datetime | None = None) -> str:
    """Return the link's token: short, as a text has little room."""
    until = int((now or database_second()).timestamp()) + LIFE
    body = person_id.to_bytes(6, "big") + for_id.bytes + until.to_bytes(5, "big")
    return base64.urlsafe_b64encode(body + _mac(body)).decode().rstrip("=")


def read(token: str, *, now: datetime | None = None) -> Asked:
    """Return whom a token asks about what. Raises NoSuchLink, LinkOver."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError) as error:
        raise NoSuchLink from error
    body, mac = raw[:-_MAC], raw[-_MAC:]
    # Its one spelling: base64 has several for the same bytes.
    same = base64.urlsafe_b64encode(raw).decode().rstrip("=") == token
    if len(body) != 27 or not same or not hmac.compare_digest(mac, _mac(body)):
        raise NoSuchLink
    if int.from_bytes(body[22:], "big") < (now or database_second()).timestamp():
        raise LinkOver
    return Asked(int.from_bytes(body[:6], "big"), UUID(bytes=body[6:22]))


def _mac(body: bytes) -> bytes:
    return hmac.digest(settings.ANSWER_KEY, bind("answer", body), "sha256")[:_MAC]
