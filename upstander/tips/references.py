"""What names a tip and its rows: random, so that a gap tells nothing."""

from __future__ import annotations

import secrets
from uuid import UUID

#: References leave out letters and digits that are mistaken for one another on the phone.
_REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_ids(count: int) -> list[UUID]:
    """Return random ids for rows."""
    # Drawn together: each draw lets go of the interpreter, and another thread gets in between.
    drawn = secrets.token_bytes(16 * count)
    return [UUID(bytes=drawn[at : at + 16], version=4) for at in range(0, len(drawn), 16)]


def new_reference() -> str:
    """Return a random reference such as ``7KQ2-M9XD`` (some 39 bits: gaps tell nothing)."""
    number, letters = secrets.randbelow(len(_REFERENCE_LETTERS) ** 8), ""
    for _ in range(8):
        number, index = divmod(number, len(_REFERENCE_LETTERS))
        letters += _REFERENCE_LETTERS[index]
    return f"{letters[:4]}-{letters[4:]}"
