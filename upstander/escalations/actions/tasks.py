"""Tasks on the center's desk: a call that somebody must make. Untaken, it rings phones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.audit.actions import Actor, record
from upstander.escalations.models import Alert, Cause, News, Page, Step, Task
from upstander.escalations.policy import ABOUT_WHOM, UNREAD, UNTAKEN, Plan
from upstander.people.reading import has_opened
from upstander.people.scope import System, Viewer, viewing

#: Whoever took a task has so long (s) to finish it; then others are asked again.
TIME_TO_FINISH: Final = 300
#: How a task can end: code → words.
OUTCOMES: dict[str, str | Promise] = {
    "reached": _("Reached someone who is acting"),
    "no_answer": _("Nobody answered"),
    "refused": _("They can't help"),
    "help_there": _("Help has arrived"),
    "not_needed": _("No longer needed"),
}
#: How a decision about 911 ends: a person's who has read, never a press on a list of tasks.
DECIDED: dict[str, str | Promise] = {
    "decided_call": _("Decided: call 911"),
    "decided_not_now": _("Decided: 911 not now"),
}
#: What nobody takes or ends from a list: it is decided on the page with the words.
_BY_READING: Final = frozenset({Task.Kind.DECIDE_911, Task.Kind.SECOND_POLICE, Task.Kind.ASK_NAMED})
#: Endings after which it is asked again, for nobody was reached.
_AGAIN: Final = frozenset({"no_answer", "refused"})


class NoSuchTask(Exception):
    """There is no such task, or the viewer may not see it."""


class ReadFirst(Exception):
    """Nobody takes or ends this one from a list: it is decided on the page with the words."""

    def __init__(self, subject_id: UUID) -> None:
        super().__init__(gettext("Read what they wrote first."))
        self.subject_id = subject_id


class TaskIsTaken(Exception):
    """A colleague took it first; ``person_id`` says who."""

    def __init__(self, person_id: int) -> None:
        super().__init__(gettext("Someone else has taken this task."))
        self.person_id = person_id


def open_task(
    kind: Task.Kind,
    *,
    subject_id: UUID,
    matter_id: UUID,
    district_id: int,
    due_at: datetime,
    now: datetime,
    actor: Actor | None = None,
    alert: Alert | None = None,
    contact_id: int | None = None,
    detail: Mapping[str, object] | None = None,
    taken_by: int | None = None,
) -> Task:
    """Open a task, or return the one of its kind that is open; call inside a transaction.

    If nobody has taken it at ``due_at`` (UTC), the counselors' phones ring, then the supervisor's,
    until somebody does. One that is open already is due at the earlier of both times.
    ``detail`` holds codes and ids, never words. ``taken_by``: who has it from the beginning; it
    rings for the others once ``due_at`` is over.
    """
    _not_overtaken(subject_id, kind)
    task, made = Task.objects.get_or_create(
        subject_id=subject_id,
        kind=kind,
        contact_id=contact_id,
        state__in=(Task.State.OPEN, Task.State.TAKEN),
        defaults={
            "state": Task.State.OPEN if taken_by is None else Task.State.TAKEN,
            "taken_by": taken_by,
            "taken_at": None if taken_by is None else now,
            "matter_id": matter_id,
            "district_id": district_id,
            "alert": alert or _latest_alert(subject_id),
            "opened_at": now,
            "due_at": due_at,
            "detail": dict(detail or {}),
        },
    )
    if made:
        if taken_by is None:
            ring(task, due_at)
        note_task(task, "task opened", actor or System())
        return task
    return _due_by(task.pk, due_at, actor or System())


def take_task(viewer: Viewer, task_id: UUID) -> Task:
    """Take a task: one durable transaction. Phones stop ringing for it until its time is over.

    Raises NoSuchTask, TaskIsTaken, ReadFirst (about 911, and they have not opened the words).
    """
    with viewing(viewer) as now:
        task = _locked(task_id)
        if task.kind in _BY_READING or (
            task.kind == Task.Kind.CALL_911 and not has_opened("tip", task.subject_id)
        ):
            raise ReadFirst(task.subject_id)
        if task.state == Task.State.TAKEN and task.taken_by == viewer.person_id:
            return task
        if task.state == Task.State.TAKEN:
            raise TaskIsTaken(task.taken_by or 0)
        if task.state != Task.State.OPEN:
            raise NoSuchTask
        task.state = Task.State.TAKEN
        task.taken_by = viewer.person_id
        task.taken_at = now
        task.due_at = max(task.due_at, now + timedelta(seconds=TIME_TO_FINISH))
        task.save(update_fields=["state", "taken_by", "taken_at", "due_at"])
        _hush(task)
        note_task(task, "task taken", viewer)
    return task


def finish_task(viewer: Viewer, task_id: UUID, outcome: str) -> Task:
    """Finish a task with one of OUTCOMES: one durable transaction.

    Where nobody was reached it is opened anew at once, unless the alert has been taken meanwhile:
    that somebody at the center has it doesn't mean that police have read their brief.
    Raises NoSuchTask, ReadFirst, ValueError for an outcome that is none.
    """
    if outcome not in OUTCOMES:
        raise ValueError(outcome)
    with viewing(viewer) as now:
        task = _locked(task_id)
        if task.kind in _BY_READING or (
            task.kind == Task.Kind.CALL_911 and not has_opened("tip", task.subject_id)
        ):
            raise ReadFirst(task.subject_id)
        if task.state not in (Task.State.OPEN, Task.State.TAKEN):
            raise NoSuchTask
        task.state = Task.State.DONE
        task.done_by = viewer.person_id
        task.done_at = now
        task.outcome = outcome
        task.save(update_fields=["state", "done_by", "done_at", "outcome"])
        _hush(task)
        note_task(task, "task done", viewer, outcome=outcome)
        open_still = (
            task.alert is None
            or task.alert.state == Alert.State.OPEN
            or task.kind in (Task.Kind.CONFIRM_BRIEF, Task.Kind.CALL_911)
        )
        if outcome in _AGAIN and open_still:
            open_task(
                Task.Kind(task.kind),
                subject_id=task.subject_id,
                matter_id=task.matter_id,
                district_id=task.district_id,
                due_at=now + timedelta(seconds=60),
                now=now,
                actor=viewer,
                alert=task.alert,
                contact_id=task.contact_id,
                detail=task.detail,
                # A call to 911 stays with whoever could not get through: nobody else has read.
                taken_by=viewer.person_id if task.kind == Task.Kind.CALL_911 else None,
            )
    return task


def take_until(
    task: Task, person_id: int, now: datetime, until: datetime, actor: Actor | None = None
) -> None:
    """Give a locked task to whoever has the words before them, until a time (UTC).

    Who they are stays in its ``read_by``.
    """
    readers = task.detail.get("read_by", [])
    task.detail = task.detail | {"read_by": [*readers, *({person_id} - set(readers))]}
    task.state, task.taken_by, task.taken_at = Task.State.TAKEN, person_id, now
    task.due_at = until
    task.save(update_fields=["state", "taken_by", "taken_at", "due_at", "detail"])
    _hush(task)
    note_task(task, "task taken", actor or System(), by=person_id)


def _due_by(task_id: UUID, due_at: datetime, actor: Actor) -> Task:
    """Let an open task ring by ``due_at`` at the latest: what is asked twice waits for the first.

    One that somebody else has taken is theirs until its time is over; whoever took it keeps the
    time to finish it.
    """
    task = _locked(task_id)
    if task.state == Task.State.TAKEN:
        if not isinstance(actor, Viewer) or actor.person_id != task.taken_by:
            return task
        due_at = max(due_at, (task.taken_at or due_at) + timedelta(seconds=TIME_TO_FINISH))
    if task.state not in (Task.State.OPEN, Task.State.TAKEN) or due_at >= task.due_at:
        return task
    task.due_at = due_at
    task.save(update_fields=["due_at"])
    if task.state == Task.State.OPEN:
        # What rings sooner stands before what rang later goes.
        later = list(
            Step.objects.filter(task=task, state=Step.State.DUE).values_list("pk", flat=True)
        )
        ring(task, due_at)
        Step.objects.filter(pk__in=later).update(state=Step.State.CANCELLED)
    note_task(task, "task due sooner", actor)
    return task


def lapse_task(task: Task, now: datetime, *, left: int | None = None) -> None:
    """Open a locked task again whose taker did not finish it in time; call in a transaction.

    ``left``: who never will, for they left.
    """
    task.state = Task.State.OPEN
    task.taken_by = None
    task.taken_at = None
    task.due_at = now
    task.save(update_fields=["state", "taken_by", "taken_at", "due_at"])
    ring(task, now)
    note_task(task, "task not finished in time", System(), **({"left": left} if left else {}))


def end_task(
    task: Task,
    person_id: int | None,
    at: datetime,
    *,
    outcome: str,
    actor: Actor | None = None,
) -> None:
    """End a locked task by what somebody did elsewhere; call in a transaction.

    ``actor``: who does it; the worker, unless given.
    """
    task.state = Task.State.DONE
    task.done_by = person_id
    task.done_at = at
    task.outcome = outcome
    task.save(update_fields=["state", "done_by", "done_at", "outcome"])
    _hush(task)
    note_task(task, "task done", actor or System(), outcome=outcome, by=person_id)


def drop_tasks(subject_id: UUID, *, nowait: bool = True) -> None:
    """Drop a closed subject's tasks: nobody is asked for them. Call in a transaction.

    ``nowait``: raises OperationalError where somebody else holds one.
    """
    running = Task.objects.filter(
        subject_id=subject_id, state__in=(Task.State.OPEN, Task.State.TAKEN)
    )
    for task in hold_tasks(running, nowait=nowait):
        task.state = Task.State.DROPPED
        task.save(update_fields=["state"])
        _hush(task)


def hold_tasks(tasks: QuerySet[Task], *, nowait: bool = True) -> Iterator[Task]:
    """Lock tasks and give each, if it is still one of them: the alert before it, as everybody does.

    ``nowait``: never waiting; raises OperationalError where somebody else holds one.
    """
    for found in tasks.order_by("pk"):
        if found.alert_id is not None:
            Alert.objects.select_for_update(nowait=nowait).filter(pk=found.alert_id).first()
        held = tasks.select_for_update(nowait=nowait, of=("self",)).filter(pk=found.pk).first()
        if held is not None:
            yield held


def _not_overtaken(subject_id: UUID, kind: Task.Kind) -> None:
    """See to it that word from before a task was asked for does not end that task.

    What was open when the subject was closed is dropped before; and where another brief goes out,
    it is no longer true that police have read them all.
    """
    close_first(subject_id)
    if kind is Task.Kind.CONFIRM_BRIEF:
        News.objects.filter(subject_id=subject_id, kind=News.Kind.BRIEFED).delete()


def close_first(subject_id: UUID) -> None:
    """Drop what was open when a subject was closed, if the worker has not come to that yet."""
    closed = News.objects.filter(subject_id=subject_id, kind=News.Kind.CLOSED)
    if closed.exists():
        # The word goes last: the database drops no task of what was not closed.
        drop_tasks(subject_id, nowait=False)
        closed.delete()


def _locked(task_id: UUID) -> Task:
    """Lock a task and its alert, the alert first, as everybody does. Raises NoSuchTask."""
    task = Task.objects.filter(pk=task_id).first()
    if task is None:
        raise NoSuchTask
    if task.alert_id:
        Alert.objects.select_for_update().filter(pk=task.alert_id).first()
    return Task.objects.select_for_update(of=("self",)).get(pk=task_id)


def ring(task: Task, due_at: datetime) -> None:
    """Write the steps that ask for somebody to take a task."""
    if task.alert_id is None:
        return
    plan = _plan_of(task)
    # The alert's lock makes the numbers its own.
    Alert.objects.select_for_update().filter(pk=task.alert_id).first()
    last = Step.objects.filter(alert_id=task.alert_id).aggregate(last=Max("number"))["last"] or 0
    Step.objects.bulk_create(
        Step(
            alert_id=task.alert_id,
            district_id=task.district_id,
            number=last + place,
            target=step.target,
            due_at=due_at + timedelta(seconds=step.after),
            repeat_seconds=plan.every,
            cause=Cause.TASK,
            task=task,
        )
        for place, step in enumerate(plan.steps, start=1)
    )


def _plan_of(task: Task) -> Plan:
    """Return whom an untaken task rings: about 911 the last phone of the center too."""
    if task.kind == Task.Kind.ASK_NAMED:
        return ABOUT_WHOM
    return UNREAD if task.kind in (Task.Kind.DECIDE_911, Task.Kind.CALL_911) else UNTAKEN


def _hush(task: Task) -> None:
    """Cancel what would ring for a task."""
    if task.alert_id is None:
        return
    numbers = list(Step.objects.filter(task=task).values_list("number", flat=True))
    Step.objects.filter(task=task, state=Step.State.DUE).update(state=Step.State.CANCELLED)
    Page.objects.filter(
        alert_id=task.alert_id, step_number__in=numbers, cause=Cause.TASK, state=Page.State.DUE
    ).update(state=Page.State.CANCELLED)


def _latest_alert(subject_id: UUID) -> Alert | None:
    """Return the alert that a task hangs on: the one that runs, else the last that did."""
    alerts = Alert.objects.filter(subject_id=subject_id).order_by("-opened_at", "pk")
    return alerts.exclude(state=Alert.State.ENDED).first() or alerts.first()


def note_task(task: Task, action: str, actor: Actor, **detail: object) -> None:
    record(
        action,
        actor=actor,
        subject_kind="tip",
        subject_id=task.subject_id,
        district_id=task.district_id,
        matter_id=task.matter_id,
        detail={"kind": task.kind, **detail},
    )
