"""What an event of a duty says, as one sealed text: named fields, in the order given."""

from __future__ import annotations

import json
from collections.abc import Mapping

#: What is sealed has one length of a few: up to so many letters of ASCII it is one and the same.
_ROUND = 900


def pack(words: Mapping[str, str]) -> str:
    """Return named fields as the text that is sealed; empty ones are left out."""
    return json.dumps({name: text for name, text in words.items() if text}, ensure_ascii=False)


def pack_round(words: Mapping[str, str]) -> str:
    """Return the same as ``pack``, long enough that a name more or less doesn't show in it."""
    return pack(words).ljust(_ROUND)


def unpack(text: str) -> dict[str, str]:
    """Return the fields of ``pack``."""
    found = json.loads(text)
    return {str(name): str(value) for name, value in found.items()}
