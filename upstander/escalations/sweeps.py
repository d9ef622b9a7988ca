"""What falls due: news becomes steps, steps become pages and tasks. Sending is ``sending.py``.

Each sweep takes a bounded piece, passes over alerts that somebody holds, and says how much it did.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from upstander.base.moment import database_now
from upstander.carriers.sweeps import hang_up, take_paged
from upstander.escalations.actions.alerts import reopen
from upstander.escalations.actions.asking import ask, tell_holder, tell_lapsed
from upstander.escalations.actions.reading import DECISION_STANDS, ask_to_decide, opened_by
from upstander.escalations.actions.steps import (
    advance,
    begin_at,
    first_people,
    lay_steps,
    let_reporter_wait,
    postpone,
    ring_until_read,
)
from upstander.escalations.actions.tasks import lapse_task, open_task
from upstander.escalations.models import Alert, Cause, News, Page, Step, Task
from upstander.escalations.outside_models import ExternalContact
from upstander.escalations.policy import (
    BEGIN,
    IDLE_SECONDS,
    NEXT_STEP_SECONDS,
    Situation,
    situation_of,
)
from upstander.escalations.sweeping import each_apart
from upstander.escalations.targets import people_for
from upstander.escalations.turns import Turns
from upstander.escalations.word import follow_word
from upstander.intake.priority import Priority

_BATCH = 50
#: Steps of one transaction: few, so that in a burst the first pages don't wait for the last.
_STEPS = 10
#: What failed is tried again after so long, behind what is due meanwhile.
_PUT_OFF = timedelta(seconds=30)
#: A reporter who writes on and on rings whoever has it once in so many seconds.
NEWS_PAUSE = 120

#: One lane alone works steps off.
_turns = Turns()
_TASKS = {"decide_911": Task.Kind.DECIDE_911, "call_task": Task.Kind.CALL_SCHOOL}


def sweep_steps() -> int:
    """Turn due steps into pages and tasks; returns how many steps were worked off."""
    with transaction.atomic():
        ids = _turns.due(_STEPS)
        if not ids:
            return 0
        # Steps and pages are both rows here, so one transaction does both: no lease is needed.
        now = database_now()

        def work_off(pk: int) -> None:
            # Read by itself: a step before it may have moved this one, or changed the alert.
            step = Step.objects.select_related("alert", "task").get(pk=pk)
            if step.state == Step.State.DUE and step.due_at <= now:
                _work_off(step, step.alert, now)

        return each_apart(
            ids, work_off, lambda pk: Step.objects.filter(pk=pk).update(due_at=now + _PUT_OFF)
        )


def seconds_to_next() -> float:
    """Return in how many seconds (at most 1) the next step falls due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM min(due_at) - api.clock_now()) FROM escalations_step"
            " WHERE state = 'due'"
        )
        row = cursor.fetchone()
    until = float(row[0]) if row and row[0] is not None else 1.0
    # One that is due and could not be worked off is locked: its turn comes with the next second.
    return min(1.0, until + 0.005) if until > 0 else 1.0


def _work_off(step: Step, alert: Alert, now: datetime) -> None:
    """Ask whom a due step asks, and say when it or its successor is due next."""
    if step.target == BEGIN and alert.state != Alert.State.ENDED:
        step.state = Step.State.DONE
        step.save(update_fields=["state"])
        _begin(alert, now)
        return
    if not wanted(step.cause, alert, task=step.task):
        step.state = Step.State.CANCELLED
        step.save(update_fields=["state"])
        return
    begins = begin_at(alert, now) if step.cause == Cause.POLICY else now
    if begins > now:
        postpone(alert, begins)
        return
    if step.target in _TASKS or step.target.startswith("external:"):
        _open(alert, step.target, now)
        reached = True
    else:
        asker = step.task.detail.get("asked_by") if step.task is not None else None
        reached = bool(ask(alert, step, people_for(alert, step.target, now, but=asker), now))
    round_was = step.round
    if step.repeat_seconds:
        # Its next turn that has not passed: after an hour away it comes once, not six times.
        rounds = int((now - step.due_at).total_seconds()) // step.repeat_seconds + 1
        step.due_at += timedelta(seconds=rounds * step.repeat_seconds)
        step.round = step.round + 1
    else:
        step.state = Step.State.DONE
    step.save(update_fields=["due_at", "round", "state"])
    if not reached and step.cause == Cause.POLICY:
        hurry(alert, round_was, now)


def _begin(alert: Alert, now: datetime) -> None:
    """Write a tip's steps by its center's policy; its clock began with the tip."""
    lay_steps(alert, alert.opened_at)
    ring_until_read(alert, now)
    if alert.at_once and alert.priority == Priority.LIFE_SAFETY:
        # Beside whoever may have claimed it already.
        _open(alert, "decide_911", now)


