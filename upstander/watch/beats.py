"""Signs of life: each lane of each process says every few seconds that it still turns."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable

from django.db import connection

#: Seconds between two signs of life of one lane: what is written more often tells no more.
EVERY = 2.0
#: The lane of the watch itself.
WATCH = "watch"

#: Random for each process: it tells two workers apart and names no machine.
_WORKER = secrets.token_hex(6)
_lock = threading.Lock()
_last: dict[str, float] = {}


def beat(lane: str) -> None:
    """Say that ``lane`` of this process turns; at most every ``EVERY`` seconds it is written.

    Call it on each turn, outside a transaction. Raises django.db.Error while the database is away.
    """
    now = time.monotonic()
    with _lock:
        if now - _last.get(lane, -EVERY) < EVERY:
            return
        _last[lane] = now
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO watch_beat (worker, lane, at) VALUES (%s, %s, api.clock_now())"
            " ON CONFLICT (worker, lane) DO UPDATE SET at = excluded.at",
            [_WORKER, lane],
        )


def begin(lanes: Iterable[str]) -> None:
    """Say which lanes there are, at a worker's start: others are of an older release and go."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM watch_beat WHERE NOT lane = ANY (%s)", [[*lanes, WATCH]])


def forget_gone() -> int:
    """Remove signs of processes that ended, where a newer one turns the same lane."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM watch_beat b WHERE b.at < api.clock_now() - interval '1 hour'"
            " AND EXISTS (SELECT 1 FROM watch_beat n WHERE n.lane = b.lane AND n.at > b.at)"
        )
        return int(cursor.rowcount)
