"""What falls due without anybody: what has run out keeps no key."""

from __future__ import annotations

import time

from django.db import connection

#: Nothing here is urgent: seconds from one sweep to the next.
EVERY = 60.0
_last: list[float] = []


def sweep_run_out() -> int:
    """Empty invitations that have run out, and remove sessions that are over.

    Run by the worker, which asks every second: most of the time this does nothing. Returns how
    much was swept.
    """
    now = time.monotonic()
    if _last and now - _last[0] < EVERY:
        return 0
    _last[:] = [now]
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.sweep_people()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
