"""What follows for an alert from how a person judged its subject. Call inside a transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from upstander.escalations.actions.steps import advance
from upstander.escalations.models import Alert, News
from upstander.escalations.policy import NEXT_STEP_SECONDS
from upstander.intake.priority import Priority


def judged(subject_id: UUID) -> None:
    """Note that somebody at the center judged a subject's words: their priority is no guess."""
    Alert.objects.filter(subject_id=subject_id, no_topic=True).update(no_topic=False)


def follow_priority(subject_id: UUID, priority: Priority, now: datetime) -> None:
    """Follow a subject's new priority; call inside a transaction.

    The worker writes the steps of the new policy within a second; what was asked stays as history.
    Until then, where a life may be in danger, whoever is next is asked within a minute, and whoever
    has it has ten minutes for the next step.
    """
    changed = list(
        Alert.objects.select_for_update()
        .filter(subject_id=subject_id)
        .exclude(state=Alert.State.ENDED)
        .exclude(priority=priority.value)
    )
    if not changed:
        return
    ids = [alert.pk for alert in changed]
    Alert.objects.filter(pk__in=ids).update(priority=priority.value)
    News.objects.bulk_create([News(subject_id=subject_id, kind=News.Kind.ASSESSED, at=now)])
    if priority is not Priority.LIFE_SAFETY:
        return
    for alert in changed:
        advance(alert, now + timedelta(seconds=60))
    by = now + timedelta(seconds=NEXT_STEP_SECONDS[priority])
    Alert.objects.filter(pk__in=ids, next_step_due_at__gt=by).update(next_step_due_at=by)
