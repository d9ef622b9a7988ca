"""Which day it is in a district."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from upstander.places.models import District


def day_of(district: District, now: datetime) -> date:
    """Return the day in a district's time zone at ``now`` (UTC)."""
    return now.astimezone(ZoneInfo(district.time_zone)).date()


def day_in(district_id: int, now: datetime) -> date:
    """Return the day in the time zone of a district known by its id; one query."""
    return day_of(District.objects.get(pk=district_id), now)
