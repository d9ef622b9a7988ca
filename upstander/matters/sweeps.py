"""What falls due without anybody: what was taken back is forgotten."""

from __future__ import annotations

import time

from django.db import connection

#: Nothing here is urgent: seconds from one sweep to the next.
EVERY = 60.0
_last: list[float] = []


def sweep_taken_back() -> int:
    """Forget what was taken back before any backup that may still be restored.

    Run by the worker, which asks every second: most of the time this does nothing. Returns how
    much was swept.
    """
    now = time.monotonic()
    if _last and now - _last[0] < EVERY:
        return 0
    _last[:] = [now]
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.sweep_matters()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
