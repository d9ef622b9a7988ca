"""What falls due without anybody: files left half written, links that are over."""

from __future__ import annotations

import time
from typing import Final

from django.core.files.storage import default_storage
from django.db import connection

from upstander.tips.storage import DurableFolder

#: Seconds from one sweep to the next: a day.
EVERY: Final = 24 * 3600.0
_last: list[float] = []
#: And of adults' links: a minute.
LINKS_EVERY: Final = 60.0
_links_last: list[float] = []


def sweep_leftovers() -> int:
    """Remove half-written files older than a day; return how many. At the start, then daily.

    Run by the worker, which asks every second: most of the time this does nothing.
    """
    now = time.monotonic()
    if _last and now - _last[0] < EVERY:
        return 0
    _last[:] = [now]
    store = default_storage
    return store.remove_leftovers() if isinstance(store, DurableFolder) else 0


def sweep_links() -> int:
    """Remove adults' links whose time is over; return how many. Does nothing most of the time."""
    now = time.monotonic()
    if _links_last and now - _links_last[0] < LINKS_EVERY:
        return 0
    _links_last[:] = [now]
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.sweep_adult_links()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
