"""A rule file's codes in words, as pages and the list of rules say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Whose something is (``owner`` in a rule file).
OWNERS: Final[Mapping[str, str]] = {
    "reporter": "whoever reports",
    "superintendent": "the superintendent",
    "head_of_school": "the head of the school",
    "agency": "the agency",
}
#: After what it is due (``after``); else it is a way of reporting.
EVENTS: Final[Mapping[str, str]] = {
    "cause": "the reason to suspect",
    "first": "the first report",
    "suspended": "the suspension",
    "inquiry": "the end of the investigation",
    "electronic": "an electronic report",
}
_UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "hours": ("hour", "hours"),
    "working_days": ("working day", "working days"),
    "school_days": ("school day", "school days"),
}


def owner_words(owner: str) -> str:
    """Say whose something is."""
    return OWNERS.get(owner) or owner.replace("_", " ")


def event_words(event: str) -> str:
    """Say after what something is due."""
    return EVENTS.get(event) or event.replace("_", " ")


def interval_words(amount: int, unit: str) -> str:
    """Say how long: "48 hours", "1 school day"."""
    one, more = _UNITS[unit]
    return f"{amount} {one if amount == 1 else more}"
