"""What the worker does upon word that SQL left (``escalations_tell``, ``escalations_left``).

The word was written together with what it tells of. Where something must not look otherwise until
the worker comes, SQL has done that much: an alert that nobody has any more is open at once. All
else (steps, pages, tasks) is done here, with the subject's running alerts locked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from upstander.escalations.actions.alerts import reopen
from upstander.escalations.actions.excluding import pass_excluded_by
from upstander.escalations.actions.steps import advance
from upstander.escalations.actions.tasks import (
    drop_tasks,
    end_task,
    hold_tasks,
    lapse_task,
)
from upstander.escalations.actions.undone import bring_back_tasks
from upstander.escalations.models import Alert, News, Page, Task
from upstander.people.models import Membership
from upstander.places.models import District


def follow_word(news: News, alerts: Iterable[Alert], now: datetime) -> None:
    """Do what follows from a piece of news, for a subject's locked alerts and its tasks.

    Call inside a transaction. Raises OperationalError where somebody else holds one of its tasks:
    the news then waits for the next second.
    """
    if (follow := _FOLLOW.get(news.kind)) is not None:
        follow(news, list(alerts), now)


def _excluded(news: News, alerts: list[Alert], now: datetime) -> None:
    pass_excluded_by(news.subject_id, alerts, now)


def _returned(news: News, alerts: list[Alert], now: datetime) -> None:
    """Count all of the policy from when it came back, unless somebody has it again already.

    Steps of a policy that the alert follows no more stay history: a tip that two had lowered would
    otherwise ring by its old, life-safety steps when a school sends it back.
    """
    for alert in _nobody_s(news, alerts):
        reopen(alert, now, base=news.at)


def _woken(news: News, alerts: list[Alert], now: datetime) -> None:
    """Ask about what somebody set aside; not about what somebody took since."""
    for alert in alerts:
        if alert.state == Alert.State.ACKNOWLEDGED and (
            alert.acknowledged_at is None or alert.acknowledged_at <= news.at
        ):
            alert.next_step_due_at = now
            alert.save(update_fields=["next_step_due_at"])


def _let_go(news: News, alerts: list[Alert], now: datetime) -> None:
    """Let it go on where it stood: whoever had it left."""
    for alert in _nobody_s(news, alerts):
        reopen(alert, now)
    _lapse(news, now)


def _left(news: News, alerts: list[Alert], now: datetime) -> None:
    """Ask the next people where whoever left had been asked alone: no answer can come."""
    if (person := news.person_id) is None:
        return
    for alert in _nobody_s(news, alerts):
        others = Page.objects.filter(
            alert_id=alert.pk, state__in=(Page.State.DUE, Page.State.SENT)
        ).exclude(person_id=person)
        if not others.exists():
            advance(alert, now)
    _lapse(news, now)


def _nobody_s(news: News, alerts: list[Alert]) -> list[Alert]:
    """Return the alert that the news is about, if nobody has said since that they have it."""
    return [a for a in alerts if a.pk == news.alert_id and a.state == Alert.State.OPEN]


def _lapse(news: News, now: datetime) -> None:
    """Let the calls that whoever left had taken wait on the desk again, and ring."""
    if (person := news.person_id) is None:
        return
    taken = Task.objects.filter(subject_id=news.subject_id, state=Task.State.TAKEN, taken_by=person)
    for task in hold_tasks(taken):
        center = District.objects.values_list("center_id", flat=True).get(pk=task.district_id)
        if not Membership.objects.filter(
            person_id=person, person__is_active=True, team__center_id=center
        ).exists():
            lapse_task(task, now, left=person)


def _closed(news: News, _alerts: list[Alert], _now: datetime) -> None:
    drop_tasks(news.subject_id)


def _reopened(news: News, _alerts: list[Alert], now: datetime) -> None:
    bring_back_tasks(news.subject_id, now)


def _briefed(news: News, _alerts: list[Alert], _now: datetime) -> None:
    phoning = Task.objects.filter(
        subject_id=news.subject_id,
        kind=Task.Kind.CONFIRM_BRIEF,
        # Also where it is closed: opened again, it must not ask for what is done.
        state__in=(Task.State.OPEN, Task.State.TAKEN, Task.State.DROPPED),
    )
    for task in hold_tasks(phoning):
        end_task(task, news.person_id, news.at, outcome="reached")


_FOLLOW: dict[str, Callable[[News, list[Alert], datetime], None]] = {
    News.Kind.EXCLUDED: _excluded,
    News.Kind.RETURNED: _returned,
    News.Kind.WOKEN: _woken,
    News.Kind.LET_GO: _let_go,
    News.Kind.LEFT: _left,
    News.Kind.CLOSED: _closed,
    News.Kind.BRIEFED: _briefed,
    News.Kind.REOPENED: _reopened,
}
