"""Whether a service is open, by all that its record says: monthly hours, closures, holidays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from upstander.directory.holidays import is_holiday
from upstander.directory.records import closures_in, said
from upstander.standards.hsds.opening import HORIZON, Closure, Opening, hours_of, spans_on

_USUAL_ZONE = "America/New_York"
#: What closes within so long can hardly be reached any more.
SOON: Final = timedelta(minutes=30)


def opening_of(record: Mapping[str, Any], at: datetime) -> Opening:
    """Return how a service stands ``at`` a moment (with a zone). Hours in dispute are no hours."""
    schedules = [one for one in record.get("schedules", ()) if not said(one, "source")]
    zone = zone_of(record)
    day = at.astimezone(ZoneInfo(zone)).date()
    closures = (
        *(Closure(one.first, one.last) for one in closures_in(record)),
        *_holidays(schedules, day),
    )
    return hours_of(schedules, closures, zone).at(at)


def closes_soon(opening: Opening, at: datetime) -> bool:
    """Whether what is open ``at`` a moment (with a zone) closes within SOON."""
    return bool(opening.open) and opening.until is not None and opening.until - at <= SOON


def zone_of(record: Mapping[str, Any]) -> str:
    """Return the name of the zone in which a service's hours are meant."""
    zones = (said(one, "time_zone") for one in record.get("schedules", ()))
    return next((zone for zone in zones if zone), _USUAL_ZONE)


def _holidays(schedules: Sequence[Mapping[str, Any]], today: date) -> Iterator[Closure]:
    """Give the holidays ahead, with the hours that hold on them all the same.

    In doubt where some hours don't say whether they hold: nobody knows is better than a shut door.
    """
    by_rule: dict[str, list[Mapping[str, Any]]] = {"open": [], "closed": [], "unknown": []}
    for one in schedules:
        by_rule[said(one, "holidays", default="unknown")].append(one)
    if not by_rule["closed"] and not by_rule["unknown"]:
        return
    for day in _holidays_around(today):
        stays = tuple(spans_on(by_rule["open"], day))
        yield Closure(day, day, "holiday", sure=not by_rule["unknown"], instead=stays)


@lru_cache(maxsize=64)
def _holidays_around(today: date) -> tuple[date, ...]:
    """Return the holidays that can matter to hours that are looked at today."""
    days = (today + timedelta(days=number) for number in range(-2, HORIZON.days + 2))
    return tuple(day for day in days if is_holiday(day))
