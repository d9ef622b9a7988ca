"""Who owes what until when: one line of due_dates.csv each."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from upstander.states.training import Owed
from upstander.training.due_dates import Done, Employed, NextDue, next_due

TABLE = Path(__file__).with_name("due_dates.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(TABLE.splitlines()))


def day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


@pytest.mark.parametrize("row", ROWS, ids=[row["says"] for row in ROWS])
def test_due_date_by_the_table(row: Mapping[str, str]) -> None:
    rule = Owed(
        key="one",
        words="One",
        course="full",
        refresher="short",
        jobs=("teacher", "driver", "nurse"),
        days=30,
        months=36,
        outdated_on=day(row["outdated_on"]),
        source="a test",
    )
    hired_on, today, since = day(row["hired_on"]), day(row["today"]), day(row["since"])
    assert hired_on is not None
    assert today is not None
    employed = Employed(
        row["job"], hired_on, day(row["left_on"]), day(row["away_from"]), day(row["away_until"])
    )
    words = row["done"].split()
    done = [
        Done(course, date.fromisoformat(on))
        for course, on in zip(words[::2], words[1::2], strict=True)
    ]
    expected = since and NextDue(row["course"], since, day(row["due_on"]))
    assert next_due(rule, employed, done, today) == expected


def test_due_once_completed_for_good() -> None:
    rule = Owed(key="one", words="One", course="full", days=0, months=0, source="a test")
    hired = Employed("aide", date(2026, 9, 1))
    assert next_due(rule, hired, [Done("full", date(2026, 9, 2))], date(2030, 1, 1)) is None
