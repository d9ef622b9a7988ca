"""Shifts from rules: a year over both changes of the clocks, in two zones, without a hole."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upstander.oncall.days import Break, is_school_day
from upstander.oncall.queries import gaps, shift_of
from upstander.oncall.rota import Change, LayerRule, Plan, Span, shifts, turns
from upstander.oncall.tests.setup import NEW_YORK, a_plan, a_rule, utc
from upstander.oncall.wall_time import instant

SYDNEY = ZoneInfo("Australia/Sydney")
#: Both zones change twice within it, in opposite directions, Sydney's at its summer's two ends.
YEAR = (utc(2026, 1, 10), utc(2027, 1, 10))
ALL = frozenset({1, 2, 3})

times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
people = st.lists(st.sampled_from([1, 2, 3, 9]), min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def rules(draw: st.DrawFn) -> LayerRule:
    hours = draw(st.none() | st.tuples(times, times))
    return a_rule(
        *draw(people),
        duty=draw(st.sampled_from(["primary", "backup"])),
        turn=draw(st.sampled_from(["day", "week"])),
        every=draw(st.integers(1, 3)),
        hand_over=draw(times),
        starts_on=draw(st.dates(date(2025, 6, 1), date(2026, 6, 1))),
        ends_on=draw(st.none() | st.just(date(2026, 10, 31))),
        at_once=draw(st.integers(1, 3)),
        days=draw(st.sampled_from(["every", "school", "off"])),
        weekdays=tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1)))),
        hours=hours,
    )


@st.composite
def changes(draw: st.DrawFn) -> Change:
    start = YEAR[0] + timedelta(minutes=draw(st.integers(0, 500_000)))
    on, off = draw(st.sampled_from([(1, None), (None, 2), (3, 1), (9, 1), (2, 3)]))
    return Change(
        "primary", on, off, start, start + timedelta(minutes=draw(st.integers(1, 50_000)))
    )


@settings(max_examples=40, deadline=None)
@given(
    st.lists(rules(), max_size=3),
    st.lists(changes(), max_size=3),
    st.sampled_from([NEW_YORK, SYDNEY]),
    st.sets(st.sampled_from([1, 2, 3])),
)
def test_no_instant_of_a_year_is_without_an_answer(
    layers: list[LayerRule], made: list[Change], zone: ZoneInfo, reached: set[int]
) -> None:
    """Each instant is somebody's whom something rings, or lies in a gap that is listed."""
    plan = a_plan(
        *layers,
        zone=zone,
        changes=tuple(made),
        breaks=(Break(date(2026, 12, 21), date(2027, 1, 3)),),
    )
    spans = shifts(plan, "primary", *YEAR)
    assert (spans[0].start, spans[-1].end) == YEAR
    for one, following in pairwise(spans):
        assert one.end == following.start, "no instant between two shifts, and none in both"
        assert one.people != following.people
    holes = gaps(plan, *YEAR, frozenset(reached))
    for span in spans:
        assert span.start < span.end
        assert set(span.people) <= ALL, "who has left the team is never on call"
        covered = any(start <= span.start and span.end <= end for start, end in holes)
        assert covered == (not set(span.people) & reached)
        shift = shift_of(plan, span.start, frozenset(reached))
        assert shift.primary
        assert shift.gap == covered
        assert set(shift.primary) >= (ALL if covered else set(span.people))
        assert covered or not set(shift.primary) & set(shift.backup)


@settings(max_examples=40, deadline=None)
@given(rules(), st.sampled_from([NEW_YORK, SYDNEY]), st.integers(0, 525_000))
def test_whom_a_moment_names_does_not_depend_on_how_much_is_asked_for(
    layer: LayerRule, zone: ZoneInfo, minute: int
) -> None:
    plan = a_plan(layer, zone=zone)
    at = YEAR[0] + timedelta(minutes=minute)
    of_year = next(s.people for s in shifts(plan, layer.duty, *YEAR) if s.start <= at < s.end)
    assert shifts(plan, layer.duty, at, at + timedelta(seconds=1))[0].people == of_year


@pytest.mark.parametrize(("zone", "changed"), [(NEW_YORK, 2), (SYDNEY, 2)])
def test_each_turn_ends_where_the_next_begins_at_the_same_local_time(
    zone: ZoneInfo, changed: int
) -> None:
    found = list(turns(a_rule(1, 2, 3, hand_over=time(8)), zone, *YEAR))
    assert all(a.end == b.start for a, b in pairwise(found))
    assert {s.start.astimezone(zone).time() for s in found} == {time(8)}
    lengths = [s.end - s.start for s in found]
    assert lengths.count(timedelta(weeks=1)) == len(found) - changed
    assert sorted(set(lengths)) == [timedelta(hours=h) for h in (167, 168, 169)]
    for one, after in zip(found, found[3:], strict=False):
        assert one.people == after.people, "three people take turns"


def test_a_hand_over_at_a_time_that_the_clocks_leave_out() -> None:
    """On 8 March 2026 New York's clocks go from 2:00 to 3:00: 2:30 is counted on to 3:30."""
    plan = a_plan(a_rule(1, 2, turn="day", hand_over=time(2, 30), starts_on=date(2026, 3, 7)))
    found = shifts(plan, "primary", utc(2026, 3, 7, 8), utc(2026, 3, 9, 8))
    assert [(s.start, s.people) for s in found] == [
        (utc(2026, 3, 7, 8), (1,)),
        (utc(2026, 3, 8, 7, 30), (2,)),
        (utc(2026, 3, 9, 6, 30), (1,)),
    ]
    assert found[1].end - found[1].start == timedelta(hours=23)


