"""Opening alerts and answering them. Called by the apps above, inside their own transactions.

Locks: the alert first, then its steps, then its pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Max, Q

from upstander.audit.actions import Actor, record
from upstander.carriers.sending import cancel_asks
from upstander.escalations.actions.judging import judged
from upstander.escalations.actions.steps import (
    advance,
    begin_at,
    lay_steps,
    let_reporter_wait,
    resume_steps,
    ring_until_read,
)
from upstander.escalations.models import Acknowledgement, Alert, Cause, News, Page, Step
from upstander.escalations.policy import (
    BEGIN,
    CLAIMED_SECONDS,
    held_for,
    situation_of,
)
from upstander.intake.priority import Priority
from upstander.people.keys import bound_name
from upstander.people.scope import Viewer, viewing
from upstander.plug import need_may_take


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
    now: datetime,
    school_id: int | None = None,
    happening_now: bool = False,
    mandated: bool = False,
    raised: bool = False,
    waits_since: datetime | None = None,
) -> Alert:
    """Write the alert of a hand-off and the steps of its policy; call inside a transaction.

    From here on the worker's sweep does the rest, whatever becomes of this process. ``raised``: it
    does not wait for the district's hours. ``waits_since``: the reporter waits for an answer.
    """
    earlier = Alert.objects.filter(subject_id=subject_id)
    asks_911 = earlier.filter(asks_911=True).exists()
    alert = Alert.objects.create(
        id=uuid4(),
        subject_id=subject_id,
        matter_id=matter_id,
        reference=reference,
        district_id=district_id,
        priority=priority.value,
        holders=[bound_name(holder, subject_id) for holder in holders],
        opened_at=now,
        stage=Alert.Stage.SCHOOL,
        school_id=school_id,
        happening_now=happening_now,
        # What the reporter answered goes along: it asks for the same, whoever has it.
        asks_911=asks_911,
        graver_at=earlier.aggregate(last=Max("graver_at"))["last"],
        mandated=mandated,
        raised=raised,
        situation=situation_of(priority, happening_now=happening_now or asks_911).value,
    )
    lay_steps(alert, begin_at(alert, now))
    if waits_since is not None:
        let_reporter_wait(alert, waits_since, now)
    return alert


def acknowledge(viewer: Viewer, alert_id: UUID, answer: Acknowledgement.Answer) -> Alert:
    """Answer an alert for oneself: one durable transaction.

    ``have_it`` stops the escalation; ``seen`` is shown and stops nothing; ``cannot`` asks the next
    people at once, also when it was oneself who had it. Raises NoSuchAlert for who was asked
    neither as a holder nor by a page, Refused for who may take nothing new now.
    """
    with viewing(viewer) as now:
        alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
        if alert is None or not (
            set(alert.holders) & set(viewer.names_in(alert.subject_id))
            or was_asked(alert, viewer.person_id)
        ):
            raise NoSuchAlert
        takes = alert.stage == Alert.Stage.CENTER and answer is Acknowledgement.Answer.HAVE_IT
        if takes and alert.acknowledged_by != viewer.person_id:
            need_may_take(viewer.person_id)
        answer_alert(alert, viewer.person_id, answer, actor=viewer, via="desk", now=now)
    return alert


def was_asked(alert: Alert, person_id: int) -> bool:
    """Tell whether somebody has been paged about an alert."""
    return Page.objects.filter(alert_id=alert.pk, person_id=person_id).exists()


def answer_alert(
    alert: Alert,
    person_id: int,
    answer: Acknowledgement.Answer,
    *,
    actor: Actor,
    via: str,
    now: datetime,
) -> None:
    """Write down what somebody answered to a locked alert, and do what follows from it."""
    Acknowledgement.objects.create(
        alert_id=alert.pk,
        district_id=alert.district_id,
        person_id=person_id,
        answer=answer,
        at=now,
        # The alert's lock makes this a number of its own.
        number=alert.acknowledgements.count() + 1,
        via=via,
    )
    if answer is Acknowledgement.Answer.HAVE_IT:
        if alert.state == Alert.State.OPEN:
            settle(alert, person_id, now)
        elif alert.acknowledged_by == person_id and alert.next_step_due_at is not None:
            # Asked again after silence, they say that they are at it: their time begins anew.
            settle(alert, person_id, now)
    elif answer is Acknowledgement.Answer.CANNOT:
        _pass_on(alert, person_id, now)
    record(
        f"alert answered: {answer.label}",
        actor=actor,
        subject_kind="tip",
        subject_id=alert.subject_id,
        district_id=alert.district_id,
        matter_id=alert.matter_id,
        detail={"via": via} if via != "desk" else {},
    )


def _pass_on(alert: Alert, person_id: int, now: datetime) -> None:
    """Ask the next people now: somebody cannot. Whoever had it has it no more.

    A task rings on until somebody takes it: that they can't take the alert ends no task.
    """
    pages = Page.objects.filter(alert_id=alert.pk, person_id=person_id, state=Page.State.DUE)
    pages.exclude(cause=Cause.TASK).update(state=Page.State.CANCELLED)
    if alert.state == Alert.State.OPEN:
        advance(alert, now)
    elif alert.state == Alert.State.ACKNOWLEDGED and alert.acknowledged_by == person_id:
        reopen(alert, now)


def step_aside(subject_id: UUID, person_id: int, now: datetime) -> None:
    """Let the next people be asked because somebody leaves a matter; call inside a transaction.

    Before the exclusion is written: afterwards whom it excludes sees the alert no more.
    """
    for alert in Alert.objects.select_for_update().filter(subject_id=subject_id):
        # Somebody who was never asked leaves nobody waiting.
        if was_asked(alert, person_id) or alert.acknowledged_by == person_id:
            _pass_on(alert, person_id, now)


def reopen(alert: Alert, now: datetime, *, base: datetime | None = None) -> None:
    """Let a locked alert's escalation go on where it stood: its next step is due now.

    ``base``: instead, all of its policy is counted from then.
    """
    alert.state = Alert.State.OPEN
    alert.acknowledged_by = None
    alert.acknowledged_at = None
    alert.next_step_due_at = None
    alert.idle_asked = False
    alert.save(update_fields=[*_TAKEN, "idle_asked"])
    _cancel_pages([alert.pk], Cause.IDLE, Cause.NEWS)
    resume_steps(alert, now, base=base)
    ring_until_read(alert, now, since=base)


_TAKEN = ["state", "acknowledged_by", "acknowledged_at", "next_step_due_at"]


def settle(alert: Alert, person_id: int, now: datetime) -> None:
    """Mark a locked alert as taken, and cancel its timers in the same transaction."""
    alert.state = Alert.State.ACKNOWLEDGED
    alert.acknowledged_by = person_id
    alert.acknowledged_at = now
    alert.next_step_due_at = now + held_for(Priority(alert.priority), alert.stage)
    alert.idle_asked = False
    alert.save(update_fields=[*_TAKEN, "idle_asked"])
    # What a tip begins with stays due: whoever has it must also read it and decide about 911.
    Step.objects.filter(
        alert_id=alert.pk, state=Step.State.DUE, cause__in=(Cause.POLICY, Cause.BY_HAND)
    ).exclude(target=BEGIN).update(state=Step.State.CANCELLED)
    _cancel_pages([alert.pk], Cause.POLICY, Cause.BY_HAND, Cause.IDLE)
    # Whoever takes it has it before them: what still waits to tell them so does not ring.
    _cancel_pages([alert.pk], Cause.NEWS, Cause.UNANSWERED, of=[person_id])
    # What rings for it is hung up, and a bare "1" means it no more.
    cancel_asks([alert.pk])


def settle_subject(
    subject_id: UUID, person_id: int, now: datetime, *, waits_since: datetime | None = None
) -> None:
    """Take every open alert of a subject, and the center's from whoever else had it.

    As a claim at the center does: who works on a tip has its alert, so that putting it back asks
    again. ``waits_since``: the reporter waits for an answer, and phones ring if none comes.
    """
    others = Q(state=Alert.State.ACKNOWLEDGED, stage=Alert.Stage.CENTER) & ~Q(
        acknowledged_by=person_id
    )
    for alert in Alert.objects.select_for_update().filter(
        Q(state=Alert.State.OPEN) | others, subject_id=subject_id
    ):
        settle(alert, person_id, now)
        if waits_since is not None:
            let_reporter_wait(alert, max(waits_since, now - timedelta(seconds=60)), now)


def hand_back(subject_id: UUID, person_id: int, now: datetime) -> None:
    """Give up what somebody at the center had: its policy's clock begins anew, from now.

    What another has goes on if a clock runs for them; if none does, it is asked for again too.
    """
    at_rest = Q(stage=Alert.Stage.CENTER, next_step_due_at=None)
    for alert in Alert.objects.select_for_update().filter(
        Q(acknowledged_by=person_id) | at_rest,
        subject_id=subject_id,
        state=Alert.State.ACKNOWLEDGED,
    ):
        reopen(alert, now, base=now)


def progress(subject_id: UUID) -> None:
    """Note that whoever has it did something: the clock for the next step is stilled."""
    alerts = Alert.objects.filter(subject_id=subject_id, next_step_due_at__isnull=False)
    ids = list(alerts.values_list("pk", flat=True))
    alerts.update(next_step_due_at=None, idle_asked=False)
    _cancel_pages(ids, Cause.IDLE)


def working(subject_id: UUID, person_id: int, now: datetime) -> None:
    """Note that somebody is at work on a subject: they have it, and no clock runs against them.

    But where its words bear no topic and nobody has judged them: that clock begins anew.
    """
    settle_subject(subject_id, person_id, now)
    progress(subject_id)
    unjudged = Alert.objects.filter(subject_id=subject_id, state=Alert.State.ACKNOWLEDGED)
    unjudged.filter(**_NO_TOPIC).update(next_step_due_at=now + timedelta(seconds=CLAIMED_SECONDS))


_NO_TOPIC = {"stage": Alert.Stage.CENTER, "no_topic": True, "priority": Priority.URGENT.value}


def set_aside(subject_id: UUID, person_id: int, now: datetime) -> None:
    """Note that somebody at the center judged that a subject is no report: it rings no more.

    Call inside a transaction. They have it, and no clock runs against them. What is with a school
    goes on: a counselor's judgement is no answer of the school's.
    """
    judged(subject_id)
    for alert in _at_center(subject_id):
        if alert.state == Alert.State.OPEN:
            settle(alert, person_id, now)
        alert.next_step_due_at = None
        alert.idle_asked = False
        alert.save(update_fields=["next_step_due_at", "idle_asked"])
        beside = (Cause.UNANSWERED, Cause.UNREAD)
        steps = Step.objects.filter(alert_id=alert.pk, cause__in=beside, state=Step.State.DUE)
        steps.update(state=Step.State.CANCELLED)
        _cancel_pages([alert.pk], Cause.IDLE, Cause.NEWS, *beside)


def take_back(subject_id: UUID, now: datetime, *, claimed_by: int | None) -> None:
    """Note that a person says of what was set aside: it is a report. Call inside a transaction.

    Whoever has claimed it has it again, and their clock runs from now; with nobody, its policy's
    clock begins anew, whoever it was that set it aside. From here on it waits behind no other.
    """
    for alert in _at_center(subject_id):
        if alert.crowded:
            alert.crowded = False
            alert.save(update_fields=["crowded"])
        if alert.state != Alert.State.ACKNOWLEDGED:
            continue
        if claimed_by is None:
            reopen(alert, now, base=now)
        else:
            settle(alert, claimed_by, now)


def _at_center(subject_id: UUID) -> list[Alert]:
    """Return the center's running alerts of a subject, locked."""
    running = Alert.objects.select_for_update().filter(
        subject_id=subject_id, stage=Alert.Stage.CENTER
    )
    return list(running.exclude(state=Alert.State.ENDED).order_by("pk"))


