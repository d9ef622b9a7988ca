"""Open or closed: nights, holidays, the two odd days of a year, and what is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from upstander.directory.facts import Hours
from upstander.directory.holidays import is_holiday
from upstander.directory.hours import state_at

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    """A wall-clock time in New York."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def day(weekday: int, opens: str, closes: str, **more: object) -> Hours:
    values: dict[str, object] = {"on_holidays": "closed", **more}
    return Hours(
        weekday=weekday,
        opens=time.fromisoformat(opens),
        closes=time.fromisoformat(closes),
        **values,  # type: ignore[arg-type]
    )


OFFICE = [day(d, o, c) for d in range(5) for o, c in (("09:00", "12:00"), ("13:00", "14:00"))]
ALWAYS = [Hours(always=True, on_holidays="open")]


def test_no_hours_are_unknown_and_not_closed() -> None:
    assert state_at([], at("2026-03-04T10:00")).state == "unknown"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        state_at(ALWAYS, datetime(2026, 3, 4, 10))


def test_day_and_night_has_no_end() -> None:
    state = state_at(ALWAYS, at("2026-12-25T03:00"))
    assert (state.state, state.until, state.always) == ("open", None, True)


def test_an_office_with_a_lunch_break() -> None:
    open_ = state_at(OFFICE, at("2026-03-04T11:59"))
    assert (open_.state, open_.until) == ("open", at("2026-03-04T12:00"))
    lunch = state_at(OFFICE, at("2026-03-04T12:00"))
    assert (lunch.state, lunch.next) == ("closed", at("2026-03-04T13:00"))
    friday = state_at(OFFICE, at("2026-03-06T14:00"))
    assert (friday.state, friday.next) == ("closed", at("2026-03-09T09:00"))


def test_a_night_past_midnight_belongs_to_the_day_on_which_it_began() -> None:
    friday_night = [day(4, "22:00", "02:30")]
    assert state_at(friday_night, at("2026-03-07T01:00")).until == at("2026-03-07T02:30")
    assert state_at(friday_night, at("2026-03-07T02:30")).state == "closed"
    assert state_at(friday_night, at("2026-03-06T01:00")).state == "closed"


def test_two_rules_that_touch_are_one_opening() -> None:
    rules = [day(0, "08:00", "00:00"), day(1, "00:00", "06:00")]
    assert state_at(rules, at("2026-03-02T23:00")).until == at("2026-03-03T06:00")


def test_rules_hold_within_their_dates_only() -> None:
    old = day(2, "06:00", "22:00", effective_to=date(2026, 3, 4))
    new = Hours(always=True, effective_from=date(2026, 3, 11), on_holidays="open")
    assert state_at([old], at("2026-03-04T10:00")).state == "open"
    assert state_at([old], at("2026-03-05T10:00")).state == "unknown"
    assert state_at([old, new], at("2026-03-11T05:00")).state == "open"
    assert state_at([old, new], at("2026-03-04T23:00")).next == at("2026-03-11T00:00")


def test_the_night_when_clocks_go_forward_is_an_hour_shorter() -> None:
    saturday_night = [day(5, "22:00", "06:00")]
    state = state_at(saturday_night, at("2026-03-07T22:00"))
    assert state.until is not None
    assert state.until - at("2026-03-07T22:00").astimezone(UTC) == timedelta(hours=7)


def test_an_opening_that_the_clock_jumps_over_does_not_happen() -> None:
    assert state_at([day(6, "02:15", "02:45")], at("2026-03-08T03:05")).state in ("open", "closed")
    swallowed = [day(6, "02:30", "03:00")]
    for minute in range(0, 240, 5):
        moment = at("2026-03-08T01:00").astimezone(UTC) + timedelta(minutes=minute)
        assert state_at(swallowed, moment).state == "closed"


def test_the_hour_that_comes_twice_is_open_once() -> None:
    rules = [day(6, "00:30", "01:30")]
    first = datetime(2026, 11, 1, 1, 15, tzinfo=NEW_YORK)
    assert state_at(rules, first).state == "open"
    assert state_at(rules, first.replace(fold=1)).state == "closed"