def test_a_hand_over_at_a_time_that_comes_twice_is_the_first_of_the_two() -> None:
    """On 1 November 2026 1:30 comes at 05:30 and at 06:30 UTC."""
    plan = a_plan(a_rule(1, 2, turn="day", hand_over=time(1, 30), starts_on=date(2026, 10, 31)))
    found = shifts(plan, "primary", utc(2026, 10, 31, 6), utc(2026, 11, 2, 7))
    assert [s.start for s in found] == [
        utc(2026, 10, 31, 6),
        utc(2026, 11, 1, 5, 30),
        utc(2026, 11, 2, 6, 30),
    ]


def test_hours_that_a_change_swallows_leave_a_gap_that_is_listed() -> None:
    rule = a_rule(1, hours=(time(2, 30), time(3)))
    plan = a_plan(rule)
    assert gaps(plan, utc(2026, 3, 8, 7), utc(2026, 3, 8, 8), ALL) == [
        (utc(2026, 3, 8, 7), utc(2026, 3, 8, 8))
    ]
    assert gaps(plan, utc(2026, 3, 9, 6, 30), utc(2026, 3, 9, 7), ALL) == []


def test_the_upper_rule_decides_where_it_holds() -> None:
    school = a_rule(3, hours=(time(7, 30), time(16)), days="school")
    plan = a_plan(school, a_rule(1, 2))
    monday = shifts(plan, "primary", utc(2026, 1, 12, 5), utc(2026, 1, 13, 5))
    assert [(s.start.astimezone(NEW_YORK).time(), s.people) for s in monday] == [
        (time(0), (1,)),
        (time(7, 30), (3,)),
        (time(16), (2,)),
    ]
    holiday = shifts(plan, "primary", utc(2026, 1, 19, 13, 30), utc(2026, 1, 20, 5))
    assert [s.people for s in holiday] == [(1,)], "no school on the third Monday of January"


def test_a_night_past_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    plan = a_plan(a_rule(2, hours=(time(22), time(6)), weekdays=(4,)))
    night = shifts(plan, "primary", utc(2026, 1, 17, 2), utc(2026, 1, 17, 12))
    assert [(s.start, s.end, s.people) for s in night] == [
        (utc(2026, 1, 17, 2), utc(2026, 1, 17, 3), ()),
        (utc(2026, 1, 17, 3), utc(2026, 1, 17, 11), (2,)),
        (utc(2026, 1, 17, 11), utc(2026, 1, 17, 12), ()),
    ]


def test_several_at_once_hand_over_to_the_next_several() -> None:
    found = list(turns(a_rule(1, 2, 3, at_once=2), NEW_YORK, utc(2026, 1, 6), utc(2026, 1, 20)))
    assert [s.people for s in found] == [(1, 2), (3, 1), (2, 3)]


def test_an_override_adds_takes_away_and_replaces() -> None:
    week = (utc(2026, 1, 6), utc(2026, 1, 7))

    def on(*made: Change) -> tuple[int, ...]:
        return shifts(a_plan(a_rule(1, 2), changes=made), "primary", *week)[0].people

    assert on(Change("primary", 3, None, *week)) == (1, 3)
    assert on(Change("primary", 3, 1, *week)) == (3,)
    assert on(Change("primary", None, 1, *week)) == ()
    assert on(Change("backup", 3, 1, *week)) == (1,)
    assert on(Change("primary", 9, 1, *week)) == (1,), "a stranger takes nobody off"
    assert on(Change("primary", 3, 1, *week), Change("primary", 2, 3, *week)) == (2,)


def test_dated_shifts_may_overlap_and_nobody_is_lost() -> None:
    dated = a_rule(
        turn="dates",
        shifts=(
            Span(utc(2026, 1, 6), utc(2026, 1, 9), (1,)),
            Span(utc(2026, 1, 7), utc(2026, 1, 8), (2,)),
            Span(utc(2026, 1, 8, 12), utc(2026, 1, 10), (3,)),
        ),
    )
    found = shifts(a_plan(dated), "primary", utc(2026, 1, 6), utc(2026, 1, 11))
    assert [s.people for s in found] == [(1,), (1, 2), (1,), (1, 3), (3,), ()]


def test_a_whole_team_without_a_plan_and_its_leads_after_it() -> None:
    plan = Plan(1, "A team", NEW_YORK, (1, 2, 3), (2,))
    assert shift_of(plan, utc(2026, 1, 6), frozenset()) == shift_of(plan, utc(2026, 7, 6), ALL)
    assert shift_of(plan, utc(2026, 1, 6), ALL).primary == (1, 2, 3)
    assert shift_of(plan, utc(2026, 1, 6), ALL).backup == (2,)


def test_behind_a_lead_on_call_come_the_others() -> None:
    shift = shift_of(a_plan(a_rule(1)), utc(2026, 1, 6), ALL)
    assert (shift.primary, shift.backup) == ((1,), (2, 3))


def test_school_days_follow_the_state_the_breaks_and_their_exceptions() -> None:
    good_friday, columbus = date(2026, 4, 3), date(2026, 10, 12)
    assert is_school_day(good_friday, "US", ())
    assert not is_school_day(good_friday, "US-CT", ())
    assert not is_school_day(columbus, "US", ())
    assert is_school_day(columbus, "US", (Break(columbus, columbus, in_session=True),))
    assert is_school_day(columbus, "", ())
    assert not is_school_day(date(2026, 11, 28), "", ())


def test_a_window_must_go_forward() -> None:
    with pytest.raises(ValueError, match="after it begins"):
        shifts(a_plan(), "primary", utc(2026, 1, 2), utc(2026, 1, 2))


def test_instant_is_what_the_clocks_show() -> None:
    assert instant(date(2026, 7, 4), time(8), NEW_YORK) == datetime(
        2026, 7, 4, 12, tzinfo=ZoneInfo("UTC")
    )
