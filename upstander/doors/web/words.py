"""Cleaning what came over the wire. Nothing a browser can send may end in an error page."""

from __future__ import annotations

import re

#: C0 and C1 controls except tab and line feed. They say nothing, and a NUL can't be stored.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BREAKS = re.compile("\r\n?")


def clean(raw: str) -> str:
    """Return the words without control characters, with plain line breaks, without lone surrogates.

    Directional marks and overrides stay, since they are part of how some languages are written;
    pages isolate them (``<bdi>``, ``dir=auto``) so that they turn nothing around beside them.
    """
    text = _CONTROLS.sub("", _BREAKS.sub("\n", raw))
    # A surrogate half is no character: UTF-8 can't carry it.
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def size_of(text: str) -> int:
    """Return the length in bytes of UTF-8, which is what limits are about."""
    return len(text) if text.isascii() else len(text.encode())
