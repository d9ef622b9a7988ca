"""Secrets on paper: bytes as groups of letters and digits that survive copying by hand.

Crockford's base 32: no I, L, O or U, and what people type instead of 1 and 0 is understood. Three
bytes of checksum find a slip of the pen (all but one in 16 million). Used inside the vault only.
"""

import hashlib
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)} | {
    "O": 0,
    "I": 1,
    "L": 1,
}
_CHECK_BYTES: Final = 3
_GROUP: Final = 4


class Unreadable(Exception):
    """The text is not what ``encode`` made; the message is for the person who typed it."""


def encode(body: bytes, kind: str) -> str:
    """Return the bytes with their checksum in groups of four, joined by hyphens.

    ``kind`` goes into the checksum, so that a text of another kind is not taken for this one.
    The length of body plus three bytes of checksum must be a multiple of five.
    """
    raw = body + _check(body, kind)
    if len(raw) % 5:
        raise ValueError("body and checksum must fill whole groups")
    number = int.from_bytes(raw, "big")
    count = len(raw) * 8 // 5
    text = "".join(_ALPHABET[number >> (5 * place) & 31] for place in reversed(range(count)))
    return "-".join(text[start : start + _GROUP] for start in range(0, count, _GROUP))


def decode(text: str, size: int, kind: str) -> bytes:
    """Return the ``size`` bytes of the body. Case, spaces and hyphens don't matter.

    Raises Unreadable when characters are missing, wrong or of another kind.
    """
    letters = [char for char in text.upper() if char.isalnum()]
    count = (size + _CHECK_BYTES) * 8 // 5
    if len(letters) != count:
        raise Unreadable(f"This has {len(letters)} letters and digits; it should have {count}.")
    number = 0
    for position, letter in enumerate(letters):
        value = _VALUES.get(letter)
        if value is None:
            raise Unreadable(f"Group {position // _GROUP + 1} has a character that is not used.")
        number = number << 5 | value
    raw = number.to_bytes(size + _CHECK_BYTES, "big")
    body, check = raw[:size], raw[size:]
    if check != _check(body, kind):
        raise Unreadable("A letter or digit is mistyped. Check each group of four.")
    return body


def _check(body: bytes, kind: str) -> bytes:
    return hashlib.sha256(kind.encode() + b"|" + body).digest()[:_CHECK_BYTES]
