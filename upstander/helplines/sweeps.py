"""What the worker does: asks a day before, follows who accepted, rings where nobody said a word;
tells of what falls due.

All of it is rows: whatever becomes of a process, the next one finds what is still to be done.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from upstander.base.moment import database_now
from upstander.carriers.notices import tell
from upstander.escalations.models import Alert
from upstander.escalations.sweeping import each_apart
from upstander.helplines.actions.accompaniments import State, keep_due, locked, offer, ring, take
from upstander.helplines.actions.deadlines import next_told
from upstander.helplines.legal_models import Deadline, Intake
from upstander.people.scope import System
from upstander.places.models import District

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


def sweep_deadlines() -> int:
    """Tell who noted what falls due soon; remove intakes that nobody opened. Returns how many."""
    with transaction.atomic():
        now = database_now()
        rows = Deadline.objects.select_for_update(skip_locked=True).filter(remind_at__lte=now)
        due = list(rows.defer("sealed", "client_id", "done_at").order_by("remind_at")[:_BATCH])
        places = District.objects.in_bulk({one.district_id for one in due})
        for one in due:
            if one.due_at > now:
                tell(one.person_id, "client_due")
            following = next_told(one.due_at, now, places[one.district_id].time_zone)
            Deadline.objects.filter(pk=one.pk).update(remind_at=following)
        gone, _ = Intake.objects.filter(until__lte=now).delete()
    return len(due) + gone
