"""How a tip's words are sealed: one key a purpose, bound to the tip, the row and the field."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import SealBroken
from upstander.vault.seeds import open_inbox, seal_to_inbox


def seal_words(seed: bytes, *, purpose: str, tip: UUID, row: UUID, words: str) -> bytes:
    """Seal text under a key for ``purpose`` from ``seed``, so that it opens in its row only."""
    return seal(derive(seed, purpose), words.encode(), aad=bind(tip, row, purpose))


def open_words(
    seed: bytes, *, purpose: str, tip: UUID, row: UUID, sealed: bytes | memoryview
) -> str:
    """Return the text. Raises SealBroken if the seed, the tip, the row or the bytes are others."""
    return unseal(derive(seed, purpose), bytes(sealed), aad=bind(tip, row, purpose)).decode()


def seal_data(seed: bytes, *, purpose: str, tip: UUID, row: UUID, data: object) -> bytes:
    """Seal a JSON value as ``seal_words`` seals text."""
    return seal_words(seed, purpose=purpose, tip=tip, row=row, words=json.dumps(data))


def open_data(
    seed: bytes, *, purpose: str, tip: UUID, row: UUID, sealed: bytes | memoryview
) -> Any:
    """Return the JSON value that ``seal_data`` sealed. Raises SealBroken."""
    words = open_words(seed, purpose=purpose, tip=tip, row=row, sealed=sealed)
    try:
        return json.loads(words)
    except ValueError as error:
        # Somebody who can write the database called a message answers.
        raise SealBroken("The row does not hold what it says it does.") from error


def seal_late(inbox: bytes, *, purpose: str, tip: UUID, row: UUID, words: str) -> bytes:
    """Seal text to a dialog's inbox, for a door that has no seed of it: it can't open it again.

    The inbox's key is public, so what lies in it proves that a process of ours put it there:
    whoever writes the database alone puts words in nobody's mouth.
    """
    said = words.encode()
    proof = _proof_of_ours(said, bind(tip, row, purpose))
    return seal_to_inbox(inbox, proof + said, aad=bind(tip, row, purpose))


def _proof_of_ours(said: bytes, place: bytes) -> bytes:
    return hmac.digest(derive(settings.CARRIER_KEY, "late words"), bind(said, place), "sha256")


def open_turn(
    seed: bytes,
    *,
    purpose: str,
    tip: UUID,
    row: UUID,
    sealed: bytes | memoryview,
    to_inbox: bool,
) -> str:
    """Return text by the dialog's seed, however it was sealed. Raises SealBroken."""
    if to_inbox:
        place = bind(tip, row, purpose)
        opened = open_inbox(seed, bytes(sealed), aad=place)
        proof, said = opened[:32], opened[32:]
        if not hmac.compare_digest(proof, _proof_of_ours(said, place)):
            raise SealBroken("What lies in this inbox was put there by nobody of ours.")
        return said.decode()
    return open_words(seed, purpose=purpose, tip=tip, row=row, sealed=sealed)


def open_about(
    seed: bytes, *, tip: UUID, row: UUID, sealed: bytes | memoryview, to_inbox: bool
) -> Any:
    """Return what is said of a file, however it was sealed. Raises SealBroken."""
    if not to_inbox:
        return open_data(seed, purpose="file", tip=tip, row=row, sealed=sealed)
    return json.loads(
        open_turn(seed, purpose="file", tip=tip, row=row, sealed=sealed, to_inbox=True)
    )


def bytes_seed(seed: bytes, about: Mapping[str, Any]) -> bytes:
    """Return the seed of a file's bytes: the dialog's, unless it has one of its own."""
    own = about.get("seed")
    return bytes.fromhex(own) if own else seed
