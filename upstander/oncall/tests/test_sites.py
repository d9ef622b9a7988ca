"""Turns at a place: shown and in one's calendar, and nobody is called first because of one."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import icalendar
import pytest

from conftest import Cast
from upstander.base.moment import database_second
from upstander.directory.actions.loading import load_services
from upstander.directory.cards import card_for
from upstander.directory.models import Service
from upstander.directory.queries import facts_of
from upstander.oncall.actions.own import make_feed
from upstander.oncall.actions.plans import save_layer
from upstander.oncall.queries import gaps, on_call, shift_of
from upstander.oncall.rota import sittings
from upstander.oncall.tests.setup import NEW_YORK, a_plan, a_rule, phones, utc, weekly

PLACE = "Maple Valley courthouse"
COURT: Any = {
    "duty": "site",
    "name": PLACE,
    "weekdays": (1,),
    "hours": (time(9), time(12)),
}


def test_who_sits_at_a_place_takes_turns_there() -> None:
    plan = a_plan(a_rule(2, 3, **COURT), a_rule(3, **{**COURT, "id": 2, "name": "Clinic"}))
    found = sittings(plan, utc(2026, 1, 5), utc(2026, 1, 19))
    assert [(name, one.people) for name, one in found] == [
        ("Clinic", (3,)),
        (PLACE, (2,)),
        ("Clinic", (3,)),
        (PLACE, (3,)),
    ], "two places at one hour, and at each its own turns"
    first = found[0][1]
    assert first.start.astimezone(NEW_YORK).strftime("%a %H:%M") == "Tue 09:00"
    assert first.end - first.start == timedelta(hours=3)


def test_who_left_the_team_sits_nowhere() -> None:
    plan = a_plan(a_rule(9, **COURT))
    assert sittings(plan, utc(2026, 1, 5), utc(2026, 1, 19)) == []


def test_site_alone_leaves_the_team_called_as_a_whole() -> None:
    plan, at = a_plan(a_rule(2, **COURT)), utc(2026, 1, 6, 15)
    shift = shift_of(plan, at, frozenset({1, 2, 3}))
    assert (shift.primary, shift.backup, shift.gap) == ((1, 2, 3), (1,), False)
    assert gaps(plan, at, at + timedelta(days=7), frozenset({1, 2, 3})) == []


def test_site_beside_a_rotation_changes_nobody_called() -> None:
    at, reached = utc(2026, 1, 6, 15), frozenset({1, 2, 3})
    alone = shift_of(a_plan(a_rule(3)), at, reached)
    assert shift_of(a_plan(a_rule(3), a_rule(2, **COURT)), at, reached) == alone


@pytest.mark.django_db
def test_site_is_on_the_board_and_in_ones_own_calendar(cast: Cast) -> None:
    phones(cast, "tara", "tom")
    team, tom = cast.teams["cedar"].pk, cast.people["tom"].pk
    save_layer(cast.viewer("tara"), team, weekly(cast.people["tara"].pk))
    save_layer(cast.viewer("tara"), team, weekly(tom, **COURT))
    assert on_call(team, database_second()).primary == (cast.people["tara"].pk,)
    page = cast.client("tara").get(f"/oncall/{team}").content.decode()
    assert page.count(f"{PLACE}: ") >= 3, "four weeks of it"
    feed = cast.client("tom").get(f"/oncall/feed/{make_feed(cast.viewer('tom'))}.ics")
    mine = [
        one
        for one in icalendar.Calendar.from_ical(feed.content).walk("VEVENT")
        if one["summary"] == PLACE
    ]
    assert mine
    local = mine[0].decoded("dtstart").astimezone(NEW_YORK)
    assert (local.weekday(), local.time()) == (1, time(9))
    other = cast.client("tara").get(f"/oncall/feed/{make_feed(cast.viewer('tara'))}.ics")
    assert PLACE not in other.content.decode()


@pytest.mark.django_db
def test_site_is_told_by_the_directory_once_it_is_published(cast: Cast) -> None:
    """What is public of it are a service's own hours: a rule of the plan publishes nothing."""
    load_services()
    phones(cast, "tara")
    save_layer(cast.viewer("tara"), cast.teams["cedar"].pk, weekly(cast.people["tara"].pk, **COURT))

    row = Service.objects.filter(kind="legal").order_by("slug")[0]
    now = database_second()

    def lines() -> tuple[str, ...]:
        return card_for(facts_of(Service.objects.get(pk=row.pk)), "en", now).hours

    assert not [line for line in lines() if PLACE in line or line.startswith("Tuesday: 9")]
    weekly_there = {"freq": "WEEKLY", "byday": "TU", "opens_at": "09:00", "closes_at": "12:00"}
    row.record = {**row.record, "schedules": [{"id": str(row.pk), **weekly_there}]}
    row.save()
    (line,) = lines()
    assert line.startswith("Tuesday: 9")
