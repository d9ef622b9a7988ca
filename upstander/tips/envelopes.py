"""How a tip's words are sealed: one key a purpose, bound to the tip, the row and the field."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from upstander.vault.envelopes import bind, derive, seal, unseal
from upstander.vault.errors import SealBroken


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
