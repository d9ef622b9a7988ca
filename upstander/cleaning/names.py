"""File names from strangers, made fit to be shown and saved by staff."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 80
UNNAMED: Final = "file"
_EXTENSION: Final = re.compile(r"\.([A-Za-z0-9]{1,8})\Z")
#: Names that Windows takes for devices, whatever stands behind the dot.
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(?=\.|\Z)")
#: Documents as families send them. Any other file is saved with ``.bin`` behind its name, so that a
#: double click starts nothing on a counselor's machine.
_DOCUMENTS: Final = frozenset(
    {
        "txt",
        "csv",
        "doc",
        "docx",
        "odt",
        "rtf",
        "pages",
        "xls",
        "xlsx",
        "ods",
        "numbers",
        "ppt",
        "pptx",
        "odp",
        "key",
        "zip",
        "7z",
        "eml",
        "ics",
        "vcf",
        "json",
        "epub",
        "avi",
        "wmv",
        "mpg",
        "mpeg",
        "flv",
        "3gp",
        "amr",
        "caf",
        "aif",
        "aiff",
        "flac",
        "wma",
        "bmp",
        "tif",
        "tiff",
        "mp4",
        "mov",
        "m4a",
        "webm",
        "mkv",
        "mp3",
        "aac",
        "ogg",
        "opus",
        "wav",
    }
)
#: Controls, format marks (right-to-left overrides among them), halves of characters, private use.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def safe_name(name: str, extension: str | None = None) -> str:
    """Return a name without path, hidden characters or a false ending.

    ``extension`` (without a dot) is the one that the cleaned content has; None for a file kept as
    it came, whose own ending stays if it is that of a document.
    """
    # Cut first: normalising a megabyte of marks takes long.
    name = re.split(r"[/\\]", name[-1000:])[-1]
    name = unicodedata.normalize("NFC", name)
    shown = "".join(
        " " if char.isspace() else char
        for char in name
        if unicodedata.category(char) not in _HIDDEN or char in "\t\n"
    )
    shown = re.sub(r'[<>:"|?*\s]+', " ", shown).strip(" .")
    found = _EXTENSION.search(shown)
    stem = shown[: found.start()] if found else shown
    if extension is None:
        given = found.group(1).lower() if found else ""
        extension = given if given in _DOCUMENTS else f"{given}.bin".lstrip(".")
    stem = _fitting(stem.strip(" ."))
    if not stem or _DEVICES.match(stem):
        stem = f"{UNNAMED} {stem}".strip()
    return f"{stem}.{extension}"


def _fitting(stem: str) -> str:
    """Return at most ``LONGEST`` characters and twice as many bytes, in whole characters."""
    stem = stem[:LONGEST]
    return stem.encode()[: 2 * LONGEST].decode(errors="ignore").strip(" .")
