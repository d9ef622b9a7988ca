"""Grants: the only way in which a tip's secret is stored.

Sealed to one holder's public key by HPKE; ``info`` names tip, audience, holder and version, so a
grant copied into another row, by mistake or by an attacker, opens for nobody.
"""

from typing import Final
from uuid import UUID

from .envelopes import bind
from .errors import GrantBroken
from .hybrid import OVERHEAD, NotOpened, open_with, seal_to
from .seeds import SECRET_BYTES, Audience

GRANT_BYTES: Final = SECRET_BYTES + OVERHEAD  # 1,168


def make_grant(
    secret: bytes, *, tip: UUID, audience: Audience, holder: str, version: int, public: bytes
) -> bytes:
    """Seal one audience's secret (32 bytes) to a holder and return the 1,168-byte grant.

    The public key must have passed ``holders.verify_public``. Raises ValueError for a secret or a
    public key of the wrong size.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes")
    return seal_to(bytes(public), secret, info=_info(tip, audience, holder, version))


def open_grant(
    blob: bytes, *, tip: UUID, audience: Audience, holder: str, version: int, private: bytes
) -> bytes:
    """Return the secret. Raises GrantBroken when key or row is not the one it was made for."""
    try:
        return open_with(private, bytes(blob), info=_info(tip, audience, holder, version))
    except NotOpened as error:
        raise GrantBroken(
            f"The {audience} grant of tip {tip} does not open for {holder} v{version}."
        ) from error


def _info(tip: UUID, audience: Audience, holder: str, version: int) -> bytes:
    return bind("grant", tip, Audience(audience).value, holder, version)
