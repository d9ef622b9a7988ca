"""Whether a request really comes from a provider. What is not signed is not read."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from upstander.carriers.providers import Provider

#: Seconds that a dated signature is good for.
TOLERANCE = 300


def is_signed(
    provider: Provider,
    *,
    path: str,
    form: Mapping[str, Sequence[str]],
    body: bytes,
    headers: Mapping[str, str],
) -> bool:
    """Tell whether ``provider`` signed a POST to ``path`` (with its query).

    The address that was signed is the one that we gave it, not what the request calls its host.
    """
    if provider.kind == "telnyx":
        return _telnyx(provider, body, headers)
    url = provider.callback_url + path
    name = "X-SignalWire-Signature" if provider.kind == "signalwire" else "X-Twilio-Signature"
    given = headers.get(name, "")
    return hmac.compare_digest(given.encode(), twilio(provider.signing_key, url, form).encode())


def twilio(key: str, url: str, form: Mapping[str, Sequence[str]]) -> str:
    """Return Twilio's signature, which SignalWire uses too.

    Source: twilio.com/docs/usage/webhooks/webhooks-security: HMAC-SHA1 under the account's token of
    the address and each field's name and value, sorted by name. SHA-1 is theirs; keyed, it holds.
    """
    said = url + "".join(name + one for name in sorted(form) for one in sorted(set(form[name])))
    return base64.b64encode(hmac.digest(key.encode(), said.encode(), "sha1")).decode()


def _telnyx(provider: Provider, body: bytes, headers: Mapping[str, str]) -> bool:
    """Check Ed25519 over ``timestamp|body`` (developers.telnyx.com, webhook signing)."""
    stamp = headers.get("Telnyx-Timestamp", "")
    if not stamp.isascii() or not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE:
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(provider.public_key))
        signature = base64.b64decode(headers.get("Telnyx-Signature-Ed25519", ""), validate=True)
        key.verify(signature, stamp.encode() + b"|" + body)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