def reporter_answered(subject_id: UUID) -> None:
    """Note that the reporter has an answer: nobody's phone rings because they wait."""
    ids = list(Alert.objects.filter(subject_id=subject_id).values_list("pk", flat=True))
    News.objects.filter(subject_id=subject_id, kind=News.Kind.WROTE).delete()
    Step.objects.filter(alert_id__in=ids, cause=Cause.UNANSWERED, state=Step.State.DUE).update(
        state=Step.State.CANCELLED
    )
    _cancel_pages(ids, Cause.UNANSWERED, Cause.NEWS)


def resume(subject_id: UUID, person_id: int, now: datetime, *, stage: Alert.Stage) -> None:
    """Give a subject's last alert of a stage to whoever opened the subject again.

    Call in a transaction. So a reopened tip is never nobody's: its clock for the next step runs
    from now.
    """
    if (alert := _last(subject_id, stage)) is not None:
        settle(alert, person_id, now)


def ask_again(subject_id: UUID, now: datetime, *, stage: Alert.Stage) -> None:
    """Let a subject's last alert of a stage begin anew: its people are asked from now on.

    Call in a transaction. For a tip that somebody opens again whose work on it is others'.
    """
    if (alert := _last(subject_id, stage)) is not None:
        reopen(alert, now, base=now)


