"""What falls due without anybody: files that a killed process left half written."""

from __future__ import annotations

import time
from typing import Final

from django.core.files.storage import default_storage

from upstander.tips.storage import DurableFolder

#: Seconds from one sweep to the next: a day.
EVERY: Final = 24 * 3600.0
_last: list[float] = []


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
