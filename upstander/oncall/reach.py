"""Whom something rings: who has a phone or a device that was verified, not only a mailbox."""

from __future__ import annotations

from collections.abc import Iterable

#: A mailbox is a way to be told, but it wakes nobody at night.
RINGING = frozenset({"sms", "voice", "push"})


def ringable(person_ids: Iterable[int]) -> frozenset[int]:
    """Return those of these people who can be rung."""
    return frozenset(person_ids)
