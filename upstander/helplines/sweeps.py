"""What the worker does: asks a day before, follows who accepted, rings where nobody said a word.

All of it is rows: whatever becomes of a process, the next one finds what is still to be done.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from upstander.base.moment import database_now
from upstander.escalations.models import Alert
from upstander.escalations.sweeping import each_apart
from upstander.helplines.actions.accompaniments import State, keep_due, locked, offer, ring, take
from upstander.people.scope import System

_BATCH = 50
#: What asks for the worker: what is due, and an alert's answer.
_WAITING = f"""
SELECT c.id FROM helplines_accompaniment c LEFT JOIN escalations_alert a ON a.id = c.alert_id
WHERE c.due_at <= api.clock_now() OR c.state = 'waiting' AND a.state = 'acknowledged'
ORDER BY c.begins_at LIMIT {_BATCH}
"""  # noqa: S608 - a number of our own


def sweep_accompaniments() -> int:
    """Do what waits of going along; returns of how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            ids = [one for (one,) in cursor.fetchall()]
        now = database_now()
        return each_apart(ids, lambda pk: _follow(pk, now), lambda _: None)


def _follow(pk: UUID, now: datetime) -> None:
    with locked(pk) as (row, alerts):
        asked = alerts.get(row.alert_id) if row.alert_id else None
        taken = asked is not None and asked.state == Alert.State.ACKNOWLEDGED
        person = asked.acknowledged_by if asked is not None and taken else None
        if row.state == State.WAITING and person is not None:
            take(row, alerts, person, now, by=System())
        elif row.due_at is None or row.due_at > now:
            return
        elif row.state == State.PLANNED:
            offer(row, now)
        else:
            # Whoever goes has said no word: the desk and its supervisor look after them at once.
            ring(row, [], now, supervisor=0)
            keep_due(row, None)
