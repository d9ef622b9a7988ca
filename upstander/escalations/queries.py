"""Reads of alerts: who was asked, who answered, when the next people are asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.moment import database_now
from upstander.escalations.models import Acknowledgement, Alert, Cause, Page, Step
from upstander.escalations.policy import BEGIN, USUAL, Situation, situation_of
from upstander.intake.priority import Priority

#: Who is asked next, in the few words that a row of the queue has room for.
_NEXT_WORDS: dict[str, str | Promise] = {
    "holders": _("the school's team"),
    "backups": _("the school's backups"),
    "team": _("the school's team"),
    "district": _("the district's office"),
    "center": _("the counselors on call"),
    "supervisor": _("the center's supervisor"),
    "call_task": _("for a call by the center"),
    "decide_911": _("the counselors at work, to read it"),
    "fallback": _("the center's fallback phone"),
}
#: Whoever of these was asked, the people who should have taken it let their time go by.
_BEYOND = {
    Alert.Stage.SCHOOL: ("district", "center", "supervisor", "fallback", "call_task"),
    Alert.Stage.CENTER: ("center", "supervisor", "fallback"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The latest attempt to reach one person on one channel, and what became of it (UTC)."""

    person_id: int
    channel: str
    state: str
    reason: str
    attempts: int
    step: int
    round: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """What one person answered, and when (UTC)."""

    person_id: int
    answer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertState:
    """Where a tip's alert stands. Times in UTC; ``now`` is the database's when it was read."""

    alert_id: UUID
    tip_id: UUID
    state: str
    priority: str
    holders: tuple[str, ...]
    opened_at: datetime
    now: datetime
    asked: tuple[Asked, ...]
    answers: tuple[Answered, ...]
    acknowledged_by: int | None
    acknowledged_at: datetime | None
    #: By when whoever has it must have written down a next step.
    next_step_due_at: datetime | None
    #: When the next people are asked, and who (``targets.py``); "" when nobody is.
    next_due_at: datetime | None
    next_target: str
    #: ``center`` or ``school``: whose people are asked.
    stage: str
    #: The steps beyond the people who should have taken it have begun.
    beyond: bool

    @property
    def open(self) -> bool:
        """Whether nobody has said "I have it" yet."""
        return self.state == Alert.State.OPEN

    @property
    def next_due_in(self) -> int | None:
        """Seconds until the next people are asked (negative: late); None when nothing is due."""
        return self._until(self.next_due_at)

    @property
    def next_step_due_in(self) -> int | None:
        """Seconds until the next step must stand there (negative: late); None when it does."""
        return self._until(self.next_step_due_at)

    @property
    def next_words(self) -> str:
        """Who is asked next, in words; empty when nobody is."""
        if self.next_target.startswith("person:"):
            return gettext("one more person")
        if self.next_target.startswith("external:"):
            return gettext("for a call by the center")
        return str(_NEXT_WORDS.get(self.next_target, ""))

    @property
    def late(self) -> bool:
        """Whether it is past its time: the school's own steps went by, or the next step did."""
        if self.open:
            return self.beyond
        due = self.next_step_due_in
        return due is not None and due < 0

    def answer_of(self, person_id: int) -> str:
        """Return somebody's latest answer, empty when they gave none."""
        return next((a.answer for a in reversed(self.answers) if a.person_id == person_id), "")

    def _until(self, due: datetime | None) -> int | None:
        return None if due is None else round((due - self.now).total_seconds())


def school_of(subject_id: UUID) -> int | None:
    """Return the school that a subject's alerts are about, the newest first; in ``viewing``."""
    alerts = Alert.objects.filter(subject_id=subject_id, school_id__isnull=False)
    return alerts.order_by("-opened_at", "pk").values_list("school_id", flat=True).first()


