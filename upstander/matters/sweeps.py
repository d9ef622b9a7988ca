"""What falls due without anybody: folders are filled up, and what was taken back is forgotten."""

from __future__ import annotations

import time

from django.db import connection

from upstander.matters.filling import fill

#: Nothing here is urgent: seconds from one sweep to the next.
EVERY = 60.0
#: So many folders are filled up at a time.
_FOLDERS = 100
_last: list[float] = []


def sweep_folders() -> int:
    """Fill up folders of which the number of grants would tell something (filling.py).

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
        cursor.execute("SELECT api.unfilled_folders(p_limit => %s)", [_FOLDERS])
        folders = [folder for (folder,) in cursor.fetchall()]
    for folder in folders:
        fill(folder)
    return (int(row[0]) if row else 0) + len(folders)
