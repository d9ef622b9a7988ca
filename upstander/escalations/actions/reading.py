"""Read, then call: the task that a tick of "now" makes, who has read, and what they decide.

A tick orders nobody to call 911. It makes a task, "Read now; decide about 911", which rings until a
named person has opened the words and decided. Opening takes it, for a minute; a decision ends it.
The database refuses a call, a taking and a decision by whoever has not opened the words
(``escalations_read_first``).
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.escalations.actions.tasks import (
    ReadFirst,
    end_task,
    hold_tasks,
    open_task,
    ring,
    take_until,
)
from upstander.escalations.models import Alert, Task
from upstander.escalations.outside_models import FallbackPhone
from upstander.people.models import Membership
from upstander.people.reading import has_opened
from upstander.people.scope import Viewer, viewing

#: How long (s) the words may lie unopened, and how long whoever opened them has to decide.
UNOPENED: Final = 60
TO_DECIDE: Final = 60
#: Who needs one more fact has so long (s) to get it; who decided to call, to write that they did.
FOR_A_FACT: Final = 120
#: How often in a row one person may ask for one.
MOST_FACTS: Final = 2
TO_CALL: Final = 180
#: What was decided is not asked again for so long, unless it became more urgent since.
DECISION_STANDS: Final = timedelta(minutes=10)
#: Tasks that nobody takes unread.
READ_FIRST: Final = frozenset({Task.Kind.DECIDE_911, Task.Kind.CALL_911})
#: How what asks whether help arrived ends, where the call that it asks about was never made.
NOT_MADE: Final = "not_made"
_RUNNING = (Task.State.OPEN, Task.State.TAKEN)


class Decision(StrEnum):
    """What a person who has read decides about 911."""

    CALL = "call"
    NOT_NOW = "not_now"
    FACT = "fact"


def ask_to_decide(alert: Alert, now: datetime, *, since: datetime) -> None:
    """Open the task "Read now; decide about 911" of a locked alert, unless it was decided since.

    A decision does not stand against something graver that came after it. A call that was made
    stands until then, also past ``since``: asked again, it would invite a second armed response.
    Whoever has its words open already has it, for as long as anybody has to decide.
    """
    graver = Q() if alert.graver_at is None else Q(done_at__gt=alert.graver_at)
    graver_than_call = Q() if alert.graver_at is None else Q(opened_at__gt=alert.graver_at)
    tasks = Task.objects.filter(subject_id=alert.subject_id)
    of_subject = tasks.filter(kind__in=READ_FIRST)
    calls = tasks.filter(kind=Task.Kind.CONFIRM_HELP)
    calls = calls.exclude(state=Task.State.DROPPED).exclude(outcome=NOT_MADE)
    if (
        of_subject.filter(kind=Task.Kind.CALL_911, state__in=_RUNNING).exists()
        or of_subject.filter(graver, state=Task.State.DONE, done_at__gte=since).exists()
        or calls.filter(graver_than_call).exists()
    ):
        return
    was_open = of_subject.filter(kind=Task.Kind.DECIDE_911, state__in=_RUNNING).exists()
    task = open_task(
        Task.Kind.DECIDE_911,
        subject_id=alert.subject_id,
        matter_id=alert.matter_id,
        district_id=alert.district_id,
        due_at=now + timedelta(seconds=UNOPENED),
        now=now,
        alert=alert,
    )
    # Whoever read before something graver was answered has not read that.
    unread_since = max(alert.opened_at, alert.graver_at or alert.opened_at)
    holder = alert.acknowledged_by if alert.stage == Alert.Stage.CENTER else None
    reader = None if was_open else opened_by(alert.subject_id, unread_since, only=holder)
    if reader is not None:
        take_until(task, reader, now, now + timedelta(seconds=TO_DECIDE))


def opened_by(subject_id: UUID, since: datetime, *, only: int | None = None) -> int | None:
    """Return who of the center last opened a subject's words since then (aware); None: nobody.

    ``only``: asks about this person alone. The worker alone may ask.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.opened_by(p_subject => %s, p_since => %s, p_only => %s)",
            [subject_id, since, only],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def words_read(viewer: Viewer, subject_id: UUID, *, claimed_by: int | None = None) -> bool:
    """Note that somebody of the center has the words before them: theirs to decide, for a minute.

    Call it once they have been opened, outside of any transaction. Each person has one such
    minute: a page that is loaded anew silences no phone. Who merely looks takes nothing from a
    colleague who has it, by their answer or as ``claimed_by``: that takes a press ("I have it", to
    take it over, to decide). Returns whether it is theirs since now.
    """
    with viewing(viewer) as now:
        task = Task.objects.filter(
            subject_id=subject_id, kind=Task.Kind.DECIDE_911, state=Task.State.OPEN
        ).first()
        if task is None or viewer.person_id in readers_of(task):
            return False
        held = Alert.objects.filter(
            subject_id=subject_id, stage=Alert.Stage.CENTER, state=Alert.State.ACKNOWLEDGED
        )
        # A claim after which nothing was done is passed on by the alert, and not by the tip.
        answered = held.values_list("acknowledged_by", flat=True).first()
        if (answered or claimed_by or viewer.person_id) != viewer.person_id:
            return False
        _hold(task)
        task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
        if task.state == Task.State.OPEN and viewer.person_id not in readers_of(task):
            take_until(task, viewer.person_id, now, now + timedelta(seconds=TO_DECIDE), viewer)
            return True
    return False


