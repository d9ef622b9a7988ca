"""Opening alerts and answering them. Called by the apps above, inside their own transactions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from upstander.audit.actions import record
from upstander.escalations.models import Acknowledgement, Alert, Page, Step
from upstander.escalations.policy import NEXT_STEP_SECONDS, PolicyStep
from upstander.places.priority import Priority
from upstander.places.scope import Viewer, viewing


class NoSuchAlert(Exception):
    """There is no such alert, or the viewer is not among those who are asked."""


def open_alert(
    *,
    subject_id: UUID,
    matter_id: UUID,
    reference: str,
    district_id: int,
    priority: Priority,
    holders: Sequence[str],
    steps: Iterable[PolicyStep],
    now: datetime,
) -> Alert:
    """Write an alert and every step of its policy; call inside a transaction.

    From here on the worker's sweep does the rest, whatever becomes of this process.
    """
    alert = Alert.objects.create(
        id=uuid4(),
        subject_id=subject_id,
        matter_id=matter_id,
        reference=reference,
        district_id=district_id,
        priority=priority.value,
        holders=list(holders),
        opened_at=now,
    )
    Step.objects.bulk_create(
        Step(
            alert_id=alert.pk,
            district_id=district_id,
            number=number,
            target=step.target,
            due_at=now + timedelta(seconds=step.after),
            repeat_seconds=step.repeat,
        )
        for number, step in enumerate(steps, start=1)
    )
    return alert


def acknowledge(viewer: Viewer, alert_id: UUID, answer: Acknowledgement.Answer) -> Alert:
    """Answer an alert for oneself: one durable transaction.

    ``have_it`` stops the escalation; ``seen`` is shown and stops nothing; ``cannot`` asks the next
    people at once, also when it was oneself who had it. Raises NoSuchAlert when the viewer was not
    asked: neither as one of its holders, nor by a later step's page.
    """
    with viewing(viewer) as now:
        alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
        if alert is None or not _was_asked(alert, viewer):
            raise NoSuchAlert
        Acknowledgement.objects.create(
            alert_id=alert.pk,
            district_id=alert.district_id,
            person_id=viewer.person_id,
            answer=answer,
            at=now,
            # The alert's lock makes this a number of its own.
            number=alert.acknowledgements.count() + 1,
        )
        if answer is Acknowledgement.Answer.HAVE_IT and alert.state == Alert.State.OPEN:
            settle(alert, viewer.person_id, now)
        elif answer is Acknowledgement.Answer.CANNOT:
            _pass_on(alert, viewer.person_id, now)
        record(
            f"alert answered: {answer.label}",
            actor=viewer,
            subject_kind="tip",
            subject_id=alert.subject_id,
            district_id=alert.district_id,
            matter_id=alert.matter_id,
        )
    return alert


def _was_asked(alert: Alert, viewer: Viewer) -> bool:
    if set(alert.holders) & set(viewer.holders):
        return True
    return Page.objects.filter(alert_id=alert.pk, person_id=viewer.person_id).exists()


def _pass_on(alert: Alert, person_id: int, now: datetime) -> None:
    """Ask the next people now: somebody cannot. Whoever had it has it no more."""
    Page.objects.filter(alert_id=alert.pk, person_id=person_id, state=Page.State.DUE).update(
        state=Page.State.CANCELLED
    )
    if alert.state == Alert.State.OPEN:
        following = alert.steps.filter(state=Step.State.DUE).order_by("number").first()
        if following is not None:
            Step.objects.filter(pk=following.pk).update(due_at=now)
    elif alert.state == Alert.State.ACKNOWLEDGED and alert.acknowledged_by == person_id:
        reopen(alert, now)


def step_aside(subject_id: UUID, person_id: int, now: datetime) -> None:
    """Let the next people be asked because somebody leaves a matter; call inside a transaction.

    Before the bar is written: afterwards whom it bars sees the alert no more.
    """
    for alert in Alert.objects.select_for_update().filter(subject_id=subject_id):
        # Somebody who was never asked leaves nobody waiting.
        asked = Page.objects.filter(alert_id=alert.pk, person_id=person_id).exists()
        if asked or alert.acknowledged_by == person_id:
            _pass_on(alert, person_id, now)


def reopen(alert: Alert, now: datetime) -> None:
    """Let a locked alert's escalation go on where it stood: its next step is due now.

    The steps after it keep their distance, so that nobody is passed over.
    """
    alert.state = Alert.State.OPEN
    alert.acknowledged_by = None
    alert.acknowledged_at = None
    alert.next_step_due_at = None
    alert.save(update_fields=["state", "acknowledged_by", "acknowledged_at", "next_step_due_at"])
    waiting = list(alert.steps.exclude(state=Step.State.DONE).order_by("number"))
    stood_at = waiting[0].due_at if waiting else now
    for step in waiting:
        step.due_at = now + (step.due_at - stood_at)
        step.state = Step.State.DUE
        step.save(update_fields=["due_at", "state"])


def settle(alert: Alert, person_id: int, now: datetime) -> None:
    """Mark a locked alert as taken, and cancel its timers in the same transaction."""
    seconds = NEXT_STEP_SECONDS[Priority(alert.priority)]
    alert.state = Alert.State.ACKNOWLEDGED
    alert.acknowledged_by = person_id
    alert.acknowledged_at = now
    alert.next_step_due_at = now + timedelta(seconds=seconds)
    alert.save(update_fields=["state", "acknowledged_by", "acknowledged_at", "next_step_due_at"])
    _cancel_timers([alert.pk])


def settle_subject(subject_id: UUID, person_id: int, now: datetime) -> None:
    """Take every open alert of a subject, as a claim at the center does."""
    for alert in Alert.objects.select_for_update().filter(
        subject_id=subject_id, state=Alert.State.OPEN
    ):
        settle(alert, person_id, now)


def progress(subject_id: UUID) -> None:
    """Note that whoever has it did something: the clock for the next step is stilled."""
    Alert.objects.filter(subject_id=subject_id, next_step_due_at__isnull=False).update(
        next_step_due_at=None
    )


def working(subject_id: UUID, person_id: int, now: datetime) -> None:
    """Note that somebody is at work on a subject: they have it, and no clock runs against them."""
    settle_subject(subject_id, person_id, now)
    progress(subject_id)


def resume(subject_id: UUID, person_id: int, now: datetime) -> None:
    """Give a subject's last alert to whoever opened the subject again; call in a transaction.

    So a reopened tip is never nobody's: its clock for the next step runs from now.
    """
    alert = (
        Alert.objects.select_for_update()
        .filter(subject_id=subject_id)
        .order_by("-opened_at", "pk")
        .first()
    )
    if alert is not None:
        settle(alert, person_id, now)


def raise_alerts(subject_id: UUID, priority: Priority, now: datetime) -> None:
    """Follow a subject's new priority; call inside a transaction.

    When it becomes life safety, whoever is next is asked within a minute, and whoever has it has
    ten minutes for the next step. A lower priority leaves the running clocks alone.
    """
    alerts = Alert.objects.filter(subject_id=subject_id).exclude(state=Alert.State.ENDED)
    ids = list(alerts.values_list("pk", flat=True))
    alerts.update(priority=priority.value)
    if priority is not Priority.LIFE_SAFETY:
        return
    soon = now + timedelta(seconds=60)
    Step.objects.filter(alert_id__in=ids, state=Step.State.DUE, due_at__gt=soon).update(due_at=soon)
    by = now + timedelta(seconds=NEXT_STEP_SECONDS[priority])
    Alert.objects.filter(pk__in=ids, next_step_due_at__gt=by).update(next_step_due_at=by)


def end_alerts(subject_id: UUID) -> None:
    """End a subject's alerts: it was closed, sent back or handed on."""
    ids = list(
        Alert.objects.filter(subject_id=subject_id)
        .exclude(state=Alert.State.ENDED)
        .values_list("pk", flat=True)
    )
    Alert.objects.filter(pk__in=ids).update(state=Alert.State.ENDED, next_step_due_at=None)
    _cancel_timers(ids)


def _cancel_timers(alert_ids: Sequence[UUID]) -> None:
    Step.objects.filter(alert_id__in=alert_ids, state=Step.State.DUE).update(
        state=Step.State.CANCELLED
    )
    Page.objects.filter(alert_id__in=alert_ids, state=Page.State.DUE).update(
        state=Page.State.CANCELLED
    )
