"""Federal holidays of the United States, as offices keep them.

5 U.S.C. 6103(a) names them; (b)(1) and Executive Order 11582 move one that falls on a Saturday to
the Friday before and on a Sunday to the Monday after.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_MONDAY, _THURSDAY = 0, 3


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def _observed(day: date) -> date:
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


@cache
def _holidays_of(year: int) -> frozenset[date]:
    last_monday_of_may = _nth(year, 6, _MONDAY, 1) - timedelta(days=7)
    fixed = [(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)]
    return frozenset(
        {
            *(date(year, month, day) for month, day in fixed),
            *(_observed(date(year, month, day)) for month, day in fixed),
            _nth(year, 1, _MONDAY, 3),
            _nth(year, 2, _MONDAY, 3),
            last_monday_of_may,
            _nth(year, 9, _MONDAY, 1),
            _nth(year, 10, _MONDAY, 2),
            _nth(year, 11, _THURSDAY, 4),
        }
    )


def is_holiday(day: date) -> bool:
    """Whether ``day`` is a federal holiday or the working day on which one is kept."""
    # New Year's Day on a Saturday is kept on 31 December, a day of the year before.
    return day in _holidays_of(day.year) or (
        (day.month, day.day) == (12, 31) and day in _holidays_of(day.year + 1)
    )
