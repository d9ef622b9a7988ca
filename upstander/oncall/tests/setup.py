"""Plans and phones for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers.models import ContactMethod
from upstander.oncall.actions.plans import LayerDraft
from upstander.oncall.rota import LayerRule, Plan
from upstander.people.models import Person

NEW_YORK = ZoneInfo("America/New_York")


def a_phone(person: Person) -> None:
    """Give somebody a verified phone."""
    now = database_second()
    ContactMethod.objects.create(
        person=person,
        kind="sms",
        address="+15555550100",
        verified_at=now,
        created_at=now,
        address_mac=person.pk.to_bytes(32),
    )


def phones(cast: Cast, *names: str) -> None:
    for name in names:
        a_phone(cast.people[name])


def weekly(*people: int, starts_on: date | None = None, **more: object) -> LayerDraft:
    """A week each, from Monday 8:00, since the Monday before last."""
    today = database_second().astimezone(NEW_YORK).date()
    monday = today - timedelta(days=today.weekday() + 7)
    told: dict[str, object] = {
        "name": "Weekly rotation",
        "duty": "primary",
        "turn": "week",
        "every": 1,
        "hand_over": time(8),
        "starts_on": starts_on or monday,
        "people": people,
    }
    return LayerDraft(**(told | more))  # type: ignore[arg-type]


def a_rule(*members: int, **more: object) -> LayerRule:
    """A layer as the pure functions know it: weekly from Monday 5 January 2026, 8:00."""
    told: dict[str, object] = {
        "id": 1,
        "duty": "primary",
        "turn": "week",
        "every": 1,
        "hand_over": time(8),
        "starts_on": date(2026, 1, 5),
        "ends_on": None,
        "at_once": 1,
        "days": "every",
        "weekdays": tuple(range(7)),
        "hours": None,
        "members": members,
    }
    return LayerRule(**(told | more))  # type: ignore[arg-type]


def a_plan(*layers: LayerRule, zone: ZoneInfo = NEW_YORK, **more: object) -> Plan:
    """A plan of a team of 1, 2 and 3, led by 1."""
    told: dict[str, object] = {
        "team_id": 1,
        "name": "A team",
        "zone": zone,
        "members": (1, 2, 3),
        "leads": (1,),
        "schedule_id": 1,
        "layers": layers,
    }
    return Plan(**(told | more))  # type: ignore[arg-type]


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc]


@contextmanager
def as_worker() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
