"""Writing and moving an alert's steps. Call all of this with the alert locked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Max, Min, Q

from upstander.escalations.models import Alert, Cause, Page, Policy, Step
from upstander.escalations.policy import (
    UNANSWERED,
    UNJUDGED,
    USUAL,
    Plan,
    PolicyStep,
    Situation,
    first_due,
    situation_of,
    within_center,
)
from upstander.intake.priority import Priority
from upstander.oncall.hours import not_before
from upstander.places.models import District


def plan_of(policy: Policy) -> Plan:
    """Return a kept policy's plan."""
    steps = tuple(PolicyStep(int(step["after"]), str(step["target"])) for step in policy.steps)
    return Plan(steps, policy.every)


def plan_for(*, center_id: int, school_id: int | None, stage: str, situation: Situation) -> Plan:
    """Return the plan that holds: the school's own, else the center's, else the usual one."""
    kept = Policy.objects.filter(center_id=center_id, stage=stage, situation=situation.value)
    own = {row.school_id: row for row in kept.filter(Q(school_id=None) | Q(school_id=school_id))}
    policy = own.get(school_id) or own.get(None)
    return plan_of(policy) if policy is not None else USUAL[stage, situation]


def lay_steps(alert: Alert, base: datetime, *, not_before: datetime | None = None) -> None:
    """Write the steps of the policy that an alert must follow now, counted from ``base``.

    What was due before ``not_before`` comes with the next round; without it, what is late is due at
    once. Whatever policy the alert followed before is replaced, and kept.
    """
    situation = situation_of(Priority(alert.priority), happening_now=alert.at_once)
    plan = _plan_of(alert, situation)
    alert.steps.filter(cause=Cause.POLICY, state__in=(Step.State.DUE, Step.State.CANCELLED)).update(
        state=Step.State.REPLACED
    )
    Page.objects.filter(alert_id=alert.pk, cause=Cause.POLICY, state=Page.State.DUE).update(
        state=Page.State.CANCELLED
    )
    elapsed = (not_before - base).total_seconds() if not_before is not None else 0.0
    add_steps(
        alert,
        (
            Step(
                target=step.target,
                due_at=base + timedelta(seconds=first_due(step.after, plan.every, elapsed)),
                after_seconds=step.after,
                repeat_seconds=plan.every,
                # Somebody has it: the steps wait for the case that they don't.
                state=Step.State.DUE if alert.state == Alert.State.OPEN else Step.State.CANCELLED,
            )
            for step in plan.steps
        ),
    )
    if alert.situation != situation.value:
        alert.situation = situation.value
        alert.save(update_fields=["situation"])


def _plan_of(alert: Alert, situation: Situation) -> Plan:
    """Return the plan of an alert's center and school for a situation."""
    center = District.objects.values_list("center_id", flat=True).get(pk=alert.district_id)
    plan = plan_for(
        center_id=center, school_id=alert.school_id, stage=alert.stage, situation=situation
    )
    return within_center(plan) if alert.center_only else plan


def add_steps(alert: Alert, steps: Iterable[Step]) -> None:
    """Add steps to a locked alert, numbered after those that it has."""
    last = alert.steps.aggregate(last=Max("number"))["last"] or 0
    made = list(steps)
    for number, step in enumerate(made, start=last + 1):
        step.alert_id = alert.pk
        step.district_id = alert.district_id
        step.number = number
    Step.objects.bulk_create(made)


def begin_at(alert: Alert, at: datetime) -> datetime:
    """Return when an alert may first ask anybody: at once, or when the district's day begins."""
    if alert.stage == Alert.Stage.CENTER:
        return at
    return not_before(
        alert.district_id, alert.priority, at, mandated=alert.mandated, raised=alert.raised
    )


