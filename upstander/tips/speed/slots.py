"""Slots: places in a rendered page for what differs each time (a token, the return code)."""

from __future__ import annotations

import re

_SLOT = re.compile("zq7([a-z]+)7qz")


def slot(name: str) -> str:
    """Return what to put into a template where ``name`` goes later (letters only)."""
    return f"zq7{name}7qz"


def parts(html: str) -> tuple[list[str], list[str]]:
    """Return a page's fixed pieces, one more than slots, and the names of the slots."""
    pieces = _SLOT.split(html)
    return pieces[::2], pieces[1::2]
