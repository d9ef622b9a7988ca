"""Ways back to a key when passwords are lost: two shares on paper, and personal codes.

A center's or district's private seed is split in two for two people; one share is random and tells
nothing whatever about the seed (a one-time pad), both give it back. A person's own recovery code
wraps their private seed a second time, beside the password.
"""

import secrets
from typing import Final

from .envelopes import derive
from .errors import RecoveryBroken
from .printable import Unreadable, decode, encode

SECRET_BYTES: Final = 32
_SHARE_KIND: Final = "recovery share"
_CODE_KIND: Final = "recovery code"
_SET_BYTES: Final = 4
_SHARE_BYTES: Final = 1 + _SET_BYTES + SECRET_BYTES
_CODE_BYTES: Final = 17  # 136 bits: nothing to guess at, so no slow hash is needed


def split(secret: bytes) -> tuple[str, str]:
    """Return two printable shares (16 groups of four) of a 32-byte secret; both are needed.

    Each names its side and its set, so that a mix-up is told apart from a slip of the pen.
    """
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes")
    pad = secrets.token_bytes(SECRET_BYTES)
    name = secrets.token_bytes(_SET_BYTES)
    other = _xor(secret, pad)
    return (
        encode(b"\x01" + name + pad, _SHARE_KIND),
        encode(b"\x02" + name + other, _SHARE_KIND),
    )


def join(a: str, b: str) -> bytes:
    """Return the secret of two shares, in either order.

    Raises RecoveryBroken with a message for the person: mistyped, twice the same, of two sets.
    """
    first, second = _share(a, "first"), _share(b, "second")
    if first[1 : 1 + _SET_BYTES] != second[1 : 1 + _SET_BYTES]:
        raise RecoveryBroken(
            "These two shares do not belong together: they are from two different sets."
        )
    if {first[0], second[0]} != {1, 2}:
        raise RecoveryBroken("This is the same share twice. The other holder has the second one.")
    return _xor(first[1 + _SET_BYTES :], second[1 + _SET_BYTES :])


def new_recovery_code() -> str:
    """Return a person's recovery code to print: eight groups of four, 136 random bits."""
    return encode(secrets.token_bytes(_CODE_BYTES), _CODE_KIND)


def recovery_wrapping_key(code: str) -> bytes:
    """Return the 32-byte key that wraps the person's private seed beside their password.

    Raises RecoveryBroken with a message for the person when the code is mistyped.
    """
    try:
        return derive(decode(code, _CODE_BYTES, _CODE_KIND), "recovery code")
    except Unreadable as error:
        raise RecoveryBroken(f"The recovery code is not readable. {error}") from error


def _share(text: str, which: str) -> bytes:
    try:
        return decode(text, _SHARE_BYTES, _SHARE_KIND)
    except Unreadable as error:
        raise RecoveryBroken(f"The {which} share is not readable. {error}") from error


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(left, right, strict=True))
