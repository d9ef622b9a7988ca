"""What the worker does: rings the desk, follows who accepted, asks for what is planned or missed.

All of it is rows: whatever becomes of a process, the next one finds what is still to be done.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from upstander.base.moment import database_now
from upstander.base.refused import Refused
from upstander.callouts.actions.callouts import Kind, State, locked, take
from upstander.callouts.models import Callout
from upstander.callouts.queries import order_of
from upstander.callouts.ringing import ring
from upstander.callouts.telling import text_family
from upstander.callouts.words import CHOSEN
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.actions.offers import end_each
from upstander.escalations.models import Acknowledgement, Alert, Step
from upstander.escalations.sweeping import each_apart
from upstander.people.scope import System

_BATCH = 50
#: What asks for the worker: to ring the desk, what is due, and an alert's answer. Of a crowd of a
#: place's askings the first that nobody has triaged rings for all; danger waits behind nothing.
_WAITING = f"""
SELECT c.id FROM callouts_callout c LEFT JOIN escalations_alert a ON a.id = c.alert_id
WHERE c.state <> 'ended' AND (c.ring <> ''
   OR c.state IN ('asked', 'phone', 'planned', 'way', 'arrived') AND c.due_at <= api.clock_now()
   OR c.state = 'waiting' AND a.state = 'acknowledged'
      AND c.held_by IS DISTINCT FROM a.acknowledged_by
   OR c.state IN ('waiting', 'accepted') AND c.held_by IS NOT NULL AND a.state = 'open')
  AND NOT (c.crowded AND NOT c.danger AND c.state = 'asked' AND EXISTS (
      SELECT FROM callouts_callout o WHERE o.district_id = c.district_id AND o.state = 'asked'
        AND o.crowded AND NOT o.danger AND (o.asked_at, o.id) < (c.asked_at, c.id)))
ORDER BY c.danger DESC, c.asked_at DESC LIMIT {_BATCH}
"""  # noqa: S608 - a number of our own


def sweep_callouts() -> int:
    """Do what waits of callouts; returns of how many."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            ids = [one for (one,) in cursor.fetchall()]
        now = database_now()
        return each_apart(ids, lambda pk: _follow(pk, now), lambda _: None)


def sweep_families() -> int:
    """Text families of whom somebody goes; returns how many providers took.

    What was sent is destroyed, taken or not: the desk phones them anyhow. A worker that dies in
    between sends a second text, never none.
    """
    out = Callout.objects.filter(state__in=("accepted", "way", "arrived"), to_tell__isnull=False)
    taken = 0
    for pk, language, sealed in out.values_list("pk", "language", "to_tell")[:_BATCH]:
        taken += text_family(pk, language, bytes(sealed or b""))
        Callout.objects.filter(pk=pk, to_tell=sealed).update(to_tell=None)
    return taken


def _follow(callout_id: UUID, now: datetime) -> None:
    with locked(callout_id) as (row, alerts):
        if row.ring:
            rung = ring(row, [], now, crowded=row.ring == "asked" and not row.danger)
            alerts |= {rung.pk: rung}
            Callout.objects.filter(pk=row.pk).update(ring="")
        offer = alerts.get(row.alert_id) if row.alert_id else None
        if row.state == State.PLANNED and row.due_at and row.due_at <= now:
            _ask_for_planned(row, alerts, now)
        elif row.state == State.ARRIVED and row.due_at and row.due_at <= now:
            take(row, alerts, Kind.MISSED, now, by=System())
        elif row.state == State.WAY and row.due_at and row.due_at <= now:
            take(row, alerts, Kind.OVERDUE, now, by=System())
        elif row.state in (State.ASKED, State.PHONE) and row.due_at and row.due_at <= now:
            _louder(row, alerts, now)
        elif offer and offer.state == Alert.State.ACKNOWLEDGED and row.state == State.WAITING:
            _answered(row, alerts, offer, now)
        elif (
            offer
            and offer.state == Alert.State.OPEN
            and row.state in (State.WAITING, State.ACCEPTED)
            and row.held_by is not None
        ):
            # Who had it fell silent, or can't: their phones were asked once more before.
            take(row, alerts, Kind.RELEASED, now, by=System(), code="silence")


def _ask_for_planned(row: Callout, alerts: dict[UUID, Alert], now: datetime) -> None:
    people = order_of(row, now)
    if people:
        take(row, alerts, Kind.OFFERED, now, by=System(), to_id=people[0])
    else:
        take(row, alerts, Kind.GO, now, by=System(), code=CHOSEN)


def _louder(row: Callout, alerts: dict[UUID, Alert], now: datetime) -> None:
    """Ask the desk and its supervisor at once, also where somebody said that they have it.

    Nobody has triaged it in two minutes, or a screener on the phone has reached no clinician who
    goes in fifteen.
    """
    take(row, alerts, Kind.SILENT, now, by=System())
    end_each([*alerts.values()])
    ring(row, [], now, supervisor=0, crowded=not row.danger)


def _answered(row: Callout, alerts: dict[UUID, Alert], offer: Alert, now: datetime) -> None:
    """Write who accepted; or that the desk has it, where nobody of those asked could."""
    person = offer.acknowledged_by
    if person is None or person == row.held_by:
        return
    asked = Step.objects.filter(alert_id=offer.pk, target=f"person:{person}").exists()
    if not asked:
        take(row, alerts, Kind.DESK, now, by=System(), to_id=person)
        return
    try:
        take(row, alerts, Kind.ACCEPTED, now, by=System(), to_id=person)
    except Refused:
        # They are with another child: their yes is none, and the next is asked at once.
        no = Acknowledgement.Answer.CANNOT
        answer_alert(offer, person, no, actor=System(), via="desk", now=now)