def test_the_service_keeps_its_own_time_zone() -> None:
    chicago = [day(2, "09:00", "17:00", time_zone="America/Chicago")]
    assert state_at(chicago, at("2026-03-04T09:30")).state == "closed"
    assert state_at(chicago, at("2026-03-04T10:30")).state == "open"


def test_holidays() -> None:
    thanksgiving = at("2026-11-26T10:00")
    assert state_at([day(3, "09:00", "17:00")], thanksgiving).state == "closed"
    unsure = [day(3, "09:00", "17:00", on_holidays="unknown")]
    assert state_at(unsure, thanksgiving).state == "unknown"
    assert state_at(unsure, at("2026-11-26T20:00")).state == "closed"
    assert state_at([day(3, "09:00", "17:00", on_holidays="open")], thanksgiving).state == "open"


@pytest.mark.parametrize(
    ("day_", "holiday"),
    [
        ("2026-01-01", True),
        ("2026-01-19", True),
        ("2026-02-16", True),
        ("2026-05-25", True),
        ("2026-06-19", True),
        ("2026-07-03", True),  # 4 July 2026 is a Saturday
        ("2026-07-04", True),
        ("2026-09-07", True),
        ("2026-10-12", True),
        ("2026-11-11", True),
        ("2026-11-26", True),
        ("2026-12-25", True),
        ("2027-12-24", True),  # Christmas 2027 is a Saturday
        ("2021-12-31", True),  # New Year's Day 2022 is a Saturday
        ("2026-11-27", False),
        ("2026-12-31", False),
        ("2026-05-18", False),
    ],
)
def test_federal_holidays(day_: str, holiday: bool) -> None:
    assert is_holiday(date.fromisoformat(day_)) is holiday


clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0))
rules = st.builds(
    Hours,
    weekday=st.integers(0, 6),
    opens=clocks,
    closes=clocks,
    time_zone=st.sampled_from(["America/New_York", "America/Los_Angeles", "UTC"]),
    on_holidays=st.just("open"),
).filter(lambda rule: rule.opens != rule.closes)
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),
    max_value=datetime(2028, 1, 1),
    timezones=st.just(UTC),
)


def open_by_the_clock_on_the_wall(rule: Hours, moment: datetime) -> bool:
    """The plain reading of a sign on a door, which is right except when clocks are changed."""
    local = moment.astimezone(ZoneInfo(rule.time_zone))
    wall, today = local.time(), local.weekday()
    assert rule.opens is not None
    assert rule.closes is not None
    if rule.opens < rule.closes:
        return today == rule.weekday and rule.opens <= wall < rule.closes
    evening = today == rule.weekday and wall >= rule.opens
    return evening or ((today - 1) % 7 == rule.weekday and wall < rule.closes)


def clocks_change_near(rule: Hours, moment: datetime) -> bool:
    local = moment.astimezone(ZoneInfo(rule.time_zone))
    offsets = {(local + timedelta(hours=h)).utcoffset() for h in range(-48, 49, 12)}
    return len(offsets) > 1


@given(st.lists(rules, min_size=1, max_size=5), moments)
def test_agrees_with_the_sign_on_the_door(some: list[Hours], moment: datetime) -> None:
    assume(not any(clocks_change_near(rule, moment) for rule in some))
    expected = any(open_by_the_clock_on_the_wall(rule, moment) for rule in some)
    assert state_at(some, moment).state == ("open" if expected else "closed")


@given(st.lists(rules, min_size=1, max_size=5), moments)
def test_until_and_next_are_where_the_state_turns(some: list[Hours], moment: datetime) -> None:
    state = state_at(some, moment)
    turn = state.until or state.next
    if turn is None:
        return
    just_before = turn - timedelta(microseconds=1)
    assert turn > moment
    assert state_at(some, just_before).state == state.state
    assert state_at(some, turn).state != state.state


@given(st.lists(rules, max_size=4), moments)
def test_an_added_rule_never_closes(some: list[Hours], moment: datetime) -> None:
    if state_at(some, moment).state == "open":
        assert state_at([*some, *ALWAYS], moment).state == "open"
    assert state_at(ALWAYS, moment).state == "open"
