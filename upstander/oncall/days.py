"""Which days are school days: public holidays, a district's breaks, and exceptions to both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays


@cache
def regions() -> tuple[str, ...]:
    """Return what a calendar's region may be: none, the federal holidays, or a state's.

    Not known before it is asked for: the package reads all countries first, and five processes
    would do that at each start.
    """
    states = sorted(holidays.country_holidays("US").subdivisions)
    return ("", "US", *(f"US-{state}" for state in states))


@dataclass(frozen=True, slots=True)
class Break:
    """Local days, both included, without school; or with it although they are holidays."""

    first: date
    last: date
    in_session: bool = False


@cache
def public_holidays(region: str, year: int) -> dict[date, str]:
    """Return a year's public holidays by day, with their names in English; none for ``""``.

    Raises NotImplementedError for a region that the package `holidays` doesn't know.
    """
    if not region:
        return {}
    country, _, state = region.partition("-")
    found = holidays.country_holidays(country, subdiv=state or None, years=year, language="en_US")
    return {day: str(name) for day, name in found.items() if day.year == year}


def is_school_day(day: date, region: str, breaks: Sequence[Break]) -> bool:
    """Tell whether there is school on ``day``. The exception made last counts most."""
    for one in reversed(breaks):
        if one.first <= day <= one.last:
            return one.in_session
    return day.weekday() < 5 and day not in public_holidays(region, day.year)
