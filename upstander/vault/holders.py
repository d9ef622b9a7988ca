"""Keys of teams and persons, and the signature that ties a public key to its holder.

Holders are named by plain strings: ``team:7``, ``person:12``, or ``mac:<hex>`` where a conflicted
tip must not show whom it was granted to. Whoever can write the database could put a key of their
own in a team's place and read every new tip; the Ed25519 signature (RFC 8032), whose verify key
lies outside the database, makes that visible before anything is sealed.
"""

import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .envelopes import bind
from .errors import GrantBroken, KeySwapped
from .hybrid import PRIVATE_BYTES, KeyPair, NotOpened, key_pair_from, open_with, seal_to

__all__ = [
    "KeyPair",
    "key_pair_from",
    "new_key_pair",
    "open_private",
    "seal_private",
    "sign_public",
    "verify_public",
]


def new_key_pair() -> KeyPair:
    """Return a fresh key pair (ML-KEM-768 + X25519) for a team or a person."""
    return key_pair_from(secrets.token_bytes(PRIVATE_BYTES))


def sign_public(holder: str, version: int, public: bytes, signing_key: bytes) -> bytes:
    """Return the 64-byte signature that ties the public key to its holder and version."""
    return Ed25519PrivateKey.from_private_bytes(signing_key).sign(_claim(holder, version, public))


def verify_public(
    holder: str, version: int, public: bytes, signature: bytes, verify_key: bytes
) -> None:
    """Check a stored public key before anything is sealed to it. Raises KeySwapped."""
    key = Ed25519PublicKey.from_public_bytes(verify_key)
    try:
        key.verify(bytes(signature), _claim(holder, version, public))
    except InvalidSignature as error:
        raise KeySwapped(
            f"The public key of {holder} v{version} is not the one that was signed. "
            "Nothing is sealed to it; find out who wrote to the database."
        ) from error


def seal_private(
    private: bytes, *, holder: str, version: int, member: str, member_version: int, public: bytes
) -> bytes:
    """Seal a team's private seed to one member's public key (1,168 bytes).

    Bound to both names and both versions, so that a row moved to another team does not open.
    """
    if len(private) != PRIVATE_BYTES:
        raise ValueError(f"a private key has {PRIVATE_BYTES} bytes")
    info = bind("member", holder, version, member, member_version)
    return seal_to(bytes(public), private, info=info)


def open_private(
    blob: bytes, *, holder: str, version: int, member: str, member_version: int, private: bytes
) -> bytes:
    """Return the team's private seed with the member's own. Raises GrantBroken."""
    info = bind("member", holder, version, member, member_version)
    try:
        return open_with(private, bytes(blob), info=info)
    except NotOpened as error:
        raise GrantBroken(f"The key of {holder} does not open for {member}.") from error


def _claim(holder: str, version: int, public: bytes) -> bytes:
    return bind("upstander holder key", holder, version, bytes(public))
