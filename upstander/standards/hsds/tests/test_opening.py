"""Open or not: a table that people of the field can read, and a slow clock that counts minutes."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from upstander.standards.hsds.opening import HORIZON, Closure, hours_of, opening
from upstander.standards.hsds.recurrence import DAYS, rule_of

TABLE = (Path(__file__).parent / "opening.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(TABLE.splitlines()))
_OPTIONS = {
    "from": "valid_from",
    "to": "valid_to",
    "start": "dtstart",
    "every": "interval",
    "days": "bymonthday",
    "weeks": "byweekno",
    "yeardays": "byyearday",
    "tz": "timezone",
}


def schedule(words: str) -> dict[str, Any]:
    """Read one schedule of the table: frequency, days, times, and what else is named."""
    found: dict[str, Any] = {}
    for word in words.split():
        if "=" in word:
            name, value = word.split("=")
            found[_OPTIONS.get(name, name)] = value
        elif word in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY"):
            found["freq"] = word
        elif re.fullmatch(r"(-?\d?(MO|TU|WE|TH|FR|SA|SU),?)+", word):
            found["byday"] = word
        else:
            opens, _, closes = word.partition("--" if "--" in word else "-")
            found |= {"opens_at": opens, "closes_at": closes}
    return found


def closure(words: str) -> Closure:
    """Read one closure of the table: day or days, its name, the hours instead."""
    words, _, instead = words.strip().partition(" = ")
    days, _, why = words.removeprefix("?").partition(" ")
    first, dots, last = days.partition("..")
    hours = [tuple(time.fromisoformat(t) for t in span.split("-")) for span in instead.split()]
    return Closure(
        date.fromisoformat(first),
        date.fromisoformat(last or first) if last or not dots else None,
        why,
        sure=not words.startswith("?"),
        instead=tuple(hours),  # type: ignore[arg-type]
    )


def moment(words: str, zone: str) -> datetime | None:
    """Read a time on the wall; “second” is the later one of a time that comes twice."""
    if not words:
        return None
    if not zone:
        return datetime.strptime(words, "%Y-%m-%d %H:%M %z")
    fold = int(words.endswith(" second"))
    wall = datetime.fromisoformat(words.removesuffix(" second"))
    return wall.replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize("row", ROWS, ids=[row["case"] for row in ROWS])
def test_the_table(row: dict[str, str]) -> None:
    zone = row["zone"]
    at = moment(row["at"], zone)
    assert at is not None
    answer = opening(
        [schedule(one) for one in row["hours"].split(";") if one],
        [closure(one) for one in row["closed"].split(";") if one],
        at,
        zone=zone or None,
    )
    why = answer.why + (f": {answer.closure}" if answer.closure else "")
    stands = "always" if answer.always else {True: "yes", False: "no", None: "unknown"}[answer.open]
    assert (stands, why) == (row["open"], row["why not"])
    for got, wanted in ((answer.until, row["until"]), (answer.opens, row["next"])):
        expected = moment(wanted, zone)
        # In UTC: two times of one zone are compared by what the wall shows.
        assert got == (expected.astimezone(UTC) if expected else None)


def test_the_table_is_a_table() -> None:
    assert len(ROWS) >= 60
    assert len({row["case"] for row in ROWS}) == len(ROWS)
    assert all(row["why"] for row in ROWS)


def test_a_moment_needs_a_zone_and_a_zone_must_exist() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        opening([], [], datetime(2026, 3, 4, 10), zone="America/New_York")
    with pytest.raises(ZoneInfoNotFoundError):
        hours_of([], [], "America/Nowhere")


@pytest.mark.parametrize(
    "cells",
    [
        {"freq": 7},
        {"freq": "WEEKLY", "byday": ["MO", "TU"], "opens_at": "09:00", "closes_at": "10:00"},
        {"freq": "WEEKLY", "byday": {"MO": 1}, "opens_at": [], "closes_at": None},
        {"valid_from": "soon"},
        {"dtstart": "0001-01-01", "freq": "DAILY", "count": 10**30},
        {"dtstart": "2020-01-01", "freq": "MONTHLY", "byday": "9MO", "count": 3, "interval": 1e300},
        {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00+99:99", "closes_at": "10:00"},
        {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "9", "timezone": "NaN"},
        {"freq": "WEEKLY", "byday": "MO", "opens_at": "9:00", "closes_at": "10:00", "timezone": 99},
        {"freq": "YEARLY", "opens_at": "09:00", "closes_at": "10:00"},
        {"freq": "MONTHLY", "bymonthday": "0", "opens_at": "09:00", "closes_at": "10:00"},
    ],
)
def test_whatever_a_feed_says_is_answered(cells: dict[str, object]) -> None:
    for zone in ("America/New_York", None):
        answer = opening([cells], [], datetime(2026, 3, 4, 10, tzinfo=UTC), zone=zone)
        assert answer.open is not True


# A slow clock: nothing but minutes that are counted one by one.

ZONES = ("America/New_York", "America/Phoenix", "America/St_Johns", "Africa/Cairo", "Asia/Beirut")


@cache
def minutes_of_day(zone: ZoneInfo, day: date) -> dict[datetime, datetime]:
    """Return the first minute (UTC) at which a wall clock shows each time around a day."""
    shown: dict[datetime, datetime] = {}
    first = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=15)
    for minute in range(54 * 60):
        at = first + timedelta(minutes=minute)
        shown.setdefault(at.astimezone(zone).replace(tzinfo=None, fold=0), at)
    return shown


def instant(zone: ZoneInfo, wall: datetime) -> datetime:
    """Return when a clock shows a time; one that none shows lies as far after the last shown."""
    shown, late = minutes_of_day(zone, wall.date()), timedelta(0)
    while wall - late not in shown:
        late += timedelta(minutes=1)
    return shown[wall - late] + late


def slowly(
    schedules: list[dict[str, Any]], closures: list[Closure], at: datetime, zone: ZoneInfo
) -> tuple[bool, datetime | None, datetime | None]:
    """Answer by painting each minute of three weeks."""
    first = at.replace(minute=0) - timedelta(days=4)
    painted = [False] * (24 * 1440)
    start = first.astimezone(zone).date() + timedelta(days=1)
    days = [days_of(one, start) for one in schedules]
    for day in (start + timedelta(days=n) for n in range(20)):
        shut = next((c for c in closures if c.first <= day <= (c.last or date.max)), None)
        spans = list(shut.instead) if shut else []
        for one, taking_place in zip(schedules, days, strict=True):
            if shut is None and day in taking_place:
                clocks = one["opens_at"], one["closes_at"]
                spans.append((time.fromisoformat(clocks[0]), time.fromisoformat(clocks[1])))
        for opens, closes in spans:
            ends = datetime.combine(day + timedelta(days=closes <= opens), closes)
            if closes == time(23, 59):
                ends = datetime.combine(day + timedelta(days=1), time(0))
            begun, ended = (
                int((instant(zone, wall) - first).total_seconds() // 60)
                for wall in (datetime.combine(day, opens), ends)
            )
            for minute in range(max(begun, 0), ended):
                painted[minute] = True
    now = int((at - first).total_seconds() // 60)
    horizon = now + HORIZON.days * 1440

    def when(value: bool) -> datetime | None:
        minute = next((m for m in range(now, horizon) if painted[m] is value), None)
        return first + timedelta(minutes=minute) if minute is not None else None

    return painted[now], when(False) if painted[now] else None, None if painted[now] else when(True)


def days_of(one: dict[str, Any], start: date) -> set[date]:
    """Return on which of the three weeks' days a schedule is, by another's reading of RFC 5545."""
    parts = [
        f"{name.upper()}={one[name]}"
        for name in ("freq", "interval", "byday", "bymonthday", "wkst", "count")
        if name in one
    ]
    begin = datetime.fromisoformat(one["dtstart"] + " 12:00")
    noon = datetime.combine(start, time(12))
    found = rrulestr(";".join(parts), dtstart=begin).between(noon, noon + timedelta(20), inc=True)
    return {at.date() for at in found if one["valid_from"] <= str(at.date()) <= one["valid_to"]}


days_of_week = st.lists(st.sampled_from(DAYS), min_size=1, unique=True).map(",".join)
nth = st.lists(
    st.tuples(st.sampled_from((1, 2, 3, 4, 5, -1, -2)), st.sampled_from(DAYS)),
    min_size=1,
    max_size=3,
).map(lambda pairs: ",".join(f"{n}{day}" for n, day in pairs))
clocks = st.one_of(
    st.sampled_from(("00:00", "01:30", "02:00", "02:30", "03:00", "09:00", "17:00", "23:59")),
    st.times().map(lambda t: t.strftime("%H:%M")),
)
recurring = st.one_of(
    st.fixed_dictionaries({"freq": st.just("WEEKLY"), "byday": days_of_week}),
    st.fixed_dictionaries({"freq": st.just("MONTHLY"), "byday": nth}),
    st.fixed_dictionaries(
        {"freq": st.just("MONTHLY"), "bymonthday": st.sampled_from(("1", "15,-1", "31", "-3"))}
    ),
    st.fixed_dictionaries({"freq": st.just("DAILY")}),
)
schedules = st.builds(
    lambda rule, rest: rule | rest,
    recurring,
    st.fixed_dictionaries(
        {
            "opens_at": clocks.filter(lambda clock: clock != "23:59"),
            "closes_at": clocks,
            "interval": st.sampled_from((1, 1, 1, 2, 3)),
            "wkst": st.sampled_from(("MO", "SU", "WE")),
            "dtstart": st.dates(date(2025, 12, 1), date(2026, 4, 1)).map(str),
            "valid_from": st.sampled_from(("2000-01-01", "2026-03-05", "2026-10-31")),
            "valid_to": st.sampled_from(("2100-01-01", "2026-03-09", "2026-11-02")),
        },
        optional={"count": st.integers(1, 400)},
    ),
)
plain_schedules = st.fixed_dictionaries(
    {
        "freq": st.just("WEEKLY"),
        "byday": days_of_week,
        "opens_at": clocks.filter(lambda clock: clock != "23:59"),
        "closes_at": clocks,
        "valid_from": st.just("2000-01-01"),
        "valid_to": st.just("2100-01-01"),
        "dtstart": st.just("2000-01-01"),
    }
)
closures = st.builds(
    lambda first, length, instead: Closure(first, first + timedelta(length), "x", instead=instead),
    st.one_of(
        st.dates(date(2026, 2, 27), date(2026, 3, 20)),
        st.dates(date(2026, 10, 20), date(2026, 11, 12)),
    ),
    st.integers(0, 9),
    st.sampled_from([(), (), ((time(10), time(12)),), ((time(22), time(1)), (time(0), time(3)))]),
)
#: Around both changes of the clocks, and any other time.
moments = st.one_of(
    st.datetimes(datetime(2026, 3, 6), datetime(2026, 3, 10)),
    st.datetimes(datetime(2026, 3, 28), datetime(2026, 4, 26)),
    st.datetimes(datetime(2026, 10, 24), datetime(2026, 11, 3)),
    st.datetimes(datetime(2026, 1, 5), datetime(2027, 1, 5)),
).map(lambda at: at.replace(second=0, microsecond=0, tzinfo=UTC))


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(plain_schedules, schedules), min_size=1, max_size=4),
    st.lists(closures, max_size=2),
    moments,
    st.sampled_from(ZONES),
)
def test_a_slow_clock_says_the_same(
    rules: list[dict[str, Any]], shut: list[Closure], at: datetime, zone: str
) -> None:
    answer = opening(rules, shut, at, zone=zone)
    is_open, until, opens = slowly(rules, shut, at, ZoneInfo(zone))
    assert (answer.open is True, answer.until, answer.opens) == (is_open, until, opens)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    st.one_of(st.just(""), days_of_week, nth),
    st.sampled_from(("", "", "1,-1", "13", "29,30,31")),
    st.sampled_from(("", "", "1,100,-1")),
    st.sampled_from(("", "", "", "1,20", "-20,10")),
    st.sampled_from(DAYS),
    st.integers(1, 4),
    st.one_of(st.none(), st.integers(1, 30)),
    st.dates(date(2023, 12, 20), date(2025, 1, 10)),
)
@example("MONTHLY", "-1FR,5FR", "", "", "", "MO", 2, 3, date(2024, 2, 29))
def test_recurrence_is_as_another_library_reads_it(
    freq: str,
    byday: str,
    monthday: str,
    yearday: str,
    weekno: str,
    wkst: str,
    interval: int,
    count: int | None,
    start: date,
) -> None:
    if freq in ("DAILY", "WEEKLY"):
        byday = re.sub(r"-?\d", "", byday)
    cells = {
        "freq": freq,
        "byday": byday,
        "bymonthday": monthday,
        "byyearday": yearday,
        "byweekno": weekno,
        "wkst": wkst,
        "interval": interval,
        "count": count,
    }
    text = ";".join(f"{name.upper()}={value}" for name, value in cells.items() if value)
    noon = datetime.combine(start, time(12))
    end = noon + timedelta(days=800)
    wanted = {at.date() for at in rrulestr(text, dtstart=noon).between(noon, end, inc=True)}
    rule = rule_of(
        {**cells, "dtstart": str(start), "opens_at": "09:00", "closes_at": "10:00"},
    )
    assert not rule.doubt
    assert wanted == {day for n in range(801) if rule.on(day := start + timedelta(days=n))}


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.sampled_from(DAYS))
def test_weeks_are_numbered_as_the_standard_says(day: date, wkst: str) -> None:
    """Week one is the first with four days of its year (RFC 5545); from Monday on it is ISO's."""
    first = DAYS.index(wkst)
    start = day - timedelta(days=(day.weekday() - first) % 7)
    year = Counter((start + timedelta(days=n)).year for n in range(7)).most_common(1)[0][0]
    starts = [date(year, 1, 1) + timedelta(days=n) for n in range(-3, 363)]
    weeks = [one for one in starts if one.weekday() == first and (one + timedelta(3)).year == year]
    number = weeks.index(start) + 1
    if wkst == "MO":
        assert number == day.isocalendar().week
    for named in (str(number), str(number - len(weeks) - 1)):
        cells = {"freq": "DAILY", "byweekno": named, "wkst": wkst}
        rule = rule_of({**cells, "opens_at": "09:00", "closes_at": "10:00"})
        assert rule.on(day)
        assert not rule.on(day + timedelta(days=7))


@pytest.mark.slow
def test_ten_thousand_places_each_have_an_answer() -> None:
    """Each with hours of its own, on a day on which the clocks change within the horizon."""
    began = datetime(2026, 3, 7, 15, tzinfo=UTC)
    shut = tuple(Closure(date(2026, month, 5), date(2026, month, 5)) for month in range(1, 13))
    places = [
        [
            {
                "freq": "WEEKLY",
                "byday": day,
                "opens_at": f"{7 + n % 5:02}:{n % 60:02}",
                "closes_at": f"{14 + n % 7:02}:{n // 60 % 60:02}",
            }
            for day in DAYS[: 5 + n % 3]
        ]
        for n in range(10_000)
    ]
    answers = Counter(opening(one, shut, began, zone="America/New_York").open for one in places)
    assert answers[True] > 1000
    assert answers[False] > 1000
