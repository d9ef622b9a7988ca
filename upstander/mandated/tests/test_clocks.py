"""The clocks against a table that a lawyer can read, and what holds for every duty."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.mandated.clocks import (
    Standing,
    Times,
    clock_at,
    current_about,
    current_reminder,
    due_at,
    is_open,
    next_about,
    next_reminder,
    reminders,
)
from upstander.mandated.days import Days
from upstander.oncall.days import Break
from upstander.states import DutyRule, law, laws

ZONE = ZoneInfo("America/New_York")
RULES = law("us-ct").duties


def local(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC) if text else None


def rows() -> list[dict[str, str]]:
    with Path(__file__).with_name("clocks.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["what happened"])
def test_each_row_of_the_table(row: dict[str, str]) -> None:
    cause, now = local(row["reasonable cause (local)"]), local(row["looked at (local)"])
    assert cause is not None
    assert now is not None
    times = Times(cause, local(row["first report (local)"]), local(row["written report (local)"]))
    clock = clock_at(RULES.duties[row["rule"]], times, now)
    assert clock.first_due == local(row["first due (local)"])
    assert clock.written_due == local(row["written due (local)"])
    assert clock.standing == row["standing"]


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)
spans = st.integers(0, 10_000).map(lambda minutes: timedelta(minutes=minutes))
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
duties = st.sampled_from(sorted(RULES.duties.values(), key=lambda rule: rule.key))
#: What counts days has its due times computed where the calendar is known.
DAYS = Days(ZONE.key)


def clocked(rule: DutyRule, cause: datetime, first_at: datetime | None = None) -> Times:
    """Give the times of a duty as its row holds them."""
    due = DAYS.due(rule.written, first_at) if first_at else None
    return Times(cause, first_at, None, DAYS.due(rule.first, cause), due)


@given(duties, moments, st.none() | spans, st.none() | spans, spans)
def test_a_duty_is_on_time_late_or_open_with_a_next_reminder_to_come(
    rule: DutyRule,
    cause: datetime,
    first: timedelta | None,
    written: timedelta | None,
    on: timedelta,
) -> None:
    now = cause + on
    first_at = None if first is None or first > on else cause + first
    written_at = (
        None
        if first_at is None or written is None or first_at + written > now
        else first_at + written
    )
    times = replace(clocked(rule, cause, first_at), written_at=written_at)
    clock = clock_at(rule, times, now)
    following = next_reminder(RULES, rule, times, now)
    done = clock.standing in (Standing.MET, Standing.MET_LATE)
    assert done == (written_at is not None)
    assert (following is None) == done
    if following is not None:
        assert following.at > now
        # Nobody who is late is left alone for longer than the rule says, nor by a mere notice.
        if clock.standing in (Standing.FIRST_LATE, Standing.WRITTEN_LATE):
            assert following.at - now <= rule.late_every
            assert following.by == rule.late_by != "notice"
            told = current_reminder(RULES, rule, times, now)
            assert told is not None
            assert now - told.at <= rule.late_every
            assert told.minutes_before <= 0


@given(duties, moments)
def test_reminders_tighten_and_the_last_ones_are_calls(rule: DutyRule, cause: datetime) -> None:
    some = list(islice(reminders(RULES, rule, clocked(rule, cause)), 20))
    assert all(one.at < two.at for one, two in pairwise(some))
    before = [one for one in some if one.minutes_before > 0]
    gaps = [two.at - one.at for one, two in pairwise(before)]
    assert gaps == sorted(gaps, reverse=True)
    if rule.hold:
        assert [one.by for one in before][-3:] == ["call"] * 3
        assert rule.late_every == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2026-10-14 06:59", False),
        ("2026-10-14 07:00", True),
        ("2026-10-14 18:59", True),
        ("2026-10-14 19:00", False),
        ("2026-10-17 12:00", False),
        ("2026-11-26 12:00", False),
    ],
)
def test_the_electronic_way_is_open_in_its_hours_alone(at: str, open_: bool) -> None:
    moment = local(at)
    assert moment is not None
    holiday = date(2026, 11, 26)
    assert is_open(RULES.ways["electronic"], moment, ZONE.key, holiday.__eq__) is open_
    assert is_open(RULES.ways["careline"], moment, ZONE.key, holiday.__eq__)


def test_working_days_pass_over_weekends_holidays_and_both_time_changes() -> None:
    five = next(one for one in RULES.duties["employee"].follow if one.key == "result_known")

    def working(day: date) -> bool:
        return day.weekday() < 5 and day != date(2026, 11, 26)

    since = local("2026-11-20 15:00")
    assert since is not None
    # Friday; Mon, Tue, Wed, (Thanksgiving), Fri, Mon: the end of Monday the 30th.
    ends = due_at(five, since, ZONE.key, working).astimezone(ZONE)
    assert (ends.date(), ends.time()) == (date(2026, 12, 1), time(0, 0))
    with pytest.raises(ValueError, match="ten years"):
        due_at(five, since, ZONE.key, lambda _day: False)


def test_every_rule_set_names_its_sources_and_where_the_call_goes() -> None:
    for rules in (one.duties for one in laws()):
        for duty in rules.duties.values():
            deadlines = (duty.first, duty.written, *duty.follow)
            assert all(one.source for one in deadlines)
            # Abuse goes to somebody who answers at any hour.
            assert any(rules.ways[way].phone for way in duty.ways) or not duty.hold
        assert all(way.source for way in rules.ways.values())
    with pytest.raises(KeyError):
        law("../us_ct")


@pytest.mark.parametrize(
    ("seen", "told_by", "written_by"),
    [
        # Monday: until Tuesday's end; told on Tuesday: two days of school, until Thursday's end.
        ("2026-10-12 10:00", "2026-10-14 00:00", "2026-10-16 00:00"),
        # Friday: over the weekend; then told on Monday.
        ("2026-10-16 15:30", "2026-10-20 00:00", "2026-10-22 00:00"),
        # The day before Thanksgiving, with the district's break on the Friday.
        ("2026-11-25 11:00", "2026-12-01 00:00", "2026-12-03 00:00"),
        # The day on which the clocks go forward is a Sunday; nothing shifts by an hour.
        ("2026-03-06 12:00", "2026-03-10 00:00", "2026-03-12 00:00"),
        # Made up on a Saturday: a day in session although it is none of the week.
        ("2026-06-12 12:00", "2026-06-14 00:00", "2026-06-17 00:00"),
    ],
)
def test_bullying_counts_days_of_school(seen: str, told_by: str, written_by: str) -> None:
    rule = RULES.duties["bullying"]
    days = Days(
        ZONE.key,
        "US-CT",
        [
            Break(date(2026, 11, 27), date(2026, 11, 27)),
            Break(date(2026, 6, 13), date(2026, 6, 13), in_session=True),
        ],
    )
    at = local(seen)
    assert at is not None
    first_due = days.due(rule.first, at)
    assert first_due == local(told_by)
    # Told within the last second: the written report's days count from that day.
    told = first_due - timedelta(seconds=1)
    assert days.due(rule.written, told) == local(written_by)
    times = Times(at, told, None, first_due, days.due(rule.written, told))
    assert clock_at(rule, times, told).standing is Standing.WRITTEN_DUE


def test_what_counts_days_needs_a_calendar() -> None:
    with pytest.raises(ValueError, match="school_days"):
        clock_at(
            RULES.duties["bullying"], Times(datetime(2026, 1, 1, tzinfo=UTC)), datetime.now(UTC)
        )


@given(moments, spans)
def test_what_falls_due_later_always_has_a_next_reminder(due: datetime, on: timedelta) -> None:
    now = due - timedelta(days=2) + on
    following = next_about("board_told", due, now)
    assert following.at > now
    told = current_about("board_told", due, now)
    assert told is None or told.at <= now < following.at
    if now >= due:
        assert following.at - now <= timedelta(hours=12)
        assert told is not None
        assert told.by == "page"
