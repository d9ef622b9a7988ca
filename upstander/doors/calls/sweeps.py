"""The worker's part of calls: whose phones ring, who is led where, and who has gone.

Each step claims its rows by a statement that commits before a provider is asked, so that two
workers never do the same at once, and what a killed one held falls due again within seconds. What
a phone of ours says by itself (``others.py``) is heard even if whoever rang it died.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from upstander.base.moment import database_now, database_second
from upstander.carriers.contract import LegState
from upstander.doors.call_models import Call, Leg, Todo
from upstander.doors.calls import carrying
from upstander.doors.calls.carrying import Job, Outcome
from upstander.doors.calls.ears import busy_ears, center_now, to_ring
from upstander.escalations.actions.alerts import end_alerts
from upstander.escalations.actions.talks import stopped_talking, talking, waits_again
from upstander.escalations.sweeps import make_way

log = logging.getLogger("upstander.doors")

#: Seconds until what a killed worker held falls due again.
LEASE: Final = 8
#: How long after a hang-up a key that was pressed before may still be on its way to us.
KEY_MAY_COME: Final = timedelta(seconds=15)
#: How often a provider is asked for one thing.
MOST_TRIES: Final = 4
#: Seconds of silence after which a provider is asked how a leg stands.
SILENT: Final = 15
#: Seconds from one clearing away to the next.
EVERY: Final = 10.0
_BATCH: Final = 40
#: Phones that are rung at the same moment: each order takes a provider some tenths of a second, and
#: one that hangs holds the lane for as long as one order may last.
_AT_ONCE: Final = 16

_cleared: list[float] = [0.0]

_CLAIM = """
UPDATE {table} SET due_at = api.clock_now() + make_interval(secs => %s) {more}
WHERE id IN (SELECT id FROM {table} WHERE todo <> '' AND due_at <= api.clock_now()
             ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_CLAIM_CALLS = _CLAIM.format(table="doors_call", more="")
_CLAIM_LEGS = _CLAIM.format(table="doors_leg", more=", tries = tries + 1")
_SILENT_CALLS = """
UPDATE doors_call SET asked_at = api.clock_now()
WHERE id IN (SELECT id FROM doors_call WHERE ended_at IS NULL AND sid IS NOT NULL
    AND greatest(heard_at, asked_at) < api.clock_now()
        - make_interval(secs => %s * CASE WHEN state IN ('waiting', 'held') THEN 2 ELSE 1 END)
    ORDER BY heard_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
_SILENT_LEGS = """
UPDATE doors_leg SET asked_at = api.clock_now()
WHERE id IN (SELECT id FROM doors_leg WHERE state <> 'over' AND sid IS NOT NULL
    AND greatest(at, asked_at) < api.clock_now() - make_interval(secs => %s)
    ORDER BY at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
# What a call was told since is not undone by what was done before. A reporter's phone that rings
# for a wish which they took back meanwhile is hung up again.
_CALL_DONE = """
UPDATE doors_call SET sid = coalesce(sid, %(sid)s),
    number = CASE WHEN %(what)s = 'dial' THEN NULL ELSE number END,
    due_at = coalesce(due_at, api.clock_now()),
    todo = CASE WHEN %(what)s = 'dial' AND ended_at IS NOT NULL THEN 'end'
        WHEN todo = %(what)s AND due_at = %(due)s THEN '' ELSE todo END
WHERE id = %(id)s
"""
# A phone that rings for a call which somebody took meanwhile is hung up again.
_LEG_DONE = """
UPDATE doors_leg SET sid = coalesce(sid, %(sid)s),
    todo = CASE WHEN %(what)s = 'dial' AND (state = 'over' OR how <> '') THEN 'end'
        WHEN todo = %(what)s AND due_at = %(due)s THEN '' ELSE todo END,
    due_at = coalesce(due_at, api.clock_now())
WHERE id = %(id)s
"""


def sweep_rings() -> int:
    """Lay out whose phones ring for whoever waits, the longest wait first; returns how many."""
    with transaction.atomic():
        waiting = list(
            Call.objects.select_for_update(skip_locked=True)
            .filter(state=Call.State.WAITING)
            .order_by("waits_since", "pk")[:_BATCH]
        )
        if not waiting:
            return 0
        now, busy = database_now(), busy_ears()
        centers = {one: center_now(one, now) for one in {call.center_id for call in waiting}}
        made: list[Leg] = []
        for call in waiting:
            legs = to_ring(call, centers[call.center_id], busy, now)
            busy |= {leg.person_id for leg in legs if leg.person_id is not None}
            made += legs
        Leg.objects.bulk_create(made)
    return len(made)


def sweep_orders() -> int:
    """Tell providers what is due: callers are led on first, then all other phones at once."""
    calls = Call.objects.filter(pk__in=_claimed(_CLAIM_CALLS, LEASE, _AT_ONCE))
    done = _carry([carrying.of_call(call) for call in calls.order_by("due_at")], _call_done)
    due = _claimed(_CLAIM_LEGS, LEASE, _AT_ONCE)
    legs = Leg.objects.filter(pk__in=due).select_related("call")
    # What rings there for an alert makes way: nobody hears two phones, and a child waits.
    make_way({leg.person_id for leg in legs if leg.todo == Todo.DIAL and leg.person_id})
    return done + _carry([carrying.of_leg(leg) for leg in legs.order_by("due_at")], _leg_done)


def _carry(jobs: list[Job], done: Callable[[Job, Outcome], None]) -> int:
    for job, outcome in zip(jobs, _at_once(carrying.carry, jobs), strict=True):
        done(job, outcome)
    return len(jobs)


def _at_once[T, R](ask: Callable[[T], R], things: list[T]) -> list[R]:
    """Ask a provider about several things at the same moment; none of it touches the database."""
    if len(things) < 2:
        return [ask(one) for one in things]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(ask, things))


def _call_done(job: Job, outcome: Outcome) -> None:
    if outcome.over or (job.what == Todo.DIAL and not outcome.done):
        # Whoever wished to call back is told at once: they can try again.
        _call_over(job.id)
        Call.objects.filter(pk=job.id, ended_at__isnull=False).update(todo="")
    elif outcome.done:
        _run(_CALL_DONE, job, outcome)
    # Else it falls due again when the lease ends: a caller is led on as long as they are there.


def _leg_done(job: Job, outcome: Outcome) -> None:
    if outcome.done and job.what == Todo.END:
        leg_over(job.id, job.provider, "")
        Leg.objects.filter(pk=job.id).update(todo="")
    elif outcome.done and not outcome.over:
        if not _run(_LEG_DONE, job, outcome) and outcome.sid:
            carrying.hang_up(job.provider, outcome.sid)  # its call has been forgotten meanwhile
    elif outcome.over or job.tries >= MOST_TRIES:
        Leg.objects.filter(pk=job.id).update(todo="")
        leg_over(job.id, job.provider, outcome.how or "failed")


def _run(statement: str, job: Job, outcome: Outcome) -> bool:
    values = {"id": job.id, "sid": outcome.sealed, "what": job.what, "due": job.due_at}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return bool(cursor.rowcount)


def sweep_silence() -> int:
    """Ask providers about legs of which nothing was heard; returns how many were asked about."""
    calls = Call.objects.filter(pk__in=_claimed(_SILENT_CALLS, SILENT, _AT_ONCE))
    legs = Leg.objects.filter(pk__in=_claimed(_SILENT_LEGS, SILENT, _AT_ONCE))
    silent: list[Call | Leg] = [*calls, *legs]
    for one, state in zip(silent, _at_once(_stands, silent), strict=True):
        if state is None or not state.over:
            continue
        if isinstance(one, Call):
            _call_over(one.pk)
        else:
            leg_over(one.pk, one.provider, state.how)
    return len(silent)


def _stands(one: Call | Leg) -> LegState | None:
    return carrying.stand(one.provider, one.pk, one.sid)


def sweep_taken() -> int:
    """Let the alert know who has a call, or had it, or that its caller hung up; returns how many.

    Nothing rings while somebody has it; afterwards their clock runs until they write something
    down, and a caller who waits once more is as new. Who hung up within seconds wakes nobody, and
    a person sets it aside.
    """
    done = 0
    settled = Q(taken_at__isnull=False) | Q(ended_at__lte=database_second() - KEY_MAY_COME)
    for pk in Call.objects.filter(settled, news=True).values_list("pk", flat=True)[:_BATCH]:
        with transaction.atomic():
            call = Call.objects.select_for_update(skip_locked=True).filter(pk=pk, news=True).first()
            if call is None:
                continue
            now: datetime = database_second()
            if call.taken_by is not None:
                if call.state in (Call.State.AFTER, Call.State.OVER):
                    stopped_talking(call.tip_id, now)
                else:
                    talking(call.tip_id, call.taken_by, now)
            elif call.taken_at is None:
                if not call.keyed:
                    end_alerts(call.tip_id)
            elif call.state == Call.State.WAITING:
                waits_again(call.tip_id, now)
            Call.objects.filter(pk=pk).update(news=False)
            done += 1
    return done


def sweep_past() -> int:
    """Let go of calls that are over, with what providers keep of them; returns how many rows."""
    if time.monotonic() - _cleared[0] < EVERY:
        return 0
    _cleared[0] = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.door_calls_forget()")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def leg_over(leg: UUID, provider: str, how: str) -> None:
    """Note that a leg has ended, and how."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.door_leg_over(p_leg => %s, p_provider => %s, p_how => %s)",
            [leg, provider, how[:10]],
        )


def _call_over(call: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.door_call_over(p_call => %s)", [call])


def _claimed(statement: str, *values: int) -> Iterable[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]
