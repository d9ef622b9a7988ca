"""From a clock on a wall to an instant, also in the two odd nights of a year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which clocks in ``zone`` show ``clock`` on ``day``.

    A time that happens twice is taken the first time; one that the clocks leave out is counted on
    from before the change, so that 2:30 becomes 3:30 (RFC 5545, 3.3.5, as calendars do it).
    Whoever hands over and whoever takes over use the same function, so that no minute is lost
    between them and none is theirs both.
    """
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
