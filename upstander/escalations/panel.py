"""How an alert stands, line by line: who was tried, how, with what result, and what comes next.

Promise: a life-safety tip is acknowledged by a named person or is being escalated at this moment,
and the desk shows which. Call these inside ``viewing``; names are the caller's to look up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from upstander.base.moment import database_now
from upstander.carriers.models import Delivery
from upstander.carriers.queries import deliveries_of
from upstander.escalations.models import Acknowledgement, Alert, Cause, Page, Step
from upstander.escalations.policy import BEGIN
from upstander.escalations.words import CAUSE_WORDS, CHANNEL_WORDS, VIA_WORDS, next_words

#: Attempts that the panel shows; the record holds them all.
LIMIT = 120

_ICONS = {"sms": "message", "voice": "phone", "email": "send", "push": "bell"}
#: What a provider said of an attempt: words, and how it looks (ui's TONES).
_RESULTS: dict[str, tuple[str, str]] = {
    Delivery.State.TRYING: ("is being sent", "working"),
    Delivery.State.DELIVERED: ("arrived", "working"),
    Delivery.State.ANSWERED: ("picked up", "working"),
    Delivery.State.BUSY: ("busy", "late"),
    Delivery.State.NO_ANSWER: ("no answer", "late"),
    Delivery.State.MACHINE: ("answering machine", "late"),
    Delivery.State.UNKNOWN: ("nothing was heard of it", "late"),
    Delivery.State.CANCELLED: ("called off", "closed"),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt to reach one person on one way."""

    at: datetime
    name: str
    way: str
    icon: str
    result: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answered."""

    at: datetime
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens next, and when."""

    due: datetime
    words: str


@dataclass(frozen=True, slots=True)
class AlertPanel:
    """Everything that the panel of one alert shows. Times in UTC."""

    alert_id: UUID
    open: bool
    ended: bool
    #: Whose name stands behind "I have it"; empty when nobody has it.
    taken_by: str
    taken_at: datetime | None
    next_step_due_at: datetime | None
    idle_asked: bool
    tried: Sequence[Tried]
    said: Sequence[Said]
    coming: Sequence[Coming]
    #: The viewer was paged and can answer here.
    asked_me: bool
    at_school: bool
    now: datetime

    @property
    def begun(self) -> bool:
        """Whether anybody was tried."""
        return bool(self.tried)


def people_of(alert_id: UUID) -> set[int]:
    """Return everybody whose name the panel of an alert shows."""
    asked = Page.objects.filter(alert_id=alert_id).values_list("person_id", flat=True)
    said = Acknowledgement.objects.filter(alert_id=alert_id).values_list("person_id", flat=True)
    taken = Alert.objects.filter(pk=alert_id).values_list("acknowledged_by", flat=True)
    return {person for person in (*asked.distinct(), *said, *taken) if person is not None}


def alert_panel(alert_id: UUID, names: Mapping[int, str], *, me: int) -> AlertPanel | None:
    """Return an alert's panel; None where the viewer may not see it. Six queries."""
    alert = Alert.objects.filter(pk=alert_id).first()
    if alert is None:
        return None
    now = database_now()
    pages = list(Page.objects.filter(alert_id=alert.pk).order_by("-due_at", "place")[:LIMIT])
    latest: dict[UUID, Delivery] = {}
    for delivery in deliveries_of([alert.pk]).get(alert.pk, []):
        latest[delivery.chain] = delivery
    answers = alert.acknowledgements.order_by("number")
    steps = list(alert.steps.filter(state=Step.State.DUE).order_by("due_at", "number"))
    name, ended = _Names(names), alert.state == Alert.State.ENDED
    return AlertPanel(
        alert_id=alert.pk,
        open=alert.state == Alert.State.OPEN,
        ended=ended,
        # Once it has ended nobody has it, whoever was the last to.
        taken_by=name(alert.acknowledged_by) if alert.acknowledged_by and not ended else "",
        taken_at=None if ended else alert.acknowledged_at,
        next_step_due_at=None if ended else alert.next_step_due_at,
        idle_asked=alert.idle_asked,
        tried=[
            _tried(page, latest.get(page.delivery_id) if page.delivery_id else None, name, now)
            for page in pages
            if page.state != Page.State.CANCELLED and page.due_at <= now
        ],
        said=[
            Said(
                answer.at,
                name(answer.person_id),
                f"“{Acknowledgement.Answer(answer.answer).label}”{VIA_WORDS.get(answer.via, '')}",
            )
            for answer in reversed(answers)
        ],
        coming=_coming(alert, steps, pages, now),
        asked_me=any(page.person_id == me for page in pages),
        at_school=alert.stage == Alert.Stage.SCHOOL,
        now=now,
    )


class _Names:
    """Names of colleagues; who is out of view is somebody."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self.names = names

    def __call__(self, person: int | None) -> str:
        return self.names.get(person or 0, "Somebody")


def _tried(page: Page, delivery: Delivery | None, name: _Names, now: datetime) -> Tried:
    if page.state == Page.State.FAILED:
        result, tone = page.reason or "failed", "late"
    elif page.state == Page.State.DUE:
        held = page.lease_until is not None and page.lease_until > now
        again = page.reason and f"failed ({page.reason}), is tried again"
        result, tone = "is being sent" if held else again or "is sent now", "waiting"
    elif delivery is not None and delivery.state == Delivery.State.ACCEPTED:
        result, tone = "rings" if page.channel == "voice" else "sent", "working"
    elif delivery is not None and delivery.state in _RESULTS:
        result, tone = _RESULTS[delivery.state]
    elif delivery is not None:
        result, tone = delivery.reason or "failed", "late"
    else:
        result, tone = "sent", "working"
    return Tried(
        at=page.sent_at or page.due_at,
        name=name(page.person_id),
        way=CHANNEL_WORDS.get(page.channel, page.channel),
        icon=_ICONS.get(page.channel, "send"),
        result=result,
        tone=tone,
        why=CAUSE_WORDS.get(page.cause, ""),
    )


def _coming(
    alert: Alert, steps: Sequence[Step], pages: Sequence[Page], now: datetime
) -> list[Coming]:
    """Return what is still to come, soonest first: ways of people asked already, then steps."""
    found: dict[tuple[datetime, str], int] = {}
    for page in pages:
        if page.state == Page.State.DUE and page.due_at > now:
            key = (page.due_at, CHANNEL_WORDS.get(page.channel, page.channel))
            found[key] = found.get(key, 0) + 1
    coming = [
        Coming(due, f"{way.capitalize()} to {count} {'person' if count == 1 else 'people'}")
        for (due, way), count in found.items()
    ]
    rounds = min((step.round for step in steps if step.cause == Cause.POLICY), default=1)
    for step in steps:
        if step.target == BEGIN or step.cause == Cause.TASK:
            continue
        words = next_words(step.target, step.cause)
        if step.cause == Cause.POLICY and step.round > rounds:
            words += " again"
        coming.append(Coming(step.due_at, words))
    return sorted(coming, key=lambda one: one.due)
