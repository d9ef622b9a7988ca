"""A push service, and the phone's browser behind it: takes messages, and reads them.

Source: RFC 8030 (push), RFC 8188 and 8291 (how a message is sealed), RFC 8292 (who sends: VAPID).
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

#: Bytes that a push service must take (RFC 8030, section 7.2).
LONGEST = 4096
#: Seconds that a sender's token may be valid at most (RFC 8292, section 2).
LONGEST_TOKEN = 86_400


class PushRefused(Exception):
    """The push service does not take the message; ``status`` is what it answers."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class CannotRead(Exception):
    """The browser can't open the message: it is sealed for somebody else, or wrongly."""


def encode(value: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(value: str) -> bytes:
    """Read base64url with or without padding. Raises ValueError."""
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


@dataclass(frozen=True)
class Subscription:
    """What a browser made for one site: an address, and keys to seal for it."""

    number: str
    """The phone that the browser is on."""
    site: str = ""
    """The site that it was made for, as `https://name:port`."""
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def public(self) -> bytes:
        """The public key as an uncompressed point."""
        return self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def told(self, base: str) -> dict[str, object]:
        """Return what the browser gives to the site (PushSubscription.toJSON)."""
        return {
            "endpoint": f"{base}/push/{self.id}",
            "expirationTime": None,
            "keys": {"p256dh": encode(self.public), "auth": encode(self.auth)},
        }

    def saved(self) -> dict[str, str]:
        """Return all of it, to be made again after a restart."""
        scalar = self.key.private_numbers().private_value.to_bytes(32, "big")
        return {
            "number": self.number,
            "site": self.site,
            "key": encode(scalar),
            "auth": encode(self.auth),
            "id": self.id,
        }

    @classmethod
    def from_saved(cls, saved: Mapping[str, str]) -> Subscription:
        """Make it again."""
        scalar = int.from_bytes(decode(saved["key"]), "big")
        return cls(
            saved["number"],
            saved["site"],
            ec.derive_private_key(scalar, ec.SECP256R1()),
            decode(saved["auth"]),
            saved["id"],
        )

    def open(self, body: bytes) -> str:
        """Open a message sealed with aes128gcm for this subscription. Raises CannotRead."""
        try:
            salt, length = body[:16], body[20]
            sender, sealed = body[21 : 21 + length], body[21 + length :]
            there = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
            shared = self.key.exchange(ec.ECDH(), there)
            info = b"WebPush: info\0" + self.public + sender
            secret = HKDF(hashes.SHA256(), 32, self.auth, info).derive(shared)
            key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
            nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
            padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
            # One record only (RFC 8291, section 4): the delimiter is the last record's, 2.
            if padded[-1:] != b"\x02":
                raise CannotRead("no end of the last record")
            return padded[:-1].decode()
        except CannotRead:
            raise
        except Exception as error:
            raise CannotRead(type(error).__name__) from error


def check(headers: Mapping[str, str], body: bytes, base: str) -> None:
    """Refuse what a push service refuses. ``base``: this service's own origin.

    Raises PushRefused.
    """
    if not headers.get("TTL", "").isdigit():
        raise PushRefused(400, "no TTL")
    if headers.get("Content-Encoding") != "aes128gcm":
        raise PushRefused(415, "Content-Encoding must be aes128gcm")
    if len(body) > LONGEST:
        raise PushRefused(413, "too long")
    if headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
        raise PushRefused(400, "no such Urgency")
    _check_sender(headers.get("Authorization", ""), base)


def _check_sender(authorization: str, base: str) -> None:
    scheme, _, rest = authorization.partition(" ")
    given = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    if scheme.lower() != "vapid" or not {"t", "k"} <= given.keys():
        raise PushRefused(401, "no VAPID")
    try:
        head, claims, signature = given["t"].split(".")
        raw = decode(signature)
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(given["k"]))
        der = utils.encode_dss_signature(
            int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        )
        point.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
        said = json.loads(decode(claims))
        left = float(said["exp"]) - time.time()
    except (ValueError, KeyError, TypeError, InvalidSignature):
        raise PushRefused(403, "VAPID's signature is wrong") from None
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(base))
    if said.get("aud") != origin or not 0 < left <= LONGEST_TOKEN or not said.get("sub"):
        raise PushRefused(403, "VAPID's claims are wrong")
