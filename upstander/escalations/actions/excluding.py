"""Whoever was excluded from a matter has nothing of it any more: others are asked, at once.

An exclusion is set by many roads: at the center, in a case, by "I suspect", by linking. None of
them needs to think of this: the database leaves word of every new exclusion
(``escalations_excluded``); the worker, who alone can tell a person by an exclusion's opaque code
without seeing the matter, works it off.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from upstander.escalations.actions.alerts import reopen
from upstander.escalations.actions.steps import advance
from upstander.escalations.actions.tasks import hold_tasks, lapse_task
from upstander.escalations.models import Alert, Page, Task
from upstander.escalations.targets import exclusions_of
from upstander.people.keys import person_mac


def pass_excluded_by(subject_id: UUID, alerts: Iterable[Alert], now: datetime) -> None:
    """Take a subject's locked alerts, its pages and tasks from whom its matter excludes.

    Call inside a transaction. Doing it again changes nothing. Raises OperationalError where
    somebody else holds one of its tasks: the news then waits for the next second.
    """
    for alert in alerts:
        _ask_others(alert, now)
    _open_tasks(subject_id, now)


def _ask_others(alert: Alert, now: datetime) -> None:
    excluded = exclusions_of(alert.matter_id)
    pages = Page.objects.filter(alert_id=alert.pk, state__in=(Page.State.DUE, Page.State.SENT))
    asked = set(pages.values_list("person_id", flat=True))
    gone = {person for person in asked if person_mac(person) in excluded}
    pages.filter(state=Page.State.DUE, person_id__in=gone).update(state=Page.State.CANCELLED)
    holder = alert.acknowledged_by
    if alert.state == Alert.State.ACKNOWLEDGED and holder and person_mac(holder) in excluded:
        reopen(alert, now)
    elif alert.state == Alert.State.OPEN and gone and gone == asked:
        # They alone had been asked: nobody waits for an answer that can't come.
        advance(alert, now)


def _open_tasks(subject_id: UUID, now: datetime) -> None:
    """Let the calls that they took wait on the desk again, and ring; also where an alert ended."""
    for task in hold_tasks(Task.objects.filter(subject_id=subject_id, state=Task.State.TAKEN)):
        if task.taken_by and person_mac(task.taken_by) in exclusions_of(task.matter_id):
            lapse_task(task, now)
