"""Quiet hours: what is not life safety waits for a district's day, unless it must not."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from upstander.intake.priority import Priority
from upstander.oncall.models import QuietHours
from upstander.oncall.wall_time import instant
from upstander.places.models import District

OPENS, CLOSES = time(6), time(18)


def not_before(
    district_id: int, priority: str, at: datetime, *, mandated: bool, raised: bool
) -> datetime:
    """Return the first instant (UTC), ``at`` or later, at which people may be told of a tip.

    Life safety at any hour; suspected abuse (``mandated``) too, since the law's clock runs through
    the night, and what somebody ``raised``. The rest from 6:00 to 18:00 of the district's own
    time, every day, or as the district set it. Raises District.DoesNotExist.
    """
    if Priority(priority) is Priority.LIFE_SAFETY or mandated or raised:
        return at
    zone = ZoneInfo(District.objects.values_list("time_zone", flat=True).get(pk=district_id))
    own = QuietHours.objects.filter(district_id=district_id).first()
    opens, closes = (own.opens, own.closes) if own else (OPENS, CLOSES)
    return next_open(at, opens, closes, zone)


def next_open(at: datetime, opens: time, closes: time, zone: ZoneInfo) -> datetime:
    """Return ``at`` if it lies within the hours, else when they begin next (UTC). Pure."""
    today = at.astimezone(zone).date()
    for day in (today, today + timedelta(days=1), today + timedelta(days=2)):
        begins, ends = instant(day, opens, zone), instant(day, closes, zone)
        # Hours that a change of the clocks swallows whole are followed by the next day's.
        if begins < ends and at < ends:
            return max(at, begins)
    raise ValueError("hours that never open")
