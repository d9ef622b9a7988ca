"""Sessions that carry a key: the cookie opens the row, and the row alone opens nothing.

The cookie is 32 random bytes. The database keeps its SHA-256 (to find the row) and the unlocked
seed encrypted under a key from it (to use the row); neither leads back to the cookie. How long a
session lives is the caller's rule: 30 minutes idle for reporters, 15 idle and 12 hours for staff.
"""

import hashlib
import secrets

from .envelopes import bind, derive, seal, unseal


def new_token() -> str:
    """Return a cookie's value: 256 random bits, safe in a header."""
    return secrets.token_urlsafe(32)


def row_key(token: str) -> bytes:
    """Return the 32 bytes by which the session's row is found. Any string is accepted.

    A plain hash is enough, because the token is random and cannot be guessed at.
    """
    return hashlib.sha256(_raw(token)).digest()


def database_token(token: str) -> str:
    """Return what the database may be told in the cookie's place, as hex: a hash of it.

    Statements can be read at a database server (a log of slow ones, a monitor), and the cookie
    opens what its row holds. This names the session to the database and opens nothing.
    """
    return hashlib.sha256(b"database" + _raw(token)).hexdigest()


def with_code(token: str, code: bytes) -> str:
    """Return what the database is told of a session and of its person's opaque code together."""
    return f"{database_token(token)}.{code.hex()}"


def code_proof(token: str, code: bytes) -> bytes:
    """Return what stands in the session's row: it proves the code, and tells it to nobody."""
    return hashlib.sha256(row_key(database_token(token)) + code).digest()


def seal_for(token: str, seed: bytes, aad: bytes) -> bytes:
    """Encrypt what a session unlocks under its cookie; ``aad`` names the session's owner."""
    return seal(_key(token), seed, aad=bind("session", aad))


def open_for(token: str, blob: bytes, aad: bytes) -> bytes:
    """Return what ``seal_for`` sealed. Raises SealBroken for another cookie or owner."""
    return unseal(_key(token), blob, aad=bind("session", aad))


def _key(token: str) -> bytes:
    # Hashed first: `derive` wants key-sized input, and a forged cookie may be of any length.
    return derive(hashlib.sha256(b"seal" + _raw(token)).digest(), "session")


def _raw(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")
