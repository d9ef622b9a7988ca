"""Alerts for tests, raised as a hand-off raises them, a clock that can be set, and a carrier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.models import F

from conftest import Cast
from upstander.base.moment import database_now
from upstander.carriers.addresses import address_mac
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import ContactMethod
from upstander.carriers.sending import Outcome
from upstander.escalations.actions.alerts import open_alert
from upstander.escalations.line_models import Line
from upstander.escalations.models import Alert, Page, Step
from upstander.escalations.replies import sweep_answers, sweep_outcomes
from upstander.escalations.sending import sweep_pages
from upstander.escalations.sweeps import sweep_news, sweep_next_steps, sweep_steps, sweep_tasks
from upstander.escalations.time_jumps import sweep_clock
from upstander.intake.priority import Priority
from upstander.matters.models import Exclusion, Matter
from upstander.people.keys import person_mac
from upstander.people.models import Person


def an_alert(
    cast: Cast,
    team: str,
    *,
    priority: Priority = Priority.LIFE_SAFETY,
    subject_id: UUID | None = None,
    holders: list[str] | None = None,
    happening_now: bool = False,
    raised: bool = True,
    mandated: bool = False,
    waits_since: datetime | None = None,
) -> Alert:
    """Open an alert of a Maple Valley matter that is handed to ``team``.

    ``raised``: tests run at any hour; what waits for the morning says so.
    """
    matter = Matter.objects.create(district_id=cast.maple.pk)
    return open_alert(
        subject_id=subject_id or uuid4(),
        matter_id=matter.pk,
        reference="K7Q-2MX",
        district_id=cast.maple.pk,
        priority=priority,
        holders=holders or [cast.teams[team].holder],
        now=database_now(),
        school_id=cast.teams[team].school_id,
        happening_now=happening_now,
        raised=raised,
        mandated=mandated,
        waits_since=waits_since,
    )


def a_tip_s_alert(
    cast: Cast, *, priority: Priority = Priority.LIFE_SAFETY, happening_now: bool = False
) -> Alert:
    """Open the alert that filing a tip opens: the center's own, whose policy is yet to be read."""
    matter = Matter.objects.create(district_id=cast.maple.pk)
    alert = Alert.objects.create(
        subject_id=uuid4(),
        matter_id=matter.pk,
        reference="K7Q-2MX",
        district_id=cast.maple.pk,
        priority=priority.value,
        holders=[cast.teams["lakeside"].holder],
        opened_at=database_now(),
        school_id=cast.cedar.pk,
        happening_now=happening_now,
    )
    Step.objects.create(
        alert_id=alert.pk,
        district_id=alert.district_id,
        number=1,
        target="begin",
        due_at=alert.opened_at,
    )
    return alert


@contextmanager
def as_worker() -> Iterator[None]:
    """Act with the rights of the worker's role."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def hear() -> None:
    """Let the worker work off what it was told, and nothing else."""
    with as_worker():
        while sweep_news():
            pass


def work(times: int = 1) -> None:
    """One second of the worker's life, or several, in which everything gets its turn."""
    with as_worker():
        for _ in range(times):
            sweep_clock()
            sweep_answers()
            sweep_news()
            sweep_outcomes()
            while sweep_steps():
                pass
            sweep_pages()
            sweep_next_steps()
            sweep_tasks()


def pass_time(alert: Alert, seconds: float) -> None:
    """Let time pass for one alert: everything that is due comes nearer by so much."""
    by = timedelta(seconds=seconds)
    Step.objects.filter(alert_id=alert.pk).update(due_at=F("due_at") - by)
    Page.objects.filter(alert_id=alert.pk).update(due_at=F("due_at") - by)
    Alert.objects.filter(pk=alert.pk).update(
        next_step_due_at=F("next_step_due_at") - by, opened_at=F("opened_at") - by
    )
    alert.tasks.update(due_at=F("due_at") - by)
    Line.objects.update(told_at=F("told_at") - by, round_at=F("round_at") - by)


def asked(cast: Cast, alert: Alert, state: str = Page.State.SENT, **more: object) -> set[str]:
    """Return the names of those whose page has this state."""
    by_id = {person.pk: name for name, person in cast.people.items()}
    pages = Page.objects.filter(alert_id=alert.pk, state=state, **more)
    return {by_id[page.person_id] for page in pages}


def exclude(alert: Alert, person: Person) -> None:
    """Keep somebody out of an alert's matter."""
    made = Exclusion(
        matter_id=alert.matter_id,
        district_id=alert.district_id,
        person_mac=person_mac(person.pk),
    )
    Exclusion.objects.bulk_create([made], ignore_conflicts=True)


def give(person: Person, *kinds: str) -> None:
    """Give somebody verified ways to be reached."""
    now = database_now()
    for kind in kinds:
        address = f"+1860555{person.pk % 10000:04d}" if kind != "push" else f"push {person.pk}"
        ContactMethod.objects.create(
            person=person,
            kind=kind,
            address=address,
            address_mac=address_mac(kind, address),
            digit="4",
            verified_at=now,
            created_at=now,
        )


class Carrier:
    """Takes every message, unless told otherwise: ``says`` answers with an outcome of its own."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.outgoing: list[Outgoing] = []
        self.says: Callable[[ContactMethod], Outcome | None] = lambda _method: None

    def deliver(self, method: ContactMethod, outgoing: Outgoing, **_more: object) -> Outcome:
        """Stand in for ``carriers.sending.deliver``."""
        outcome = self.says(method) or Outcome("accepted", "", False, uuid4())
        if outcome.state == "accepted":
            self.sent.append((method.person_id, method.kind))
            self.outgoing.append(outgoing)
        return outcome


@contextmanager
def taken_back() -> Iterator[None]:
    """Do something that is as if it had not been, as a test's own transaction does."""
    block = transaction.atomic()
    # So that the durable transactions of actions may open inside of it.
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


REFUSED = Outcome("failed", "the number is not in service", True, None)
LATER = Outcome("failed", "the provider is away", False, None)


class Clock:
    """The database's clock, moved by the test: a transaction's own time stands still."""

    def __init__(self) -> None:
        self.ahead = 0.0
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
                " AS $$ SELECT now() + make_interval(secs => coalesce(nullif("
                "current_setting('upstander.ahead', true), '')::float8, 0)) $$"
            )
        self.move(0)

    def move(self, seconds: float) -> datetime:
        """Let time pass, or go back; return what it is then."""
        self.ahead += seconds
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('upstander.ahead', %s, false)", [str(self.ahead)])
        return database_now()


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """Catch what is sent."""
    made = Carrier()
    monkeypatch.setattr("upstander.escalations.sending.deliver", made.deliver)
    return made


@pytest.fixture
def clock(db: None) -> Clock:
    """Give a clock that can be set; the test's transaction takes it back."""
    return Clock()
