"""Symmetric envelopes: what a value is sealed in once the key to it is known.

ChaCha20-Poly1305 (RFC 8439) under keys from HKDF-SHA256 (RFC 5869). A blob is

    format (1) | nonce (12) | ciphertext of the padded value | tag (16)

and its length lies on a few steps, because the length of a sentence is a hint at the sentence.
"""

import secrets
from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import SealBroken

KEY_BYTES: Final = 32
_FORMAT: Final = b"\x01"
_NONCE_BYTES: Final = 12
OVERHEAD: Final = len(_FORMAT) + _NONCE_BYTES + 16

# A key (32), a name or a short answer (64, 256), a message (1 KiB, 4 KiB); above that whole pages.
STEPS: Final = (64, 256, 1024, 4096)
_PAGE: Final = 4096


def bind(*parts: str | int | UUID | bytes) -> bytes:
    """Return the parts as one string of bytes that no other parts yield.

    For associated data: ``bind("message", tip, row, "text")``. Each part carries its length, so
    that ("ab", "c") differs from ("a", "bc"); numbers and ids count by their decimal or hex form.
    """
    out = bytearray()
    for part in parts:
        raw = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        out += len(raw).to_bytes(4, "big")
        out += raw
    return bytes(out)


def derive(seed: bytes, purpose: str) -> bytes:
    """Return a 32-byte key for one purpose: HKDF-SHA256 (RFC 5869) of the seed.

    The seed must be a key already (random or itself derived), not something typed by a person.
    """
    if len(seed) < 16:
        raise ValueError("a seed has at least 16 bytes")
    info = b"upstander/1/" + purpose.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(seed)


def padded_size(length: int) -> int:
    """Return the bytes that a value of ``length`` bytes takes once padded (at least one more)."""
    need = length + 1
    for step in STEPS:
        if need <= step:
            return step
    return -(-need // _PAGE) * _PAGE


def pad(plaintext: bytes) -> bytes:
    """Return the value filled up to its step (ISO/IEC 7816-4: 0x80, then zeros)."""
    return (plaintext + b"\x80").ljust(padded_size(len(plaintext)), b"\0")


def unpad(padded: bytes) -> bytes:
    """Undo ``pad``. Raises SealBroken when it is no padded value."""
    body = padded.rstrip(b"\0")
    if not body.endswith(b"\x80"):
        raise SealBroken("The sealed value has no proper end.")
    return body[:-1]


def seal(key: bytes, plaintext: bytes, *, aad: bytes) -> bytes:
    """Seal a value under a 32-byte key; ``aad`` names the place where it belongs (``bind``).

    The nonce is random: one key may seal 2**32 values before a repeat becomes likely enough to
    matter (NIST SP 800-38D, 8.3), so keys are derived per tip and purpose.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = ChaCha20Poly1305(key).encrypt(nonce, pad(plaintext), _FORMAT + aad)
    return _FORMAT + nonce + sealed


def unseal(key: bytes, blob: bytes, *, aad: bytes) -> bytes:
    """Open what ``seal`` made. Raises SealBroken for any other key, place or bytes.

    One error for all: why a seal does not open would help only who tampers with it.
    """
    return opener(key)(blob, aad)


def opener(key: bytes) -> Callable[[bytes, bytes], bytes]:
    """Return ``unseal`` for many blobs under one key, called with a blob and its ``aad``."""
    cipher = ChaCha20Poly1305(key)
    start = len(_FORMAT) + _NONCE_BYTES

    def open_one(blob: bytes, aad: bytes) -> bytes:
        blob = bytes(blob)  # database drivers hand out memoryviews
        if len(blob) < OVERHEAD or not blob.startswith(_FORMAT):
            raise SealBroken("The sealed value does not open.")
        try:
            padded = cipher.decrypt(blob[len(_FORMAT) : start], blob[start:], _FORMAT + aad)
        except InvalidTag as error:
            raise SealBroken("The sealed value does not open.") from error
        return unpad(padded)

    return open_one


def reseal[Row](
    rows: Iterable[tuple[Row, bytes]], *, old: bytes, new: bytes, aad_of: Callable[[Row], bytes]
) -> tuple[list[tuple[Row, bytes]], int]:
    """Seal many values anew, from one key to another; their places and sizes stay.

    Also returns how many did not open under the old key: those are left out.
    """
    opener, sealer = ChaCha20Poly1305(old), ChaCha20Poly1305(new)
    start = len(_FORMAT) + _NONCE_BYTES
    done: list[tuple[Row, bytes]] = []
    broken = 0
    for row, blob in rows:
        aad = _FORMAT + aad_of(row)
        try:
            padded = opener.decrypt(blob[len(_FORMAT) : start], blob[start:], aad)
        except (InvalidTag, ValueError):
            broken += 1
            continue
        nonce = secrets.token_bytes(_NONCE_BYTES)
        done.append((row, _FORMAT + nonce + sealer.encrypt(nonce, padded, aad)))
    return done, broken