def wanted(cause: str, alert: Alert, *, task: Task | None = None) -> bool:
    """Tell whether asking somebody for this cause still makes sense."""
    if cause == Cause.TASK:
        return task is not None and task.state == Task.State.OPEN
    if alert.state == Alert.State.ENDED:
        return False
    if cause in (Cause.POLICY, Cause.BY_HAND):
        return alert.state == Alert.State.OPEN
    if cause == Cause.UNREAD:
        return alert.unsaid and (alert.state == Alert.State.OPEN or _unheard(alert))
    if cause == Cause.IDLE:
        return alert.state == Alert.State.ACKNOWLEDGED and alert.next_step_due_at is not None
    return True


def _unheard(alert: Alert) -> bool:
    """Tell whether whoever has it said so without opening the words, and hears them on no call."""
    by_answer = alert.acknowledgements.filter(person_id=alert.acknowledged_by).exists()
    said = alert.happening_now or by_answer
    return said and opened_by(alert.subject_id, alert.opened_at) is None


def hurry(alert: Alert, round_was: int, now: datetime) -> None:
    """Let the step after one that reached nobody begin now: silence is not waited out.

    Within one round only: where nobody at all can be reached, the policy is gone through again in
    its own time, and not as fast as a machine can.
    """
    following = (
        alert.steps.filter(cause=Cause.POLICY, state=Step.State.DUE)
        .order_by("due_at", "number")
        .first()
    )
    if following is not None and following.round <= round_was:
        advance(alert, now)


def _open(alert: Alert, target: str, now: datetime, *, since: datetime | None = None) -> None:
    """Open the task that a step asks for; ``since``: what was decided before then is asked anew."""
    if target == "decide_911":
        ask_to_decide(alert, now, since=since or now - DECISION_STANDS)
        return
    contact: int | None = None
    kind = _TASKS.get(target, Task.Kind.CALL_CONTACT)
    if target not in _TASKS:
        contact = int(target.removeprefix("external:"))
        if not ExternalContact.objects.filter(pk=contact, active=True).exists():
            # Whoever was to be phoned is gone: the school is phoned instead.
            contact, kind = None, Task.Kind.CALL_SCHOOL
    open_task(
        kind,
        subject_id=alert.subject_id,
        matter_id=alert.matter_id,
        district_id=alert.district_id,
        # A school was silent long enough: phones ring for it at once.
        due_at=now,
        now=now,
        alert=alert,
        contact_id=contact,
    )


def sweep_next_steps() -> int:
    """Ask again whoever has it and did nothing; then let the escalation go on. Returns how many.

    "I have it" and then silence is silence. A counselor who claimed a life-safety tip isn't asked
    twice: a child waits, so the others' phones ring at once.
    """
    with transaction.atomic():
        now = database_now()
        due = list(
            Alert.objects.select_for_update(skip_locked=True).filter(
                state=Alert.State.ACKNOWLEDGED, next_step_due_at__lte=now
            )[:_BATCH]
        )

        def after_silence(alert: Alert) -> None:
            priority = Priority(alert.priority)
            if alert.stage == Alert.Stage.CENTER:
                tell_lapsed(alert)
                reopen(alert, now, base=now - first_people(alert))
            elif alert.idle_asked:
                tell_lapsed(alert)
                reopen(alert, now)
            elif tell_holder(alert, Cause.IDLE, now):
                alert.idle_asked = True
                alert.next_step_due_at = now + timedelta(seconds=IDLE_SECONDS[priority])
                alert.save(update_fields=["idle_asked", "next_step_due_at"])

        return each_apart(
            due,
            after_silence,
            lambda alert: Alert.objects.filter(pk=alert.pk).update(next_step_due_at=now + _PUT_OFF),
        )


def sweep_news() -> int:
    """Turn what the reporter wrote, and all other news, into steps; returns how many."""
    with transaction.atomic():
        now = database_now()

        def follow(news: News) -> bool:
            running = Alert.objects.filter(subject_id=news.subject_id).exclude(
                state=Alert.State.ENDED
            )
            alerts = list(running.select_for_update(skip_locked=True))
            if len(alerts) < running.count() or not _take(news):
                return False
            follow_word(news, alerts, now)
            if (on_news := _ON_NEWS.get(news.kind)) is not None:
                for alert in alerts:
                    on_news(alert, news.at, now)
            return True

        # Oldest first; the table holds only what nobody has worked off yet.
        return each_apart(list(News.objects.order_by("pk")[:_BATCH]), follow, _to_the_end)


def _to_the_end(news: News) -> None:
    if _take(news):
        news.pk = None
        news.save(force_insert=True)


def _take(news: News) -> bool:
    """Remove a piece of news; False if somebody answered it, or another worker took it."""
    deleted, _ = News.objects.filter(pk=news.pk).delete()
    return deleted > 0


