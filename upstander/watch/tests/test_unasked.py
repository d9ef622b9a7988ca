"""Open alerts about which nobody is being asked: the watch says so, and of no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from conftest import Cast
from upstander.base.moment import database_now
from upstander.escalations.actions.alerts import acknowledge, end_alerts
from upstander.escalations.actions.by_hand import page_now
from upstander.escalations.models import Acknowledgement, Alert, News, Step
from upstander.escalations.policy import GAP, USUAL, situation_of
from upstander.escalations.tests.alerts import (
    Carrier,
    Clock,
    a_tip_s_alert,
    an_alert,
    carrier,
    clock,
    hear,
    work,
)
from upstander.escalations.unasked import UNTOLD
from upstander.intake.priority import Priority
from upstander.oncall.models import QuietHours
from upstander.watch.look import is_grave, look, sentences, troubles_in

__all__ = ["carrier", "clock"]

#: Three in the morning, New York.
NIGHT = datetime(2027, 3, 3, 8, 0, tzinfo=UTC)
UNASKED = "no one is being asked about a tip that no one has taken"
PRIORITIES = (Priority.LIFE_SAFETY, Priority.URGENT, Priority.ROUTINE)


def late() -> set[str]:
    """Return what one look finds waiting too long, with the worker's own rights."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE upstander_worker")
        found = {one for one in troubles_in(look()) if one[0] == "queue"}
        cursor.execute("RESET ROLE")
    assert all(is_grave(one) for one in found)
    return {about for _, about in found}


@pytest.fixture
def asked(cast: Cast, carrier: Carrier, clock: Clock) -> list[Alert]:
    """Alerts of each priority, with the center and with a school, about which people are asked."""
    clock.move((NIGHT + timedelta(hours=6) - database_now()).total_seconds())
    alerts = [a_tip_s_alert(cast, priority=one) for one in PRIORITIES]
    alerts += [an_alert(cast, "cedar", priority=one, raised=False) for one in PRIORITIES]
    work()
    clock.move(9)
    assert late() == set()
    return alerts


#: What one UPDATE by who writes the database may do to steps.
SILENCES: dict[str, Callable[[Any], object]] = {
    "cancelled": lambda steps: steps.update(state="cancelled"),
    "put off": lambda steps: steps.update(due_at=F("due_at") + timedelta(days=3653)),
    "put off and said to repeat then": lambda steps: steps.update(
        due_at=F("due_at") + timedelta(days=3653), repeat_seconds=2**31 - 1
    ),
    "of another cause": lambda steps: steps.update(cause="news"),
    "gone": lambda steps: steps.delete(),
}


@pytest.mark.parametrize("how", SILENCES)
def test_an_alert_is_silenced_by_one_update(asked: list[Alert], how: str) -> None:
    """What is less urgent than life safety; of that the outcome is asked for."""
    for alert in (one for one in asked if one.priority != "life_safety"):
        steps = Step.objects.filter(alert_id=alert.pk)
        before = list(steps)
        SILENCES[how](steps)
        assert late() == {"asking"}, (alert.stage, alert.priority)
        [words] = [one for one in sentences(troubles_in(look())) if UNASKED in one]
        assert words.startswith("Running late: ")
        steps.delete()
        Step.objects.bulk_create(before)
        assert late() == set()


@pytest.mark.parametrize("how", SILENCES)
def test_a_life_is_silenced_by_one_update(
    cast: Cast, carrier: Carrier, clock: Clock, how: str
) -> None:
    """Whatever its steps say of themselves, five minutes later no page of it has gone out."""
    alert = an_alert(cast, "cedar")
    work()
    assert late() == set()
    SILENCES[how](Step.objects.filter(alert_id=alert.pk))
    clock.move(GAP + 1)
    with connection.cursor() as cursor:
        cursor.execute(UNTOLD)
        assert cursor.fetchall() == [(alert.pk,)]


def test_a_step_that_is_long_past_is_late(asked: list[Alert], clock: Clock) -> None:
    """Nobody works it off, though it is due."""
    clock.move(86_400)
    assert late() == {"steps"}


def test_what_somebody_has_or_is_over_needs_nobody(cast: Cast, asked: list[Alert]) -> None:
    for alert in asked:
        if alert.stage == "school":
            acknowledge(cast.viewer("tara"), alert.pk, Acknowledgement.Answer.HAVE_IT)
        else:
            end_alerts(alert.subject_id)
    assert not Step.objects.filter(state="due").exists()
    assert late() == set()


@pytest.mark.parametrize("own_hours", [False, True])
def test_what_waits_for_a_district_s_morning(
    cast: Cast, carrier: Carrier, clock: Clock, own_hours: bool
) -> None:
    """It waits for its opening and is then asked about, day and night, for a day and a half."""
    if own_hours:
        QuietHours.objects.create(district=cast.maple, opens="09:30", closes="10:15")
    clock.move((NIGHT - database_now()).total_seconds())
    alerts = [an_alert(cast, "cedar", priority=one, raised=False) for one in PRIORITIES[1:]]
    clock.move(9)
    for _ in range(36 * 4):
        work()
        assert late() == set(), database_now()
        clock.move(15 * 60)
    work()
    opens = alerts[0].steps.filter(state="due").order_by("due_at")[0].due_at
    assert opens > database_now(), "it is night again"
    alerts[0].steps.update(due_at=F("due_at") + timedelta(hours=1, minutes=5))
    assert late() == {"asking"}, "it must not wait longer than that"


def test_what_need_not_wait_for_the_morning_any_more(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    """Asked again by hand, or suspected abuse by what its reporter answered."""
    clock.move((NIGHT - timedelta(hours=10) - database_now()).total_seconds())
    by_hand, abuse = (an_alert(cast, "cedar", priority=Priority.URGENT, raised=False) for _ in "ab")
    for _ in range(10 * 4):
        work()
        clock.move(15 * 60)
    assert late() == set()
    page_now(cast.viewer("alice"), by_hand.pk)
    Alert.objects.filter(pk=abuse.pk).update(mandated=True)
    News.objects.create(subject_id=abuse.subject_id, kind="assessed", at=database_now())
    hear()
    assert late() == set()
    asked_at = [
        one.steps.filter(state="due", cause="policy").earliest("due_at").due_at
        for one in (by_hand, abuse)
    ]
    assert asked_at == [database_now() + timedelta(minutes=5), database_now()]


@pytest.mark.parametrize("priority", PRIORITIES)
def test_each_usual_policy_is_gone_through(
    cast: Cast, carrier: Carrier, clock: Clock, priority: Priority
) -> None:
    """At no moment of two rounds is its alert taken for one about which nobody is asked."""
    clock.move((NIGHT + timedelta(hours=6) - database_now()).total_seconds())
    a_tip_s_alert(cast, priority=priority)
    an_alert(cast, "cedar", priority=priority)
    every = USUAL["school", situation_of(priority, happening_now=False)].every
    for turn in range(2 * 48):
        work()
        assert late() == set(), database_now()
        # In its first minute a counselor may claim it; from then on it is told of in time.
        assert not look().untold or turn * every < 60 * 48, database_now()
        clock.move(every / 48)
