"""Web push (RFC 8030, 8291, 8292): to the browsers in which somebody said "notify me here".

The message is encrypted to that browser; its maker's service sees that something came, no more.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid
from py_vapid.utils import b64urlencode

from upstander.carriers.contract import CarrierError, Outgoing, Report

#: The services of the browsers' makers. A subscription is an address that the worker will call, so
#: it must be one of theirs: whoever is signed in could else have it call any machine near it.
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".notify.windows.com",
    ".push.apple.com",
    ".push.services.mozilla.com",
)
#: Seconds that a service keeps a page for a device that is off.
TTL = 3600
#: The order of P-256 (FIPS 186-5; SP 800-186, 3.2.1.3).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_LARGEST = 3000


class Push:
    """The one way to browsers: the subscription says whose service it goes through."""

    name = "push"
    reports = False

    def send(self, to: str, outgoing: Outgoing, delivery: UUID) -> str:
        """Send one notification. Raises CarrierError."""
        # It brings aiohttp; the public site, which sends nothing, would start with that too.
        from pywebpush import WebPushException, webpush  # noqa: PLC0415

        subscription = read_subscription(to)
        message = {
            "title": outgoing.title,
            "body": outgoing.short,
            "url": outgoing.link_path or "/",
            "tag": outgoing.code or outgoing.purpose,
            "ask": outgoing.ask,
            "language": outgoing.language,
        }
        try:
            webpush(
                subscription,
                json.dumps(message),
                vapid_private_key=_vapid(),
                vapid_claims={"sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}"},
                ttl=TTL,
                timeout=4,
                headers={"Urgency": "high" if outgoing.urgent else "normal"},
            )
        except WebPushException as error:
            status = error.response.status_code if error.response is not None else 0
            # RFC 8030 section 7.3: the subscription has ended.
            gone = "gone" if status in (404, 410) else ""
            raise CarrierError(f"the push service refused ({status})", broken=gone) from error
        except OSError as error:  # every error of `requests` is one
            raise CarrierError(
                f"the push service could not be used ({type(error).__name__})"
            ) from error
        except ValueError as error:
            raise CarrierError("the subscription can't be used", broken="gone") from error
        return ""

    def ask(self, ref: str) -> Report:
        """Push services can't be asked."""
        raise CarrierError("a notification can't be asked after")

    def end(self, ref: str) -> None:
        """A notification that went is gone."""

    def ping(self) -> None:
        """Each subscription has a service of its own; there is none to ask."""


def read_subscription(text: str) -> dict[str, Any]:
    """Read a browser's subscription. Raises CarrierError if it is none, or leads elsewhere."""
    try:
        raw = json.loads(text)
        keys = {name: str(raw["keys"][name]) for name in ("p256dh", "auth")}
        parts = urlsplit(str(raw["endpoint"]))
        host, port = parts.hostname or "", parts.port
    except (ValueError, KeyError, TypeError) as error:
        raise CarrierError("this is no subscription", broken="gone") from error
    known = any(host == one or (one[0] == "." and host.endswith(one)) for one in SERVICES)
    theirs = known and parts.scheme == "https" and port in (None, 443)
    # The demo's phones are a push service too.
    ours = bool(settings.PUSH_SERVICE) and str(raw["endpoint"]).startswith(
        f"{settings.PUSH_SERVICE}/"
    )
    if len(text) > _LARGEST or not (theirs or ours):
        raise CarrierError("this leads to no known push service", broken="gone")
    return {"endpoint": str(raw["endpoint"]), "keys": keys}


def public_key() -> str:
    """Return the sender's key as browsers take it (``applicationServerKey``)."""
    point = _vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


@lru_cache(maxsize=1)
def _vapid() -> Vapid:
    # Any 32 bytes become a private key of P-256 (FIPS 186-5, A.2.1).
    number = int.from_bytes(settings.VAPID_KEY, "big") % (_ORDER - 1) + 1
    return Vapid(ec.derive_private_key(number, ec.SECP256R1()))
