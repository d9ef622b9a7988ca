"""The cast of the vault's tests: one tip, and four holders of keys."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from upstander.vault.holders import KeyPair, new_key_pair

TIP: Final = UUID("6f1c2f0e-3b0a-4c39-9c1e-5a5d3f5a0001")
OTHER_TIP: Final = UUID("6f1c2f0e-3b0a-4c39-9c1e-5a5d3f5a0002")


@dataclass(frozen=True)
class Member:
    """Somebody with a key pair."""

    holder: str
    keys: KeyPair
    version: int = 1


CENTER: Final = Member("team:1", new_key_pair())
SCHOOL: Final = Member("team:2", new_key_pair())
ALICE: Final = Member("person:11", new_key_pair())
"""A member of the center's team."""
CHARLIE: Final = Member("person:13", new_key_pair())
"""A stranger, who belongs to no team here."""
