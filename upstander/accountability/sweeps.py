"""What falls due without anybody: the times of the tips that changed."""

from __future__ import annotations

import time
from typing import Final

from django.db import connection

#: Seconds from one look to the next: a figure over weeks need not be younger.
EVERY: Final = 10.0
#: Tips a sweep takes at most, so that the others get their turn.
BATCH: Final = 1000
_next: list[float] = [0.0]


def sweep_journeys() -> int:
    """Bring the times up to date; returns how many tips had new ones.

    Run by the worker, which asks every second: most of the time this does nothing. After a full
    piece (a system that has just got this table) the next one follows at once.
    """
    now = time.monotonic()
    if now < _next[0]:
        return 0
    wrote = gather(BATCH)
    _next[0] = now if wrote >= BATCH else now + EVERY
    return wrote


def gather(limit: int) -> int:
    """Ask the database to look through up to ``limit`` changed tips; how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.gather_journeys(%s)", [limit])
        [(wrote,)] = cursor.fetchall()
    return int(wrote)
