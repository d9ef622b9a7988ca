"""What is open adds up, by school and by month; months go back over New Year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upstander.mandated.figures import Figures, OpenDuty, sheet_of
from upstander.mandated.ledger import month_back

moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)).map(
    lambda at: at.replace(microsecond=0, tzinfo=UTC)
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(moments, st.none() | st.integers(0, 10**6)), max_size=20), moments)
def test_open_ones_add_up_by_school_and_by_month(
    some: list[tuple[datetime, int | None]], now: datetime
) -> None:
    duties = []
    for number, (cause, took) in enumerate(some):
        first = None if took is None else cause + timedelta(seconds=took)
        duties.append(
            OpenDuty(
                number % 3 or None,
                cause.date().replace(day=1),
                cause,
                cause + timedelta(hours=12),
                first,
                first and first + timedelta(hours=48),
            )
        )
    sheet = sheet_of([], duties, now)
    for groups in (sheet.by_school, sheet.by_month):
        added = Figures()
        for one in groups.values():
            added.open += one.open
            added.overdue += one.overdue
            added.first_late += one.first_late
        assert (added.open, added.overdue, added.first_late) == (
            sheet.all.open,
            sheet.all.overdue,
            sheet.all.first_late,
        )
    assert sheet.all.open == len(some)


def test_months_go_back_over_new_year() -> None:
    now = datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert month_back(now, 0).isoformat() == "2026-02-01"
    assert month_back(now, 11).isoformat() == "2025-03-01"
    assert month_back(now, 2).isoformat() == "2025-12-01"
