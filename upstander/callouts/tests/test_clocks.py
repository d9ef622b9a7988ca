"""Both clocks against a table that a dispatcher can read, in minutes."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from upstander.callouts.clocks import Clock, clock, late_at

BEGAN = datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
ROWS = list(csv.DictReader(Path(__file__).with_name("clocks.csv").open(encoding="utf-8")))


def at(minutes: str) -> datetime | None:
    return BEGAN + timedelta(minutes=int(minutes)) if minutes else None


def said(one: Clock | None) -> str:
    return f"{one.minutes} {one.standing}" if one else ""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_clocks_are_as_in_the_table(row: dict[str, str]) -> None:
    now, eta, arrived = at(row["now"]), at(row["eta"]), at(row["arrived"])
    assert now is not None
    shown = [said(clock(at(row[name]), now, eta=eta, arrived=arrived)) for name in ("go", "asked")]
    assert shown == [row["from_go"], row["from_call"]]


def test_board_has_first_who_will_be_late() -> None:
    def minutes(n: int) -> datetime:
        return BEGAN + timedelta(minutes=n)

    cases = {
        "fresh": late_at(minutes(20), None),
        "old": late_at(minutes(0), None),
        "comes in time": late_at(minutes(0), minutes(40)),
        "comes late": late_at(minutes(0), minutes(70)),
    }
    assert min(cases, key=lambda name: cases[name]) == "comes late"
    assert max(cases, key=lambda name: cases[name]) == "fresh"
