"""One person's phone and mailbox, which note what comes, and check that it may."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from conftest import Cast
from upstander.audit.actions import record
from upstander.base.moment import database_now
from upstander.carriers import answers
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import ContactMethod, Delivery
from upstander.carriers.queries import RINGS
from upstander.carriers.sending import Outcome
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.held import AT_DESK, MOST
from upstander.escalations.line import BREATH
from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.escalations.sending import sweep_pages
from upstander.escalations.tests.alerts import LATER, Clock, an_alert, as_worker, give
from upstander.people.scope import Staff


@dataclass
class Phone:
    """One person's phone and mailbox, which note what comes, and check that it may."""

    cast: Cast
    clock: Clock
    person: int
    #: What was said, and when: (way, alert).
    said: list[tuple[datetime, str, UUID]] = field(default_factory=list)
    #: Whether the provider takes what comes next.
    takes: list[bool] = field(default_factory=list)
    answered_at: datetime | None = None
    #: When they last did something at the desk.
    acted_at: datetime | None = None

    def deliver(self, method: ContactMethod, outgoing: Outgoing, **_more: object) -> Outcome:
        """Stand in for ``carriers.sending.deliver``."""
        now = database_now()
        assert outgoing.for_id is not None
        if self.takes and not self.takes.pop():
            return LATER
        if method.kind == "voice":
            assert self.ringing() is None, "two calls ring"
        elif method.kind == "sms":
            last = self.last("sms")
            assert last is None or now - last[0] >= timedelta(seconds=BREATH), "texts in a burst"
        self.check_turn(now, method.kind, outgoing.for_id)
        self.check_alone(now, method.kind, outgoing.for_id)
        for alert_id in listed_in(outgoing) if method.kind == "email" else [outgoing.for_id]:
            self.said.append((now, method.kind, alert_id))
        row = Delivery.objects.create(
            id=(pk := uuid4()),
            chain=pk,
            for_id=outgoing.for_id,
            purpose="page",
            person_id=self.person,
            channel=method.kind,
            provider="north",
            state="accepted",
            code=outgoing.code,
            attempted_at=now,
            changed_at=now,
            sealed=b"words",
        )
        return Outcome("accepted", "", False, row.chain)

    def check_turn(self, now: datetime, way: str, alert_id: UUID) -> None:
        """A school that was named twice is named again once all that waited with it were."""
        kind = self.kind(alert_id)
        before = [one for one in self.said if one[1] == way and self.kind(one[2]) == kind]
        # Last in one round and first in the next is twice in a row.
        if len(before) < 2:
            return
        since = {
            self.kind(one[2]) for one in self.said if one[1] == way and one[0] >= before[-2][0]
        }
        for other in Page.objects.filter(state="due", channel=way, due_at__lte=before[-2][0]):
            assert self.kind(other.alert_id) in since, "one school twice, another not at all"

    def check_alone(self, now: datetime, way: str, alert_id: UUID) -> None:
        """Whoever is at work is told of what the queue shows once in a while, not of each."""
        alert = Alert.objects.get(pk=alert_id)
        page = Page.objects.filter(alert_id=alert_id, channel=way, state="due").earliest("due_at")
        if way == "email" or alert.stage != "center" or self.acted_at is None:
            return
        if page.cause != "policy":
            return
        if now - self.acted_at < timedelta(seconds=AT_DESK):
            before = [at for at, how, _ in self.said if how == way]
            quiet = not before or now - before[-1] >= timedelta(seconds=MOST)
            assert quiet, "a phone beside a hand at work"

    def acts(self) -> None:
        """Do something with a tip at the desk."""
        self.acted_at = database_now().replace(microsecond=0)
        record("tip claimed", actor=Staff(self.person), subject_kind="tip", subject_id=uuid4())

    def kind(self, alert_id: UUID) -> tuple[int, int]:
        page = Page.objects.filter(alert_id=alert_id)[0]
        return page.school_key, page.turn

    def last(self, way: str) -> tuple[datetime, str, UUID] | None:
        of_way = [one for one in self.said if one[1] == way]
        return of_way[-1] if of_way else None

    def ringing(self) -> Delivery | None:
        since = database_now() - timedelta(seconds=RINGS)
        return Delivery.objects.filter(
            channel="voice", attempted_at__gt=since, sealed__isnull=False
        ).first()

    def hang_up(self, how: str) -> None:
        """Let the call that rings end."""
        if (call := self.ringing()) is not None:
            Delivery.objects.filter(pk=call.pk).update(state=how, sealed=None)

    def answer(self, answer: str, way: str, via: str = "sms") -> None:
        """Answer what was said last by a way."""
        if (last := self.last(way)) is None:
            return
        alert = Alert.objects.select_for_update().get(pk=last[2])
        answer_alert(
            alert,
            self.person,
            Acknowledgement.Answer(answer),
            actor=Staff(self.person),
            via=via,
            now=database_now(),
        )

    def comes(self, school: str, way: str, *, crowded: bool, stage: str = "school") -> Alert:
        """Let an alert be about to be said to this person."""
        alert = an_alert(self.cast, school)
        Alert.objects.filter(pk=alert.pk).update(crowded=crowded, stage=stage)
        alert.steps.all().delete()
        Page.objects.create(
            alert_id=alert.pk,
            district_id=alert.district_id,
            step_number=1,
            person_id=self.person,
            channel=way,
            due_at=database_now(),
        )
        return alert


def listed_in(mail: Outgoing) -> list[UUID]:
    """Return which alerts a mail lists, by their links."""
    links = mail.long.split(f"{settings.DESK_URL}/a/")[1:]
    return [answers.read(link.split()[0]).for_id for link in links]


@pytest.fixture
def phone(cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """Give Alice's phone."""
    person = cast.people["alice"]
    give(person, "sms", "voice")
    made = Phone(cast, clock, person.pk)
    monkeypatch.setattr("upstander.escalations.sending.deliver", made.deliver)
    return made


def sweep() -> None:
    with as_worker():
        sweep_pages()
