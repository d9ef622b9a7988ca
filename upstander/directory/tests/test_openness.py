"""Open or closed by a service's record: whose hours count, in which zone, and on holidays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from upstander.directory.holidays import is_holiday
from upstander.directory.openness import opening_of
from upstander.directory.records import attribute

NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> datetime:
    """A wall-clock time in New York."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def service(*hours: str, closed: str = "", zone: str = "America/New_York") -> dict[str, Any]:
    """A record with hours such as "TH 09:00-17:00 closed", the last word what holds on holidays."""
    record: dict[str, Any] = {"id": "s", "schedules": []}
    for number, words in enumerate(hours):
        byday, times, *rest = words.split()
        opens, _, closes = times.partition("-")
        one = {"id": str(number), "freq": "WEEKLY", "byday": byday}
        record["schedules"].append(one | {"opens_at": opens, "closes_at": closes, "timezone": -5})
        attribute(record["schedules"][-1], "time_zone", zone)
        for key, word in zip(("holidays", "source"), rest, strict=False):
            attribute(record["schedules"][-1], key, word)
    if closed:
        attribute(record, "closure", closed)
    return record


#: Thanksgiving of 2026 is a Thursday, 26 November.
@pytest.mark.parametrize(
    ("hours", "moment", "stands", "until"),
    [
        (["TH 09:00-17:00 closed"], "2026-11-26T10:00", False, ""),
        (["TH 09:00-17:00 open"], "2026-11-26T10:00", True, "2026-11-26T17:00"),
        (["TH 09:00-17:00 unknown"], "2026-11-26T10:00", None, ""),
        (["TH 09:00-17:00"], "2026-11-26T10:00", None, ""),
        (["TH 09:00-17:00 unknown"], "2026-11-26T20:00", False, ""),
        # Each of its hours by what is said of them.
        (["TH 09:00-12:00 closed", "TH 18:00-20:00 open"], "2026-11-26T10:00", False, ""),
        (
            ["TH 09:00-12:00 closed", "TH 18:00-20:00 open"],
            "2026-11-26T19:00",
            True,
            "2026-11-26T20:00",
        ),
        (
            ["TH 09:00-12:00 unknown", "TH 18:00-24:00 open"],
            "2026-11-26T19:00",
            True,
            "2026-11-27T00:00",
        ),
        (["TH 09:00-12:00 unknown", "TH 18:00-20:00 open"], "2026-11-26T10:00", None, ""),
        # The night that began the day before a holiday goes on.
        (["WE 22:00-04:00 closed"], "2026-11-26T03:00", True, "2026-11-26T04:00"),
    ],
)
def test_holidays(hours: list[str], moment: str, stands: bool | None, until: str) -> None:
    opening = opening_of(service(*hours), at(moment))
    assert opening.open is stands
    assert opening.until == (at(until) if until else None)


def test_hours_of_another_source_count_for_nothing() -> None:
    record = service("WE 09:00-12:00 open", "WE 12:00-17:00 open https://else.example/")
    assert opening_of(record, at("2026-03-04T11:00")).until == at("2026-03-04T12:00")
    assert opening_of(record, at("2026-03-04T13:00")).open is False


def test_closed_days_and_the_services_own_zone() -> None:
    record = service("WE 09:00-17:00 open", closed="2026-03-04/2026-03-10", zone="America/Chicago")
    assert opening_of(record, at("2026-03-04T12:00")).open is False
    assert opening_of(record, at("2026-03-11T09:30")).opens == at("2026-03-11T10:00")
    assert opening_of(record, at("2026-07-01T17:30")).until == at("2026-07-01T18:00")


def test_a_record_without_hours_is_unknown_and_not_closed() -> None:
    assert opening_of({}, at("2026-03-04T10:00")).open is None


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
