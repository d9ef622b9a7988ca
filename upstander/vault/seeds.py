"""A tip's three seeds, and the inbox of its dialog.

What is stored (sealed, as a grant) is a *secret*; what opens text is the *seed* that the secret
yields together with the tip's shred key. Destroying the shred key therefore forgets the tip
wherever its grants may still lie: in free pages, in the log, on backup tapes.
"""

import secrets
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .envelopes import bind, derive, pad, unpad
from .errors import SealBroken
from .hybrid import KeyPair, NotOpened, key_pair_from, open_with, seal_to

SECRET_BYTES: Final = 32


class Audience(StrEnum):
    """For whom a seed is: it opens what these people may read, and nothing else."""

    DIALOG = "dialog"
    """Reporter, center, and the school's team after hand-off: messages and the reporter's files."""
    CENTER = "center"
    """The center's team: internal notes, assessments, drafts."""
    CASE = "case"
    """The school's team and those it shares with: its notes and its case."""


def new_secret() -> bytes:
    """Return 32 random bytes; one for each audience of each tip."""
    return secrets.token_bytes(SECRET_BYTES)


def seed_from(secret: bytes, shred_key: bytes) -> bytes:
    """Return the seed: HKDF-SHA256 of the secret, salted with the tip's shred key (32 bytes)."""
    if len(secret) != SECRET_BYTES or len(shred_key) != SECRET_BYTES:
        raise ValueError("secret and shred key have 32 bytes each")
    info = b"upstander/1/seed"
    return HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=shred_key, info=info).derive(secret)


def inbox_key_pair(dialog_seed: bytes) -> KeyPair:
    """Return the dialog's inbox keys; the public half is stored with the tip.

    A text message or call that arrives later is sealed to it by a process that holds no seed.
    """
    return key_pair_from(derive(dialog_seed, "inbox"))


def seal_to_inbox(public: bytes, plaintext: bytes, *, aad: bytes) -> bytes:
    """Seal a late message to a dialog's inbox, padded to size steps; ``aad`` names its row."""
    return seal_to(bytes(public), pad(plaintext), info=bind("inbox", aad))


def open_inbox(dialog_seed: bytes, blob: bytes, *, aad: bytes) -> bytes:
    """Open what ``seal_to_inbox`` made. Raises SealBroken for another dialog, row or bytes."""
    private = inbox_key_pair(dialog_seed).private
    try:
        padded = open_with(private, bytes(blob), info=bind("inbox", aad))
    except NotOpened as error:
        raise SealBroken("The message does not open with this dialog.") from error
    return unpad(padded)