def _wrote(alert: Alert, at: datetime, now: datetime) -> None:
    let_reporter_wait(alert, at, now)
    if alert.at_once and alert.priority == Priority.LIFE_SAFETY and alert.state == Alert.State.OPEN:
        # Nobody has it, so "not now" was decided on other words than these. Where somebody has it,
        # phones ring for words without an answer: a question for each line of a conversation would
        # be pressed away unread.
        ask_to_decide(alert, now, since=now - timedelta(seconds=NEWS_PAUSE))
    told_lately = Page.objects.filter(
        alert_id=alert.pk, cause=Cause.NEWS, due_at__gt=now - timedelta(seconds=NEWS_PAUSE)
    ).exclude(state=Page.State.CANCELLED)
    # At the center the counselor who has it sits before the conversation.
    if alert.stage == Alert.Stage.SCHOOL and not told_lately.exists():
        tell_holder(alert, Cause.NEWS, now)


def _assessed(alert: Alert, at: datetime, now: datetime) -> None:
    """Follow a changed priority: from its beginning where it became more urgent."""
    priority = Priority(alert.priority)
    situation = situation_of(priority, happening_now=alert.at_once)
    began = alert.situation
    if began:
        ring_until_read(alert, now)
    if situation.value == began or not began:
        # Its first step still waits to be written: that will be of the right policy.
        if not began:
            alert.steps.filter(target=BEGIN, state=Step.State.DUE, due_at__gt=now).update(
                due_at=now
            )
        elif situation is Situation.NOW:
            _ask_anew(alert, now)
        elif alert.mandated and alert.stage == Alert.Stage.SCHOOL:
            # Now suspected abuse, it waits for no morning.
            advance(alert, now)
        return
    order = ["routine", "urgent", "soon", "now"]
    up = order.index(situation.value) > order.index(began)
    base = now if up and alert.stage == Alert.Stage.SCHOOL else alert.opened_at
    lay_steps(alert, begin_at(alert, base), not_before=now)
    taken = alert.state == Alert.State.ACKNOWLEDGED
    if up and taken and situation.life_safety and tell_holder(alert, Cause.NEWS, now):
        by = now + timedelta(seconds=NEXT_STEP_SECONDS[priority])
        alert.next_step_due_at = min(alert.next_step_due_at or by, by)
        alert.save(update_fields=["next_step_due_at"])
    if situation is Situation.NOW:
        _open(alert, "decide_911", now, since=at)


def _ask_anew(alert: Alert, now: datetime) -> None:
    """Ask about 911 again if something graver came since it was decided, and only then."""
    if alert.graver_at is not None:
        ask_to_decide(alert, now, since=alert.opened_at)


def _reopened(alert: Alert, _at: datetime, now: datetime) -> None:
    """Ask about 911 anew: what was decided before it was closed was decided of something else."""
    priority = Priority(alert.priority)
    if situation_of(priority, happening_now=alert.at_once) is Situation.NOW:
        _ask_anew(alert, now)


def _learned(alert: Alert, _at: datetime, now: datetime) -> None:
    """Page whoever at the school has it, and want a next step of them anew."""
    if alert.stage == Alert.Stage.SCHOOL and tell_holder(alert, Cause.NEWS, now):
        by = now + timedelta(seconds=NEXT_STEP_SECONDS[Priority(alert.priority)])
        alert.next_step_due_at = min(alert.next_step_due_at or by, by)
        alert.save(update_fields=["next_step_due_at"])


_ON_NEWS: dict[str, Callable[[Alert, datetime, datetime], None]] = {
    News.Kind.WROTE: _wrote,
    News.Kind.ASSESSED: _assessed,
    # It may have another priority than when its steps were written.
    News.Kind.RETURNED: _assessed,
    News.Kind.REOPENED: _reopened,
    News.Kind.LEARNED: _learned,
}


def make_way(people: Collection[int]) -> int:
    """End what rings at these people's phones for an alert, as a caller waits; returns how many.

    By a call that nobody heard nobody was asked: its page is due again, and rings once the phone is
    free. Call outside of any transaction.
    """
    with transaction.atomic():
        ended = take_paged(people)
        Page.objects.filter(
            delivery_id__in=[chain for chain, _, _ in ended], state=Page.State.SENT
        ).update(state=Page.State.DUE, due_at=database_now(), sent_at=None, delivery_id=None)
    hang_up(ended)
    return len(ended)


def sweep_tasks() -> int:
    """Open again the tasks that were taken and not finished in time; returns how many."""
    with transaction.atomic():
        now, done = database_now(), 0
        for task in Task.objects.filter(state=Task.State.TAKEN, due_at__lte=now)[:_BATCH]:
            if _lock_alert(task.alert_id):
                locked = (
                    Task.objects.select_for_update(skip_locked=True, of=("self",))
                    .filter(pk=task.pk, state=Task.State.TAKEN, due_at__lte=now)
                    .first()
                )
                if locked is not None:
                    lapse_task(locked, now)
                    done += 1
    return done


def _lock_alert(alert_id: UUID | None) -> bool:
    if alert_id is None:
        return True
    return Alert.objects.select_for_update(skip_locked=True).filter(pk=alert_id).first() is not None
