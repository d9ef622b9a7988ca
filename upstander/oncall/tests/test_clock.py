"""A lead hears of a gap a week, a day and an hour ahead, once each; of a new one at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from conftest import Cast
from upstander.base.moment import database_second
from upstander.carriers.models import Notice
from upstander.oncall import sweeps as clock
from upstander.oncall.actions.plans import add_override, remove_override, save_layer
from upstander.oncall.models import GapNotice, Schedule
from upstander.oncall.tests.setup import as_worker, phones, weekly
from upstander.people.models import Membership


@pytest.fixture
def cedar(cast: Cast) -> int:
    phones(cast, "tara", "tom")
    team = cast.teams["cedar"].pk
    save_layer(cast.viewer("tara"), team, weekly(cast.people["tom"].pk))
    return team


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], int]:
    """Look for gaps as if it were then; returns how many were told of."""

    def look(moment: datetime) -> int:
        monkeypatch.setattr(clock, "database_second", lambda: moment)
        Schedule.objects.filter(check_at__lte=moment).update(check_at=database_second())
        with as_worker():
            return clock.sweep_gaps()

    return look


def a_gap(cast: Cast, team: int, start: datetime, hours: int = 8) -> int:
    return add_override(
        cast.viewer("tara"),
        team,
        duty="primary",
        on=None,
        off=cast.people["tom"].pk,
        start=start,
        end=start + timedelta(hours=hours),
    )


def told(cast: Cast, name: str = "tara") -> int:
    return Notice.objects.filter(person_id=cast.people[name].pk, kind="gap").count()


def test_a_week_a_day_and_an_hour_ahead_and_when_it_begins(
    cast: Cast, cedar: int, at: Callable[[datetime], int]
) -> None:
    now = database_second()
    start = now + timedelta(days=10)
    a_gap(cast, cedar, start)
    seen = []
    for ahead in (240, 169, 168, 167, 25, 24, 23, 2, 1, 0.5, 0, -1, -7):
        at(start - timedelta(hours=ahead))
        seen.append(told(cast))
    assert seen == [0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4]
    assert told(cast, "tom") == 0, "the lead is told, not the team"


def test_it_is_looked_at_when_the_next_word_is_due(
    cast: Cast, cedar: int, at: Callable[[datetime], int]
) -> None:
    """The worker comes back to the second at which a gap is an hour ahead."""
    now = database_second()
    start = now + timedelta(minutes=65)
    a_gap(cast, cedar, start)
    assert at(now) == 1, "it is less than a day ahead: told at once"
    assert Schedule.objects.get().check_at == start - timedelta(hours=1)
    assert at(start - timedelta(minutes=61)) == 0
    assert at(start - timedelta(minutes=60)) == 1
    assert Schedule.objects.get().check_at == start - timedelta(minutes=50)


def test_a_gap_that_was_closed_and_opens_again_is_told_again(
    cast: Cast, cedar: int, at: Callable[[datetime], int]
) -> None:
    now = database_second()
    start = now + timedelta(days=2)
    change = a_gap(cast, cedar, start)
    assert at(now) == 1
    remove_override(cast.viewer("tara"), cedar, change)
    assert at(now + timedelta(minutes=1)) == 0
    assert not GapNotice.objects.exists()
    a_gap(cast, cedar, start)
    assert at(now + timedelta(minutes=2)) == 1


def test_a_phone_that_breaks_is_a_gap_of_which_the_lead_hears_once_a_week(
    cast: Cast, cedar: int, at: Callable[[datetime], int]
) -> None:
    now = database_second()
    assert at(now) == 0
    cast.people["tom"].contact_methods.all().delete()
    assert at(now + timedelta(minutes=10)) == 1
    assert sum(at(now + timedelta(minutes=10, hours=hours)) for hours in range(1, 168)) == 0
    assert at(now + timedelta(minutes=20, days=7)) == 1


def test_a_school_without_a_lead_has_its_districts_told(
    cast: Cast, cedar: int, at: Callable[[datetime], int]
) -> None:
    now = database_second()
    a_gap(cast, cedar, now + timedelta(hours=12))
    Membership.objects.filter(person=cast.people["tara"]).delete()
    assert at(now) == 1
    assert told(cast, "dee") == 1
    assert told(cast, "pia") == 0


def test_a_rule_of_hours_leaves_gaps_that_are_told_of_one_by_one(
    cast: Cast, at: Callable[[datetime], int]
) -> None:
    phones(cast, "bob")
    team = cast.teams["birch"].pk
    save_layer(cast.viewer("ada"), team, weekly(cast.people["bob"].pk, hours=(time(6), time(0))))
    assert at(database_second()) in (7, 8), "a night each, for a week"
    assert at(database_second()) == 0
