"""Public-key sealing: HPKE (RFC 9180) with ML-KEM-768 + X25519, HKDF-SHA256, ChaCha20-Poly1305.

Hybrid, because what is sealed today must still be closed when somebody who copied it owns a quantum
computer, and because a young lattice scheme alone is not enough to trust a child's words to.
A private key is kept as one 32-byte seed and expanded as X-Wing does
(draft-connolly-cfrg-xwing-kem, section 5.2). Used inside the vault only.
"""

from functools import lru_cache
from hashlib import shake_256
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

PRIVATE_BYTES: Final = 32
_MLKEM_SEED_BYTES: Final = 64
_MLKEM_PUBLIC_BYTES: Final = 1184
PUBLIC_BYTES: Final = _MLKEM_PUBLIC_BYTES + 32
# What sealing adds: the KEM's ciphertext (1,088 + 32) and the tag (16).
OVERHEAD: Final = 1136

_SUITE: Final = hpke.Suite(
    hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305
)


class KeyPair(NamedTuple):
    """A holder's keys: 32 private bytes, 1,216 public bytes."""

    private: bytes
    public: bytes

    def __repr__(self) -> str:
        """Show no key: a repr ends in logs and tracebacks."""
        return "KeyPair(…)"


class NotOpened(Exception):
    """The blob does not open with this key and this info; callers name what that means."""


def key_pair_from(private: bytes) -> KeyPair:
    """Return the pair that belongs to a 32-byte private seed; the same seed, the same pair."""
    lattice, curve = _expand(private)
    public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
    return KeyPair(private, public)


def seal_to(public: bytes, plaintext: bytes, *, info: bytes) -> bytes:
    """Seal bytes to a public key for the one context that ``info`` names (RFC 9180, 5.1.1).

    Raises ValueError when the public key is malformed.
    """
    return _SUITE.encrypt(plaintext, _public_key(public), info=info)


@lru_cache(maxsize=64)
def _public_key(public: bytes) -> hpke.MLKEM768X25519PublicKey:
    """Parse a public key: no secret, and every tip of a center is sealed to the same one."""
    if len(public) != PUBLIC_BYTES:
        raise ValueError(f"a public key has {PUBLIC_BYTES} bytes")
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES]),
        X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_BYTES:]),
    )


def open_with(private: bytes, blob: bytes, *, info: bytes) -> bytes:
    """Open what ``seal_to`` made. Raises NotOpened for another key, another info, other bytes."""
    lattice, curve = _expand(private)
    try:
        return _SUITE.decrypt(blob, hpke.MLKEM768X25519PrivateKey(lattice, curve), info=info)
    except (InvalidTag, ValueError) as error:
        raise NotOpened from error


def _expand(private: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(private) != PRIVATE_BYTES:
        raise ValueError(f"a private key has {PRIVATE_BYTES} bytes")
    raw = shake_256(private).digest(_MLKEM_SEED_BYTES + 32)
    return (
        MLKEM768PrivateKey.from_seed_bytes(raw[:_MLKEM_SEED_BYTES]),
        X25519PrivateKey.from_private_bytes(raw[_MLKEM_SEED_BYTES:]),
    )
