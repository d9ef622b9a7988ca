"""By which ways, how soon, and not before when."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.refused import Refused
from upstander.intake.priority import Priority
from upstander.oncall.actions.calendars import set_floor, set_hours
from upstander.oncall.actions.own import save_rules
from upstander.oncall.hours import next_open, not_before
from upstander.oncall.rules import DEFAULTS, FLOOR, combined, ways
from upstander.oncall.tests.setup import NEW_YORK, as_worker, utc
from upstander.oncall.wall_time import instant
from upstander.places.models import District

LIFE_SAFETY, URGENT, ROUTINE = Priority.LIFE_SAFETY, Priority.URGENT, Priority.ROUTINE
channels = st.dictionaries(
    st.sampled_from(["push", "sms", "voice", "email"]), st.sampled_from([0, 60, 300, 900])
)


def told(cast: Cast, name: str, priority: Priority) -> dict[str, int]:
    with as_worker():
        found = ways([cast.people[name].pk], priority)[cast.people[name].pk]
    assert found == sorted(found)
    return {way.channel: way.after_seconds for way in found}


@given(channels, channels)
def test_nobody_turns_the_floor_off_or_makes_it_later(
    chosen: dict[str, int], floor: dict[str, int]
) -> None:
    found = {way.channel: way.after_seconds for way in combined(chosen, floor)}
    assert set(found) == set(chosen) | set(floor)
    for channel, after in found.items():
        assert after <= floor.get(channel, after)
        assert after <= chosen.get(channel, after)


def test_who_chose_nothing_is_texted_at_once_and_called_after_a_minute(cast: Cast) -> None:
    assert told(cast, "tom", LIFE_SAFETY) == {"push": 0, "sms": 0, "email": 0, "voice": 60}
    assert told(cast, "tom", URGENT) == DEFAULTS[URGENT]
    assert told(cast, "tom", ROUTINE) == DEFAULTS[ROUTINE]


def test_ones_own_rules_count_and_for_life_safety_the_floor_beneath_them(cast: Cast) -> None:
    save_rules(
        cast.viewer("tom"),
        {LIFE_SAFETY: {"email": 900}, URGENT: {"voice": 300}, ROUTINE: {"email": 0}},
    )
    assert told(cast, "tom", LIFE_SAFETY) == {**FLOOR, "email": 900}
    assert told(cast, "tom", URGENT) == {"voice": 300}
    assert told(cast, "uma", URGENT) == DEFAULTS[URGENT]
    with pytest.raises(Refused, match="at least one way"):
        save_rules(cast.viewer("tom"), {URGENT: {}})


def test_the_center_sets_the_floor_of_those_whom_it_calls(cast: Cast) -> None:
    floor = {"sms": 0, "voice": 0, "email": 0}
    set_floor(cast.viewer("sam"), cast.center.pk, floor)
    save_rules(cast.viewer("tom"), {LIFE_SAFETY: {"push": 60}})
    assert told(cast, "tom", LIFE_SAFETY) == {**floor, "push": 60}
    assert told(cast, "alice", LIFE_SAFETY)["voice"] == 0
    assert told(cast, "charlie", LIFE_SAFETY)["voice"] == 60, "another center's"


@pytest.mark.parametrize(
    "floor", [{}, {"email": 0}, {"sms": 60, "voice": 60}, {"sms": 0}, {"sms": 0, "voice": 900}]
)
def test_a_floor_that_lets_everybody_sleep_is_refused(cast: Cast, floor: dict[str, int]) -> None:
    with pytest.raises(Refused):
        set_floor(cast.viewer("sam"), cast.center.pk, floor)


def test_what_is_no_life_safety_waits_for_the_districts_day(cast: Cast) -> None:
    night = utc(2026, 3, 3, 3)  # 22:00 in New York
    morning = utc(2026, 3, 3, 11)

    def when(priority: Priority, *, mandated: bool = False, raised: bool = False) -> datetime:
        with as_worker():
            return not_before(cast.maple.pk, priority, night, mandated=mandated, raised=raised)

    assert when(URGENT) == when(ROUTINE) == morning
    assert when(LIFE_SAFETY) == night
    assert when(ROUTINE, mandated=True) == night, "suspected abuse is never put off"
    assert when(URGENT, raised=True) == night


def test_a_district_sets_its_own_hours_in_its_own_zone(cast: Cast) -> None:
    set_hours(cast.viewer("dee"), cast.maple.pk, time(7, 30), time(16))
    District.objects.filter(pk=cast.maple.pk).update(time_zone="America/Los_Angeles")
    at = utc(2026, 3, 3, 0, 30)  # 16:30 in Los Angeles
    found = not_before(cast.maple.pk, URGENT, at, mandated=False, raised=False)
    assert found == utc(2026, 3, 3, 15, 30)
    with pytest.raises(Refused, match="after the start"):
        set_hours(cast.viewer("dee"), cast.maple.pk, time(18), time(6))


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda d: utc(*d.timetuple()[:6])),
    st.times(),
    st.times(),
)
def test_nobody_waits_longer_than_to_the_next_opening(
    at: datetime, opens: time, closes: time
) -> None:
    if opens >= closes:
        opens, closes = closes.replace(microsecond=0), opens
    if opens >= closes:
        return
    found = next_open(at, opens, closes, NEW_YORK)
    assert at <= found <= at + timedelta(hours=49)
    today = at.astimezone(NEW_YORK).date()
    open_now = instant(today, opens, NEW_YORK) <= at < instant(today, closes, NEW_YORK)
    assert (found == at) == open_now
    assert next_open(found, opens, closes, NEW_YORK) == found


@pytest.mark.parametrize(
    ("at", "opens", "expected"),
    [
        # 8 March 2026: 2:00 to 3:00 is left out, so that 2:30 is counted on to 3:30.
        (utc(2026, 3, 8, 6), time(2, 30), utc(2026, 3, 8, 7, 30)),
        # 1 November 2026: 1:30 comes twice, and the first of the two counts.
        (utc(2026, 11, 1, 5), time(1, 30), utc(2026, 11, 1, 5, 30)),
    ],
)
def test_hours_on_the_nights_of_the_clocks(at: datetime, opens: time, expected: datetime) -> None:
    assert next_open(at, opens, time(18), NEW_YORK) == expected
