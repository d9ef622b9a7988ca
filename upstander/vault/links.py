"""Secrets that travel in a link, and what is kept of them.

They are random and long, so that a plain hash hides them: whoever holds the database opens none.
"""

import hashlib
import secrets
from typing import Final

#: 128 bits: enough that nobody meets one by trying.
LINK_BYTES: Final = 16


def new_link_secret(size: int = LINK_BYTES) -> str:
    """Return a fresh secret of ``size`` random bytes, fit for a URL; at least 16."""
    if size < LINK_BYTES:
        raise ValueError(f"a link's secret has at least {LINK_BYTES} bytes")
    return secrets.token_urlsafe(size)


def link_hash(secret: str) -> bytes:
    """Return what is kept of a link's secret, as the database's ``sha256()`` makes it too."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
