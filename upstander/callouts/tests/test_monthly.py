"""The monthly report's figures, as a table and as what always holds."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from upstander.callouts.clocks import clock
from upstander.callouts.monthly import BANDS, Episode, figures_of, month_of

TABLE = Path(__file__).with_name("monthly.csv")
DAY = datetime(2026, 11, 3, tzinfo=UTC)


def at(words: str) -> datetime | None:
    return datetime.combine(DAY, time.fromisoformat(words), UTC) if words else None


def rows() -> list[Episode]:
    return [
        Episode(
            row["site"],
            row["way"],
            row["language"],
            int(row["hour"]),
            at(row["asked"]) or DAY,
            at(row["go"]),
            at(row["planned"]),
            at(row["arrived"]),
            row["phone"] == "yes",
            frozenset(filter(None, row["before"].split(";"))),
        )
        for row in csv.DictReader(TABLE.open())
    ]


def test_month_is_as_the_table_says() -> None:
    found = month_of(rows())
    whole = found.whole
    assert (whole.episodes, whole.by_phone, whole.in_person, whole.deferred) == (9, 1, 7, 1)
    assert (whole.timed, whole.in_time, whole.share, whole.not_reached) == (6, 4, 67, 1)
    assert whole.median == 20
    assert dict(zip(BANDS, whole.bands, strict=True)) == {
        "0–15": 1,
        "15–30": 2,
        "30–45": 1,
        "45–60": 1,
        "60–90": 0,
        "over 90": 1,
    }
    assert whole.bands_since_call == (0, 2, 0, 3, 0, 1)
    assert found.late == (("desk", 1), ("released busy", 1), ("released far", 1))
    tables = {name: {one.name: one.figures.episodes for one in some} for name, some in found.tables}
    assert tables == {
        "site": {"North": 5, "South": 4},
        "hour": {"08:00": 2, "09:00": 2, "12:00": 3, "13:00": 1, "23:00": 1},
        "language": {"ar": 1, "en": 6, "es": 2},
        "source": {"call": 4, "case": 2, "tip": 1, "web": 2},
    }


def test_late_one_without_a_cause_is_counted() -> None:
    one = Episode("N", "call", "en", 1, DAY, DAY, None, DAY + timedelta(minutes=50))
    assert month_of([one]).late == (("none", 1),)


_AFTER = st.none() | st.integers(0, 8 * 3600).map(lambda seconds: DAY + timedelta(seconds=seconds))
_EPISODES = st.lists(
    st.builds(
        Episode,
        st.sampled_from("NS"),
        st.sampled_from(["call", "web"]),
        st.sampled_from(["en", "es"]),
        st.integers(0, 23),
        st.just(DAY),
        _AFTER,
        _AFTER,
        _AFTER,
        st.booleans(),
    ).filter(lambda one: not (one.go_at and one.arrived_at and one.arrived_at < one.go_at)),
    max_size=30,
)


@given(_EPISODES)
def test_groups_and_bands_add_up_to_the_whole(episodes: list[Episode]) -> None:
    found = month_of(episodes)
    for _name, groups in found.tables:
        for column in ("episodes", "by_phone", "in_person", "deferred", "timed", "not_reached"):
            sums = sum(getattr(one.figures, column) for one in groups)
            assert sums == getattr(found.whole, column)
    assert sum(found.whole.bands) == sum(found.whole.bands_since_call) == found.whole.timed


@given(_EPISODES)
def test_report_and_clock_say_the_same(episodes: list[Episode]) -> None:
    """What the board called in time counts as in time, and nothing else does."""
    shown = [clock(one.go_at, DAY, arrived=one.arrived_at) for one in episodes if one.arrived_at]
    assert figures_of(episodes).in_time == sum(
        one is not None and one.standing == "there" for one in shown
    )