def advance(alert: Alert, by: datetime) -> bool:
    """Let the next of a policy's steps be due at ``by``, if later; those after keep their distance.

    Nobody waits longer than the policy says because somebody was quicker. False: none is due.
    """
    steps = alert.steps.filter(cause=Cause.POLICY, state=Step.State.DUE)
    soonest = steps.aggregate(soonest=Min("due_at"))["soonest"]
    if soonest is None:
        return False
    if soonest > by:
        steps.update(due_at=F("due_at") - (soonest - by))
    return True


def postpone(alert: Alert, until: datetime) -> None:
    """Let a policy's steps wait until the district's day begins, each in its turn."""
    steps = alert.steps.filter(cause=Cause.POLICY, state=Step.State.DUE)
    soonest = steps.aggregate(soonest=Min("due_at"))["soonest"]
    if soonest is not None and soonest < until:
        steps.update(due_at=F("due_at") + (until - soonest))


def resume_steps(alert: Alert, now: datetime, *, base: datetime | None = None) -> None:
    """Let a policy go on where it stood, its next step due now; with ``base``, counted from then.

    The steps after the next keep their distance, so that nobody is passed over.
    """
    waiting = list(
        alert.steps.filter(
            cause=Cause.POLICY, state__in=(Step.State.CANCELLED, Step.State.DUE)
        ).order_by("due_at", "number")
    )
    stood_at = waiting[0].due_at if waiting else now
    for step in waiting:
        due = (
            base + timedelta(seconds=step.after_seconds)
            if base is not None
            else now + (step.due_at - stood_at)
        )
        step.due_at, step.state = max(due, now), Step.State.DUE
        step.save(update_fields=["due_at", "state"])


def first_people(alert: Alert) -> timedelta:
    """Return how long after its beginning a policy first asks people."""
    after = alert.steps.filter(cause=Cause.POLICY, repeat_seconds__isnull=False).exclude(
        target="decide_911"
    )
    return timedelta(seconds=after.aggregate(first=Min("after_seconds"))["first"] or 0)


def ring_until_read(alert: Alert, now: datetime, *, since: datetime | None = None) -> None:
    """Write the steps that ring for words without a topic (``Alert.unsaid``).

    Said to be now, they are the center's for life safety: nobody knows yet that it is not. Once,
    beside the steps of its policy; they rest while whoever opened the words has them, whoever says
    "I have it", and end when somebody has judged them. ``since``: counted from then, not from the
    alert's beginning.
    """
    since = since or alert.opened_at
    if not alert.unsaid:
        return
    if rested := list(alert.steps.filter(cause=Cause.UNREAD)):
        for step in rested:
            if step.state == Step.State.CANCELLED:
                step.due_at = max(since + timedelta(seconds=step.after_seconds), now)
                step.state = Step.State.DUE
                step.save(update_fields=["due_at", "state"])
        return
    plan = _plan_of(alert, Situation.SOON) if alert.happening_now else UNJUDGED
    _add_beside(alert, plan, Cause.UNREAD, since, now)


def let_reporter_wait(alert: Alert, since: datetime, now: datetime) -> None:
    """Write the steps that ring phones because the reporter of a life-safety tip waits.

    Once: whoever waits already has theirs. ``since``: when they began to wait.
    """
    waits = alert.steps.filter(cause=Cause.UNANSWERED, state=Step.State.DUE).exists()
    if waits or Priority(alert.priority) is not Priority.LIFE_SAFETY:
        return
    _add_beside(alert, UNANSWERED, Cause.UNANSWERED, since, now)


def _add_beside(alert: Alert, plan: Plan, cause: Cause, since: datetime, now: datetime) -> None:
    """Write a plan's steps for a cause beside those of the policy, counted from ``since``."""
    add_steps(
        alert,
        (
            Step(
                target=step.target,
                due_at=max(since + timedelta(seconds=step.after), now),
                after_seconds=step.after,
                repeat_seconds=plan.every,
                cause=cause,
            )
            for step in plan.steps
        ),
    )
