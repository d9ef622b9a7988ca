"""A rule file's codes in words, as pages and the list of rules say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

#: Whose something is (``owner`` in a rule file).
OWNERS: Final[Mapping[str, Promise]] = {
    "reporter": gettext_lazy("whoever reports"),
    "superintendent": gettext_lazy("the superintendent"),
    "head_of_school": gettext_lazy("the head of the school"),
    "agency": gettext_lazy("the agency"),
}
#: After what it is due (``after``); else it is a way of reporting.
EVENTS: Final[Mapping[str, Promise]] = {
    "cause": gettext_lazy("the reason to suspect"),
    "first": gettext_lazy("the first report"),
    "suspended": gettext_lazy("the suspension"),
    "inquiry": gettext_lazy("the end of the investigation"),
    "electronic": gettext_lazy("an electronic report"),
}


def owner_words(owner: str) -> str:
    """Say whose something is."""
    return str(OWNERS.get(owner) or owner.replace("_", " "))


def event_words(event: str) -> str:
    """Say after what something is due."""
    return str(EVENTS.get(event) or event.replace("_", " "))


def interval_words(amount: int, unit: str) -> str:
    """Say how long: "48 hours", "1 school day"."""
    said = {
        "hours": ngettext("%(amount)s hour", "%(amount)s hours", amount),
        "working_days": ngettext("%(amount)s working day", "%(amount)s working days", amount),
        "school_days": ngettext("%(amount)s school day", "%(amount)s school days", amount),
    }
    return said[unit] % {"amount": amount}
