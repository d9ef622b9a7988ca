"""What falls due of drills, for the worker. Single steps that say how much they did."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction

from upstander.base.moment import database_now, database_second
from upstander.carriers import texts
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import Inbound
from upstander.carriers.queries import code_for, methods_of
from upstander.carriers.sending import cancel_asks, deliver, mark_done
from upstander.intake.priority import Priority
from upstander.oncall.rules import ways
from upstander.people.models import Membership, Person
from upstander.watch.models import Drill, DrillAnswer, DrillCall

_BATCH = 20
#: A claim on a test page stands so many seconds, longer than one send can take.
LEASE = 60
#: One sweep sends no longer than this (s): tests never hold up what is real.
SWEEP_SECONDS = 5.0
MOST_ATTEMPTS = 3
#: What a test page is called where a real one names its tip.
REFERENCE = "TEST"


def sweep_drills() -> int:
    """Begin drills that leads asked for, and end those whose time is over; how many."""
    return sum(_begin(pk) for pk in _ids(Drill.State.BEGUN)) + sum(
        _end(pk) for pk in _ids(Drill.State.RUNNING, ending=True)
    )


def _ids(state: str, *, ending: bool = False) -> list[UUID]:
    drills = Drill.objects.filter(state=state)
    if ending:
        drills = drills.filter(ends_at__lte=database_now())
    return list(drills.order_by("begun_at").values_list("pk", flat=True)[:_BATCH])


def _locked(pk: UUID, state: str) -> Drill | None:
    locked = Drill.objects.select_for_update(skip_locked=True, of=("self",))
    return locked.select_related("team").filter(pk=pk, state=state).first()


def _begin(pk: UUID) -> int:
    """Write each member's test pages: the same ways, as soon, as for a life in danger."""
    with transaction.atomic():
        drill = _locked(pk, Drill.State.BEGUN)
        if drill is None:
            return 0
        members = Membership.objects.filter(team_id=drill.team_id, person__is_active=True)
        people = list(members.values_list("person_id", flat=True))
        reached = {p: {m.kind for m in found} for p, found in methods_of(people).items()}
        DrillCall.objects.bulk_create(
            DrillCall(
                drill_id=drill.pk,
                person_id=person,
                channel=way.channel,
                due_at=drill.begun_at + timedelta(seconds=way.after_seconds),
            )
            for person, of_person in ways(people, Priority.LIFE_SAFETY).items()
            for way in of_person
            if way.channel in reached.get(person, ())
        )
        drill.state = Drill.State.RUNNING
        drill.save(update_fields=["state"])
    return 1


def _end(pk: UUID) -> int:
    with transaction.atomic():
        drill = _locked(pk, Drill.State.RUNNING)
        if drill is None:
            return 0
        drill.state = Drill.State.ENDED
        drill.save(update_fields=["state"])
        _cancel(drill_id=drill.pk)
        cancel_asks([drill.pk])
    return 1


def _cancel(**which: object) -> None:
    DrillCall.objects.filter(state=DrillCall.State.DUE, **which).update(
        state=DrillCall.State.CANCELLED
    )


def sweep_drill_answers() -> int:
    """Take up what was answered to drills; how many answers."""
    due = Inbound.objects.filter(done=False, for_id__in=Drill.objects.values("pk"))
    answers = list(due.order_by("pk")[:_BATCH])
    for answer in answers:
        with transaction.atomic():
            if answer.answer != Inbound.Answer.UNCLEAR and answer.for_id is not None:
                DrillAnswer.objects.bulk_create(
                    [
                        DrillAnswer(
                            drill_id=answer.for_id,
                            person_id=answer.person_id,
                            channel=answer.kind,
                            answer=answer.answer,
                            at=answer.at,
                        )
                    ],
                    # The first answer is the one that counts.
                    ignore_conflicts=True,
                )
                _cancel(drill_id=answer.for_id, person_id=answer.person_id)
            Inbound.objects.filter(pk=answer.pk).update(done=True)
    return len(answers) + _drop_orphans()


def _drop_orphans() -> int:
    """Mark answers to what is gone (an old drill, an old synthetic tip) as worked off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.id FROM carriers_inbound i WHERE NOT i.done"
            " AND i.at < api.clock_now() - interval '5 minutes'"
            " AND NOT EXISTS (SELECT 1 FROM escalations_alert a WHERE a.id = i.for_id)"
            " AND NOT EXISTS (SELECT 1 FROM watch_drill d WHERE d.id = i.for_id)"
        )
        orphans = [int(row[0]) for row in cursor.fetchall()]
    return mark_done(orphans)


def sweep_drill_calls() -> int:
    """Send test pages that are due; how many attempts were made."""
    token, began = uuid4(), time.monotonic()
    _claim(token)
    calls = DrillCall.objects.select_related("drill").filter(lease_token=token)
    made = 0
    for call in calls.filter(state=DrillCall.State.DUE).order_by("due_at"):
        if time.monotonic() - began > SWEEP_SECONDS:
            break
        _send(call, token)
        made += 1
    calls.filter(state=DrillCall.State.DUE).update(lease_until=None, lease_token=None)
    return made


def _claim(token: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE watch_drillcall SET lease_token = %s, attempts = attempts + 1,"
            " lease_until = api.clock_now() + make_interval(secs => %s)"
            " WHERE id IN (SELECT id FROM watch_drillcall WHERE state = 'due'"
            " AND due_at <= api.clock_now()"
            " AND (lease_until IS NULL OR lease_until < api.clock_now())"
            " ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)",
            [token, LEASE, _BATCH],
        )


def _send(call: DrillCall, token: UUID) -> None:
    """Send one claimed test page by every address that the person has on its channel."""
    person = Person.objects.filter(pk=call.person_id).first()
    methods = [
        m for m in methods_of([call.person_id]).get(call.person_id, []) if m.kind == call.channel
    ]
    outcomes = [deliver(method, drill_page(person, call.drill_id)) for method in methods if person]
    sent = any(outcome.state == "accepted" for outcome in outcomes)
    again = not sent and call.attempts < MOST_ATTEMPTS and not all(o.permanent for o in outcomes)
    now = database_second()
    DrillCall.objects.filter(pk=call.pk, lease_token=token, state=DrillCall.State.DUE).update(
        state=DrillCall.State.SENT
        if sent
        else DrillCall.State.DUE
        if again
        else DrillCall.State.FAILED,
        sent_at=now if sent else None,
        due_at=now + timedelta(seconds=15) if again else call.due_at,
        reason="" if sent else (outcomes[-1].reason if outcomes else "no such way anymore")[:200],
        lease_token=None,
        lease_until=None,
    )


def drill_page(person: Person, drill_id: UUID) -> Outgoing:
    """Write one person's test page: a real one's words, announced as a test in every form."""
    said = texts.page(
        person,
        for_id=drill_id,
        reference=REFERENCE,
        priority=Priority.LIFE_SAFETY,
        subject_id=drill_id,
        code=code_for(drill_id),
        purpose="drill",
    )
    # There is no tip to open: the drill's own page is what the link leads to.
    return replace(said, long=said.long.replace(f"/tips/{drill_id}", f"/drills/{drill_id}"))
