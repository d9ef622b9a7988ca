"""How an alert stands, line by line: who was tried, how, with what result, and what comes next.

Promise: a life-safety tip is acknowledged by a named person or is being escalated at this moment,
and the desk shows which. Call these inside ``viewing``; names are the caller's to look up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from upstander.base.moment import database_now
from upstander.carriers.models import Delivery
from upstander.carriers.queries import deliveries_of
from upstander.escalations.held import pages_held
from upstander.escalations.models import Acknowledgement, Alert, Cause, Page, Step
from upstander.escalations.policy import BEGIN
from upstander.escalations.words import (
    ANSWER_WORDS,
    CAUSE_WORDS,
    CHANNEL_WORDS,
    VIA_WORDS,
    next_words,
)
from upstander.ui import times

#: Attempts that the panel shows; the record holds them all.
LIMIT = 120

_ICONS = {"sms": "message", "voice": "phone", "email": "send", "push": "bell"}
#: What a provider said of an attempt: words, and how it looks (ui's TONES).
_RESULTS: dict[str, tuple[str | Promise, str]] = {
    Delivery.State.TRYING: (_("sending"), "working"),
    Delivery.State.DELIVERED: (_("arrived"), "working"),
    Delivery.State.ANSWERED: (_("picked up"), "working"),
    Delivery.State.BUSY: (_("busy"), "late"),
    Delivery.State.NO_ANSWER: (_("no answer"), "late"),
    Delivery.State.MACHINE: (_("answering machine"), "late"),
    Delivery.State.UNKNOWN: (_("no delivery report"), "late"),
    Delivery.State.CANCELLED: (_("canceled"), "closed"),
}
#: The same where it is kept with a page (``replies.py``), in English.
_REASONS: dict[str, str | Promise] = {
    "busy": _("busy"),
    "no answer": _("no answer"),
    "answering machine": _("answering machine"),
    "no delivery report": _("no delivery report"),
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
    """Return an alert's panel; None where the viewer may not see it. Seven queries."""
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
    held = pages_held(alert.pk)
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
            _tried(
                page,
                latest.get(page.delivery_id) if page.delivery_id else None,
                name,
                now,
                held.get(page.pk),
            )
            for page in pages
            if page.state != Page.State.CANCELLED and page.due_at <= now
        ],
        said=[
            Said(
                answer.at,
                name(answer.person_id),
                f"“{ANSWER_WORDS[answer.answer]}”{VIA_WORDS.get(answer.via, '')}",
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
        return self.names.get(person or 0, gettext("Someone"))


def _reason(kept: str) -> str:
    """Say why nobody was reached: what a provider said of it stands as they said it."""
    return str(_REASONS.get(kept, kept))


def _tried(
    page: Page, delivery: Delivery | None, name: _Names, now: datetime, waits_until: datetime | None
) -> Tried:
    if page.state == Page.State.FAILED:
        result, tone = _reason(page.reason) or gettext("failed"), "late"
    elif page.state == Page.State.DUE:
        leased = page.lease_until is not None and page.lease_until > now
        again = page.reason and gettext("failed (%(reason)s), will be retried") % {
            "reason": _reason(page.reason)
        }
        waits = gettext("waits for its turn")
        if waits_until is not None:
            waits = gettext(
                "waits until %(time)s: they are at the desk, or have just heard what waits"
            ) % {"time": times.clock(timezone.localtime(waits_until))}
        result, tone = gettext("sending") if leased else again or waits, "waiting"
    elif delivery is not None and delivery.state == Delivery.State.ACCEPTED:
        result = gettext("ringing") if page.channel == "voice" else gettext("sent")
        tone = "working"
    elif delivery is not None and delivery.state in _RESULTS:
        words, tone = _RESULTS[delivery.state]
        result = str(words)
    elif delivery is not None:
        result, tone = _reason(delivery.reason) or gettext("failed"), "late"
    else:
        result, tone = gettext("sent"), "working"
    return Tried(
        at=page.sent_at or page.due_at,
        name=name(page.person_id),
        way=str(CHANNEL_WORDS.get(page.channel, page.channel)),
        icon=_ICONS.get(page.channel, "send"),
        result=result,
        tone=tone,
        why=str(CAUSE_WORDS.get(page.cause, "")),
    )


def _coming(
    alert: Alert, steps: Sequence[Step], pages: Sequence[Page], now: datetime
) -> list[Coming]:
    """Return what is still to come, soonest first: ways of people asked already, then steps."""
    found: dict[tuple[datetime, str], int] = {}
    for page in pages:
        if page.state == Page.State.DUE and page.due_at > now:
            key = (page.due_at, str(CHANNEL_WORDS.get(page.channel, page.channel)))
            found[key] = found.get(key, 0) + 1
    coming = [
        Coming(
            due,
            ngettext("%(way)s to %(number)d person", "%(way)s to %(number)d people", count)
            % {"way": way.capitalize(), "number": count},
        )
        for (due, way), count in found.items()
    ]
    rounds = min((step.round for step in steps if step.cause == Cause.POLICY), default=1)
    for step in steps:
        if step.target == BEGIN or step.cause == Cause.TASK:
            continue
        words = next_words(step.target, step.cause)
        if step.cause == Cause.POLICY and step.round > rounds:
            words = gettext("%(words)s again") % {"words": words}
        coming.append(Coming(step.due_at, words))
    return sorted(coming, key=lambda one: one.due)
