"""Recordings of the form's lines, for those who don't read: each of one exact text, or of none.

They lie in ``<home>/recordings/<language>/<SHA-256 of the text>.<ending>``. A text that changed has
another hash: what was recorded of the old one is found no more. No recording is of a reporter.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from django.conf import settings

TYPES: Final = {
    ".m4a": b"audio/mp4",
    ".mp3": b"audio/mpeg",
    ".ogg": b"audio/ogg",
    ".wav": b"audio/wav",
}
"""Ending of a recording's file to its media type (RFC 6838)."""

#: So many digits of the hash stand in an address: sixty whole ones would weigh more than the page.
DIGITS: Final = 8


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text, of which a recording bears the name."""
    return hashlib.sha256(text.encode()).hexdigest()


def folder_of(language: str) -> Path:
    """Return where the recordings of a language lie, whether there are any or not."""
    folder: Path = settings.HOME.recordings / language
    return folder


def state_of(language: str) -> int:
    """Return a number that changes when a recording comes or goes; 0: no folder."""
    try:
        return folder_of(language).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def file_of(language: str, digits: str) -> Path | None:
    """Return the recording whose text's hash begins with ``digits``, hexadecimal ones alone."""
    return next(iter(sorted(folder_of(language).glob(f"{digits}*.*"))), None)


class Recordings:
    """What can be heard in a language, and which texts of a page were looked for."""

    def __init__(self, language: str) -> None:
        self.language = language
        names = folder_of(language).glob("*.*") if state_of(language) else ()
        self._hashes = {name.stem for name in names if name.suffix in TYPES}
        #: The texts that a page asked for, in its order.
        self.asked: dict[str, bool] = {}

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._hashes)

    def address(self, text: str) -> str:
        """Return where a text can be heard; empty: nowhere."""
        wanted = hash_of(text)
        self.asked[text] = wanted in self._hashes
        return f"/heard/{self.language}/{wanted[:DIGITS]}" if self.asked[text] else ""
