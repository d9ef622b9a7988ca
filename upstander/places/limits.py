"""Limits on guessing by staff: counted in this process's memory, per person, never stored."""

from __future__ import annotations

from django.core.cache import cache

#: Tries within five minutes.
TRIES = 10
SECONDS = 300


def too_many(what: str, who: object) -> bool:
    """Count a try and tell whether it is one too many."""
    key = f"places:{what}:{who}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) > TRIES
    except ValueError:  # it ran out between the two calls
        return False