def asked_to_decide(subject_id: UUID) -> bool:
    """Tell whether a decision about 911 is asked for; call inside ``viewing``."""
    return Task.objects.filter(
        subject_id=subject_id, kind=Task.Kind.DECIDE_911, state__in=_RUNNING
    ).exists()


def not_now(subject_id: UUID) -> Task | None:
    """Return the last decision that nobody calls 911, by its task; call inside ``viewing``."""
    decided = Task.objects.filter(
        subject_id=subject_id,
        kind=Task.Kind.DECIDE_911,
        state=Task.State.DONE,
        outcome=f"decided_{Decision.NOT_NOW}",
    )
    return decided.order_by("-done_at").first()


def need_decidable(viewer: Viewer, subject_id: UUID, decision: Decision) -> None:
    """Refuse what ``decide`` would refuse, before anything is kept; call inside ``viewing``.

    Raises ReadFirst, Refused (they have asked for a fact twice).
    """
    if not has_opened("tip", subject_id):
        raise ReadFirst(subject_id)
    task = Task.objects.filter(
        subject_id=subject_id, kind=Task.Kind.DECIDE_911, state__in=_RUNNING
    ).first()
    if decision is Decision.FACT and task is not None:
        _need_facts_left(task, viewer)


def readers_of(task: Task) -> list[int]:
    """Return who had the words of a task before them, by id, in their order."""
    return [int(person) for person in task.detail.get("read_by", [])]


def decide(
    viewer: Viewer,
    *,
    subject_id: UUID,
    matter_id: UUID,
    district_id: int,
    decision: Decision,
    now: datetime,
) -> None:
    """Write down what somebody who has read decides about 911; call inside ``viewing``.

    ``CALL`` opens the call as their own task, which rings for others if nobody writes that it was
    made; ``FACT`` leaves the decision open, and theirs a little longer. The database refuses
    whoever has not opened the words. Raises ReadFirst.
    """
    if not has_opened("tip", subject_id):
        raise ReadFirst(subject_id)
    task = Task.objects.filter(
        subject_id=subject_id, kind=Task.Kind.DECIDE_911, state__in=_RUNNING
    ).first() or open_task(
        Task.Kind.DECIDE_911,
        subject_id=subject_id,
        matter_id=matter_id,
        district_id=district_id,
        due_at=now + timedelta(seconds=UNOPENED),
        now=now,
        actor=viewer,
    )
    _hold(task)
    task = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if task.state not in _RUNNING:
        # Somebody decided in this very moment: what both said stands on the record.
        pass
    elif decision is Decision.FACT:
        _one_more_fact(task, viewer, now)
    else:
        end_task(task, viewer.person_id, now, outcome=f"decided_{decision.value}", actor=viewer)
    record(
        "decided about 911",
        actor=viewer,
        subject_kind="tip",
        subject_id=subject_id,
        district_id=district_id,
        matter_id=matter_id,
        detail={"decision": decision.value},
    )
    if decision is Decision.NOT_NOW:
        # What somebody ordered before is not needed any more, as whoever has read since says.
        calls = Task.objects.filter(
            subject_id=subject_id, kind=Task.Kind.CALL_911, state__in=_RUNNING
        )
        for call in hold_tasks(calls, nowait=False):
            end_task(call, viewer.person_id, now, outcome="decided_not_now", actor=viewer)
    if decision is Decision.CALL:
        open_task(
            Task.Kind.CALL_911,
            subject_id=subject_id,
            matter_id=matter_id,
            district_id=district_id,
            due_at=now + timedelta(seconds=TO_CALL),
            now=now,
            actor=viewer,
            taken_by=viewer.person_id,
        )


