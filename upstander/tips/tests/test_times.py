"""What a school is told about when something happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from upstander.intake.priority import Priority
from upstander.tips.times import shown_to, shown_to_school

EASTERN = ZoneInfo("America/New_York")
NIGHT = datetime(2026, 11, 24, 7, 17, 43, tzinfo=UTC)  # 2:17 in the night of a Tuesday


@pytest.mark.parametrize("priority", [Priority.ROUTINE, Priority.URGENT])
def test_half_a_day(priority: Priority) -> None:
    assert shown_to_school(NIGHT, priority, EASTERN) == "Tue., Nov. 24, morning"
    noon = NIGHT + timedelta(hours=9, minutes=43)
    assert shown_to_school(noon, priority, EASTERN) == "Tue., Nov. 24, afternoon or evening"


def test_ten_minutes_where_a_life_may_be_in_danger() -> None:
    shown = shown_to_school(NIGHT, Priority.LIFE_SAFETY, EASTERN)
    assert shown == "Tue., Nov. 24, about 2:10 a.m."


def test_the_school_s_own_day() -> None:
    late = datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
    assert shown_to_school(late, "routine", EASTERN).startswith("Tue.")
    assert shown_to_school(late, "routine", ZoneInfo("Europe/Paris")).startswith("Wed.")
    assert shown_to_school(late, "life_safety", ZoneInfo("Europe/Paris")).endswith("4:30 a.m.")


def test_in_the_reader_s_language() -> None:
    with translation.override("es"):
        assert "mar." in shown_to_school(NIGHT, "routine", EASTERN).lower()


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
    st.timedeltas(timedelta(0), timedelta(hours=11, minutes=59)),
)
def test_no_two_moments_of_half_a_day_differ(day: datetime, later: timedelta) -> None:
    start = day.replace(hour=day.hour // 12 * 12, minute=0, second=0, microsecond=0, tzinfo=EASTERN)
    moments = {
        shown_to_school(moment.astimezone(UTC), "routine", EASTERN)
        for moment in (start, start + later)
    }
    assert len(moments) == 1


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)), st.integers(0, 599))
def test_no_two_moments_of_ten_minutes_differ(moment: datetime, later: int) -> None:
    start = moment.replace(minute=moment.minute // 10 * 10, second=0, microsecond=0, tzinfo=UTC)
    words = {
        shown_to_school(at, "life_safety", EASTERN)
        for at in (start, start + timedelta(seconds=later))
    }
    assert len(words) == 1


def test_only_schools_and_districts_are_told_less(cast: Cast) -> None:
    assert "about" in shown_to(cast.viewer("tom"), NIGHT, "life_safety", EASTERN)
    assert "morning" in shown_to(cast.viewer("dee"), NIGHT, "routine", EASTERN)
    assert "2:17 a.m." in shown_to(cast.viewer("alice"), NIGHT, "routine", EASTERN)