def _last(subject_id: UUID, stage: Alert.Stage) -> Alert | None:
    alerts = Alert.objects.select_for_update().filter(subject_id=subject_id, stage=stage)
    return alerts.order_by("-opened_at", "pk").first()


def tell_school(subject_id: UUID, now: datetime) -> None:
    """Let whoever at a school has a subject be told that there is something new on its page.

    The worker pages them within a second; where nobody has it, others are being asked already.
    """
    if (
        Alert.objects.filter(subject_id=subject_id, stage=Alert.Stage.SCHOOL)
        .exclude(state=Alert.State.ENDED)
        .exists()
    ):
        News.objects.bulk_create([News(subject_id=subject_id, kind=News.Kind.LEARNED, at=now)])


def end_alerts(subject_id: UUID, *, only: UUID | None = None) -> None:
    """End a subject's alerts, or one: it was closed, sent back or handed on. Its tasks stay."""
    ids = list(
        Alert.objects.filter(Q(pk=only) if only else Q(), subject_id=subject_id)
        .exclude(state=Alert.State.ENDED)
        .values_list("pk", flat=True)
    )
    Alert.objects.filter(pk__in=ids).update(
        state=Alert.State.ENDED, next_step_due_at=None, idle_asked=False
    )
    Step.objects.filter(alert_id__in=ids, state=Step.State.DUE).exclude(cause=Cause.TASK).update(
        state=Step.State.CANCELLED
    )
    Page.objects.filter(alert_id__in=ids, state=Page.State.DUE).exclude(cause=Cause.TASK).update(
        state=Page.State.CANCELLED
    )
    if ids:
        cancel_asks(ids)


def _cancel_pages(alert_ids: Sequence[UUID], *causes: Cause, of: Sequence[int] = ()) -> None:
    whose = Q(person_id__in=of) if of else Q()
    due = Page.objects.filter(whose, alert_id__in=alert_ids, state=Page.State.DUE)
    due.filter(cause__in=causes).update(state=Page.State.CANCELLED)