def _one_more_fact(task: Task, viewer: Viewer, now: datetime) -> None:
    """Leave a locked decision open for a fact: at most so often in a row for one person.

    The first time it stays theirs for a while; after that others are asked meanwhile. Raises
    Refused when they have had all of their times.
    """
    mine = _need_facts_left(task, viewer)
    task.detail = task.detail | {"facts": [*_facts(task), viewer.person_id]}
    take_until(task, viewer.person_id, now, now + timedelta(seconds=FOR_A_FACT), viewer)
    if mine:
        # First the phones: the database lets nobody put it down with none that rings for it.
        ring(task, now)
        task.state, task.taken_by, task.taken_at, task.due_at = Task.State.OPEN, None, None, now
        task.save(update_fields=["state", "taken_by", "taken_at", "due_at"])


def _facts(task: Task) -> list[int]:
    return [int(person) for person in task.detail.get("facts", [])]


def _need_facts_left(task: Task, viewer: Viewer) -> int:
    mine = len(list(itertools.takewhile(viewer.person_id.__eq__, reversed(_facts(task)))))
    if mine >= MOST_FACTS:
        raise Refused(
            gettext(
                "You have asked for a fact twice. Decide on what you know: call, or not now and "
                "why. Others are being asked too."
            )
        )
    return mine


def called(viewer: Viewer, subject_id: UUID) -> None:
    """End what asks about 911 for a subject: somebody has written down that they called.

    Not by whoever has not opened the words: their call is kept, and somebody who reads decides.
    """
    with viewing(viewer) as now:
        running = Task.objects.filter(
            subject_id=subject_id, kind__in=READ_FIRST, state__in=_RUNNING
        )
        if not has_opened("tip", subject_id):
            return
        for task in hold_tasks(running, nowait=False):
            end_task(task, viewer.person_id, now, outcome="reached", actor=viewer)


def need_read(subject_id: UUID) -> None:
    """Let whoever has opened a subject's words go on; call inside ``viewing``. Raises ReadFirst."""
    if not has_opened("tip", subject_id):
        raise ReadFirst(subject_id)


def not_called(
    viewer: Viewer,
    *,
    subject_id: UUID,
    matter_id: UUID,
    district_id: int,
    grave: bool,
    now: datetime,
) -> None:
    """Ask about 911 anew, for no call of a subject was made; call inside ``viewing``.

    Nobody asks any more whether help arrived. Whoever says so has read, and has a minute to decide
    before others are asked. Where nobody was ever asked and it is not ``grave``, nobody is now.
    """
    running = Task.objects.filter(subject_id=subject_id, state__in=_RUNNING)
    for task in hold_tasks(running.filter(kind=Task.Kind.CONFIRM_HELP), nowait=False):
        end_task(task, viewer.person_id, now, outcome=NOT_MADE, actor=viewer)
    asked = Task.objects.filter(subject_id=subject_id, kind__in=READ_FIRST).exists()
    if not (grave or asked) or running.filter(kind__in=READ_FIRST).exists():
        return
    task = open_task(
        Task.Kind.DECIDE_911,
        subject_id=subject_id,
        matter_id=matter_id,
        district_id=district_id,
        due_at=now + timedelta(seconds=UNOPENED),
        now=now,
        actor=viewer,
    )
    take_until(task, viewer.person_id, now, now + timedelta(seconds=TO_DECIDE), viewer)


def name_fallback(viewer: Viewer, person_id: int | None) -> None:
    """Name whose phone is the center's last one; None: nobody's, and everybody there is phoned.

    Raises Refused for somebody who is not of the center.
    """
    center = next(post.center_id for post in viewer.memberships if post.center_id is not None)
    with viewing(viewer) as now:
        if person_id is None:
            FallbackPhone.objects.filter(center_id=center).delete()
        else:
            if not Membership.objects.filter(
                person_id=person_id, person__is_active=True, team__center_id=center
            ).exists():
                raise Refused(gettext("Choose someone at your center."))
            FallbackPhone.objects.update_or_create(
                center_id=center,
                defaults={
                    "person_id": person_id,
                    "changed_by": viewer.person_id,
                    "changed_at": now,
                },
            )
        record(
            "fallback phone named",
            actor=viewer,
            subject_kind="policy",
            subject_id=center,
            detail={"person": person_id},
        )


def _hold(task: Task) -> None:
    """Lock a task's alert, as everybody does before the task."""
    if task.alert_id is not None:
        Alert.objects.select_for_update().filter(pk=task.alert_id).first()
