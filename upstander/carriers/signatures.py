"""Whether a request really comes from a provider. What is not signed is not read."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

if TYPE_CHECKING:
    from upstander.carriers.providers import Provider

#: Seconds that a dated signature is good for.
TOLERANCE = 300


@dataclass(frozen=True, slots=True)
class Said:
    """A POST in a provider's name. ``path`` is with its query.

    The address that was signed is the one that we gave out, not what the request calls its host.
    """

    path: str
    form: Mapping[str, Sequence[str]]
    body: bytes
    headers: Mapping[str, str]


class Signing(Protocol):
    """How a kind of provider signs what it reports."""

    @property
    def headers(self) -> tuple[str, ...]:
        """Where the signature stands: the public gate lets these through, and no others."""

    def holds(self, provider: Provider, said: Said) -> bool:
        """Tell whether ``provider`` signed it."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """Twilio's way, in a header of one's own."""

    header: str

    @property
    def headers(self) -> tuple[str, ...]:
        """The one header."""
        return (self.header,)

    def holds(self, provider: Provider, said: Said) -> bool:
        """Tell whether it is signed with the provider's key; with none, anybody could sign."""
        if not provider.signing_key:
            return False
        right = twilio(provider.signing_key, provider.callback_url + said.path, said.form)
        return hmac.compare_digest(said.headers.get(self.header, "").encode(), right.encode())


def twilio(key: str, url: str, form: Mapping[str, Sequence[str]]) -> str:
    """Return Twilio's signature, which SignalWire uses too.

    Source: twilio.com/docs/usage/webhooks/webhooks-security: HMAC-SHA1 under the account's token of
    the address and each field's name and value, sorted by name. SHA-1 is theirs; keyed, it holds.
    """
    said = url + "".join(name + one for name in sorted(form) for one in sorted(set(form[name])))
    return base64.b64encode(hmac.digest(key.encode(), said.encode(), "sha1")).decode()


@dataclass(frozen=True, slots=True)
class Dated:
    """Telnyx's way: Ed25519 over ``timestamp|body`` (developers.telnyx.com, webhook signing)."""

    signature: str
    stamp: str

    @property
    def headers(self) -> tuple[str, ...]:
        """The signature's header and the time's."""
        return (self.signature, self.stamp)

    def holds(self, provider: Provider, said: Said) -> bool:
        """Tell whether the provider's public key fits, and the time."""
        stamp = said.headers.get(self.stamp, "")
        digits = stamp.isascii() and stamp.isdigit()
        if not digits or abs(time.time() - int(stamp)) > TOLERANCE:
            return False
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(provider.public_key))
            signature = base64.b64decode(said.headers.get(self.signature, ""), validate=True)
            key.verify(signature, stamp.encode() + b"|" + said.body)
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True
