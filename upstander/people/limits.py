"""Limits on guessing by staff, shared by all processes of the desk and kept for minutes."""

from __future__ import annotations

from django.core.cache import cache

#: Tries within five minutes.
TRIES = 10
SECONDS = 300


def too_many(what: str, who: object, *, tries: int = TRIES, seconds: int = SECONDS) -> bool:
    """Count a try and tell whether it is one too many."""
    key = _key(what, who)
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > tries
    except ValueError:  # it ran out between the two calls
        return False


def take_back(what: str, who: object) -> None:
    """Count one try less: it was none."""
    try:
        cache.decr(_key(what, who))
    except ValueError:
        return


def _key(what: str, who: object) -> str:
    return f"places:{what}:{who}"
