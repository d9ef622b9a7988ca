"""The clock of whoever has a reporter on the phone. Call inside a transaction; for the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from upstander.escalations.actions.alerts import reopen, settle, settle_subject
from upstander.escalations.models import Alert
from upstander.escalations.policy import CLAIMED_SECONDS


def talking(subject_id: UUID, person_id: int, now: datetime) -> None:
    """Note that somebody has a subject's reporter on the phone: they have it, and nothing rings.

    They have minutes until it is assessed or something of it is written down, also while they
    speak: of a call nothing else is left for whoever comes next.
    """
    settle_subject(subject_id, person_id, now)
    untouched = _untouched(subject_id).filter(acknowledged_by=person_id)
    by = now + timedelta(seconds=CLAIMED_SECONDS)
    untouched.update(next_step_due_at=by, idle_asked=False)


def stopped_talking(subject_id: UUID, now: datetime) -> None:
    """Note that a call is over. Whose clock stood still meanwhile and who did nothing has one.

    Of a call nothing is left but what somebody writes down.
    """
    for alert in _untouched(subject_id).select_for_update():
        before, holder = alert.next_step_due_at, alert.acknowledged_by
        if before is None or holder is None:
            continue
        settle(alert, holder, now)
        if alert.next_step_due_at is None or before < alert.next_step_due_at:
            alert.next_step_due_at = before  # nobody gets more time by a call
            alert.save(update_fields=["next_step_due_at"])


def waits_again(subject_id: UUID, now: datetime) -> None:
    """Note that a reporter whose counselor has left waits for another: all are asked anew."""
    for alert in Alert.objects.select_for_update().filter(
        subject_id=subject_id, stage=Alert.Stage.CENTER, state=Alert.State.ACKNOWLEDGED
    ):
        reopen(alert, now, base=now)


def _untouched(subject_id: UUID) -> QuerySet[Alert]:
    """Return a subject's alerts that somebody has and has done nothing about."""
    return Alert.objects.filter(
        subject_id=subject_id, state=Alert.State.ACKNOWLEDGED, next_step_due_at__isnull=False
    )
