"""What a staff member's password yields: proof of login, and the key to their private seed.

One run of Argon2id (RFC 9106: 64 MiB, three passes) with the pepper file as secret; HKDF splits the
result. So neither half is a cheaper target than the other, the stored verifier says nothing about
the key, and a stolen database cannot be guessed at.
"""

import secrets
import unicodedata
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from .envelopes import derive
from .wordlists import word_list

MEMORY_KIB: Final = 64 * 1024
PASSES: Final = 3
#: One lane is one thread. OpenSSL shares its threads between runs: two at once that want four each
#: can wait for each other for ever, and with them every sign-in (ADR 196).
LANES: Final = 1
SALT_BYTES: Final = 16
PASSPHRASE_WORDS: Final = 5
_MAX_CHARACTERS: Final = 4096


class PasswordKeys(NamedTuple):
    """Both halves of one run, 32 bytes each."""

    verifier: bytes
    wrapping_key: bytes

    def __repr__(self) -> str:
        """Show no key: a repr ends in logs and tracebacks."""
        return "PasswordKeys(…)"


def new_salt() -> bytes:
    """Return 16 random bytes, one salt a password."""
    return secrets.token_bytes(SALT_BYTES)


def password_keys(password: str, salt: bytes, pepper: bytes) -> PasswordKeys:
    """Return login verifier and wrapping key from one run (about 0.15 s of one core).

    The password counts in Unicode form NFC (RFC 8265, 4.2), so that an accent typed on another
    keyboard is the same accent. Raises ValueError when it is longer than 4,096 characters.
    """
    if len(password) > _MAX_CHARACTERS:
        raise ValueError("a password has 4,096 characters at most")
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    root = Argon2id(
        salt=bytes(salt),
        length=32,
        iterations=PASSES,
        lanes=LANES,
        memory_cost=MEMORY_KIB,
        secret=pepper,
    ).derive(typed)
    return PasswordKeys(derive(root, "login verifier"), derive(root, "private seed"))


def login_verifier(password: str, salt: bytes, pepper: bytes) -> bytes:
    """Return what the login table stores for this password (32 bytes)."""
    return password_keys(password, salt, pepper).verifier


def wrapping_key(password: str, salt: bytes, pepper: bytes) -> bytes:
    """Return the key that wraps the person's private seed (32 bytes). It is never stored."""
    return password_keys(password, salt, pepper).wrapping_key


def new_passphrase(language: str = "en") -> str:
    """Return five random words to offer as a passphrase (53 bits, behind Argon2id and pepper)."""
    words = word_list(language).words
    return " ".join(secrets.choice(words) for _ in range(PASSPHRASE_WORDS))
