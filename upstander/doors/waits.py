"""How long it usually takes until a person reads a tip, as its reporter is told while they wait.

The worker has it reckoned each minute; the public site, which reaches no table, reads what came of
it by one function and keeps it for half a minute.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, connection

from upstander.base.moment import database_now
from upstander.base.published import PublishedInt
from upstander.oncall.queries import plans, shift_of
from upstander.oncall.reach import ringable
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.plug import published

log = logging.getLogger("upstander.doors")

#: Seconds from one reckoning of the worker to the next.
EVERY: Final = 60.0
#: Seconds for which the public site keeps what it has read.
KEPT: Final = 30.0
_next: list[float] = [0.0]
_lock = threading.Lock()
_kept: list[tuple[float, Mapping[int, PublishedInt]]] = []


def sweep_waits() -> int:
    """Have each center's usual wait reckoned once a minute; always returns 0, since it is done."""
    now = time.monotonic()
    if now >= _next[0]:
        _next[0] = now + EVERY
        keep_waits()
    return 0


def keep_waits() -> int:
    """Have each center's usual wait reckoned now; returns how many centers. The worker's."""
    on_shift = centers_on_shift(database_now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.keep_waits(p_on_shift => %s::bigint[])", [on_shift])
        [(kept,)] = cursor.fetchall()
    return int(kept)


def centers_on_shift(at: datetime) -> list[int]:
    """Return the centers whose rota calls somebody first at a moment, whom something rings.

    A team without a rota is called as a whole, which says of nobody that they are on shift.
    """
    teams = dict(Team.objects.filter(kind=TeamKind.CENTER).values_list("pk", "center_id"))
    found = []
    for plan in plans(teams, at, at + timedelta(seconds=1)):
        shift = shift_of(plan, at, ringable(plan.members))
        center = teams[plan.team_id]
        if not plan.as_a_whole and shift.primary and not shift.gap and center is not None:
            found.append(center)
    return sorted(found)


def usual_wait(district_id: int) -> PublishedInt | None:
    """Return the whole minutes within which half of a district's tips are read at this hour.

    None where it isn't known, too few came, or nobody is on shift: then no number is promised. For
    the public process; never raises.
    """
    now = time.monotonic()
    with _lock:
        if _kept and now - _kept[0][0] < KEPT:
            return _kept[0][1].get(district_id)
    try:
        found = _read()
    except DatabaseError:
        log.warning("the usual waits could not be read; none is told")
        found = {}
    with _lock:
        _kept[:] = [(now, found)]
    return found.get(district_id)


def forget() -> None:
    """Read anew at the next question (in tests)."""
    with _lock:
        _kept.clear()


def _read() -> dict[int, PublishedInt]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.public_waits()")
        row = cursor.fetchone()
    found: dict[int, PublishedInt] = {}
    for one in json.loads(row[0]) if row else ():
        minutes = published("reporter.wait", int(one["minutes"]), of=int(one["tips"]))
        if minutes is not None:
            found[int(one["district"])] = minutes
    return found