def alert_states(tip_ids: Iterable[UUID], now: datetime | None = None) -> Mapping[UUID, AlertState]:
    """Return each tip's current alert (else its last one), for those that the viewer may see.

    Call inside ``viewing``. Five queries however many tips there are; a tip without an alert is
    left out. ``now``: the database's time, where the caller has asked it already.
    """
    wanted = list(tip_ids)
    if not wanted:
        return {}
    ended = Case(
        When(state=Alert.State.ENDED, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    alerts = list(
        Alert.objects.filter(subject_id__in=wanted)
        .order_by("subject_id", ended, "-opened_at", "pk")
        .distinct("subject_id")
    )
    ids = [alert.pk for alert in alerts]
    pages: defaultdict[UUID, list[Page]] = defaultdict(list)
    # One row a person and channel: the last step of a policy repeats until somebody answers.
    for page in (
        Page.objects.filter(alert_id__in=ids)
        .exclude(state=Page.State.CANCELLED)
        .order_by("alert_id", "person_id", "channel", "-step_number", "-round")
        .distinct("alert_id", "person_id", "channel")
    ):
        pages[page.alert_id].append(page)
    answers: defaultdict[UUID, list[Acknowledgement]] = defaultdict(list)
    for answer in Acknowledgement.objects.filter(alert_id__in=ids).order_by("number"):
        answers[answer.alert_id].append(answer)
    steps: defaultdict[UUID, list[Step]] = defaultdict(list)
    for step in (
        Step.objects.filter(alert_id__in=ids, cause__in=(Cause.POLICY, Cause.BY_HAND, Cause.UNREAD))
        .exclude(state=Step.State.REPLACED)
        .order_by("due_at", "number")
    ):
        steps[step.alert_id].append(step)
    now = now or database_now()
    return {
        alert.subject_id: _state(alert, now, pages[alert.pk], answers[alert.pk], steps[alert.pk])
        for alert in alerts
    }


def _state(
    alert: Alert,
    now: datetime,
    pages: Iterable[Page],
    answers: Iterable[Acknowledgement],
    steps: Sequence[Step],
) -> AlertState:
    running = alert.state == Alert.State.OPEN
    due = next((step for step in steps if step.state == Step.State.DUE and running), None)
    next_due, next_target = (due.due_at, due.target) if due is not None else (None, "")
    if due is not None and due.target == BEGIN:
        # The worker writes the steps of the center's own policy soon; until then, the usual ones.
        next_due, next_target = _first_of(alert)
    beyond = any(
        step.target in _BEYOND[Alert.Stage(alert.stage)]
        and (step.round > 1 or step.state == Step.State.DONE)
        for step in steps
    )
    return AlertState(
        alert_id=alert.pk,
        tip_id=alert.subject_id,
        state=alert.state,
        priority=alert.priority,
        holders=tuple(alert.holders),
        opened_at=alert.opened_at,
        now=now,
        asked=tuple(
            sorted(
                (
                    Asked(
                        person_id=page.person_id,
                        channel=page.channel,
                        state=page.state,
                        reason=page.reason,
                        attempts=page.attempts,
                        step=page.step_number,
                        round=page.round,
                        at=page.sent_at or page.due_at,
                    )
                    for page in pages
                ),
                key=lambda asked: (asked.step, asked.person_id),
            )
        ),
        answers=tuple(Answered(a.person_id, a.answer, a.at) for a in answers),
        acknowledged_by=alert.acknowledged_by,
        acknowledged_at=alert.acknowledged_at,
        next_step_due_at=alert.next_step_due_at,
        next_due_at=next_due,
        next_target=next_target,
        stage=alert.stage,
        beyond=beyond,
    )


def _first_of(alert: Alert) -> tuple[datetime, str]:
    """Return when the usual policy first asks people about an alert, and whom."""
    situation = situation_of(Priority(alert.priority), happening_now=alert.at_once)
    situation = Situation.SOON if alert.unsaid else situation
    plan = USUAL[alert.stage, situation]
    step = next(step for step in plan.steps if step.target != "decide_911")
    return alert.opened_at + timedelta(seconds=step.after), step.target
