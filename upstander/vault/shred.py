"""Shred keys: destroying one forgets its tip or folder, backups included.

A seed needs the tip's shred key (``seeds.seed_from``). Shred keys are stored wrapped by a key
*file* that is renewed every night and re-wraps the living (``shred_files``, ``clock``); once the
old files have expired, what was not re-wrapped cannot be unwrapped from any copy of the database.
"""

import secrets
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from .envelopes import bind, reseal, seal, unseal

SHRED_BYTES: Final = 32


def new_shred_key() -> bytes:
    """Return 32 random bytes; one for each tip, and one for each removable message."""
    return secrets.token_bytes(SHRED_BYTES)


def wrap_shred(shred_key: bytes, *, subject: UUID, file_key: bytes) -> bytes:
    """Wrap a shred key for its row; ``file_key`` is the key file in force (32 bytes)."""
    if len(shred_key) != SHRED_BYTES:
        raise ValueError(f"a shred key has {SHRED_BYTES} bytes")
    return seal(file_key, shred_key, aad=bind("shred", subject))


def unwrap_shred(blob: bytes, *, subject: UUID, file_key: bytes) -> bytes:
    """Return the shred key. Raises SealBroken: another subject, or a file already renewed."""
    return unseal(file_key, blob, aad=bind("shred", subject))


def rewrap_shreds(
    rows: Iterable[tuple[str, bytes]], *, old: bytes, new: bytes
) -> tuple[list[tuple[str, bytes]], int]:
    """Wrap the shred keys of subjects (ids in their usual form) by another file.

    For a million at once: what ``wrap_shred`` of ``unwrap_shred`` gives, several times as fast.
    Also returns how many did not open: they are left out.
    """
    return reseal(rows, old=old, new=new, aad_of=lambda subject: bind("shred", subject))
